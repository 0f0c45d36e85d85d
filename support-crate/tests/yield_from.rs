//! `yield from` keeps the rules of PEP 380.

use hitchhiker::coroutine::*;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<String>>>;

fn lines(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

fn raised<Y: std::fmt::Debug, T: std::fmt::Debug>(result: Result<Y, Raised<T>>) -> String {
    result.unwrap_err().to_string()
}

/// Yields `at`, `at + 1` and so on; logs what comes in, and answers an error by going on.
fn inner(log: Log, at: i32) -> Generator<i32, i32, &'static str> {
    generator! {
        for x in at..at + 3 {
            match try { yield x } {
                Ok(received) => log.lock().unwrap().push(format!("received {received:?}")),
                Err(error) if error.is::<ValueError>() => {
                    log.lock().unwrap().push(format!("caught {error}"));
                }
                Err(error) => {
                    log.lock().unwrap().push(format!("left by {error}"));
                    Err(error)?
                }
            }
        }
        "inner's"
    }
}

fn outer(log: Log) -> Generator<i32, i32, String> {
    generator! {
        let returned = yield from inner(log.clone(), 1);
        log.lock().unwrap().push(format!("returned {returned}"));
        yield 100;
        format!("after {returned}")
    }
}

#[test]
fn values_pass_both_ways_and_the_return_value_is_the_expressions() -> Result<(), Raised<String>> {
    let log = Log::default();
    let mut g = outer(log.clone());
    assert_eq!(next(&mut g)?, 1);
    assert_eq!(g.send(7)?, 2);
    assert_eq!(g.send(None)?, 3);
    assert_eq!(g.send(8)?, 100);
    assert_eq!(
        lines(&log),
        [
            "received Some(7)",
            "received None",
            "received Some(8)",
            "returned inner's"
        ]
    );
    assert_eq!(raised(next(&mut g)), "StopIteration: \"after inner's\"");
    Ok(())
}

#[test]
fn thrown_errors_reach_the_inner_generator_first() -> Result<(), Raised<String>> {
    let log = Log::default();
    let mut g = outer(log.clone());
    next(&mut g)?;
    assert_eq!(g.throw(ValueError::new("one"))?, 2);
    assert_eq!(raised(g.throw(TypeError::new("two"))), "TypeError: two");
    assert_eq!(
        lines(&log),
        ["caught ValueError: one", "left by TypeError: two"]
    );
    assert_eq!(g.state(), GeneratorState::Closed);
    Ok(())
}

#[test]
fn close_closes_the_inner_generator_first() -> Result<(), Raised<String>> {
    let log = Log::default();
    let mut g = outer(log.clone());
    next(&mut g)?;
    g.close()?;
    assert_eq!(lines(&log), ["left by GeneratorExit"]);
    Ok(())
}

#[test]
fn an_error_of_the_inner_generator_is_raised_at_the_yield_from() -> Result<(), Raised> {
    fn failing() -> Generator<i32> {
        generator! { yield 1; Err(ValueError::new("inner"))? }
    }
    let mut g: Generator<i32> = generator! {
        match try { yield from failing() } {
            Err(error) if error.is::<ValueError>() => { yield 2; }
            other => other?,
        }
    };
    assert_eq!((next(&mut g)?, next(&mut g)?), (1, 2));
    assert_eq!(raised(next(&mut g)), "StopIteration");
    Ok(())
}

#[test]
fn an_inner_generator_that_ignores_close_is_a_runtime_error_in_the_outer_one() {
    fn stubborn() -> Generator<i32> {
        generator! { loop { let _ = try { yield 1 }; } }
    }
    let mut g: Generator<i32> = generator! { yield from stubborn(); };
    next(&mut g).unwrap();
    assert_eq!(
        g.close().unwrap_err().to_string(),
        "RuntimeError: generator ignored GeneratorExit"
    );
    assert_eq!(raised(next(&mut g)), "StopIteration");
}

#[test]
fn each_level_of_a_deep_delegation_is_closed_by_the_one_around_it() {
    fn level(log: Log, depth: u32) -> Generator<u32> {
        generator! {
            if depth == 0 {
                yield 0;
            } else {
                let result = try { yield from level(log.clone(), depth - 1) };
                log.lock().unwrap().push(format!("{depth}: {}", result.unwrap_err()));
                if depth == 2 {
                    yield 99; // ignores it
                } else if depth == 4 {
                    return; // takes it for a reason to return
                }
                Err(GeneratorExit)?
            }
        }
    }
    let log = Log::default();
    let mut g = level(log.clone(), 5);
    assert_eq!(next(&mut g).unwrap(), 0);
    assert_eq!(g.close().unwrap(), None);
    assert_eq!(
        lines(&log),
        [
            "1: GeneratorExit",
            "2: GeneratorExit",
            "3: RuntimeError: generator ignored GeneratorExit",
            "4: GeneratorExit",
            "5: GeneratorExit",
        ]
    );
}

#[test]
fn an_iterator_gives_its_values_and_takes_none() -> Result<(), Raised> {
    fn over(range: std::ops::Range<i32>) -> Generator<i32, i32> {
        generator! { yield from range; }
    }
    assert_eq!(over(1..4).collect::<Vec<_>>(), [1, 2, 3]);
    let mut g = over(1..4);
    next(&mut g)?;
    assert_eq!(
        raised(g.send(5)),
        "AttributeError: 'Range' object has no attribute 'send'"
    );
    let mut g = over(1..4);
    next(&mut g)?;
    assert_eq!(raised(g.throw(ValueError::new("x"))), "ValueError: x");
    Ok(())
}

#[test]
fn a_generator_that_is_lent_goes_on_after_the_outer_one() -> Result<(), Raised> {
    let log = Log::default();
    let mut lent = inner(log, 1);
    {
        let mut g: BorrowingGenerator<'_, i32, i32> = {
            let lent = &mut lent;
            generator! { yield from lent; }
        };
        assert_eq!(next(&mut g)?, 1);
    }
    assert_eq!(next(&mut lent).unwrap(), 2);
    Ok(())
}

#[test]
fn a_generator_in_mid_delegation_can_be_delegated_to() -> Result<(), Raised<String>> {
    let log = Log::default();
    let mut started = outer(log.clone());
    next(&mut started)?;
    let mut g: Generator<i32, i32, String> = generator! { yield from started };
    assert_eq!(g.send(None)?, 2);
    assert_eq!(g.send(5)?, 3);
    assert_eq!(g.throw(ValueError::new("v"))?, 100);
    assert_eq!(raised(next(&mut g)), "StopIteration: \"after inner's\"");
    Ok(())
}

#[test]
fn a_generator_in_a_box_is_delegated_to_as_the_generator_itself_is() -> Result<(), Raised<String>> {
    let log = Log::default();
    let boxed = Box::new(inner(log.clone(), 1));
    let mut g: Generator<i32, i32, String> = generator! {
        let returned = yield from boxed;
        let failing: Box<Generator<i32, i32>> = Box::new(generator! {
            yield 10;
            Err(ValueError::new("x"))?;
        });
        let failed = try { yield from failing };
        format!("{returned:?} {failed:?}")
    };
    assert_eq!(next(&mut g)?, 1);
    assert_eq!(g.send(7)?, 2);
    assert_eq!(g.throw(ValueError::new("y"))?, 3);
    assert_eq!(next(&mut g)?, 10);
    assert_eq!(
        raised(next(&mut g)),
        r#"StopIteration: "\"inner's\" Err(ValueError: x)""#
    );
    assert_eq!(
        lines(&log),
        ["received Some(7)", "caught ValueError: y", "received None"]
    );
    Ok(())
}

#[test]
fn a_generator_in_a_box_that_is_lent_goes_on_after_the_outer_one() -> Result<(), Raised> {
    let log = Log::default();
    let mut boxed = Box::new(inner(log.clone(), 1));
    let lent = &mut boxed;
    let mut g: BorrowingGenerator<'_, i32, i32> = generator! { yield from lent; };
    assert_eq!(next(&mut g)?, 1);
    assert_eq!(g.send(7)?, 2);
    drop(g);
    assert_eq!(boxed.send(8).unwrap(), 3);
    assert_eq!(lines(&log), ["received Some(7)", "received Some(8)"]);
    Ok(())
}

#[test]
fn an_ended_generator_has_no_value_left_to_delegate() {
    let mut ended = inner(Log::default(), 1);
    ended.close().unwrap();
    let mut g: Generator<i32, i32, &str> = generator! { yield from ended };
    assert_eq!(
        raised(next(&mut g)),
        "RuntimeError: generator had already returned its value"
    );
}

#[test]
fn a_suspended_delegation_moves_to_another_thread_and_is_dropped_there() {
    let log = Log::default();
    let mut g = outer(log.clone());
    next(&mut g).unwrap();
    let rest = std::thread::spawn(move || {
        let second = g.send(1).unwrap();
        drop(g);
        second
    });
    assert_eq!(rest.join().unwrap(), 2);
}

#[test]
fn a_panic_deep_inside_ends_every_level() {
    fn level(depth: u32) -> Generator<u32> {
        generator! {
            if depth == 0 {
                yield 0;
                panic!("deep");
            }
            yield from level(depth - 1);
        }
    }
    let mut g = level(10);
    next(&mut g).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| next(&mut g)));
    assert!(panicked.is_err());
    assert_eq!(g.state(), GeneratorState::Closed);
    assert_eq!(raised(next(&mut g)), "StopIteration");
}

#[test]
fn yield_from_is_read_in_headers_and_arguments_and_from_stays_a_name() {
    fn one() -> Generator<i32, (), i32> {
        generator! { yield 1; 11 }
    }
    let g: Generator<i32> = generator! {
        let from = 5;
        yield from;
        match yield from one() { 11 => yield 2, _ => None };
        println!("{}", yield from one());
        let sum = (yield from one()) + yield from one();
        yield sum;
    };
    assert_eq!(g.collect::<Vec<_>>(), [5, 1, 2, 1, 1, 1, 22]);
}

#[test]
fn close_closes_a_generator_that_is_lent_and_one_that_ignores_it_is_a_runtime_error() {
    fn stubborn(times: usize) -> Generator<usize> {
        generator! {
            for time in 0..=times {
                let _ = try { yield time };
            }
        }
    }
    for (times, closed) in [
        (0, "Ok(None)"),
        (1, "Err(RuntimeError: generator ignored GeneratorExit)"),
    ] {
        let mut lent = stubborn(times);
        let inner = &mut lent;
        let mut outer: BorrowingGenerator<usize> = generator! { yield from inner; };
        next(&mut outer).unwrap();
        assert_eq!(format!("{:?}", outer.close()), closed);
        assert_eq!(outer.state(), GeneratorState::Closed);
        drop(outer);
        assert_eq!(lent.state() == GeneratorState::Closed, times == 0);
    }
}

/// Runs in a thread whose stack holds no recursion of [`DEEP`] levels.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 * 1024);
    thread.spawn(run).unwrap().join().unwrap();
}

const DEEP: usize = if cfg!(miri) { 300 } else { 100_000 };

/// Yields what the innermost of `depth` generators does, each owned by the one around it.
fn owned(depth: usize) -> Generator<usize, usize, usize> {
    generator! {
        if depth > 0 {
            return 1 + yield from owned(depth - 1);
        }
        let mut last = 0;
        while let Some(received) = yield last {
            last = received;
        }
        0
    }
}

/// The same, each lent to the one around it.
fn lent(depth: usize) -> Generator<usize, usize, usize> {
    generator! {
        if depth > 0 {
            let mut inner = lent(depth - 1);
            return 1 + yield from &mut inner;
        }
        let mut last = 0;
        while let Some(received) = yield last {
            last = received;
        }
        0
    }
}

#[test]
fn a_chain_of_any_depth_is_resumed_and_ends_on_a_small_stack() {
    for chain in [owned, lent] {
        on_a_small_stack(move || {
            let mut g = chain(DEEP);
            assert_eq!(next(&mut g).unwrap(), 0);
            assert_eq!(g.send(5).unwrap(), 5);
            assert_eq!(raised(next(&mut g)), format!("StopIteration: {DEEP}"));
        });
        on_a_small_stack(move || {
            let mut g = chain(DEEP);
            next(&mut g).unwrap();
            assert_eq!(raised(g.throw(ValueError::new("up"))), "ValueError: up");
        });
        on_a_small_stack(move || {
            let mut g = chain(DEEP);
            next(&mut g).unwrap();
            assert_eq!(g.close().unwrap(), None);
        });
    }
}

#[test]
fn an_owned_chain_of_any_depth_is_dropped_on_a_small_stack() {
    on_a_small_stack(|| {
        let mut g = owned(DEEP);
        next(&mut g).unwrap();
        drop(g);
    });
    on_a_small_stack(|| {
        let mut around: Generator<usize, usize, usize> = generator! { yield from owned(DEEP) };
        next(&mut around).unwrap();
        let mut g: Generator<usize, usize> = generator! {
            // What its `close` meets ignores it, and is dropped.
            let stubborn: Generator<usize, usize> = generator! {
                let _ = try { yield from around };
                yield 9;
            };
            let result = try { yield from stubborn };
            yield result.is_err().into();
        };
        next(&mut g).unwrap();
        assert!(g.close().unwrap_err().is::<RuntimeError>());
    });
}

#[test]
fn a_chain_made_of_started_generators_is_resumed_and_dropped_on_a_small_stack() {
    fn around(inner: Generator<usize, usize>) -> Generator<usize, usize> {
        let mut g = generator! { yield from inner; };
        assert_eq!(
            next(&mut g).unwrap(),
            0,
            "it delegates to one that delegates"
        );
        g
    }
    on_a_small_stack(|| {
        let mut g = generator! { loop { while let Some(received) = yield 0 { yield received; } } };
        next(&mut g).unwrap();
        for _ in 0..DEEP {
            g = around(g);
        }
        assert_eq!(g.send(7).unwrap(), 7);
        drop(g);
    });
}

#[test]
fn a_chain_of_captured_generators_ends_on_a_small_stack_once_it_has_been_resumed() {
    fn chain() -> Generator<usize> {
        let innermost: Generator<usize> = generator! { yield 1; yield 2; };
        let around = |inner: Generator<usize>, _| generator! { yield from inner; };
        let mut g = (0..DEEP).fold(innermost, around);
        assert_eq!(next(&mut g).unwrap(), 1);
        g
    }
    on_a_small_stack(|| drop(chain()));
    on_a_small_stack(|| assert_eq!(chain().close().unwrap(), None));
    on_a_small_stack(|| {
        let mut g = chain();
        assert_eq!(raised(g.throw(ValueError::new("up"))), "ValueError: up");
    });
    on_a_small_stack(|| assert_eq!(chain().collect::<Vec<_>>(), [2]));
}

#[test]
fn a_panic_at_the_end_of_a_deep_chain_ends_it_on_a_small_stack() {
    fn level(depth: usize) -> Generator<usize> {
        generator! {
            if depth == 0 {
                yield 0;
                panic!("deep");
            } else if depth.is_multiple_of(2) {
                yield from level(depth - 1);
            } else {
                let mut inner = level(depth - 1);
                yield from &mut inner;
            }
        }
    }
    on_a_small_stack(|| {
        let mut g = level(DEEP);
        next(&mut g).unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| next(&mut g)));
        assert!(panicked.is_err());
        assert_eq!(g.state(), GeneratorState::Closed);
    });
}

/// What becomes of the generator around one that is lent, while the latter delegates.
#[derive(Clone, Copy, Debug)]
enum Around {
    Dropped,
    Forgotten,
    /// After an error that the innermost catches.
    Thrown,
}

#[test]
fn a_lent_generator_that_delegates_goes_on_whatever_becomes_of_the_one_around_it() {
    static KEPT: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
    for around in [Around::Dropped, Around::Forgotten, Around::Thrown] {
        let log = Log::default();
        let mut middle = outer(log.clone());
        {
            let lent = &mut middle;
            let mut g: BorrowingGenerator<'_, i32, i32> = generator! { yield from lent; };
            assert_eq!(next(&mut g).unwrap(), 1);
            assert_eq!(g.send(7).unwrap(), 2);
            match around {
                Around::Dropped => drop(g),
                // Where a sanitizer sees that it is kept.
                Around::Forgotten => KEPT.store(Box::into_raw(Box::new(g)).cast(), Relaxed),
                Around::Thrown => assert_eq!(g.throw(ValueError::new("on")).unwrap(), 3),
            }
        }
        assert_eq!(middle.state(), GeneratorState::Suspended, "{around:?}");
        if !matches!(around, Around::Thrown) {
            assert_eq!(middle.send(8).unwrap(), 3, "{around:?}");
            assert!(
                lines(&log).contains(&"received Some(8)".into()),
                "{around:?}"
            );
        }
        assert_eq!(next(&mut middle).unwrap(), 100, "{around:?}");
        assert_eq!(
            raised(next(&mut middle)),
            "StopIteration: \"after inner's\""
        );
    }
}

#[test]
fn a_lent_generator_that_delegates_can_be_lent_again_and_handed_over() {
    let log = Log::default();
    let mut middle = outer(log.clone());
    for expected in [1, 2] {
        let lent = &mut middle;
        let mut g: BorrowingGenerator<'_, i32, i32, String> = generator! {
            let mut once_more: BorrowingGenerator<'_, i32, i32, String> = generator! { yield from lent };
            yield from &mut once_more
        };
        assert_eq!(next(&mut g).unwrap(), expected);
    }
    let mut g: Generator<i32, i32, String> = generator! { yield from middle };
    assert_eq!(g.send(None).unwrap(), 3);
    assert_eq!(g.throw(ValueError::new("on")).unwrap(), 100);
    assert_eq!(raised(next(&mut g)), "StopIteration: \"after inner's\"");
}

#[test]
fn a_panic_in_what_a_lent_generator_delegates_to_ends_the_lent_one_too() {
    let panicking = |message: &'static str| -> Generator<i32> {
        generator! { yield 1; panic!("{message}") }
    };
    let mut middle: Generator<i32> = generator! { yield from panicking("deep"); };
    {
        let lent = &mut middle;
        let mut g: BorrowingGenerator<'_, i32> = generator! { yield from lent; };
        next(&mut g).unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| next(&mut g)));
        assert!(panicked.is_err());
    }
    assert_eq!(middle.state(), GeneratorState::Closed);
    assert_eq!(raised(next(&mut middle)), "StopIteration");
}

#[test]
fn a_shared_generator_takes_what_a_yield_from_passes_on() -> Result<(), Raised> {
    let log = Log::default();
    let shared = SharedGenerator::new(inner(log.clone(), 1));
    let same = shared.clone();
    let mut g: Generator<i32, i32> = generator! { yield from &same; yield from same; };
    assert_eq!(next(&mut g)?, 1);
    assert_eq!(g.send(7)?, 2);
    assert_eq!(shared.send(8).unwrap(), 3, "by its other name");
    assert_eq!(
        raised(g.send(9)),
        "RuntimeError: generator had already returned its value"
    );
    assert_eq!(
        lines(&log),
        ["received Some(7)", "received Some(8)", "received Some(9)"]
    );
    Ok(())
}

#[test]
fn a_shared_generator_that_another_name_has_closed_does_what_it_does_in_python() {
    let outer = || -> (SharedGenerator<i32, i32, i32>, Generator<i32, i32, String>) {
        let shared = SharedGenerator::new(generator! { yield 1; yield 2; 9 });
        let same = shared.clone();
        let mut outer: Generator<i32, i32, String> = generator! {
            let result = try { yield from &same };
            yield 50;
            format!("{result:?}")
        };
        next(&mut outer).unwrap();
        shared.close().unwrap();
        (shared, outer)
    };
    let (_, mut g) = outer();
    assert_eq!(g.throw(ValueError::new("x")).unwrap(), 50);
    assert_eq!(
        raised(next(&mut g)),
        "StopIteration: \"Err(ValueError: x)\""
    );
    let (_, mut g) = outer();
    assert_eq!(g.throw(GeneratorExit).unwrap(), 50);
    assert_eq!(
        raised(next(&mut g)),
        "StopIteration: \"Err(GeneratorExit)\""
    );
    let (_, mut g) = outer();
    assert_eq!(
        g.close().unwrap_err().to_string(),
        "RuntimeError: generator ignored GeneratorExit",
        "the body goes on after the exit that it has caught"
    );

    // Where Python's `yield from` gives `None`, no value of the right type is left.
    let ended = "StopIteration: \"Err(RuntimeError: generator had already returned its value)\"";
    let (_, mut g) = outer();
    assert_eq!(next(&mut g).unwrap(), 50);
    assert_eq!(raised(next(&mut g)), ended);
    let (_, mut g) = outer();
    assert_eq!(g.send(5).unwrap(), 50);
    assert_eq!(raised(next(&mut g)), ended);
    let (_, mut g) = outer();
    assert_eq!(g.throw(StopIteration::default()).unwrap(), 50);
    assert_eq!(raised(next(&mut g)), ended);
}

#[test]
fn a_shared_generator_is_closed_by_close_and_may_be_resumed_by_another_name_if_it_ignores_that() {
    let shared: SharedGenerator<i32> = SharedGenerator::new(generator! {
        let _ignored = try { yield 1 };
        yield 2;
        yield 3;
    });
    let same = shared.clone();
    let mut g: Generator<i32> = generator! { yield from same; };
    next(&mut g).unwrap();
    assert_eq!(
        g.close().unwrap_err().to_string(),
        "RuntimeError: generator ignored GeneratorExit"
    );
    assert_eq!(g.state(), GeneratorState::Closed);
    assert_eq!(shared.send(None).unwrap(), 3);
}
