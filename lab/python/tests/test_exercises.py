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

    def judged(self, chapter: str, *answers: str, check_id: str = "check") -> list[list[str]]:
        """What a check of the chapter says to each of these cells, or the compiler does.

        All are judged in one kernel, so the kernel outlives every one of them.
        """
        written = guide.read(NOTEBOOKS / "en" / chapter)
        (check,) = (cell for cell in tagged(written, "check") if cell.id == check_id)
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

    def test_of_few_at_once_are_told_what_came(self) -> None:
        def few_at_once(body: str) -> str:
            return (
                "fn few_at_once(base_url: &str, limit: usize) -> std::io::Result<Vec<Flag>> "
                f"{{ {body} }}"
            )

        def loops(before_each: str, end: str) -> str:
            return few_at_once(
                "let client = reqwest::Client::new(); "
                "let flags = Runtime::new()?.block_on(async { "
                "let (mut tasks, mut flags) = (JoinSet::new(), vec![]); "
                f"for cc in POP20_CC {{ {before_each} "
                "let (client, base_url) = (client.clone(), base_url.to_owned()); "
                "tasks.spawn(async move { get_flag(&client, &base_url, cc).await }); } "
                f"{end} flags }}); Ok(flags)"
            )

        join = "if let Some(Ok(Ok(flag))) = tasks.join_next().await { flags.push(flag); }"
        join_all = "while let Some(Ok(Ok(flag))) = tasks.join_next().await { flags.push(flag); }"
        none, all_at_once, one, left, dropped, unwritten, nothing, other = self.judged(
            "03-flags.ipynb",
            loops("", ""),
            loops("", join_all),
            loops(join_all, join_all),
            loops(f"if tasks.len() == limit {{ {join} }}", ""),
            loops("if tasks.len() == limit { tasks.join_next().await; }", join_all),
            few_at_once("todo!()"),
            few_at_once("Ok(vec![])"),
            "fn few_at_once(base_url: &str) -> std::io::Result<Vec<Flag>> { Ok(vec![]) }",
        )
        arrive = "with a limit of 3, all 21 flags arrive"
        at_once = "more than one request is open at the same time, and never more than 3"
        self.assertEqual(none[0], f"✗ {arrive}; yours gives 0")
        self.assertEqual(all_at_once[0], f"✓ {arrive}")
        self.assertTrue(all_at_once[1].startswith(f"✗ {at_once}; yours had "))
        self.assertEqual(one, [f"✓ {arrive}", f"✗ {at_once}; yours had at most one open"])
        self.assertEqual(left, [f"✗ {arrive}; yours gives 18", f"✓ {at_once}"])
        self.assertEqual(dropped, [f"✗ {arrive}; yours gives 3", f"✓ {at_once}"])
        self.assertEqual(unwritten, [f"✗ {arrive}; yours panicked: not yet implemented"])
        self.assertEqual(nothing[1], f"✗ {at_once}; yours made no request")
        self.assertIn("mismatched types", other[0])

    def test_of_round_robin_are_told_what_came(self) -> None:
        def round_robin(arms: str, begin: str = "") -> str:
            return (
                "fn round_robin(tasks: Vec<(&'static str, Generator<()>)>) { "
                f"let mut queue = VecDeque::from(tasks); {begin} "
                "while let Some((name, mut task)) = queue.pop_front() { "
                f"match next(&mut task) {{ {arms} }} }} }}"
            )

        put_back, an_end = (
            "Ok(()) => queue.push_back((name, task)),",
            "Err(Raised::StopIteration(_))",
        )
        ends, panics, in_front, once, endless, other = self.judged(
            "07-event-loop.ipynb",
            round_robin(f"{put_back} Err(_) => return"),
            round_robin(f'{put_back} {an_end} => {{}} Err(e) => panic!("{{e}}")'),
            round_robin("Ok(()) => queue.push_front((name, task)), Err(_) => {}"),
            round_robin("_ => {}"),
            round_robin("_ => queue.push_back((name, task))"),
            "fn round_robin(tasks: Vec<Generator<()>>) {}",
            check_id="check-turns",
        )
        wanted = '["tea 1", "toast 1", "tea 2", "tea 3"]'
        turns = f"✗ tea in three steps and toast in one run as {wanted}; "
        self.assertEqual(ends[0], turns + 'yours run as ["tea 1", "toast 1", "tea 2"]')
        self.assertTrue(panics[1].endswith("yours panicked: ValueError: as it is meant to"))
        self.assertEqual(in_front[0], turns + 'yours run as ["tea 1", "tea 2", "tea 3", "toast 1"]')
        self.assertEqual(once[0], turns + 'yours run as ["tea 1", "toast 1"]')
        self.assertTrue(endless[0].startswith(turns + "yours gave no answer within 1.5 seconds"))
        wanted = "`round_robin` is to be a `fn(Vec<(&'static str, Generator<()>)>)`"
        self.assertTrue(other[0].startswith(wanted), other)

    def test_of_run_by_deadline_are_told_what_came(self) -> None:
        def run_by_deadline(arm: str) -> str:
            stub = next(
                cell.source
                for cell in guide.read(NOTEBOOKS / "en" / "07-event-loop.ipynb").cells
                if cell.id == "write-deadlines"
            )
            return stub.replace("Ok(pause) => {}", f"Ok(pause) => {arm}")

        nothing, asleep, at_once, half, other = self.judged(
            "07-event-loop.ipynb",
            run_by_deadline("{}"),
            run_by_deadline("{ sleep(pause); deadlines.push(Reverse((Instant::now(), id))) }"),
            run_by_deadline("{ deadlines.push(Reverse((Instant::now(), id))) }"),
            run_by_deadline("{ deadlines.push(Reverse((Instant::now() + pause / 2, id))) }"),
            "fn run_by_deadline(tasks: Vec<(String, Generator<Duration>)>) {}",
            check_id="check-deadlines",
        )
        self.assertTrue(nothing[0].endswith("; yours tell []"), nothing)
        slept_in_turn = '; yours tell ["slept 120 ms", "slept 40 ms", "slept 80 ms"]'
        self.assertTrue(asleep[0].endswith(slept_in_turn), asleep)
        for early in at_once, half:
            self.assertIn("; yours goes on after ", early[2])
        wanted = "`run_by_deadline` is to be a `fn(Vec<(String, Generator<Duration>)>) -> u64`"
        self.assertTrue(other[0].startswith(wanted), other)

    def test_of_pause_are_told_what_came(self) -> None:
        def pause(body: str) -> str:
            signature = "is_ready: bool, earliest: Option<Instant>, now: Instant"
            return f"fn pause({signature}) -> Option<Duration> {{ {body} }}"

        left = "earliest.map(|time| time.saturating_duration_since(now))"
        never, always, impatient, unready, panics, other = self.judged(
            "07-event-loop.ipynb",
            pause("Some(Duration::ZERO)"),
            pause("None"),
            pause(f"if is_ready {{ None }} else {{ {left} }}"),
            pause(left),
            pause("Some(earliest.unwrap() - now)"),
            "fn pause(earliest: Option<Instant>, now: Instant) -> Option<Duration> { None }",
            check_id="check-pause",
        )
        in_two = "✗ the earliest deadline in 2 s gives Some(2s); yours gives "
        self.assertEqual(never[0], in_two + "Some(0ns)")
        self.assertEqual(always[0], in_two + "None")
        for answer in impatient, unready:
            self.assertEqual(answer[2], "✗ a task that is ready gives Some(0ns); yours gives None")
        self.assertIn("yours panicked: called `Option::unwrap()`", panics[1])
        self.assertTrue(other)

    def test_of_a_channel_for_one_value_are_told_what_came(self) -> None:
        chapter = guide.read(NOTEBOOKS / "en" / "08-poll-and-wake.ipynb")
        (solution,) = (one.solution for one in exercises(chapter) if "one_shot" in one.check)

        def instead(*changes: tuple[str, str]) -> str:
            changed = solution
            for written, answer in changes:
                self.assertIn(written, changed)
                changed = changed.replace(written, answer)
            return changed

        kept = "slot.waker = Some(context.waker().clone());"
        asleep, early, first, forgetful, silent, other = self.judged(
            "08-poll-and-wake.ipynb",
            instead((kept, "")),
            instead((kept, "context.waker().wake_by_ref();")),
            instead((kept, f"if slot.waker.is_none() {{ {kept} }}")),
            instead(("slot.value = Some(value);", "")),
            instead(("waker.wake();", "")),
            instead(
                ("fn send(sender: Sender, value: i64)", "fn send(sender: &Sender, value: i64)")
            ),
            check_id="check",
        )
        waits = "✗ a receiver that waits is woken once, by send, and is ready then; yours "
        latest = (
            "✗ a receiver polled by a first task, then by a second one: send wakes the second; "
            "yours "
        )
        self.assertEqual(asleep[1:3], [f"{waits}is not woken", f"{latest}wakes neither"])
        self.assertEqual(early[1], f"{waits}wakes its task before anything was sent")
        self.assertEqual(first[2], f"{latest}wakes the first")
        at_once = "✗ the first poll after send(42) answers Ready(42); yours answers Pending"
        self.assertEqual(forgetful[0], at_once)
        self.assertEqual(silent[1], f"{waits}is not woken")
        self.assertTrue(other)

    def test_of_a_waker_that_queues_once_are_told_what_came(self) -> None:
        def wake_once(body: str) -> str:
            signature = "woken: &AtomicBool, queue: &mpsc::Sender<usize>, id: usize"
            return f"use hitchhiker::check; fn wake_once({signature}) -> bool {{ {body} }}"

        send = "queue.send(id).is_ok()"
        always, unset, mute, reverse, told, other = self.judged(
            "09-executor.ipynb",
            wake_once(send),
            wake_once(f"!woken.load(Ordering::Acquire) && {send}"),
            wake_once("!woken.swap(true, Ordering::AcqRel)"),
            wake_once(f"woken.swap(true, Ordering::AcqRel) && {send}"),
            wake_once("if !woken.swap(true, Ordering::AcqRel) { let _ = queue.send(id); } true"),
            "use hitchhiker::check; fn wake_once(woken: &AtomicBool) -> bool { false }",
            check_id="wake-once-check",
        )
        once = (
            "✗ three wakes before a poll leave in the queue [7]; yours leave in the queue [7, 7, 7]"
        )
        self.assertEqual(always[1], once)
        self.assertEqual(unset[1], once)
        for answer in mute, reverse:
            self.assertEqual(
                answer[0],
                "✗ a wake of task 7 leaves in the queue [7]; yours leaves in the queue []",
            )
        self.assertEqual(
            told[-1], "✗ a wake after the executor is gone returns false; yours returns true"
        )
        self.assertTrue(other)
