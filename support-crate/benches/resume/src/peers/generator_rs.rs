//! generator-rs, which gives each coroutine a stack of its own and has a `yield_from`.

use generator::{Generator, Gn, done};

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, repeated, resumed, ten};

type Stackful = Generator<'static, u64, u64>;

impl Resume for Stackful {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        self.raw_send(Some(argument))
    }

    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.raw_send(None)
    }
}

fn total() -> Stackful {
    Gn::new_scoped(|mut scope| {
        let mut sum: u64 = 0;
        loop {
            sum = sum.wrapping_add(scope.yield_(sum).unwrap_or(0));
        }
    })
}

fn steps() -> Stackful {
    Gn::new_scoped(|mut scope| {
        for step in 0..TEN {
            scope.yield_(step);
        }
        done!()
    })
}

fn delegated(depth: u32) -> Stackful {
    match depth {
        0 => total(),
        _ => Gn::new_scoped(move |mut scope| {
            scope.yield_from(delegated(depth - 1));
            done!()
        }),
    }
}

fn stage(mut inner: Stackful) -> Stackful {
    Gn::new_scoped(move |mut scope| {
        let mut argument = None;
        while let Some(value) = inner.raw_send(argument) {
            argument = scope.yield_(value.wrapping_add(1));
        }
        done!()
    })
}

pub const GENERATOR_RS: Subject = Subject {
    resume: |times| resumed(total(), times),
    cycle: |times| repeated(times, || drained(steps())),
    yield_from: Some(|depth, times| resumed(delegated(depth), times)),
    pipeline: |times| resumed(ten!(stage, total()), times),
    alive: |count| held(count, total),
    most_alive: 10_000,
    ..Subject::named("generator-rs")
};
