"""The figures as JSON, for programs, and as Markdown, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.side_by_side.judge import DEPTHS, Line, Share, Times


@dataclass(frozen=True)
class Ran:
    """What a run was: our commit (with "+" where files had changed since), the day of the answers, what took part."""

    commit: str
    on: str
    model: str
    python: str
    cores: int
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Timing:
    """The times, how many rounds they are from, and at which commit; times of an earlier run may stand beside it."""

    commit: str
    rounds: int
    files: int
    questions: int
    systems: Mapping[str, Times]


@dataclass(frozen=True)
class Group:
    """A group of questions with the systems' measures; `passages` is how many each system holds."""

    name: str
    files: int
    passages: Mapping[str, int]
    lines: Sequence[Line]


def to_json(ran: Ran, groups: Sequence[Group], timing: Timing | None) -> dict[str, object]:
    """All figures; shares as counts with their interval."""
    return {
        "ran": asdict(ran),
        "groups": [
            {
                "name": group.name,
                "files": group.files,
                "passages": dict(group.passages),
                "systems": {line.system: _line_json(line) for line in group.lines},
            }
            for group in groups
        ],
        "timing": asdict(timing) if timing else None,
    }


def _line_json(line: Line) -> dict[str, object]:
    evidence = {f"evidence@{depth}": _share_json(share) for depth, share in zip(DEPTHS, line.evidence, strict=True)}
    return {
        **evidence,
        "characters@3": round(line.characters),
        "abstained": _share_json(line.abstained),
        "refused": _share_json(line.refused),
        "first_here_not_in_ours": line.alone,
        "first_in_ours_not_here": line.ours_alone,
    }


def _share_json(share: Share) -> dict[str, object] | None:
    if share.share is None:
        return None
    low, high = (round(end, 4) for end in share.interval)
    return {"share": round(share.share, 4), "low": low, "high": high, "count": share.count, "of": share.of}


HEAD = """\
# Beside the pipelines of three tutorials

Made by `python benchmarks/peers.py`{shared}, at commit {commit}, day of the answers {on}, Python {python}, {cores}
cores. Every system has the same files, the same questions and the same model
({model}); each is run by its own code in its own environment,
and one judge, `kb/evaluate.py`, reads what each ranks.

- **evidence@k**: share of the answerable questions for which an excerpt that answers lies in the first k passages, from
  the right document, with its 95 % Wilson interval. **characters@3**: mean length of the first three together.
- **abstained**: share of the unanswerable questions that end in "not found". The pipelines always return passages, so
  theirs is 0 by their making. **refused**: the same of the answerable ones. We refuse, they cannot: so our second line
  counts each refusal as a miss, although its passages are ranked like any others.
- **first here / first in ours**: questions whose evidence comes first in that system and not in ours, and the other way
  round.
"""

FOOT = """
The shapes: LangChain, splitter of 1,000 characters with 200 shared, Chroma. LlamaIndex, all by default (1,024 tokens),
web pages made into text first. Haystack, converters, cleaner, 150 words with 50 shared, by vector and by BM25. Its web
page converter keeps what it takes for the main text; that is its default, and part of its figures.

The peers' versions: {versions}. Ours are those of constraints.txt.
"""


def to_markdown(ran: Ran, groups: Sequence[Group], timing: Timing | None, shared: bool) -> str:
    """The page of results."""
    option = " --shared FOLDER" if shared else ""
    head = HEAD.format(shared=option, commit=ran.commit, on=ran.on, python=ran.python, cores=ran.cores, model=ran.model)
    parts = [head, *("\n".join(_table(group)) for group in groups)]
    if timing:
        parts.append("\n".join(_timing_table(timing)))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(ran.versions.items()))
    return "\n".join(parts) + FOOT.format(versions=versions)


def _table(group: Group) -> Iterator[str]:
    first = group.lines[0]
    files = f"{group.files:,} file{'s' if group.files != 1 else ''}"
    yield f"## {group.name[0].upper()}{group.name[1:]}"
    yield ""
    yield f"{files}; {first.evidence[0].of} answerable questions, {first.abstained.of} unanswerable."
    yield ""
    depths = " | ".join(f"evidence@{depth}" for depth in DEPTHS)
    yield f"| System | passages | {depths} | characters@3 | abstained | refused | first here / first in ours |"
    yield "|---|---|" + "---|" * len(DEPTHS) + "---|---|---|---|"
    for line in group.lines:
        shares = " | ".join(_share(share) for share in line.evidence)
        against = "–" if line.alone is None else f"{line.alone} / {line.ours_alone}"
        passages = f"{group.passages[line.system]:,}" if line.system in group.passages else ""
        yield (
            f"| {line.system} | {passages} | {shares} | {line.characters:,.0f} | {_share(line.abstained)} | "
            f"{_share(line.refused)} | {against} |"
        )
    yield ""


def _share(share: Share) -> str:
    if share.share is None:
        return "–"
    low, high = share.interval
    return f"{share.share:.2f} [{low:.2f}, {high:.2f}]"


def _timing_table(timing: Timing) -> Iterator[str]:
    yield "## Time"
    yield ""
    yield (
        f"{timing.files} files of the starter corpus, {timing.questions} questions, the systems in turn, "
        f"{timing.rounds} rounds, at commit {timing.commit}, on a machine that others use too: read the ratios."
    )
    yield "Libraries and model are loaded beforehand. Ours also embeds each sentence, and makes the whole answer."
    yield ""
    yield "| System | ingest, s | to ours | a question, ms | to ours |"
    yield "|---|---|---|---|---|"
    for system, times in timing.systems.items():
        yield (
            f"| {system} | {times.ingest:.1f} | {times.ingest_to_ours:.2f} | {times.question:.1f} | "
            f"{times.question_to_ours:.2f} |"
        )
    yield ""
