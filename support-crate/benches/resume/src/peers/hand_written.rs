//! The state machines that a patient person would write.

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, repeated, resumed, ten};

#[derive(Clone, Copy)]
struct Total {
    sum: u64,
}

impl Resume for Total {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        self.sum = self.sum.wrapping_add(argument);
        Some(self.sum)
    }
}

struct Steps {
    next: u64,
}

impl Resume for Steps {
    #[inline]
    fn resume(&mut self, _: u64) -> Option<u64> {
        if self.next == TEN {
            return None;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}

struct Stage<R>(R);

impl<R: Resume> Resume for Stage<R> {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        Some(self.0.resume(argument)?.wrapping_add(1))
    }
}

pub const HAND_WRITTEN: Subject = Subject {
    resume: |times| resumed(&mut Total { sum: 0 }, times),
    cycle: |times| repeated(times, || drained(&mut Steps { next: 0 })),
    pipeline: |times| resumed(&mut ten!(Stage, Total { sum: 0 }), times),
    alive: |count| held(count, || Total { sum: 0 }),
    ..Subject::named("hand-written")
};
