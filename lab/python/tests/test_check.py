import copy
import io
import json
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import nbformat
from jupyter_client.kernelspec import KernelSpecManager

from notebooks import check, execution
from tests.cells import cell, error, notebook, result, stream

# Of so many threads, at least one prints after the cell's end.
LATE = 8


def printed_by_check(path: Path) -> str:
    """What is printed for a chapter that fails before a run."""
    with redirect_stdout(io.StringIO()) as printed:
        assert check.check([path]) == [False]
    return printed.getvalue()


class OnARealKernel(unittest.TestCase):
    """One run, since a kernel takes seconds to start."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        written = notebook(
            cell(source='// In [6]\nprintln!("None");\n(100, 200)'),
            cell(source="let wrong: u32 = None;", tags=("raises-exception",)),
            *[
                cell(source='Err("StopIteration")?;', tags=("raises-exception",))
                for _ in range(LATE)
            ],
            cell(source="let wrong: u32 = None;"),
            cell(source="1 + 1"),
        )
        try:
            execution.run(written, cls.folder)
        except execution.Stopped as stop:
            cls.stop = stop

    def test_a_cell_that_errs_unexpectedly_ends_the_run(self) -> None:
        self.assertEqual(self.stop.index, 2 + LATE)
        self.assertIn("mismatched types", str(self.stop))

    def test_a_cell_that_may_err_does_not(self) -> None:
        self.assertEqual(self.stop.notebook.cells[1].outputs[0].output_type, "error")

    def test_execution_counts_are_those_of_the_kernel(self) -> None:
        first = self.stop.notebook.cells[0]
        self.assertEqual((first.execution_count, first.outputs[1].execution_count), (2, 2))

    def test_an_error_returned_by_a_question_mark_is_shown_however_late(self) -> None:
        late = self.stop.notebook.cells[2 : 2 + LATE]
        self.assertEqual(
            [[output.text for output in cell.outputs] for cell in late],
            [["StopIteration\n"]] * LATE,
        )

    def test_a_changed_stored_output_is_told_with_its_cell_and_a_diff(self) -> None:
        stored = notebook(copy.deepcopy(self.stop.notebook.cells[0]))
        stored.cells[0].outputs[1].data["text/plain"] = "(100, 300)"
        (problem,) = check.changed(stored, check.run(stored, self.folder))
        self.assertIn("cell 0 (In [6])", problem)
        self.assertIn("-(100, 300)\n    +(100, 200)", problem)


class OneRunForAllLanguages(unittest.TestCase):
    """The run's outputs are held against notebooks whose text cells lie elsewhere."""

    code = [cell(stream(f"{number}\n"), source=f"{number}") for number in (1, 2)]
    ran = check.Ran(code, None)

    def translated(self, last: str) -> nbformat.NotebookNode:
        first, second = (nbformat.v4.new_markdown_cell("# 제너레이터") for _ in range(2))
        codes = cell(stream("1\n"), source="1"), cell(stream(last), source="2")
        return notebook(first, codes[0], second, codes[1])

    def test_a_translation_with_the_same_outputs_passes(self) -> None:
        self.assertEqual(check.changed(self.translated("2\n"), self.ran), [])

    def test_a_change_is_told_by_the_cell_of_the_translation(self) -> None:
        (problem,) = check.changed(self.translated("3\n"), self.ran)
        self.assertIn("cell 3 shows something else", problem)
        self.assertIn("-3\n    +2", problem)

    def test_the_cell_that_ended_the_run_is_that_of_the_translation(self) -> None:
        stop = execution.Stopped(notebook(*self.code), 1, "no answer")
        problems = check.changed(self.translated("2\n"), check.Ran(self.code[:1], stop))
        self.assertEqual(problems, ["  cell 3 ended the run: no answer"])

    def test_notebooks_of_one_name_are_a_chapter(self) -> None:
        paths = [Path("en/01.ipynb"), Path("en/02.ipynb"), Path("ko/01.ipynb")]
        self.assertEqual(check.chapters(paths), [[paths[0], paths[2]], [paths[1]]])

    def test_a_chapter_runs_once_for_each_kernel_and_is_compared_in_every_language(self) -> None:
        specs = []

        def run(notebook: nbformat.NotebookNode, folder: Path, kernel: type) -> check.Ran:
            specs.append(kernel)
            return check.Ran([stored for _, stored in check.guide.code_cells(notebook)], None)

        languages = dict.fromkeys(("en", "ko"))
        with (
            tempfile.TemporaryDirectory() as folder,
            mock.patch.object(check.guide, "LANGUAGES", languages),
        ):
            paths = [Path(folder) / language / "01.ipynb" for language in languages]
            for path, last in zip(paths, ("2\n", "3\n"), strict=True):
                path.parent.mkdir()
                nbformat.write(self.translated(last), path)
            with mock.patch.object(check, "run", run), redirect_stdout(io.StringIO()) as printed:
                passed = check.check(paths)
        self.assertEqual(specs, [KernelSpecManager, execution.WithoutRelay])
        self.assertEqual(passed, [True, False, True, False])
        self.assertIn("ko/01.ipynb: failed\n  cell 3 shows something else", printed.getvalue())


class SolvingTheExercises(unittest.TestCase):
    """The run goes on with the solutions, and what their checks say counts."""

    text = (
        "Your turn.\n\n<details>\n<summary>Solution</summary>\n\n"
        "```rust\nfn two() -> u32 { 2 }\n```\n</details>"
    )
    stored = notebook(
        cell(source="fn two() -> u32 { 1 }", tags=("exercise",)),
        cell(result(text_plain="✗ two() gives 2; yours gives 1"), source="two", tags=("check",)),
        nbformat.v4.new_markdown_cell(text),
    )

    def solved(self, *verdict: nbformat.NotebookNode, solution=()) -> list[str]:
        codes = [code for _, code in check.guide.code_cells(self.stored)]
        solving = check.exercises.solving(self.stored)
        solving[0].outputs, solving[1].outputs = list(solution), list(verdict)
        return check.changed(self.stored, check.Ran(codes + solving, None))

    def test_each_solution_is_followed_by_its_check(self) -> None:
        sources = [cell.source for cell in check.exercises.solving(self.stored)]
        self.assertEqual(sources, ["fn two() -> u32 { 2 }\n", "two"])

    def test_a_check_that_passes_is_no_problem(self) -> None:
        self.assertEqual(self.solved(result(text_plain="✓ two() gives 2\n✓ soon")), [])

    def test_a_check_that_does_not_pass_is_told(self) -> None:
        (problem,) = self.solved(result(text_plain="✓ two() gives 2\n✗ soon; yours is late"))
        self.assertIn("the solution of exercise 1 does not pass", problem)
        self.assertIn("✗ soon; yours is late", problem)

    def test_a_solution_that_does_not_compile_is_told_with_its_error(self) -> None:
        (problem,) = self.solved(solution=[error("cannot find value `tow`")])
        self.assertIn("cannot find value `tow`", problem)

    def test_an_exercise_without_a_solution_is_told_before_a_run(self) -> None:
        (problem,) = check.unfit(notebook(*self.stored.cells[:2]))
        self.assertIn("1 exercises, 1 checks, 0 solutions", problem)

    def test_an_exercise_on_the_way_has_its_solution_in_a_cell(self) -> None:
        solution = cell(source="fn two() -> u32 { 2 }", tags=("solution",))
        stub, checked = cell(tags=("exercise",)), cell(source="two", tags=("check",))
        on_the_way = notebook(stub, checked, solution, *self.stored.cells)
        sources = [cell.source for cell in check.exercises.solving(on_the_way)]
        self.assertEqual(
            sources, ["fn two() -> u32 { 2 }", "two", "fn two() -> u32 { 2 }\n", "two"]
        )

    def test_a_fold_elsewhere_in_the_text_is_no_solution(self) -> None:
        head, between, end = (nbformat.v4.new_markdown_cell(self.text) for _ in range(3))
        hint = nbformat.v4.new_markdown_cell("<details>\n<summary>Hint</summary>\n\n</details>")
        stub, checked, solution = self.stored.cells
        written = notebook(head, stub, between, checked, hint, solution, cell(), end)
        self.assertEqual(check.exercises.unpaired(written), None)
        self.assertEqual(len(check.exercises.solving(written)), 2)

    def test_a_solution_before_its_check_is_told_before_a_run(self) -> None:
        stub, checked, _ = self.stored.cells
        solution = cell(source="fn two() -> u32 { 2 }", tags=("solution",))
        (problem,) = check.unfit(notebook(stub, solution, checked))
        self.assertIn("each exercise needs its check and its solution behind it", problem)

    def test_a_solution_that_ends_the_run_is_told(self) -> None:
        codes = [code for _, code in check.guide.code_cells(self.stored)]
        stop = execution.Stopped(self.stored, 3, "the kernel ended")
        problems = check.changed(self.stored, check.Ran(codes, stop))
        self.assertEqual(problems, ["  a solution ended the run: the kernel ended"])


class WithoutARun(unittest.TestCase):
    def test_a_notebook_without_stored_outputs_fails(self) -> None:
        (problem,) = check.unfit(notebook(cell()))
        self.assertIn("no stored outputs", problem)

    def test_a_stored_path_of_a_machine_fails(self) -> None:
        (problem,) = check.unfit(notebook(cell(stream("/home/you/.cargo\n"))))
        self.assertIn("/home/you/.cargo", problem)

    def test_a_prediction_whose_output_is_not_folded_fails(self) -> None:
        (problem,) = check.unfit(notebook(cell(stream("1\n"), tags=("predict",))))
        self.assertIn("cell 0", problem)
        self.assertIn("tagged and not folded", problem)

    def test_a_folded_output_that_is_no_prediction_fails(self) -> None:
        folded = cell(stream("1\n"))
        folded.metadata["jupyter"] = {"outputs_hidden": True}
        (problem,) = check.unfit(notebook(folded))
        self.assertIn("folded without the tag", problem)

    def test_a_notebook_of_one_language_only_fails(self) -> None:
        (problem,) = check.unlike(notebook(cell()), [Path("ko/01-generators.ipynb")])
        self.assertIn("ko/01-generators.ipynb", problem)
        self.assertIn("No such file", problem)

    def test_two_cells_of_one_id_fail(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "en" / "01.ipynb"
            path.parent.mkdir()
            cells = [nbformat.v4.new_code_cell(id=name) for name in ("one", "two")]
            path.write_text(json.dumps(notebook(*cells)).replace('"two"', '"one"'))
            self.assertIn("Non-unique cell id 'one'", printed_by_check(path))

    def test_a_file_that_is_no_notebook_fails(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "en" / "01.ipynb"
            path.parent.mkdir()
            path.write_text("{")
            self.assertIn("not a sound notebook", printed_by_check(path))

    def test_other_code_in_the_other_language_fails(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            twin = Path(folder) / "ko" / "01.ipynb"
            twin.parent.mkdir()
            nbformat.write(notebook(cell(result(text_plain="1"), source="2")), twin)
            (problem,) = check.unlike(notebook(cell(source="1")), [twin])
        self.assertIn("not the code of ko/01.ipynb", problem)
