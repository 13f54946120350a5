"""Reading other people's JSON: nothing about its shape is taken for granted."""

from __future__ import annotations

import html
import json
import re
from typing import Any

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_NO_LANGUAGE = re.compile(r"und|mul|zxx|art|q[a-z]{2}|")
"""Codes that name no language: undetermined, no words, and X's own from the private range (ISO 639)."""


def read_object(data: bytes) -> dict[str, Any] | None:
    """Parse bytes that should be one JSON object; None where they are anything else."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def mapping(value: object) -> dict[str, Any]:
    """Return a JSON object, empty where the value is something else (services send `[]` for it, too)."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[dict[str, Any]]:
    """Return the objects in a JSON array, none where the value is something else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a JSON string as it came, empty where the value is something else.

    Half of a surrogate pair is not a character and cannot be archived: it becomes U+FFFD.
    """
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def language(value: object) -> str | None:
    """Return a language code, None where it names no language."""
    code = text(value)
    return None if _NO_LANGUAGE.fullmatch(code) else code


def unescape_once(value: str) -> str:
    """Undo one layer of HTML escaping: only complete references count, so `&copy=1` in a link stays as it is."""
    return text(_ENTITY.sub(lambda entity: html.unescape(entity[0]), value))
