"""What benchmarks/confidence.py found of questions that the fit had not seen, kept for the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "results" / "confidence.json"


@dataclass(frozen=True)
class Shares:
    """For one source's questions, answered or not, the share whose chance lies below each threshold ("0.45")."""

    source: str
    answered: bool
    of: int
    below: Mapping[str, float]


@dataclass(frozen=True)
class Bin:
    """Questions of about the same chance: the mean that was said, and how many of them were answered."""

    said: float
    answered: int
    of: int


@dataclass(frozen=True)
class Calibration:
    """The shares and the calibration curve, at which commit and on what day."""

    commit: str
    on: str
    shares: Sequence[Shares]
    bins: Sequence[Bin]


def read_calibration(file: Path = KEPT) -> Calibration | None:
    """What was kept; None where nothing was."""
    if not file.is_file():
        return None
    kept = json.loads(file.read_text(encoding="utf-8"))
    shares = [Shares(**each) for each in kept["shares"]]
    return Calibration(kept["commit"], kept["on"], shares, [Bin(**each) for each in kept["bins"]])
