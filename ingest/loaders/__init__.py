"""From a file to its blocks: one loader for each format, and one way in for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.blocks import Loaded, Progress
from ingest.clean import clean_block, clean_text
from ingest.loaders import sniff
from kb.errors import NotReadable

Loader = Callable[[Path, Progress | None], Loaded]

# A scanned report of 300 pages has some 60 MB. A web page may carry its pictures; 5 MB of bare text are 800,000 words.
MAX_BYTES = 100_000_000
MAX_PAGE_BYTES = 20_000_000
MAX_TEXT_BYTES = 5_000_000


# Each loader is imported when a file of its format comes, so that a corpus of web pages needs no Word library.
def _pdf(path: Path, progress: Progress | None) -> Loaded:
    from ingest.loaders.pdf import load_pdf

    return load_pdf(path, progress)


def _word(path: Path, progress: Progress | None) -> Loaded:
    from ingest.loaders.word import load_word

    return load_word(path, progress)


def _html(path: Path, progress: Progress | None) -> Loaded:
    from ingest.loaders.html import load_html

    return load_html(path, progress)


def _markdown(path: Path, progress: Progress | None) -> Loaded:
    from ingest.loaders.markdown import load_markdown

    return load_markdown(path, progress)


def _text(path: Path, progress: Progress | None) -> Loaded:
    from ingest.loaders.text import load_text

    return load_text(path, progress)


LOADERS: dict[str, Loader] = {
    ".docx": _word,
    ".htm": _html,
    ".html": _html,
    ".markdown": _markdown,
    ".md": _markdown,
    ".pdf": _pdf,
    ".txt": _text,
}
_LIMITS = {".docx": MAX_BYTES, ".htm": MAX_PAGE_BYTES, ".html": MAX_PAGE_BYTES, ".pdf": MAX_BYTES}
_CONTENT = {
    ".docx": (sniff.ZIP,),
    ".htm": (sniff.TEXT, sniff.HTML),
    ".html": (sniff.TEXT, sniff.HTML),
    ".pdf": (sniff.PDF,),
}
REFUSED = {
    ".doc": "Open it in Word and save it as .docx.",
    ".odt": "Open it in Word or LibreOffice and save it as .docx.",
    ".docm": "Open it in Word and save it as .docx.",
    ".rtf": "Open it in Word and save it as .docx.",
    ".xls": "Save the sheet as a Word table or as a PDF.",
    ".xlsx": "Save the sheet as a Word table or as a PDF.",
    ".ppt": "Save the slides as a PDF.",
    ".pptx": "Save the slides as a PDF.",
}
"""Formats of documents that are not read, and what to do with each."""


def load(path: Path, progress: Progress | None = None) -> Loaded:
    """The file's blocks, cleaned and at least one; every bad file ends in NotReadable."""
    suffix = path.suffix.lower()
    loader = LOADERS.get(suffix)
    if loader is None:
        known = ", ".join(sorted(LOADERS))
        fact = f"no loader for {suffix!r}; known: {known}" if suffix else f"the file name has no ending; known: {known}"
        raise NotReadable(path.name, fact, REFUSED.get(suffix, "Save it in one of these formats."))
    try:
        _check_content(path, suffix)
    except (OSError, ValueError) as error:
        raise NotReadable(path.name, _os_fact(error), "Check that it is there and may be read.") from error
    return _cleaned(path, loader(path, progress))


def _check_content(path: Path, suffix: str) -> None:
    """Raises NotReadable for a file that is empty, too large, or not what its name's ending says."""
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise NotReadable(path.name, "this is not a file", "Name a file.")
    size = path.stat().st_size
    limit = _LIMITS.get(suffix, MAX_TEXT_BYTES)
    if size == 0:
        raise NotReadable(path.name, "the file is empty", "Save the document again and add that.")
    if size > limit:
        fact = f"the file has {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that are read"
        raise NotReadable(path.name, fact, "Split it into parts, or save it without pictures.")
    content = sniff.content_of(sniff.head_of(path))
    if content not in _CONTENT.get(suffix, (sniff.TEXT,)):
        raise _misnamed(path, suffix, content)


def _misnamed(path: Path, suffix: str, content: str) -> NotReadable:
    if suffix == ".docx" and content == sniff.OLE:
        if sniff.is_encrypted_office(path):
            return NotReadable(path.name, "the file is encrypted", "Save a copy without a password and add that.")
        return NotReadable(path.name, "this is an old .doc under a new name", REFUSED[".doc"])
    fact = f"the file is {content}, not what {suffix!r} says"
    return NotReadable(path.name, fact, "Give it the right ending, or save the document again.")


def _os_fact(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is not there"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"the file cannot be opened ({reason})"


def _cleaned(path: Path, loaded: Loaded) -> Loaded:
    """What was loaded with every text cleaned; NotReadable when no block is left."""
    blocks = tuple(cleaned for block in loaded.blocks if (cleaned := clean_block(block)))
    if not blocks:
        next_step = "If it is a scan or a picture, add a version with text in it."
        raise NotReadable(path.name, "no text was found in it", next_step)
    title = clean_text(loaded.title or "") or None
    edition = clean_text(loaded.edition or "") or None
    return replace(loaded, blocks=blocks, title=title, edition=edition)
