"""The passphrase of the page that publishes: only its hash is kept, and it is compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from kb.errors import WrongUse

SETTING = "KB_MANAGE_PASSPHRASE_HASH"
LEAST = 12
"""Characters that a passphrase has at least; three or four words."""

# 32 MB and about a tenth of a second for each try (RFC 7914's r and p). No character that a shell would read.
_NAME, _COST, _BLOCK, _PARALLEL = "scrypt", 2**15, 8, 1
_MOST_COST = 2**20
_LENGTH = 32


def hashed(passphrase: str) -> str:
    """What to set for the passphrase: 'scrypt:32768:8:1:<salt>:<hash>', other than the last time.

    Raises WrongUse for one that is too short.
    """
    if len(passphrase.strip()) < LEAST:
        fact = f"it has {len(passphrase.strip())} characters"
        raise WrongUse("passphrase", fact, f"Use {LEAST} or more, such as four words that nobody would put together.")
    salt = secrets.token_bytes(16)
    made = _derived(passphrase, salt, _COST, _BLOCK, _PARALLEL)
    return ":".join((_NAME, str(_COST), str(_BLOCK), str(_PARALLEL), salt.hex(), made.hex()))


def fits(passphrase: str, setting: str) -> bool:
    """Whether it is the passphrase that was hashed; WrongUse where the setting is no such hash."""
    cost, block, parallel, salt, wanted = _parts(setting)
    return hmac.compare_digest(_derived(passphrase, salt, cost, block, parallel), wanted)


def check(setting: str) -> None:
    """WrongUse where the setting is no hash that `hashed` made."""
    _parts(setting)


def _parts(setting: str) -> tuple[int, int, int, bytes, bytes]:
    try:
        name, cost, block, parallel, salt, wanted = setting.split(":")
        numbers = int(cost), int(block), int(parallel)
        parts = (*numbers, bytes.fromhex(salt), bytes.fromhex(wanted))
    except ValueError:
        raise _unreadable() from None
    is_power = numbers[0] > 1 and numbers[0] & (numbers[0] - 1) == 0
    is_sound = is_power and numbers[0] <= _MOST_COST and 1 <= numbers[1] <= 32 and 1 <= numbers[2] <= 16
    if name != _NAME or not is_sound or len(parts[3]) < 8 or len(parts[4]) != _LENGTH:
        raise _unreadable()
    return parts


def _unreadable() -> WrongUse:
    # Without the value: whoever set the passphrase itself by mistake must not read it on a page.
    return WrongUse(SETTING, "it is not a passphrase's hash", "Make one: python -m ingest passphrase")


def _derived(passphrase: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    # Keyboards write the same accented letter in more ways than one.
    typed = unicodedata.normalize("NFC", passphrase.strip()).encode()
    memory = 128 * block * (cost + parallel + 2)
    return hashlib.scrypt(typed, salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=_LENGTH)
