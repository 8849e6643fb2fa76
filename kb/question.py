"""How a question is read before anything is looked up: slips mended, names expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.keywords import content_stems
from kb.sentences import sentence_spans
from kb.spelling import Mend, Speller, mended
from kb.terms import Expansion, Ledger

MAX_QUESTION = 2000
"""Characters of a question that are read; a scenario of a page fits."""

_STORY = 200
"""Characters from which a question holds a story beside what is asked; its names, spelt out, would drown the rest."""

_ASKS_WEIGHT = 0.5
"""How much the part that asks counts once more, beside the whole."""


@dataclass(frozen=True)
class Asked:
    """A question as it is looked up.

    `text` is the question with its slips mended, `asks` the part of it that asks, apart from a story; `stems` are its
    words that can find something, `added` the stems of what its terms also mean.
    """

    text: str
    asks: str
    stems: tuple[str, ...]
    added: tuple[str, ...]
    mends: tuple[Mend, ...] = ()
    expansions: tuple[Expansion, ...] = ()

    def said_in(self, stems: set[str]) -> set[str]:
        """Those of the question's stems that a text of these `stems` has, or has the meaning of."""
        said = {stem for stem in self.stems if stem in stems}
        for expansion in self.expansions:
            if any(names and names <= stems for names in map(set, map(content_stems, expansion.means))):
                said.update(content_stems(expansion.found))
        return said

    @property
    def is_story(self) -> bool:
        """Whether it is so long that it tells a story beside what it asks."""
        return len(self.text) >= _STORY

    @property
    def spelt(self) -> str:
        """The question with its terms spelt out behind them; as it is where there are none, or where it is a story."""
        spelt = self.text
        for expansion in sorted(self.expansions, key=lambda expansion: -expansion.start):
            spelt = spelt[: expansion.end] + f" ({expansion.means[0]})" + spelt[expansion.end :]
        return self.text if self.is_story else spelt

    @property
    def meanings(self) -> dict[str, float]:
        """The texts whose vectors, weighted so and added up, stand for the question."""
        weights = {self.text: 1.0}
        weights[self.spelt] = weights.get(self.spelt, 0.0) or 1.0
        weights[self.asks] = weights.get(self.asks, 0.0) + _ASKS_WEIGHT
        return weights

    @property
    def words_asked(self) -> str:
        """The text whose words are looked for one by one: the question, of a story what it asks alone."""
        return self.asks if self.is_story else self.text


def read(question: str, speller: Speller, ledger: Ledger, about: str = "") -> Asked:
    """The question as it is looked up; with `about`, an earlier question that it goes on from, as one with it."""
    asks = "" if not about else question
    question = f"{about.rstrip(' ?')}, {question}" if about else question
    mends = speller.mends(question)
    text = mended(question, mends)
    expansions = tuple(expansion for expansion in ledger.expansions(text) if expansion.means)
    stems = content_stems(text)
    named = {stem for expansion in expansions for name in expansion.means[:2] for stem in content_stems(name)}
    return Asked(text, asks or asking_part(text), tuple(stems), tuple(sorted(named - set(stems))), mends, expansions)


_GOES_ON = re.compile(
    r"\W*(?:and|but|or)\b(?! (?:is|are)\b.{40})|\W*(?:what|how) (?:about|if)\b|\W*(?:if|same|also|otherwise)\b", re.I
)


def goes_on(question: str) -> bool:
    """Whether the question leans on an earlier one: "and if the child is disabled?", "what about a grandparent?"."""
    return len(question) < _STORY and bool(_GOES_ON.match(question))


def asking_part(text: str) -> str:
    """The sentences that end in a question mark; without one the last sentence."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return " ".join(asking or sentences[-1:]) or text
