"""The declared configurations: read, checked, saved, held against a list of users."""

from __future__ import annotations

from dataclasses import dataclass

from tui.declaration import Comparison, Declaration, Listing, Section


@dataclass(frozen=True, slots=True)
class LoadDeclaration:
    """Read the declared configurations, to be edited. Answered by DeclarationLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class CheckDeclaration:
    """What would be wrong in these configurations. Answered by DeclarationChecked or Failed."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class SaveDeclaration:
    """Write these configurations in the place of `before` into the config file. Answered by DeclarationSaved, or by
    DeclarationChecked or Failed, and nothing has changed."""

    before: tuple[Section, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class CompareList:
    """Hold a list of users (pasted, or in a file) against these configurations; `configuration` is the one of those who
    are in none by the list itself. Answered by ListCompared, ListOpen or Failed."""

    sections: tuple[Section, ...]
    text: str = ""
    file: str = ""
    configuration: str = ""


Request = LoadDeclaration | CheckDeclaration | SaveDeclaration | CompareList


@dataclass(frozen=True, slots=True)
class DeclarationLoaded:
    ticket: int
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class DeclarationChecked:
    """Each problem's place, such as `configurations[0].name` (counted from 0), and its sentence."""

    ticket: int
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeclarationSaved:
    """Written, and in force; `sentence` says where, and where the former file is."""

    ticket: int
    declaration: Declaration
    sentence: str


@dataclass(frozen=True, slots=True)
class ListCompared:
    ticket: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ListOpen:
    """The list was read, and does not say which configuration it is about: ask, and compare again."""

    ticket: int
    listing: Listing


Event = DeclarationLoaded | DeclarationChecked | DeclarationSaved | ListCompared | ListOpen
