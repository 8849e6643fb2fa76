"""Who may do what, where the board has said so in `roles.toml` beside the manifest."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kb.errors import NotAllowed, WrongUse

NAME = "roles.toml"


class Role(StrEnum):
    """What a person may do: an editor makes and publishes what the gate lets pass; an approver also decides the rest:
    approve what it holds back, roll back, withdraw, reinstate."""

    EDITOR = "editor"
    APPROVER = "approver"


class _File(BaseModel):
    """The names of each role; a misspelt key is a mistake, not a role that nobody has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    editors: list[str]
    approvers: list[str]


@dataclass(frozen=True)
class Roles:
    """The names of editors and approvers; `is_set` is false where the board names none, and then all may do all."""

    is_set: bool = False
    editors: frozenset[str] = frozenset()
    approvers: frozenset[str] = frozenset()

    def require(self, who: str, role: Role) -> None:
        """Raises NotAllowed unless the person has the role; an approver may do what an editor may."""
        allowed = self.approvers if role is Role.APPROVER else self.editors | self.approvers
        if self.is_set and who not in allowed:
            named = ", ".join(sorted(allowed)) or "nobody"
            raise NotAllowed(who or "no name", f"is no {role}", f"{NAME} names as such: {named}.")

    def require_other(self, who: str, author: str) -> None:
        """Raises NotAllowed where roles are set and the person made the draft."""
        if self.is_set and who == author:
            others = ", ".join(sorted(self.approvers - {author})) or "nobody"
            raise NotAllowed(who, "made this draft and cannot approve it", f"Other approvers: {others}.")


def read_roles(corpus: Path) -> Roles:
    """The roles of a corpus; none where there is no such file. WrongUse where it cannot be read: then nobody may."""
    path = corpus / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Roles()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(
            str(path), f"it cannot be read ({error})", "Correct the file; until then nothing is done."
        ) from error
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(str(path), f"this is not TOML: {error}", "Correct the file.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        fact = f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        raise WrongUse(str(path), fact, 'Wanted: editors = ["A Name"] and approvers = ["Another Name"].') from error
    return Roles(True, frozenset(file.editors), frozenset(file.approvers))
