//! Who watches a generator, and what there is to tell.
//!
//! [`Trace`](crate::trace::Trace) is such an observer.

use std::task::Waker;

use super::exception::{Exception, Raised};

/// What a generator is asked.
pub enum Asked<'a, S> {
    Next,
    Send(&'a S),
    Throw(&'a Exception),
    Close,
}

/// What a generator answers.
pub enum Answered<'a, Y, T> {
    Yielded(&'a Y),
    Returned(&'a T),
    Raised(&'a Exception),
    /// The generator had ended before it was asked.
    HadEnded,
    /// The generator was closed, and its body has returned nothing on its way out.
    Closed,
}

impl<'a, Y, T> Answered<'a, Y, T> {
    /// The answer to anything but `close`.
    pub(super) fn of(result: &'a Result<Y, Raised<T>>) -> Self {
        match result {
            Ok(value) => Self::Yielded(value),
            Err(Raised::Exception(error)) => Self::Raised(error),
            Err(Raised::StopIteration(stop)) => match &stop.value {
                Some(value) => Self::Returned(value),
                None => Self::HadEnded,
            },
        }
    }
}

/// Who is told what an observed generator does. It does not panic, whatever it is shown: the generator
/// would be taken for one whose body has panicked.
pub trait Observer<Y, S, T>: Send + Sync {
    /// The generator is asked, and runs until `answered` or `panicked` is called.
    fn asked(&self, what: Asked<'_, S>);
    /// The generator answers. `ended` says whether its body has ended with this answer, or before.
    fn answered(&self, answer: Answered<'_, Y, T>, ended: bool);
    /// A panic leaves the generator's body.
    fn panicked(&self);
    /// A suspended generator is being dropped. Its destructors run until `was_dropped` is called.
    fn is_dropped(&self);
    fn was_dropped(&self);
}

/// Who is told what an observed asynchronous generator does. A poll that resumes the body calls
/// `asked`; one that finds the body in the middle of an `.await` calls `polled`.
pub trait AsyncObserver<Y, S>: Observer<Y, S, ()> {
    /// The future of a method is polled once more; the body runs until it answers or is pending.
    fn polled(&self);
    /// The body waits for a future that is not ready.
    fn pending(&self);
    /// The waker that the body is to be polled with, which passes its wakes on to `waker`.
    fn waker(&self, waker: &Waker) -> Waker;
}
