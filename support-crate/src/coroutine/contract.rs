//! The core's contract, in the words of `std::ops::Coroutine`.

use core::pin::Pin;

/// What a resumption ended in, as the unstable [`std::ops::CoroutineState`] has it.
///
/// [`std::ops::CoroutineState`]: https://doc.rust-lang.org/std/ops/enum.CoroutineState.html
///
/// ```
/// use hitchhiker::coroutine::CoroutineState;
///
/// let state: CoroutineState<i32, &str> = CoroutineState::Yielded(1);
/// assert_ne!(state, CoroutineState::Complete("done"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoroutineState<Y, R> {
    /// The body is suspended at a `yield`, which had this value.
    Yielded(Y),
    /// The body has returned this.
    Complete(R),
}

/// A body that is resumed with an `R`, as the unstable [`std::ops::Coroutine`] has it.
///
/// [`coroutine!`](super::coroutine) makes one, without the Python layer: it is pinned and resumed
/// where it stands, on the stack or in a box, and needs no memory but its own.
///
/// [`std::ops::Coroutine`]: https://doc.rust-lang.org/std/ops/trait.Coroutine.html
///
/// ```
/// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
/// use std::pin::pin;
///
/// let mut total = pin!(coroutine!(|first: u32| {
///     let mut sum = first;
///     while sum < 60 {
///         sum += yield sum;
///     }
///     "enough"
/// }));
/// assert_eq!(total.as_mut().resume(10), CoroutineState::Yielded(10));
/// assert_eq!(total.as_mut().resume(20), CoroutineState::Yielded(30));
/// assert_eq!(total.as_mut().resume(30), CoroutineState::Complete("enough"));
/// ```
pub trait Coroutine<R = ()> {
    /// What it yields.
    type Yield;
    /// What it returns.
    type Return;

    /// Runs the body to its next `yield`, or to its end.
    ///
    /// The `yield` at which it is suspended evaluates to `argument`; the first resumption's is the
    /// closure's own.
    ///
    /// # Panics
    ///
    /// When the body panics, and when it has already completed or panicked.
    ///
    /// ```
    /// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
    /// use std::pin::Pin;
    ///
    /// // Boxed, coroutines of one signature are of one type.
    /// type Counter = Pin<Box<dyn Coroutine<Yield = u32, Return = ()>>>;
    /// let mut counters: [Counter; 2] = [
    ///     Box::pin(coroutine!(|| { yield 1; })),
    ///     Box::pin(coroutine!(|| { yield 10; yield 20; })),
    /// ];
    /// for counter in &mut counters {
    ///     assert!(matches!(counter.as_mut().resume(()), CoroutineState::Yielded(1 | 10)));
    /// }
    /// ```
    fn resume(self: Pin<&mut Self>, argument: R) -> CoroutineState<Self::Yield, Self::Return>;
}
