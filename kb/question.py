"""How a question is read before anything is looked up: slips mended, names expanded."""

from __future__ import annotations

from dataclasses import dataclass

from kb.keywords import content_stems
from kb.spelling import Mend, Speller, mended
from kb.terms import Expansion, Ledger

_STORY = 200
"""Characters from which a question holds a story beside what is asked; its names, spelt out, would drown the rest."""


@dataclass(frozen=True)
class Asked:
    """A question as it is looked up.

    `text` is the question with its slips mended; `stems` its words that can find something; `added` the stems of what
    its terms also mean.
    """

    text: str
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
    def meanings(self) -> tuple[str, ...]:
        """The texts whose vectors, added up, stand for the question: it, and, if short, it with its terms spelt out."""
        spelt = self.text
        for expansion in sorted(self.expansions, key=lambda expansion: -expansion.start):
            spelt = spelt[: expansion.end] + f" ({expansion.means[0]})" + spelt[expansion.end :]
        return (self.text, spelt) if spelt != self.text and len(self.text) < _STORY else (self.text,)


def read(question: str, speller: Speller, ledger: Ledger) -> Asked:
    """The question as it is looked up."""
    mends = speller.mends(question)
    text = mended(question, mends)
    expansions = tuple(expansion for expansion in ledger.expansions(text) if expansion.means)
    stems = content_stems(text)
    named = {stem for expansion in expansions for name in expansion.means[:2] for stem in content_stems(name)}
    return Asked(text, tuple(stems), tuple(sorted(named - set(stems))), mends, expansions)
