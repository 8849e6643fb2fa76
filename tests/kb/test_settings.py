"""What an installation may set."""

from __future__ import annotations

from pathlib import Path

from kb.settings import PROJECT, Settings


def test_nothing_need_be_set() -> None:
    settings = Settings.from_environment({})

    assert settings == Settings(Path("data"), PROJECT / "corpus", "", "")
    assert (settings.corpus / "manifest.toml").is_file()


def test_the_environment_sets_all_of_it() -> None:
    environment = {"KB_DATA": "/a", "KB_CORPUS": "/b", "KB_MODEL": "m", "KB_CHROMA_URL": "http://c:8000"}
    environment |= {"KB_KEEP_GENERATIONS": "7", "KB_CROSS_ENCODER": "/d"}

    assert Settings.from_environment(environment) == Settings(
        Path("/a"), Path("/b"), "m", "http://c:8000", 7, cross_encoder="/d"
    )


def test_the_command_line_goes_before_the_environment() -> None:
    assert Settings.from_environment({"KB_DATA": "/a"}, data="/b").data == Path("/b")


def test_an_empty_setting_is_none() -> None:
    assert Settings.from_environment({"KB_DATA": "", "KB_CORPUS": ""}) == Settings()
