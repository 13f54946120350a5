"""The words that cards and the command line share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.wording import conflict_words
from storage.records import TimeBasis


def test_a_conflict_is_told_with_its_dates_and_their_bases_in_words() -> None:
    """No day stands as a machine writes it, and no basis as it is stored; all else stays as it was."""
    why = "Two places: @coast (2015-10-13, decoded-id) says Latakia; Wire (A) (2013-06-06, stated) says Homs."
    assert conflict_words(why) == (
        "Two places: @coast (13 Oct 2015, decoded from the id) says Latakia; "
        "Wire (A) (6 Jun 2013, stated by the source) says Homs."
    )
    assert conflict_words("Impossible date: @a (date unknown) says 2015-10-13, but …") == (
        "Impossible date: @a (date unknown) says 13 Oct 2015, but …"
    )
    assert conflict_words("2015-13-45, unknown") == "2015-13-45, unknown"


@given(st.dates(), st.sampled_from(TimeBasis))
def test_every_basis_has_its_words(day: object, basis: TimeBasis) -> None:
    """Whatever the day and the basis, neither is left as it is stored."""
    told = conflict_words(f"@a ({day}, {basis}) says Homs.")
    assert str(day) not in told
    assert f", {basis})" not in told
