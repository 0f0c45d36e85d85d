//! The compiler's own coroutines, which are unstable.

use std::ops::{Coroutine, CoroutineState, DerefMut};
use std::pin::{Pin, pin};

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, held_in_place, repeated, resumed, ten};

trait Body: Coroutine<u64, Yield = u64, Return = ()> {}
impl<C: Coroutine<u64, Yield = u64, Return = ()>> Body for C {}

type Boxed = Pin<Box<dyn Coroutine<u64, Yield = u64, Return = ()>>>;

struct Native<P>(Pin<P>);

impl<P: DerefMut<Target: Coroutine<u64, Yield = u64, Return = ()>>> Resume for Native<P> {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        match self.0.as_mut().resume(argument) {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(()) => None,
        }
    }
}

fn total() -> impl Body {
    #[coroutine]
    |first: u64| {
        let mut sum = first;
        loop {
            sum = sum.wrapping_add(yield sum);
        }
    }
}

fn steps() -> impl Body {
    #[coroutine]
    |_: u64| {
        for step in 0..TEN {
            yield step;
        }
    }
}

fn stage(inner: impl Body) -> impl Body {
    #[coroutine]
    static move |mut argument: u64| {
        let mut inner = pin!(inner);
        while let CoroutineState::Yielded(value) = inner.as_mut().resume(argument) {
            argument = yield value.wrapping_add(1);
        }
    }
}

fn boxed_stage(mut inner: Boxed) -> Boxed {
    Box::pin(
        #[coroutine]
        static move |mut argument: u64| {
            while let CoroutineState::Yielded(value) = inner.as_mut().resume(argument) {
                argument = yield value.wrapping_add(1);
            }
        },
    )
}

/// The compiler has no `yield from`; a loop at each level stands for it.
fn delegated(depth: u32) -> Boxed {
    if depth == 0 {
        return Box::pin(total());
    }
    let mut inner = delegated(depth - 1);
    Box::pin(
        #[coroutine]
        static move |mut argument: u64| {
            while let CoroutineState::Yielded(value) = inner.as_mut().resume(argument) {
                argument = yield value;
            }
        },
    )
}

pub const UNBOXED: Subject = Subject {
    resume: |times| resumed(Native(pin!(total())), times),
    cycle: |times| repeated(times, || drained(Native(pin!(steps())))),
    pipeline: |times| resumed(Native(pin!(ten!(stage, total()))), times),
    alive: |count| {
        held_in_place(count, total, |it| {
            it.resume(0);
        })
    },
    ..Subject::named("native-unboxed")
};

pub const BOXED: Subject = Subject {
    resume: |times| resumed(Native(Box::pin(total()) as Boxed), times),
    cycle: |times| repeated(times, || drained(Native(Box::pin(steps()) as Boxed))),
    yield_from: Some(|depth, times| resumed(Native(delegated(depth)), times)),
    pipeline: |times| resumed(Native(ten!(boxed_stage, Box::pin(total()))), times),
    alive: |count| held(count, || Native(Box::pin(total()) as Boxed)),
    ..Subject::named("native-boxed")
};
