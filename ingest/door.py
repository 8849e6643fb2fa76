"""The door of the page that publishes: who may come in, how, and until when."""

from __future__ import annotations

import hashlib
import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ingest import passphrase
from kb.errors import NotAllowed, WrongUse

HOURS = 10
"""How long a key opens; a working day."""

_LONGEST_WAIT = 60.0  # seconds between two tries from one address
_MOST_ADDRESSES = 1000
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Arrival:
    """How a request came: the address that the server listens at, the host that was asked for, and who asked.

    `peer` is '' for this machine; `is_forwarded` says that another program passed it on.
    """

    server: str
    host: str
    peer: str = ""
    is_forwarded: bool = False

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can have asked: every sign says so, and none is missing."""
        return (
            _is_loopback(self.server)
            and _is_loopback(_without_port(self.host))
            and (not self.peer or _is_loopback(self.peer))
            and not self.is_forwarded
        )


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host


@dataclass(frozen=True)
class Key:
    """What lets a person in: the name that goes into the log, by what the door was opened, and until when."""

    name: str
    opened_by: str
    until: float


class Door:
    """One for a whole process: it counts failed tries, and makes each next one from the same address wait longer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: dict[str, tuple[int, float]] = {}

    def enter(self, setting: str, arrival: Arrival, typed: str, name: str) -> Key:
        """A key for the person of that name.

        Raises NotAllowed for a wrong passphrase, one tried too soon, and where none is set and the request may come
        from elsewhere; WrongUse for a name that is none and for a setting that is no hash.
        """
        known = _name(name)
        if not setting:
            _require_local(arrival)
        else:
            passphrase.check(setting)
            with self._lock:  # one at a time: each try costs memory, and none may slip past the wait
                self._try(setting, arrival.peer, typed)
        return Key(known, _mark(setting), self._clock() + HOURS * 3600)

    def _try(self, setting: str, peer: str, typed: str) -> None:
        failures, not_before = self._tries.get(peer, (0, 0.0))
        left = not_before - self._clock()
        if left > 0:
            raise NotAllowed("passphrase", "another one was wrong just before", f"Wait {left:.0f} s, then try again.")
        if passphrase.fits(typed, setting):
            self._tries.pop(peer, None)
            return
        wait = min(2.0**failures, _LONGEST_WAIT)
        if peer not in self._tries and len(self._tries) >= _MOST_ADDRESSES:
            self._tries.pop(next(iter(self._tries)))
        self._tries[peer] = (failures + 1, self._clock() + wait)
        raise NotAllowed("passphrase", "it is not the one that is set", f"Wait {wait:.0f} s, then try again.")

    def check(self, setting: str, arrival: Arrival, key: Key | None) -> Key:
        """The key, where it still opens; NotAllowed where it does not, or there is none."""
        if key is None:
            raise NotAllowed("this page", "nobody has come in", "Give the passphrase and your name.")
        if not setting:
            _require_local(arrival)
        if key.opened_by != _mark(setting):
            raise NotAllowed(key.name, "the passphrase has been changed", "Come in again.")
        if self._clock() >= key.until:
            raise NotAllowed(key.name, f"it is {HOURS} hours since you came in", "Come in again.")
        return key


def _require_local(arrival: Arrival) -> None:
    if not arrival.is_local:
        raise NotAllowed("this page", "no passphrase is set, and the page was asked for from another machine", OPEN_IT)


OPEN_IT = f"Set {passphrase.SETTING} (make it with: python -m ingest passphrase), then start the pages again."


def _name(written: str) -> str:
    name = " ".join("".join(each if each.isprintable() else " " for each in written).split())
    if not name:
        raise WrongUse("Your name", "it is empty", "Give it as it is to stand in the log.")
    if len(name) > _LONGEST_NAME:
        raise WrongUse("Your name", f"it has {len(name)} characters", f"Up to {_LONGEST_NAME} are kept.")
    return name


def _mark(setting: str) -> str:
    return hashlib.sha256(setting.encode()).hexdigest()
