"""What was said never to warn again does not, in whatever post, channel or copy it comes; undone, it does."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.alerting.memory import Memory, SilenceKind
from bot.reprint import reprint
from bot.sample import pictures
from commands.digest import digest
from storage import alerts, boilerplate, subscriptions
from storage.alerts import Act, Alert, Triage, TriageState
from storage.boilerplate import Kind, Mark
from storage.dismissals import Reason
from storage.records import EVERYWHERE, Viewer
from storage.records import digest as sha
from storage.subscriptions import Subscription
from tests.alerting.rooms import NOON, TEAM, Room, private
from tests.alerting.test_pictures import A_DAY, MIRRORED, PICTURE, card_in, earlier, trace
from tests.desks import quiet

SMALLER = pictures.smaller_copy("harbour")


def again(data: bytes, quality: int = 80, width: int = 0) -> bytes:
    """The same picture saved once more."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.resize((width, round(width * opened.height / opened.width))) if width else opened
        image.save(packed, "JPEG", quality=quality)
    return packed.getvalue()


def dismiss(room: Room, told: Alert, why: Reason = Reason.NOT_SAME_PICTURE) -> None:
    """Let a member dismiss a warning."""
    step = Triage(Act.DISMISS, TriageState.DISMISSED, "U2", room.now, f"because {why}", why=why)
    with room.desk.db.write() as tx:
        assert alerts.decide(tx, told.id, step)


def mark(room: Room, data: bytes, workspace: str = TEAM, key: str = "m") -> Mark:
    """Let a member mark a picture."""
    made = Mark(key, workspace, sha(data), Kind.LOGO, "", "U2", room.now)
    with room.desk.db.write() as tx:
        assert boilerplate.put(tx, made)
    return made


def pairs(room: Room, channel: str = "C1") -> list[tuple[str | None, str | None]]:
    """What a channel was told: the new post, and the stored picture."""
    return [(alert.post_id, alert.match_sha256) for alert in room.told(channel)]


@pytest.mark.parametrize("why", list(Reason))
def test_a_dismissed_pair_warns_in_no_post_and_no_channel(room: Room, why: Reason) -> None:
    """Whatever the reason was: the same two files, the other way round and elsewhere, are silent."""
    room.subscribe("C1", "C2")
    room.post("1", "First.", PICTURE)
    room.post("2", "Second.", MIRRORED)
    dismiss(room, room.told()[0], why)
    room.clock.move(days=30)
    room.post("3", "Third.", PICTURE, MIRRORED)
    about = {(alert.image_sha256, alert.match_sha256) for alert in room.told("C2")} - {(sha(MIRRORED), sha(PICTURE))}
    assert about == {(sha(PICTURE), sha(PICTURE)), (sha(MIRRORED), sha(MIRRORED))}, "each file stands in another post"


def test_a_dismissed_picture_that_was_saved_again_stands_for_it(room: Room) -> None:
    """It warns of the stored picture that it is nearer to, and not of the one that was dismissed with that."""
    room.subscribe()
    room.post("1", "First.", PICTURE, posted_at=NOON - A_DAY)
    room.post("2", "Second.", MIRRORED)
    assert pairs(room) == [("x:2", sha(PICTURE))]
    dismiss(room, room.told()[0])
    room.post("3", "Third.", again(MIRRORED))
    assert pairs(room)[1:] == [("x:3", sha(MIRRORED))]


def test_without_a_dismissal_the_earliest_is_told(room: Room) -> None:
    """So the silence above is the dismissal's doing."""
    room.subscribe()
    room.post("1", "First.", PICTURE, posted_at=NOON - A_DAY)
    room.post("2", "Second.", MIRRORED)
    room.post("3", "Third.", again(MIRRORED))
    assert pairs(room)[1:] == [("x:3", sha(PICTURE))]


def test_undone_a_pair_warns_again(room: Room) -> None:
    """From the next time on."""
    room.subscribe()
    room.post("1", "First.", PICTURE, posted_at=NOON - A_DAY)
    room.post("2", "Second.", MIRRORED)
    [told] = room.told()
    dismiss(room, told)
    with room.desk.db.write() as tx:
        alerts.decide(tx, told.id, Triage(Act.UNDO, TriageState.OPEN, "U3", room.now))
    room.post("3", "Third.", again(MIRRORED))
    assert pairs(room)[1:] == [("x:3", sha(PICTURE))]


def test_one_file_is_dismissed_for_its_two_posts(room: Room) -> None:
    """To silence a file altogether is to mark it; a third post with it is told."""
    room.subscribe()
    room.post("1", "First.", PICTURE)
    room.post("2", "Second.", PICTURE)
    dismiss(room, room.told()[0])
    room.post("2", "Second, once more.", PICTURE)
    assert len(room.told()) == 1
    room.post("3", "Third.", PICTURE)
    assert pairs(room)[1:] == [("x:3", sha(PICTURE))]


def test_boilerplate_and_the_copies_of_all_of_it_never_warn(room: Room) -> None:
    """Mirrored, smaller, saved again, in any channel; after the undo the next one does."""
    room.subscribe("C1", "C2")
    room.post("1", "First.", PICTURE)
    made = mark(room, PICTURE)
    for key, copy in (("2", PICTURE), ("3", MIRRORED), ("4", SMALLER), ("5", again(MIRRORED))):
        room.post(key, f"Post {key}.", copy)
    assert room.told() == room.told("C2") == []
    with room.desk.db.write() as tx:
        boilerplate.undo(tx, made.id, "U3", room.now)
    room.post("6", "Post 6.", again(PICTURE, 60))
    assert (len(room.told()), len(room.told("C2"))) == (1, 1)


def test_another_workspace_knows_nothing_of_it(room: Room) -> None:
    """There the same picture warns; the operator's mark for all workspaces holds there, too."""
    with room.desk.db.write() as tx:
        subscriptions.subscribe(tx, Subscription("T2", "C7", "U7", room.now))
    public = replace(private("C7"), workspace=EVERYWHERE, audience="everyone")
    room.post("1", "First.", PICTURE, to=public)
    mark(room, PICTURE)
    room.post("2", "Second.", MIRRORED, to=public)

    def elsewhere() -> list[Alert]:
        with room.desk.db.read() as tx:
            return alerts.of_channel(tx, "T2", "C7", 10)

    assert len(elsewhere()) == 1
    mark(room, PICTURE, EVERYWHERE, "m-2")
    room.post("3", "Third.", SMALLER, to=public)
    assert len(elsewhere()) == 1


def test_a_picture_that_contains_boilerplate_is_told_of_its_other_copies(room: Room) -> None:
    """The marked picture gives way to the next; a part of a picture is not all of it."""
    room.subscribe()
    room.post("1", "First.", PICTURE)
    room.post("2", "Second.", again(PICTURE, 60))
    [first] = room.told()
    with room.desk.db.write() as tx:
        tx.execute("UPDATE reuses SET relation = 'crop'")
    mark(room, PICTURE)
    with room.desk.db.read() as tx:
        memory = Memory(tx, TEAM)
        assert memory.of_picture(memory.copies(sha(again(PICTURE, 60)))) is None
        pair = memory.of_pair(memory.copies(first.image_sha256 or ""), sha(PICTURE), "x:2", ["x:1"])
    assert pair is not None
    assert (pair.kind, pair.ref, pair.copied) == (SilenceKind.BOILERPLATE, "m", False)


def test_a_rebuilt_index_forgets_nothing_that_people_have_said(room: Room) -> None:
    """Verdicts are derived; dismissals and marks are not."""
    room.subscribe()
    room.post("1", "First.", PICTURE, posted_at=NOON - A_DAY)
    room.post("2", "Second.", MIRRORED)
    dismiss(room, room.told()[0])
    desk = room.desk
    reprint(desk.db, desk.vault, desk.pictures, desk.readers, quiet)
    room.post("3", "Third.", again(MIRRORED))
    assert pairs(room)[1:] == [("x:3", sha(MIRRORED))]
    mark(room, MIRRORED)
    reprint(desk.db, desk.vault, desk.pictures, desk.readers, quiet)
    room.post("4", "Fourth.", again(MIRRORED, 70))
    assert len(room.told()) == 2


def test_an_earlier_appearance_that_was_dismissed_corrects_nobody(room: Room) -> None:
    """Nor one of a picture that is boilerplate."""
    room.subscribe("C2")
    room.post("1", "First.", PICTURE)
    room.post("2", "Second.", MIRRORED)
    dismiss(room, room.told("C2")[0])
    trace(room, "1", "U1", card_in("C1"))
    room.post("3", "Older.", MIRRORED, posted_at=NOON - A_DAY)
    assert earlier(room, "C1") == []
    mark(room, PICTURE)
    room.post("4", "Older still.", SMALLER, posted_at=NOON - 2 * A_DAY)
    assert earlier(room, "C1") == []


def test_captions_of_what_is_silent_are_no_news_in_a_digest(room: Room) -> None:
    """A conflict that no warning tells stands in the digest, unless its pair was dismissed or its picture marked."""
    room.post("1", "Soldiers gather in Homs.", PICTURE)
    room.post("2", "Soldiers gather in Latakia.", MIRRORED)
    assert len(digest(room.desk, TEAM, "C3").conflicts) == 1
    made = mark(room, PICTURE)
    assert digest(room.desk, TEAM, "C3").conflicts == ()
    with room.desk.db.write() as tx:
        boilerplate.undo(tx, made.id, "U2", room.now)
    assert len(digest(room.desk, TEAM, "C3").conflicts) == 1
    room.subscribe("C1")
    room.post("2", "Soldiers gather in Latakia now.", MIRRORED)
    dismiss(room, room.told()[0])
    assert digest(room.desk, TEAM, "C3").conflicts == ()


def test_who_may_not_see_the_posts_is_not_told_of_the_dismissal(room: Room) -> None:
    """The pair is silent for the whole workspace, but who said why is for those who may know of the warning."""
    room.subscribe("C9")
    room.post("1", "First.", PICTURE)
    room.post("2", "Second.", MIRRORED, to=private("C9"))
    dismiss(room, room.told("C9")[0], Reason.KNOWN)
    with room.desk.db.read() as tx:
        for viewer, told in ((Viewer(TEAM), False), (Viewer(TEAM, frozenset({"everyone", "channel:C9"})), True)):
            memory = Memory(tx, TEAM, viewer)
            found = memory.of_pair(memory.copies(sha(MIRRORED)), sha(PICTURE), "x:2", ["x:1"])
            assert (found is not None) is told
    assert found is not None
    assert (found.kind, found.by, found.reason, found.copies) == (
        SilenceKind.DISMISSED,
        "U2",
        "because known-already",
        True,
    )
