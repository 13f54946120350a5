"""What people have said never to warn of again, as it bears on two pictures: dismissed pairs, and boilerplate.

A mark of boilerplate covers the picture and whatever surely is a copy of all of it. A dismissal covers its two
pictures, and copies of all of either: a copy stands for the one of the two that it is surely nearer to. So where a
picture comes back saved anew, it is still told which stored picture it is a copy of, unless that very pair was judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage import boilerplate, dismissals, reuse
from storage.alerts import pair_of
from storage.boilerplate import Mark
from storage.database import Transaction
from storage.dismissals import NOT_COPIES, Dismissal
from storage.records import OPERATOR, Viewer
from storage.reuse import Copies


class SilenceKind(StrEnum):
    """Why two pictures do not warn."""

    DISMISSED = "dismissed"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Silence:
    """What somebody has said of a pair or of a picture, so that it warns no more until that is taken back.

    Attributes:
        kind: whether a pair was dismissed or a picture was marked.
        ref: what is taken back: the id of the warning that was dismissed, or of the mark.
        by: the member's id, or `operator`.
        at: when.
        reason: why, in words; of a mark its kind and what was added.
        copies: False where it says that the two are no copies of one another, or that the picture says nothing: then
            neither is an earlier use of the other.
        copied: whether it was said of other files than these, which these are copies of.
    """

    kind: SilenceKind
    ref: str
    by: str
    at: str
    reason: str
    copies: bool
    copied: bool = False


class Memory:
    """Everything that was said in one workspace, or in all of them where that is empty, as one viewer may know it."""

    def __init__(self, tx: Transaction, workspace: str, viewer: Viewer = OPERATOR) -> None:
        self._tx = tx
        self._workspace = workspace
        self._viewer = viewer
        self._marks = {mark.image_sha256: mark for mark in boilerplate.standing(tx, workspace, viewer)}
        self._dismissed = dismissals.exist(tx, workspace)
        self._copies: dict[str, Copies] = {}

    def copies(self, sha256: str) -> Copies:
        """Return what a stored picture surely is a copy of."""
        if sha256 not in self._copies:
            self._copies[sha256] = reuse.copies_of(self._tx, sha256)
        return self._copies[sha256]

    def of_picture(self, ours: Copies) -> Silence | None:
        """Return the mark that covers a picture."""
        if not self._marks:
            return None
        own = self._marks.get(ours.sha256)
        mark = own or next((self._marks[one] for one in sorted(ours.whole) if one in self._marks), None)
        return silence_of(mark, copied=own is None) if mark else None

    def of_pair(self, ours: Copies, match: str, own: str, others: Sequence[str]) -> Silence | None:
        """Return what keeps a picture and its stored match silent.

        Args:
            ours: the picture, with what it is a copy of.
            match: the stored one.
            own: the id of the picture's post; empty where it stands in none.
            others: the ids of the posts that show the stored one. Of one and the same file each of them has to be
                dismissed together with `own`.
        """
        if not (self._marks or self._dismissed):
            return None
        marked = self.of_picture(ours) or self.of_picture(self.copies(match))
        if marked or not self._dismissed:
            return marked
        if ours.sha256 == match:
            return self._of_posts(match, own, others)
        theirs = self.copies(match)
        for one in dismissals.between(self._tx, self._workspace, ours.whole, theirs.whole, self._viewer):
            for left, right in (
                (one.image_sha256, one.match_sha256),
                (one.match_sha256, one.image_sha256),
            ):
                if ours.stands_for(left, right) and theirs.stands_for(right, left):
                    return dismissed(one, copied={left, right} != {ours.sha256, match})
        return None

    def _of_posts(self, sha256: str, own: str, others: Sequence[str]) -> Silence | None:
        found: list[Dismissal] = []
        for other in others:
            held = dismissals.of_pair(self._tx, self._workspace, pair_of(sha256, sha256, own, other), self._viewer)
            if not held:
                return None
            found += held[:1]
        return dismissed(max(found, key=lambda one: one.at)) if found else None


def silence_of(mark: Mark, *, copied: bool = False) -> Silence:
    """Return what a mark of boilerplate says."""
    reason = KINDS[mark.kind] if not mark.note else f"{KINDS[mark.kind]}: {mark.note}"
    return Silence(SilenceKind.BOILERPLATE, mark.id, mark.actor, mark.at, reason, copies=False, copied=copied)


def dismissed(one: Dismissal, *, copied: bool = False) -> Silence:
    """Return what a dismissal says."""
    copies = one.why not in NOT_COPIES
    return Silence(SilenceKind.DISMISSED, one.alert_id, one.actor, one.at, one.reason, copies=copies, copied=copied)


KINDS = {
    boilerplate.Kind.LOGO: "logo",
    boilerplate.Kind.AVATAR: "avatar",
    boilerplate.Kind.HEADER: "stock header",
    boilerplate.Kind.OTHER: "other boilerplate",
}
"""Each kind of boilerplate in words."""
