"""Store a corpus, ask everything, and count: one run of the benchmark."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tests.bench.reuse.answers import Answer, Share
from tests.bench.reuse.corpus import Corpus, framed
from tests.bench.reuse.engine import Engine
from tests.bench.reuse.families import FAMILIES, PAGE_AGAINST_PAGE
from tests.bench.reuse.pages import page_templates
from tests.bench.reuse.peers import CROP_RESISTANT, RULES, CropResistant, HashPeer, judged, pixels
from tests.bench.reuse.scenes import Scene, saved

PRODUCT = "Dateline"
STRANGERS, TRAPS, PAIRS = "strangers", "page-template traps", "same scene"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked.

    Attributes:
        queries: of each family.
        stored: pictures in the store, filled up with fillers.
        strangers: queries that have no answer.
        traps: queries in a template that the store knows with another photograph in it.
        peers: whether the peers are asked as well.
        segments: queries of each family that imagehash's crop_resistant_hash is asked; it takes half a second each.
    """

    queries: int
    stored: int
    strangers: int
    traps: int
    peers: bool
    segments: int


QUICK = Size(queries=14, stored=500, strangers=80, traps=60, peers=False, segments=0)
FULL = Size(queries=300, stored=10_000, strangers=3_000, traps=300, peers=True, segments=6)


@dataclass(frozen=True, slots=True)
class Query:
    """One file that is looked up.

    Attributes:
        kind: the family, or `STRANGERS`, `TRAPS`, `PAIRS`.
        name: names it in the list of misses.
        data: its bytes.
        truth: what the right answer is, None where there is none.
        photo: the photograph that it shows, "" of none that is stored.
    """

    kind: str
    name: str
    data: bytes
    truth: str | None
    photo: str


@dataclass
class Tally:
    """The answers of one method.

    Attributes:
        asked: queries of each kind.
        right: those whose first match is the truth.
        possible: those whose truth stands among what is only possible.
        wrong: those with a match that shows another photograph.
        unsure: those of strangers, traps and pairs that have something possible, and no match.
        neighbours: those with a match to another part of the same photograph.
        first: score of each query's best answer, and whether it is right.
        seconds: what each query took.
        faults: kind, query and what it matched instead, for those that were missed or raised wrongly.
    """

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    possible: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    neighbours: Counter[str] = field(default_factory=Counter)
    first: list[tuple[float, bool]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, query: Query, answer: Answer, photo_of: dict[str, str]) -> None:
        """Count one answer."""
        kind, matches = query.kind, answer.matches
        self.asked[kind] += 1
        self.seconds.append(answer.seconds)
        right = bool(matches) and matches[0].sha256 == query.truth
        others = [one for one in matches if one.sha256 != query.truth]
        same = [one for one in others if query.photo and photo_of.get(one.sha256) == query.photo]
        self.right[kind] += right
        self.possible[kind] += not right and any(one.sha256 == query.truth for one in answer.found)
        self.wrong[kind] += len(others) > len(same)
        self.unsure[kind] += bool(answer.found) and not matches
        self.neighbours[kind] += bool(same)
        if answer.found:
            self.first.append((answer.found[0].score, answer.found[0].sha256 == query.truth))
        if (query.truth and not right) or len(others) > len(same):
            said = ", ".join(f"{one.sha256[:12]} {one.score:.3g}" for one in answer.found[:2]) or "nothing"
            self.faults.append((kind, query.name, said))

    def recall(self, kind: str) -> Share:
        """The share of right answers."""
        return Share(self.right[kind], self.asked[kind])

    def alarms(self, kind: str) -> Share:
        """The share of queries that raised a wrong match."""
        return Share(self.wrong[kind], self.asked[kind])


class Run:
    """One corpus in a store, and in every peer's.

    Attributes:
        tallies: by method.
        peer_seconds: what a peer took for a picture that it took in.
    """

    def __init__(self, corpus: Corpus, size: Size, engine: Engine) -> None:
        self.corpus = corpus
        self.size = size
        self.engine = engine
        self.tallies: dict[str, Tally] = {PRODUCT: Tally()}
        self.photo_of: dict[str, str] = {}
        self.peer_seconds: dict[str, float] = {}
        self._plain: dict[str, str] = {}
        self._hosted: list[str] = []
        self._peers = [HashPeer(name) for name in ("phash", "dhash", "pdq")] if size.peers else []
        self._segments = CropResistant() if size.segments else None

    def store(self) -> None:
        """Store the corpus, with every method."""
        scenes = [(scene, saved(scene.image)) for scene in self.corpus.plain]
        names = self._kept([data for _, data in scenes])
        for (scene, _), name in zip(scenes, names, strict=True):
            self._plain[scene.name] = name
            self.photo_of[name] = scene.photo
        self._hosted = self._kept([hosted.data for hosted in self.corpus.hosted])
        for hosted, name in zip(self.corpus.hosted, self._hosted, strict=True):
            self.photo_of[name] = hosted.scene.photo
        self._kept([one for one, _ in self.corpus.pairs])
        missing = max(0, self.size.stored - self.engine.stored)
        for data in (saved(image, 88) for image in self.corpus.fillers(missing)):
            self._kept([data], said=False)
        self.engine.refresh()

    def ask(self) -> None:
        """Ask everything, and say on standard error how far it is."""
        began, last = time.perf_counter(), ""
        for number, query in enumerate(self._queries()):
            if query.kind != last:
                print(f"{time.perf_counter() - began:7.0f} s  {number:6,} asked, now: {query.kind}", file=sys.stderr)
                last = query.kind
            self.tallies[PRODUCT].add(query, self.engine.ask(query.data), self.photo_of)
            if self._peers:
                self._ask_peers(query)
        print(f"{time.perf_counter() - began:7.0f} s  all asked", file=sys.stderr)

    def _kept(self, files: list[bytes], *, said: bool = True) -> list[str]:
        names = self.engine.store(files)
        for name, data in zip(names, files, strict=True):
            if not self._peers:
                break
            image = pixels(data)
            for peer in self._peers:
                began = time.perf_counter()
                peer.store(name, image)
                self.peer_seconds[peer.hash] = self.peer_seconds.get(peer.hash, 0.0) + time.perf_counter() - began
            if self._segments is not None and said:
                self._segments.store(name, image)
        return names

    def _ask_peers(self, query: Query) -> None:
        image = pixels(query.data)
        for peer in self._peers:
            before = peer.seconds
            nearest = peer.ask(image)
            for rule in RULES:
                if rule.hash == peer.hash:
                    tally = self.tallies.setdefault(rule.name, Tally())
                    tally.add(query, judged(rule, nearest, peer.seconds - before), self.photo_of)
        tally = self.tallies.setdefault(CROP_RESISTANT, Tally())
        if self._segments is not None and tally.asked[query.kind] < self.size.segments:
            tally.add(query, self._segments.ask(image), self.photo_of)

    def _queries(self) -> Iterator[Query]:
        """Make the queries, one after the other; the same ones in every run of one seed."""
        yield from self._edited()
        yield from self._pages()
        yield from self._strangers()
        yield from self._traps()
        yield from self._pairs()

    def _edited(self) -> Iterator[Query]:
        rng = np.random.default_rng((self.corpus.seed, 2))
        for family in FAMILIES:
            for scene, draw in _spread(self.corpus.plain, self.size.queries, rng):
                data = family.query(scene, draw, self.corpus.world, self.corpus.seed)
                yield Query(family.name, f"{scene.name}/{draw}", data, self._plain[scene.name], scene.photo)

    def _pages(self) -> Iterator[Query]:
        """Photographs that are stored within a page, asked for in a page of any kind."""
        rng = np.random.default_rng((self.corpus.seed, 3))
        templates = page_templates(self.corpus.half)
        for number in range(self.size.queries if self.corpus.hosted else 0):
            place = number % len(self.corpus.hosted)
            hosted = self.corpus.hosted[place]
            template = templates[int(rng.integers(len(templates)))]
            image = framed(template, hosted.scene.image, rng, self.corpus.world)
            name = f"{hosted.scene.name}/{hosted.template.name}/{template.name}"
            yield Query(PAGE_AGAINST_PAGE, name, saved(image, 85), self._hosted[place], hosted.scene.photo)

    def _strangers(self) -> Iterator[Query]:
        rng = np.random.default_rng((self.corpus.seed, 4))
        for number in range(self.size.strangers if self.corpus.strangers else 0):
            scene = self.corpus.strangers[number % len(self.corpus.strangers)]
            family = FAMILIES[int(rng.integers(len(FAMILIES)))]
            data = family.query(scene, number, self.corpus.world, self.corpus.seed)
            yield Query(STRANGERS, f"{scene.name}/{family.name}/{number}", data, None, "")

    def _traps(self) -> Iterator[Query]:
        """Strangers in the templates that the store knows; every second time with the very words of the stored page."""
        stored = {hosted.template.name: hosted for hosted in self.corpus.hosted}
        for number in range(self.size.traps if stored and self.corpus.strangers else 0):
            hosted = list(stored.values())[number % len(stored)]
            scene = self.corpus.strangers[number * 7 % len(self.corpus.strangers)]
            words = hosted.words if number // len(stored) % 2 else (self.corpus.seed, 5, number)
            image = framed(hosted.template, scene.image, np.random.default_rng(words), self.corpus.world)
            yield Query(TRAPS, f"{hosted.template.name}/{scene.name}", saved(image, 85), None, "")

    def _pairs(self) -> Iterator[Query]:
        for number, (_, other) in enumerate(self.corpus.pairs):
            yield Query(PAIRS, str(number), other, None, "")


def _spread(scenes: tuple[Scene, ...], count: int, rng: np.random.Generator) -> Iterator[tuple[Scene, int]]:
    """Choose scenes so that each comes equally often, in another draw each time, the photographs taking turns."""
    for number in range(count if scenes else 0):
        place = number % len(scenes)
        if place == 0:
            taken: Counter[str] = Counter()
            ranked: list[tuple[int, int, int]] = []
            for chosen in rng.permutation(len(scenes)).tolist():
                taken[scenes[chosen].photo] += 1
                ranked.append((taken[scenes[chosen].photo], len(ranked), chosen))
            order = [chosen for _, _, chosen in sorted(ranked)]
        yield scenes[order[place]], number // len(scenes)
