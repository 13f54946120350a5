"""What every verb of the command line does alike: open the desk, show progress, print the finding, fail in one line."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import click

from storage.errors import NotFound

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.settings import Settings

T = TypeVar("T")
log = logging.getLogger("dateline")


class NoStore(NotFound):
    """The folder that was named holds no store, and the verb has nothing to put into one."""

    code = "no_store"


class Advance(Protocol):
    """Moves a progress bar on by so many steps, of a total that may become known later."""

    def __call__(self, steps: int, total: int | None = None) -> None: ...  # noqa: D102


def settings_of(home: Path | None) -> Settings:
    """Read the settings; `home` is the command line's own choice of folder."""
    from bot.settings import read_settings

    return read_settings(home)


@contextmanager
def opened(settings: Settings, *, makes_store: bool) -> Iterator[Desk]:
    """Open the desk; a verb that only reads makes no store where there is none, it is answered from an empty one.

    So a mistyped folder is told, on standard error, and not made.
    """
    from bot.desk import Desk

    if makes_store or has_store(settings):
        with Desk.open(settings) as desk:
            yield desk
        return
    say_no_store(settings)
    with TemporaryDirectory(prefix="dateline-") as nowhere, Desk.open(settings, folder=Path(nowhere)) as desk:
        yield desk


def has_store(settings: Settings) -> bool:
    """Whether there is a store in the settings' folder."""
    from storage.database import DATABASE_FILE

    return (settings.home / DATABASE_FILE).exists()


def say_no_store(settings: Settings) -> None:
    """Tell on standard error, where it harms no script, that there is nothing to answer from."""
    click.echo(f"dateline: no store at {settings.home} yet, so nothing is archived there.", err=True)


def need_store(settings: Settings) -> None:
    """Make sure that there is a store: nobody is to be told that nothing at all is in order.

    Raises:
        NoStore: there is none.
    """
    if not has_store(settings):
        raise NoStore(f"No store at {settings.home}; make one with 'dateline ingest' or 'dateline people add'.")


def answer(
    context: click.Context,
    as_json: bool,
    work: Callable[[Desk], Awaitable[T]],
    asked: Sequence[str] = (),
    *,
    makes_store: bool,
    needs_store: bool = False,
) -> T:
    """Open the desk, do the work, print the finding.

    The operator sees every grant; where a question was `asked`, the custody log says so. A verb that `needs_store`
    fails where there is none.
    """

    def run() -> T:
        settings = settings_of(context.find_root().obj)
        if needs_store:
            need_store(settings)
        with opened(settings, makes_store=makes_store) as desk:
            finding = asyncio.run(_hold(desk, work))
            if asked:
                _note(desk, asked)
        if finding is not None:  # else it was told as it came
            print_finding(finding, as_json)
        return finding

    return guard(as_json, run)


def _note(desk: Desk, asked: Sequence[str]) -> None:
    """Write into the custody log that the operator looked; a full disk must not keep an answer back."""
    from storage import custody
    from storage.errors import StoreError

    try:
        with desk.db.write() as tx:
            detail = {"asked": list(asked), "sees": "every grant"}
            custody.append(tx, at=desk.db.now(), actor="operator", action="asked", subject=asked[0], detail=detail)
    except StoreError as failed:
        log.warning("the custody log could not note this question: %s", failed)


async def _hold(desk: Desk, work: Callable[[Desk], Awaitable[T]]) -> T:
    async with desk.online():
        return await work(desk)


def guard(as_json: bool, run: Callable[[], T]) -> T:
    """Turn what can go wrong into one clear line and the exit status 1."""
    from bot.settings import SettingsRefused
    from storage.errors import DatelineError

    try:
        return run()
    except (DatelineError, SettingsRefused) as failed:
        _fail(failed.code, str(failed), as_json)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): that is its right, and no failure of the work.
        _close_output()
        sys.exit(0)
    except OSError as failed:
        from bot.sources.local import trouble

        if failed.filename is None:
            _close_output()  # what is left in its buffer would fail once more when the process ends
        _fail("system", f"{failed.filename or 'The answer could not be written'}: {trouble(failed)}", as_json)
    except Exception as failed:
        log.exception("unexpected")
        _fail(
            "internal",
            f"Dateline itself failed ({type(failed).__name__}: {failed}); the trace above says where.",
            as_json,
        )
    except KeyboardInterrupt:
        click.echo("Stopped; what was archived stays archived.", err=True)
        sys.exit(130)


def _fail(code: str, message: str, as_json: bool) -> NoReturn:
    from bot.wording import plain

    if as_json:
        _print(json.dumps({"error": {"code": code, "message": message}}))
    click.echo(f"dateline: {plain(message)}", err=True)
    sys.exit(1)


def _print(text: str) -> None:
    """Print an error's JSON; where even that cannot be written, the line on standard error has to do."""
    try:
        click.echo(text)
    except OSError:
        _close_output()


def _close_output() -> None:
    """Let what is still to be written go nowhere, so that leaving the process does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_finding(finding: Any, as_json: bool) -> None:
    """Print one finding, or a list of them, as text or as exactly one JSON value."""
    many = isinstance(finding, (list, tuple))
    if as_json:
        from bot.terminal.shapes import shape

        value = [shape(one) for one in finding] if many else shape(finding)
        # Lone surrogates of a damaged text cannot be written as UTF-8; escaped, they are still valid JSON.
        text = json.dumps(value, ensure_ascii=False, indent=2)
        click.echo(text if _encodable(text) else json.dumps(value, indent=2))
    else:
        from bot.terminal.text import show

        click.echo("\n".join(show(one) for one in finding) if many else show(finding))


def _encodable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Bar:
    """Progress on standard error: a bar for a person at a terminal; elsewhere, into a log, a counted line now and then.

    Args:
        total: how many steps there are; None where it is told later.
        label: what is being done.
        hidden: whether nothing is to be told: where little is done, or a script reads the answer.
        scale: steps that make one of the unit in which a line counts.
        unit: its name, with a space before it.
        clock: seconds that only go on.
    """

    EVERY = 15.0
    """Seconds between two lines."""

    def __init__(
        self,
        total: int | None,
        label: str,
        hidden: bool = False,
        scale: int = 1,
        unit: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shown = sys.stderr.isatty() and not hidden
        self._lines = not sys.stderr.isatty() and not hidden
        self._bar = click.progressbar(length=total or 0, label=label, file=sys.stderr, hidden=not self._shown)
        self._words = (label, scale, unit)
        self._clock = clock
        self._done = 0
        self._next = clock() + self.EVERY

    def __enter__(self) -> Advance:
        bar = self._bar.__enter__()

        def advance(steps: int, total: int | None = None) -> None:
            if total is not None and bar.length != total:
                bar.length = total
            bar.update(steps)
            self._done += steps
            if self._lines and self._clock() >= self._next:
                self._next = self._clock() + self.EVERY
                label, scale, unit = self._words
                of = f" of {bar.length // scale:,}" if bar.length else ""
                click.echo(f"{label}: {self._done // scale:,}{of}{unit}", err=True)

        return advance

    def __exit__(self, *error: Any) -> None:
        self._bar.__exit__(*error)

    def aside(self, text: str) -> None:
        """Print text on standard output, not into a bar that stands on the same terminal."""
        if self._shown and sys.stdout.isatty():
            click.echo("\r\033[K", nl=False, err=True)
        click.echo(text)
