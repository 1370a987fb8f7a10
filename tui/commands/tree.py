"""The commands and their options (contracts.md), declared after the language is known, for click keeps help as texts.

What a command does stands in a module of its own, imported when the command runs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.commands.common import Asked
from tui.figures import quoted
from tui.look import Look
from tui.words import LANGUAGES, _

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path)


def build(look: Look) -> click.Group:
    """The whole command line. `look` is the config file's `[ui]`, which the console needs before anything else."""
    root = _root(look)
    for command in (_overview(), _errors(), _check(), _reset(), _support(), _config(), _doctor(), _sandbox()):
        root.add_command(command)
    return root


def _shared(command: F) -> F:
    """The options that every command takes, before or behind its name: what is given is kept in `Asked`."""
    option = partial(click.option, expose_value=False, callback=_keep)
    for decorate in (
        option("--json", is_flag=True, help=_("One JSON object per line.")),
        option("--lang", type=click.Choice(LANGUAGES), help=_("The language of what is said.")),
        option("--org", metavar=_("NAME"), help=_("Use the file of that name, NAME.toml, in the config folder.")),
        option("--config", metavar=_("PATH"), type=_FILE, help=_("The config file to use.")),
    ):
        command = decorate(command)
    return command


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    asked = context.ensure_object(Asked)
    if value is None or value is False or parameter.name is None:
        return
    setattr(asked, parameter.name, value)
    if asked.config is not None and asked.org is not None:
        raise click.UsageError(_("--config and --org both name a config file: give one of them."), context)


def _asked() -> Asked:
    found = click.get_current_context().find_object(Asked)
    return found if found is not None else Asked()


def _group(name: str, summary: str, **more: Any) -> Callable[[Callable[..., Any]], click.Group]:
    return partial(_made, click.group, name, summary, **more)


def _command(name: str, summary: str, **more: Any) -> Callable[[Callable[..., Any]], click.Command]:
    return partial(_made, click.command, name, summary, **more)


def _made(make: Callable[..., Any], name: str, summary: str, function: Callable[..., Any], **more: Any) -> Any:
    settings = {"help_option_names": ["-h", "--help"]}
    more["short_help"] = summary  # whole: click would cut it in the list of commands
    if make is click.group:
        more["subcommand_metavar"] = _("COMMAND [ARGS]...")
    return make(name, help=summary, context_settings=settings, options_metavar=_("[OPTIONS]"), **more)(
        _shared(function)
    )


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """A day as in ISO 8601, or as the language writes it."""
    if value is None:
        return None
    for form in ("%Y-%m-%d", _("%Y-%m-%d")):
        with suppress(ValueError):
            return datetime.strptime(value, form)
    raise click.BadParameter(_("{value} is not a date such as 2026-01-31.").format(value=quoted(value)))


# ---- the commands ------------------------------------------------------------------------------------------------


def _root(look: Look) -> click.Group:
    @_group(
        "passerelle",
        _("Find out why Google calendars and contacts do not sync with Salesforce. Without a command: the console."),
        invoke_without_command=True,
    )
    @click.option("--write", is_flag=True, help=_("Start the console armed: actions that write are allowed."))
    @click.option("--sandbox", is_flag=True, help=_("The console on a practice org: nothing real is touched."))
    @click.version_option(package_name="passerelle", message="%(prog)s %(version)s", help=_("Show the version."))
    @click.pass_context
    def passerelle(context: click.Context, write: bool, sandbox: bool) -> int:
        if context.invoked_subcommand is not None:
            gc.enable()
            if write or sandbox:
                raise click.UsageError(_("--write and --sandbox are for the console, which takes no command."), context)
            return 0
        from tui.commands.console import console, practice

        return (practice if sandbox else console)(_asked(), look, write=write)

    return passerelle


def _overview() -> click.Command:
    @_command("overview", _("The set-up checklist, what can be read, the configurations, and the errors counted."))
    def overview() -> int:
        from tui.commands.overview import overview as run

        return run(_asked())

    return overview


def _errors() -> click.Command:
    @_command("errors", _("The sync errors of this year and last."))
    @click.option("--type", "kind", type=click.Choice(["connection", "user_mapping"]), help=_("Errors of this type."))
    @click.option("--user", metavar=_("USER"), help=_("Errors of this user."))
    @click.option("--since", metavar=_("DATE"), callback=_day, help=_("Errors since this day (UTC)."))
    @click.option("--csv", "as_csv", is_flag=True, help=_("As CSV."))
    @click.option("--from", "file", metavar=_("FILE"), type=_FILE, help=_("Read an exported report, without a login."))
    def errors(kind: str | None, user: str | None, since: datetime | None, as_csv: bool, file: Path | None) -> int:
        if as_csv and _asked().json:
            raise click.UsageError(_("--csv and --json are two forms of the same: give one of them."))
        if file is not None:
            from tui.commands.day_one import errors as read

            return read(_asked(), file, kind=kind, user=user, since=since, as_csv=as_csv)
        from tui.commands.errors import errors as run

        return run(_asked(), kind=kind, user=user, since=since, as_csv=as_csv)

    return errors


def _check() -> click.Command:
    @_command(
        "check",
        _("Test the connection and the status of users, and say what to do. With - as USER they are read from stdin."),
    )
    @click.argument("users", metavar=_("USER..."), nargs=-1)
    @click.option("--all", "everyone", is_flag=True, help=_("Every user who has an open error."))
    @click.option("--reported", is_flag=True, help=_("The person says that it does not work."))
    @click.option(
        "--page",
        metavar=_("FILE"),
        type=_FILE,
        help=_("Judge a saved Lightning Sync Status page, or its pasted text (- reads stdin), without a login."),
    )
    def check(users: tuple[str, ...], everyone: bool, reported: bool, page: Path | None) -> int:
        if page is not None:
            from tui.commands.day_one import check as read

            if everyone or len(users) > 1:
                raise click.UsageError(_("A page is about one person: name that one, or nobody, beside --page."))
            return read(_asked(), page, users[0] if users else "", reported=reported)
        from tui.commands.check import check as run

        if everyone == bool(users):
            raise click.UsageError(_("Name the users to check, or give --all: one of the two."))
        return run(_asked(), users, everyone=everyone, reported=reported)

    return check


def _reset() -> click.Command:
    @_command("reset", _("Check users, and reset the sync of those whose verdict is a reset."))
    @click.argument("users", metavar=_("USER..."), nargs=-1, required=True)
    @click.option("--yes", is_flag=True, help=_("Do not ask."))
    @click.option("--wait", is_flag=True, help=_("Follow each reset to its end."))
    def reset(users: tuple[str, ...], yes: bool, wait: bool) -> int:
        from tui.commands.reset import reset as run

        return run(_asked(), users, yes=yes, wait=wait)

    return reset


def _support() -> click.Command:
    @_command("support", _("Write all that was found about a user into one Markdown file for Salesforce support."))
    @click.argument("user", metavar=_("USER"))
    @click.option("-o", "--output", metavar=_("FILE"), type=_FILE, required=True, help=_("The file to write."))
    def support(user: str, output: Path) -> int:
        from tui.commands.support import support as run

        return run(_asked(), user, output)

    return support


def _config() -> click.Command:
    @_group("config", _("The config file."))
    def config() -> None:
        """Holds its commands."""

    @_command(
        "init", _("Make the file by answering questions, and try each step for real. An existing file is built upon.")
    )
    def init() -> int:
        from tui.commands.init import init as run

        return run(_asked())

    @_command("check", _("Report all that is wrong in the file; then log in and test the rights."))
    def check() -> int:
        from tui.commands.config import check as run

        return run(_asked())

    @_command("path", _("Show where the file is looked for."))
    def path() -> int:
        from tui.commands.config import path as run

        return run(_asked())

    config.add_command(init)
    config.add_command(check)
    config.add_command(path)
    return config


def _doctor() -> click.Command:
    @_command("doctor", _("What this host needs, what can be read, and which assumptions hold here. With proof."))
    @click.option(
        "--field-report", metavar=_("FILE"), type=_FILE, help=_("Also write it, without names, for the maintainers.")
    )
    def doctor(field_report: Path | None) -> int:
        from tui.commands.doctor import doctor as run

        return run(_asked(), field_report)

    return doctor


def _sandbox() -> click.Command:
    @_group("sandbox", _("The practice org."))
    def sandbox() -> None:
        """Holds its commands."""

    @_command("serve", _("Serve a practice Salesforce org and Google Workspace on loopback, until stopped."))
    @click.option(
        "--dir", "folder", metavar=_("DIR"), type=_FILE, help=_("Where its files go (default: a temporary folder).")
    )
    @click.option("--port", type=int, metavar=_("NUMBER"), help=_("The port to listen on (default: any free one)."))
    @click.option("--seed", type=int, metavar=_("NUMBER"), help=_("The same seed gives the same world."))
    @click.option("--users", type=int, metavar=_("NUMBER"), help=_("How many users."))
    @click.option("--errors", type=int, metavar=_("NUMBER"), help=_("How many errors."))
    @click.option("--product", metavar=_("PRODUCT"), help=_("lightning_sync or einstein_activity_capture."))
    @click.option("--scenario", metavar=_("CAUSE_ID"), help=_("A fault of the whole organisation."))
    @click.option("--latency", "latency_ms", metavar=_("MS"), type=int, help=_("Wait before each answer."))
    @click.option("--faults", metavar=_("FAULTS"), help=_("PATH_PREFIX=FAULT[*N][,…]: answers that go wrong."))
    def serve(folder: Path | None, **options: Any) -> int:
        from tui.commands.console import serve as run

        return run(_asked(), {"dir": folder, **options})

    sandbox.add_command(serve)
    return sandbox
