//! The exercise on the way through chapter 9.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};

use super::engine::Cases;
use super::report::Report;

/// The number of the task that is woken here.
const ID: usize = 7;

/// Checks `wake_once`, an exercise of chapter 9: it puts a task's number into the executor's queue, once for any
/// number of wakes between two polls.
///
/// ```
/// use hitchhiker::check;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use std::sync::mpsc::Sender;
///
/// fn wake_once(woken: &AtomicBool, queue: &Sender<usize>, id: usize) -> bool {
///     !woken.swap(true, Ordering::AcqRel) && queue.send(id).is_ok()
/// }
/// assert!(check::wake_once(wake_once).passed());
/// ```
pub fn wake_once(
    wake_once: impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool + Send + 'static,
) -> Report {
    Report::on(move |cases| {
        queues_the_number(cases, &wake_once);
        queues_it_once(cases, &wake_once);
        says_whether_it_did(cases, &wake_once);
        queues_it_again_after_the_reset(cases, &wake_once);
        outlives_the_executor(cases, &wake_once);
    })
}

fn queues_the_number(
    cases: &mut Cases,
    wake_once: &impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool,
) {
    cases.expect_value("a wake of task 7", "leaves in the queue", &vec![ID], || {
        let (woken, queue, numbers) = new_task();
        wake_once(&woken, &queue, ID);
        numbers.try_iter().collect()
    });
}

fn queues_it_once(
    cases: &mut Cases,
    wake_once: &impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool,
) {
    cases.expect_value(
        "three wakes before a poll",
        "leave in the queue",
        &vec![ID],
        || {
            let (woken, queue, numbers) = new_task();
            for _ in 0..3 {
                wake_once(&woken, &queue, ID);
            }
            numbers.try_iter().collect()
        },
    );
}

fn says_whether_it_did(
    cases: &mut Cases,
    wake_once: &impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool,
) {
    cases.expect_value(
        "three wakes before a poll",
        "return",
        &[true, false, false],
        || {
            let (woken, queue, _numbers) = new_task();
            [(); 3].map(|()| wake_once(&woken, &queue, ID))
        },
    );
}

fn queues_it_again_after_the_reset(
    cases: &mut Cases,
    wake_once: &impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool,
) {
    cases.expect_value(
        "a wake, a poll that resets the flag, and a wake",
        "leave in the queue",
        &vec![ID, ID],
        || {
            let (woken, queue, numbers) = new_task();
            wake_once(&woken, &queue, ID);
            woken.swap(false, Ordering::AcqRel);
            wake_once(&woken, &queue, ID);
            numbers.try_iter().collect()
        },
    );
}

fn outlives_the_executor(
    cases: &mut Cases,
    wake_once: &impl Fn(&AtomicBool, &Sender<usize>, usize) -> bool,
) {
    cases.expect_value(
        "a wake after the executor is gone",
        "returns",
        &false,
        || {
            let (woken, queue, numbers) = new_task();
            drop(numbers);
            wake_once(&woken, &queue, ID)
        },
    );
}

/// A task that nobody has woken yet, and both ends of its executor's queue.
fn new_task() -> (AtomicBool, Sender<usize>, Receiver<usize>) {
    let (queue, numbers) = mpsc::channel();
    (AtomicBool::new(false), queue, numbers)
}
