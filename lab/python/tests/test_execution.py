import tempfile
import unittest
from pathlib import Path

import psutil

from notebooks import execution
from tests.cells import cell, notebook


class Run(unittest.TestCase):
    def test_leaves_no_kernel_behind(self) -> None:
        before = set(psutil.Process().children(recursive=True))
        with tempfile.TemporaryDirectory() as folder:
            execution.run(notebook(cell(source="1 + 1")), Path(folder))
        self.assertEqual(set(psutil.Process().children(recursive=True)) - before, set())
