"""What a heading of a list of users means, in English and French, and what a cell shows by itself.

The columns of Salesforce's lists are not published, so headings are known by synonyms, and what cells hold counts
before what their heading says. Words are compared as `plain` leaves them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tui.salesforce.report_columns import plain
from tui.salesforce.users import user_id

IDENTITY = frozenset({"id", "email", "username", "address", "name", "last"})
"""One of these tells who a line is about."""

# The first that fits is taken.
MEANINGS: Mapping[str, str] = {
    "configuration": r"^((lightning|google|active)? ?sync )?config(uration)?( name)?$|^nom de (la )?config(uration)?"
    r"|^config(uration)? (lightning sync|de synchronisation|name|active)",
    "id": r"^((user|record|salesforce) )?id$|^id(entifiant)? (de l )?utilisateur$|^identifiant( salesforce)?$|^user id",
    "email": r"^(?!.*\b(manager|responsable|alternate|secondaire)\b).*\b(e ?mail|courriel|messagerie)\b",
    "username": r"^username$|^nom d utilisateur$|^login( name)?$|^identifiant de connexion$",
    "first": r"^(first|given) name$|^prenom$",
    "last": r"^(last|family) name$|^surname$|^nom de famille$",
    "via": r"^(assignment|assigned|attribution|attribue|affectation|affecte)( type| method)?"
    r"( (by|through|via|par))?$|^type( d(e l )?(attribution|affectation))?$|^member type$",
    "profile": r"^(assigned |user )?profile?( name)?$|^nom (du|de) profil$|^profile? (de l )?utilisateur$",
    "name": r"^(full )?name$|^users?( full)?( name)?$|^nom( complet)?$|^utilisateurs?$"
    r"|^nom (complet )?(de )?l utilisateur$|^assigned to$|^attribue a$|^member$|^membre$",
}
# Headings that such lists have and that nothing here needs.
_OTHERS = re.compile(
    r"^((user )?role( name)?|alias|active|actif|title|titre|fonction|department|service|division|manager|responsable"
    r"|status|statut|state|etat|last login|derniere connexion|product|produit)$"
)
_PATTERNS = {meaning: re.compile(pattern) for meaning, pattern in MEANINGS.items()}

# A line that stands alone above others and says what they are.
_USERS = re.compile(r"^(assigned |selected )?users?( assigned| selected)?$|^utilisateurs?( (attribues|selectionnes))?$")
_PROFILES = re.compile(r"^(assigned |selected )?profiles?( assigned)?$|^profils?( (attribues|selectionnes))?$")
_COUNTED = re.compile(r"\s*[(\[]\s*\d+\s*\+?\s*[)\]]\s*$|\s*:\s*$")

_PROFILE_WORDS = frozenset({"profile", "profil", "by profile", "via profile", "par profil", "par le profil"})
_BUTTON = re.compile(
    r"^((edit|modify|modifier|log ?in|connexion|se connecter|del|delete|supprimer|remove|retirer|actions?)( |$))+$"
)

_TAG = re.compile(r"\s*\[\s*(lightning sync|einstein activity capture|eac)\s*\]\s*", re.IGNORECASE)


def meaning(heading: str) -> str:
    """What the heading means, "" where it is none that is known."""
    said = plain(heading)
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(said)), "")


def meanings(cells: Sequence[str]) -> dict[int, str]:
    """Place -> meaning of a row of headings, each meaning once; {} where the row is no such row: two headings that are
    known make one, or a single one that stands alone."""
    if any(is_address(cell) or user_id(cell) for cell in cells):
        return {}
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        known = meaning(cell)
        if known and known not in found.values():
            found[place] = known
    filled = sum(bool(cell) and not is_button(cell) for cell in cells)
    known_cells = len(found) + sum(bool(_OTHERS.search(plain(cell))) for cell in cells)
    told = (IDENTITY | {"profile"}) & set(found.values())
    return found if told and (known_cells > 1 or filled == 1) else {}


def section(cells: Sequence[str]) -> str:
    """ "user" or "profile" where the line is a title above such lines, else ""."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 1:
        return ""
    said = plain(_COUNTED.sub("", filled[0]))
    return "user" if _USERS.match(said) else "profile" if _PROFILES.match(said) else ""


def says_profile(cell: str) -> bool:
    """Whether a cell says that somebody is assigned through their profile, or that a line is about a profile."""
    return plain(cell) in _PROFILE_WORDS


def is_address(cell: str) -> bool:
    return bool(re.fullmatch(r"[^@\s,;|<>]+@[^@\s,;|<>]+", cell))


def is_button(cell: str) -> bool:
    """Whether a cell holds nothing but the links that Setup puts before a row."""
    return bool(_BUTTON.match(plain(cell)))


def untagged(cell: str) -> tuple[str, bool]:
    """The cell without the product that Setup marks names with, and whether that product is another than Lightning
    Sync."""
    tags = [found[1].casefold() for found in _TAG.finditer(cell)]
    return _TAG.sub(" ", cell).strip() if tags else cell, any(tag != "lightning sync" for tag in tags)
