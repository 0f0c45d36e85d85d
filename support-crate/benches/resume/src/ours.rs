//! This crate's coroutines in three layers: pinned on the stack, boxed, and with Python's words.

use std::ops::DerefMut;
use std::pin::{Pin, pin};

use hitchhiker::coroutine::{Coroutine, CoroutineState, Generator, coroutine, generator, next};

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, held_in_place, repeated, resumed, ten};

trait Body: Coroutine<u64, Yield = u64, Return = ()> {}
impl<C: Coroutine<u64, Yield = u64, Return = ()>> Body for C {}

type Boxed = Pin<Box<dyn Coroutine<u64, Yield = u64, Return = ()>>>;

struct Ours<P>(Pin<P>);

impl<P: DerefMut<Target: Coroutine<u64, Yield = u64, Return = ()>>> Resume for Ours<P> {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        match self.0.as_mut().resume(argument) {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(()) => None,
        }
    }
}

fn total() -> impl Body {
    coroutine!(|first: u64| {
        let mut sum = first;
        loop {
            sum = sum.wrapping_add(yield sum);
        }
    })
}

fn steps() -> impl Body {
    coroutine!(|_: u64| for step in 0..TEN {
        yield step;
    })
}

fn stage(inner: impl Body) -> impl Body {
    coroutine!(|mut argument: u64| {
        let mut inner = pin!(inner);
        while let CoroutineState::Yielded(value) = inner.as_mut().resume(argument) {
            argument = yield value.wrapping_add(1);
        }
    })
}

fn boxed_stage(mut inner: Boxed) -> Boxed {
    Box::pin(coroutine!(|mut argument: u64| {
        while let CoroutineState::Yielded(value) = inner.as_mut().resume(argument) {
            argument = yield value.wrapping_add(1);
        }
    }))
}

pub const PINNED: Subject = Subject {
    resume: |times| resumed(Ours(pin!(total())), times),
    cycle: |times| repeated(times, || drained(Ours(pin!(steps())))),
    pipeline: |times| resumed(Ours(pin!(ten!(stage, total()))), times),
    alive: |count| {
        held_in_place(count, total, |it| {
            it.resume(0);
        })
    },
    ..Subject::named("ours-pinned")
};

pub const BOXED: Subject = Subject {
    resume: |times| resumed(Ours(Box::pin(total()) as Boxed), times),
    cycle: |times| repeated(times, || drained(Ours(Box::pin(steps()) as Boxed))),
    pipeline: |times| resumed(Ours(ten!(boxed_stage, Box::pin(total()))), times),
    alive: |count| held(count, || Ours(Box::pin(total()) as Boxed)),
    ..Subject::named("ours-boxed")
};

impl Resume for Generator<u64, u64> {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        self.send(argument).ok()
    }

    #[inline]
    fn next(&mut self) -> Option<u64> {
        next(self).ok()
    }
}

mod python {
    use super::*;

    pub fn total() -> Generator<u64, u64> {
        generator! {
            let mut sum: u64 = 0;
            loop {
                sum = sum.wrapping_add((yield sum).unwrap_or(0));
            }
        }
    }

    pub fn steps() -> Generator<u64, u64> {
        generator! {
            for step in 0..TEN {
                yield step;
            }
        }
    }

    pub fn delegated(depth: u32) -> Generator<u64, u64> {
        match depth {
            0 => total(),
            _ => generator! { yield from delegated(depth - 1); },
        }
    }

    pub fn stage(mut inner: Generator<u64, u64>) -> Generator<u64, u64> {
        generator! {
            let mut received = None;
            while let Ok(value) = inner.send(received) {
                received = yield value.wrapping_add(1);
            }
        }
    }
}

pub const PYTHON_LAYER: Subject = Subject {
    resume: |times| resumed(python::total(), times),
    cycle: |times| repeated(times, || drained(python::steps())),
    yield_from: Some(|depth, times| resumed(python::delegated(depth), times)),
    pipeline: |times| resumed(ten!(python::stage, python::total()), times),
    alive: |count| held(count, python::total),
    ..Subject::named("ours-python")
};
