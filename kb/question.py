"""How a question is read before anything is looked up: slips mended, names expanded."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from kb.keywords import content_stems
from kb.places import Place, find_places
from kb.sentences import sentence_spans
from kb.spelling import Mend, Speller, mended
from kb.terms import Expansion, Ledger

MAX_QUESTION = 2000
"""Characters of a question that are read; a scenario of a page fits."""

_STORY = 200
"""Characters from which a question holds a story beside what is asked; its names, spelt out, would drown the rest."""

_ASKS_WEIGHT = 0.5
"""How much the part that asks counts once more, beside the whole."""


_THERE = re.compile(r"\b(?:t?here|theirs?)\b", re.I)

Span = tuple[int, int]
"""Characters from, to (end exclusive) of a text."""


@dataclass(frozen=True)
class Sought:
    """The `text` whose words are looked for one by one.

    Of each pair in `either` the one span spells out the other, so that a text which has the words of one has both.
    """

    text: str
    either: tuple[tuple[Span, Span], ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that it names."""
        return find_places(self.text)


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
    def spelt(self) -> Sought:
        """The question with its terms spelt out behind them; as it is where there are none, or where it is a story."""
        if self.is_story:
            return Sought(self.text)
        spelt, either = "", list[tuple[Span, Span]]()
        done = 0
        for expansion in self.expansions:
            spelt += self.text[done : expansion.end]
            done, at = expansion.end, len(spelt)
            spelt += f" ({expansion.means[0]})"
            either.append(((at - len(expansion.found), at), (at + 2, len(spelt) - 1)))
        return Sought(spelt + self.text[done:], tuple(either))

    @property
    def places_asked(self) -> frozenset[str]:
        """The places that its answer must be about: named where it asks, or before a "there", "here" or "their"."""
        asks = self.text if _THERE.search(self.asks) else self.asks
        return frozenset(place.name for place in find_places(asks))

    @property
    def meanings(self) -> dict[str, float]:
        """The texts whose vectors, weighted so and added up, stand for the question."""
        weights = {self.text: 1.0}
        weights.setdefault(self.spelt.text, 1.0)
        weights[self.asks] = weights.get(self.asks, 0.0) + _ASKS_WEIGHT
        return weights

    @property
    def sought(self) -> Sought:
        """What is looked for word by word: the question with its terms spelt out, of a story what it asks alone."""
        return Sought(self.asks) if self.is_story else self.spelt


def read(question: str, speller: Speller, ledger: Ledger, about: str = "", home: Container[str] = frozenset()) -> Asked:
    """The question as it is looked up; with `about`, an earlier question that it goes on from, as one with it.

    The names of the `home` of the documents find nothing in them, unless the question has no other words.
    """
    asks = "" if not about else question
    question = f"{about.rstrip(' ?')}, {question}" if about else question
    mends = _without_places(speller.mends(question), find_places(question))
    text = mended(question, mends)
    expansions = tuple(expansion for expansion in ledger.expansions(text) if expansion.means)
    stems = content_stems(_without_home(text, home)) or content_stems(text)
    named = {stem for expansion in expansions for name in expansion.means[:2] for stem in content_stems(name)}
    return Asked(text, asks or asking_part(text), tuple(stems), tuple(sorted(named - set(stems))), mends, expansions)


def _without_home(text: str, home: Container[str]) -> str:
    for place in reversed(find_places(text)):
        if place.name in home:
            text = f"{text[: place.start]} {text[place.end :]}"
    return text


def _without_places(mends: Iterable[Mend], places: Sequence[Place]) -> tuple[Mend, ...]:
    """The name of a place that the documents do not have is no slip of another word."""
    return tuple(m for m in mends if not any(p.start < m.end and m.start < p.end for p in places))


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
