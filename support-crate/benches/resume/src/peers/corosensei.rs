//! corosensei, which gives each coroutine a stack of its own.

use corosensei::{Coroutine, CoroutineResult};

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, repeated, resumed, ten};

type Stackful = Coroutine<u64, u64, ()>;

impl Resume for Stackful {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        Coroutine::resume(self, argument).as_yield()
    }
}

fn total() -> Stackful {
    Coroutine::new(|yielder, first| {
        let mut sum: u64 = first;
        loop {
            sum = sum.wrapping_add(yielder.suspend(sum));
        }
    })
}

fn steps() -> Stackful {
    Coroutine::new(|yielder, _| {
        for step in 0..TEN {
            yielder.suspend(step);
        }
    })
}

fn stage(mut inner: Stackful) -> Stackful {
    Coroutine::new(move |yielder, mut argument| {
        while let CoroutineResult::Yield(value) = inner.resume(argument) {
            argument = yielder.suspend(value.wrapping_add(1));
        }
    })
}

pub const COROSENSEI: Subject = Subject {
    resume: |times| resumed(total(), times),
    cycle: |times| repeated(times, || drained(steps())),
    pipeline: |times| resumed(ten!(stage, total()), times),
    alive: |count| held(count, total),
    most_alive: 10_000,
    ..Subject::named("corosensei")
};
