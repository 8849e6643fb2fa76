"""A copy of a data folder to try things on, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ingest.writing import writing
from kb.database import NAME, Database
from kb.errors import KnowledgeBaseError, StoreBusy
from kb.index import FOLDER


@contextmanager
def copied(data: Path) -> Iterator[Path]:
    """A folder with what the data folder holds, removed at the end; the data folder is only read.

    Raises StoreBusy while another process writes.
    """
    with tempfile.TemporaryDirectory(prefix="knowledge-base-") as name:
        copy = Path(name)
        if (data / NAME).exists():
            with ExitStack() as still:
                try:
                    still.enter_context(writing(data))  # so that nothing is copied half written
                except StoreBusy:
                    raise
                except KnowledgeBaseError:  # a folder that cannot be written is still
                    pass
                _copy(data, copy)
        yield copy


def _copy(data: Path, copy: Path) -> None:
    with Database(data) as database:
        database.copy_to(copy / NAME)
    if (data / FOLDER).is_dir():
        with suppress(shutil.Error):  # an index that cannot be copied whole is made anew from SQLite
            shutil.copytree(data / FOLDER, copy / FOLDER)
