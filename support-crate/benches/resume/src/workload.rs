//! What every subject is made to do.

use std::fmt;
use std::hint::black_box;
use std::pin::Pin;
use std::time::{Duration, Instant};

use memory_stats::memory_stats;

/// One thing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// One resumption, with a `u64` in each direction.
    Resume,
    /// Creating a coroutine that yields ten times, running it to its end, and dropping it.
    Cycle,
    /// One resumption of the innermost coroutine, through this many that delegate to it.
    YieldFrom(u32),
    /// One resumption of ten coroutines, each of which resumes the one before it and adds 1.
    Pipeline,
    /// Many suspended coroutines at once.
    Alive,
}

impl Workload {
    /// The workloads that are timed.
    pub const TIMED: [Self; 6] = [
        Self::Resume,
        Self::Cycle,
        Self::YieldFrom(1),
        Self::YieldFrom(10),
        Self::YieldFrom(100),
        Self::Pipeline,
    ];
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resume => f.write_str("resume"),
            Self::Cycle => f.write_str("cycle"),
            Self::YieldFrom(depth) => write!(f, "yield-from-{depth}"),
            Self::Pipeline => f.write_str("pipeline"),
            Self::Alive => f.write_str("alive"),
        }
    }
}

/// How many resumptions a cycle has values for, and how many stages the pipeline has.
pub const TEN: u64 = 10;

/// What a coroutine of every subject can do. `resume` gives `None` once the coroutine has ended.
pub trait Resume {
    fn resume(&mut self, argument: u64) -> Option<u64>;

    /// Resumes without a value, where the subject knows the difference.
    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.resume(0)
    }
}

impl<R: Resume + ?Sized> Resume for &mut R {
    #[inline]
    fn resume(&mut self, argument: u64) -> Option<u64> {
        R::resume(self, argument)
    }

    #[inline]
    fn next(&mut self) -> Option<u64> {
        R::next(self)
    }
}

/// What came of a timed workload.
pub struct Outcome {
    /// What all subjects must agree on.
    pub seen: u64,
    pub took: Duration,
}

fn timed(work: impl FnOnce() -> u64) -> Outcome {
    let start = Instant::now();
    let seen = black_box(work());
    let took = start.elapsed();
    Outcome { seen, took }
}

// `black_box` hides from the compiler which body stands behind a `Box<dyn …>`, and in which of its
// states a pinned one is.

/// Starts the subject, then times `times` resumptions.
pub fn resumed(subject: impl Resume, times: u64) -> Outcome {
    let mut subject = black_box(subject);
    subject.next();
    timed(|| {
        let mut seen = 0;
        for argument in 0..times {
            if let Some(value) = subject.resume(black_box(argument)) {
                seen ^= value;
            }
        }
        seen
    })
}

/// Runs the subject to its end.
#[inline]
pub fn drained(subject: impl Resume) -> u64 {
    let mut subject = black_box(subject);
    let mut seen = 0;
    while let Some(value) = subject.next() {
        seen += black_box(value);
    }
    seen
}

/// Times the creating, running and dropping of `times` coroutines.
pub fn repeated(times: u64, cycle: impl Fn() -> u64) -> Outcome {
    timed(|| (0..times).map(|_| cycle()).sum())
}

/// Holds `count` started coroutines at once, and gives the bytes that each takes.
pub fn held<R: Resume>(count: u64, make: impl Fn() -> R) -> u64 {
    bytes_each(count, || {
        let started = |_| {
            let mut subject = make();
            subject.next();
            subject
        };
        (0..count).map(started).collect::<Vec<_>>()
    })
}

/// Does the same with coroutines that must not move once they are started.
pub fn held_in_place<T>(count: u64, make: impl Fn() -> T, start: impl Fn(Pin<&mut T>)) -> u64 {
    bytes_each(count, || {
        let mut places: Box<[T]> = (0..count).map(|_| make()).collect();
        for place in &mut places {
            // SAFETY: nothing moves out of the slice before it is dropped in place.
            start(unsafe { Pin::new_unchecked(place) });
        }
        places
    })
}

/// By how many bytes the process has grown, for each of `count` coroutines.
pub fn bytes_each<T>(count: u64, hold: impl FnOnce() -> T) -> u64 {
    let resident = || memory_stats().map_or(0, |it| it.physical_mem as u64);
    let before = resident();
    let held = black_box(hold());
    let after = resident();
    drop(held);
    (after - before) / count
}

/// Puts `$stage(…)` ten times around `$inner`.
macro_rules! ten {
    ($stage:path, $inner:expr) => {{
        use $stage as stage;
        stage(stage(stage(stage(stage(stage(stage(stage(stage(
            stage($inner),
        )))))))))
    }};
}
pub(crate) use ten;
