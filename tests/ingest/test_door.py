"""Who comes in at the page that publishes, and who does not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.door import HOURS, Arrival, Door
from ingest.passphrase import LEAST, SETTING, check, fits, hashed
from kb.errors import NotAllowed, WrongUse
from kb.settings import Settings

PHRASE = "four quiet words here"
HASH = hashed(PHRASE)
HERE = Arrival("localhost", "localhost:8501")
ELSEWHERE = Arrival("0.0.0.0", "board.example:8501", "10.1.2.3")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(clock)


def test_the_passphrase_is_not_in_its_hash_and_two_hashes_of_one_differ() -> None:
    assert PHRASE not in HASH
    assert hashed(PHRASE) != HASH


@settings(max_examples=8, deadline=None)
@given(st.text(min_size=LEAST).filter(lambda text: len(text.strip()) >= LEAST))
def test_a_passphrase_fits_its_own_hash_and_not_another_ones(typed: str) -> None:
    made = hashed(typed)

    assert fits(typed, made)
    assert not fits(typed + "x", made)
    assert not fits(typed, HASH) or typed.strip() == PHRASE


def test_an_accent_typed_in_either_way_is_the_same_passphrase() -> None:
    assert fits("cafe\u0301 noir et blanc", hashed("caf\u00e9 noir et blanc"))


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(WrongUse, match="it has 5 characters"):
        hashed("short")


@pytest.mark.parametrize(
    "setting",
    [
        PHRASE,
        HASH.replace("scrypt", "md5"),
        HASH[:-2],
        HASH.replace(":32768:", ":3:"),
        HASH.replace(":32768:", ":1073741824:"),
        HASH.replace(":8:1:", ":0:1:"),
        "scrypt:::::",
    ],
)
def test_a_setting_that_is_no_hash_opens_nothing_and_is_not_shown(setting: str, door: Door) -> None:
    with pytest.raises(WrongUse, match="not a passphrase's hash") as raised:
        check(setting)
    with pytest.raises(WrongUse):
        door.enter(setting, HERE, setting, "Ada")

    assert setting not in str(raised.value)


def test_the_right_passphrase_gives_a_key_with_the_name_that_goes_into_the_log(door: Door) -> None:
    key = door.enter(HASH, ELSEWHERE, PHRASE, "  Ada\n Lovelace ")

    assert key.name == "Ada Lovelace"
    assert door.check(HASH, ELSEWHERE, key) == key


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 81])
def test_nobody_comes_in_without_a_name_that_can_be_logged(name: str, door: Door) -> None:
    with pytest.raises(WrongUse, match="Your name"):
        door.enter(HASH, HERE, PHRASE, name)


def test_each_wrong_passphrase_makes_the_next_try_wait_longer_even_with_the_right_one(door: Door, clock: Clock) -> None:
    waits = []
    for _ in range(8):
        with pytest.raises(NotAllowed, match="not the one that is set") as raised:
            door.enter(HASH, HERE, "something else here", "Ada")
        waits.append(int(raised.value.next_step.split()[1]))
        with pytest.raises(NotAllowed, match="just before"):
            door.enter(HASH, HERE, PHRASE, "Ada")
        clock.now += waits[-1]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert door.enter(HASH, HERE, PHRASE, "Ada").name == "Ada"


def test_one_addresss_failures_keep_nobody_else_out(door: Door) -> None:
    with pytest.raises(NotAllowed):
        door.enter(HASH, ELSEWHERE, "something else here", "Eve")

    assert door.enter(HASH, HERE, PHRASE, "Ada").name == "Ada"


def test_a_key_stops_opening_after_a_day_and_once_the_passphrase_has_changed(door: Door, clock: Clock) -> None:
    key = door.enter(HASH, HERE, PHRASE, "Ada")

    with pytest.raises(NotAllowed, match="has been changed"):
        door.check(hashed("another one altogether"), HERE, key)
    with pytest.raises(NotAllowed, match="has been changed"):
        door.check("", HERE, key)
    clock.now += HOURS * 3600
    with pytest.raises(NotAllowed, match="since you came in"):
        door.check(HASH, HERE, key)
    with pytest.raises(NotAllowed, match="nobody has come in"):
        door.check(HASH, HERE, None)


LOCAL = [
    HERE,
    Arrival("127.0.0.1", "127.0.0.1:8501", "127.0.0.1"),
    Arrival("::1", "[::1]:8501", "::1"),
    Arrival("localhost", "localhost"),
]
FOREIGN = [
    ELSEWHERE,
    Arrival("", "localhost:8501"),  # no address set: it listens at all of them
    Arrival("0.0.0.0", "localhost:8501"),
    Arrival("localhost", "board.example"),  # a name that was made to lead here
    Arrival("localhost", "localhost.board.example:8501"),
    Arrival("localhost", ""),
    Arrival("localhost", "localhost:8501", "10.1.2.3"),
    Arrival("localhost", "localhost:8501", "", True),  # a program on this machine that passes requests on
]


@pytest.mark.parametrize("arrival", LOCAL, ids=str)
def test_without_a_passphrase_set_the_machine_itself_opens(arrival: Arrival, door: Door) -> None:
    key = door.enter("", arrival, "", "Ada")

    assert door.check("", arrival, key) == key


@pytest.mark.parametrize("arrival", FOREIGN, ids=str)
def test_without_a_passphrase_set_nothing_else_opens_not_even_with_a_key(arrival: Arrival, door: Door) -> None:
    key = door.enter("", HERE, "", "Ada")

    with pytest.raises(NotAllowed, match="no passphrase is set") as raised:
        door.enter("", arrival, "", "Ada")
    with pytest.raises(NotAllowed, match="no passphrase is set"):
        door.check("", arrival, key)

    assert "python -m ingest passphrase" in raised.value.next_step


def test_the_command_prints_the_line_to_set(project: Path, python: tuple[str, ...]) -> None:
    command = [*python, "-m", "ingest", "passphrase"]
    done = subprocess.run(command, cwd=project, input=PHRASE + "\n", capture_output=True, text=True, check=True)
    name, _, value = done.stdout.strip().partition("=")

    assert name == SETTING
    assert fits(PHRASE, Settings.from_environment({SETTING: value}).passphrase_hash)


def test_the_hash_is_in_no_repr_of_the_settings() -> None:
    assert HASH not in repr(Settings.from_environment({SETTING: HASH}))
