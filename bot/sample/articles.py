"""The texts of the demo's articles: paragraphs parted by an empty line, wrapped here only for reading."""

from __future__ import annotations


def _paragraphs(wrapped: str) -> str:
    """Undo the wrapping: one line a paragraph, an empty line between."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in wrapped.strip().split("\n\n"))


AIR_STRIKES = _paragraphs("""
What is known about the Russian air strikes

Russian warplanes flew their first raids over Syria on Wednesday, hours after the upper house of parliament in Moscow
had voted to allow it. The defence ministry spoke of Islamic State camps and depots as its targets.

Activists in Homs province gave another account. They said that bombs fell on towns held by other rebels, and that
civilians were among the dead. Neither account could be checked from outside the country.

The jets use an airfield south of Latakia, where satellite images have shown new housing, fuel stores and a longer
taxiway since the summer. Freighters bring supplies to the ports of the coast.

Washington and its partners, who bomb Islamic State from bases elsewhere in the region, asked for rules that keep the
two air forces apart.
""")

COMMANDER_ON_THE_COAST = _paragraphs("""
Posts put an Iranian general on the Syrian coast

Several accounts on social media claimed on Tuesday that General Qassem Soleimani, who leads the Quds Force, was in
Latakia to prepare an offensive.

@sample_coast_diary: Qasem #Soleimani in #Latakia this evening, fighters queue for a photo with him

Sample Wire could not establish where the pictures were taken, or when. One of them looks like a photograph that is more
than two years old.

In March 2015, Soleimani was in Tikrit, where Iraqi troops and militias fought Islamic State, Iraqi commanders said at
the time.

Soleimani was also rumoured to have flown to Moscow in July, but the Kremlin denied that such a trip took place.

Tehran calls the officers whom it sends to the war advisers. Iranian state media reported that General Hossein Hamedani
was killed near Aleppo on 8 October.

Moscow's jets have been in action since the last day of September, and the army of President Bashar al-Assad has begun
to advance under their cover.
""")

MINSK_ANSWERS = _paragraphs("""
Minsk gives another answer about the head of Wagner

Yevgeny Prigozhin is in St. Petersburg, Belarusian President Alexander Lukashenko said on Thursday.

Prigozhin is not in Belarus, Lukashenko told reporters.

On 27 June he had told them that Prigozhin had arrived in Belarus under the deal that ended the mutiny.

On 24 June, Prigozhin was in Rostov-on-Don, where his men had taken an army headquarters without a fight.

A spokesman for the Kremlin said that nobody there was following the movements of Prigozhin.
""")
