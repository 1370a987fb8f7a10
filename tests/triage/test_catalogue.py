"""The catalogue of causes: complete in both languages, and nothing from outside reaches a format string."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import words
from tui.model import Phase, Status
from tui.triage import catalogue

IDS = [
    "salesforce.network.unreachable",
    "salesforce.auth.bad_client",
    "salesforce.auth.bad_audience",
    "salesforce.auth.bad_assertion",
    "salesforce.auth.not_approved",
    "salesforce.auth.user_inactive",
    "salesforce.api.disabled",
    "salesforce.api.limit",
    "salesforce.rights.missing",
    "salesforce.service.unavailable",
    "salesforce.sync.disabled",
    "salesforce.connection.not_configured",
    "salesforce.connection.remote_site",
    "google.network.unreachable",
    "google.clock.skew",
    "google.key.unreadable",
    "google.key.revoked",
    "google.account.missing",
    "google.account.disabled",
    "google.scope.invalid",
    "google.delegation.unauthorized",
    "google.delegation.scope_missing",
    "google.policy.enforced",
    "google.api.calendar_disabled",
    "google.api.contacts_disabled",
    "google.quota.exceeded",
    "google.service.unavailable",
    "google.user.deleted",
    "google.user.suspended",
    "google.user.unknown",
    "google.user.alias",
    "google.calendar.off",
    "google.error.unclassified",
    "salesforce.connection.no_linked_users",
    "salesforce.connection.stalled",
    "salesforce.user.inactive",
    "salesforce.user.frozen",
    "salesforce.email.duplicate",
    "salesforce.email.mismatch",
    "salesforce.assignment.missing",
    "salesforce.assignment.inactive",
    "salesforce.assignment.overridden",
    "salesforce.assignment.direction",
    "salesforce.dataset.contacts_empty",
    "salesforce.rights.events",
    "salesforce.link.failed",
    "salesforce.sync.resetting",
    "salesforce.sync.initial",
    "salesforce.sync.failing",
    "salesforce.data.rejected",
    "salesforce.page.unrecognised",
    "salesforce.page.no_access",
    "salesforce.report.unavailable",
    "eac.license.missing",
    "eac.terms.pending",
    "eac.onboarding.failed",
    "eac.user.disabled",
    "eac.org.attention",
    "eac.user.attention",
    "eac.onboarding.pending",
]

NOT_FAIL = {
    "google.network.unreachable": Status.UNKNOWN,
    "google.clock.skew": Status.UNKNOWN,
    "google.key.unreadable": Status.UNKNOWN,
    "google.quota.exceeded": Status.UNKNOWN,
    "google.service.unavailable": Status.UNKNOWN,
    "google.error.unclassified": Status.UNKNOWN,
    "salesforce.assignment.overridden": Status.WARN,
    "salesforce.dataset.contacts_empty": Status.WARN,
    "salesforce.sync.resetting": Status.WAIT,
    "salesforce.sync.initial": Status.WAIT,
    "salesforce.data.rejected": Status.WARN,
    "salesforce.page.unrecognised": Status.UNKNOWN,
    "salesforce.page.no_access": Status.UNKNOWN,
    "salesforce.report.unavailable": Status.UNKNOWN,
    "eac.onboarding.pending": Status.WAIT,
}
BY = {"salesforce_admin", "google_admin", "user", "host_admin"}
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LONGEST = {"title": 90, "meaning": 420, "why": 420, "proof": 420, "step": 460}


def raw(language: str) -> dict[str, Any]:
    return tomllib.loads(files("tui.triage").joinpath("causes", f"{language}.toml").read_text("utf-8"))


RAW = {language: raw(language) for language in words.LANGUAGES}


def texts(language: str, cause_id: str) -> dict[str, str]:
    entry = RAW[language][cause_id]
    told = {name: entry[name] for name in ("title", "meaning", "why", "proof")}
    return told | {f"fix {number}": step["text"] for number, step in enumerate(entry["fix"])}


@pytest.fixture(params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = words.language()
    words.use(request.param)
    yield request.param
    words.use(before)


@pytest.fixture
def english() -> Iterator[None]:
    before = words.language()
    words.use("en")
    yield
    words.use(before)


def test_the_order_and_severity_are_those_of_the_list_of_causes() -> None:
    assert list(catalogue.ORDER) == IDS
    assert {cause: facts.severity for cause, facts in catalogue.FACTS.items()} == {
        cause: NOT_FAIL.get(cause, Status.FAIL) for cause in IDS
    }


def test_phases_follow_one_another() -> None:
    phases = [catalogue.PHASE[cause] for cause in catalogue.ORDER]
    assert [phases.index(phase) for phase in Phase] == [0, 10, 35]
    assert phases == sorted(phases, key=list(Phase).index)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_cause_stands_in_the_language_and_no_other(language: str) -> None:
    assert set(RAW[language]) == {*IDS, "by", "neutral"}
    assert set(RAW[language]["by"]) == {*BY, "line"}


@pytest.mark.parametrize("cause_id", IDS)
def test_both_languages_say_the_same_with_the_same_placeholders(cause_id: str) -> None:
    english, french = texts("en", cause_id), texts("fr", cause_id)
    assert english.keys() == french.keys()
    for name in english:
        assert set(PLACEHOLDER.findall(english[name])) == set(PLACEHOLDER.findall(french[name])), name
    steps = [[step["by"] for step in RAW[language][cause_id]["fix"]] for language in words.LANGUAGES]
    assert steps[0] == steps[1]
    assert steps[0]
    assert set(steps[0]) <= BY


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("cause_id", IDS)
def test_the_texts_are_whole_sentences_of_a_sensible_length(cause_id: str, language: str) -> None:
    for name, text in texts(language, cause_id).items():
        assert 10 < len(text) <= LONGEST[name.split()[0].replace("fix", "step")], (name, len(text))
        assert re.fullmatch(r"\S(?:(?!  ).)*[.)]", text), (name, text)
        # What looks like a placeholder is one, and has its neutral wording.
        assert re.sub(PLACEHOLDER, "", text).count("{") == 0, name
        assert set(PLACEHOLDER.findall(text)) <= set(RAW[language]["neutral"]), name
    assert "{" not in RAW[language][cause_id]["title"]


def test_every_neutral_wording_is_used() -> None:
    used = {name for cause in IDS for text in texts("en", cause).values() for name in PLACEHOLDER.findall(text)}
    assert used == set(RAW["en"]["neutral"]) == set(RAW["fr"]["neutral"])


ENGLISH = re.compile(
    r"\b(the|this|that|with|and|user|users|sync|your|check|is|are|not|does|which|settings?|Setup|account|address|"
    r"Email|Active|Users|Gmail Integration|Reset|wait|again|key|remote|site settings)\b"
)
ALLOWED = re.compile(  # names of things, fields of the config and of the key file, commands, addresses
    r"https?://\S+|\S*googleapis\.com|Lightning Sync Status|Lightning Sync|Salesforce Sync|Einstein Activity Capture|"
    r"passerelle (config )?check|\bkey,? (?=sous )|timedatectl set-ntp true|openssl [^)]*?-pubout|"
    r"Platform Integration User"
)


@pytest.mark.parametrize("cause_id", IDS)
def test_the_french_is_french(cause_id: str) -> None:
    for name, text in texts("fr", cause_id).items():
        bare = ALLOWED.sub("", PLACEHOLDER.sub("", text))
        assert not ENGLISH.search(bare), (name, ENGLISH.search(bare))
        assert text != texts("en", cause_id)[name], name
        assert "'" not in text, name
        assert not re.search(r"[^\s\u00a0][;?!]|(?<=\w) [:;?!»]|« ", text), (name, "French spacing")
        assert not re.search(r"\b(tu|ton|ta|tes|toi)\b", text, re.IGNORECASE), (name, "the reader is addressed as vous")


FORBIDDEN = re.compile(
    r"\b(turn|switch)(ing)? (the )?(lightning )?sync (off|on)\b|\b(dés)?activez (la synchronisation|lightning sync)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("cause_id", IDS)
def test_nobody_is_advised_to_switch_sync_off_or_on(cause_id: str) -> None:
    for language in words.LANGUAGES:
        for name, text in texts(language, cause_id).items():
            assert not FORBIDDEN.search(text), (language, name)


@pytest.mark.parametrize("cause_id", IDS)
def test_links_are_addresses_or_known_names(cause_id: str) -> None:
    for link in catalogue.FACTS[cause_id].links:
        assert re.fullmatch(r"https://[a-z.]+(/\S*)?", link) or link in catalogue.LINK_NAMES


def test_the_known_names_are_pages_that_the_client_can_link_to() -> None:
    from tui.salesforce import links

    assert set(links.PAGES) >= catalogue.LINK_NAMES
    used = {link for facts in catalogue.FACTS.values() for link in facts.links if not link.startswith("https://")}
    assert used == catalogue.LINK_NAMES


@pytest.mark.parametrize("cause_id", IDS)
def test_a_cause_without_evidence_reads_well(cause_id: str, language: str) -> None:
    told = catalogue.cause(cause_id)
    for text in (told.title, told.meaning, told.why, told.proof, *(step.text for step in told.fix)):
        assert "{" not in text
        assert "}" not in text
        assert "…" not in text
        assert ".." not in text
        assert text[0].isupper() or text[0] in "«“", text
    assert told.side == ("google" if cause_id.startswith("google.") else "salesforce")


def test_no_such_cause() -> None:
    with pytest.raises(KeyError):
        catalogue.cause("no.such.cause")
    with pytest.raises(KeyError):
        catalogue.cause("neutral")


def test_the_language_in_use_decides() -> None:
    before = words.language()
    try:
        words.use("fr")
        assert catalogue.who("google_admin") == "Administrateur Google"
        french = catalogue.cause("google.key.revoked").title
        words.use("en")
        assert catalogue.who("google_admin") == "Google administrator"
        assert catalogue.cause("google.key.revoked").title != french
    finally:
        words.use(before)


# ---- filling -----------------------------------------------------------------------------------------------------

NEUTRAL = {"user": "the address", "name": "the name"}


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("Ask {user}.", {"user": "a@b.c"}, "Ask a@b.c."),
        ("Ask {user}.", {}, "Ask the address."),
        ("{user} is asked. {user} answers.", {}, "The address is asked. The address answers."),
        ("{user} is asked.", {"user": "a@b.c"}, "a@b.c is asked."),
        ("Ask {user}.", {"user": None}, "Ask the address."),
        ("Ask {user}.", {"user": ""}, "Ask the address."),
        ("Ask {user}.", {"user": {"a": 1}}, "Ask the address."),
        ("Ask {user}.", {"user": ["b", "a", ""]}, "Ask b, a."),
        ("Ask {user}.", {"user": {"b", "a"}}, "Ask a, b."),
        ("Ask {user}.", {"user": 0}, "Ask 0."),
        ("Ask {user}.", {"user": True}, "Ask the address."),
        ("It said: {user}.", {"user": "Refused."}, "It said: Refused."),
        ("Since {user}.", {"user": datetime(2026, 11, 22, 13, 5, tzinfo=UTC)}, "Since 2026-11-22 13:05 UTC."),
        ("Ask {nobody}", {}, "Ask …"),
        ("{0} {} {user!r} {user:>9} {user.name} {{user}}", {"user": "x"}, "{0} {} {user!r} {user:>9} {user.name} {x}"),
        ("Ask {user}.", {"user": "{0.__class__}"}, "Ask {0.__class__}."),
        ("Ask {user}.", {"user": "{name}", "name": "secret"}, "Ask {name}."),
        ("Ask {user}.", {"user": "%s $user \\1 \\g<0>"}, "Ask %s $user \\1 \\g<0>."),
        ("Ask {user}.", {"user": "a\x1b[2J\nb"}, "Ask a\ufffd[2J b."),
        ("Ask {user}.", {"user": "Bearer abcdefghijklmnop"}, "Ask Bearer [token]."),
    ],
)
def test_filling(text: str, evidence: dict[str, Any], expected: str) -> None:
    assert catalogue.fill(text, evidence, NEUTRAL) == expected


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(["user", "name", "error"]), st.text(max_size=60)))
def test_filling_never_fails_and_never_leaves_a_control_character(text: str, evidence: dict[str, str]) -> None:
    told = catalogue.fill("A {user} B {name}", evidence, NEUTRAL)
    assert told.startswith("A ")
    assert "\x1b" not in told
    assert "\n" not in told
    catalogue.fill(text, evidence, NEUTRAL)


@pytest.mark.usefixtures("english")
def test_what_the_service_said_is_said_once_and_whole() -> None:
    def why(**evidence: str) -> str:
        return catalogue.cause("salesforce.auth.not_approved", evidence).why

    assert why(error="invalid_grant", error_description="not approved") == (
        "Salesforce answered: invalid_grant: not approved."
    )
    assert why(error="invalid_grant: not approved.", code="invalid_grant") == (
        "Salesforce answered: invalid_grant: not approved."
    )
    assert why(code="invalid_grant") == "Salesforce answered: invalid_grant."
    assert why() == "Salesforce answered: see the details of this step."


# ---- findings ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("english")
def test_a_finding_of_a_cause() -> None:
    evidence = {"user": "a@b.c", "client_id": "123", "scopes": ["s1", "s2"], "key_id": "{x}"}
    found = catalogue.finding(
        "google.token.calendar",
        Phase.CONNECTION,
        "google.delegation.unauthorized",
        evidence=evidence,
        required=True,
        ms=12,
        links=("https://example.org/own",),
    )
    assert (found.id, found.phase, found.cause) == (
        "google.token.calendar",
        Phase.CONNECTION,
        "google.delegation.unauthorized",
    )
    assert (found.status, found.required, found.ms) == (Status.FAIL, True, 12)
    assert found.summary == catalogue.cause("google.delegation.unauthorized").title
    assert found.evidence == evidence
    assert found.evidence is not evidence
    assert found.fix[0].startswith("Google administrator: ")
    assert "123" in found.fix[1]
    assert "s1, s2" in found.fix[1]
    assert found.links[0] == "https://example.org/own"
    assert "https://admin.google.com/ac/owl/domainwidedelegation" in found.links


def test_a_finding_may_be_milder_and_speak_for_itself() -> None:
    found = catalogue.finding(
        "s", Phase.STATUS, "salesforce.email.duplicate", status=Status.WARN, summary="Only worth saying."
    )
    assert (found.status, found.summary) == (Status.WARN, "Only worth saying.")


def test_names_of_pages_are_resolved_or_left_out() -> None:
    def links(**how: Any) -> tuple[str, ...]:
        return catalogue.finding("s", Phase.CONNECTION, "google.user.deleted", **how).links

    assert links() == ("https://admin.google.com/ac/users",)
    resolved = links(link=lambda name: "" if name == "user" else f"https://acme/{name}")
    assert resolved == ("https://admin.google.com/ac/users", "https://acme/gmail_sync_settings")
    assert links(links=("https://admin.google.com/ac/users",)) == ("https://admin.google.com/ac/users",)


@pytest.mark.parametrize("cause_id", IDS)
def test_hostile_evidence_stays_text_in_every_cause(cause_id: str, language: str) -> None:
    names = RAW[language]["neutral"]
    told = catalogue.cause(cause_id, dict.fromkeys(names, "{0.__class__}{user!r}{error}\x1b]52;c;eA==\x07"))
    for text in (told.title, told.meaning, told.why, told.proof, *(step.text for step in told.fix)):
        assert "<class" not in text
        assert "\x1b" not in text
        assert "\x07" not in text
        if "class" in text:
            assert "{0.__class__}{user!r}{error}" in text
