"""The exercises of a chapter, and what a reader runs to solve them.

The code cell tagged `exercise` is the one that a reader writes in, the one tagged `check` judges
what was written, and the folded part of the text after them holds the solution.
"""

from __future__ import annotations

import re

from nbformat import NotebookNode, v4

from notebooks import guide

_SOLUTION = re.compile(
    r"<details>\n<summary>[^<]+</summary>\n.*?^```rust\n(.*?)^```$.*?^</details>$",
    re.MULTILINE | re.DOTALL,
)


def tagged(chapter: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for _, cell in guide.code_cells(chapter) if tag in guide.tags(cell)]


def solutions(chapter: NotebookNode) -> list[str]:
    texts = [cell.source for cell in chapter.cells if cell.cell_type == "markdown"]
    return _SOLUTION.findall("\n\n".join(texts))


def unpaired(chapter: NotebookNode) -> str | None:
    """Why it is not known which solution and which check belong to an exercise, if it is not."""
    exercises, checks = (len(tagged(chapter, tag)) for tag in ("exercise", "check"))
    solved = len(solutions(chapter))
    if exercises == checks == solved:
        return None
    return f"it has {exercises} exercises, {checks} checks and {solved} solutions"


def solving(chapter: NotebookNode) -> list[NotebookNode]:
    """The cells of a reader who solves the exercises: each solution, and its check after it."""
    pairs = zip(solutions(chapter), tagged(chapter, "check"), strict=True)
    return [_cell(source) for solution, check in pairs for source in (solution, check.source)]


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
