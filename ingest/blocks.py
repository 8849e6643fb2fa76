"""What every loader gives: the blocks of a file in reading order, with what the file says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kb.documents import ElementKind

Progress = Callable[[int, int], None]
"""Called with (page or part done, how many there are); loaders of formats without pages need not call it."""


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table row, on a single line of text.

    `text` has no line break; an item's text begins with its marker ('• ', '1. ', '(a) '), a row's cells are joined
    by ' | '. `level` is 1 to 6 for a heading, the nesting (1 and up) for an item, else 0. `is_header` marks the
    first row of a table that names its columns. `page` is the 1-based page on which the block begins, None where
    the format has none; `breaks` are (offset in `text`, page) pairs where a further page begins inside the block.
    """

    kind: ElementKind
    text: str
    level: int = 0
    is_header: bool = False
    page: int | None = None
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Loaded:
    """A file's blocks, and its own title, dates and link where it has them.

    `page_labels` holds the number printed on each page ('vii', '12'), '' where none is known; it is empty for a
    format without pages. `unread_pages` are the 1-based pages on which no text was found.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    edition: str | None = None
    url: str | None = None
    in_force_from: date | None = None
    page_labels: tuple[str, ...] = ()
    unread_pages: tuple[int, ...] = ()
