"""Tests what chapters say of their exercises, and what checks say to wrong answers, in kernels.

That the solutions pass is seen as each chapter runs: `notebooks.check` solves its exercises.
"""

from __future__ import annotations

import unittest
from pathlib import Path

from nbformat import v4

from notebooks import execution, guide
from notebooks.exercises import errors, exercises, tagged, unpaired, verdicts

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"


class EveryExercise(unittest.TestCase):
    def test_has_a_check_and_a_solution(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            with self.subTest(notebook=guide.name(path)):
                self.assertIsNone(unpaired(guide.read(path)))

    def test_is_not_passed_by_what_a_reader_finds_there(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            for check in tagged(guide.read(path), "check"):
                with self.subTest(notebook=guide.name(path), check=check.source):
                    self.assertIn("✗", "".join(verdicts(check)))

    def test_has_the_same_solution_in_every_language(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            for other in guide.twins(path):
                ours, theirs = exercises(guide.read(path)), exercises(guide.read(other))
                self.assertEqual(ours, theirs, guide.name(path))


class WrongAnswers(unittest.TestCase):
    """What the checks say to the mistakes that beginners make."""

    def judged(self, chapter: str, *answers: str) -> list[list[str]]:
        """What the chapter's last check says to each of these cells, or the compiler does.

        All are judged in one kernel, so the kernel outlives every one of them.
        """
        written = guide.read(NOTEBOOKS / "en" / chapter)
        *_, check = tagged(written, "check")
        cells = [v4.new_code_cell(guide.code_cells(written)[0][1].source)]
        may_err = {"tags": ["raises-exception"]}
        for answer in answers:
            cells += [v4.new_code_cell(answer), v4.new_code_cell(check.source, metadata=may_err)]
        ran = execution.run(v4.new_notebook(cells=cells), NOTEBOOKS / "en")
        return [verdicts(cell) or errors(cell) for cell in ran.cells[2::2]]

    def test_of_countdown_are_told_what_came(self) -> None:
        def countdown(body: str) -> str:
            return f"fn countdown(start: u32) -> Generator<u32> {{ generator! {{ {body} }} }}"

        to_zero, up, one_less, endless, once, stuck, asleep, panics, other, nothing = self.judged(
            "01-generators.ipynb",
            countdown("for n in (0..=start).rev() { yield n; }"),
            countdown("for n in 1..=start { yield n; }"),
            countdown("for n in (1..start).rev() { yield n; }"),
            countdown("loop { yield start; }"),
            countdown("yield start;"),
            countdown("let mut n = start; while n > 0 { if n > start { yield n; n -= 1; } }"),
            countdown("std::thread::sleep(std::time::Duration::from_secs(60)); yield start;"),
            countdown("let mut n = start; loop { yield n; n -= 1; }"),
            "fn countdown(start: i32) -> Generator<i32> { generator! { yield start; } }",
            countdown(""),
        )
        three = "✗ countdown(3) yields [3, 2, 1]; yours "
        self.assertEqual(to_zero[0], three + "yields [3, 2, 1, 0]")
        self.assertEqual(up[0], three + "yields [1, 2, 3]")
        self.assertEqual(up[1], "✓ countdown(1) yields [1]")
        self.assertEqual(one_less[0], three + "yields [2, 1]")
        self.assertEqual(endless[0], three + "yields [3, 3, 3, 3, 3, 3, 3, 3, 3]")
        self.assertEqual(once[0], three + "yields [3]")
        self.assertEqual(once[2], "✗ countdown(0) yields []; yours yields [0]")
        for silent in stuck, asleep:
            self.assertEqual(len(silent), 1)
            self.assertTrue(silent[0].startswith(three + "gave no answer within 1.5 seconds"))
        self.assertEqual(panics, [three + "panicked: attempt to subtract with overflow"])
        self.assertEqual(other, ["`countdown` is to be a `fn(u32) -> Generator<u32>`"])
        self.assertEqual(nothing[0], three + "yields []")

    def test_of_average_are_told_what_came(self) -> None:
        def average(body: str) -> str:
            return f"fn average() -> Generator<Option<f64>, f64> {{ generator! {{ {body} }} }}"

        total, of_the_last, from_zero, only_one, endless, raises, other = self.judged(
            "02-coroutines.ipynb",
            average(
                "let mut sum = None; while let Some(n) = yield sum "
                "{ sum = Some(sum.unwrap_or(0.0) + n); }"
            ),
            average("let mut last = None; while let Some(n) = yield last { last = Some(n); }"),
            average(
                "let (mut sum, mut count) = (0.0, 0.0); "
                "while let Some(n) = yield Some(sum / count) { sum += n; count += 1.0; }"
            ),
            average("if let Some(n) = yield None { yield Some(n); }"),
            average(
                "let mut mean = None; let mut count = 0.0; loop { if let Some(n) = yield mean "
                "{ count += 1.0; mean = Some(mean.unwrap_or(0.0) + (n - mean.unwrap_or(0.0)) "
                "/ count); } }"
            ),
            average(
                "let (mut sum, mut count, mut mean) = (0.0, 0.0, None); "
                'loop { sum += (yield mean).ok_or("no number")?; '
                "count += 1.0; mean = Some(sum / count); }"
            ),
            "fn average() -> Generator<f64, f64> { generator! { yield 0.0; } }",
        )
        at_20 = "✗ sent Some(20.0), average answers Some(15.0); yours answers "
        at_the_end = "✗ sent None, average answers StopIteration; yours answers "
        self.assertEqual(total[2], at_20 + "Some(30.0)")
        self.assertEqual(of_the_last[2], at_20 + "Some(20.0)")
        at_first = "✗ sent None, average answers None; yours answers "
        self.assertEqual(from_zero[0], at_first + "Some(NaN)")
        self.assertEqual(only_one[2], at_20 + "StopIteration")
        self.assertEqual(endless[4], at_the_end + "Some(20.0)")
        self.assertTrue(all(line.startswith("✓") for line in endless[:4]))
        self.assertEqual(raises[4], at_the_end + "Exception: no number")
        self.assertEqual(other, ["`average` is to be a `fn() -> Generator<Option<f64>, f64>`"])

    def test_of_all_flags_are_told_what_came(self) -> None:
        def all_flags(body: str) -> str:
            return f"fn all_flags(base_url: &str) -> std::io::Result<Vec<Outcome>> {{ {body} }}"

        def download(codes: str, options: str = "") -> str:
            return all_flags(
                f"let downloads = download_many(base_url, {codes}, Options::default(){options}); "
                "Ok(Runtime::new()?.block_on(downloads.gather()))"
            )

        every = "COUNTRIES.iter().map(|country| country.code)"
        few, one_at_a_time, twice, first, unwritten, nothing, other = self.judged(
            "03-flags.ipynb",
            download("POP20_CC"),
            download(every, ".at_once(1)"),
            download(f"{every}.chain({every})"),
            all_flags(
                f"let mut downloads = download_many(base_url, {every}, Options::default()); "
                "Ok(Runtime::new()?.block_on(downloads.next()).into_iter().collect())"
            ),
            all_flags("todo!()"),
            all_flags("Ok(vec![])"),
            "fn all_flags(base_url: &str) -> Vec<Outcome> { vec![] }",
        )
        arrive = "✗ all 249 flags arrive; yours "
        self.assertEqual(few[0], arrive + "gives 21")
        self.assertTrue(one_at_a_time[0].startswith(arrive + "was still at work"))
        self.assertTrue(one_at_a_time[0].endswith("at most 1 at the same time"))
        self.assertEqual(twice[0], arrive + "gives 498 outcomes, with the flags of 249 countries")
        self.assertEqual(first[0], arrive + "gives 1")
        self.assertEqual(unwritten, [arrive + "panicked: not yet implemented"])
        self.assertEqual(nothing[0], arrive + "gives 0")
        no_request = "✗ several requests are open at the same time; yours made no request"
        self.assertEqual(nothing[1], no_request)
        returned = "`all_flags` is to return a `std::io::Result<Vec<Outcome>>`"
        self.assertEqual(other[0], returned)
