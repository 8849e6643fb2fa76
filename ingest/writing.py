"""One writer at a time, in a folder that can be written and on a disk with room."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import KnowledgeBaseError, StoreBusy, StoreDamaged

_NO_SPACE = 2**20  # with less than this free on the disk, a store that fails while it is written fails for that


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Holds the write lock of a data folder, which is made where it is not there.

    Raises StoreBusy at once where another process holds it, and KnowledgeBaseError where the folder cannot be written
    or the disk fills up meanwhile.
    """
    lock = FileLock(str(data / "ingest.lock"))
    with _plain(data):
        data.mkdir(parents=True, exist_ok=True)
        _acquire(lock, data)
    try:
        with _plain(data):
            yield
    finally:
        lock.release()


def _acquire(lock: FileLock, data: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        wait = "Wait until it is done, then run this again."
        raise StoreBusy(str(data), "another ingest is writing here", wait) from error


@contextmanager
def _plain(data: Path) -> Iterator[None]:
    """What the disk refuses inside, as one of this program's errors."""
    try:
        yield
    except BrokenPipeError:  # whoever read our output has left; the disk has nothing to do with it
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _full(data) from error
        fact = f"it cannot be written ({error.strerror or error})"
        raise KnowledgeBaseError(
            str(data), fact, "Check the folder and who may write there, or name another."
        ) from error
    except StoreDamaged as error:
        # Chroma and SQLite report a full disk in more ways than they have words for it.
        if shutil.disk_usage(data).free < _NO_SPACE:
            raise _full(data) from error
        raise


def _full(data: Path) -> KnowledgeBaseError:
    return KnowledgeBaseError(
        str(data), "the disk is full; nothing was published", "Free some space, then run this again."
    )
