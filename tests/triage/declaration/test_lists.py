"""Lists of users as Setup might show or export them, in both languages and in every state of repair."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tui.declaration import Entry, Listing
from tui.salesforce.saved.file import FileProblem
from tui.triage.declaration.lists import of_file, pasted, read

ID15, ID18 = "0055f000001AbCd", "0055f000001AbCdAAK"

ANN = Entry(0, "user", name="Ann Lee", email="ann@acme.example")


def lines(listing: Listing) -> list[str]:
    """Each entry in a short form: its kind, what it holds, where it belongs."""
    shown = []
    for entry in listing.entries:
        held = [entry.name, entry.email, entry.username, entry.address, entry.id, entry.profile]
        where = f" -> {entry.configuration}" if entry.configuration else ""
        shown.append(f"{entry.kind or '?'}: {' | '.join(filter(None, held))}{where}{' (profile)' * entry.via_profile}")
    return shown


PASTES = {
    "english table, tabs": (
        "Action\tFull Name\tAlias\tUsername\tEmail\tProfile\n"
        "Remove\tLee, Ann\talee\tann@acme.example.crm\tann@acme.example\tSales User\n"
        "Remove\tMartin, Chloé\tcmart\tchloe@acme.example.crm\tchloe@acme.example\tSales User\n",
        [
            "user: Lee, Ann | ann@acme.example | ann@acme.example.crm | Sales User",
            "user: Martin, Chloé | chloe@acme.example | chloe@acme.example.crm | Sales User",
        ],
    ),
    "french table, blanks": (
        "Action     Nom complet     Adresse de messagerie   Nom du profil\n"
        "Retirer    Ann Lee         ann@acme.example        Commercial\n"
        "Retirer    Chloé Martin    chloe@acme.example      Commercial\n",
        ["user: Ann Lee | ann@acme.example | Commercial", "user: Chloé Martin | chloe@acme.example | Commercial"],
    ),
    "french username": (
        "Nom d'utilisateur\tNom\nann@acme.example.crm\tAnn Lee\n",
        ["user: Ann Lee | ann@acme.example.crm"],
    ),
    "a heading that says user name and holds addresses": (
        "User Name\tRole\nann@acme.example\tSales\n",
        ["user: ann@acme.example"],
    ),
    "first and last name": (
        "First Name\tLast Name\tEmail\nAnn\tLee\tann@acme.example\n",
        ["user: Ann Lee | ann@acme.example"],
    ),
    "sections": (
        "Assigned Users (2)\nAnn Lee\nChloé Martin\n\nAssigned Profiles\nSales User\n",
        ["user: Ann Lee", "user: Chloé Martin", "profile: Sales User"],
    ),
    "sections in french": (
        "Utilisateurs attribués :\nAnn Lee\nProfils attribués :\nUtilisateur standard\n",
        ["user: Ann Lee", "profile: Utilisateur standard"],
    ),
    "users and profiles in one table": (
        "Type\tName\nProfile\tSales User\nUser\tAnn Lee\n",
        ["profile: Sales User", "user: Ann Lee"],
    ),
    "the same without headings, in french": (
        "Profil\tCommercial\nUtilisateur\tAnn Lee\n",
        ["profile: Commercial", "user: Ann Lee"],
    ),
    "through their profile": (
        "User\tEmail\tProfile\tAssigned through\n"
        "Ann Lee\tann@acme.example\tSales User\tProfile\n"
        "Bob Ray\tbob@acme.example\tSales User\tUser\n",
        ["user: Ann Lee | ann@acme.example | Sales User (profile)", "user: Bob Ray | bob@acme.example | Sales User"],
    ),
    "configurations named": (
        "Configuration\tUser\tEmail\n[Lightning Sync] Sales\tAnn Lee\tann@acme.example\n",
        ["user: Ann Lee | ann@acme.example -> Sales"],
    ),
    "configurations named in french": (
        "Nom de la configuration\tUtilisateur\tCourriel\nVentes [Lightning Sync]\tAnn Lee\tann@acme.example\n",
        ["user: Ann Lee | ann@acme.example -> Ventes"],
    ),
    "addresses only": ("ann@acme.example\nbob@acme.example\n", ["user: ann@acme.example", "user: bob@acme.example"]),
    "addresses in one line": (
        "ann@acme.example, bob@acme.example; eve@acme.example",
        ["user: ann@acme.example", "user: bob@acme.example", "user: eve@acme.example"],
    ),
    "ids, short and long": (f"{ID15}\nAnn Lee\t{ID18}\n", [f"user: {ID18}", f"user: Ann Lee | {ID18}"]),
    "names only, which may be profiles": ("Ann Lee\nSales User\n", ["?: Ann Lee", "?: Sales User"]),
    "csv that was pasted": (
        'Name,Email\n"Lee, Ann",ann@acme.example\n',
        ["user: Lee, Ann | ann@acme.example"],
    ),
    "csv with semicolons": ("Nom;Messagerie\nAnn Lee;ann@acme.example\n", ["user: Ann Lee | ann@acme.example"]),
    "a heading that comes again": (
        "Name\tEmail\nAnn Lee\tann@acme.example\nName\tEmail\nBob Ray\tbob@acme.example\n",
        ["user: Ann Lee | ann@acme.example", "user: Bob Ray | bob@acme.example"],
    ),
    "the manager's address is not the user's": (
        "Name\tManager Email\tEmail\nAnn Lee\tboss@acme.example\tann@acme.example\n",
        ["user: Ann Lee | ann@acme.example"],
    ),
    "a line that is cut": ("Name\tEmail\nAnn Lee\n", ["?: Ann Lee"]),
    "windows line ends and blanks": ("\r\n Ann Lee \t ann@acme.example \r\n\r\n", ["user: Ann Lee | ann@acme.example"]),
    "hard blanks": ("Ann Lee\xa0\xa0ann@acme.example", ["user: Ann Lee | ann@acme.example"]),
    "nothing": ("  \n\n", []),
}


@pytest.mark.parametrize("name", PASTES)
def test_pasted(name: str) -> None:
    text, expected = PASTES[name]
    assert lines(pasted(text)) == expected


def test_no_line_is_dropped_silently() -> None:
    listing = pasted(
        "Name\tEmail\n"
        "Ann Lee\tann@acme.example\n"
        "1 - 25\t\n"
        "[Einstein Activity Capture] Bob Ray\tbob@acme.example\n"
        "Remove\t\n"
        "Show me more\t\n"
    )

    assert lines(listing) == ["user: Ann Lee | ann@acme.example", "?: Show me more"]
    assert [(each.line, each.text) for each in listing.left_out] == [
        (3, "1 - 25"),
        (4, "[Einstein Activity Capture] Bob Ray | bob@acme.example"),
    ]
    assert all(each.why for each in listing.left_out)


def test_it_says_which_columns_were_understood() -> None:
    listing = pasted("Action\tName\tAlias\tE-mail Address\tRole\nEdit\tAnn Lee\talee\tann@acme.example\tSales\n")

    assert listing.understood == (("name", "Name"), ("email", "E-mail Address"))
    assert listing.ignored == ("Alias", "Role")


def test_what_a_list_is_about() -> None:
    assert not pasted("ann@acme.example").whole
    assert pasted("ann@acme.example").needs_configuration
    named = pasted("Configuration\tEmail\nSales\tann@acme.example\n")
    assert named.whole
    assert not named.needs_configuration


def test_text_from_outside_is_harmless() -> None:
    [entry] = pasted("Name\tEmail\nAnn\x1b]52;c;x\x07\u202e\tann@acme.example\n").entries
    assert entry.name.isprintable()


def csv(separator: str, quote: str = "") -> str:
    rows = [
        ("Utilisateur", "Nom d'utilisateur", "Configuration", "Dernière synchro"),
        ("Chloé Martin", "chloe@acme.example.crm", "Été [Lightning Sync]", "12/01/2026"),
        ("Ann Lee", "ann@acme.example.crm", "Été [Lightning Sync]", ""),
    ]
    return "".join(separator.join(f"{quote}{cell}{quote}" for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize(("separator", "quote"), [(",", '"'), (";", ""), ("\t", "")])
def test_a_file_in_any_encoding_and_separator(encoding: str, separator: str, quote: str) -> None:
    listing = of_file(Path("list.csv"), csv(separator, quote).encode(encoding))

    assert lines(listing) == [
        "user: Chloé Martin | chloe@acme.example.crm -> Été",
        "user: Ann Lee | ann@acme.example.crm -> Été",
    ]
    assert listing.understood == (
        ("name", "Utilisateur"),
        ("username", "Nom d'utilisateur"),
        ("configuration", "Configuration"),
    )
    assert listing.ignored == ("Dernière synchro",)
    assert listing.whole
    assert listing.source == "list.csv"


def test_lines_above_the_headings_are_named() -> None:
    content = b"Lightning Sync Users\nAs of 2026-11-25\n\nName,Email\nAnn Lee,ann@acme.example\n"
    assert lines(of_file(Path("list.csv"), content))[-1] == "user: Ann Lee | ann@acme.example"
    assert [entry.shown for entry in of_file(Path("list.csv"), content).entries][:2] == [
        "Lightning Sync Users",
        "As of 2026-11-25",
    ]


def test_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["About this list"])
    sheet = book.create_sheet("Users")
    sheet.append(["Name", "Email", "Configuration"])
    sheet.append(["Ann Lee", "ann@acme.example", "Sales"])
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "list.xlsx"
    path.write_bytes(stream.getvalue())

    assert lines(read(path)) == ["user: Ann Lee | ann@acme.example -> Sales"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (b"12,13\n14,15\n", "no user and no profile was found"),
        (b'Name,Email\n"Ann Lee,ann@acme.example\n', "line 2 is not valid CSV"),
        (b"<html><body>Name</body></html>", "it is a web page"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\x00\x01\x02\x03", "it is not text"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_broken_files_are_explained(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=says):
        read(path)
    with pytest.raises(FileProblem, match=r"missing\.csv cannot be used"):
        read(tmp_path / "missing.csv")
