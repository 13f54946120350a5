"""Which person a clause ties to which place, and by what word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.clauses.clause import SMALL, Clause, Standing, split, standing
from bot.reading.clauses.lexicon import Lexicon
from bot.reading.clauses.nearby import ACT, is_bare, mark, stands_before
from bot.reading.clauses.places import end_of, role_of
from bot.reading.clauses.tokens import Token
from bot.reading.model import PersonMention

_PARTICIPLE = re.compile(r"\w[ae]n$")
_PLURAL = re.compile(r"\w{2}l[ae]r$")
_DESCRIBED = 4
"""Words between such a participle and the name, at most."""
_GENITIVE = re.compile(r"\w{2}[iu]n$")
"""The Turkish genitive, folded."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A person tied to a place.

    Attributes:
        person: the mention; None-free: a carried subject is the mention that it was carried from.
        here: the token of the person in this sentence, -1 where an earlier one is meant.
        place: the token of the place.
        trigger: the token of the tying word, -1 where name and place stand side by side.
        role: `in`, `to`, `from` or `object`.
        note: how the person was found where the clause does not name them.
    """

    person: PersonMention
    here: int
    place: int
    trigger: int
    role: str
    clause: int
    note: str = ""


class Reader:
    """One sentence, its clauses, and what it says of who is where."""

    def __init__(self, tokens: Sequence[Token], known: Lexicon, before: PersonMention | None) -> None:
        self.tokens = tokens
        self.known = known
        self.clauses = split(tokens, known)
        mark(tokens, self.clauses, known)
        self.before = before
        """The one person of the sentence before, for "he" and "she"."""
        self.standings = {at: standing(tokens, at, known) for at, t in enumerate(tokens) if t.kind == "per"}
        self.carried: int = -1

    def frames(self) -> list[Frame]:
        """Find every tie, clause by clause."""
        found: list[Frame] = []
        for number, clause in enumerate(self.clauses):
            for place in range(clause.first, clause.last + 1):
                if self.tokens[place].kind == "plc":
                    found.extend(self._of_place(number, clause, place))
            free = [at for at in self._people(clause) if self._is_subject(at)]
            relative = any(t.has("relative") for t in self.tokens[clause.first : clause.first + 2])
            if free and not relative:
                self.carried = free[-1]
        return found

    def _people(self, clause: Clause) -> list[int]:
        return [at for at in range(clause.first, clause.last + 1) if self.tokens[at].kind == "per"]

    def _is_subject(self, at: int) -> bool:
        place = self.standings[at]
        return place.place == "free" and place.case != "other"

    def _of_place(self, number: int, clause: Clause, place: int) -> list[Frame]:
        where = role_of(self.tokens, clause.first, place, self.known)
        if where is None:
            return []
        role, left = where
        if left - 1 >= clause.first and self.tokens[left - 1].has("captor") and role in {"in", "to"}:
            return []
        if place + 1 <= clause.last and self.tokens[place + 1].has("captor_after"):
            return []
        following = self.tokens[place + 1] if place + 1 <= clause.last else None
        if (
            following is not None
            and following.kind == "per"
            and any(t.has("title") for t in self.tokens[max(clause.first, left - 3) : left])
        ):
            return []  # "the former ambassador in PLACE NAME"
        triggers = self._triggers(clause, place, left)
        for trigger in triggers:
            group = self._group(trigger)
            if known_visit := (group == "visit" and role == "from" and self.known.lang == "fa"):
                role = "object"  # Persian visits "from" a place
            if self._is_sent(trigger, known_visit):
                continue
            if role == "struck" and not self.tokens[trigger].has("taken", "dies"):
                continue
            if not _fits(group, role) and not (role == "from" and self._goes_elsewhere(group, clause, place)):
                continue
            people = self._tied(clause, trigger, place, left)
            if people:
                return [Frame(self._mention(at), at, place, trigger, role, number, note) for at, note in people]
            if group not in {"noun", "take", ACT}:
                break
        said = [] if [t for t in triggers if self._group(t) != ACT] else self._bare(number, clause, place, left, role)
        return said or self._beside(number, clause, place, left, role)

    def _is_sent(self, trigger: int, visited: bool) -> bool:
        """Tell whether somebody else is sent on the way: Persian "NAME [made] his envoy [set out for] PLACE"."""
        return (
            not visited and self._group(trigger) == "visit" and trigger > 0 and self.tokens[trigger - 1].has("object")
        )

    def _goes_elsewhere(self, group: str, clause: Clause, place: int) -> bool:
        """Tell whether somebody is taken from here to a place named behind: "extradited from X to Y"."""
        if group not in {"take", "taken", "noun"}:
            return False
        return any(
            self.tokens[at].kind == "plc"
            and (role_of(self.tokens, clause.first, at, self.known) or ("", 0))[0] in {"in", "to"}
            for at in range(place + 1, clause.last + 1)
        )

    def _group(self, trigger: int) -> str:
        tag = self.tokens[trigger].trigger
        return tag.group if tag else ""

    def _mention(self, at: int) -> PersonMention:
        mention = self.before if at < 0 else self.tokens[at].person
        assert mention is not None
        return mention

    def _triggers(self, clause: Clause, place: int, left: int) -> list[int]:
        """Order the words that may tie this place, likeliest first."""
        words = range(clause.first, clause.last + 1)
        known = [at for at in words if self.tokens[at].trigger is not None and not self.tokens[at].has("placenoun")]
        before = [at for at in reversed(known) if at < place]
        after = [at for at in known if at > place]
        barred = {at for at in known if self._is_cut_off(at, place, left)}
        if self.known.verb_final:
            nouns = [at for at in before if self._group(at) in {"noun", "visit"}]
            ordered = nouns + after[:1] + [at for at in after[1:2] if self._group(after[0]) == "noun"]
        else:
            ordered = before + after[:1]
        return [at for at in ordered if at not in barred]

    def _is_cut_off(self, trigger: int, place: int, left: int) -> bool:
        low, high = sorted((trigger, place))
        return any(self.tokens[at].has("report", "distant") for at in range(low + 1, high))

    def _tied(self, clause: Clause, trigger: int, place: int, left: int) -> list[tuple[int, str]]:
        group = self._group(trigger)
        people = self._people(clause)
        if group == "noun":
            owners = self._owners(people, clause, trigger, place)
            return [(at, "") for at in owners if not self._is_crowded(at, place)]
        if group == "meet" and any(t.has("distant") for t in self.tokens[clause.first : clause.last + 1]):
            return []  # by telephone
        if group == "take":
            objects = [at for at in people if self._is_object(at, trigger)]
            return [(at, "") for at in self._together(objects, trigger)]
        subjects = [at for at in people if self._is_subject(at) and self._may_act(at, trigger)]
        chosen = self._together(subjects, trigger)
        if group == ACT:
            near = chosen and is_bare(self.tokens, chosen[-1] + 1, min(trigger, left)) and chosen[-1] < trigger
            own = near and not self._has_other_subject(chosen[-1], trigger)
            return [(at, "") for at in chosen] if own else []
        if chosen and self._is_crowded(chosen[-1], trigger):
            return []
        if self.tokens[trigger].has("nominal") and chosen and self._has_other_subject(chosen[-1], trigger):
            return []
        if group == "meet":
            chosen = chosen + [at for at in people if at not in chosen and self._is_companion(at, chosen, trigger)]
        if group in {"taken", "meet"} and not chosen:
            chosen = self._together([at for at in people if self._is_object(at, trigger)], trigger)
        if chosen:
            return [(at, "") for at in chosen]
        return self._carried_subject(clause, trigger, place, left)

    def _is_crowded(self, person: int, trigger: int) -> bool:
        """Tell whether others do it: "while NAME spoke thousands of people marched in PLACE"."""
        low, high = sorted((person, trigger))
        return any(
            self.tokens[k].has("others") and not any(t.has("prep", "with") for t in self.tokens[k - 2 : k])
            for k in range(low + 1, high)
        )

    def _has_other_subject(self, person: int, trigger: int) -> bool:
        """Tell whether a Turkish nominal clause has a genitive of its own: "NAME said that her son lives in PLACE"."""
        if self.standings[person].owner:
            return False
        words = self.tokens[person + 1 : trigger]
        if any(t.kind == "word" and not t.has(*SMALL) and _GENITIVE.search(t.low) for t in words):
            return True
        before = self.tokens[trigger - 1]  # "that tanks will be sent to PLACE"
        return before.kind == "word" and not before.tags and _PLURAL.search(before.low) is not None

    def _may_act(self, at: int, trigger: int) -> bool:
        if self.standings[at].owner:
            return self.tokens[trigger].has("nominal") or self._group(trigger) == "noun"
        if self.known.verb_final:
            described = self.known.lang == "tr" and _PARTICIPLE.search(self.tokens[trigger].low) is not None
            return self._is_described(at, trigger) if described else at < trigger
        return True

    def _is_described(self, at: int, trigger: int) -> bool:
        """Tell whether a Turkish participle says of the name behind it where it is: "PLACE'da yaşayan NAME"."""
        if at < trigger or self.known.lang != "tr" or not _PARTICIPLE.search(self.tokens[trigger].low):
            return False
        between = [t for t in self.tokens[trigger + 1 : at] if not t.inside]
        return len(between) <= _DESCRIBED and all(
            t.kind in {"word", "plc"} and (t.has("title", "office") or not t.tags) for t in between
        )

    def _owners(self, people: list[int], clause: Clause, trigger: int, place: int) -> list[int]:
        """Give whose visit it is: the name right behind the noun, or before it with a genitive."""
        found = []
        for at in people:
            place_of = self.standings[at]
            if self.known.lang == "tr":
                if place_of.owner and at < trigger and self._only_small(at + 2, trigger, {place}):
                    found.append(at)
                continue
            if trigger < at and place_of.first - 1 <= trigger + 1 and place_of.place == "free":
                gap = range(trigger + 1, place_of.first)
                if all(self.tokens[k].has("of", "by") for k in gap):
                    found.append(at)
        if not found and any(t.has("plan", "light") for t in self.tokens[clause.first : clause.last + 1]):
            found = [at for at in people if at < trigger and self._is_subject(at)][
                -1:
            ]  # "plans a visit to PLACE", "began a visit"
        return found[:1]

    def _is_object(self, at: int, trigger: int) -> bool:
        place_of = self.standings[at]
        if place_of.place != "free" or place_of.owner:
            return False
        if self.known.cased:
            return place_of.case in {"other", "any"}
        if self.known.lang == "ar":
            return at > trigger
        return place_of.case == "other" or (
            self.known.lang == "tr" and self.tokens[min(at + 1, len(self.tokens) - 1)].low in {"i", "ı", "u", "ü"}
        )

    def _is_companion(self, at: int, chosen: list[int], trigger: int) -> bool:
        place_of = self.standings[at]
        if place_of.place == "governed" and place_of.governor >= 0:
            governor = self.tokens[place_of.governor]
            return governor.has("with") or (governor.kind == "suffix" and governor.low in {"la", "le", "yla", "yle"})
        return bool(chosen) and place_of.place == "free" and self.known.lang == "ar"

    def _together(self, people: list[int], trigger: int) -> list[int]:
        """Give the nearest person with whoever is joined to them by "and" or a comma; those before the verb first."""
        before = [at for at in people if at < trigger]
        chosen = before[-1:] or [at for at in people if at > trigger][:1]
        for at in reversed(before[:-1]):
            if not self._joined(at, chosen[0]):
                break
            chosen.insert(0, at)
        for at in people:
            if chosen and at > max(chosen[-1], trigger) and self._joined(chosen[-1], at):
                chosen.append(at)
        return chosen

    def _joined(self, left: int, right: int) -> bool:
        first = self.standings[right].first
        return left < first <= left + 3 and all(
            t.has("conj") or t.kind == "suffix" or t.low in {",", "،"} for t in self.tokens[left + 1 : first]
        ) and any(t.has("conj") for t in self.tokens[left + 1 : first])  # fmt: skip

    def _only_small(self, first: int, stop: int, beside: set[int] | frozenset[int] = frozenset()) -> bool:
        return all(
            at in beside
            or t.kind in {"tim", "num", "suffix", "plc", "punct"}
            or t.inside
            or t.has(*SMALL)
            or t.trigger is not None
            for at, t in enumerate(self.tokens[first:stop], first)
        )

    def _carried_subject(self, clause: Clause, trigger: int, place: int, left: int) -> list[tuple[int, str]]:
        """Take the subject of the clause before, or whom "he" means, where this one names nobody else."""
        start = min(trigger, left)
        stop = max(trigger, place)
        described = self.known.lang == "tr" and _PARTICIPLE.search(self.tokens[trigger].low) is not None
        if described or self._has_subject_behind(clause, max(trigger, place)):
            return []
        if self.tokens[clause.first].has("circumstance") and not self._people(clause):
            near = [at for at in self.standings if at < clause.first]  # "pictures of NAME while he walks in PLACE"
            return [(at, "") for at in near[-1:]]
        if self._people(clause) or not self._only_small(clause.first, start) or not self._only_small(start, stop):
            return []
        led = any(self.tokens[at].kind == "plc" and at != place for at in range(clause.first, start))
        if led and self.known.verb_final:
            return []
        if self.carried >= 0:
            return [(self.carried, "")]
        pronoun = next((t for t in self.tokens[clause.first : stop] if t.has("pronoun")), None)
        if pronoun is not None and self.before is not None:
            return [(-1, f"coref: {pronoun.low}")]
        return []

    def _has_subject_behind(self, clause: Clause, last: int) -> bool:
        """Tell whether a Slavic clause ends in a subject of its own: "that peace returns to PLACE" said backwards."""
        behind = [t for t in self.tokens[last + 1 : clause.last + 1] if not t.inside]
        return self.known.cased and len(behind) == 1 and behind[0].kind == "word" and not behind[0].tags

    def _bare(self, number: int, clause: Clause, place: int, left: int, role: str) -> list[Frame]:
        """Read "NAME in PLACE" where nothing else is said."""
        words = self.tokens[clause.first : clause.last + 1]
        if (
            role != "in"
            or any(t.has("report", "distant", "verb") for t in words)
            or any(t.has("photo") for t in self.tokens)
        ):
            return []
        absent = any(t.has("absent") for t in words)
        people = [at for at in self._people(clause) if at < left and (self._is_subject(at) or (
            absent and self.standings[at].place == "free"))]  # fmt: skip
        if not people or self.standings[people[-1]].owner:
            return []
        chosen = self._together(people, left)
        person = people[-1]
        if not self._only_small(person + 1, left) or not self._only_small(place + 1, clause.last + 1):
            return []
        ends = self.known.verb_final and end_of(self.tokens, place, self.known) >= clause.last
        if not ends and not self._only_small(clause.first, self.standings[chosen[0]].first):
            return []
        return [Frame(self._mention(at), at, place, -1, role, number) for at in chosen]

    def _beside(self, number: int, clause: Clause, place: int, left: int, role: str) -> list[Frame]:
        """Read "NAME in PLACE did something": a name that its place follows at once."""
        if role != "in":
            return []
        people = [at for at in self._people(clause) if at < left and self._is_subject(at)]
        if not people or self.standings[people[-1]].owner:
            return []
        at = people[-1]
        if not stands_before(self.tokens, clause, at, left, self.known):
            return []
        return [Frame(self._mention(at), at, place, -1, role, number)]

    def standing_of(self, at: int) -> Standing:
        """Return how a person's name stands."""
        return self.standings[at]


def _fits(group: str, role: str) -> bool:
    if role == "from":
        return group in {"arrive", "leave"}
    if role == "object":
        return group in {"visit", "leave"}
    if role == "beside":
        return group == "noun"
    if group == ACT:
        return role == "in"
    return group != "leave" or role == "to"
