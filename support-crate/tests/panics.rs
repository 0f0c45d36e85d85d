//! A panic in the body reaches the resumer and leaves the generator ended.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

use hitchhiker::coroutine::*;

/// The message with which `resume` panics.
fn panicked<T>(resume: impl FnOnce() -> T) -> &'static str {
    let Err(payload) = catch_unwind(AssertUnwindSafe(resume)) else {
        panic!("it did not panic")
    };
    payload.downcast_ref::<&'static str>().unwrap()
}

#[test]
fn panic_in_the_body_reaches_the_resumer_and_ends_the_generator() {
    let local = Arc::new(());
    let held = local.clone();
    let mut g: Generator<i32> = generator! {
        let _held = held;
        yield 1;
        panic!("don't");
    };
    next(&mut g).unwrap();
    assert_eq!(panicked(|| next(&mut g)), "don't");
    assert_eq!(Arc::strong_count(&local), 1);
    assert_eq!(g.state(), GeneratorState::Closed);
    assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
}

#[test]
fn panic_before_the_first_yield_ends_the_generator() {
    let mut g: Generator<i32> = generator! {
        if true { panic!("don't") }
        yield 1;
    };
    assert_eq!(panicked(|| next(&mut g)), "don't");
    assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
}

#[test]
fn panic_of_a_destructor_in_the_body_ends_the_generator() {
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("broken");
        }
    }
    let mut g: Generator<i32> = generator! {
        {
            let _fragile = Fragile;
            yield 1;
        }
        yield 2;
    };
    next(&mut g).unwrap();
    assert_eq!(panicked(|| next(&mut g)), "broken");
    assert_eq!(g.state(), GeneratorState::Closed);
}

#[test]
fn a_typed_coroutine_that_panicked_panics_when_it_is_resumed_again() {
    let mut c = Box::pin(coroutine!(|first: i32| {
        yield first;
        panic!("don't");
    }));
    let _ = c.as_mut().resume(1);
    assert_eq!(panicked(|| c.as_mut().resume(2)), "don't");
    assert!(catch_unwind(AssertUnwindSafe(|| c.as_mut().resume(3))).is_err());
}

#[test]
fn an_argument_that_no_yield_waits_for_panics_at_the_next_one() {
    macro_rules! awaited {
        ($future:expr) => {
            $future.await // the macro cannot see it
        };
    }
    let mut is_ready = false;
    let mut c = Box::pin(coroutine!(|_: i32| {
        awaited!(std::future::poll_fn(|_| {
            match std::mem::replace(&mut is_ready, true) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
        yield 1;
    }));
    let in_vain = "a body awaited a future; only `yield` may suspend it";
    assert_eq!(panicked(|| c.as_mut().resume(1)), in_vain);
    assert_eq!(panicked(|| c.as_mut().resume(2)), in_vain);
}
