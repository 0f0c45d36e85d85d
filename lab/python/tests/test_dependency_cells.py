import json
import tempfile
import unittest
from pathlib import Path

from notebooks.dependency_cells import dependency_cells
from tests.cells import cell, notebook

DEPENDENCY = ':dep itoa = "1"'


class DependencyCells(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.notebooks = Path(folder.name)
        self.write("en", DEPENDENCY)
        self.write("ko", DEPENDENCY)

    def write(self, language: str, source: str) -> None:
        path = self.notebooks / language / "01.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(cell(source="1 + 1"), cell(source=source))))

    def test_are_listed_once_for_all_languages(self) -> None:
        cells = dependency_cells(self.notebooks)
        self.assertEqual(cells, {DEPENDENCY: self.notebooks / "en"})

    def test_are_others_when_a_cell_changes(self) -> None:
        before = dependency_cells(self.notebooks)
        self.assertEqual(before, dependency_cells(self.notebooks))
        self.write("ko", ':dep itoa = "1.0.1"')
        self.assertNotEqual(before, dependency_cells(self.notebooks))
