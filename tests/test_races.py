"""What happens when somebody else, in a thread or another process, changes the store in the middle of our work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.intake import Intake
from bot.pictures import PictureSet
from bot.readers import CaughtUp, Reader, Readers
from bot.reprint import reprint
from bot.sample import pictures
from storage import images, people, reuse, sightings
from storage.database import DATABASE_FILE, Database, Transaction
from storage.records import OPERATOR, Post, Sighting
from tests.desks import Clock, open_desk, quiet
from tests.test_intake import captured


class Once:
    """Does something the first time it is called, and nothing after."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action: Callable[[], object] | None = action

    def __call__(self) -> None:
        """Act, if not yet."""
        action, self._action = self._action, None
        if action:
            action()


def in_a_thread(action: Callable[[], object]) -> None:
    """Run to its end beside us, holding no lock of ours."""
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


class Overtaken(PictureSet):
    """A picture set during whose first search something happens."""

    def __init__(self, desk: Desk, meanwhile: Callable[[], object]) -> None:
        super().__init__(desk.vault)
        self.meanwhile = Once(meanwhile)

    def look_up(self, query: Any, above: int = 0) -> Any:
        """Search, and then let it happen."""
        found = super().look_up(query, above)
        self.meanwhile()
        return found


def test_a_copy_archived_by_another_process_during_the_search_is_not_missed(tmp_path: Path) -> None:
    """Another process adds a copy between search and commit: the search is done again inside the transaction."""
    home = tmp_path / "store"
    copy = captured("9", "First.", pictures.mirrored_copy("harbour"))

    def elsewhere() -> None:
        with open_desk(home) as other:
            other.intake.take(copy)

    with open_desk(home) as desk:
        intake = Intake(desk.db, desk.vault, Overtaken(desk, elsewhere), desk.readers, Clock())
        [match] = intake.take(captured("1", "Second.", pictures.picture("harbour"))).reuse
        assert match.relation == "mirrored"


def test_a_copy_archived_by_another_thread_during_the_search_is_not_missed(tmp_path: Path) -> None:
    """Two threads share the index: what the one has refreshed for itself is still news for the other's search."""
    copy = captured("9", "First.", pictures.mirrored_copy("harbour"))
    with open_desk(tmp_path / "store") as desk:
        intake: Intake
        shared = Overtaken(desk, lambda: in_a_thread(lambda: intake.take(copy)))
        intake = Intake(desk.db, desk.vault, shared, desk.readers, Clock())
        [match] = intake.take(captured("1", "Second.", pictures.picture("harbour"))).reuse
        assert match.relation == "mirrored"


class Interrupted(Readers):
    """Readers whose first reader is out of date as soon as it is given."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = Once(meanwhile)

    def current(self, tx: Transaction) -> Reader:
        """Give the reader, and then let it happen."""
        reader = super().current(tx)
        self.meanwhile()
        return reader


def test_a_person_added_while_a_post_is_read_is_not_missed(tmp_path: Path) -> None:
    """The watch-list changes between reading and commit: the text is read again inside the transaction."""
    home = tmp_path / "store"

    def add() -> None:
        with open_desk(home) as other, other.db.write() as tx:
            people.add(tx, "Sefo Tui")

    with open_desk(home) as desk:
        intake = Intake(desk.db, desk.vault, desk.pictures, Interrupted(add), Clock())
        assert intake.take(captured("1", "Sefo Tui arrived in Apia.")).sightings == 1


def test_a_person_added_by_a_thread_that_shares_the_readers_is_not_missed(tmp_path: Path) -> None:
    """The other thread has compiled the new list already: the text that was read with the old one is read again."""
    with open_desk(tmp_path / "store") as desk:
        readers = Readers()

        def add() -> None:
            with desk.db.write() as tx:
                people.add(tx, "Sefo Tui")
                readers.current(tx)

        shared = Overtaken(desk, add)
        intake = Intake(desk.db, desk.vault, shared, readers, Clock())
        receipt = intake.take(captured("1", "Sefo Tui arrived in Apia.", pictures.picture("harbour")))
        assert receipt.sightings == 1
        assert readers.catch_up(desk.db) == CaughtUp(0, 0, 0)


def test_a_post_taken_in_during_a_rebuild_keeps_its_reuse(tmp_path: Path) -> None:
    """A copy archived while fingerprints are made anew is found to be one, and still is when the rebuild has ended."""
    with open_desk(tmp_path / "store") as desk:
        desk.intake.take(captured("1", "In Lima.", pictures.picture("harbour")))
        desk.intake.take(captured("2", "Tents.", pictures.picture("tent-camp")))
        late = captured("3", "In Oslo.", pictures.mirrored_copy("harbour"))
        shared = Overtaken(desk, lambda: in_a_thread(lambda: desk.intake.take(late)))
        done = reprint(desk.db, desk.vault, shared, desk.readers, quiet)
        assert (done.done, done.refused) == (3, ())
        with desk.db.read() as tx:
            assert reuse.count(tx) == 1
            assert images.count(tx) == 3


def test_a_rebuild_goes_on_past_a_lost_picture(tmp_path: Path) -> None:
    """A picture whose file is gone is named and keeps its fingerprint; the others are done."""
    with open_desk(tmp_path / "store") as desk:
        first = captured("1", "Harbour.", pictures.picture("harbour"))
        desk.intake.take(first)
        desk.intake.take(captured("2", "Mirrored.", pictures.mirrored_copy("harbour")))
        with desk.db.read() as tx:
            [(_, image)] = images.of_post(tx, "x:1")
        desk.vault.path(image.sha256).unlink()
        done = reprint(desk.db, desk.vault, desk.pictures, desk.readers, quiet)
        assert done.done == 1
        assert [sha256 for sha256, _ in done.refused] == [image.sha256]
        with desk.db.read() as tx:
            assert images.get(tx, image.sha256) == image
            assert reuse.count(tx) == 1


@dataclass(frozen=True, slots=True)
class Watched(Reader):
    """A reader that lets something happen while it reads."""

    meanwhile: Callable[[], object]

    def read(self, post: Post) -> tuple[Sighting, ...]:
        """Let it happen, and read."""
        self.meanwhile()
        return Reader.read(self, post)


class WatchedReaders(Readers):
    """Readers whose reading is watched."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile
        self._given: dict[str, Reader] = {}

    def current(self, tx: Transaction) -> Reader:
        """Give the watched reader for the people of now."""
        reader = super().current(tx)
        return self._given.setdefault(reader.version, Watched(reader.watchlist, reader.version, self._meanwhile))


def test_others_can_write_while_the_archive_is_read_again(tmp_path: Path) -> None:
    """Reading a long archive holds no lock; a person added in the middle of it is in the end found as well."""
    home = tmp_path / "store"
    with open_desk(home) as desk:
        desk.intake.take(captured("1", "Amina Njoroge arrived in Suva. Sefo Tui arrived in Apia."))
        with desk.db.write() as tx:
            people.add(tx, "Amina Njoroge")

        def add() -> None:
            with Database.open(home / DATABASE_FILE, patience=0.0) as other, other.write() as tx:
                people.add(tx, "Sefo Tui")

        readers = WatchedReaders(Once(add))
        assert readers.catch_up(desk.db) == CaughtUp(1, 2, 0)
        with desk.db.read() as tx:
            assert len(sightings.of_post(tx, "x:1", OPERATOR)) == 2
