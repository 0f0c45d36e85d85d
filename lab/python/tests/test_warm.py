import json
import tempfile
import unittest
from pathlib import Path

import warm
from tests.cells import cell, notebook

DEPENDENCY = ':dep itoa = "1"'


class Dependencies(unittest.TestCase):
    def setUp(self) -> None:
        checkout = tempfile.TemporaryDirectory()
        self.addCleanup(checkout.cleanup)
        self.notebooks = Path(checkout.name) / "notebooks"
        self.lock = Path(checkout.name) / "Cargo.lock"
        self.write("en", DEPENDENCY)
        self.write("ko", DEPENDENCY)
        self.lock.write_text("one")

    def write(self, language: str, source: str) -> None:
        path = self.notebooks / language / "01.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(cell(source="1 + 1"), cell(source=source))))

    def fingerprint(self) -> str:
        return warm.fingerprint(self.notebooks, warm.dependency_cells(self.notebooks))

    def test_are_compiled_once_for_all_languages(self) -> None:
        cells = warm.dependency_cells(self.notebooks)
        self.assertEqual(cells, {DEPENDENCY: self.notebooks / "en"})

    def test_are_compiled_again_when_a_cell_changes(self) -> None:
        before = self.fingerprint()
        self.assertEqual(before, self.fingerprint())
        self.write("ko", ':dep itoa = "1.0.1"')
        self.assertNotEqual(before, self.fingerprint())

    def test_are_compiled_again_when_the_lock_file_changes(self) -> None:
        before = self.fingerprint()
        self.lock.write_text("two")
        self.assertNotEqual(before, self.fingerprint())

    def test_are_not_compiled_while_nothing_changes(self) -> None:
        stamp = self.notebooks / "stamp"
        stamp.write_text(self.fingerprint())
        self.assertEqual(warm.main(self.notebooks, stamp), 0)


if __name__ == "__main__":
    unittest.main()
