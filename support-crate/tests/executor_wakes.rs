//! The waker and the queue of chapter 9's executor, in every interleaving that loom models.
//!
//! [loom](https://docs.rs/loom) runs each model again and again, with other orders of the threads' steps and other
//! values that a load may see. The code under test is that of the chapter's cells: each module includes the text of
//! cells from the folder beside this file, and a test holds these texts against the notebook. The atomics, the lock of
//! the queue and the threads are loom's.

use std::fs;

/// As much of `std::sync::mpsc` as the cells use. loom has a channel too, but does not try what happens when one thread
/// finds it empty while another one sends.
mod mpsc {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use loom::sync::Mutex;

    pub struct Sender<T>(Arc<Mutex<VecDeque<T>>>);
    pub struct Receiver<T>(Arc<Mutex<VecDeque<T>>>);

    pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
        let queue = Arc::new(Mutex::new(VecDeque::new()));
        (Sender(queue.clone()), Receiver(queue))
    }

    impl<T> Sender<T> {
        pub fn send(&self, value: T) -> Result<(), T> {
            self.0.lock().unwrap().push_back(value);
            Ok(())
        }
    }

    impl<T> Receiver<T> {
        pub fn try_recv(&self) -> Option<T> {
            self.0.lock().unwrap().pop_front()
        }
    }
}

/// The cells `wake-once-solution` and `task-waker`. `Wake` asks for the `Arc` of std, which loom does not see, so
/// nothing here can pass by the fence that the counter of an `Arc` happens to be on some processors.
mod queue {
    use std::cell::Cell;
    use std::sync::Arc;
    use std::task::Wake;

    use loom::sync::Notify;
    use loom::sync::atomic::{AtomicBool, Ordering};
    use loom::thread;

    use super::mpsc;

    include!("executor_wakes/wake-once-solution.rs");
    include!("executor_wakes/task-waker.rs");

    /// A task's waker and the queue of its executor, in which the new task is already.
    fn new_task(bell: Bell) -> (Arc<TaskWaker>, mpsc::Receiver<usize>) {
        let (queue, woken) = mpsc::channel();
        let waker = Arc::new(TaskWaker {
            id: 42,
            woken: AtomicBool::new(false),
            queue,
            bell,
        });
        waker.wake_by_ref();
        (waker, woken)
    }

    #[test]
    fn a_poll_follows_each_wake_and_sees_what_the_waker_did_before() {
        loom::model(|| {
            let (waker, woken) = new_task(Arc::new(|| {}));
            let news = Arc::new(AtomicBool::new(false));
            let other = thread::spawn({
                let (waker, news) = (waker.clone(), news.clone());
                move || {
                    // Relaxed, for the wake has to make it visible to the poll that follows.
                    news.store(true, Ordering::Relaxed);
                    waker.wake();
                }
            });
            let seen = Cell::new(false);
            let poll = |_| {
                waker.begin_poll();
                seen.set(news.load(Ordering::Relaxed));
            };
            poll(woken.try_recv().unwrap());
            other.join().unwrap();
            while let Some(id) = woken.try_recv() {
                poll(id);
            }
            assert!(seen.get(), "no poll has seen the news");
        });
    }

    #[test]
    fn two_wakes_before_a_poll_put_the_task_into_the_queue_once() {
        loom::model(|| {
            let (waker, woken) = new_task(Arc::new(|| {}));
            woken.try_recv().unwrap();
            waker.begin_poll();
            let others = [(); 2].map(|()| {
                let waker = waker.clone();
                thread::spawn(move || waker.wake())
            });
            for other in others {
                other.join().unwrap();
            }
            assert_eq!([woken.try_recv(), woken.try_recv()], [Some(42), None]);
        });
    }

    #[test]
    fn the_bell_ends_the_sleep_of_an_executor_that_found_its_queue_empty() {
        loom::model(|| {
            let system = Arc::new(Notify::new());
            let bell = system.clone();
            let (waker, woken) = new_task(Arc::new(move || bell.notify()));
            woken.try_recv().unwrap();
            system.wait(); // the bell of the new task itself
            waker.begin_poll(); // the task answers "pending"
            let other = thread::spawn({
                let waker = waker.clone();
                move || waker.wake()
            });
            while woken.try_recv().is_none() {
                system.wait(); // loom reports a deadlock where nobody rings
            }
            other.join().unwrap();
        });
    }
}

/// The cell `is-forgotten`, with the `Arc` of loom.
mod detector {
    use loom::sync::Arc;
    use loom::sync::atomic::{AtomicBool, Ordering};
    use loom::thread;

    struct TaskWaker {
        woken: AtomicBool,
    }

    include!("executor_wakes/is-forgotten.rs");

    #[test]
    fn a_task_that_was_woken_is_not_taken_for_forgotten() {
        loom::model(|| {
            let woken = AtomicBool::new(false);
            let mut waker = Arc::new(TaskWaker { woken });
            let other = thread::spawn({
                let waker = waker.clone();
                move || {
                    waker.woken.swap(true, Ordering::AcqRel);
                }
            });
            // Either the other thread still has the waker, or its wake is seen.
            assert!(!TaskWaker::is_forgotten(&mut waker));
            other.join().unwrap();
        });
    }

    #[test]
    fn a_task_whose_waker_nobody_kept_is_forgotten() {
        loom::model(|| {
            let woken = AtomicBool::new(false);
            let mut waker = Arc::new(TaskWaker { woken });
            drop(waker.clone());
            assert!(TaskWaker::is_forgotten(&mut waker));
        });
    }
}

#[test]
fn the_models_run_the_code_of_the_chapter() {
    let chapter = fs::read_to_string("../notebooks/en/09-executor.ipynb").unwrap();
    let chapter: serde_json::Value = serde_json::from_str(&chapter).unwrap();
    let cells = chapter["cells"].as_array().unwrap();
    for id in ["wake-once-solution", "task-waker", "is-forgotten"] {
        let cell = cells.iter().find(|cell| cell["id"] == id).unwrap();
        let lines = cell["source"].as_array().unwrap();
        let source: String = lines.iter().map(|line| line.as_str().unwrap()).collect();
        let included = fs::read_to_string(format!("tests/executor_wakes/{id}.rs")).unwrap();
        assert_eq!(
            included.trim_end(),
            source.trim_end(),
            "copy the cell `{id}` into tests/executor_wakes/{id}.rs"
        );
    }
}
