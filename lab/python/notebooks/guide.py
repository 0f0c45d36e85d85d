"""Finds the guide's notebooks, reads them, and compares their code between languages."""

from __future__ import annotations

import difflib
import itertools
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# The languages that the guide is written in, each with the name that its readers give it.
LANGUAGES = {"en": "English", "ko": "한국어"}


def paths(folder: Path) -> list[Path]:
    """All notebooks of the guide. `folder` holds one folder for each language."""
    found = [path for language in LANGUAGES for path in sorted((folder / language).glob("*.ipynb"))]
    # Tests write notebooks of their own beside the chapters, under hidden names.
    return [path for path in found if not path.name.startswith(".")]


def name(path: Path) -> str:
    """The name of a notebook in messages: its language and its file."""
    return f"{path.parent.name}/{path.name}"


class Unreadable(Exception):
    """The file is no notebook, or two readings of it would not agree."""


def read(path: Path) -> NotebookNode:
    try:
        with warnings.catch_warnings():
            # Where two cells share an id, nbformat gives one of them a new one at each reading.
            warnings.simplefilter("error")
            return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError, Warning) as error:
        cause = str(error).partition(" Corrected to")[0]
        raise Unreadable(f"not a sound notebook: {cause}") from error


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The cells that a kernel runs, each with its index in the notebook."""
    return [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def twins(path: Path) -> list[Path]:
    """The paths of the same chapter in the other languages."""
    languages = path.parent.parent
    return [
        languages / language / path.name for language in LANGUAGES if language != path.parent.name
    ]


def first_difference(one: NotebookNode, other: NotebookNode) -> str | None:
    """Says where the code cells of two languages first differ: in number, order, source or tags."""
    pairs = itertools.zip_longest(code_cells(one), code_cells(other))
    for number, (ours, theirs) in enumerate(pairs, start=1):
        if ours is None or theirs is None:
            return f"only one of them has a code cell number {number}"
        (index, cell), (their_index, their_cell) = ours, theirs
        where = f"code cell number {number} (cell {index}, cell {their_index} there)"
        if cell.source != their_cell.source:
            theirs_first = difflib.unified_diff(
                their_cell.source.splitlines(),
                cell.source.splitlines(),
                "there",
                "here",
                lineterm="",
            )
            return "\n    ".join([where, *theirs_first])
        if tags(cell) != tags(their_cell):
            return f"{where} is tagged {tags(cell)}, there {tags(their_cell)}"
    return None


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])
