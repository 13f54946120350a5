"""Store a corpus, ask everything, and count: one run of the benchmark."""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

import numpy as np

from tests.bench.reuse.corpus import Corpus, framed
from tests.bench.reuse.engine import BATCH, Engine
from tests.bench.reuse.families import FAMILIES, PAGE_AGAINST_PAGE
from tests.bench.reuse.pages import page_templates
from tests.bench.reuse.peers import CROP_RESISTANT, RULES, CropResistant, HashPeer, judged, pixels
from tests.bench.reuse.scenes import Scene, saved
from tests.bench.reuse.tally import PAIRS, STRANGERS, TRAPS, Query, Tally

PRODUCT = "Dateline"


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
        minutes: after which no more is asked; what was asked until then is reported.
    """

    queries: int
    stored: int
    strangers: int
    traps: int
    peers: bool
    segments: int
    minutes: float = math.inf


QUICK = Size(queries=14, stored=450, strangers=60, traps=60, peers=False, segments=0, minutes=2)
FULL = Size(queries=300, stored=10_000, strangers=3_000, traps=300, peers=True, segments=6)


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
        fillers = (saved(image, 88) for image in self.corpus.fillers(missing))
        while batch := list(islice(fillers, BATCH)):
            self._kept(batch, filling=True)
            print(f"{self.engine.stored:,} of {self.size.stored:,} stored", end="\r", file=sys.stderr)
        self.engine.refresh()

    def ask(self) -> None:
        """Ask everything, all kinds in turn, until the time is up; say on standard error how far it is."""
        began = said = time.perf_counter()
        for number, query in enumerate(self._queries()):
            now = time.perf_counter()
            if now - began > 60 * self.size.minutes:
                print(f"Stopped after {self.size.minutes:g} minutes, {number:,} asked.", file=sys.stderr)
                return
            if now - said > 10:
                print(f"{now - began:7.0f} s  {number:6,} asked", file=sys.stderr)
                said = now
            self.tallies[PRODUCT].add(query, self.engine.ask(query.data), self.photo_of)
            if self._peers:
                self._ask_peers(query)

    def _kept(self, files: list[bytes], *, filling: bool = False) -> list[str]:
        names = self.engine.store(files)
        for name, data in zip(names, files, strict=True):
            if not self._peers:
                break
            image = pixels(data)
            for peer in self._peers:
                began = time.perf_counter()
                peer.store(name, image)
                self.peer_seconds[peer.hash] = self.peer_seconds.get(peer.hash, 0.0) + time.perf_counter() - began
            if self._segments is not None and not filling:
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
        if self._segments is not None:
            tally = self.tallies.setdefault(CROP_RESISTANT, Tally())
            if tally.asked[query.kind] < self.size.segments:
                tally.add(query, self._segments.ask(image), self.photo_of)

    def _queries(self) -> Iterator[Query]:
        """Make the queries, one of each kind in turn; the same ones in every run of one seed."""
        kinds = [self._edited(place) for place in range(len(FAMILIES))]
        kinds += [self._pages(), self._traps(), self._strangers(), self._pairs()]
        for turn in zip_longest(*kinds):
            yield from (query for query in turn if query is not None)

    def _edited(self, place: int) -> Iterator[Query]:
        family, rng = FAMILIES[place], np.random.default_rng((self.corpus.seed, 2, place))
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
