import copy
import json
import tempfile
import unittest
from pathlib import Path

import nbformat

import check
import execution
from tests.cells import cell, notebook, result, stream

# Of so many one at least prints after the cell's end.
LATE = 8


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
            *[cell(source='Err("StopIteration")?;') for _ in range(LATE)],
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
        (problem,) = check.changed(stored, self.folder)
        self.assertIn("cell 0 (In [6])", problem)
        self.assertIn("-(100, 300)\n    +(100, 200)", problem)


class WithoutARun(unittest.TestCase):
    def test_a_notebook_without_stored_outputs_fails(self) -> None:
        (problem,) = check.unfit(notebook(cell()))
        self.assertIn("no stored outputs", problem)

    def test_a_stored_path_of_a_machine_fails(self) -> None:
        (problem,) = check.unfit(notebook(cell(stream("/home/you/.cargo\n"))))
        self.assertIn("/home/you/.cargo", problem)

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
            self.assertIn("Non-unique cell id 'one'", check.check(path)[0])

    def test_a_file_that_is_no_notebook_fails(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "en" / "01.ipynb"
            path.parent.mkdir()
            path.write_text("{")
            self.assertIn("not a sound notebook", check.check(path)[0])

    def test_other_code_in_the_other_language_fails(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            twin = Path(folder) / "ko" / "01.ipynb"
            twin.parent.mkdir()
            nbformat.write(notebook(cell(result(text_plain="1"), source="2")), twin)
            (problem,) = check.unlike(notebook(cell(source="1")), [twin])
        self.assertIn("not the code of ko/01.ipynb", problem)
