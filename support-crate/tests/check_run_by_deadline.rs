//! What the check of chapter 7's second exercise says.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::thread::sleep;
use std::time::{Duration, Instant};

use hitchhiker::check;
use hitchhiker::coroutine::*;

type Tasks = Vec<(String, Generator<Duration>)>;

/// How a loop goes wrong.
#[derive(Clone, Copy, PartialEq)]
enum Mistake {
    None,
    NothingWritten,
    /// The task goes into the heap as if it had asked for no time.
    NoPause,
    /// The deadline is not the one that the task asked for.
    Early,
    EndsWithTheFirst,
}

/// The solution of the chapter, with one thing wrong.
fn looped(mut tasks: Tasks, mistake: Mistake) -> u64 {
    let now = Instant::now();
    let mut deadlines: BinaryHeap<_> = (0..tasks.len()).map(|id| Reverse((now, id))).collect();
    let mut resumed = 0;
    while let Some(Reverse((time, id))) = deadlines.pop() {
        sleep(time.saturating_duration_since(Instant::now()));
        let (_, task) = &mut tasks[id];
        resumed += 1;
        match next(task) {
            Ok(pause) => match mistake {
                Mistake::NothingWritten => {}
                Mistake::NoPause => deadlines.push(Reverse((Instant::now(), id))),
                Mistake::Early => deadlines.push(Reverse((Instant::now() + pause / 2, id))),
                _ => deadlines.push(Reverse((Instant::now() + pause, id))),
            },
            Err(_) if mistake == Mistake::EndsWithTheFirst => break,
            Err(_) => {}
        }
    }
    resumed
}

/// What is said to a loop with this mistake, by line.
fn said(run: fn(Tasks) -> u64) -> Vec<String> {
    let said = check::run_by_deadline(run).to_string();
    said.lines().map(str::to_owned).collect()
}

#[test]
fn a_right_answer_passes() {
    let said = said(|tasks| looped(tasks, Mistake::None)).join("\n");
    let expected = r#"✓ tasks that ask for 120, 40 and 80 ms, and one that fails, tell ["slept 40 ms", "slept 80 ms", "slept 120 ms"]
✓ a task that asks for 60 ms twice, and one that asks for 80 ms, tell ["slept 80 ms", "slept 60 ms, then 60 ms"]
✓ a task that asks for 50 ms goes on no earlier
✓ counting the resumes of two tasks that ask once, and of one that asks twice, gives 7"#;
    assert_eq!(said, expected);
}

#[test]
fn nothing_written_is_told_that_no_task_goes_on() {
    let [order, twice, early, count] = said(|tasks| looped(tasks, Mistake::NothingWritten))
        .try_into()
        .unwrap();
    assert!(order.ends_with("; yours tell []"), "{order}");
    assert!(twice.ends_with("; yours tell []"), "{twice}");
    assert!(early.ends_with("; yours does not go on"), "{early}");
    assert!(count.ends_with("; yours gives 3"), "{count}");
}

#[test]
fn a_task_that_goes_on_at_once_is_told() {
    for run in [
        (|tasks| looped(tasks, Mistake::NoPause)) as fn(_) -> _,
        |tasks| looped(tasks, Mistake::Early),
    ] {
        let early = said(run).swap_remove(2);
        assert!(early.contains("; yours goes on after "), "{early}");
    }
}

#[test]
fn a_loop_that_ends_with_the_first_task_is_told() {
    let order = said(|tasks| looped(tasks, Mistake::EndsWithTheFirst)).swap_remove(0);
    assert!(order.ends_with("; yours tell []"), "{order}");
}

#[test]
fn sleeping_in_the_loop_keeps_the_order_of_the_queue() {
    let order = said(|tasks| {
        let (mut queue, mut resumed) = (VecDeque::from(tasks), 0);
        while let Some((name, mut task)) = queue.pop_front() {
            resumed += 1;
            if let Ok(pause) = next(&mut task) {
                sleep(pause);
                queue.push_back((name, task));
            }
        }
        resumed
    })
    .swap_remove(0);
    let came = r#"; yours tell ["slept 120 ms", "slept 40 ms", "slept 80 ms"]"#;
    assert!(order.ends_with(came), "{order}");
}

#[test]
fn a_heap_that_gives_the_latest_first_turns_the_order_around() {
    let order = said(|mut tasks| {
        let mut resumed = 0;
        let start = Instant::now();
        let mut deadlines: BinaryHeap<_> = (0..tasks.len()).map(|id| (start, id)).collect();
        while let Some((time, id)) = deadlines.pop() {
            sleep(time.saturating_duration_since(Instant::now()));
            resumed += 1;
            if let Ok(pause) = next(&mut tasks[id].1) {
                deadlines.push((Instant::now() + pause, id));
            }
        }
        resumed
    })
    .swap_remove(0);
    assert!(order.starts_with('✗'), "{order}");
}
