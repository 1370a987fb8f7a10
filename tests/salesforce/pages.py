"""Lightning Sync Status pages as Visualforce renders them, in two languages and for both vendors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Rows = Sequence[tuple[str, str]]

WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("en", "Exchange"): {},
    ("en", "Google"): {},
    ("fr", "Google"): {
        "Connection method configured": "Méthode de connexion configurée",
        "Users with linked {v} and Salesforce email addresses": "Utilisateurs aux adresses {v} et Salesforce liées",
        "Last sync activity": "Dernière activité de synchronisation",
        "User assigned to active Lightning Sync configuration": "Utilisateur attribué à une configuration active",
        "Salesforce and {v} email addresses linked": "Adresses e-mail Salesforce et {v} liées",
        "Salesforce to {v} sync status": "Statut de synchronisation de Salesforce vers {v}",
        "{v} to Salesforce sync status": "Statut de synchronisation de {v} vers Salesforce",
        "Reset sync status": "Statut de la réinitialisation de la synchronisation",
        "Linked": "Liées",
        "In sync": "Synchronisé",
        "Initial sync completed": "Synchronisation initiale terminée",
        "Not started": "Non démarrée",
        "yes": "Oui",
        "no": "Non",
    },
}


def say(text: str, lang: str, vendor: str) -> str:
    return WORDS.get((lang, vendor), {}).get(text, text).format(v=vendor)


def picture(yes: bool, lang: str = "en", vendor: str = "Exchange") -> str:
    return f'<img src="/img/checkbox.gif" alt="{say("yes" if yes else "no", lang, vendor)}" class="checkImg"/>'


def table(name: str, rows: Rows) -> str:
    body = "".join(
        f'<tr><th class="labelCol">{label}</th><td class="dataCol">{value}</td></tr>' for label, value in rows
    )
    return f'<table id="{name}" class="detailList"><tr><th colspan="2">Heading</th></tr>{body}</table>'


def organisation(lang: str, vendor: str, *, method: str = "OAuth 2.0", linked: str = "1,234", at: str = "") -> str:
    at = at or ("22/11/2026 15:15" if lang == "fr" else "11/22/2026 3:15 PM")
    last = [(say("Last sync activity", lang, vendor), at)]
    return (
        table(
            "orgConfigInfo",
            [
                (say("Connection method configured", lang, vendor), method),
                (say("Users with linked {v} and Salesforce email addresses", lang, vendor), linked),
                ("A row nobody knows", "<b>42</b>"),
            ],
        )
        + table("orgContacts", last)
        + table("orgEvents", last)
    )


def of_user(
    lang: str,
    vendor: str,
    *,
    assigned: bool = True,
    linked: str = "Linked",
    out: str = "In sync",
    into: str = "Initial sync completed",
    resetting: bool = False,
) -> str:
    def words(text: str) -> str:
        return escape(say(text, lang, vendor))

    setup = [(words("User assigned to active Lightning Sync configuration"), picture(assigned, lang, vendor))]
    if resetting:
        setup.append((words("Reset sync status"), "Reset in progress"))
    html = table("configSetup", setup)
    if assigned:
        rows = [
            (words("Salesforce and {v} email addresses linked"), words(linked)),
            (words("Salesforce to {v} sync status"), words(out)),
            (words("{v} to Salesforce sync status"), words(into)),
        ]
        html += table("userContacts", rows) + table("userEvents", rows)
    return html


def page(body: str, *, name: str = "", state: str = "s1", reset: bool = True, action: str = "") -> str:
    """The whole page: `body` in the form, with the name's field, view state and buttons."""
    prefix = "thePage:theForm:thePageBlock:pageBlock"
    reset_button = (
        f'<input id="{prefix}:resetButton" type="submit" name="{prefix}:resetButton" value="Reset Sync"'
        " onclick=\"return confirm('Sure?');\"/>"
        if reset
        else ""
    )
    return f"""<!DOCTYPE html><html><head><title>Lightning Sync Status</title>
<script>function go() {{ window.location.href = '/home/home.jsp'; }}</script></head><body>
<form id="search" action="/search" method="get"><input name="q" value="x"/></form>
<form id="thePage:theForm" name="thePage:theForm" method="post" action="{action or "/s2x/resetExchangeSyncUser.apexp"}"
 enctype="application/x-www-form-urlencoded"><input type="hidden" name="thePage:theForm" value="thePage:theForm"/>
<input type="text" id="{prefix}:resetExchangeSyncUser" name="{prefix}:user" value="{escape(name, quote=True)}"/>
<input type="checkbox" name="ticked" checked="checked"/><input type="checkbox" name="unticked" value="1"/>
<select name="size"><option value="s">S</option><option value="m" selected="selected">M</option></select>
<textarea name="note">line</textarea><input type="text" name="off" value="x" disabled="disabled"/>
<input id="{prefix}:checkStatusButton" type="submit" name="{prefix}:checkStatusButton" value="Check Status"/>
{reset_button}{body}
<input type="hidden" id="com.salesforce.visualforce.ViewState"
 name="com.salesforce.visualforce.ViewState" value="{state}"/>
</form></body></html>"""
