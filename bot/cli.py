"""The command line: the front door for on-call staff and scripts. It wires everything and knows no work itself.

Only click is imported before a verb is known, so that `--help` and shell completion answer at once.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from bot.arguments import Day, Folder, Moment, Name, PngFile, StanceName, json_option, watched
from bot.cli_desk import alerts
from bot.cli_digest import digest
from bot.cli_people import people
from bot.cli_pictures import check, compare, ingest
from bot.cli_silenced import silenced
from bot.cli_sweep import sweep, worker
from bot.cli_verdicts import explain, verdict, verdicts
from bot.cli_watch import watch
from bot.front import Bar, answer, guard, has_store, print_finding, say_no_store, settings_of

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.settings import Settings
    from storage.records import Stance

T = TypeVar("T")


HELP = "A verification desk: where a picture appeared before, and who is said to be where."
EPILOG = "Settings are read from the environment and a .env file: see docs/settings.md."


@click.group(
    help=HELP, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--home", type=Folder(), help="The folder that holds the store.")
@click.version_option(package_name="dateline", prog_name="dateline")
@click.pass_context
def cli(context: click.Context, home: Path | None) -> None:
    """Keep the one option that every verb shares."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page that cannot be read is told in one sentence
    context.obj = home


@cli.command()
@click.argument("link")
@click.option("--evidence", type=Folder(), help="Write side-by-side pictures here.")
@json_option
@click.pass_context
def trace(context: click.Context, link: str, evidence: Path | None, as_json: bool) -> None:
    """Archive the post at LINK and tell where its pictures appeared before."""

    async def work(desk: Desk) -> Any:
        from commands.trace import trace as verb

        return await verb(desk, link, evidence=evidence)

    answer(context, as_json, work, asked=("trace", link), makes_store=True)


@cli.command()
@click.argument("name", type=Name(), shell_complete=watched)
@click.option("--on", type=Day(), help="Only what is said of this day.")
@click.option("--known-on", type=Day(), help="Only what had been published by this day.")
@click.option("--since", type=Day(), help="Only what was published on this day or later.")
@click.option("--place", metavar="NAME", type=Name(), help="Only what is said of this place, or of one within it.")
@click.option("--stance", type=StanceName(), help="Only what is said so surely; what it denies or what denies it too.")
@click.option("--limit", type=click.IntRange(1), default=500, show_default=True, help="The newest so many.")
@click.option("--map", "chart", metavar="FILE.png", type=PngFile(), help="Draw the places on a map.")
@click.option("--timeline", metavar="FILE.png", type=PngFile(), help="Draw who said what when.")
@json_option
@click.pass_context
def whereis(
    context: click.Context,
    name: str,
    on: str | None,
    known_on: str | None,
    since: str | None,
    place: str | None,
    stance: Stance | None,
    limit: int,
    chart: Path | None,
    timeline: Path | None,
    as_json: bool,
) -> None:
    """Tell who says that the person NAME is where, since when, how surely, and who denies it."""

    async def work(desk: Desk) -> Any:
        from bot.narrowed import Narrowed
        from commands.whereis import whereis as verb

        found = await verb(
            desk,
            name,
            on=on,
            known_on=known_on,
            limit=limit,
            narrowed=Narrowed(since, place, stance),
            maps=chart,
            timelines=timeline,
        )
        for wanted, drawn in ((chart, found.map), (timeline, found.timeline)):
            if wanted and not drawn:
                click.echo(f"dateline: nothing to draw, so {wanted} was not written.", err=True)
        return found

    answer(context, as_json, work, asked=("whereis", name), makes_store=False)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True))
@click.option(
    "--watch", "watch", type=Name(), multiple=True, metavar="NAME", help="A name to watch for; may be given often."
)
@click.option("--published", type=Moment(), help="When the text was published.")
@click.option("--lang", metavar="CODE", help="The language of the text, ISO 639-1.")
@json_option
@click.pass_context
def read(
    context: click.Context,
    file: Path,
    watch: tuple[str, ...],
    published: datetime | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Tell everything the reader finds in a text file; nothing is stored."""

    def work(settings: Settings) -> Any:
        from commands.read import read as verb
        from commands.read import text_of

        if not watch and not has_store(settings):
            say_no_store(settings)
        return verb(settings, text_of(file), name=str(file), watch=watch, published=published, lang=lang)

    guard(as_json, lambda: print_finding(work(settings_of(context.obj)), as_json))


cli.add_command(check)
cli.add_command(compare)
cli.add_command(ingest)
cli.add_command(people)
cli.add_command(alerts)
cli.add_command(digest)
cli.add_command(silenced)
cli.add_command(verdict)
cli.add_command(verdicts)
cli.add_command(explain)
cli.add_command(watch)


@cli.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Tell what the store holds and which sources are ready."""

    async def work(desk: Desk) -> Any:
        from commands.status import status as verb

        return await verb(desk)

    answer(context, as_json, work, makes_store=False)


@cli.command()
@json_option
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Re-hash every archived file and walk the custody log; name what does not hold."""

    async def work(desk: Desk) -> Any:
        from commands.verify import verify as verb

        with Bar(None, "verifying") as advance:
            return await verb(desk, progress=advance)

    if not answer(context, as_json, work, makes_store=False, needs_store=True).clean:
        sys.exit(1)


@cli.command()
@click.option("--images", is_flag=True, help="Fingerprints only.")
@click.option("--sightings", is_flag=True, help="Sightings only.")
@json_option
@click.pass_context
def rebuild(context: click.Context, images: bool, sightings: bool, as_json: bool) -> None:
    """Make derived data anew from the archive."""

    async def work(desk: Desk) -> Any:
        from commands.rebuild import rebuild as verb

        both = images == sightings
        with Bar(None, "rebuilding") as advance:
            return await verb(desk, pictures=images or both, texts=sightings or both, progress=advance)

    answer(context, as_json, work, makes_store=True)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="Of the page; 0: any.")
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
def demo(port: int, no_browser: bool) -> None:
    """Try it without Slack: a local workspace with the real bot, over sample evidence."""

    def work() -> None:
        from bot.demo import demo as run
        from bot.reading.places.gazetteer import cache_folder

        asyncio.run(run(click.echo, cache_folder() / "demo", port, browser=not no_browser))

    guard(False, work)


@cli.command()
@click.option("--no-sweeps", is_flag=True, help="Leave sweeps and digests to 'dateline worker'.")
@click.pass_context
def serve(context: click.Context, no_sweeps: bool) -> None:
    """Run the bot in Slack: by Socket Mode where SLACK_APP_TOKEN is set, else by HTTP on PORT."""

    def work() -> None:
        from bot.web import serve as run

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        asyncio.run(run(settings_of(context.obj), lambda line: click.echo(line, err=True), sweeps=not no_sweeps))

    guard(False, work)


cli.add_command(sweep)
cli.add_command(worker)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that teaches SHELL to complete dateline's verbs, options and names."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, "dateline", "_DATELINE_COMPLETE").source())


def main() -> NoReturn:
    """Run the command line and leave with its status: 0 done, 1 the work failed, 2 wrong usage."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process
    if sys.stdout is None:
        click.echo("dateline: standard output is closed, so nothing was done; open it, if only to /dev/null.", err=True)
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli.main(prog_name="dateline", standalone_mode=True)
    sys.exit(0)
