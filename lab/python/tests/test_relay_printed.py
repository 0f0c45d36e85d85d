"""What a cell prints is there before the cell's end, and belongs to that cell, on a real kernel."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from notebooks import comparison, execution, guide
from tests import kernels
from tests.cells import cell, notebook

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"

# An ordinary run tries a part of what `HITCHHIKER_LONG_TESTS=1` tries, which takes an hour.
LONG = "HITCHHIKER_LONG_TESTS" in os.environ
CELLS = 1_000 if LONG else 20

# Jupyter's own program and papermill run a notebook, without an option for our kernel.
RUNNERS = {
    "nbconvert": "jupyter nbconvert --to notebook --execute {notebook} --output {output}",
    "papermill": "papermill --cwd {folder} {notebook} {output}",
}


class Printed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.kernel = kernels.enter(cls, kernels.kernel())
        cls.kernel.run("1")

    def assert_nothing_is_late(self) -> None:
        late = [it for it in kernels.drain(self.kernel.client) if it["msg_type"] == "stream"]
        self.assertEqual(late, [])

    def test_of_cells_that_print_on_both_streams_and_err_none_prints_late(self) -> None:
        for n in range(CELLS):
            run = self.kernel.run(f'println!("out {n}"); eprintln!("err {n}"); Err("E{n}")?;')
            self.assertEqual(run.text(), f"out {n}\n")
            self.assertEqual(run.text("stderr"), f"err {n}\nE{n}\n")
        self.assert_nothing_is_late()

    def test_what_cells_in_a_row_print_belongs_to_each_though_all_were_asked_for_at_once(
        self,
    ) -> None:
        client = self.kernel.client
        codes = [f'println!("out {n}"); Err("E{n}")?;' for n in range(CELLS)]
        # Without this the first error would abort the others.
        requests = [client.execute(code, stop_on_error=False) for code in codes]
        cells = {request: n for n, request in enumerate(requests)}
        printed, ended = {request: set() for request in cells}, set()
        while len(ended) < len(cells):
            message = client.get_iopub_msg(timeout=kernels.ANSWER_S)
            request = message["parent_header"].get("msg_id")
            if message["msg_type"] == "stream":
                self.assertNotIn(request, ended)
                printed[request].add(message["content"]["text"])
            elif message["content"].get("execution_state") == "idle" and request in cells:
                ended.add(request)
        for request, n in cells.items():
            self.assertEqual(printed[request], {f"out {n}\n", f"E{n}\n"})
        self.assert_nothing_is_late()

    def test_a_result_stands_behind_what_was_printed(self) -> None:
        run = self.kernel.run('for n in 0..100 { eprintln!("{n}"); } "the result"')
        self.assertEqual(run.text("stderr"), "".join(f"{n}\n" for n in range(100)))
        self.assertEqual(run.shown()[-1], '"the result"')

    def test_a_line_without_an_end_belongs_to_its_cell(self) -> None:
        run = self.kernel.run('eprint!("half a line");')
        self.assertEqual(run.text("stderr"), "half a line")
        self.assertEqual(self.kernel.run('eprintln!("next");').text("stderr"), "next\n")

    def test_what_looks_like_a_mark_of_the_relays_is_text(self) -> None:
        line = "hitchhiker::printed:0123456789abcdef"
        self.assertEqual(self.kernel.run(f'eprintln!("{line}");').text("stderr"), line + "\n")

    def test_a_panic_is_there_before_the_end_of_its_cell(self) -> None:
        run = self.kernel.run('panic!("so long");')
        self.assertIn("so long", run.text("stderr"))
        self.assertIn("stack backtrace", run.text("stderr"))
        self.assert_nothing_is_late()

    def test_the_last_words_of_a_process_that_ends_are_there(self) -> None:
        run = self.kernel.run('eprintln!("so long"); std::process::exit(3)')
        self.assertEqual(run.text("stderr"), "so long\n")
        self.assertEqual(run.reply["status"], "error")
        self.assertEqual(self.kernel.run('Err("again")?;').text("stderr"), "again\n")

    def test_a_thread_that_prints_without_an_end_does_not_keep_its_cell_from_ending(self) -> None:
        run = self.kernel.run(
            "std::thread::spawn(|| loop {"
            'eprintln!("on and on"); std::thread::sleep(std::time::Duration::from_micros(50)); });'
        )
        self.assertEqual(run.reply["status"], "ok")
        (result,) = self.kernel.run("20 + 22").of("execute_result")
        self.assertEqual(kernels.seen(result), "42")
        self.kernel.run("std::process::exit(0)")
        kernels.drain(self.kernel.client)

    def test_a_cell_without_its_stderr_ends_and_prints_nowhere(self) -> None:
        """A cell that replaces its stderr by a file finds in the file what it printed."""
        with tempfile.NamedTemporaryFile() as file:
            run = self.kernel.run(
                'unsafe extern "C" { fn dup2(from: i32, to: i32) -> i32; }'
                f'let file = std::fs::File::create("{file.name}")?;'
                "unsafe { dup2(std::os::fd::AsRawFd::as_raw_fd(&file), 2) };"
                'eprintln!("to the file");'
            )
            self.assertEqual(run.reply["status"], "ok")
            self.assertEqual(self.kernel.run("20 + 22").shown(), ["42"])
            self.assertEqual(Path(file.name).read_text(), "to the file\n")
        self.kernel.run("std::process::exit(0)")
        kernels.drain(self.kernel.client)


class Runners(unittest.TestCase):
    """Programs that take a cell's end for the end of its outputs, as Jupyter's protocol allows."""

    maxDiff = None

    def run_by(self, runner: str, source: Path) -> NotebookNode:
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder, "ran.ipynb")
            command = RUNNERS[runner].format(notebook=source, output=output, folder=source.parent)
            # The programs are installed beside the Python that runs this test.
            program, *arguments = command.split()
            argv = [str(Path(sys.executable).with_name(program)), *arguments]
            ran = subprocess.run(argv, capture_output=True, text=True, cwd=source.parent)
            self.assertTrue(output.exists(), ran.stderr)
            return nbformat.read(output, nbformat.NO_CONVERT)

    def cells(self, ran: NotebookNode) -> list[NotebookNode]:
        """The code cells. papermill fails where a cell errs that is meant to, and says so in cells
        that it adds."""
        tag = "papermill-error-cell-tag"
        return [cell for _, cell in guide.code_cells(ran) if tag not in guide.tags(cell)]

    def test_find_the_error_of_every_cell(self) -> None:
        cells = [
            cell(
                source=f'println!("out {n}"); eprintln!("err {n}"); Err("E{n}")?;',
                tags=("raises-exception",),
            )
            for n in range(CELLS)
        ]
        for runner in RUNNERS:
            with self.subTest(runner), tempfile.TemporaryDirectory() as folder:
                source = Path(folder, "errors.ipynb")
                made = notebook(*cells)
                made.metadata.kernelspec = {"name": execution.KERNEL, "display_name": "Rust"}
                nbformat.write(made, source)
                ran = self.cells(self.run_by(runner, source))
                self.assertEqual(len(ran), CELLS)
                for n, erred in enumerate(ran):
                    text = {"stdout": "", "stderr": ""}
                    for output in erred.outputs:
                        text[output.name] += output.text
                    wanted = {"stdout": f"out {n}\n", "stderr": f"err {n}\nE{n}\n"}
                    self.assertEqual(text, wanted)

    def test_show_what_the_guide_stores(self) -> None:
        paths = sorted(NOTEBOOKS.glob("en/*.ipynb" if LONG else "en/02-*.ipynb"))
        self.assertTrue(paths)
        for path in paths:
            stored = self.cells(guide.read(path))
            for runner in RUNNERS:
                ran = self.cells(self.run_by(runner, path))
                for before, after in zip(stored, ran, strict=True):
                    with self.subTest(path=path.name, runner=runner, cell=before.id):
                        # nbclient counts cells from 1, and the kernel from 2.
                        after.execution_count = before.execution_count
                        self.assertEqual(comparison.differences(before, after), [])
