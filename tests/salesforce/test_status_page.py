"""The Lightning Sync Status page, read: both languages, both vendors, broken, strange, pasted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.salesforce.pages import of_user, organisation, page, picture, table
from tui.model import PageReading, RowKind, Word
from tui.salesforce.page_words import kind_of, word_of
from tui.salesforce.status_page import read_page
from tui.salesforce.times import moment, zone_of

PARIS = "Europe/Paris"
LOCALES = {"en": "en_US", "fr": "fr_FR"}
AT = datetime(2026, 11, 22, 14, 15, tzinfo=UTC)


def read(html: str, lang: str = "en", **labels: str) -> PageReading:
    return read_page(html, labels=labels, locale=LOCALES[lang], time_zone=PARIS)


@pytest.mark.parametrize(("lang", "vendor"), [("en", "Exchange"), ("en", "Google"), ("fr", "Google"), ("en", "Gmail")])
def test_the_page_is_read_in_each_wording(lang: str, vendor: str) -> None:
    html = page(organisation(lang, vendor) + of_user(lang, vendor, resetting=True), name="Zoé O'Neil")
    found = read(html, lang)
    assert found.problem == ""
    assert (found.shown_name, found.can_check, found.can_reset) == ("Zoé O'Neil", True, True)
    method, linked, strange = (row for row in found.rows if row.table == "orgConfigInfo")
    assert (method.kind, method.word, method.value) == (RowKind.CONNECTION_METHOD, Word.YES, "OAuth 2.0")
    assert (linked.kind, linked.number) == (RowKind.LINKED_USERS, 1234)
    assert (strange.kind, strange.word, strange.label, strange.value) == (None, None, "A row nobody knows", "42")
    for name in ("orgContacts", "orgEvents"):
        last = found.first(RowKind.LAST_SYNC_ACTIVITY, name)
        assert last is not None
        assert last.time == AT
    assigned = found.first(RowKind.ASSIGNED)
    assert assigned is not None
    assert assigned.word is Word.YES
    reset = found.first(RowKind.RESET)
    assert reset is not None
    assert reset.word is Word.RESETTING
    for name in ("userContacts", "userEvents"):
        words = [(row.kind, row.word) for row in found.rows if row.table == name]
        assert words == [
            (RowKind.LINKED, Word.LINKED),
            (RowKind.SALESFORCE_TO_GOOGLE, Word.IN_SYNC),
            (RowKind.GOOGLE_TO_SALESFORCE, Word.INITIAL_COMPLETED),
        ]


def test_an_unassigned_user_has_no_tables_of_its_own() -> None:
    found = read(page(organisation("en", "Google") + of_user("en", "Google", assigned=False), name="Jane"))
    assigned = found.first(RowKind.ASSIGNED)
    assert assigned is not None
    assert assigned.word is Word.NO
    assert not [row for row in found.rows if row.table.startswith("user")]


def test_before_a_check_the_page_is_about_nobody() -> None:
    found = read(page(organisation("en", "Google"), name="Jane"))
    assert (found.shown_name, found.can_check, found.can_reset) == (None, True, False)


def test_without_linked_users_the_field_may_be_missing() -> None:
    found = read(f"<html><body>{organisation('en', 'Google', linked='0')}</body></html>")
    linked = found.first(RowKind.LINKED_USERS)
    assert linked is not None
    assert linked.number == 0
    assert (found.problem, found.can_check, found.can_reset) == ("", False, False)


def test_a_page_that_names_two_people_is_about_neither() -> None:
    setup = table("configSetup", [("User", "John Doe"), ("User assigned to active configuration", picture(True))])
    found = read(page(setup, name="Jane Doe"))
    assert (found.shown_name, found.can_reset) == (None, False)
    assert read(page(setup, name="John  Doe")).shown_name == "John Doe"


@pytest.mark.parametrize("spoil", ["disabled", "gone"])
def test_a_button_that_cannot_be_pressed_does_not_count(spoil: str) -> None:
    html = page(of_user("en", "Google"), name="Jane", reset=spoil != "gone")
    if spoil == "disabled":
        html = html.replace('value="Reset Sync"', 'value="Reset Sync" disabled="disabled"')
    found = read(html)
    assert (found.shown_name, found.can_reset) == ("Jane", False)


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>Login</title></head><body><input type='password' name='pw'/></body></html>",
        "<html><body><table id='other'><tr><td>Last sync activity</td><td>never</td></tr></table></body></html>",
        "<html></html>",
        "<html><body><p>User assigned to active Lightning Sync configuration Yes</p></body></html>",
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body>&x;</body></html>",
        "<html><body>" + "<div>" * 5000 + "</body></html>",
    ],
)
def test_a_page_that_is_not_ours_says_so(html: str) -> None:
    found = read(html)
    assert found.problem
    assert found.rows == ()
    assert not found.can_reset


def test_a_huge_page_is_not_read() -> None:
    assert read("<html>" + "x" * 5_000_000).problem


@pytest.mark.parametrize("text", ["", "   \n ", "nothing known\nhere: at all", "\x00\x01", "{}"])
def test_a_text_without_rows_says_so(text: str) -> None:
    assert read(text).problem


def test_a_broken_page_gives_what_it_has() -> None:
    whole = page(organisation("en", "Google") + of_user("en", "Google"), name="Jane")
    half = whole[: whole.index("userEvents") + 20]
    found = read(half)
    assert found.problem == ""
    assert found.first(RowKind.LINKED, "userContacts") is not None
    assert found.first(RowKind.LINKED, "userEvents") is None


def test_markup_and_control_characters_in_names_are_harmless() -> None:
    evil = "<img src=x alt='Yes'>\x1b]52;c;x\x07[/] & \u202eRobert\u2066"
    setup = of_user("en", "Google", assigned=False).replace(
        "</table>", "<tr><td>User</td><td>NAME</td></tr></table>", 1
    )
    from html import escape

    found = read(page(setup.replace("NAME", escape(evil)), name=evil))
    assert found.shown_name is not None
    assert found.shown_name.startswith("<img src=x alt='Yes'>")
    assert not set(found.shown_name) & {"\x1b", "\x07", "\u202e", "\u2066"}
    assigned = found.first(RowKind.ASSIGNED)
    assert assigned is not None
    assert assigned.word is Word.NO
    assert all("\x1b" not in row.value + row.label for row in found.rows)


@pytest.mark.parametrize("entry", [" Liaison OK ", "liaison ok", "Liaison\u00a0OK"])
def test_the_config_teaches_words(entry: str) -> None:
    html = page(of_user("en", "Google", linked="Liaison OK"), name="Jane")
    before = read(html).first(RowKind.LINKED)
    assert before is not None
    assert (before.word, before.value) == (None, "Liaison OK")
    after = read_page(html, labels={entry: "linked", "A row nobody knows": "service_account"})
    taught = after.first(RowKind.LINKED)
    assert taught is not None
    assert taught.word is Word.LINKED
    row = read_page(page(organisation("en", "Google")), labels={"a row nobody knows": "service_account"})
    assert row.first(RowKind.SERVICE_ACCOUNT) is not None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("Linked", "linked"),
        ("The user can't be linked because another user has the same email address.", "duplicate_address"),
        ("Impossible de lier : un autre utilisateur a la même adresse e-mail", "duplicate_address"),
        ("Not linked: the mailbox is other@acme.com", "not_linked"),
        ("Can’t be linked: mail server error", "not_linked"),
        ("Ne peut pas être lié", "not_linked"),
        ("No", "not_linked"),
        ("Linked or so", None),
        ("", None),
    ],
)
def test_the_words_of_linking(value: str, word: str | None) -> None:
    assert word_of(value, RowKind.LINKED, {}) == word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("In sync", "in_sync"),
        ("Synchronisées", "in_sync"),
        ("Initial sync completed", "initial_completed"),
        ("Initial sync in progress", "initial_in_progress"),
        ("Synchronisation initiale en cours", "initial_in_progress"),
        ("Not started", "not_started"),
        ("Non démarrée", "not_started"),
        ("Not synced – not configured in this direction", "not_this_direction"),
        ("Non synchronisé : sens non configuré dans ce sens", "not_this_direction"),
        ("Not synced – folder or group empty", "nothing_to_sync"),
        ("Non synchronisé - dossier ou groupe vide", "nothing_to_sync"),
        ("Unable to sync – Exchange server error", "unable"),
        ("Unable to sync - unknown issue", "unable"),
        ("Impossible de synchroniser : erreur du serveur", "unable"),
        ("Almost in sync", None),
        ("Quantum synchronised", None),
    ],
)
def test_the_words_of_syncing(value: str, word: str | None) -> None:
    assert word_of(value, RowKind.SALESFORCE_TO_GOOGLE, {}) == word


def test_a_label_counts_only_in_its_own_table() -> None:
    assert kind_of("Salesforce to Exchange sync status", "userEvents", {}) is RowKind.SALESFORCE_TO_GOOGLE
    assert kind_of("Salesforce to Exchange sync status", "orgEvents", {}) is None
    assert kind_of("Users with linked Exchange and Salesforce email addresses", "userEvents", {}) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1,234", 1234),
        ("1\u202f234", 1234),
        ("12 345 678", 12345678),
        ("about 5", None),
        ("1,5", None),
        ("", None),
    ],
)
def test_only_whole_numbers_count(text: str, number: int | None) -> None:
    row = read(page(organisation("en", "Google", linked=text))).first(RowKind.LINKED_USERS)
    assert row is not None
    assert row.number == number


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("11/22/2026 3:15 PM", "en_US", AT),
        ("11/22/2026, 3:15\u202fPM", "en_US", AT),
        ("11/22/26 3:15 PM", "en_US", AT),
        ("22/11/2026 15:15", "en_GB", AT),
        ("22/11/2026, 15:15:00", "fr_FR", AT),
        ("22/11/2026 à 15:15", "fr_FR", AT),
        ("22.11.2026 15:15", "de_DE", AT),
        ("2026-11-22 15:15", "sv_SE", AT),
        ("2026-11-22 3:15 p.m.", "en_CA", AT),
        ("2026-11-22T14:15:00Z", "xx", AT),
        ("2026-11-22T15:15:00+01:00", "", AT),
        ("22/11/2026 14:15 UTC", "fr_FR", AT),
        ("22/11/2026 15:15", "", AT),
        ("05/06/2026 15:15", "", None),
        ("05/06/2026 15:15", "xx_XX", None),
        ("05/05/2026 15:15", "", datetime(2026, 5, 5, 13, 15, tzinfo=UTC)),
        ("22/11/2026 15:15", "en_US", None),
        ("11/22/2026 3:15", "en_US", None),
        ("11/22/2026 15:15", "en_US", AT),
        ("11/22/2026 13:15 PM", "en_US", None),
        ("22/11/2026 25:15", "fr_FR", None),
        ("31/02/2026 15:15", "fr_FR", None),
        ("25/10/2026 02:30", "fr_FR", None),
        ("22 nov. 2026 15:15", "fr_FR", None),
        ("22/11/2026 15:15 PST", "fr_FR", None),
        ("22/11/2026", "fr_FR", None),
        ("5 minutes ago", "en_US", None),
        ("2026-99-22T14:15:00Z", "", None),
        ("", "en_US", None),
    ],
)
def test_times_are_read_only_where_they_are_certain(text: str, locale: str, expected: datetime | None) -> None:
    assert moment(text, locale, zone_of(PARIS)) == expected


def test_an_unknown_zone_makes_a_local_time_unknown() -> None:
    assert zone_of("Mars/Olympus") is None
    assert zone_of("../etc/passwd") is None
    assert moment("22/11/2026 15:15", "fr_FR", None) is None


PASTED = """Lightning Sync Status
Connection method configured\tOAuth 2.0
Users with linked Exchange and Salesforce email addresses\t12
Contacts
Last sync activity\t11/22/2026 3:15 PM
Events
Last sync activity\tNone
User: Jane Doe
User assigned to active Lightning Sync configuration\t
Contacts
Salesforce and Exchange email addresses linked\tLinked
Salesforce to Exchange sync status:  In sync
Exchange to Salesforce sync status
Not started
Events
Salesforce and Exchange email addresses linked\tSomething new
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_pasted_text_is_read_as_far_as_it_goes(ends: str) -> None:
    found = read_page(PASTED.replace("\n", ends), locale="en_US", time_zone=PARIS, source="pasted")
    assert (found.problem, found.source, found.shown_name) == ("", "pasted", "Jane Doe")
    assert not found.can_check
    assert not found.can_reset
    assert [(row.table, row.kind, row.word) for row in found.rows] == [
        ("orgConfigInfo", RowKind.CONNECTION_METHOD, Word.YES),
        ("orgConfigInfo", RowKind.LINKED_USERS, None),
        ("orgContacts", RowKind.LAST_SYNC_ACTIVITY, None),
        ("orgEvents", RowKind.LAST_SYNC_ACTIVITY, Word.NO),
        ("configSetup", RowKind.ASSIGNED, None),
        ("userContacts", RowKind.LINKED, Word.LINKED),
        ("userContacts", RowKind.SALESFORCE_TO_GOOGLE, Word.IN_SYNC),
        ("userContacts", RowKind.GOOGLE_TO_SALESFORCE, Word.NOT_STARTED),
        ("userEvents", RowKind.LINKED, None),
    ]
    assert found.rows[2].time == AT
    assert found.rows[-1].value == "Something new"


def test_pasted_text_without_headings_goes_by_order() -> None:
    text = "Salesforce to Google sync status\tIn sync\n" * 2
    assert [row.table for row in read(text).rows] == ["userContacts", "userEvents"]
