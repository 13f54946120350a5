"""Sources of a watch: every way of writing one, one written form of each, and refusals a person can act on."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.sources.refs import EXAMPLE, SourceRef, SourceRefused, parse_ref, parse_refs
from storage.errors import DatelineError

POST = "https://x.com/i/status/1641086480675225601"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("x:@alihashem_tv", "x:@alihashem_tv"),
        ("x:alihashem_tv", "x:@alihashem_tv"),
        (" X:  @AliHashem_TV ", "x:@alihashem_tv"),
        ("@alihashem_tv", "x:@alihashem_tv"),
        ("x:from:alihashem_tv", "x:@alihashem_tv"),
        ("https://x.com/alihashem_tv", "x:@alihashem_tv"),
        ("x:https://twitter.com/alihashem_tv/media?s=20", "x:@alihashem_tv"),
        ("<https://mobile.twitter.com/alihashem_tv|@alihashem_tv>", "x:@alihashem_tv"),
        ("nitter.net/alihashem_tv", "x:@alihashem_tv"),
        ('x:"Harbour  Desk" from:harbour', 'x:"Harbour Desk" from:harbour'),
        ("x:“Harbour Desk” OR #quay", 'x:"Harbour Desk" OR #quay'),
        ('x:"Harbour"', 'x:"Harbour"'),
        ("x:می\u200cخواهد سفر", "x:می\u200cخواهد سفر"),
        ("https://x.com/search?q=%22bread%20salt%22%20lang%3Aen&f=live", 'x:"bread salt" lang:en'),
        ("rss:https://Quay.example/a,b?x=1,2#top", "rss:https://quay.example/a,b?x=1,2"),
        ("feed:https://quay.example", "rss:https://quay.example/"),
        ("feed://quay.example/f", "rss:https://quay.example/f"),
        ("atom:<http://quay.example/f|feed>", "rss:http://quay.example/f"),
        ("https://quay.example/news", "rss:https://quay.example/news"),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=a", "rss:https://www.youtube.com/feeds/videos.xml?channel_id=a"),
        ("https://bsky.app/profile/quay.example/rss", "rss:https://bsky.app/profile/quay.example/rss"),
        ("folder:/srv/in coming/", "folder:/srv/in coming"),
        ("https://twitter.com/a/status/1641086480675225601?s=20", f"link:{POST}"),
        (f"x:{POST}/photo/1", f"link:{POST}"),
        ("link:nitter.net/a/status/1641086480675225601#m", f"link:{POST}"),
        ("t.me/quay/12", "link:https://t.me/quay/12"),
        ("link:https://quay.example/news", "link:https://quay.example/news"),
        ("https://web.archive.org/web/2020/https://quay.example/n", "link:https://web.archive.org/web/2020/https://quay.example/n"),
    ],
)  # fmt: skip
def test_forms(written: str, canonical: str) -> None:
    """Every way of writing a source comes to its one form, which is read as the same source."""
    ref = parse_ref(written)
    assert str(ref) == canonical
    assert parse_ref(canonical) == ref


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x:",
        "x:@",
        "x:@harbour-desk",
        "x:@a_name_that_is_far_too_long",
        'x:"open',
        "x:(a OR b",
        "x:--",
        "x:" + "word " * 100,
        "https://x.com/home",
        "https://x.com/",
        "https://x.com/search?q=a%0Ab",
        "https://x.com/search?f=live",
        "https://x.com/a/status/zero",
        "https://x.com.evil.example/harbour",
        "https://x.com@evil.example/harbour",
        "rss:",
        "rss:javascript:alert(1)",
        "rss:file:///etc/passwd",
        "rss:https://user:secret@quay.example/f",
        "ftp://quay.example/",
        "folder:incoming",
        "folder:",
        "folder:/srv/\0in",
        "link:nothing",
        "harbour",
        "<@U0123|harbour>",
        "x:a\u202eb",
        "rss:https://quay.example/" + "a" * 3000,
        "http://[::1",
    ],
)
def test_refusals(written: str) -> None:
    """What names no source is refused in one line with the next step."""
    with pytest.raises(SourceRefused) as refused:
        parse_ref(written)
    assert isinstance(refused.value, DatelineError)
    assert "\n" not in str(refused.value)
    assert EXAMPLE in str(refused.value) or ";" in str(refused.value) or "like folder:/" in str(refused.value)


@given(st.text(max_size=80) | st.text("x:@rsfolder/.https<>\"'|, ()aOR\u200f", max_size=40))
def test_any_text(written: str) -> None:
    """Any text is a source whose form reads the same again, or is refused; as a list, too."""
    for reader in (lambda text: (parse_ref(text),), parse_refs):
        try:
            refs = reader(written)
        except SourceRefused:
            continue
        for ref in refs:
            assert parse_ref(str(ref)) == ref


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("x:@a, rss:https://q.example/1,2,3, x:b", ["x:@a", "rss:https://q.example/1,2,3", "x:@b"]),
        ("x:@a @b https://q.example/f folder:/x y, z", ["x:@a", "x:@b", "rss:https://q.example/f", "folder:/x y, z"]),
        ('x:"a, rss:b" to:@c @d, @e', ['x:"a, rss:b" to:@c @d', "x:@e"]),
        ("x:@a OR @b,rss:q.example/f", ["x:@a OR @b", "rss:https://q.example/f"]),
        ("x:(@a OR @b),rss:q.example/f", ["x:(@a OR @b)", "rss:https://q.example/f"]),
        ("x:salt bread rss: q.example/f", ["x:salt bread", "rss:https://q.example/f"]),
        ("x:@a q.example/f", ["x:@a", "rss:https://q.example/f"]),
        (
            "https://q.example/1,https://q.example/2 x:@a",
            ["rss:https://q.example/1", "rss:https://q.example/2", "x:@a"],
        ),
        ("rss:https://q.example/1, q.example/2", ["rss:https://q.example/1", "rss:https://q.example/2"]),
        (f"{POST} , <https://x.com/a|@a>;".rstrip(";"), [f"link:{POST}", "x:@a"]),
        ("@a,@A, x:a", ["x:@a"]),
    ],
)
def test_lists(written: str, canonical: list[str]) -> None:
    """A list is cut where the next source begins, not inside addresses, searches and paths; repeats count once."""
    assert [str(ref) for ref in parse_refs(written)] == canonical


@pytest.mark.parametrize("written", ["", " , ", "foo x:@a", "x:@a, foo", ",".join(f"x:@a{n}" for n in range(51))])
def test_list_refusals(written: str) -> None:
    """A list with nothing in it, with something unknown, or too long is refused."""
    with pytest.raises(SourceRefused):
        parse_refs(written)


HANDLES = st.from_regex(r"@[a-z0-9_]{1,15}", fullmatch=True).map(lambda name: SourceRef("x", name))
FEEDS = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9,/]{0,12}[a-z0-9]", fullmatch=True).map(
    lambda url: SourceRef("rss", url)
)
SEARCHES = st.lists(st.from_regex(r'#[a-z]{1,8}|"[a-z ,@:]{0,8}[a-z]"', fullmatch=True), min_size=1, max_size=4).map(
    lambda words: SourceRef("x", " ".join(words))
)


@given(st.lists(HANDLES | FEEDS | SEARCHES, min_size=1, max_size=6, unique=True), st.sampled_from([", ", ",", " "]))
def test_lists_round_trip(refs: list[SourceRef], between: str) -> None:
    """What is written as a list of canonical forms is read as that list, whatever stands between."""
    assume(all("  " not in ref.query for ref in refs))
    assert list(parse_refs(between.join(str(ref) for ref in refs))) == refs
