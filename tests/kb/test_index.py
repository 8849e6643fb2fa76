"""Chroma as the index: it finds what is nearest, and says plainly what is wrong with it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kb.errors import StoreDamaged
from kb.index import FOLDER, Index, discard


def unit(vectors: np.ndarray) -> np.ndarray:
    made: np.ndarray = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


AXES = unit(np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [-1, 0, 0]]))
NAMES = ["right", "slanted", "up", "left"]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index(tmp_path, write=True) as opened:
        opened.write("axes", NAMES, AXES, NAMES)
        yield opened


def test_similarity_is_the_cosine_and_the_closest_come_first(index: Index) -> None:
    found = index.open("axes").nearest(np.array([2, 0, 0], dtype=np.float32), 10)

    assert [name for name, _ in found] == NAMES
    assert [similarity for _, similarity in found] == pytest.approx([1, 0.5**0.5, 0, -1], abs=1e-5)


def test_at_most_so_many_are_found_as_are_asked_for(index: Index) -> None:
    assert [name for name, _ in index.open("axes").nearest(AXES[2], 1)] == ["up"]
    assert index.digests("axes") == set(NAMES)


def test_writing_again_replaces_what_a_killed_run_left(index: Index) -> None:
    index.write("axes", NAMES[:1], AXES[:1], NAMES[:1])

    assert index.digests("axes") == {"right"}


def test_an_empty_collection_finds_nothing(index: Index) -> None:
    index.write("empty", [], np.zeros((0, 3), dtype=np.float32), [])

    assert index.open("empty").nearest(AXES[0], 5) == []


def test_a_deleted_collection_is_gone_and_may_be_deleted_again(index: Index) -> None:
    index.delete("axes")
    index.delete("axes")

    assert index.collections() == []
    with pytest.raises(StoreDamaged, match="python -m ingest rebuild"):
        index.open("axes")


def test_progress_ends_with_all_of_them(index: Index) -> None:
    told: list[tuple[int, int]] = []

    index.write("told", NAMES, AXES, NAMES, lambda done, total: told.append((done, total)))

    assert told[-1] == (4, 4)


def test_crowded_vectors_are_found_nearly_as_well_as_by_comparing_all(tmp_path: Path) -> None:
    """A board's texts are much alike; the graph that Chroma searches by default misses a quarter of the nearest."""
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(4000, 64)) + 2 * chance.normal(size=64)
    vectors[100:300] = vectors[100]
    vectors = unit(vectors)
    names = [str(number) for number in range(len(vectors))]
    with Index(tmp_path, write=True) as index:
        index.write("crowd", names, vectors, names)
        crowd = index.open("crowd")

        shares = []
        for question in unit(vectors[::400] + 0.05 * chance.normal(size=(10, 64))):
            least = np.sort(vectors @ question)[-400]
            shares.append(sum(similarity >= least - 1e-5 for _, similarity in crowd.nearest(question, 400)) / 400)

    assert min(shares) > 0.95
    assert sum(shares) / len(shares) > 0.98


def test_reading_makes_no_index_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="the index is not there") as error:
        Index(tmp_path)

    assert "python -m ingest rebuild" in str(error.value)
    assert not (tmp_path / FOLDER).exists()


def test_a_broken_file_is_said_in_one_line_and_can_be_discarded(tmp_path: Path, index: Index) -> None:
    index.close()
    (tmp_path / FOLDER / "chroma.sqlite3").write_bytes(b"\xff" * 5000)

    with pytest.raises(StoreDamaged, match="python -m ingest rebuild") as error:
        Index(tmp_path)
    assert "\n" not in str(error.value)
    discard(tmp_path)
    with Index(tmp_path, write=True) as anew:
        assert anew.collections() == []


def test_a_lost_graph_is_noticed_and_not_answered_from(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(2).normal(size=(3000, 8)))
    names = [str(number) for number in range(len(vectors))]
    with Index(tmp_path, write=True) as index:
        index.write("axes", names, vectors, names)
    for folder in (tmp_path / FOLDER).iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)

    with Index(tmp_path) as index, pytest.raises(StoreDamaged, match="rebuild"):
        index.open("axes").nearest(vectors[0], 400)


def test_an_open_index_finds_what_was_written_after_its_folder_was_made_anew(tmp_path: Path, index: Index) -> None:
    other = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; import numpy as np\n"
        "from kb.index import Index, discard\n"
        "discard(Path(sys.argv[1]))\n"
        "Index(Path(sys.argv[1]), write=True).write('anew', ['only'], np.ones((1, 3), dtype=np.float32), ['only'])\n"
    )
    project = str(Path(__file__).resolve().parents[2])
    subprocess.run([sys.executable, "-c", other, str(tmp_path), project], check=True, timeout=60)

    assert [name for name, _ in index.open("anew").nearest(AXES[0], 1)] == ["only"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a Chroma server of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    chroma = str(Path(sys.executable).parent / "chroma")
    command = [chroma, "run", "--path", str(tmp_path / "server"), "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.kill()


def test_a_server_holds_the_collections_instead_of_the_folder(tmp_path: Path, server: str) -> None:
    data = tmp_path / "data"

    with Index(data, server, write=True) as index:
        index.write("axes", NAMES, AXES, NAMES)
        found = index.open("axes").nearest(AXES[2], 1)

    assert (found[0][0], index.is_shared) == ("up", True)
    assert not data.exists()


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="Check that the server runs at this address"):
        Index(tmp_path, "http://127.0.0.1:9")
