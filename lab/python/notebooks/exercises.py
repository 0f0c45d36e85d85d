"""The exercises of a chapter, and what a reader runs to solve them.

An exercise is a code cell tagged `exercise`, which a reader writes in, and behind it a code cell
tagged `check`, which judges what was written. Its solution follows: either a code cell tagged
`solution`, with which the chapter goes on, or a folded block of `rust` in the text directly behind
the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode, v4

from notebooks import guide

_FOLD = re.compile(r"^<details>$(.*?)^</details>$", re.MULTILINE | re.DOTALL)
_RUST = re.compile(r"^```rust\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# The parts of an exercise, in the order in which they follow each other.
PARTS = ("exercise", "check", "solution")


@dataclass(frozen=True)
class Exercise:
    """The sources of the two cells, and of the guide's own version."""

    stub: str
    check: str
    solution: str


def tagged(chapter: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for _, cell in guide.code_cells(chapter) if tag in guide.tags(cell)]


def exercises(chapter: NotebookNode) -> list[Exercise]:
    """All exercises of a chapter that has no `unpaired` ones."""
    sources = [source for _, source in _parts(chapter)]
    return [Exercise(*three) for three in zip(*[iter(sources)] * len(PARTS), strict=True)]


def unpaired(chapter: NotebookNode) -> str | None:
    """Why it is not known which solution and which check belong to an exercise, if it is not."""
    parts = [part for part, _ in _parts(chapter)]
    count, rest = divmod(len(parts), len(PARTS))
    if not rest and parts == list(PARTS) * count:
        return None
    counted = ", ".join(f"{parts.count(part)} {part}s" for part in PARTS)
    return f"each exercise needs its check and its solution behind it; found: {counted}"


def _parts(chapter: NotebookNode) -> Iterator[tuple[str, str]]:
    """The parts of all exercises as they follow each other, each with its source."""
    behind_check = False
    for cell in chapter.cells:
        if cell.cell_type == "code":
            tags = guide.tags(cell)
            yield from ((part, cell.source) for part in PARTS if part in tags)
            behind_check = "check" in tags
        elif behind_check:
            for fold in _FOLD.findall(cell.source):
                # A fold without code is a hint.
                if block := _RUST.search(fold):
                    yield "solution", block[1]


def solving(chapter: NotebookNode) -> list[NotebookNode]:
    """The cells of a reader who solves the exercises: each solution, and its check after it."""
    sources = ((one.solution, one.check) for one in exercises(chapter))
    return [_cell(source) for pair in sources for source in pair]


def _cell(source: str) -> NotebookNode:
    # A solution that errs must not end the run: the next exercises are tried, too.
    return v4.new_code_cell(source, metadata={"tags": ["raises-exception"]})


def unsolved(ran: list[NotebookNode]) -> list[str]:
    """What the cells of `solving`, after a run, show besides ✓: a text for each such exercise."""
    problems = []
    for number, (solution, check) in enumerate(zip(ran[::2], ran[1::2], strict=True), start=1):
        lines = verdicts(check)
        if not lines or not all(line.startswith("✓") for line in lines):
            told = "\n".join([*errors(solution), *errors(check), *lines])
            problems.append(f"the solution of exercise {number} does not pass:\n{told}")
    return problems


def verdicts(check: NotebookNode) -> list[str]:
    """The lines of the report that a check cell ends in, whatever else the cell shows."""
    results = [out.data for out in check.outputs if out.output_type == "execute_result"]
    return "\n".join(result["text/plain"] for result in results).splitlines()


def errors(cell: NotebookNode) -> list[str]:
    """What the compiler says to a cell that it refuses."""
    return [output.evalue for output in cell.outputs if output.output_type == "error"]
