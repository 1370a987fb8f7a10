"""Which column of a report means what: by the config file, by what the values are, by the words of two languages.

The report type's own column names are not known (salesforce-api.md 1.3), so nothing here is a fixed name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.model import ErrorType
from tui.sanitise import one_line

REQUIRED = ("at", "user", "type")
_LEAST = 3  # below this a match is a guess


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the report. `grouping` columns stand outside detailColumns; `whole` is False for a grouping by
    week, month or the like, whose value is no moment."""

    name: str
    label: str
    data_type: str
    entity: str
    grouping: bool
    whole: bool
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """What speaks for (or, with a negative weight, against) a column having a meaning."""

    of: str  # "label", "entity", "type", "values"
    pattern: str
    weight: int


# Labels are compared in lower case, without accents and punctuation.
SIGNS: Mapping[str, tuple[Sign, ...]] = {
    "type": (
        Sign("values", r"user ?mapping", 8),
        Sign("type", r"picklist", 2),
        Sign("label", r"^(lightning sync |sync |google sync )?error type$|^type (of|d|de l) ?(error|erreur)", 8),
        Sign("label", r"^type$|^categor(y|ie)$", 4),
        Sign("label", r"\b(error|erreur)\b", 2),
        Sign("label", r"\btype\b", 2),
        Sign("label", r"\b(user|utilisateur|record|object|enregistrement|objet) type\b|type d utilisateur", -6),
        Sign("entity", r"(error)?type$", 2),
    ),
    "at": (
        Sign("type", r"^datetime$", 4),
        Sign("type", r"^date$", 2),
        Sign("label", r"\b(date|time|heure|quand|when)\b", 2),
        Sign("label", r"\b(error|erreur|occurred|survenue?)\b", 3),
        Sign("label", r"\b(created|creation|cree)\b", 2),
        Sign("label", r"modifi|last login|derniere connexion|due|echeance|updated|mise a jour", -4),
        Sign("entity", r"(createddate|errordate|errortime|timestamp)$", 2),
        Sign("type", r"^(?!date)", -20),
    ),
    "user": (
        Sign("entity", r"(^|\.)user(\.|$)|(^|\.)user(id|name)?$", 3),
        Sign(
            "label", r"^(user|utilisateur)( (name|full name|nom|nom complet))?$|^nom (complet )?(de )?l utilisateur$", 6
        ),
        Sign("label", r"^(full name|nom complet)$", 5),
        Sign("label", r"\b(user|utilisateur)\b", 3),
        Sign("label", r"^(name|nom)$", 3),
        Sign("type", r"lookup", 3),
        Sign(
            "label", r"\b(created by|cree par|modified by|modifie par|owner|proprietaire|manager|profile?|role)\b", -5
        ),
        Sign("label", r"^(username|nom d utilisateur)$|e ?mail|messagerie", -2),
        Sign("type", r"^(date|datetime|picklist|int|double|currency|percent|boolean)", -20),
    ),
    "text": (
        Sign("label", r"\b(message|texte?|details?|description)\b", 5),
        Sign("label", r"^(sync )?(error|erreur)$|^(error|erreur) (message|text|detail)", 5),
        Sign("label", r"\b(error|erreur)\b", 2),
        Sign("type", r"^(textarea|html)$", 3),
        Sign("type", r"^string$", 1),
        Sign("type", r"lookup", -5),
        Sign("type", r"^(date|datetime|int|double|currency|percent|boolean|id|email)", -20),
    ),
}


def plain(text: object) -> str:
    """The text in lower case, without accents, its runs of other signs as single spaces: for comparing words."""
    decomposed = unicodedata.normalize("NFKD", str(text))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    return " ".join(re.findall(r"[^\W_]+", letters))


def columns_of(described: Mapping[str, Any]) -> list[Column]:
    """The columns of a describe (or of a run, which repeats it): details first, then groupings, in their order."""
    metadata = _table(described.get("reportMetadata"))
    extended = _table(described.get("reportExtendedMetadata"))
    offered: dict[str, Any] = {}
    categories = _table(described.get("reportTypeMetadata")).get("categories")
    for category in categories if isinstance(categories, list) else []:
        offered |= _table(_table(category).get("columns"))
    details = [name for name in _list(metadata.get("detailColumns")) if isinstance(name, str)]
    groupings = {
        str(entry["name"]): str(entry.get("dateGranularity") or "None")
        for way in ("groupingsDown", "groupingsAcross")
        for entry in _list(metadata.get(way))
        if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }
    shown = _table(extended.get("detailColumnInfo")) | _table(extended.get("groupingColumnInfo"))
    return [
        _column(name, _table(offered.get(name)) | _table(shown.get(name)), groupings.get(name))
        for name in dict.fromkeys([*details, *groupings])
    ]


def _column(name: str, info: Mapping[str, Any], granularity: str | None) -> Column:
    kind = str(info.get("dataType") or "string").lower()
    choices = info.get("filterValues")
    return Column(
        name=name,
        label=one_line(info.get("label") or name, limit=200),
        data_type=f"{kind} lookup" if info.get("isLookup") is True or kind == "reference" else kind,
        entity=str(info.get("entityColumnName") or "").lower(),
        grouping=granularity is not None,
        whole=granularity in {None, "None", "Day"},
        values=frozenset(
            plain(value)
            for choice in (choices if isinstance(choices, list) else [])
            if isinstance(choice, dict)
            for value in (choice.get("name"), choice.get("label"))
        ),
    )


def match(columns: list[Column], overrides: Mapping[Any, str]) -> tuple[dict[str, Column], list[str]]:
    """Meaning (type, at, user, text) -> column, and the meanings whose override names no column of the report.

    An override (the column's name or label) is taken as it is; what is left goes to the column that most speaks for,
    each column once, the earlier one of equals. A meaning without a good column is left out."""
    found: dict[str, Column] = {}
    wrong: list[str] = []
    for meaning, wanted in overrides.items():
        named = [column for column in columns if column.name == wanted] or [
            column for column in columns if plain(column.label) == plain(wanted)
        ]
        if named:
            found[str(meaning)] = named[0]
        else:
            wrong.append(str(meaning))
    for meaning, signs in SIGNS.items():
        if meaning in found or meaning in wrong:
            continue
        free = [column for column in columns if column not in found.values() and (column.whole or meaning != "at")]
        best = max(free, key=lambda column: _weight(column, signs), default=None)
        if best is not None and _weight(best, signs) >= _LEAST:
            found[meaning] = best
    return found, wrong


def _weight(column: Column, signs: tuple[Sign, ...]) -> int:
    texts = {
        "label": (plain(column.label),),
        "entity": (column.entity,),
        "type": (column.data_type,),
        "values": column.values,
    }
    return sum(sign.weight for sign in signs if any(re.search(sign.pattern, text) for text in texts[sign.of]))


# Words of the two error types in two languages, as `plain` leaves them.
_TYPE_WORDS: tuple[tuple[str, ErrorType], ...] = (
    (r"user ?mapping", ErrorType.USER_MAPPING),
    (r"(mappage|mapping|correspondance|association|liaison).*utilisateur", ErrorType.USER_MAPPING),
    (r"utilisateur.*(mappage|mapping|mappe|correspondance|associe)", ErrorType.USER_MAPPING),
    (r"^(erreurs? de )?(connection|connexion)( errors?)?$", ErrorType.CONNECTION),
)


def error_type(value: str, label: str, declared: Mapping[Any, tuple[str, ...]]) -> ErrorType:
    """What an error's type is: by the config file's values first, then by the words of English and French; the value
    counts before the label, which is in the acting user's language."""
    for text in (plain(value), plain(label)):
        if not text:
            continue
        for name, values in declared.items():
            if text in map(plain, values):
                return ErrorType(name)
        for pattern, kind in _TYPE_WORDS:
            if re.search(pattern, text):
                return kind
    return ErrorType.OTHER


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
