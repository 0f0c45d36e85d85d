//! A generator keeps the rules of PEP 342.

use hitchhiker::coroutine::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn hundreds() -> Generator<i32> {
    generator! {
        yield 100;
        yield 200;
        yield 300;
    }
}

/// Counts how often it has been dropped.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn holding(local: Dropped) -> Generator<i32, i32, &'static str> {
    generator! {
        let _local = local;
        yield 1;
        yield 2;
        "done"
    }
}

fn line<T: std::fmt::Debug, Y: std::fmt::Debug>(result: Result<Y, Raised<T>>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn for_loop_visits_every_value() {
    let mut seen = vec![];
    for x in hundreds() {
        seen.push(x);
    }
    assert_eq!(seen, [100, 200, 300]);
}

#[test]
fn next_and_send_none_are_the_same() -> Result<(), Raised> {
    let mut g = hundreds();
    assert_eq!(
        (next(&mut g)?, g.send(None)?, next(&mut g)?),
        (100, 200, 300)
    );
    Ok(())
}

#[test]
fn yield_evaluates_to_none_after_next_and_to_the_value_after_send() -> Result<(), Raised> {
    let seen = Arc::new(std::sync::Mutex::new(vec![]));
    let log = seen.clone();
    let mut g: Generator<i32, &str> = generator! {
        loop {
            let received = yield 0;
            log.lock().unwrap().push(received);
        }
    };
    next(&mut g)?;
    next(&mut g)?;
    g.send("towel")?;
    g.send(None)?;
    assert_eq!(*seen.lock().unwrap(), [None, Some("towel"), None]);
    Ok(())
}

#[test]
fn a_body_runs_no_line_before_the_first_resumption() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = runs.clone();
    let mut g: Generator<usize> = generator! { yield counter.fetch_add(1, Ordering::SeqCst); };
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    next(&mut g).unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn value_sent_to_a_fresh_generator_is_refused_and_leaves_it_fresh() -> Result<(), Raised> {
    let mut g: Generator<i32, i32> = generator! { yield 1; };
    assert_eq!(
        line(g.send(5)),
        "TypeError: can't send non-None value to a just-started generator"
    );
    assert_eq!(g.state(), GeneratorState::Created);
    assert_eq!(next(&mut g)?, 1);
    Ok(())
}

#[test]
fn stop_iteration_carries_the_returned_value_once() {
    let mut g = holding(Dropped(Default::default()));
    assert_eq!(g.by_ref().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(line(next(&mut g)), "StopIteration"); // the `for` loop took the value

    let mut g: Generator<i32, (), i32> = generator! { 60 };
    assert_eq!(line(next(&mut g)), "StopIteration: 60");
    assert_eq!(line(next(&mut g)), "StopIteration");
    assert_eq!(line(g.send(())), "StopIteration");
}

#[test]
fn return_ends_the_body_from_within_loops() {
    let mut g: Generator<i32, (), &str> = generator! {
        loop {
            for x in 0.. {
                if x == 2 {
                    return "enough";
                }
                yield x;
            }
        }
    };
    assert_eq!((next(&mut g).unwrap(), next(&mut g).unwrap()), (0, 1));
    let Err(Raised::StopIteration(stop)) = next(&mut g) else {
        panic!("one more value")
    };
    assert_eq!(stop.value, Some("enough"));
}

#[test]
fn error_of_the_body_reaches_the_sender_and_ends_the_generator() -> Result<(), Raised> {
    let mut coro: Generator<i64, i64> = generator! {
        let mut sum = 0;
        loop {
            sum += (yield sum).ok_or(TypeError::unsupported_operand("+=", "i64", "None"))?;
        }
    };
    assert_eq!(next(&mut coro)?, 0);
    coro.send(10)?;
    coro.send(20)?;
    assert_eq!(coro.send(30)?, 60);
    assert_eq!(
        line(coro.send(None)),
        "TypeError: unsupported operand type(s) for +=: 'i64' and 'None'"
    );
    assert_eq!(line(coro.send(10)), "StopIteration");
    assert_eq!(coro.state(), GeneratorState::Closed);
    Ok(())
}

#[test]
#[should_panic(expected = "ParseIntError: invalid digit found in string")]
fn for_loop_panics_with_the_error_that_leaves_the_body() {
    let g: Generator<i32> = generator! { yield "1".parse()?; yield "two".parse()?; };
    for _ in g {}
}

#[test]
fn results_gives_the_error_as_the_last_item() {
    let mut g: Generator<i32> = generator! { yield "1".parse()?; yield "two".parse()?; };
    let items: Vec<_> = g
        .results()
        .map(|item| item.map_err(|e| e.to_string()))
        .collect();
    assert_eq!(
        items,
        [
            Ok(1),
            Err("ParseIntError: invalid digit found in string".into())
        ]
    );
}

#[test]
fn thrown_error_leaves_the_body_at_the_suspended_yield() -> Result<(), Raised<&'static str>> {
    let drops = Arc::new(AtomicUsize::new(0));
    let mut g = holding(Dropped(drops.clone()));
    next(&mut g)?;
    let raised = g.throw(ValueError::new("out of time")).unwrap_err();
    assert!(raised.is::<ValueError>());
    assert_eq!(raised.to_string(), "ValueError: out of time");
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(line(next(&mut g)), "StopIteration");
    Ok(())
}

#[test]
fn error_thrown_at_a_fresh_or_ended_generator_comes_straight_back() {
    let mut g = hundreds();
    assert_eq!(line(g.throw(ValueError::new("early"))), "ValueError: early");
    assert_eq!(line(next(&mut g)), "StopIteration");
    assert_eq!(line(g.throw(ValueError::new("late"))), "ValueError: late");
    assert_eq!(line(next(&mut g)), "StopIteration");
}

#[test]
fn close_runs_destructors_once_and_ends_the_generator() -> Result<(), Raised<&'static str>> {
    let drops = Arc::new(AtomicUsize::new(0));
    let mut g = holding(Dropped(drops.clone()));
    next(&mut g)?;
    assert_eq!(g.close()?, None);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(g.close()?, None);
    assert_eq!(line(next(&mut g)), "StopIteration");
    drop(g);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    Ok(())
}

#[test]
fn close_of_a_fresh_generator_drops_what_it_captured() -> Result<(), Raised<&'static str>> {
    let drops = Arc::new(AtomicUsize::new(0));
    let mut g = holding(Dropped(drops.clone()));
    g.close()?;
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(line(next(&mut g)), "StopIteration");
    Ok(())
}

#[test]
fn drop_in_mid_flight_runs_destructors_once() -> Result<(), Raised<&'static str>> {
    let drops = Arc::new(AtomicUsize::new(0));
    let mut g = holding(Dropped(drops.clone()));
    next(&mut g)?;
    drop(g);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    Ok(())
}

#[test]
fn a_suspended_generator_moves_to_another_thread() -> Result<(), Raised> {
    let mut g = hundreds();
    next(&mut g)?;
    let rest = std::thread::spawn(move || g.collect::<Vec<_>>())
        .join()
        .unwrap();
    assert_eq!(rest, [200, 300]);
    Ok(())
}

/// An `.await` that `generator!` cannot see, and so cannot refuse.
macro_rules! awaited {
    ($future:expr) => {
        $future.await
    };
}

#[test]
fn a_future_that_is_ready_may_be_awaited_behind_a_macros_back() {
    let mut g: Generator<i32> = generator! { yield awaited!(std::future::ready(1)); };
    assert_eq!(next(&mut g).unwrap(), 1);
}

#[test]
#[should_panic(expected = "only `yield` may suspend it")]
fn a_future_that_is_not_ready_panics_in_the_resumer() {
    let mut g: Generator<i32> = generator! { awaited!(std::future::pending::<()>()); };
    let _ = next(&mut g);
}

#[test]
fn a_waker_kept_by_a_body_wakes_nobody_and_outlives_the_generator() {
    let (send, receive) = std::sync::mpsc::channel();
    let mut g: Generator<i32> = generator! {
        awaited!(std::future::poll_fn(|context| {
            send.send(context.waker().clone()).unwrap();
            std::task::Poll::Ready(())
        }));
        yield 1;
    };
    next(&mut g).unwrap();
    drop(g);
    receive.recv().unwrap().wake();
}
