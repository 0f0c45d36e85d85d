//! The engine: an `async` block, polled and talked to.
//!
//! The compiler already turns an `async` block into a state machine. A [`Machine`] polls one and
//! lets it talk: for the length of a poll, the task's `Context` carries the address of an
//! [`Exchange`] on the resumer's stack. A `yield` leaves its value there, is suspended, and finds
//! the answer there when it is polled again. Nothing is shared between two polls, so a body needs
//! no memory but its own.
//!
//! # Why this is sound
//!
//! A `yield` takes the address out of the `Context` that it is polled with and writes there. So
//! this must hold, whatever safe code surrounds it: the address is that of the exchange which
//! [`Machine::poll_step`] has made for this very body, that call has not yet returned, and nobody
//! else uses the exchange at that moment. Step by step:
//!
//! **Who polls a `yield`.** A `yield` is the futures [`Give`] and [`Receive`], a `yield from` is a
//! `Delegation`. Who makes them needs a [`Yielder`], and a `Yielder` is made in
//! [`Machine::from_body`] alone, once for each body, which hands it to the closure that a macro has
//! written. There it is a local variable, which nothing but the macro's own tokens can name:
//!
//! - The variable has the hygiene of the procedural macro. A reader's tokens have another.
//! - No other macro is given a token of that hygiene, from which it could make a name of its own.
//!   Two things have it (`entry::own` in the macros' crate): what a `yield` or `yield from` becomes,
//!   and what the macro puts around the whole body. A `yield` in the arguments of a macro is refused,
//!   unless it is one of those of std in `__private::macros`. Those are called by that path, and
//!   their arguments are read as the expressions and patterns that each of them takes, so a macro among
//!   them is met like any other. So is a macro in a pattern, a type or an item. An attribute or a
//!   derive macro is given an item, which may hold no `yield` of the body's: rustc refuses an attribute
//!   macro on a statement or an expression, unless a nightly's features allow it. All else that the macro
//!   writes, such as what a `return`, a `try` or a `?` becomes, or parentheses that it adds, has another:
//!   that of its entry (`entry::passed`), that of the reader's token in whose place it is put, or that of
//!   the procedural macro's call site (`Span::call_site`). Only the hygiene of the procedural macro's
//!   definition site (`Span::mixed_site`) can name the variable. What looks like a body of its own,
//!   `generator! { … }` and its like, is left as it was written.
//! - The functions are called by their full paths, which begin with the `$crate` of the entry. A call
//!   site has no crate, module or trait that could be meant in their place. `yield from` calls one
//!   method by its name, `into_delegate`, which gets no yielder.
//!
//! So the futures are made where the macro writes a `yield`, and awaited in the same expression.
//!
//! **In the body itself.** That expression also holds a `break` to the label of the body's block.
//! rustc refuses a `break` out of a closure, an `async` block, a `const` or an item. So the
//! expression is in no `async` block but the body's, and the label, which has the same hygiene,
//! cannot be defined again in one.
//!
//! Without `unsafe`, nobody can call [`Machine::from_body`] with another closure: it takes an
//! [`AwaitedInBody`], which only the unsafe [`AwaitedInBody::promise`] makes. The entry passes that
//! call to the procedural macro; whoever calls the procedural macro by hand has to write `unsafe`.
//!
//! **With which context.** The body is a private field of its machine, and `poll_step` alone polls
//! it. An `.await` polls with the `Context` that its `async` block is polled with. That is the one
//! which `poll_step` has made, but a future that the body has awaited before, in the same poll, may
//! have put another one in its place: it is given a `&mut Context`. It has the choice of few. Its
//! `poll` works for every lifetime `'a` of the `Context<'a>`, in which that type is invariant. So
//! all that it can write there is made from a `&'static Waker`, which lives as long as any `'a`, or
//! from the waker that is there. The wakers of other machines, of those around this one and of
//! those which the future itself resumes, are borrowed for lifetimes that it cannot show to be
//! `'a`.
//!
//! A `&'static Waker` is none of ours. `poll_step` owns the waker that it makes, lends it as a
//! shared reference, and takes the lifetime of its own stack frame for that. A clone of it is a
//! clone of the root waker, with the root waker's functions. To make a waker out of our address and
//! [`CARRIER`] takes `unsafe`. `CARRIER` is a static, and no two statics have the same address: a
//! waker whose functions lie there is ours, and `exchange_of` panics at any other. Hence it is this
//! machine's. A second copy of this crate in the program has a `CARRIER` of its own.
//!
//! **Of the right type.** `from_body` makes the `Yielder` with the `Y` and `R` of its machine, and
//! the hygiene keeps the `Yielder` of a body around out of an inner body. Subtyping may change the
//! lifetimes in them as in a function that takes a `Y` and returns an `R`, and as such a function a
//! `yield` uses them.
//!
//! **Alive, and on this thread.** The carrier is a local variable of `poll_step`, which does not
//! return before the body's poll has. `Context` is not `Send`, so the body polls the `yield` on the
//! thread that called `poll_step`. A `&Waker` may be lent to other threads for the length of the
//! poll. What they call are the functions of `CARRIER`, which read the root waker and never the
//! exchange; the root waker is `Sync`.
//!
//! **Once at a time.** [`exchange_of`] is called in three `poll` functions. Each reads or writes the
//! exchange and returns, and runs no code of anybody else while it does: what it overwrites is an
//! exchange without a value. [`Give`] moves its value out at its first poll. There is no second one,
//! for that poll is ready or panics, and an `async` block polls no future again after either.
//!
//! `tests/replaced_context.rs` and the files `*_of_an_outer_machine` of `tests/ui` hold what is said
//! of contexts, `tests/hygiene`, `tests/smugglers` and the other files of `tests/ui` what is said of
//! names and labels.

use core::cell::UnsafeCell;
use core::future::Future;
use core::hint::black_box;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop};
use core::pin::Pin;
use core::ptr::{self, NonNull};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use pin_project_lite::pin_project;

use super::contract::{Coroutine, CoroutineState};

/// Where one resumption's values change hands. It lives on the resumer's stack.
pub enum Exchange<Y, R> {
    /// A generator's first resumption brings nothing: no `yield` waits for it.
    Empty,
    /// The argument, for the `yield` at which the body is suspended.
    Resumed(R),
    /// The value of the `yield` that has been reached.
    Yielded(Y),
    /// The address of the delegation in which the `yield from` that has been reached waits.
    Delegated(NonNull<()>),
}

/// What one step of a body came to.
pub enum Step<Y, R, D = ()> {
    Yielded(Y),
    Complete(R),
    Delegated(D),
}

pin_project! {
    /// A body that is resumed with an `R`, yields a `Y` and returns `F::Output`.
    pub struct Machine<Y, R, F> {
        #[pin]
        body: F,
        exchange: PhantomData<fn(R) -> Y>,
    }
}

impl<Y, R, F: Future> Machine<Y, R, F> {
    /// Makes a machine of the `async` block that `body` returns.
    pub fn from_body<G>(_: AwaitedInBody<G>, body: impl FnOnce(Yielder<Y, R>) -> F) -> Self {
        Self {
            body: body(Yielder {
                exchange: PhantomData,
            }),
            exchange: PhantomData,
        }
    }

    /// Runs the body to its next `yield` or `yield from`, or to its end.
    ///
    /// # Panics
    ///
    /// When the body panics, when it has already completed, and when it awaits a future that is not ready.
    #[inline]
    pub fn step(self: Pin<&mut Self>, exchange: Exchange<Y, R>) -> Step<Y, F::Output, NonNull<()>> {
        match self.poll_step(exchange, Waker::noop()) {
            Poll::Ready(step) => step,
            Poll::Pending => awaited_in_vain(),
        }
    }

    /// Runs the body to its next `yield` or `yield from`, to its end, or to where it awaits a
    /// future that is not ready, which will wake `waker`.
    #[inline]
    pub fn poll_step(
        self: Pin<&mut Self>,
        exchange: Exchange<Y, R>,
        waker: &Waker,
    ) -> Poll<Step<Y, F::Output, NonNull<()>>> {
        let carrier = Carrier {
            waker,
            exchange: UnsafeCell::new(exchange),
        };
        let raw = RawWaker::new((&raw const carrier).cast(), &CARRIER);
        // SAFETY: the functions of `CARRIER` keep a waker's contract as long as `carrier` lives,
        // and what they clone does not need it.
        let waker = unsafe { Waker::from_raw(raw) };
        let waker = ManuallyDrop::new(waker); // a drop would only call a function that does nothing
        match self.project().body.poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(returned) => Poll::Ready(Step::Complete(returned)),
            Poll::Pending => match carrier.exchange.into_inner() {
                Exchange::Yielded(value) => Poll::Ready(Step::Yielded(value)),
                Exchange::Delegated(address) => Poll::Ready(Step::Delegated(address)),
                Exchange::Empty | Exchange::Resumed(_) => Poll::Pending,
            },
        }
    }
}

impl<Y, R, F: Future> Coroutine<R> for Machine<Y, R, F> {
    type Yield = Y;
    type Return = F::Output;

    #[inline]
    fn resume(self: Pin<&mut Self>, argument: R) -> CoroutineState<Y, F::Output> {
        match self.step(Exchange::Resumed(argument)) {
            Step::Yielded(value) => CoroutineState::Yielded(value),
            Step::Complete(returned) => CoroutineState::Complete(returned),
            Step::Delegated(_) => awaited_in_vain(), // `coroutine!` has no `yield from`
        }
    }
}

/// What a `break` or a `return` would leave the body with, if it ever ran: a macro writes one where
/// rustc is to see the label or the type that the body has.
pub fn never<T>() -> T {
    unreachable!("a `yield` does not leave the body")
}

/// Passes on the argument of a first resumption, and tells the optimiser that first ones are few.
///
/// LLVM then asks first whether a body stands at its one `yield`. Otherwise it would look up where
/// to go in a table of all the states that there are, which takes longer.
#[inline]
pub fn first<R>(argument: R) -> R {
    /// It wraps `R`, since a vector that only some processors know cannot itself be passed in C.
    #[repr(C)]
    struct Passed<R>(R, u8);

    // A function in C does not unwind. Where one might, LLVM does not see that its call is cold.
    #[cold]
    #[inline(never)]
    extern "C" fn seldom<R>(passed: Passed<R>) -> Passed<R> {
        black_box(passed) // without this, no call would be left
    }

    seldom(Passed(argument, 0)).0
}

#[cold]
fn awaited_in_vain() -> ! {
    panic!("a body awaited a future; only `yield` may suspend it")
}

/// What a body's `Context` leads to: the exchange, and the waker for whatever else the body awaits.
#[repr(C)] // the waker lies first, where `CARRIER` finds it whatever `Y` and `R` are
struct Carrier<'w, Y, R> {
    waker: &'w Waker,
    exchange: UnsafeCell<Exchange<Y, R>>,
}

/// A waker that does what the carried one does, while the carrier lives. Its clone is a clone of that one.
static CARRIER: RawWakerVTable = RawWakerVTable::new(
    |carrier| {
        // SAFETY: a carrier starts with its waker, and lives while its own waker can be cloned.
        let waker = ManuallyDrop::new(unsafe { carried(carrier) }.clone());
        RawWaker::new(waker.data(), waker.vtable())
    },
    // SAFETY: as above.
    |carrier| unsafe { carried(carrier) }.wake_by_ref(),
    // SAFETY: as above.
    |carrier| unsafe { carried(carrier) }.wake_by_ref(),
    |_| (),
);

/// # Safety
///
/// `carrier` must be the address of a live [`Carrier`].
unsafe fn carried<'w>(carrier: *const ()) -> &'w Waker {
    // SAFETY: the caller promises that a `&Waker` is there.
    unsafe { *carrier.cast() }
}

/// The promise that a body keeps to; only a macro can make it for a body that it has read.
///
/// `G` is the type of what is made of the body. Given before the body, it tells the compiler what
/// each `yield` evaluates to while the body is still being read.
pub struct AwaitedInBody<G>(PhantomData<fn() -> G>);

impl<G> AwaitedInBody<G> {
    /// # Safety
    ///
    /// The futures of [`Yielder`] must be awaited in the `async` block that is the body itself, in
    /// no future or task inside or beside it: they take the `Context` they are polled with for the
    /// one that [`Machine::step`] made.
    #[inline]
    pub unsafe fn promise() -> Self {
        Self(PhantomData)
    }
}

/// The body's end of the exchange: what a `yield` is made of.
pub struct Yielder<Y, R> {
    /// A function that takes `Y`s: a body must not yield what lives shorter than its resumer was promised.
    exchange: PhantomData<fn(Y) -> R>,
}

impl<Y, R> Yielder<Y, R> {
    /// Leaves `value` for the resumer to find; never suspends.
    #[inline]
    pub fn give(&self, value: Y) -> Give<'_, Y, R> {
        Give {
            value: ManuallyDrop::new(value),
            yielder: PhantomData,
        }
    }

    /// Suspends the body until it is resumed, and takes the argument.
    #[inline]
    pub fn receive(&self) -> Receive<'_, Y, R> {
        Receive {
            yielder: PhantomData,
        }
    }
}

/// The first half of a `yield`.
#[must_use = "a `yield` happens when it is awaited"]
pub struct Give<'a, Y, R> {
    /// The only poll moves the value out. An `Option` would cost each body a tag and a check.
    value: ManuallyDrop<Y>,
    yielder: PhantomData<&'a Yielder<Y, R>>,
}

/// The second half of a `yield`.
#[must_use = "a `yield` happens when it is awaited"]
pub struct Receive<'a, Y, R> {
    yielder: PhantomData<&'a Yielder<Y, R>>,
}

// The value is moved out whole; nothing ever borrows from its place.
impl<Y, R> Unpin for Give<'_, Y, R> {}

impl<Y, R> Future for Give<'_, Y, R> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // SAFETY: it is awaited by the code of a macro alone, and polled once: ready or in vain.
        let value = unsafe { ManuallyDrop::take(&mut self.value) };
        // SAFETY: a `Yielder` exists only together with the promise that this asks for.
        match unsafe { exchange_of::<Y, R>(context) } {
            exchange @ Exchange::Empty => *exchange = Exchange::Yielded(value),
            _ => awaited_in_vain(),
        }
        Poll::Ready(())
    }
}

impl<Y, R> Future for Receive<'_, Y, R> {
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        // SAFETY: a `Yielder` exists only together with the promise that this asks for.
        let exchange = unsafe { exchange_of::<Y, R>(context) };
        match mem::replace(exchange, Exchange::Empty) {
            Exchange::Resumed(argument) => Poll::Ready(argument),
            other => {
                *exchange = other;
                Poll::Pending
            }
        }
    }
}

/// The exchange that `context` carries.
///
/// # Panics
///
/// When the waker of `context` is not one that [`Machine::poll_step`] made: a future that the body
/// has awaited has put another in its place. The module's docs say why none of ours can be put there.
///
/// # Safety
///
/// `context` must have been made by [`Machine::poll_step`] for a body of the same `Y` and `R`,
/// which polls with it at this moment, whatever waker was put into it since. No other borrow of its
/// exchange may be alive.
#[inline]
pub unsafe fn exchange_of<'a, Y, R>(context: &'a mut Context<'_>) -> &'a mut Exchange<Y, R> {
    let waker = context.waker();
    if !ptr::eq(waker.vtable(), &CARRIER) {
        context_replaced();
    }
    let carrier: *const Carrier<'_, Y, R> = waker.data().cast();
    // SAFETY: that context's data is the address of such a carrier, alive for the whole poll.
    unsafe { &mut *(*carrier).exchange.get() }
}

#[cold]
fn context_replaced() -> ! {
    panic!("a future that the body awaited replaced the body's `Context`")
}
