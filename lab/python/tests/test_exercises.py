"""Solves the chapters' exercises in real kernels, rightly and wrongly.

The code cell tagged `exercise` is the one that a reader writes in, the one tagged `check` judges
what was written, and the folded part of the text after them holds the solution.
"""

from __future__ import annotations

import copy
import re
import unittest
from pathlib import Path

from nbformat import NotebookNode, v4

from notebooks import execution, guide

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"

_SOLUTION = re.compile(
    r"<details>\n<summary>[^<]+</summary>\n.*?^```rust\n(.*?)^```$.*?^</details>$",
    re.MULTILINE | re.DOTALL,
)


def tagged(chapter: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for _, cell in guide.code_cells(chapter) if tag in guide.tags(cell)]


def solutions(chapter: NotebookNode) -> list[str]:
    texts = [cell.source for cell in chapter.cells if cell.cell_type == "markdown"]
    return _SOLUTION.findall("\n\n".join(texts))


def verdicts(check: NotebookNode) -> list[str]:
    """The lines of the report that a check cell ends in, whatever else the cell shows."""
    results = [out.data for out in check.outputs if out.output_type == "execute_result"]
    return "\n".join(result["text/plain"] for result in results).splitlines()


class EveryExercise(unittest.TestCase):
    def test_has_a_check_that_its_solution_passes(self) -> None:
        for path in sorted((NOTEBOOKS / guide.LANGUAGES[0]).glob("*.ipynb")):
            solved = copy.deepcopy(guide.read(path))
            exercises = tagged(solved, "exercise")
            for exercise, solution in zip(exercises, solutions(solved), strict=True):
                exercise.source = solution
            ran = execution.run(solved, path.parent)
            checks = tagged(ran, "check")
            self.assertEqual(len(checks), len(exercises), path.name)
            for check in checks:
                with self.subTest(chapter=path.name, check=check.source):
                    self.assertRegex("\n".join(verdicts(check)), r"\A(✓.*\n?)+\Z")

    def test_is_not_passed_by_what_a_reader_finds_there(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            for check in tagged(guide.read(path), "check"):
                with self.subTest(notebook=guide.name(path), check=check.source):
                    self.assertIn("✗", "".join(verdicts(check)))

    def test_has_the_same_solution_in_every_language(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            for other in guide.twins(path):
                ours, theirs = solutions(guide.read(path)), solutions(guide.read(other))
                self.assertEqual(ours, theirs, guide.name(path))


class WrongAnswers(unittest.TestCase):
    """What the checks say to the mistakes that beginners make."""

    def judged(self, chapter: str, answers: list[str]) -> list[list[str]]:
        """The verdicts on each of these answers, all in one kernel, so the kernel outlives them."""
        written = guide.read(NOTEBOOKS / "en" / chapter)
        (exercise,), (check,) = tagged(written, "exercise"), tagged(written, "check")
        signature, _, _ = exercise.source.partition("    generator!")
        cells = [v4.new_code_cell(guide.code_cells(written)[0][1].source)]
        for answer in answers:
            body = f"{signature}    generator! {{\n{answer}\n    }}\n}}"
            cells += [v4.new_code_cell(body), v4.new_code_cell(check.source)]
        ran = execution.run(v4.new_notebook(cells=cells), NOTEBOOKS / "en")
        return [verdicts(cell) for cell in ran.cells[2::2]]

    def test_of_countdown_are_told_what_came(self) -> None:
        down_to_zero, up, one_less, endless, once = self.judged(
            "01-generators.ipynb",
            [
                "for n in (0..=start).rev() { yield n; }",
                "for n in 1..=start { yield n; }",
                "for n in (1..start).rev() { yield n; }",
                "loop { yield start; }",
                "yield start;",
            ],
        )
        expected = "✗ countdown(3) yields [3, 2, 1]; yours yields "
        self.assertEqual(down_to_zero[0], expected + "[3, 2, 1, 0]")
        self.assertEqual(up[0], expected + "[1, 2, 3]")
        self.assertEqual(one_less[0], expected + "[2, 1]")
        self.assertEqual(endless[0], expected + "[3, 3, 3, 3, 3, 3, 3, 3, 3]")
        self.assertEqual(once[0], expected + "[3]")
        self.assertEqual(once[2], "✗ countdown(0) yields []; yours yields [0]")

    def test_of_average_are_told_what_came(self) -> None:
        total, of_the_last, from_zero, only_one, endless = self.judged(
            "02-coroutines.ipynb",
            [
                "let mut sum = None; while let Some(n) = yield sum "
                "{ sum = Some(sum.unwrap_or(0.0) + n); }",
                "let mut last = None; while let Some(n) = yield last { last = Some(n); }",
                "let (mut sum, mut count) = (0.0, 0.0); "
                "while let Some(n) = yield Some(sum / count) { sum += n; count += 1.0; }",
                "if let Some(n) = yield None { yield Some(n); }",
                "let mut mean = None; let mut count = 0.0; loop { if let Some(n) = yield mean "
                "{ count += 1.0; mean = Some(mean.unwrap_or(0.0) + (n - mean.unwrap_or(0.0)) "
                "/ count); } }",
            ],
        )
        at_20 = "✗ Some(20.0) was sent: Some(15.0) is the answer; yours is "
        self.assertEqual(total[2], at_20 + "Some(30.0)")
        self.assertEqual(of_the_last[2], at_20 + "Some(20.0)")
        self.assertEqual(from_zero[0], "✗ None was sent: None is the answer; yours is Some(NaN)")
        self.assertEqual(only_one[2], at_20 + "StopIteration")
        self.assertEqual(
            endless[4], "✗ None was sent: StopIteration is the answer; yours is Some(20.0)"
        )
        self.assertTrue(all(line.startswith("✓") for line in endless[:4]))


if __name__ == "__main__":
    unittest.main()
