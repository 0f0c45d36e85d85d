//! The core: one body, resumed with a value each way.
//!
//! The compiler already turns an `async` block into a state machine. A [`Coroutine`] polls one and
//! lets it talk: for the length of a poll, the task's `Context` carries the address of an
//! [`Exchange`] on the resumer's stack. `yield` leaves its value there, is suspended, and finds
//! the answer there when it is polled again.

use std::cell::UnsafeCell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use pin_project_lite::pin_project;

/// What a resumption ended in, as [`std::ops::CoroutineState`] (unstable) has it.
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

/// Where one resumption's values change hands. It lives on the resumer's stack.
enum Exchange<Y, R> {
    Empty,
    Resumed(R),
    Yielded(Y),
}

pin_project! {
    /// A body that is resumed with an `R`, yields a `Y` and returns `F::Output`.
    ///
    /// This is the part of a [`Generator`](super::Generator) that holds the body; its one method
    /// mirrors [`std::ops::Coroutine::resume`] (unstable). [`generator!`](super::generator) makes
    /// one.
    ///
    /// [`std::ops::Coroutine::resume`]: https://doc.rust-lang.org/std/ops/trait.Coroutine.html
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// // A body can be told apart by the type of what it yields, receives and returns.
    /// fn count() -> Generator<u32> {
    ///     generator! { yield 1; yield 2; }
    /// }
    /// assert_eq!(count().collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub struct Coroutine<Y, R, F> {
        #[pin]
        body: F,
        exchange: PhantomData<fn(R) -> Y>,
    }
}

impl<Y, R, F: Future> Coroutine<Y, R, F> {
    /// Makes a coroutine of the `async` block that `body` returns.
    #[doc(hidden)]
    pub fn from_body<G>(_: AwaitedInBody<G>, body: impl FnOnce(Yielder<Y, R>) -> F) -> Self {
        Self {
            body: body(Yielder {
                exchange: PhantomData,
            }),
            exchange: PhantomData,
        }
    }

    /// Runs the body to its next `yield` or to its end.
    ///
    /// The `yield` at which it is suspended evaluates to `argument`; the first resumption has no
    /// such `yield` and drops it.
    ///
    /// # Panics
    ///
    /// When the body panics, when it has already completed, and when it awaits anything but a
    /// `yield`.
    #[inline]
    pub fn resume(self: Pin<&mut Self>, argument: R) -> CoroutineState<Y, F::Output> {
        let exchange = UnsafeCell::new(Exchange::<Y, R>::Resumed(argument));
        let carrier = RawWaker::new(exchange.get().cast(), &CARRIER);
        // SAFETY: the functions of `CARRIER` never touch the address and may run on any thread.
        let waker = unsafe { Waker::from_raw(carrier) };
        match self.project().body.poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(returned) => CoroutineState::Complete(returned),
            Poll::Pending => match exchange.into_inner() {
                Exchange::Yielded(value) => CoroutineState::Yielded(value),
                _ => awaited_in_vain(),
            },
        }
    }
}

#[cold]
fn awaited_in_vain() -> ! {
    panic!("the body of a generator awaited a future; only `yield` may suspend it")
}

/// A waker that wakes nobody. Its data is the address of the [`Exchange`]; a clone, which may
/// outlive it, loses the address.
static CARRIER: RawWakerVTable = RawWakerVTable::new(
    |_| RawWaker::new(ptr::null(), Waker::noop().vtable()),
    |_| (),
    |_| (),
    |_| (),
);

/// The promise that a body keeps to; only a macro can make it for a body that it has read.
///
/// `G` is the type of what is made of the body. Given before the body, it tells the compiler what
/// each `yield` evaluates to while the body is still being read.
#[doc(hidden)]
pub struct AwaitedInBody<G>(PhantomData<fn() -> G>);

impl<G> AwaitedInBody<G> {
    /// # Safety
    ///
    /// The futures of [`Yielder::suspend`] must be awaited in the `async` block that is the body
    /// itself, in no future or task inside or beside it: they take the `Context` they are polled
    /// with for the one that [`Coroutine::resume`] made.
    #[inline]
    pub unsafe fn promise() -> Self {
        Self(PhantomData)
    }
}

/// The body's end of the exchange: what a `yield` is made of.
#[doc(hidden)]
pub struct Yielder<Y, R> {
    exchange: PhantomData<fn(R) -> Y>,
}

impl<Y, R> Yielder<Y, R> {
    /// Suspends the body with `value`, until it is resumed.
    #[inline]
    pub fn suspend(&self, value: Y) -> Suspend<'_, Y, R> {
        Suspend {
            value: Some(value),
            yielder: PhantomData,
        }
    }
}

/// The future behind one `yield`.
#[doc(hidden)]
#[must_use = "a `yield` suspends only when it is awaited"]
pub struct Suspend<'a, Y, R> {
    value: Option<Y>,
    yielder: PhantomData<&'a Yielder<Y, R>>,
}

// The value is moved out whole; nothing ever borrows from its place.
impl<Y, R> Unpin for Suspend<'_, Y, R> {}

impl<Y, R> Future for Suspend<'_, Y, R> {
    type Output = R;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let exchange = context.waker().data().cast_mut().cast::<Exchange<Y, R>>();
        // SAFETY: a `Yielder` exists only in a body given to `from_body`, together with the promise
        // that this future is polled with the context that `resume` made: the address is that of
        // the live `Exchange<Y, R>` on its stack, which nobody else borrows while it polls.
        let exchange = unsafe { &mut *exchange };
        if let Some(value) = self.value.take() {
            *exchange = Exchange::Yielded(value);
            return Poll::Pending;
        }
        match mem::replace(exchange, Exchange::Empty) {
            Exchange::Resumed(argument) => Poll::Ready(argument),
            _ => unreachable!("a resumption brings an argument"),
        }
    }
}
