//! genawaiter in its three flavours.

use std::future::Future;
use std::pin::Pin;

use genawaiter::GeneratorState;

use crate::subject::Subject;
use crate::workload::{Resume, TEN, drained, held, repeated, resumed, ten};

/// Implements the workloads for a flavour, since the flavours differ only in their types. A generator of
/// genawaiter drops the argument of its first resumption.
macro_rules! bodies {
    ($Co:ty, $Gen:ty) => {
        impl<F: Future<Output = ()>> Resume for $Gen {
            #[inline]
            fn resume(&mut self, argument: u64) -> Option<u64> {
                match self.resume_with(argument) {
                    GeneratorState::Yielded(value) => Some(value),
                    GeneratorState::Complete(()) => None,
                }
            }
        }

        async fn total(co: $Co) {
            let mut sum: u64 = 0;
            loop {
                sum = sum.wrapping_add(co.yield_(sum).await);
            }
        }

        async fn steps(co: $Co) {
            for step in 0..TEN {
                co.yield_(step).await;
            }
        }

        async fn stage(co: $Co, mut inner: impl Resume) {
            let mut reached = inner.next();
            while let Some(value) = reached {
                reached = inner.resume(co.yield_(value.wrapping_add(1)).await);
            }
        }
    };
}

macro_rules! on_the_heap {
    ($flavour:ident, $name:literal, $boxed_name:literal) => {
        pub mod $flavour {
            use super::*;
            use genawaiter::$flavour::{Co, Gen};

            bodies!(Co<u64, u64>, Gen<u64, u64, F>);

            fn staged(inner: impl Resume) -> impl Resume {
                Gen::new(|co| stage(co, inner))
            }

            pub const SUBJECT: Subject = Subject {
                resume: |times| resumed(Gen::new(total), times),
                cycle: |times| repeated(times, || drained(Gen::new(steps))),
                pipeline: |times| resumed(ten!(staged, Gen::new(total)), times),
                alive: |count| held(count, || Gen::new(total)),
                ..Subject::named($name)
            };

            type Boxed = Gen<u64, u64, Pin<Box<dyn Future<Output = ()>>>>;

            fn boxed<F: Future<Output = ()> + 'static>(body: impl FnOnce(Co<u64, u64>) -> F) -> Boxed {
                Gen::new(|co| Box::pin(body(co)) as _)
            }

            fn staged_boxed(inner: Boxed) -> Boxed {
                boxed(|co| stage(co, inner))
            }

            /// A generator whose type can be named, as ours can: the body stands behind a `Box<dyn Future>`.
            pub const BOXED: Subject = Subject {
                resume: |times| resumed(boxed(total), times),
                cycle: |times| repeated(times, || drained(boxed(steps))),
                pipeline: |times| resumed(ten!(staged_boxed, boxed(total)), times),
                alive: |count| held(count, || boxed(total)),
                ..Subject::named($boxed_name)
            };
        }
    };
}
on_the_heap!(rc, "genawaiter-rc", "genawaiter-rc-boxed");
on_the_heap!(sync, "genawaiter-sync", "genawaiter-sync-boxed");

pub mod stack {
    use super::*;
    use crate::workload::bytes_each;
    use genawaiter::stack::{Co, Gen, Shelf, let_gen_using};

    bodies!(Co<'_, u64, u64>, Gen<'_, u64, u64, F>);

    pub const SUBJECT: Subject = Subject {
        resume: |times| {
            let_gen_using!(it, total);
            resumed(it, times)
        },
        cycle: |times| {
            repeated(times, || {
                let_gen_using!(it, steps);
                drained(it)
            })
        },
        pipeline: |times| {
            let_gen_using!(it, total);
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            let_gen_using!(it, |co| stage(co, it));
            resumed(it, times)
        },
        alive: |count| {
            bytes_each(count, || {
                let shelves = Vec::leak((0..count).map(|_| Shelf::new()).collect());
                let started = |shelf| {
                    // SAFETY: `total` never ends, so its `Co` stays inside.
                    let mut it = unsafe { Gen::new(shelf, total) };
                    it.next();
                    it
                };
                shelves.iter_mut().map(started).collect::<Vec<_>>()
            })
        },
        ..Subject::named("genawaiter-stack")
    };
}
