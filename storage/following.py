"""What follows a person when entries of the watch-list are merged, split or restored.

Sightings go to whoever bears the spelling by which they were found; watches, snoozes and alerts go where the change
says, and what was handed over is written down, so that it can be handed back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from storage import people, verdicts
from storage.counters import advance
from storage.database import Transaction
from storage.folding import fold
from storage.records import Person
from storage.sightings import clear_person, identity

_WHERE: Final = {
    "watch": ("watches", "subject", "kind = 'person'"),
    "label": ("watches", "label", "kind = 'person'"),
    "snooze": ("snoozes", "subject", "scope = 'person'"),
    "alert": ("alerts", "person_id", "1 = 1"),
}
"""Of each thing that can be handed over: its table, the column that says whose it is, and which rows are meant."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing handed from one person to another.

    Attributes:
        what: `watch`, `snooze`, `alert`; `label` for the name under which a watch is shown.
        id: of that row.
        before, after: the ids of the two people; of a label, its words.
    """

    what: str
    id: str
    before: str
    after: str

    @property
    def back(self) -> Move:
        """The same, the other way."""
        return Move(self.what, self.id, self.after, self.before)


def carry(tx: Transaction, moves: Iterable[Move]) -> list[Move]:
    """Hand things over; what is not, or no longer, the giver's stays where it is. Returned is what was handed over."""
    done = []
    for move in moves:
        table, column, _ = _WHERE[move.what]
        if tx.execute(
            f"UPDATE {table} SET {column} = :after WHERE id = :id AND {column} = :before",  # noqa: S608
            {"id": move.id, "before": move.before, "after": move.after},
        ):
            done.append(move)
            if move.what == "alert":
                _rename_subject(tx, move)
    if done:
        advance(tx, "watches")
    return done


def everything_of(tx: Transaction, giver: str, taker: str) -> list[Move]:
    """Return what has to be handed over where one person turns out to be another."""
    return [
        Move(what, row["id"], giver, taker)
        for what, (table, column, which) in _WHERE.items()
        if what != "label"
        for row in tx.rows(f"SELECT id FROM {table} WHERE {column} = :giver AND {which} ORDER BY id", {"giver": giver})  # noqa: S608
    ]


def named_so(tx: Transaction, giver: str, taker: str, spellings: Collection[str]) -> list[Move]:
    """Return the watches and snoozes of a person that were made under one of some spellings, to be handed over."""
    wanted = set(map(fold, spellings))
    return [
        Move(what, row["id"], giver, taker)
        for what in ("watch", "snooze")
        for row in tx.rows(
            f"SELECT id, label FROM {_WHERE[what][0]} WHERE subject = :giver AND {_WHERE[what][2]} ORDER BY id",  # noqa: S608
            {"giver": giver},
        )
        if fold(row["label"]) in wanted
    ]


def alerts_told(tx: Transaction, giver: str, taker: str) -> list[Move]:
    """Return the alerts of a person that stand on sightings of another one alone, to be handed over."""
    rows = tx.rows(
        "SELECT a.id FROM alerts a JOIN alert_evidence e ON e.alert_id = a.id JOIN sightings s ON s.id = e.ref"
        " WHERE a.person_id = :giver GROUP BY a.id"
        " HAVING sum(CASE s.person_id WHEN :taker THEN 0 ELSE 1 END) = 0 ORDER BY a.id",
        {"giver": giver, "taker": taker},
    )
    return [Move("alert", row["id"], giver, taker) for row in rows]


def relabelled(tx: Transaction, person_id: str, before: str, after: str) -> list[Move]:
    """Return the labels of watches that are a person's old name, to be made the new one."""
    rows = tx.rows(
        "SELECT id FROM watches WHERE kind = 'person' AND subject = :person AND label = :label ORDER BY id",
        {"person": person_id, "label": before},
    )
    return [Move("label", row["id"], before, after) for row in rows]


def sighted(tx: Transaction, ids: Iterable[str]) -> None:
    """Hand the sightings of some people to whoever of them bears the spelling now by which each was found.

    One whose spelling nobody bears any more stays with who has it, and is dropped with somebody who is off the list;
    what is read again afterwards has the last word.
    """
    known = {key: people.find(tx, key) for key in dict.fromkeys(ids)}
    bearers: dict[str, list[Person]] = {}
    for person in filter(None, known.values()):
        for name in (person.name, *person.aliases):
            bearers.setdefault(name, []).append(person)
    for key, holder in known.items():
        spellings = tx.rows("SELECT DISTINCT matched_as FROM sightings WHERE person_id = :id", {"id": key})
        for spelling in sorted(row["matched_as"] for row in spellings):
            takers = bearers.get(spelling, [])
            if len(takers) == 1 and takers[0].id != key and (holder is None or holder not in takers):
                _hand_over(tx, key, takers[0], spelling)
        if holder is None:
            clear_person(tx, key)
        else:
            tx.execute(
                "UPDATE sightings SET person_name = :name WHERE person_id = :id AND person_name <> :name",
                {"id": key, "name": holder.name},
            )


def _hand_over(tx: Transaction, giver: str, taker: Person, spelling: str) -> None:
    rows = tx.rows(
        "SELECT s.id, s.post_id, s.place_key, s.start_at, s.end_at, s.stance, s.rule, c.text_sha256 FROM sightings s"
        " JOIN captures c ON c.id = s.capture_id WHERE s.person_id = :giver AND s.matched_as = :spelling",
        {"giver": giver, "spelling": spelling},
    )
    moved = {
        row["id"]: identity(
            (row["post_id"], row["text_sha256"]),
            taker.id,
            row["place_key"],
            (row["start_at"], row["end_at"]),
            row["stance"],
            row["rule"],
        )
        for row in rows
    }
    for old, new in moved.items():
        ids = {"old": old, "new": new}
        if tx.row("SELECT 1 AS held FROM sightings WHERE id = :new", ids):
            tx.execute("DELETE FROM sightings WHERE id = :old", ids)
        else:
            tx.execute(
                "UPDATE sightings SET id = :new, person_id = :person, person_name = :name WHERE id = :old",
                {**ids, "person": taker.id, "name": taker.name},
            )
        _follow_id(tx, old, new)
        verdicts.follow(tx, old, new, taker.id)


def _follow_id(tx: Transaction, old: str, new: str) -> None:
    """Let what speaks of a sighting by its id speak of it by its new one; nothing is told twice."""
    ids = {"old": old, "new": new}
    tx.execute(
        "DELETE FROM alert_evidence WHERE ref = :old AND alert_id IN"
        " (SELECT e.alert_id FROM alert_evidence e WHERE e.ref = :new)",
        ids,
    )
    tx.execute("UPDATE alert_evidence SET ref = :new WHERE ref = :old", ids)
    if tx.row("SELECT 1 AS held FROM news WHERE kind = 'sighting' AND ref = :new", ids):
        tx.execute("DELETE FROM news WHERE kind = 'sighting' AND ref = :old", ids)
    else:
        tx.execute("UPDATE news SET ref = :new WHERE kind = 'sighting' AND ref = :old", ids)


def _rename_subject(tx: Transaction, move: Move) -> None:
    """Let later evidence of the same matter join the alert: a subject names the person (`bot.alerting.sayings`)."""
    row = tx.row("SELECT subject FROM alerts WHERE id = :id", {"id": move.id})
    kind, slash, rest = str(row["subject"] if row else "").partition("/")
    person, more, places = rest.partition("/")
    if person == move.before and slash:
        tx.execute(
            "UPDATE alerts SET subject = :subject WHERE id = :id",
            {"subject": f"{kind}/{move.after}{more}{places}", "id": move.id},
        )
