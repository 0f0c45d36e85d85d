//! A future that the body awaits may replace the `Context` it is polled with: the `yield` after it
//! panics, and touches nothing.
#![forbid(unsafe_code)]

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};

use hitchhiker::coroutine::*;

const REPLACED: &str = "a future that the body awaited replaced the body's `Context`";

fn panicked<T>(resume: impl FnOnce() -> T) -> &'static str {
    let Err(payload) = catch_unwind(AssertUnwindSafe(resume)) else {
        panic!("it did not panic")
    };
    payload.downcast_ref::<&'static str>().unwrap()
}

/// Puts a context with another waker in the place of the body's.
macro_rules! replaced {
    ($waker:expr) => {
        poll_fn(|context| {
            *context = Context::from_waker($waker);
            Poll::Ready(())
        })
        .await
    };
}

#[test]
fn a_yield_after_a_context_with_another_waker_panics() {
    struct Idle;
    impl Wake for Idle {
        fn wake(self: Arc<Self>) {}
    }
    // Kept, for a waker points into its `Arc`, where LeakSanitizer does not look for the way to it.
    static IDLE: LazyLock<Arc<Idle>> = LazyLock::new(|| Arc::new(Idle));
    static WAKER: LazyLock<Waker> = LazyLock::new(|| Waker::from(IDLE.clone()));
    let waker: &'static Waker = &WAKER;
    let mut g: AsyncGenerator<[usize; 2], &'static str> = async_generator! {
        replaced!(waker);
        yield [0x1111, 0x2222];
    };
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(
        panicked(|| pin!(anext(&mut g)).poll(&mut context).is_ready()),
        REPLACED
    );
}

#[test]
fn a_yield_of_a_generator_panics_likewise() {
    let mut g: Generator<i32> = generator! { replaced!(Waker::noop()); yield 1; };
    assert_eq!(panicked(|| next(&mut g)), REPLACED);
}

#[test]
fn a_yield_from_panics_likewise() {
    let mut g: Generator<i32> = generator! { replaced!(Waker::noop()); yield from [1]; };
    assert_eq!(panicked(|| next(&mut g)), REPLACED);
}

#[test]
fn a_yield_of_a_coroutine_panics_likewise() {
    let mut c = pin!(coroutine!(|_: ()| {
        replaced!(Waker::noop());
        yield 1;
    }));
    assert_eq!(panicked(|| c.as_mut().resume(())), REPLACED);
}
