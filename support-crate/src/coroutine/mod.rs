//! A generator that also takes values: PEP 342 on stable Rust.
//!
//! # Three flows of data
//!
//! ```text
//!                     S   send(v), next(), throw(e)
//!            caller ─────────────────────────────▶ body
//!            caller ◀───────────────────────────── body
//!                     Y   yield v                    │
//!            caller ◀────────────────────────────────┘
//!                     T   return v, or an error
//! ```
//!
//! A body *yields* any number of `Y`, *receives* one `S` for each resumption but the first, and
//! *returns* one `T`. [`Generator<Y, S, T>`](Generator) is that body, stopped at one of its
//! `yield`s, waiting in a value that you can name, move and keep.
//!
//! ```
//! use hitchhiker::coroutine::*;
//!
//! fn average() -> Generator<f64, f64, usize> {
//!     generator! {
//!         let (mut sum, mut count) = (0.0, 0);
//!         let mut mean = 0.0;
//!         while let Some(number) = yield mean {
//!             sum += number;
//!             count += 1;
//!             mean = sum / count as f64;
//!         }
//!         count
//!     }
//! }
//!
//! let mut coro = average();
//! next(&mut coro)?; // run to the first `yield`
//! assert_eq!(coro.send(10.0)?, 10.0);
//! assert_eq!(coro.send(30.0)?, 20.0);
//! let Err(Raised::StopIteration(stop)) = coro.send(None) else { panic!("one more value") };
//! assert_eq!(stop.value, Some(2));
//! # Ok::<(), Raised<usize>>(())
//! ```
//!
//! # Python's words and ours
//!
//! | Python | here |
//! |---|---|
//! | `def g(): … yield x …` | `fn g() -> Generator<Y, S, T> { generator! { … yield x … } }` |
//! | `received = yield x` | `let received = yield x;`, an `Option<S>`: `None` after [`next`] |
//! | `next(g)` | [`next(&mut g)`](next) |
//! | `g.send(v)`, `g.send(None)` | [`g.send(v)`](Generator::send), `g.send(None)` |
//! | `g.throw(e)`, `g.close()` | [`g.throw(e)`](Generator::throw), [`g.close()`](Generator::close) |
//! | `for x in g():` | `for x in g()` |
//! | `return v` | `return v`, or `v` as the last expression |
//! | `raise e` | `Err(e)?` |
//! | `StopIteration.value` | [`StopIteration::value`] |
//! | `yield from inner` | `yield from inner` |
//! | `try: x = yield y` / `except ValueError:` | `match try { yield y } { Ok(x) => …, Err(e) if e.is::<ValueError>() => …, other => other? }` |
//! | `async def g(): … yield x …` | [`async_generator!`](async_generator), an [`AsyncGenerator`] |
//! | several names for one generator | [`SharedGenerator`] |
//! | `inspect.getgeneratorstate(g)` | [`g.state()`](Generator::state) |
//!
//! A resumption answers `Result<Y, Raised<T>>`: the value of the `yield` reached, or what was
//! raised instead. `?` passes that on, and `{}` prints it as the last line of a Python traceback.
//!
//! # Guarantees
//!
//! - A generator that has returned, failed or panicked answers [`StopIteration`] for ever after,
//!   and its body has been dropped (`tests/generator.rs`).
//! - Dropping or closing a suspended generator runs the destructors of its locals, once
//!   (`tests/generator.rs`, `tests/async_generator.rs`).
//! - An error that leaves the body during a `for` loop is never swallowed: the loop panics with
//!   it. [`Generator::results`] gives it as a value instead (`tests/generator.rs`).
//! - A resumption allocates nothing; a creation allocates once, and not at all below the Python
//!   layer (`tests/allocations.rs`).
//! - A `yield` that is not the body's own does not compile, nor does a reference to a local that is
//!   yielded (`tests/ui`).
//! - Whatever a program does with generators, it does as in Python, but for what is said below
//!   (`tests/differential`, `tests/cpython_*.rs`).
//!
#![doc = include_str!("python.md")]

mod async_generator;
mod contract;
mod delegate;
mod exception;
mod generator;
mod machine;
mod shared;

pub use async_generator::{AsyncBody, AsyncGenerator, AsyncRaised, LocalAsyncGenerator, anext};
pub use contract::{Coroutine, CoroutineState};
pub use exception::{
    AttributeError, Exception, GeneratorExit, Raised, RuntimeError, StopIteration, TypeError,
    ValueError,
};
pub use generator::{
    Body, BorrowingGenerator, Generator, GeneratorState, LocalGenerator, Results, Sent, next,
};
pub use hitchhiker_macros::{async_generator, coroutine, generator};
pub use shared::SharedGenerator;

/// What the macros expand to. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use super::delegate::{IterateInto, Source};
    pub use super::exception::or_exception;
    pub use super::generator::Resumption;
    pub use super::machine::{AwaitedInBody, Machine, Yielder, never};
}
