//! fauxgen, whose generators are pinned on the stack.

use std::pin::{Pin, pin};

use fauxgen::{Generator, GeneratorState};

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held_in_place, repeated, resumed, ten};

trait Body: Generator<u64, Yield = u64, Return = ()> {}
impl<G: Generator<u64, Yield = u64, Return = ()>> Body for G {}

struct Fauxgen<'a, G>(Pin<&'a mut G>);

impl<G: Body> Resume for Fauxgen<'_, G> {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        match self.0.as_mut().resume(argument) {
            GeneratorState::Yielded(value) => Some(value),
            GeneratorState::Complete(()) => None,
        }
    }
}

#[fauxgen::generator(yield = u64, arg = u64)]
fn total() {
    let mut sum: u64 = argument!();
    loop {
        sum = sum.wrapping_add(r#yield!(sum));
    }
}

#[fauxgen::generator(yield = u64, arg = u64)]
fn steps() {
    for step in 0..TEN {
        r#yield!(step);
    }
}

#[fauxgen::generator(yield = u64, arg = u64)]
fn stage(inner: impl Body) {
    let mut argument = argument!();
    let mut inner = pin!(inner);
    while let GeneratorState::Yielded(value) = inner.as_mut().resume(argument) {
        argument = r#yield!(value.wrapping_add(1));
    }
}

pub const FAUXGEN: Subject = Subject {
    resume: |times| resumed(Fauxgen(pin!(total())), times),
    cycle: |times| repeated(times, || drained(Fauxgen(pin!(steps())))),
    pipeline: |times| resumed(Fauxgen(pin!(ten!(stage, total()))), times),
    alive: |count| {
        held_in_place(count, total, |it| {
            it.resume(0);
        })
    },
    ..Subject::named("fauxgen")
};
