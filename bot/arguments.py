"""What the arguments and options of the command line take, and what refuses them as wrong usage."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.front import need_store, settings_of

if TYPE_CHECKING:
    from storage.records import Stance

json_option = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON value on standard output.")

_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"
"""Hangul fillers: letters by their category in Unicode, and nothing on the screen."""


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date or time; without a zone it is taken as UTC."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the aware time."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no ISO 8601 date or time, like 2015-10-13 or 2015-10-13T17:38:00-04:00.", param, ctx
            )
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        try:
            moment.astimezone(UTC)
        except OverflowError:
            self.fail(f"{value!r} lies beyond the years 1 to 9999 in UTC, in which times are kept.", param, ctx)
        return moment


class Day(click.ParamType[str]):
    """A day, `YYYY-MM-DD`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the day as it is written in the store."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day, like 2015-10-13.", param, ctx)


class Name(click.ParamType[str]):
    """A person's name: it has something that can be read."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it was typed."""
        from storage.folding import fold

        text = str(value)
        if not any(letter.isalnum() and letter not in _INVISIBLE_LETTERS for letter in fold(text)):
            self.fail(f"{text!r} is no name; it needs a letter or a digit.", param, ctx)
        return text


class StanceName(click.ParamType["Stance"]):
    """How surely something is said, by its name in the vocabulary."""

    name = "stance"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Stance:
        """Return the stance."""
        from storage.records import Stance

        try:
            return Stance(str(value).lower())
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(Stance)}.", param, ctx)


class PngFile(click.Path):
    """A file to draw a picture into."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not str(value).lower().endswith(".png"):
            self.fail(f"{value!r} does not end in .png, and a PNG is what is drawn.", param, ctx)
        return super().convert(value, param, ctx)


class Given(click.ParamType[str]):
    """A file, folder or link; an empty one, as an unset variable gives, would mean the folder one stands in."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was typed."""
        if not str(value).strip():
            self.fail("an empty name is no file, folder or link.", param, ctx)
        return str(value)


class Folder(click.Path):
    """A folder, which may be made; an empty name, as an unset variable gives, is refused."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not str(value).strip():
            self.fail("an empty name is no folder.", param, ctx)
        return super().convert(value, param, ctx)


def watched(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of watched people from the store, where there is one."""
    home = next((parent.params.get("home") for parent in (context.parent, context) if parent), None)
    from bot.desk import Desk
    from bot.settings import SettingsRefused
    from commands.people import names
    from storage.errors import DatelineError

    try:
        settings = settings_of(home)
        need_store(settings)
        with Desk.open(settings) as desk:
            known = asyncio.run(names(desk))
    except (DatelineError, SettingsRefused):
        return []  # a shell that completes has no place for words of ours
    return [name for name in known if name.lower().startswith(incomplete.lower())]
