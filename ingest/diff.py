"""Two sets of editions compared, document by document and section by section."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.changes import Difference, DocumentChange, EditionText


def compare(before: Sequence[EditionText], after: Sequence[EditionText]) -> Difference:
    """What differs between the two sets; of a document's editions the newest of each set are compared.

    The newest is the one in force from the latest day, among equals the last given.
    """
    raise NotImplementedError


def compare_editions(before: EditionText | None, after: EditionText | None) -> DocumentChange:
    """What became of each section between two editions of one document; None for a document that is not there."""
    raise NotImplementedError
