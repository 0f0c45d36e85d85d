import json
import tempfile
import unittest
from pathlib import Path

from notebooks import dependencies_only
from notebooks.dependency_cells import dependency_cells
from tests.cells import cell, notebook


class DependenciesOnly(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.notebooks = Path(folder.name) / "notebooks"
        self.out = Path(folder.name) / "out"

    def written(self, *sources: str) -> dict[str, str]:
        """The files made from a notebook with these cells: the text of each by its path."""
        path = self.notebooks / "en" / "01.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(*(cell(source=source) for source in sources))))
        dependencies_only.main(self.notebooks, self.out)
        files = sorted(self.out.glob("*/*.ipynb"))
        return {str(it.relative_to(self.out)): it.read_text() for it in files}

    def test_stay_the_same_while_other_cells_are_edited(self) -> None:
        before = self.written(':dep itoa = "1"', "1 + 1")
        self.assertEqual(before, self.written(':dep itoa = "1"', "2 + 2"))
        self.assertNotEqual(before, self.written(':dep itoa = "2"', "2 + 2"))

    def test_compile_as_those_of_the_notebooks_do(self) -> None:
        self.written("1 + 1", ':dep itoa = "1"')
        expected = dependency_cells(self.notebooks)
        found = dependency_cells(self.out)
        self.assertEqual(list(found), list(expected))
        self.assertEqual([it.name for it in found.values()], [it.name for it in expected.values()])
