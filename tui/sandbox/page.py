"""The Lightning Sync Status page: the HTML of `/s2x/resetExchangeSyncUser.apexp`, with its view state.

Element ids as reference/lightning-sync.md has them. The English words that it confirms are used as they are, with
Google in place of Exchange; all other words, and all French ones, are wordings of our own: the real ones are not known.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape

from tui.sandbox.state import ACCOUNT, TO_GOOGLE, TO_SALESFORCE, Person, World

PATH = "/s2x/resetExchangeSyncUser.apexp"
FORM = "thePage:theForm"
CHECK = f"{FORM}:thePageBlock:pageBlock:checkStatusButton"
RESET = f"{FORM}:thePageBlock:pageBlock:resetButton"
INPUT = "resetExchangeSyncUser"
_STATE = "com.salesforce.visualforce."

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Lightning Sync Status",
        "method": "Connection method configured",
        "account": "Google service account provided",
        "linked_users": "Users with linked Google and Salesforce email addresses",
        "enabled": "Lightning Sync enabled",
        "activity": "Last sync activity",
        "assigned": "User assigned to active Lightning Sync configuration",
        "resetting": "Reset sync status",
        "reset_running": "Resetting…",
        "addresses": "Salesforce and Google email addresses linked",
        TO_GOOGLE: "Salesforce to Google sync status",
        TO_SALESFORCE: "Google to Salesforce sync status",
        "yes": "Yes",
        "no": "No",
        "linked": "Linked",
        "duplicate": "Can't be linked because another user has the same email address",
        "mismatch": "Not linked: the mailbox that syncs is {other}",
        "failed": "Can't be linked because of an unknown issue",
        "not_started": "Not started",
        "initial_in_progress": "Initial sync in progress",
        "initial_completed": "Initial sync completed",
        "in_sync": "In sync",
        "not_this_direction": "Not synced: not configured in this direction",
        "nothing_to_sync": "Not synced: folder or group is empty",
        "unable": "Unable to sync: unknown issue",
        "none": "None",
        "check": "Check Status",
        "reset": "Reset Sync",
        "sure": "Reset sync for this user?",
        "user": "User",
        "contacts": "Contacts",
        "events": "Events",
        "organisation": "Organization",
        "unknown_user": "No user has that name.",
        "two_users": "More than one user has that name.",
        "bad_state": "The page that you submitted was invalid for your session. Please reload it.",
        "no_name": "Enter a user's name.",
    },
    "fr": {
        "title": "Statut de Lightning Sync",
        "method": "Méthode de connexion configurée",
        "account": "Compte de service Google fourni",
        "linked_users": "Utilisateurs dont les adresses e-mail Google et Salesforce sont liées",
        "enabled": "Lightning Sync activé",
        "activity": "Dernière activité de synchronisation",
        "assigned": "Utilisateur attribué à une configuration Lightning Sync active",
        "resetting": "Statut de réinitialisation de la synchronisation",
        "reset_running": "Réinitialisation en cours…",
        "addresses": "Adresses e-mail Salesforce et Google liées",
        TO_GOOGLE: "Statut de synchronisation de Salesforce vers Google",
        TO_SALESFORCE: "Statut de synchronisation de Google vers Salesforce",
        "yes": "Oui",
        "no": "Non",
        "linked": "Liées",
        "duplicate": "Impossible de lier les adresses, car un autre utilisateur a la même adresse e-mail",
        "mismatch": "Non liées : la boîte de messagerie synchronisée est {other}",
        "failed": "Impossible de lier les adresses en raison d'un problème inconnu",
        "not_started": "Non démarrée",
        "initial_in_progress": "Synchronisation initiale en cours",
        "initial_completed": "Synchronisation initiale terminée",
        "in_sync": "Synchronisé",
        "not_this_direction": "Non synchronisé : non configuré dans cette direction",
        "nothing_to_sync": "Non synchronisé : dossier ou groupe vide",
        "unable": "Synchronisation impossible : problème inconnu",
        "none": "Aucune",
        "check": "Vérifier le statut",
        "reset": "Réinitialiser la synchronisation",
        "sure": "Réinitialiser la synchronisation de cet utilisateur ?",
        "user": "Utilisateur",
        "contacts": "Contacts",
        "events": "Événements",
        "organisation": "Organisation",
        "unknown_user": "Aucun utilisateur ne porte ce nom.",
        "two_users": "Plusieurs utilisateurs portent ce nom.",
        "bad_state": "La page soumise n'est pas valide pour votre session. Veuillez la recharger.",
        "no_name": "Saisissez le nom d'un utilisateur.",
    },
}


class ViewStates:
    """Makes the hidden fields of a page, and knows its own again. Signed, bound to one session, and unforgeable."""

    def __init__(self) -> None:
        self.secret = secrets.token_bytes(32)

    def fields(self, sid: str, version: int) -> dict[str, str]:
        """Every hidden field of the form, for a page given to that session."""
        content = {"n": secrets.token_hex(150), "v": version, "s": self._sign("sid", sid)}
        state = "i:" + base64.b64encode(json.dumps(content).encode()).decode()
        return {
            FORM: FORM,
            f"{INPUT}_lkid": "000000000000000",
            f"{INPUT}_lkold": "null",
            f"{INPUT}_lktp": "StandardUserLookup",
            f"{INPUT}_mod": "0",
            f"{_STATE}ViewState": state,
            f"{_STATE}ViewStateVersion": f"2026{version:012d}",
            f"{_STATE}ViewStateMAC": self._sign("state", state),
            f"{_STATE}ViewStateCSRF": self._sign("csrf", sid),
        }

    def accepts(self, sid: str, posted: Mapping[str, str]) -> bool:
        """Whether a post carries every field of a page of ours for that session, unaltered."""
        state = posted.get(f"{_STATE}ViewState", "")
        expected = self.fields(sid, 0)
        if not all(name in posted for name in (*expected, INPUT)):
            return False
        good = hmac.compare_digest(posted[f"{_STATE}ViewStateMAC"], self._sign("state", state))
        if not good or posted[FORM] != FORM:
            return False
        content = json.loads(base64.b64decode(state.removeprefix("i:")))
        return (
            hmac.compare_digest(str(content["s"]), self._sign("sid", sid))
            and posted[f"{_STATE}ViewStateVersion"] == f"2026{int(content['v']):012d}"
            and hmac.compare_digest(posted[f"{_STATE}ViewStateCSRF"], self._sign("csrf", sid))
        )

    def _sign(self, purpose: str, text: str) -> str:
        digest = hmac.new(self.secret, f"{purpose}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return base64.b64encode(digest).decode()


def render(
    world: World,
    now: datetime,
    hidden: Mapping[str, str],
    *,
    typed: str = "",
    person: Person | None = None,
    message: str = "",
) -> str:
    """The page: the organisation's rows, and `person`'s where one was found. `message` is a key of WORDS."""
    words = WORDS[world.lang]
    if world.scenario == "salesforce.page.unrecognised":
        return _stranger(words)
    with_input = world.scenario != "salesforce.connection.no_linked_users"
    fields = "".join(
        f'<input type="hidden" id="{escape(name)}" name="{escape(name)}" value="{escape(value)}" />'
        for name, value in hidden.items()
    )
    typed = person.name if person else typed
    search = (
        f'<label for="{INPUT}">{words["user"]}</label> '
        f'<span class="lookupInput"><input id="{INPUT}" maxlength="255" name="{INPUT}" size="20" type="text" '
        f'value="{escape(typed)}" /></span> '
        f'<input class="btn" id="{CHECK}" name="{CHECK}" type="submit" value="{escape(words["check"])}" /> '
        f'<input class="btn" id="{RESET}" name="{RESET}" onclick="return confirm(\'{escape(words["sure"])}\');" '
        f'type="submit" value="{escape(words["reset"])}" />'
        if with_input
        else ""
    )
    note = (
        f'<div class="message errorM3" role="alert"><div class="messageText">{escape(words[message])}</div></div>'
        if message
        else ""
    )
    body = "".join(_organisation(world, words, now))
    if person is not None and with_input:
        body += "".join(_user(world, words, person, now))
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html lang="{world.lang}"><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
<title>{words["title"]}</title><script type="text/javascript">var page = "<table id='orgConfigInfo'>";</script></head>
<body class="setupTab"><h1 class="pageType">{words["title"]}</h1>
<form id="{FORM}" name="{FORM}" method="post" action="{PATH}" enctype="application/x-www-form-urlencoded">
{note}
<div class="bPageBlock"><div class="pbBody">{body}<div class="pbSubsection">{search}</div></div></div>
<span id="ajax-view-state-page-container">{fields}</span></form></body></html>"""


def _table(id_: str, rows: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<tr><th class="labelCol" scope="row">{escape(label)}</th><td class="dataCol">{value}</td></tr>'
        for label, value in rows
    )
    return f'<table class="detailList" border="0" cellspacing="0" id="{id_}"><tbody>{lines}</tbody></table>'


def _image(words: Mapping[str, str], truth: bool) -> str:
    word = words["yes" if truth else "no"]
    kind = "checked" if truth else "unchecked"
    return f'<img src="/img/checkbox_{kind}.gif" alt="{word}" title="{word}" width="21" height="16" />'


def _heading(text: str) -> str:
    return f'<div class="pbSubheader brandTertiaryBgr first tertiaryPalette"><h3>{escape(text)}</h3></div>'


def _organisation(world: World, words: Mapping[str, str], now: datetime) -> Iterator[str]:
    scenario = world.scenario
    configured = scenario != "salesforce.connection.not_configured"
    off = scenario == "salesforce.sync.disabled"
    broken = not configured or scenario == "salesforce.connection.no_linked_users"
    linked = 0 if broken else sum(1 for one in world.people if one.real and one.link == "linked")
    number = f"{linked:,}".replace(",", "\u202f" if world.lang == "fr" else ",")
    activity = escape(words["none"] if broken else world.written(now - world.quiet))
    rows = [(words["enabled"], _image(words, truth=False))] if off else []
    rows += [
        (words["method"], "OAuth 2.0" if configured else _image(words, truth=False)),
        (words["account"], escape(ACCOUNT) if configured else _image(words, truth=False)),
        (words["linked_users"], number),
    ]
    yield _heading(words["organisation"]) + _table("orgConfigInfo", rows)
    for side, id_ in (("contacts", "orgContacts"), ("events", "orgEvents")):
        yield _heading(words[side]) + _table(id_, [(words["activity"], activity)])


def _user(world: World, words: Mapping[str, str], person: Person, now: datetime) -> Iterator[str]:
    rows = [(words["assigned"], _image(words, truth=bool(person.real)))]
    resetting = person.resetting(now)
    if resetting:
        rows.append((words["resetting"], escape(words["reset_running"])))
    yield _heading(person.name) + _table("configSetup", rows)
    if not person.real:
        return
    real = world.configurations[person.real]
    for side, id_ in (("contacts", "userContacts"), ("events", "userEvents")):
        rows = [(words["addresses"], escape(words[person.link].format(other=person.linked_to)))]
        if person.link == "linked":
            for way in (TO_GOOGLE, TO_SALESFORCE):
                state = person.sync
                if resetting:
                    state = "not_started"
                if state == "nothing_to_sync" and side == "events":
                    state = "in_sync"
                if not real.syncs(side, way):
                    state = "not_this_direction"
                rows.append((words[way], escape(words[state])))
        yield _heading(words[side]) + _table(id_, rows)


def _stranger(words: Mapping[str, str]) -> str:
    """A page at the same address that is another one: a later release could put one there."""
    return (
        f"<!DOCTYPE html><html><head><title>{words['title']}</title></head><body><div id='setupComponent'>"
        f"<h1>{words['title']}</h1><form id='syncForm' method='post'><input id='userPicker' name='userPicker' />"
        f"<button id='run'>{words['check']}</button><button id='again'>{words['reset']}</button></form>"
        f"<dl id='status'><dt>{words['assigned']}</dt><dd>{words['yes']}</dd></dl></div></body></html>"
    )
