"""One generation, loaded for asking: its passages, their words, their vectors, and the index that finds by meaning."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from kb.database import Database
from kb.documents import ElementKind, Passage, Unit
from kb.embed import Embedder
from kb.entries import digest, passage_text, unit_words
from kb.index import Nearest
from kb.keywords import Keywords
from kb.places import WIDER, find_places
from kb.spelling import Speller
from kb.token_vectors import TokenVectors

_REPEATED = 4  # documents that hold the same sentence make it boilerplate
_AT_HOME = 0.1  # of the passages name a place: it is where the documents apply
_ASKS = re.compile(r"\?(?:\s+Ask: .*)?$")


class Library:
    """What a generation holds; passages and units are known by their numbers, in the order of the editions."""

    def __init__(self, database: Database, generation: str, nearest: Nearest, embedder: Callable[[], Embedder]) -> None:
        """Reads the generation from the open database; what it needs later it opens anew."""
        self.generation = generation
        self.editions = tuple(database.editions(generation))
        self.texts = {edition.id: database.edition_text(edition.id) for edition in self.editions}
        self.nearest = nearest
        self.embedder = embedder
        self.passages: list[Passage] = []
        # digest → (number of the passage, number of the unit or -1 for the passage whole)
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for edition in self.editions:
            self._add(database.passages(edition), [entry.digest for entry in database.entries(edition.id)])
        self._name = database.generation(generation).embedder
        self._folder = database.path.parent
        self._read_vectors(database)

    def _add(self, passages: Sequence[Passage], digests: Sequence[str]) -> None:
        following = iter(digests)
        for passage in passages:
            number = len(self.passages)
            self.passages.append(passage)
            self._places[next(following)].append((number, -1))
            for unit in range(len(passage.units) if len(passage.units) > 1 else 0):
                self._places[next(following)].append((number, unit))

    def _read_vectors(self, database: Database) -> None:
        """`passage_vectors` and `unit_vectors`: float32 of shape (passages, dimensions) and (units, dimensions)."""
        dimensions = database.generation(self.generation).dimensions
        self.passage_vectors = np.zeros((len(self.passages), dimensions), dtype=np.float32)
        self.unit_vectors = np.zeros((len(self.units), dimensions), dtype=np.float32)
        if not self._places:
            return
        for vector, places in zip(database.vectors(self._name, list(self._places)), self._places.values(), strict=True):
            for number, unit in places:
                if unit < 0:
                    self.passage_vectors[number] = vector
                if unit >= 0 or len(self.passages[number].units) == 1:
                    self.unit_vectors[self.first_units[number] + max(unit, 0)] = vector

    def vector_of(self, passage: Passage, unit: int) -> np.ndarray:
        """The vector of the passage's unit of that number (from 0)."""
        vector: np.ndarray = self.unit_vectors[self.first_units[self._numbers[passage.edition.id, passage.id]] + unit]
        return vector

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], int]:
        return {(passage.edition.id, passage.id): number for number, passage in enumerate(self.passages)}

    def passages_near(self, vector: np.ndarray, limit: int) -> set[int]:
        """The numbers of the passages that, whole or by a unit, are among the `limit` entries closest to a vector."""
        return {number for found, _ in self.nearest.nearest(vector, limit) for number, _ in self._places.get(found, ())}

    def token_vectors(self, numbers: Sequence[int]) -> list[TokenVectors]:
        """The words' vectors of passages, each over its `passage_text`."""
        with Database(self._folder) as database:
            return database.token_vectors(self._name, [digest(passage_text(self.passages[n])) for n in numbers])

    @cached_property
    def units(self) -> list[tuple[int, Unit]]:
        """Every unit with the number of its passage, in order."""
        return [(number, unit) for number, passage in enumerate(self.passages) for unit in passage.units]

    @cached_property
    def first_units(self) -> np.ndarray:
        """The number of each passage's first unit, and at the end how many units there are."""
        return np.cumsum([0, *(len(passage.units) for passage in self.passages)])

    @cached_property
    def sizes(self) -> Counter[str]:
        """How many units each edition has, by its id."""
        return Counter(passage.edition.id for passage in self.passages for _ in passage.units)

    @cached_property
    def passage_words(self) -> Keywords:
        """The words of every passage with what it stands under."""
        return Keywords([passage_text(passage) for passage in self.passages])

    @cached_property
    def unit_words(self) -> Keywords:
        """The words of every unit with what it stands under."""
        return Keywords([unit_words(self.passages[number], unit) for number, unit in self.units])

    @cached_property
    def speller(self) -> Speller:
        """The documents' own words, to mend a question by."""
        return Speller(passage_text(passage) for passage in self.passages)

    @cached_property
    def home(self) -> frozenset[str]:
        """The places that the documents are of: a passage need not name them to be about them."""
        named = Counter(name for passage in self.passages for name in places_in(passage))
        return WIDER | {name for name, count in named.items() if count >= _AT_HOME * len(self.passages)}

    @cached_property
    def says_nothing(self) -> np.ndarray:
        """bool of shape (units,): units that ask, that head a table, and that several documents repeat."""
        said = [self.passages[number].slice(unit.start, unit.end) for number, unit in self.units]
        documents: dict[str, set[str]] = defaultdict(set)
        for (number, _), text in zip(self.units, said, strict=True):
            documents[text].add(self.passages[number].edition.document.id)
        nothing = [
            len(documents[text]) >= _REPEATED
            or self.passages[number].has_as_header(unit)
            or (unit.kind is not ElementKind.ROW and bool(_ASKS.search(text)))
            for (number, unit), text in zip(self.units, said, strict=True)
        ]
        return np.array(nothing, dtype=bool)

    @cached_property
    def share_of_nothing(self) -> np.ndarray:
        """float of shape (passages,): the share of each passage's characters in units that say nothing."""
        lengths = np.array([unit.end - unit.start for _, unit in self.units], dtype=np.float32)
        starts = self.first_units[:-1]
        return np.add.reduceat(lengths * self.says_nothing, starts) / np.add.reduceat(lengths, starts)

    def warm(self) -> None:
        """Builds what the first question would otherwise wait for."""
        _ = (
            self.passage_words,
            self.unit_words,
            self.speller,
            self.home,
            self.share_of_nothing if self.passages else None,
        )


def places_in(passage: Passage) -> frozenset[str]:
    """The places that a passage, or what it stands under, names."""
    return frozenset(place.name for place in find_places(passage_text(passage)))
