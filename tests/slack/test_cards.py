"""What cards say of findings that are large, hostile or at an edge."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot import wording
from bot.compare_findings import Compared
from bot.findings import PeopleFinding, TracedPost
from bot.home_findings import HomeFinding
from bot.narrowed import Narrowed
from bot.slack.blocks import Card, Message
from bot.slack.cards.check import check_card
from bot.slack.cards.compare import share
from bot.slack.cards.digest import digest_card
from bot.slack.cards.home import home_view
from bot.slack.cards.people import people_card
from bot.slack.cards.trace import trace_card
from bot.slack.cards.whereis import whereis_card, whereis_more
from bot.slack.ids import Action, Question, Verb, question
from bot.workspace import rules
from storage.records import Certainty, Conflict, ConflictKind, Person, Polygon, Post, PostStatus, Stance
from storage.relations import ClaimRelation
from tests.slack import findings as made
from tests.slack.goldens import cards
from tests.slack.limits import card_problems, objects, problems, shown_quotes


def written(message: Message) -> str:
    """Everything that a message shows."""
    return "\n".join(item["text"] for item in objects(message.blocks) if isinstance(item.get("text"), str))


def buttons(message: Message) -> dict[str, str]:
    """The buttons of a message: value by action."""
    return {item["action_id"]: item["value"] for item in objects(message.blocks) if item.get("type") == "button"}


def everything(card: Card) -> str:
    """Everything that a card shows."""
    return "\n".join(map(written, (card.first, *card.thread)))


def test_the_earliest_is_named_as_the_earliest_we_hold() -> None:
    """The oldest dated appearance stands on the first screen with its basis, and is not called the original."""
    card = trace_card(made.trace(made.match(8), made.match(7)))
    assert "Earliest we hold: posted 3 Feb 2019 18:20 UTC, decoded from the id, by Reporter 7" in written(card.first)
    assert "Earliest we hold: posted 3 Feb 2019 18:20 UTC" in card.first.text
    assert "original" not in everything(card).lower()


def test_a_post_older_than_its_copies_is_not_told_as_seen_before() -> None:
    """Where the traced post is itself the oldest, the title says elsewhere, and the words say so."""
    old = made.post(1, posted_at="2010-01-01T00:00:00.000Z")
    card = trace_card(made.trace(made.match(), of=old))
    assert "Seen elsewhere" in written(card.first)
    assert "Seen before" not in everything(card)
    assert "Earliest we hold is this post" in written(card.first)


@pytest.mark.parametrize("status", [status for status in PostStatus if status is not PostStatus.LIVE])
def test_each_way_of_being_gone_has_its_own_words(status: PostStatus) -> None:
    """Deleted, suspended, protected, withheld, age-gated and missing are told apart, with what the source said."""
    gone = made.post(1, status=status, status_reason=f"The platform says {status}.", text="")
    card = trace_card(made.trace(of=gone, images=(), timeline=()))
    others = {words for other, words in wording.STATUSES.items() if other is not status}
    assert wording.STATUSES[status] in written(card.first)
    assert f"The platform says {status}." in written(card.first)
    assert not any(words in written(card.first) for words in others)


def test_a_possible_match_is_not_told_as_seen_before() -> None:
    """A match under the threshold is called possible."""
    unsure = made.match()
    unsure = replace(unsure, reuse=replace(unsure.reuse, certainty=Certainty.POSSIBLE, score=0.4))
    card = trace_card(made.trace(unsure, conflicts=()))
    assert "a possible match" in written(card.first)
    assert "Certainty: possible, score 0.40 (threshold 0.55)" in written(card.first)


def test_every_place_in_a_caption_has_its_speaker() -> None:
    """The location pillar names who says each place, and by which date."""
    shown = written(trace_card(made.trace(made.match())).first)
    assert "Bergen\n: said by @reporter_7 (posted 3 Feb 2019 18:20 UTC, decoded from the id)" in shown
    assert "Oslo\n: said by @reporter_1 (posted 4 May 2021 08:02 UTC, decoded from the id)" in shown


def test_a_denial_stands_under_what_it_denies() -> None:
    """A denial of another place name follows the claim it denies, which says that it is denied."""
    quotes = list(shown_quotes([whereis_card(made.whereis_with_denial()).first]))
    spoken = [before for before, _ in quotes]
    denied = next(number for number, before in enumerate(spoken) if "denied by the ministry" in before)
    assert "rumored by unnamed users, via @reporter_1" in spoken[denied - 1]
    shown = written(whereis_card(made.whereis_with_denial()).first)
    assert shown.index("“rumours put Njoroge in Oslo”") < shown.index("Here denied by the ministry.")
    assert shown.index("Here denied by the ministry.") < shown.index("denied by the ministry", shown.index("↳ "))


def test_the_first_screen_says_of_each_place_who_says_so_last_and_who_denies_it() -> None:
    """A line a place comes first, then what is denied beside its denial, then the rest; nothing stands twice."""
    denied = made.whereis_with_denial()
    more = [made.sighting(number, f"voice {number} says Oslo") for number in range(4, 9)]
    card = whereis_card(made.whereis(*more, *denied.sightings, conflicts=denied.conflicts))
    shown = written(card.first)
    lines = [
        "Oslo, NO (city)\n: 6 sightings, newest asserted by @reporter_4, 3 May 2021",
        "; denied by the ministry.",
        "Norway (country)\n: 2 sightings, newest planned, according to @reporter_3, 3 May 2021",
        "Said, and denied",
        "“rumours put Njoroge in Oslo”",
        "“the ministry denies it”",
        "Also said",
        "“voice 4 says Oslo”",
        "“she will fly to Norway”",
    ]
    places = [shown.index(part) for part in lines]
    assert sorted(places) == places
    assert sorted(words for _, words in shown_quotes([card.first])) == sorted(
        found.sighting.quote for found in (*more, *denied.sightings)
    )


def test_a_plan_is_not_told_as_denied_by_who_denies_another_place() -> None:
    """In the line of a place stands only who denies what is said of that place."""
    denied = made.whereis_with_denial()
    told = made.whereis(made.sighting(9, "voice 9 says Oslo"), *denied.sightings, conflicts=denied.conflicts)
    norway = next(line for line in whereis_card(told).first.text.split("\n") if "2 sightings, newest planned" in line)
    assert norway.startswith("Norway (country)")
    assert "denied" not in norway


def test_a_denied_claim_stands_on_the_first_screen_of_many() -> None:
    """However many sightings there are, what is denied and its denial stand in the first message, under the places."""
    more = [made.sighting(number, f"voice {number} says Oslo") for number in range(4, 40)]
    denied = made.whereis_with_denial()
    card = whereis_card(made.whereis(*more, *denied.sightings, conflicts=denied.conflicts))
    shown = [words for _, words in shown_quotes([card.first])]
    assert shown == ["rumours put Njoroge in Oslo", "the ministry denies it"]
    assert Action.SHOW_MORE in buttons(card.first)
    assert card_problems(card) == []


def test_each_sighting_is_shown_once_however_many_there_are() -> None:
    """A thousand sightings: a summary first, then page after page by "Show more", none lost, none doubled."""
    found = [made.sighting(n, f"voice {n} puts Njoroge in Oslo") for n in range(1, 1001)]
    finding = made.whereis(*found)
    card = whereis_card(finding)
    assert card_problems(card) == []
    assert len(card.thread) <= 5
    shown: list[str] = []
    page = card.thread
    while True:
        shown += [words for _, words in shown_quotes(page)]
        more = [buttons(message).get(Action.SHOW_MORE) for message in page]
        values = [value for value in more if value]
        if not values:
            break
        asked = question(values[-1])
        assert (Verb.WHEREIS, "Amina Njoroge", len(shown)) == (asked.verb, asked.subject, asked.start)
        page = whereis_more(finding, asked.start)
        assert [problem for message in page for problem in problems(message)] == []
    assert [one.sighting.quote for one in found] == shown


def test_many_denials_neither_lose_nor_double_a_sighting() -> None:
    """Where everybody denies everybody, each sighting still stands exactly once."""
    said = [made.sighting(n, f"claim {n}") for n in range(1, 21)]
    denied = [made.sighting(n, f"denial {n}", stance=Stance.DENIED) for n in range(21, 41)]
    pairs = tuple(
        Conflict(ConflictKind.DENIAL, "One says so; the other denies it.", sightings=(a.id, b.id))
        for a in said
        for b in denied
    )
    # A denial that is denied itself, and a pair that names itself, must not hide anything either.
    odd = (
        Conflict(ConflictKind.DENIAL, "x", sightings=(denied[0].id, denied[1].id)),
        Conflict(ConflictKind.DENIAL, "x", sightings=(said[0].id, said[0].id)),
        Conflict(ConflictKind.DENIAL, "x", sightings=("gone", said[1].id)),
    )
    card = whereis_card(made.whereis(*denied, *said, conflicts=(*pairs, *odd)))
    shown = sorted(words for _, words in shown_quotes(card.thread))
    assert sorted(one.sighting.quote for one in (*said, *denied)) == shown


def test_words_that_are_cut_stand_whole_in_the_thread() -> None:
    """A quotation too long for the first screen ends in "…" there, and all of its words follow."""
    long = " ".join(f"word{n}" for n in range(400))
    card = whereis_card(made.whereis(made.sighting(1, long)))
    first = [words for _, words in shown_quotes([card.first])]
    assert long.startswith(first[0])
    assert "…" in written(card.first)
    assert long == "".join(words for _, words in shown_quotes(card.thread))


def test_an_unknown_name_offers_those_it_may_mean() -> None:
    """Each suggestion is a button that asks for that person."""
    card = cards()["whereis-nobody"]
    assert isinstance(card, Card)
    asked = [question(value) for action, value in buttons(card.first).items() if action.startswith(Action.ASK)]
    assert [Question(Verb.WHEREIS, "Amina Njoroge")] == asked


def test_a_file_of_slack_is_shown_by_its_name() -> None:
    """The id by which Slack hands a file out is kept for the buttons, and not shown."""
    card = check_card([made.check(made.match(), name="from-a-reader.jpg (F0ABC1234)")])
    assert "from-a-reader.jpg:" in written(card.first)
    assert "F0ABC1234" not in card.first.text
    assert "F0ABC1234" not in written(card.first)
    assert "F0ABC1234" in buttons(card.first)[Action.KEEP]


def test_a_check_tells_each_picture_apart() -> None:
    """Found, not found, and not to be looked up are three different answers, in the order of the question."""
    lines = check_card(
        [made.check(name="a.jpg"), made.check(made.match(), name="b.jpg"), made.check(name="c", why_not="empty")]
    ).first.text.split("\n")
    assert lines[0] == "1 of 3 pictures was seen before, 1 could not be looked up."
    assert lines[1].startswith("Picture 1, a.jpg: No copy")
    assert lines[2].startswith("Picture 2, b.jpg: Mirrored left to right")
    assert lines[3] == "Picture 3, c: cannot be looked up: empty"


def test_a_picture_that_nobody_could_look_up_is_not_called_new() -> None:
    """What was not compared is not said to be without a copy."""
    card = check_card([made.check(name="c", why_not="empty")])
    assert card.first.text.startswith("This picture could not be looked up.\n")
    assert "No copy" not in written(card.first)


def test_kept_pictures_offer_no_keeping() -> None:
    """The button to keep is there until the picture is kept."""
    assert Action.KEEP in buttons(check_card([made.check()]).first)
    assert Action.KEEP not in buttons(check_card([replace(made.check(), kept_as="file:1")]).first)


def test_a_long_digest_goes_on_in_its_thread() -> None:
    """Two hundred sightings of three people: the first screen counts them, no limit is broken, people stay together."""
    found = []
    for n in range(1, 201):
        one = made.sighting(n, f"voice {n}")
        person = f"Person {n % 3}"
        found.append(replace(one, sighting=replace(one.sighting, person_id=person, person_name=person)))
    card = digest_card(made.digest_of_a_day(sightings=tuple(found)))
    assert card_problems(card) == []
    assert "New sightings: 200" in written(card.first)
    names = [re.findall(r"Person \d", before)[-1] for before, _ in shown_quotes((card.first, *card.thread))]
    assert names == sorted(names, key=lambda name: list(dict.fromkeys(names)).index(name))


def test_the_home_tab_holds_many_of_each() -> None:
    """More than it shows is counted, within the limits of a view, and the settings always end it."""
    view = home_view(
        HomeFinding(
            mine=tuple(made.alert(made.raised(str(n))) for n in range(30)),
            others=tuple(made.alert(made.raised(str(n))) for n in range(70)),
            watches=made.home().watches * 50,
            traces=tuple(TracedPost(made.post(n), made.AT, n) for n in range(300)),
            digests=made.home().digests * 50,
        )
    )
    assert rules.check_view(view) == []
    titles = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert titles[2:] == ["My watches: 100", "My traces: 300", "Settings"]
    assert "and 95 more: /watch list" in str(view)
    assert any(
        "and 65 older ones" in item["text"] for item in objects(view["blocks"]) if isinstance(item.get("text"), str)
    )


def test_a_long_watch_list_is_shown_whole() -> None:
    """Three hundred people: everybody is in the card."""
    card = people_card(PeopleFinding(tuple(Person(f"p{n}", f"Person {n:03}", "role", ("P",)) for n in range(300))))
    assert card_problems(card) == []
    assert all(f"Person {n:03}" in everything(card) for n in range(300))


def test_a_trace_with_many_pictures_stays_within_its_thread() -> None:
    """A hundred pictures with twenty matches each: every limit holds, and uploads are few."""
    image = made.check(*(made.match(n, "A caption " * 40, f"/evidence/{n}.png") for n in range(20, 40)))
    pictures = tuple(replace(image, input=f"picture {n}") for n in range(100))
    card = trace_card(made.trace(made.match(), images=pictures, conflicts=(made.CONFLICT,) * 500))
    assert card_problems(card) == []
    assert sum(len(message.pictures) for message in (card.first, *card.thread)) <= 11


def test_a_post_without_anything_known_has_a_card() -> None:
    """No author, date, address, text or capture: each is said to be unknown, and nothing fails."""
    bare = Post("text:1", "text", None, None, None, None, None, None, made.post().posted_at_basis, None, "", None,
                PostStatus.LIVE, "", made.AT)  # fmt: skip
    card = trace_card(made.trace(of=bare, captures=(), images=(), timeline=(), elsewhere=()))
    assert card_problems(card) == []
    for told in ("author unknown", "posted: unknown", "no public address", "no archived copy"):
        assert told in written(card.first)


def test_an_answer_that_is_not_whole_says_so() -> None:
    """While the archive is read again for a changed watch-list, screen and fallback tell how much is left."""
    card = whereis_card(replace(made.whereis_with_denial(), unread=1200))
    for shown in (written(card.first), card.first.text):
        assert "1,200 archived texts not read yet" in shown


def test_captions_that_differ_without_conflict_stand_in_the_thread_alone() -> None:
    """What is less specific is told under its own heading, never on the first screen, and never as a conflict."""
    why = "Less specific, no conflict: @a (2021-05-04, decoded-id) says Syria; @b (date unknown) says Latakia."
    told = Conflict(ConflictKind.PLACE, why, posts=("x:1", "x:7"), relation=ClaimRelation.LESS_SPECIFIC)
    card = trace_card(made.trace(made.match(), conflicts=(), differences=(told,)))
    thread = "\n".join(map(written, card.thread))
    assert wording.DIFFERENT in thread
    assert "@a (4 May 2021, decoded from the id) says Syria" in thread
    assert "Less specific" not in written(card.first)
    assert "In conflict" not in everything(card)
    assert card_problems(card) == []


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (((0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (0.0, 80.0)), "all"),
        (((0.0, 80.0), (0.0, 0.0), (50.0, 0.0), (50.0, 80.0)), "50 %"),
        (((0.0, 0.0), (100.0, 0.0), (100.0, 78.0), (0.0, 78.0)), "98 %"),
        (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), "less than 1 %"),
    ],
)
def test_how_much_of_a_picture_a_region_covers(region: Polygon, words: str) -> None:
    """Whichever way round its corners are named; nothing is rounded up to all."""
    assert share(region, Compared("one.jpg", "a" * 64, 100, 80)) == words


def test_a_trace_tells_coordinates_to_one_person_alone() -> None:
    """Its thread says what the file says of itself; the first screen what weighs most."""
    finding = made.trace(images=(replace(made.check(), metadata=made.STATED),))
    alone, public = (trace_card(finding, named=named) for named in (True, False))
    for card in (alone, public):
        assert "Its file says of itself: The file calls itself “made by a generative model”" in written(card.first)
    assert "43.46745" in "".join(map(written, alone.thread))
    assert "They are not told in a channel" in everything(public)
    assert "43.4" not in everything(public)


def test_pages_of_several_pictures() -> None:
    """The buttons are of the first picture that can be searched for; the thread has the pages of every picture."""
    found = [made.check(name="sent-in.jpg"), made.check(address=made.PICTURE), made.check(address=f"{made.PICTURE}2")]
    card = check_card(found)
    assert "Search elsewhere for picture 2." in written(card.first)
    assert [page.url for page in found[1].elsewhere] == [
        one["url"] for block in card.first.blocks for one in block.get("elements", ()) if "url" in one
    ]
    thread = "".join(map(written, card.thread))
    assert "Picture 3, TinEye, oldest first: " in thread
    assert "Picture 1. To search elsewhere: no public address" in thread


def test_the_map_and_the_timeline_stand_with_the_claims() -> None:
    """Both pictures follow the claims in the first message, with words that name speaker, stance and denial."""
    drawn = replace(made.whereis_with_denial(), map="/evidence/map.png", timeline="/evidence/timeline.png")
    card = whereis_card(drawn)
    assert card_problems(card) == []
    assert [picture.path for picture in card.first.pictures] == ["/evidence/map.png", "/evidence/timeline.png"]
    for picture in card.first.pictures:
        assert "denied by the ministry" in picture.alt
        assert picture.alt.endswith(".")
    kinds = [block["type"] for block in card.first.blocks]
    assert kinds.index("image") > max(place for place, kind in enumerate(kinds) if kind == "rich_text")


def test_the_words_of_pictures_give_way_to_claims_by_whole_sentences() -> None:
    """A dozen claims stay on the first screen beside both pictures, whose words are cut at the end of a sentence."""
    found = [made.sighting(n, f"voice {n} puts Njoroge in Oslo") for n in range(1, 12)]
    drawn = replace(made.whereis(*found), map="/evidence/map.png", timeline="/evidence/timeline.png")
    card = whereis_card(drawn)
    assert card_problems(card) == []
    assert all(picture.alt.endswith(".") and len(picture.alt) <= 1_000 for picture in card.first.pictures)


def test_what_an_answer_is_narrowed_to_is_asked_again() -> None:
    """The title says it, and each button that asks again carries it."""
    narrowed = Narrowed("2021-05-01", "Norway", Stance.PLANNED)
    card = whereis_card(replace(made.whereis_with_denial(), narrowed=narrowed))
    title = card.first.blocks[0]["text"]["text"]
    assert title == "Who says where: Amina Njoroge, planned only, in Norway, published since 1 May 2021"
    asked = question(buttons(card.first)[Action.SHARE])
    assert (asked.since, asked.place, asked.stance) == ("2021-05-01", "Norway", "planned")


def test_buttons_never_take_the_place_of_sightings() -> None:
    """Where all sightings fit but their buttons do not, all are shown, and one button brings them with theirs."""
    said = [made.sighting(number, f"voice {number} says Oslo " + "again " * 40) for number in range(1, 12)]
    many = made.whereis(*said)
    card = whereis_card(many)
    actions = [one["action_id"] for one in objects(list(card.first.blocks)) if one.get("type") == "button"]
    assert all(f"voice {number} says" in written(card.first) for number in range(1, 12))
    assert not any(action.startswith(Action.JUDGE) for action in actions)
    assert Action.SHOW_MORE in actions
    more = [one for page in whereis_more(many, 0) for one in objects(list(page.blocks)) if one.get("type") == "button"]
    assert sum(one["action_id"].startswith(Action.JUDGE) for one in more) == 11
