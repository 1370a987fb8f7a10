"""Every SOQL statement that stands in the program's source, as a pattern of what it sends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SELECT = re.compile(r"\s*SELECT\b")
_HOLE = "\x00"  # stands for what is filled in
_FIELD = re.compile(r"\{\w*\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A statement of the source: where it stands, and its text with a hole for each value."""

    where: str
    text: str

    @property
    def shown(self) -> str:
        """The text for people."""
        return self.text.replace(_HOLE, "…")

    def matches(self, statement: str) -> bool:
        """Whether this is what that statement was made of."""
        return bool(re.fullmatch(".+".join(map(re.escape, self.text.split(_HOLE))), statement, re.DOTALL))


def templates(root: Path = ROOT) -> list[Template]:
    """The statements of tui/ and screens/, but for the practice org's."""
    return [
        one
        for package in ("tui", "screens")
        for path in sorted((root / package).rglob("*.py"))
        if "sandbox" not in path.parts
        for one in of_module(path.read_text("utf-8"), str(path.relative_to(root)))
    ]


def of_module(source: str, name: str) -> list[Template]:
    """The statements of one module's source; a constant that is added to others is a part of those."""
    tree = ast.parse(source)
    constants: dict[str, str] = {}
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ):
                text = _text(value, constants)
                if text is not None:
                    constants[target] = text
    added = [side for node in ast.walk(tree) if isinstance(node, ast.BinOp) for side in (node.left, node.right)]
    parts = {constants.get(side.id) for side in added if isinstance(side, ast.Name)}
    return [
        Template(f"{name}:{line}", _FIELD.sub(_HOLE, text).strip())
        for line, text in _texts(tree, constants)
        if _SELECT.match(text) and text not in parts
    ]


def _texts(node: ast.AST, constants: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The outermost texts of a tree, with their lines."""
    for child in ast.iter_child_nodes(node):
        text = _text(child, constants) if isinstance(child, ast.expr) else None
        if text is None:
            yield from _texts(child, constants)
        elif not isinstance(child, ast.Name):
            yield child.lineno, text


def _text(node: ast.expr, constants: Mapping[str, str]) -> str | None:
    """The text that an expression makes, with holes for what is not known before it runs; None for other things."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, constants) or _HOLE for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            texts = _text(left, constants), _text(right, constants)
            return None if texts == (None, None) else "".join(_HOLE if text is None else text for text in texts)
    return None
