"""The words of the Lightning Sync Status page, in English and French, for Exchange and for Google, as data.

English labels and values for Exchange were read in a real org, or stand in Salesforce's help (lightning-sync.md 2);
the wordings for Google, those in French, and some values are not known: what is not here is shown raw, and can be
taught in `[salesforce.labels]`. Patterns match texts as `normal` leaves them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tui.model import RowKind, Word
from tui.salesforce.report_columns import plain

_VENDOR = re.compile(
    r"\b(microsoft exchange|exchange online|exchange|microsoft 365|office 365|google workspace|g suite|google apps"
    r"|gmail|google)\b"
)


@lru_cache(maxsize=1024)
def normal(text: str) -> str:
    """The text without case, accents and punctuation, with the name of either vendor as `google`."""
    return _VENDOR.sub("google", plain(text))


ORGANISATION, USER = frozenset({"orgConfigInfo", "orgContacts", "orgEvents"}), frozenset({"userContacts", "userEvents"})
SETUP = frozenset({"configSetup"})

# A row's kind by its label, and the tables in which it can be that kind. The first that fits counts.
LABELS: tuple[tuple[str, RowKind, frozenset[str]], ...] = (
    (r"connection method|(methode|mode) de connexion", RowKind.CONNECTION_METHOD, ORGANISATION),
    (r"service account|compte de service", RowKind.SERVICE_ACCOUNT, ORGANISATION),
    (r"outlook integration|integration (d |avec )?outlook", RowKind.OUTLOOK_INTEGRATION, ORGANISATION),
    (
        r"^users? with linked|^number of linked users|^utilisateurs .*\b(liee?s?|associee?s?)\b",
        RowKind.LINKED_USERS,
        ORGANISATION,
    ),
    (r"last sync(hronization)? activity|derniere activite de sync", RowKind.LAST_SYNC_ACTIVITY, ORGANISATION),
    (r"^lightning sync( is)? (enabled|active|on)|^lightning sync (est )?activee?", RowKind.SYNC_ENABLED, ORGANISATION),
    (r"reset sync status|(statut|etat) de (la )?reinitialisation", RowKind.RESET, SETUP | USER),
    (
        r"assigned to (an )?active .*config|(attribuee?|affectee?|assignee?|associee?) a une config\w* .*active",
        RowKind.ASSIGNED,
        SETUP,
    ),
    (r"e ?mail addresses linked|adresses .*\b(liee?s|associee?s)\b", RowKind.LINKED, USER),
    (r"salesforce (to|vers) google", RowKind.SALESFORCE_TO_GOOGLE, USER),
    (r"google (to|vers) salesforce", RowKind.GOOGLE_TO_SALESFORCE, USER),
)

_YES = r"^(yes|oui|true|vrai|checked|coche|enabled|active|activee?|on)$"
_NO = r"^(no|non|false|faux|not checked|unchecked|non coche|disabled|desactivee?|off)$"
_NONE = r"^(none|never|no activity|aucune?( activite)?|jamais|no|non|n a)$"

_SYNC: tuple[tuple[str, Word], ...] = (
    (
        r"(not|isn t|aren t) (configured|set up|synced|syncing|enabled|being synced).*(direction|this way)"
        r"|(not|pas|non) .*(direction|dans ce sens)",
        Word.NOT_THIS_DIRECTION,
    ),
    (
        r"(folder|group|label|calendar).*(empty)|nothing to sync|no (contacts|events|items)( \w+)? to sync|^empty$"
        r"|(dossier|groupe|libelle|calendrier|agenda).*vide|rien a synchroniser|aucun (contact|evenement|element) a",
        Word.NOTHING_TO_SYNC,
    ),
    (
        r"unable to sync|(can t|cannot|couldn t|could not) (be )?sync|sync(hronization)? (has )?failed|server error"
        r"|unknown (issue|error|problem)|impossible de synchroniser|echec de (la )?sync|erreur (du |de )?serveur"
        r"|(probleme|erreur) inconnue?|ne peu(t|vent) pas etre synchronis",
        Word.UNABLE,
    ),
    (
        r"initial sync (is )?in progress|initial sync(hronization)? (has )?started"
        r"|synchronisation initiale (est )?en cours",
        Word.INITIAL_IN_PROGRESS,
    ),
    (
        r"initial sync (is |has been )?complete|synchronisation initiale (est )?(terminee|achevee|effectuee)",
        Word.INITIAL_COMPLETED,
    ),
    (r"^not (yet )?started|^(pas (encore )?|non )(demarree?|commencee?)", Word.NOT_STARTED),
    (r"^(is |are )?in sync$|^(est |sont )?synchronisee?s?$|^a jour$", Word.IN_SYNC),
)

# What a value means, by the kind of its row. The first that fits counts; a value that nothing fits has no word.
VALUES: Mapping[RowKind, tuple[tuple[str, Word], ...]] = {
    RowKind.CONNECTION_METHOD: ((_NONE, Word.NO), (r".", Word.YES)),
    RowKind.SERVICE_ACCOUNT: ((_NONE, Word.NO), (r".", Word.YES)),
    RowKind.OUTLOOK_INTEGRATION: ((_YES, Word.YES), (_NO, Word.NO)),
    RowKind.SYNC_ENABLED: ((_YES, Word.YES), (_NO, Word.NO)),
    RowKind.ASSIGNED: ((_YES, Word.YES), (_NO, Word.NO)),
    RowKind.LAST_SYNC_ACTIVITY: ((_NONE, Word.NO),),
    RowKind.LINKED_USERS: ((_NONE, Word.NO),),
    RowKind.RESET: ((r"", Word.RESETTING),),  # the row stands there only while a reset runs
    RowKind.LINKED: (
        (
            r"(another|other|different) (salesforce )?users?.*same e ?mail|same e ?mail.*(another|other) user"
            r"|duplicate e ?mail|autre utilisateur.*meme (adresse|e ?mail)|meme (adresse|e ?mail).*autre utilisateur",
            Word.DUPLICATE_ADDRESS,
        ),
        (
            r"\b(not|n t|unable|cannot|can t|couldn t|isn t|aren t)\b.*\b(link|linked)\b|^no$|^non$|^false$|^faux$"
            r"|\b(non|pas|impossible)\b.*\b(lie|lier|liee|lies|liees|associe|associer|associee|associes|associees)\b",
            Word.NOT_LINKED,
        ),
        (r"^(is |are )?linked$|^(est |sont )?(liee?s?|associee?s?)$|^yes$|^oui$|^true$|^vrai$", Word.LINKED),
    ),
    RowKind.SALESFORCE_TO_GOOGLE: _SYNC,
    RowKind.GOOGLE_TO_SALESFORCE: _SYNC,
}


_KINDS, _WORDS = frozenset(RowKind), frozenset(Word)


def kind_of(label: str, table: str, taught: Mapping[str, str]) -> RowKind | None:
    """What a row with that label in that table is about; `table` "" (a pasted text) allows every kind."""
    said = normal(label)
    kind = _taught(said, taught)
    return RowKind(kind) if kind in _KINDS else _kind(said, table)


@lru_cache(maxsize=256)
def _kind(said: str, table: str) -> RowKind | None:
    for pattern, found, tables in LABELS:
        if (not table or table in tables) and re.search(pattern, said):
            return found
    return None


def word_of(value: str, kind: RowKind, taught: Mapping[str, str]) -> Word | None:
    """What a value means in a row of that kind."""
    said = normal(value)
    word = _taught(said, taught)
    return Word(word) if word in _WORDS else _word(said, kind)


@lru_cache(maxsize=256)
def _word(said: str, kind: RowKind) -> Word | None:
    if not said and kind is not RowKind.RESET:
        return None
    return next((word for pattern, word in VALUES[kind] if re.search(pattern, said)), None)


def _taught(said: str, taught: Mapping[str, str]) -> str | None:
    return next((meaning for word, meaning in taught.items() if said and normal(word) == said), None)
