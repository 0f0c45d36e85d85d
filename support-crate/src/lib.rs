//! Coroutines in Python's words on stable Rust, and the flags they download: the support crate of
//! *The Hitchhiker's Guide to Coroutines, in Rust*.
//!
//! # Three flows of data
//!
#![doc = include_str!("flows.svg")]
//!
//! A body *yields* any number of `Y`, *receives* one `S` for each resumption but the first, and
//! *returns* one `T`. A [`Generator<Y, S, T>`](coroutine::Generator) is such a body, waiting at one
//! of its `yield`s in a value that you can name, move and keep:
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
//! | `received = yield x` | `let received = yield x;`, an `Option<S>`: `None` after `next` |
//! | `next(g)` | [`next(&mut g)`](coroutine::next) |
//! | `g.send(v)`, `g.send(None)` | [`g.send(v)`](coroutine::Generator::send), `g.send(None)` |
//! | `g.throw(e)`, `g.close()` | [`g.throw(e)`](coroutine::Generator::throw), [`g.close()`](coroutine::Generator::close) |
//! | `for x in g():` | `for x in g()` |
//! | `return v` | `return v`, or `v` as the last expression |
//! | `raise e` | `Err(e)?` |
//! | `StopIteration.value` | [`StopIteration::value`](coroutine::StopIteration::value) |
//! | `yield from inner` | `yield from inner` |
//! | `try: x = yield y` / `except ValueError:` | `match try { yield y } { Ok(x) => …, Err(e) if e.is::<ValueError>() => …, other => other? }` |
//! | `async def g(): … yield x …` | [`async_generator!`](coroutine::async_generator), an [`AsyncGenerator`](coroutine::AsyncGenerator) |
//! | several names for one generator | [`SharedGenerator`](coroutine::SharedGenerator) |
//! | `inspect.getgeneratorstate(g)` | [`g.state()`](coroutine::Generator::state) |
//!
//! A resumption answers `Result<Y, Raised<T>>`: the value of the `yield` reached, or what was
//! raised instead. `?` passes that on, and `{}` prints it as the last line of a Python traceback.
//! Where Python and this differ, [`coroutine`] says how and why.
//!
//! # Guarantees
//!
//! | what holds | the tests that hold it |
//! |---|---|
//! | A generator that has returned, failed or panicked answers `StopIteration` for ever after, and its body has been dropped. | `next_send_throw_close`, `panics` |
//! | Dropping or closing a suspended generator runs the destructors of its locals, once. | `next_send_throw_close`, `async_generators` |
//! | An error that leaves the body during a `for` loop is never swallowed: the loop panics with it. [`Generator::results`](coroutine::Generator::results) gives it as a value instead. | `next_send_throw_close` |
//! | A `StopIteration` that gets out of a body is a `RuntimeError`, never its end. | `stop_iteration_raised_inside_a_body` |
//! | A generator cannot be resumed while it runs: the borrow checker says so, or `ValueError`. | `re_entry` |
//! | The future of an async generator's method can be dropped at any time; no value is lost. | `async_generators` |
//! | A resumption allocates nothing; a creation allocates once, and not at all below the Python layer. `yield from` costs the same at any depth, owned or lent. | `allocations`, and the benchmark `resume` |
//! | A chain of 100,000 generators is resumed, ended, thrown into and closed on a stack of 128 KiB; one whose generators own each other is dropped there, too. | `yield_from` |
//! | No program without `unsafe` reaches undefined behaviour through a body, whatever its macros, names, futures and crates do. | `replaced_context`, `smugglers`, `compile_fail`; the argument is in `coroutine/machine.rs` |
//! | A `yield` that is not the body's own does not compile, nor does a reference to a local that is yielded. | `compile_fail`, a file in `tests/ui` for each |
//! | Whatever a program does with generators, it does as in Python, but for the differences told. | `differential`, `cpython_generators`, `cpython_yield_from` |
//! | What a cell shows by `display::show` appears at once, whole and in its place among the printed lines, from any number of threads. | `lab/python/tests/test_relay_displays.py`, on a real kernel |
//! | What `expansion!` shows compiles, and runs as the macro that it was made of does. | `expansion` |
//! | A generator that is traced does what it does untraced, and a trace tells what a hook in CPython sees. | `differential` |
//! | A check of an exercise answers within two seconds, whatever it is given, and never panics. | `check_countdown` and the like; `lab/python/tests/test_exercises.py`, on a real kernel |
//! | The core needs neither `std` nor an allocator. | `no_std` |
//!
//! # Modules and features
//!
//! The modules can be used without each other:
//!
//! - [`coroutine`]: generators that also take values, asynchronous ones, and the core below both.
//! - [`display`]: what a notebook cell shows, at any time.
//! - [`trace`]: pictures of what happened, from a record of who resumed whom with what.
//! - [`frame`]: pictures of what a suspended body keeps, byte by byte.
//! - [`check`]: the exercises of the guide, which check themselves.
//! - `cost` (feature `flags`): what a piece of work costs, and costs beside each other.
//! - [`gauge`]: how much of something there is while a program runs, over time.
//! - `flags` (feature `flags`): the flags of the world, their server, and what shows them. Addresses with
//!   https need the feature `tls` besides.
//!
//! The feature `expansion` adds `coroutine::expansion!`, which shows what the macros make of a body.
//!
//! Without the feature `std`, which is on by default, the crate is `no_std`, allocates nothing, and
//! is that core alone: [`coroutine!`](coroutine::coroutine), pinned wherever there is room.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
pub mod check;
pub mod coroutine;
#[cfg(feature = "flags")]
pub mod cost;
#[cfg(feature = "std")]
pub mod display;
#[cfg(feature = "flags")]
pub mod flags;
#[cfg(feature = "std")]
pub mod frame;
#[cfg(feature = "std")]
pub mod gauge;
#[cfg(feature = "std")]
pub mod trace;
#[cfg(feature = "std")]
mod written;
