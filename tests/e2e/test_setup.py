"""`config init` as its user meets it: in a terminal, from nothing to a file that works, mistakes on the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.e2e.terminal import ROOT, Terminal
from tui.config import load
from tui.sandbox import serve

CALENDAR, CONTACTS = (f"https://www.googleapis.com/auth/{side}" for side in ("calendar", "contacts"))


@dataclass(frozen=True)
class Home:
    """A practice org with what its config file says, and the place of a file that is not there yet."""

    folder: Path
    salesforce: dict[str, Any]
    google: dict[str, Any]
    users: list[dict[str, Any]]

    @property
    def file(self) -> Path:
        return self.folder / "config" / "acme.toml"

    @property
    def well(self) -> list[str]:
        """The addresses of people with whom everything works, and whom nobody shares them with."""
        emails = [user["email"] for user in self.users]
        return [
            str(user["email"])
            for user in self.users
            if user["verdict"] == "no_fault_found" and emails.count(user["email"]) == 1
        ]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tui", "--config", str(self.file), *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60)

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if name not in {"SSH_AUTH_SOCK", "LANG"}}
        return {**clean, "LC_ALL": "C.UTF-8", "TERM": "xterm", "XDG_STATE_HOME": str(self.folder)}


@contextmanager
def practice(folder: Path, *quirks: str) -> Iterator[Home]:
    with serve.start(serve.Options(dir=folder / "practice", users=150, errors=300, quirks=quirks)) as running:
        content = tomllib.loads(running.config.read_text())
        users = json.loads((running.config.parent / "world.json").read_text())["users"]
        yield Home(folder, content["salesforce"], content["google"], users)


class Talk:
    """The conversation. What is awaited may be wrapped: any space in it stands for any number of spaces and lines."""

    def __init__(self, home: Home) -> None:
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "tui", "--config", str(home.file), "config", "init"],
            dimensions=(50, 100),
            env=home.environment,
            cwd=str(ROOT),
            timeout=20,
            encoding="utf-8",
        )
        self.process.delaybeforesend = None

    def hear(self, *texts: str) -> None:
        for text in texts:
            self.process.expect(r"\s+".join(map(re.escape, text.split())))

    def answer(self, prompt: str, text: str) -> None:
        """Wait for that prompt, at the end of what is on the screen, and answer it."""
        self.process.expect(r"\s+".join(map(re.escape, prompt.split())) + r"(?: \[[^\n]*\])?:? \Z")
        self.process.sendline(text)

    def end(self) -> int:
        self.process.expect(pexpect.EOF)
        self.process.close()
        return int(self.process.exitstatus)


def sign_in(talk: Talk, home: Home) -> None:
    """The answers of the first stage, all of them right."""
    talk.answer("My Domain of the org", home.salesforce["domain"])
    talk.answer("How to sign in", "")
    talk.answer("Consumer key of the app", home.salesforce["client_id"])
    talk.answer("Username to act as", home.salesforce["username"])
    talk.answer("Private key", home.salesforce["key"])


def keep(talk: Talk, *prompts: str) -> None:
    for prompt in prompts:
        talk.answer(prompt, "")


def test_from_nothing_with_every_mistake_on_the_way(tmp_path: Path) -> None:
    with practice(tmp_path) as home:
        one, two, three, *_others = home.well
        home.file.parent.mkdir()
        urls = "\n".join(f'{name} = "{url}"' for name, url in home.google["urls"].items())
        home.file.write_text(f"# the practice org's own Google\n[google.urls]\n{urls}\n")
        former = home.file.read_bytes()
        stranger, opened = tmp_path / "stranger.key", tmp_path / "open.json"
        subprocess.run(["openssl", "genrsa", "-out", str(stranger), "2048"], check=True, capture_output=True)
        stranger.chmod(0o644)
        opened.write_text(Path(home.google["key"]).read_text())
        opened.chmod(0o644)

        talk = Talk(home)
        talk.hear("1/5", "External Client App", "API-only")
        talk.answer("My Domain of the org", "acme.my.salesforce.com")
        talk.hear("https://acme.my.salesforce.com")
        talk.answer("My Domain of the org", "http://127.0.0.1:1")
        talk.answer("How to sign in", "password")
        talk.hear("is not one of", "jwt")
        talk.answer("How to sign in", "1")
        talk.answer("Consumer key of the app", "3MVG9nobody")
        talk.answer("Username to act as", "<")
        talk.answer("Consumer key of the app", "")
        talk.answer("Username to act as", home.salesforce["username"])
        talk.hear("openssl req -x509")
        talk.answer("Private key", "nowhere.key")
        talk.hear("There is no key file", "nowhere.key")
        talk.answer("Private key", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA")
        talk.hear("secrets never go in this file")
        talk.answer("Private key", str(stranger))
        talk.hear("is open to other users", "chmod 600")
        stranger.chmod(0o600)
        talk.answer("Private key", "")
        talk.hear("failed Salesforce does not answer from this computer")
        talk.answer("What now?", "c")
        talk.answer("My Domain of the org", home.salesforce["domain"])
        keep(talk, "How to sign in", "Consumer key of the app", "Username to act as", "Private key")
        talk.hear("failed Salesforce does not know the application", "Copy the application's consumer key")
        talk.answer("What now?", "")
        keep(talk, "My Domain of the org", "How to sign in")
        talk.answer("Consumer key of the app", home.salesforce["client_id"])
        keep(talk, "Username to act as", "Private key")
        talk.hear("failed Salesforce refuses the signature", "Upload to the application the certificate")
        talk.answer("What now?", "c")
        keep(talk, "My Domain of the org", "How to sign in", "Consumer key of the app", "Username to act as")
        talk.answer("Private key", home.salesforce["key"])
        talk.hear("Salesforce lets us in", "(PRACTICE)", "Status page opens")

        talk.hear("2/5", "domain-wide delegation")
        talk.answer("Which key", "1")
        talk.answer("Key file (JSON)", str(opened))
        talk.hear("chmod 600")
        opened.chmod(0o600)
        talk.answer("Key file (JSON)", str(stranger))
        talk.hear("The file is not JSON")
        talk.answer("Key file (JSON)", str(opened))
        talk.answer("Scopes for the calendar", "calendar")
        talk.hear("not a Google scope")
        talk.answer("Scopes for the calendar", CALENDAR)
        talk.answer("Scopes for contacts", CONTACTS.replace("contacts", "contacts.readonly"))
        talk.answer("Person to try it with", "somebody")
        talk.hear("must be one e-mail address")
        talk.answer("Person to try it with", one)
        talk.answer("Directory administrator", "")
        talk.hear("https://admin.google.com/ac/owl/domainwidedelegation?clientScopeToAdd=", "clientIdToAdd=")
        talk.hear("passed Google Calendar answers", "failed", "Google administrator:")
        talk.answer("What now?", "c")
        keep(talk, "Which key", "Key file (JSON)", "Scopes for the calendar")
        talk.answer("Scopes for contacts", CONTACTS)
        talk.answer("Person to try it with", "")
        talk.answer("Directory administrator", home.google["admin"])
        talk.hear("passed Google Calendar answers", "passed Google Contacts answers")

        talk.hear("3/5")
        talk.answer("Report", "No such report")
        talk.hear("The report No such report was not found")
        talk.answer("What now?", "c")
        talk.answer("Report", "1")
        talk.hear("300 errors")

        talk.hear("4/5")
        talk.answer("Configurations:", "a")
        talk.answer("Name", "Sales")
        keep(talk, "Active")
        talk.answer("Users assigned", f"{one}, nobody@nowhere.example")
        talk.answer("Profiles assigned", "Sales Team")
        keep(talk, "Contacts sync")
        talk.answer("Events sync", "sideways")
        talk.hear("is not one of")
        talk.answer("Events sync", "2")
        keep(talk, "Contacts in the data set")
        talk.hear("Sales, 2 users, 1 profile")
        talk.answer("Configurations:", "p")
        talk.answer(">", "(*#!")
        talk.answer(">", "")
        talk.hear("Line 1 was left out", "No user and no profile was found")
        talk.answer("Configurations:", "f")
        talk.answer(
            "The file (CSV or XLSX), such as Setup's list of Lightning Sync users", str(tmp_path / "nowhere.csv")
        )
        talk.hear("failed")
        talk.answer("Configurations:", "p")
        talk.answer(">", two)
        talk.answer(">", three)
        talk.answer(">", "")
        talk.hear("Which configuration is this the list of? (Sales)")
        talk.answer("Its name", "Service")
        talk.hear("+", "into “Service”", "+", "into “Service”")
        talk.answer("What now?", "a")
        talk.hear("Service, 2 users")
        listed = tmp_path / "users.csv"
        listed.write_text(f"Email;Configuration\n{two};Sales\n{three};Service\n")
        talk.answer("Configurations:", "f")
        talk.answer("The file (CSV or XLSX), such as Setup's list of Lightning Sync users", str(listed))
        talk.hear("~", "from “Service” into “Sales”", "1 is as declared")
        talk.answer("What now?", "o")
        talk.answer("Accept this? Type yes or no", "yes")
        talk.process.expect(r"Type yes or no: \Z")
        talk.process.sendline("no")
        talk.process.expect(r"Type yes or no: \Z")
        talk.process.sendline("no")
        talk.hear("Sales, 3 users", "Service, 1 user")
        talk.answer("Configurations:", "g")
        talk.hear("nobody@nowhere.example")
        talk.answer("What now?", "k")

        talk.hear("5/5", "works", "comments")
        assert home.file.read_bytes() == former
        talk.answer("What now?", "w")
        talk.hear("Written:", "The previous file is kept:")
        assert talk.end() == 0

        settings = load(home.file)
        assert settings.google is not None
        assert settings.google.scopes == {"calendar": (CALENDAR,), "contacts": (CONTACTS,)}
        assert [(each.name, each.users) for each in settings.configurations] == [
            ("Sales", (one, "nobody@nowhere.example", two)),
            ("Service", (three,)),
        ]
        assert home.file.stat().st_mode & 0o777 == 0o600
        assert [backup.read_bytes() for backup in home.file.parent.glob("*.bak")] == [former]
        assert "test_user" not in home.file.read_text()
        assert (checked := home.run("config", "check")).returncode == 0, checked.stdout


def test_without_google_and_without_the_scope_web(tmp_path: Path) -> None:
    with practice(tmp_path, "no_web_scope") as home:
        talk = Talk(home)
        sign_in(talk, home)
        talk.hear("warning The console is not allowed to open the Setup page", "add the scope")
        talk.answer("What now?", "k")
        talk.answer("Which key", "none")
        talk.hear("the connection test is guided, and the file has no [google] section")
        talk.answer("Report", "")
        talk.hear("The report “Google sync errors” is read")
        talk.answer("Configurations:", "")
        talk.answer("What now?", "")
        assert talk.end() == 0
        assert "google" not in tomllib.loads(home.file.read_text())
        assert load(home.file).google is None
        assert (checked := home.run("config", "check")).returncode == 0, checked.stdout


@pytest.mark.parametrize("way", ["ctrl+c", "eof", "q"])
def test_left_before_the_end_nothing_is_written(tmp_path: Path, way: str) -> None:
    home = Home(tmp_path, {}, {}, [])
    talk = Talk(home)
    if way == "q":
        for _stage in range(3):
            talk.process.expect(r": \Z")
            talk.process.sendline("!")
        talk.answer("Configurations:", "l")
        talk.hear("left for later", "cannot be written yet", "salesforce: This is missing")
        talk.answer("What now?", "q")
    else:
        talk.answer("My Domain of the org", "https://acme.my.salesforce.com")
        talk.process.expect(r"How to sign in \[jwt\]: \Z")
        talk.process.send("\x03" if way == "ctrl+c" else "\x04")
    talk.hear("Left before the end: nothing was written.")
    assert talk.end() == 130
    assert not home.file.parent.exists()


def test_in_the_console_from_nothing_to_the_overview(tmp_path: Path) -> None:
    with practice(tmp_path) as home:
        folder = tmp_path / "config"
        environment = {"XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(tmp_path / "state"), "SSH_AUTH_SOCK": ""}
        with Terminal(columns=100, rows=40, environment=environment) as terminal:
            terminal.wait_for("There is no config file yet")
            terminal.press("i")
            terminal.wait_for("External Client App", "step 1 of 5")
            answers = (
                ("My Domain of the org:", home.salesforce["domain"]),
                ("How to sign in: jwt", ""),
                ("Consumer key of the app:", "3MVG9nobody"),
                ("Username to act as:", home.salesforce["username"]),
                ("Private key:", home.salesforce["key"]),
            )
            for prompt, text in answers:
                terminal.press("enter")
                terminal.wait_for(f" {prompt}")
                terminal.type(text)
                terminal.press("enter")
                terminal.wait_for("step 1 of 5", gone=f" {prompt} ")
            terminal.wait_for("does not know the application", "Copy the application's consumer key")
            terminal.press("g", *"jjjjjj")
            terminal.wait_for("The app's settings have it")
            terminal.press("enter", "\x15")
            terminal.type(home.salesforce["client_id"])
            terminal.press("enter")
            terminal.press("c")
            terminal.wait_for("Salesforce lets us in", "n goes on")
            terminal.press("n")
            terminal.wait_for("step 2 of 5", "no key here")
            terminal.press("enter")
            terminal.wait_for(" Which key:")
            terminal.type("none")
            terminal.press("enter")
            terminal.wait_for("the connection test is guided")
            terminal.press("n")
            terminal.wait_for("step 3 of 5", "Google sync errors (Public Reports)")
            terminal.press("c")
            terminal.wait_for("is read: 300 errors")
            terminal.press("n")
            terminal.wait_for("step 4 of 5", "Add one: its name")
            terminal.press("enter")
            terminal.type("Sales")
            terminal.press("enter")
            terminal.wait_for("Users assigned")
            terminal.press("n")
            terminal.wait_for("step 5 of 5", "written for you alone")
            assert not folder.exists()
            terminal.press("w")
            terminal.wait_for("Write this file?", "y yes")
            terminal.press("y")
            terminal.wait_for("PRACTICE", "Overview", "Read the list of users from Setup now?", seconds=60)
            terminal.press("escape")
            terminal.wait_for("Written")
            terminal.press("q")
            assert terminal.wait_end() == 0
        settings = load(folder / "passerelle" / "config.toml")
        assert settings.google is None
        assert [one.name for one in settings.configurations] == ["Sales"]
