"""Content Credentials (C2PA): what was signed of a picture, and whether the file still is what was signed.

Read by the reference library, which is imported only for files that hold such a manifest. Nothing is ever fetched:
neither manifests at other addresses nor lists of withdrawn certificates, so who a signer really is stays unchecked.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.images.embedded import clean, last_word

LONGEST_NAME: Final = 200
"""Code points of a name: of a signer, of a program."""

LARGEST: Final = 16_000_000
"""Bytes of the report on a manifest that are read; one with a hundred ingredients has 2 MB."""

_SETTINGS: Final = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_timestamp_trust": True},
    "core": {"allowed_network_hosts": []},
}
_READ: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/tiff", "image/gif"}
)
_MARKS: Final = (b"jumb", b"c2pa")
"""Both stand in every file with a manifest: its box, and its label (C2PA 2.1, 11.1)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the newest manifest of a file says.

    Attributes:
        state: `unchanged` (the file is what was signed), `broken` (it is not, or the signature does not hold),
            `unreadable`, or `elsewhere` (they lie at another address, which is not asked).
        signer: the name on the certificate; by whom it was given out is not checked.
        signed_at: when a time stamping authority saw it (ISO 8601); empty where none did.
        generator: the program that wrote it.
        source_type: the digital source type of the step that made the picture, its last word.
        broken: what does not hold, in the specification's words.
    """

    state: str
    signer: str = ""
    signed_at: str = ""
    generator: str = ""
    source_type: str = ""
    broken: str = ""


def credentials(data: bytes, media_type: str) -> Credentials | None:
    """Read the Content Credentials within a file; None where there are none."""
    if media_type not in _READ or not all(mark in data for mark in _MARKS):
        return None
    from c2pa import C2paError, Context, Reader

    try:
        reader = Reader.try_create(media_type, io.BytesIO(data), context=Context.from_dict(_SETTINGS))
        if reader is None:
            return None
        with reader:
            report = reader.json()
        told = json.loads(report) if len(report) <= LARGEST else None
    except (C2paError, ValueError, RecursionError):
        return Credentials("unreadable")
    return _read(told)


def _read(told: Any) -> Credentials:
    """Take from the library's report what is shown of it."""
    report = _map(told)
    manifest = _map(_map(report.get("manifests")).get(str(report.get("active_manifest"))))
    if not manifest:
        return Credentials("unreadable")
    results = _map(_map(report.get("validation_results")).get("activeManifest"))
    signature = _map(manifest.get("signature_info"))
    stamped = "timeStamp.validated" in _codes(results.get("success"))
    # that nobody vouches for the signer is no fault of the file: it is said wherever a signer is named
    failed = [code for code in _codes(results.get("failure")) if code != "signingCredential.untrusted"]
    holds = report.get("validation_state") in ("Valid", "Trusted") and not failed
    return Credentials(
        state="unchanged" if holds else "broken",
        signer=_name(signature.get("issuer")) or _name(signature.get("common_name")),
        signed_at=_name(signature.get("time")) if stamped else "",
        generator=_name(manifest.get("claim_generator")) or _generator(manifest),
        source_type=next(_source_types(manifest), ""),
        broken=", ".join(dict.fromkeys(failed))[:LONGEST_NAME],
    )


def _generator(manifest: Mapping[str, Any]) -> str:
    """Name the program as the second version of the claim does."""
    listed = manifest.get("claim_generator_info")
    first = _map(listed[0]) if isinstance(listed, list) and listed else {}
    return " ".join(filter(None, (_name(first.get("name")), _name(first.get("version")))))


def _source_types(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the digital source types that the steps of the newest manifest name."""
    assertions = manifest.get("assertions")
    for assertion in assertions if isinstance(assertions, list) else ():
        if str(_map(assertion).get("label")).startswith("c2pa.actions"):
            actions = _map(_map(assertion).get("data")).get("actions")
            for action in actions if isinstance(actions, list) else ():
                term = _name(_map(action).get("digitalSourceType"))
                if term:
                    yield last_word(term)


def _codes(listed: Any) -> list[str]:
    return [_name(_map(one).get("code")) for one in listed] if isinstance(listed, list) else []


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(value: Any) -> str:
    return clean(value)[:LONGEST_NAME]
