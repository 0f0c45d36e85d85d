//! The macros that readers call.
//!
//! Each passes its body to a procedural macro. Before the body it passes what only a `macro_rules!` of
//! this crate can say, whatever the call site defines: `$crate`, and an `unsafe` of this crate's own.

/// A body with native `yield`, as a [`Generator`](crate::coroutine::Generator).
///
/// Inside the body:
///
/// - `yield value` suspends it and gives `value` to whoever resumed it; `yield` alone gives `()`.
///   A `yield` stands wherever an expression does, the arguments of most macros included, and
///   evaluates to what was sent: an `Option<S>`, `None` after `next`.
/// - `yield from inner` yields what `inner` does (PEP 380), a generator or anything that a `for` loop
///   takes. A space stands after `from`: `yield from[1]` yields an element of a variable `from`.
/// - `return value`, or a last expression, ends it: `StopIteration` carries the value.
/// - `?` raises: the error leaves the body and reaches whoever resumed it. `Err(error)?` is
///   Python's `raise error`. An error that was thrown in at a `yield` leaves the body likewise.
///   Any error that may go to another thread can be raised, and so can a text: `Err("too far")?`.
/// - `try { … }` evaluates to a `Result` and catches what a `?` or a `yield` in it raises. A `?` in the
///   definition of another macro, as in `macro_rules! check { ($e:expr) => { $e? } }`, leaves the whole body
///   even where that macro is called in a `try`, because this macro does not see it. A `?` among the
///   arguments of a macro is caught where they can be read as expressions, and is an error elsewhere.
///
/// The types come from where the generator is put: write the return type of the function around
/// it, or `let g: Generator<Y, S, T> = generator! { … }`. Where they are not written, as in a function
/// that returns an `impl Iterator`, rustc says `type annotations needed`: return a `Generator<Y>`,
/// which is an iterator. The body owns what it captures, as a `move` closure does; if a capture borrows from
/// the caller, the type is a [`BorrowingGenerator`](crate::coroutine::BorrowingGenerator), and rustc
/// says of any other that a lifetime `must outlive 'static`.
///
/// A `yield` belongs to the body it stands in. One in a closure, an `async` block or an item inside
/// the body is a compile error, for there is nothing there that could be suspended; so is
/// `.await`, for nothing here could wake the body again.
///
/// # How a `yield` is read
///
/// A `yield` takes the operand that it takes natively, where rustc has it as an unstable feature. Six
/// things differ, each for a reason:
///
/// - In the header of an `if`, `while`, `match` or `for`, a `{` after an operand opens the header's block,
///   as it does after any other expression there: `while let Some(x) = yield mean { … }`. Natively it
///   would belong to the operand, and `mean { … }` would be a struct. An operand that ends in a block goes
///   into parentheses there: `if yield ({ 1 }) { … }`. Braces that cannot be the block are the
///   operand's: `if yield Point { x: 1 } { … }`.
/// - The temporaries of an operand are dropped before the body is suspended, so that
///   `yield names.lock()?.len();` keeps no lock meanwhile. Natively they live to the end of the statement,
///   and would take room in every suspended body.
/// - `yield return value`, which is C#'s `yield`, is an error. Natively it would end the body.
/// - `from` after `yield` is a word where an operand can follow it: `yield from & x` is not a
///   conjunction. A variable called `from` goes into parentheses there.
/// - `|| yield value` is an error, since a `yield` belongs to the body. Natively it is a coroutine.
/// - Where a `yield` is among the arguments of a macro with the name of one of std's, such as `println!` or
///   `assert_eq!`, std's is called, even if another macro of that name is imported. Only what std's macros do
///   with a `yield` is known to keep it in the body. Natively the imported macro is called. Give what the
///   `yield` evaluates to a name first, and it is called here, too.
///
/// Attributes of a statement, such as `#[cfg(…)] yield value;`, mean what they mean elsewhere, and so do
/// those at the start of a body, `#![allow(…)]`.
///
/// # Deep chains
///
/// Generators that `yield from` one another are a chain. To resume a chain takes the same time and the
/// same stack however long it is, whether each generator owns the next or `yield from &mut inner` only
/// lends it. The same holds for the end of a generator, for an error, and for `close`.
///
/// A chain that has not been resumed yet has no such promise. A generator that was made outside of the
/// body around it is still a captured variable of that body. To drop the outermost one, to `close` it or
/// to throw into it drops each generator inside of the next, which takes stack for each of them. A very
/// deep chain overflows the stack, and the process is aborted: resume such a chain once before.
///
/// # Dropping
///
/// To drop a suspended chain whose generators own each other takes the same stack, too. Where they are
/// lent, each keeps the next among its locals, and dropping the chain takes stack for each of them:
/// `close` a very deep one before it is dropped.
///
/// # Examples
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn countdown(from: u32) -> Generator<u32, u32, &'static str> {
///     generator! {
///         let mut count = from;
///         while count > 0 {
///             // `send` sets the clock, `next` lets it run.
///             count = match yield count {
///                 Some(count) => count,
///                 None => count - 1,
///             };
///         }
///         "liftoff"
///     }
/// }
///
/// let mut clock = countdown(10);
/// assert_eq!(next(&mut clock)?, 10);
/// assert_eq!(next(&mut clock)?, 9);
/// assert_eq!(clock.send(2)?, 2);
/// assert_eq!(clock.collect::<Vec<_>>(), [1]);
/// # Ok::<(), Raised<&str>>(())
/// ```
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __generator {
    ($($body:tt)*) => {
        $crate::coroutine::__private::expand::generator! {
            [$crate]
            // SAFETY: `machine.rs` says why the macro's `yield`s keep this promise.
            [unsafe { $crate::coroutine::__private::AwaitedInBody::promise() }]
            $($body)*
        }
    };
}

/// A body with native `yield` and `.await`, as an
/// [`AsyncGenerator`](crate::coroutine::AsyncGenerator) (PEP 525).
///
/// All that [`generator!`](crate::coroutine::generator) says of `yield`, `?` and `try` holds here.
/// As in Python, `return` takes no value here, and there is no `yield from`.
///
/// # Examples
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn lines(texts: tokio::sync::mpsc::Receiver<String>) -> AsyncGenerator<String> {
///     async_generator! {
///         let mut texts = texts;
///         while let Some(text) = texts.recv().await {
///             for line in text.lines() {
///                 yield line.to_owned();
///             }
///         }
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let (send, receive) = tokio::sync::mpsc::channel(1);
/// send.send("so long\nand thanks".to_owned()).await.unwrap();
/// drop(send);
/// let mut lines = lines(receive);
/// assert_eq!(anext(&mut lines).await?, "so long");
/// assert_eq!(anext(&mut lines).await?, "and thanks");
/// assert_eq!(anext(&mut lines).await.unwrap_err().to_string(), "StopAsyncIteration");
/// # Ok::<(), AsyncRaised>(()) }).unwrap();
/// ```
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __async_generator {
    ($($body:tt)*) => {
        $crate::coroutine::__private::expand::async_generator! {
            [$crate]
            // SAFETY: `machine.rs` says why the macro's `yield`s keep this promise.
            [unsafe { $crate::coroutine::__private::AwaitedInBody::promise() }]
            $($body)*
        }
    };
}

/// A body with native `yield` and no Python layer, as a
/// [`Coroutine`](crate::coroutine::Coroutine).
///
/// The body is written as a closure of at most one argument, which is the argument of the first
/// resumption. The `yield` at which the body is suspended evaluates to the argument of the next one.
/// What the closure returns completes the coroutine; its type may be written, `|n: u32| -> String { … }`.
/// The body owns what it captures, as a `move` closure does.
/// [`from_coroutine`](crate::coroutine::from_coroutine) makes an iterator of a coroutine.
///
/// A `yield` in a closure, an `async` block or an item inside the body is a compile error, as in
/// `generator!`; `yield from` and `try` are words of that macro alone.
///
/// # Examples
///
/// ```
/// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
/// use std::pin::pin;
///
/// let mut parrot = pin!(coroutine!(|mut word: &'static str| {
///     for volume in 1.. {
///         word = yield word.repeat(volume);
///     }
/// }));
/// assert_eq!(parrot.as_mut().resume("ha"), CoroutineState::Yielded("ha".into()));
/// assert_eq!(parrot.as_mut().resume("hi"), CoroutineState::Yielded("hihi".into()));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __coroutine {
    ($($body:tt)*) => {
        $crate::coroutine::__private::expand::coroutine! {
            [$crate]
            // SAFETY: `machine.rs` says why the macro's `yield`s keep this promise.
            [unsafe { $crate::coroutine::__private::AwaitedInBody::<()>::promise() }]
            $($body)*
        }
    };
}

/// What a macro of this crate makes of its body, as a text to read: a `&'static str`.
///
/// Write a whole call of [`generator!`](crate::coroutine::generator),
/// [`async_generator!`](crate::coroutine::async_generator) or
/// [`coroutine!`](crate::coroutine::coroutine) inside. The body is not compiled, so it need not have
/// the right types. The text comes from the code that expands these macros. For a reader's sake it is
/// laid out as rustfmt would, and leaves out the paths of this crate and the prefix
/// `__hitchhiker_` of names that only the macros write.
///
/// This macro needs the feature `expansion`.
///
/// # Examples
///
/// ```
/// use hitchhiker::coroutine::expansion;
///
/// let text = expansion! { coroutine!(|| yield 42) };
/// assert!(text.contains("Yielder::give(&yielder, 42).await;"));
/// println!("{text}");
/// ```
#[cfg(feature = "expansion")]
#[doc(hidden)]
#[macro_export]
macro_rules! __expansion {
    ($($call:tt)*) => {
        $crate::coroutine::__private::expand::expansion! { $($call)* }
    };
}

/// Does what `dbg!` does, for arguments among which a `yield` stands: each comes with its place and
/// its text.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __dbg {
    ($($place:literal $text:literal = $value:expr),+) => {
        ($(match $value {
            __hitchhiker_value => {
                $crate::coroutine::__private::macros::eprintln!("[{}] {} = {:#?}", $place, $text, &__hitchhiker_value);
                __hitchhiker_value
            }
        }),+)
    };
}
