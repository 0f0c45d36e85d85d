//! What a destructor does while generators are closed or dropped touches nothing that is freed: it may
//! panic, and resume a generator that is lent.
#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

use hitchhiker::coroutine::*;
use hitchhiker::trace::Trace;

/// A local of each body. It says that it is dropped.
struct Local(&'static str, Arc<Mutex<Vec<&'static str>>>);

impl Drop for Local {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("boom");
        }
    }
}

fn panicked<T>(act: impl FnOnce() -> T) -> &'static str {
    let Err(payload) = catch_unwind(AssertUnwindSafe(act)) else {
        panic!("it did not panic")
    };
    payload.downcast_ref::<&'static str>().unwrap()
}

fn deep(log: Arc<Mutex<Vec<&'static str>>>) -> Generator<i32> {
    generator! {
        let _local = Local("deep", log);
        yield 1;
    }
}

/// Ignores `GeneratorExit`, by a `yield from`, with a local whose destructor panics.
fn inner(log: Arc<Mutex<Vec<&'static str>>>) -> Generator<i32> {
    generator! {
        let _local = Local("inner", log.clone());
        let _bomb = Bomb;
        if (try { yield 0 }).is_err() {
            yield from deep(log);
        }
    }
}

fn outer(inner: Generator<i32>, log: Arc<Mutex<Vec<&'static str>>>) -> Generator<i32> {
    generator! {
        let _local = Local("outer", log);
        yield from inner;
    }
}

#[test]
fn a_panic_while_close_ends_a_generator_that_has_ignored_it_ends_all_around_it() {
    let log = Arc::new(Mutex::new(vec![]));
    let mut g = outer(outer(inner(log.clone()), log.clone()), log.clone());
    next(&mut g).unwrap();
    assert_eq!(panicked(|| g.close()), "boom");
    assert_eq!(*log.lock().unwrap(), ["deep", "inner", "outer", "outer"]);
    assert_eq!(g.state(), GeneratorState::Closed);
    assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
}

#[test]
fn a_panic_while_a_traced_generator_ends_what_has_ignored_generator_exit_ends_all_around_it() {
    let log = Arc::new(Mutex::new(vec![]));
    let trace = Trace::new();
    let traced = trace.generator("traced", outer(inner(log.clone()), log.clone()));
    let mut g = outer(traced, log.clone());
    next(&mut g).unwrap();
    assert_eq!(panicked(|| g.throw(GeneratorExit)), "boom");
    assert_eq!(*log.lock().unwrap(), ["deep", "inner", "outer", "outer"]);
    assert_eq!(g.state(), GeneratorState::Closed);
}

#[test]
fn a_panic_while_a_chain_is_dropped_drops_the_rest_of_it_once() {
    let log = Arc::new(Mutex::new(vec![]));
    let mut g = outer(outer(inner(log.clone()), log.clone()), log.clone());
    next(&mut g).unwrap();
    assert_eq!(panicked(|| drop(g)), "boom");
    assert_eq!(*log.lock().unwrap(), ["inner", "outer", "outer"]);
}

#[test]
fn a_panic_of_a_destructor_in_a_deep_chain_ends_it_on_a_small_stack() {
    fn level(depth: usize) -> Generator<usize> {
        generator! {
            match depth {
                0 => loop { let _ignored = try { yield 0 }; },
                1 => {
                    let _bomb = Bomb;
                    yield from level(0);
                }
                _ => yield from level(depth - 1),
            }
        }
    }
    let run = || {
        let depth = if cfg!(miri) { 100 } else { 100_000 };
        let mut g = level(depth);
        next(&mut g).unwrap();
        assert_eq!(panicked(|| drop(g)), "boom");

        let ignores: Generator<usize> = generator! {
            let _ignored = try { yield 1 };
            yield from level(depth);
        };
        let mut g: Generator<usize> = generator! { yield from ignores; };
        next(&mut g).unwrap();
        assert_eq!(panicked(|| g.close()), "boom");
    };
    let small = thread::Builder::new().stack_size(256 << 10);
    small.spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_destructor_may_resume_a_generator_that_was_lent_while_those_around_it_are_ended() {
    struct Resumes<'a, 'b>(&'a mut BorrowingGenerator<'b, i32>, &'a mut Vec<i32>);
    impl Drop for Resumes<'_, '_> {
        fn drop(&mut self) {
            self.1.extend(next(self.0));
            if !thread::panicking() {
                panic!("boom");
            }
        }
    }
    fn counting() -> BorrowingGenerator<'static, i32> {
        generator! { for x in 0.. { yield x; } }
    }
    let mut lent: BorrowingGenerator<'_, i32> = generator! { yield from counting(); };
    let mut seen = vec![];
    {
        let resumes = Resumes(&mut lent, &mut seen);
        let ignores: BorrowingGenerator<'_, i32> = generator! {
            let resumes = resumes;
            if (try { yield -1 }).is_err() {
                yield from &mut *resumes.0;
            }
        };
        let mut g: BorrowingGenerator<'_, i32> = generator! { yield from ignores; };
        next(&mut g).unwrap();
        assert_eq!(panicked(|| g.close()), "boom");
        assert_eq!(g.state(), GeneratorState::Closed);
    }
    assert_eq!(seen, [1]);
    assert_eq!(next(&mut lent).unwrap(), 2);
}

#[test]
fn a_value_that_panics_when_it_is_dropped_in_favour_of_generator_exit_ends_all() {
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            if !thread::panicking() {
                panic!("boom");
            }
        }
    }
    fn returns() -> Generator<i32, (), Fragile> {
        generator! {
            let _exit = try { yield 1 };
            Fragile
        }
    }
    let mut g: Generator<i32> = generator! {
        let _value = yield from returns();
        yield 2;
    };
    next(&mut g).unwrap();
    assert_eq!(panicked(|| g.close()), "boom");
    assert_eq!(g.state(), GeneratorState::Closed);
}

#[test]
fn a_value_that_is_yielded_in_spite_of_close_may_panic_when_it_is_dropped() {
    fn ignores() -> Generator<Option<Bomb>> {
        generator! {
            let _exit = try { yield None };
            yield Some(Bomb);
        }
    }
    let mut g: Generator<Option<Bomb>> = generator! { yield from ignores(); };
    assert!(next(&mut g).is_ok_and(|value| value.is_none()));
    assert_eq!(panicked(|| g.close()), "boom");
    assert_eq!(g.state(), GeneratorState::Closed);
}
