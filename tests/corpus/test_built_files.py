"""The web pages, Word files and PDFs of the corpus say what their texts say, and are built the same each time."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from ingest.blocks import Block
from ingest.loaders import load
from ingest.manifest import read_manifest

if TYPE_CHECKING:
    from tests.corpus.conftest import Shipped

CORPUS = Path(__file__).parents[2] / "corpus"
BUILT = sorted(entry.document.id for entry in read_manifest(CORPUS) if entry.path.suffix != ".md")


def command(name: str) -> ModuleType:
    """A script of the corpus folder, which is in no package."""
    specification = importlib.util.spec_from_file_location(name, CORPUS / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build_files() -> ModuleType:
    return command("build_files")


def said(blocks: tuple[Block, ...]) -> list[tuple[str, int, str, bool]]:
    return [(block.kind.value, block.level, block.text, block.is_header) for block in blocks]


def test_twenty_documents_are_built() -> None:
    assert len(BUILT) == 20


@pytest.mark.parametrize("name", BUILT)
def test_a_built_file_says_what_its_text_says(name: str, shipped: Mapping[str, Shipped]) -> None:
    document = shipped[name]

    assert said(document.blocks) == said(load(document.written).blocks)


def test_building_again_changes_no_byte(build_files: ModuleType) -> None:
    for target in build_files.targets():
        built = build_files.BUILDERS[target.path.suffix](load(build_files.text_of(target)).blocks, target)
        assert built == target.path.read_bytes(), target.path.name


def test_no_text_is_left_that_no_document_is_built_from() -> None:
    assert sorted(path.stem for path in (CORPUS / "text").glob("*")) == BUILT


def test_the_list_of_documents_is_up_to_date() -> None:
    describe = command("describe")

    assert describe.PAGE.read_text(encoding="utf-8") == describe.described()


def test_the_work_list_is_up_to_date() -> None:
    confirm = command("confirm")

    page, rows = confirm.brought_up_to_date(confirm.PAGE.read_text(encoding="utf-8"))

    assert confirm.PAGE.read_text(encoding="utf-8") == page
    assert confirm.LIST.read_text(encoding="utf-8") == rows


def test_every_section_that_is_not_confirmed_as_current_is_on_the_work_list() -> None:
    confirm = command("confirm")

    assert confirm.unlisted(confirm.PAGE.read_text(encoding="utf-8"), confirm.sections()) == []


def test_a_statement_that_is_gone_from_its_document_leaves_the_work_list() -> None:
    confirm = command("confirm")
    page = (
        "### A source\n\n- [x] neglect, “What neglect is” (9 statements). Check: it. Now: unsure.\n"
        "  - [ ] Nobody ever wrote this sentence.\n- [ ] neglect, “No such heading” (1 statement). Check: it. Now: x.\n"
    )

    after, _ = confirm.brought_up_to_date(page)

    assert after == (
        "### A source\n\n- [x] neglect, “What neglect is” (4 statements). Check: it. Now: last confirmed for Working "
        "Together 2018; Working Together 2023 and 2026 not checked.\n"
    )
