//! What the check of chapter 7's exercise says.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::thread::sleep;
use std::time::Instant;

use hitchhiker::check::{self, Ask, Job};

/// How a loop goes wrong.
#[derive(Clone, Copy, PartialEq)]
enum Mistake {
    None,
    /// What the reader finds in the cell: the two requests are unknown.
    NothingWritten,
    NoNumber,
    AlwaysTheSameNumber,
    ChildFirst,
    JoinsAtOnce,
    NobodyIsWoken,
    WaitsForWhatHasEnded,
    ForgetsWhoFails,
    SleepsInTurn,
    EndsWithTheFirst,
}

/// The solution of the chapter, with one thing wrong.
fn looped(first: Job, mistake: Mistake) {
    let mut jobs = HashMap::from([(0, first)]);
    let mut count = 1;
    let mut ready = VecDeque::from([(0, None)]);
    let mut sleeping = BinaryHeap::new();
    let mut joining: Vec<(usize, usize)> = vec![];
    loop {
        while let Some((id, answer)) = ready.pop_front() {
            let Some(job) = jobs.get_mut(&id) else {
                continue;
            };
            match job.send(answer) {
                Ok(Ask::Sleep(pause)) if mistake == Mistake::SleepsInTurn => {
                    sleep(pause);
                    ready.push_back((id, None));
                }
                Ok(Ask::Sleep(pause)) => sleeping.push(Reverse((Instant::now() + pause, id))),
                Ok(_) if mistake == Mistake::NothingWritten => {
                    jobs.remove(&id);
                }
                Ok(Ask::Spawn(job)) => {
                    jobs.insert(count, job);
                    let answer = match mistake {
                        Mistake::NoNumber => None,
                        Mistake::AlwaysTheSameNumber => Some(1),
                        _ => Some(count),
                    };
                    ready.push_front((id, answer));
                    match mistake {
                        Mistake::ChildFirst => ready.push_front((count, None)),
                        _ => ready.push_back((count, None)),
                    }
                    count += 1;
                }
                Ok(Ask::Join(_)) if mistake == Mistake::JoinsAtOnce => {
                    ready.push_front((id, None));
                }
                Ok(Ask::Join(number))
                    if jobs.contains_key(&number) || mistake == Mistake::WaitsForWhatHasEnded =>
                {
                    joining.push((id, number));
                }
                Ok(Ask::Join(_)) => ready.push_front((id, None)),
                Err(error) => {
                    jobs.remove(&id);
                    let failed = error.to_string().starts_with("ValueError");
                    if mistake == Mistake::NobodyIsWoken
                        || mistake == Mistake::ForgetsWhoFails && failed
                    {
                        continue;
                    }
                    if mistake == Mistake::EndsWithTheFirst && id == 0 {
                        return;
                    }
                    let done = joining.extract_if(.., |(_, number)| *number == id);
                    ready.extend(done.map(|(who, _)| (who, None)));
                }
            }
        }
        let Some(Reverse((time, id))) = sleeping.pop() else {
            return;
        };
        sleep(time.saturating_duration_since(Instant::now()));
        ready.push_back((id, None));
    }
}

macro_rules! said {
    ($mistake:ident) => {{
        fn run(first: Job) {
            looped(first, Mistake::$mistake);
        }
        check::spawn_and_join(run).to_string()
    }};
}

const NUMBERS: &str = "a job spawns two others: each time it is sent a number, and the two differ";
const ORDER: &str = "a job that spawns two and joins them gives \
                     [\"both spawned\", \"child 1\", \"child 2\", \"both joined\"]";
const SLEEPS: &str = "two jobs that sleep 300 ms each are joined after 300 to 400 ms";
const ENDED: &str = "a job that joins a child 20 ms after the child's end gives \
                     [\"the child ends\", \"joined\"]";
const FAILED: &str = "a job that joins a child that fails gives [\"the child fails\", \"joined\"]";
const UNJOINED: &str =
    "a job that ends before its child gives [\"the parent ends\", \"the child ends\"]";

#[track_caller]
fn assert_says(said: &str, line: &str, came: &str) {
    let whole = format!("✗ {line}; {came}");
    assert!(said.lines().any(|line| line.starts_with(&whole)), "{said}");
}

#[test]
fn the_solution_passes() {
    let passed = [NUMBERS, ORDER, SLEEPS, ENDED, FAILED, UNJOINED];
    let passed = passed.map(|line| format!("✓ {line}")).join("\n");
    assert_eq!(said!(None), passed);
}

#[test]
fn nothing_written_fails_everywhere() {
    let said = said!(NothingWritten);
    assert!(!said.contains('✓'), "{said}");
    assert_says(&said, NUMBERS, "yours does not resume it after both");
    assert_says(&said, ORDER, "yours gives []");
    assert_says(&said, SLEEPS, "yours never come to the end of the joins");
}

#[test]
fn a_spawn_without_an_answer_is_told() {
    assert_says(&said!(NoNumber), NUMBERS, "yours sends None, then None");
}

#[test]
fn two_jobs_of_the_same_number_are_told() {
    let came = "yours sends Some(1), then Some(1)";
    assert_says(&said!(AlwaysTheSameNumber), NUMBERS, came);
}

#[test]
fn a_child_that_runs_before_its_parent_goes_on_is_told() {
    let came = "yours gives [\"child 1\", \"child 2\", \"both spawned\", \"both joined\"]";
    assert_says(&said!(ChildFirst), ORDER, came);
}

#[test]
fn a_join_that_does_not_wait_is_told() {
    let said = said!(JoinsAtOnce);
    let came = "yours gives [\"both spawned\", \"both joined\", \"child 1\", \"child 2\"]";
    assert_says(&said, ORDER, came);
    assert_says(&said, SLEEPS, "yours are joined after 0 ms");
}

#[test]
fn a_join_that_nobody_wakes_is_told() {
    let came = "yours gives [\"both spawned\", \"child 1\", \"child 2\"]";
    assert_says(&said!(NobodyIsWoken), ORDER, came);
}

#[test]
fn a_join_of_what_has_ended_is_told_where_it_waits_for_ever() {
    let came = "yours gives [\"the child ends\"]";
    assert_says(&said!(WaitsForWhatHasEnded), ENDED, came);
}

#[test]
fn a_job_that_fails_is_told_where_its_joiner_waits_for_ever() {
    let came = "yours gives [\"the child fails\"]";
    assert_says(&said!(ForgetsWhoFails), FAILED, came);
}

#[test]
fn sleeping_one_after_the_other_is_told() {
    assert_says(&said!(SleepsInTurn), SLEEPS, "yours are joined after 60");
}

#[test]
fn a_loop_that_ends_with_its_first_job_is_told() {
    assert_says(
        &said!(EndsWithTheFirst),
        UNJOINED,
        "yours gives [\"the parent ends\"]",
    );
}

#[test]
fn a_loop_that_never_ends_has_an_answer() {
    fn run(_: Job) {
        loop {
            sleep(std::time::Duration::from_secs(1));
        }
    }
    let said = check::spawn_and_join(run).to_string();
    assert_says(&said, NUMBERS, "yours gave no answer within");
}
