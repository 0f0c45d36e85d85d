import json
import tempfile
import unittest
from pathlib import Path

from notebooks import compile_dependencies
from tests.cells import cell, notebook

DEPENDENCY = ':dep itoa = "1"'


class Dependencies(unittest.TestCase):
    def setUp(self) -> None:
        checkout = tempfile.TemporaryDirectory()
        self.addCleanup(checkout.cleanup)
        self.notebooks = Path(checkout.name) / "notebooks"
        self.write("en", DEPENDENCY)
        self.write("ko", DEPENDENCY)
        for manifest in ("Cargo.toml", "macros/Cargo.toml"):
            path = Path(checkout.name) / "support-crate" / manifest
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("[package]")

    def write(self, language: str, source: str) -> None:
        path = self.notebooks / language / "01.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(cell(source="1 + 1"), cell(source=source))))

    def fingerprint(self) -> str:
        return compile_dependencies.fingerprint(
            self.notebooks, compile_dependencies.dependency_cells(self.notebooks)
        )

    def test_are_compiled_once_for_all_languages(self) -> None:
        cells = compile_dependencies.dependency_cells(self.notebooks)
        self.assertEqual(cells, {DEPENDENCY: self.notebooks / "en"})

    def test_are_compiled_again_when_a_cell_changes(self) -> None:
        before = self.fingerprint()
        self.assertEqual(before, self.fingerprint())
        self.write("ko", ':dep itoa = "1.0.1"')
        self.assertNotEqual(before, self.fingerprint())

    def test_are_compiled_again_when_the_crate_changes(self) -> None:
        source = self.notebooks.parent / "support-crate" / "src" / "lib.rs"
        source.parent.mkdir()
        source.write_text("pub fn one() {}")
        before = self.fingerprint()
        source.write_text("pub fn two() {}")
        self.assertNotEqual(before, self.fingerprint())

    def test_are_not_compiled_while_nothing_changes(self) -> None:
        stamp, note = self.notebooks / "stamp", self.notebooks / "note"
        stamp.write_text(self.fingerprint())
        note.write_text("whole")
        self.assertEqual(compile_dependencies.main(self.notebooks, stamp, note), 0)
        self.assertTrue(note.exists())


if __name__ == "__main__":
    unittest.main()
