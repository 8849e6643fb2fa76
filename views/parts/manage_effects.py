"""What would change, as HTML: documents by what becomes of them, golden questions with both quotes side by side."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.effects import Effect, not_the_same
from ingest.gate import Compared, Kind, Verdict
from views.parts.markup import paragraph, plain, tag

_TOLD = {
    Kind.LOST: "Lost: it was as the golden question says, and is not now",
    Kind.BROKEN: "Broken: a text that must not change is gone from it",
    Kind.CHANGED: "Changed: it begins with another quote",
}
_MOST = 60


def listed_html(texts: Iterable[str]) -> str:
    """A list of plain texts; '' of none."""
    found = list(texts)
    inside = "".join(tag("li", plain(text)) for text in found[:_MOST])
    if len(found) > _MOST:
        inside += tag("li", plain(f"and {len(found) - _MOST} more"))
    return tag("ul", inside, class_="kb-links") if inside else ""


def changes_html(effect: Effect) -> str:
    """Which documents come, change and go."""
    changes = effect.changes
    rows = (("New", changes.added), ("Changed", changes.updated), ("No longer there", changes.removed))
    listed = "".join(
        tag("dt", plain(f"{name} ({len(ids)})")) + tag("dd", plain("; ".join(effect.named(ids))))
        for name, ids in rows
        if ids
    )
    return tag("dl", listed, class_="kb-facts") if listed else paragraph("No document changes.")


def golden_html(verdict: Verdict, unknown: int = 0) -> str:
    """The counts, then each question that is not the same with the old quote and the new one."""
    said = []
    if verdict.asked:
        counted = [(len(verdict.of(kind)), kind) for kind in (Kind.LOST, Kind.BROKEN, Kind.CHANGED)]
        others = "".join(f", {count} {kind}" for count, kind in counted if count)
        said.append(f"{verdict.asked:,} asked: {verdict.same:,} the same{others}.")
    if verdict.uncompared:
        said.append(f"{verdict.uncompared:,} cannot be compared, since another model made what is published.")
    if unknown:
        said.append(f"Of {unknown:,} it is not known: they were not asked of both.")
    if not said:
        said.append("None was asked: there are none for these documents, or nothing is published yet to compare with.")
    return paragraph(" ".join(said)) + "".join(map(_compared, not_the_same(verdict)))


def _compared(compared: Compared) -> str:
    told = _TOLD[compared.kind]
    if not compared.before and not compared.after:
        told = "Changed: nothing is quoted as before, but for another reason"
    missing = paragraph(f"Gone: {'; '.join(compared.missing)}", "kb-told") if compared.missing else ""
    sides = _side("Before", compared.before, compared.before_place) + _side("Now", compared.after, compared.after_place)
    inside = (
        tag("h4", plain(compared.question))
        + tag("p", plain(told), class_="kb-status" + " kb-warn" * (compared.kind is not Kind.CHANGED))
        + missing
        + tag("div", sides, class_="kb-sides")
    )
    return tag("article", inside, class_="kb-golden")


def _side(name: str, quote: str, place: str) -> str:
    shown = tag("blockquote", plain(quote)) if quote else paragraph("Nothing is quoted.")
    return tag("div", tag("h5", name) + shown + (paragraph(place, "kb-quiet") if place else ""))
