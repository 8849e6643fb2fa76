"""Which code read a file or answered a question: a digest of it, so that nobody has to remember to raise a number."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
_KB = _HERE.parent / "kb"
_READING = (_HERE / "blocks.py", _HERE / "clean.py", _HERE / "split.py", _KB / "entries.py", _KB / "sentences.py")
_LIBRARIES = ("beautifulsoup4", "lxml", "markdown-it-py", "pypdf", "python-docx", "sentencex")


@lru_cache(maxsize=1)
def reader() -> str:
    """12 hexadecimal digits that change with the loaders, the cleaning, the splitting or the libraries that they use.

    A file read by other code is read again; only texts that come out otherwise are embedded again.
    """
    files = (*_READING, *sorted((_HERE / "loaders").glob("*.py")))
    versions = (f"{library} {version(library)}".encode() for library in _LIBRARIES)
    return hashlib.sha256(b"\0".join((*versions, *(file.read_bytes() for file in files)))).hexdigest()[:12]


@lru_cache(maxsize=4)
def _answering() -> str:
    files = sorted(file for file in _KB.iterdir() if file.suffix in (".py", ".json", ".toml"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def answerer(corpus: Path, model: str) -> str:
    """12 hexadecimal digits that change with all that decides an answer but the documents and the day."""
    files = (corpus / "terms.toml", corpus / "contacts.toml")
    read = (file.read_bytes() if file.is_file() else b"" for file in files)
    return hashlib.sha256(b"\0".join((_answering().encode(), model.encode(), *read))).hexdigest()[:12]
