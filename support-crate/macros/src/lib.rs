//! The macros of the [`hitchhiker`](https://docs.rs/hitchhiker) crate, which documents them.
//!
//! `generator!` makes a state machine of its body by turning it into an `async` block, in which
//! each `yield` is an `.await`. `readable.rs` makes its tokens readable for syn, `body.rs` rewrites them,
//! `arguments.rs` those that stand in the arguments of other macros.

mod arguments;
mod body;
mod readable;
#[cfg(test)]
mod soup;

use proc_macro::TokenStream;

/// A body with native `yield`, as a [`Generator`](../hitchhiker/coroutine/struct.Generator.html).
///
/// Inside the body:
///
/// - `yield value` suspends it and gives `value` to whoever resumed it; `yield` alone gives `()`.
///   It stands wherever an expression does, the arguments of most macros included, and evaluates
///   to what was sent: an `Option<S>`, `None` after `next`.
/// - `return value`, or a last expression, ends it: `StopIteration` carries the value.
/// - `?` raises: the error leaves the body and reaches whoever resumed it. `Err(error)?` is
///   Python's `raise error`. An error that was thrown in at a `yield` leaves the body likewise.
///
/// The types come from where the generator is put: write the return type of the function around
/// it, or `let g: Generator<Y, S, T> = generator! { … }`. The body owns what it captures, as a
/// `move` closure does.
///
/// A `yield` belongs to the body it stands in. One in a closure, an `async` block or an item inside
/// the body is a compile error, for there is nothing there that could be suspended; so is
/// `.await`, for nothing here could wake the body again.
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
#[proc_macro]
pub fn generator(input: TokenStream) -> TokenStream {
    body::generator(input.into()).into()
}

/// A body with native `yield` and no Python layer, as a
/// [`Coroutine`](../hitchhiker/coroutine/trait.Coroutine.html).
///
/// It is written as a closure of at most one argument, which is that of the first resumption; each
/// later one's is what the `yield` evaluates to that the body is suspended at. What the closure
/// returns completes it. The body owns what it captures, as a `move` closure does.
///
/// A `yield` in a closure, an `async` block or an item inside the body is a compile error, as in
/// [`generator!`]; `yield from` and `try` are words of that macro alone.
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
#[proc_macro]
pub fn coroutine(input: TokenStream) -> TokenStream {
    body::coroutine(input.into()).into()
}

/// A body with native `yield` and `.await`, as an
/// [`AsyncGenerator`](../hitchhiker/coroutine/struct.AsyncGenerator.html) (PEP 525).
///
/// All that [`generator!`] says of `yield`, `?` and `try` holds here. As in Python, `return` takes
/// no value here, and there is no `yield from`.
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
#[proc_macro]
pub fn async_generator(input: TokenStream) -> TokenStream {
    body::async_generator(input.into()).into()
}

#[cfg(test)]
mod tests {
    use crate::soup;
    use proptest::prelude::*;

    fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..most)
    }

    #[test]
    fn an_operator_after_a_return_is_no_part_of_its_value() {
        soup::expand("for x in return + x { x }"); // found by the fuzzer
    }

    #[test]
    fn a_try_stands_wherever_an_expression_does() {
        soup::expand("match break try { x } { _ => x }"); // found by the fuzzer
        soup::expand("match 0..try { x } { _ => x }");
    }

    proptest! {
        #[test]
        fn words_in_any_order_become_an_expression_or_compile_errors(bytes in bytes(100)) {
            soup::expand(&soup::words(&bytes));
        }

        #[test]
        fn statements_become_an_expression_or_compile_errors(bytes in bytes(30)) {
            soup::expand(&soup::statements(&bytes));
        }
    }
}
