"""Haystack by words, as a program of its own."""

from benchmarks.side_by_side.job import run
from benchmarks.side_by_side.with_haystack import HaystackByWords

if __name__ == "__main__":
    run(HaystackByWords)
