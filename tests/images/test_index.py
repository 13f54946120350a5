"""The search in memory is exact, and safe while pictures are added."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.images.fingerprint import distance
from bot.images.index import HashIndex, Hit

Row = tuple[int, str, bytes | None]


def rows(count: int, seed: int = 0) -> list[Row]:
    """Rows of random hashes."""
    random = np.random.default_rng(seed)
    return [(place + 1, random.bytes(32).hex(), random.bytes(32)) for place in range(count)]


def flipped(packed: bytes, bits: int, seed: int = 0) -> bytes:
    """The hash with exactly so many bits changed."""
    mask = np.zeros(256, np.uint8)
    mask[np.random.default_rng(seed).permutation(256)[:bits]] = 1
    return bytes(one ^ other for one, other in zip(packed, np.packbits(mask).tobytes(), strict=True))


def filled(table: list[Row]) -> HashIndex:
    """An index that holds these rows."""
    index = HashIndex()
    index.add(table)
    return index


def test_what_an_earlier_search_has_seen_is_passed_over() -> None:
    """Above a sequence number only later rows are found: those before and after it are what is found without it."""
    table = rows(200)
    near = [(201 + bits, f"{bits:064x}", flipped(table[0][2] or b"", bits)) for bits in range(50)]
    index = filled([*table, *near])
    whole = index.search([table[0][2] or b""], 64)
    since = index.search([table[0][2] or b""], 64, above=220)
    assert since == [hit for hit in whole if hit.sha256 in {name for seq, name, _ in near if seq > 220}]
    assert len(since) == 30
    assert index.search([table[0][2] or b""], 64, above=250) == []


@pytest.mark.parametrize("radius", [0, 31, 47, 48, 64, 110, 128, 192, 256])
def test_it_finds_what_comparing_all_finds(radius: int) -> None:
    """Whatever the radius, the hits are those of the plain comparison with every row, in order."""
    table = rows(3_000)
    near = [(len(table) + bits + 1, f"{bits:064x}", flipped(table[0][2] or b"", bits)) for bits in range(0, 257, 4)]
    index = filled([*table, *near])
    queries = [table[0][2] or b"", table[1][2] or b""]
    expected = [
        Hit(sha256, distance(query, packed or b""), variant)
        for variant, query in enumerate(queries)
        for _, sha256, packed in [*table, *near]
        if distance(query, packed or b"") <= radius
    ]
    expected.sort(key=lambda hit: (hit.distance, hit.variant, hit.sha256))
    assert index.search(queries, radius) == expected


@given(st.integers(0, 256), st.integers(0, 256))
@settings(max_examples=100, deadline=None)
def test_a_hit_is_within_the_radius(bits: int, radius: int) -> None:
    """A row so many bits away is found if and only if the radius reaches it."""
    (_, sha256, packed) = rows(1)[0]
    hits = filled([(1, sha256, packed)]).search([flipped(packed or b"", bits)], radius)
    assert hits == ([Hit(sha256, bits, 0)] if bits <= radius else [])


NAMES = [f"{name:064x}" for name in range(6)]
HASHES = [flipped(bytes(32), bits, bits) for bits in range(0, 256, 20)]


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.sampled_from(HASHES)), max_size=40),
    st.sampled_from(HASHES),
    st.integers(0, 256),
)
@settings(max_examples=150, deadline=None)
def test_it_holds_the_last_that_was_said_of_each_picture(
    said: list[tuple[str, bytes | None]], query: bytes, radius: int
) -> None:
    """Whatever is added, replaced and withdrawn in whatever order, the search is that of a plain dictionary."""
    index, model = HashIndex(), dict[str, bytes | None]()
    for seq, (sha256, packed) in enumerate(said, 1):
        index.add([(seq, sha256, packed)])
        model[sha256] = packed
    near = {sha256: distance(query, packed) for sha256, packed in model.items() if packed is not None}
    assert {hit.sha256: hit.distance for hit in index.search([query], radius)} == {
        sha256: bits for sha256, bits in near.items() if bits <= radius
    }
    assert (len(index), index.last_seq) == (len(near), len(said))
    assert [name in index for name in NAMES] == [name in model for name in NAMES]


def test_it_finds_across_chunks_and_growth() -> None:
    """Rows beyond the first chunk and the first reservation are searched as well."""
    table = rows(70_000)
    index = filled(table)
    assert len(index) == 70_000
    for place in (0, 1_023, 1_024, 65_535, 65_536, 69_999):
        _, sha256, packed = table[place]
        assert index.search([flipped(packed or b"", 20)], 64) == [Hit(sha256, 20, 0)]


def test_an_empty_index_finds_nothing() -> None:
    """Before anything is stored there is nothing to find."""
    index = HashIndex()
    assert (len(index), index.last_seq, index.search([bytes(32)], 256)) == (0, 0, [])


def test_a_picture_that_comes_again_is_replaced() -> None:
    """A new hash of a picture takes the place of its old one."""
    (_, sha256, old), (_, _, new) = rows(2)
    index = filled([(1, sha256, old), (5, sha256, new)])
    assert (len(index), index.last_seq) == (1, 5)
    assert index.search([old or b""], 0) == []
    assert index.search([new or b""], 0) == [Hit(sha256, 0, 0)]


def test_a_picture_without_a_hash_is_known_but_not_found() -> None:
    """A picture that holds too little is in the index, by its name only; losing its hash takes it out of the search."""
    (_, sha256, packed) = rows(1)[0]
    index = filled([(1, sha256, None)])
    assert sha256 in index
    assert "00" * 32 not in index
    assert len(index) == 0
    index.add([(2, sha256, packed)])
    assert len(index) == 1
    index.add([(3, sha256, None)])
    assert (len(index), index.search([packed or b""], 256)) == (0, [])


def test_a_hash_of_another_length_is_an_error() -> None:
    """A hash that is not 256 bits long never enters."""
    with pytest.raises(ValueError, match="31 bytes where 32 are needed"):
        HashIndex().add([(1, "00" * 32, bytes(31))])


def test_reading_while_writing() -> None:
    """Readers beside a writer see each picture whole: with its old hash or its new one, and never lose one."""
    table = rows(200)
    index = filled(table)
    stop = threading.Event()
    faults: list[str] = []

    def read() -> None:
        while not stop.is_set():
            hits = index.search([packed or b"" for _, _, packed in table[:4]], 0)
            if [hit.sha256 for hit in hits] != [sha256 for _, sha256, _ in table[:4]]:
                faults.append(str(hits))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for place in range(40):
        index.add([(1_000 + place, *row[1:]) for row in rows(200, seed=place + 1)])
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(index) == 200 * 41
