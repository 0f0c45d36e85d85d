"""Tests that stored outputs are folded where a reader is asked to predict them, and only there."""

import unittest
from pathlib import Path

from notebooks import guide, predictions
from tests.cells import cell, notebook

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"


class EveryChapter(unittest.TestCase):
    def test_folds_the_outputs_of_its_predictions_and_of_no_other_cell(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            with self.subTest(notebook=guide.name(path)):
                self.assertEqual(predictions.misfolded(guide.read(path)), [])


class Folding(unittest.TestCase):
    def test_follows_the_tag(self) -> None:
        tagged, other = cell(tags=("predict",)), cell()
        predictions.fold(notebook(tagged, other))
        self.assertTrue(predictions.folded(tagged))
        self.assertFalse(predictions.folded(other))

    def test_takes_away_what_a_front_end_has_folded(self) -> None:
        left = cell()
        left.metadata.update(collapsed=True, jupyter={"outputs_hidden": True})
        predictions.fold(notebook(left))
        self.assertEqual(left.metadata, {})

    def test_leaves_the_other_settings_of_a_cell(self) -> None:
        hidden = cell(tags=("predict",))
        hidden.metadata["jupyter"] = {"source_hidden": True}
        predictions.fold(notebook(hidden))
        self.assertEqual(hidden.metadata.jupyter, {"source_hidden": True, "outputs_hidden": True})


if __name__ == "__main__":
    unittest.main()
