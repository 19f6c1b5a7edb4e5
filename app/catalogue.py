"""The `language` command: brings the files in assets/translations up to date.

What is translated stays, new texts are added without a translation, and texts that nothing uses
any more go. pyside6-linguist opens the files.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from app.translation import ENGLISH, catalogue_path, languages, read_catalogue

SOURCES = Path(__file__).parent
FUNCTIONS = {"tr", "mark"}
CONTEXT = "Labelbrush"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("languages", nargs="*", metavar="CODE", help="such as de; all by default")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when something is not translated yet."""
    texts = source_texts()
    missing = 0
    for language in args.languages or languages():
        if language == ENGLISH:
            continue
        path = catalogue_path(language)
        known = read_catalogue(path) if path.exists() else {}
        lacking = [text for text in texts if text not in known]
        write_catalogue(path, language, texts, known)
        print(f"{path.name}: {len(texts)} texts, {len(lacking)} without a translation")
        for text in lacking:
            print(f"    {text!r}")
        missing += len(lacking)
    return 1 if missing else 0


def source_texts() -> list[str]:
    """Every text that the window may show, in the order of the sources."""
    found: dict[str, None] = dict.fromkeys(table_texts())
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                literal = node.args[0] if node.func.id in FUNCTIONS and node.args else None
                if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
                    found[literal.value] = None
    return [text for text in found if text]


def table_texts() -> Iterator[str]:
    """The texts in the tables of actions and tools."""
    from app.actions import ACTIONS, MENUS, VIEW_PANELS, menu_text
    from app.tools import TOOLS

    for path in (*MENUS, VIEW_PANELS, *(spec.menu for spec in ACTIONS)):
        yield from map(menu_text, path.split("/"))
    for spec in ACTIONS:
        yield from (spec.text, spec.tip)
    for tool in TOOLS:
        yield from (tool.name, tool.tip)


def write_catalogue(path: Path, language: str, texts: list[str], known: dict[str, str]) -> None:
    """A Qt Linguist file of all texts."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage=ENGLISH)
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for text in sorted(texts):
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        translation.text = known.get(text)
        if translation.text is None:
            translation.set("type", "unfinished")
    ElementTree.indent(root, "    ")
    body = ElementTree.tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + body + "\n", encoding="utf-8")
