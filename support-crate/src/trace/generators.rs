//! What a generator of either kind tells of itself.

use std::fmt::Debug;
use std::task::Waker;

use super::futures::telling_waker;
use super::record::{Lane, What, value};
use crate::coroutine::{Answered, Asked, AsyncObserver, Observer};

/// The lane of an asynchronous generator, whose methods have names of their own.
pub(super) struct AsyncLane(pub(super) Lane);

impl<Y: Debug, S: Debug, T: Debug> Observer<Y, S, T> for Lane {
    fn asked(&self, what: Asked<'_, S>) {
        match what {
            Asked::Next => self.asked(What::Next, String::new()),
            Asked::Send(sent) => self.asked(What::Send, value(sent)),
            Asked::Throw(error) => self.asked(What::Throw, value(error)),
            Asked::Close => self.asked(What::Close, String::new()),
        }
    }

    fn answered(&self, answer: Answered<'_, Y, T>, ended: bool) {
        match answer {
            Answered::Yielded(yielded) => self.answers(What::Yield, value(yielded), ended),
            Answered::Returned(returned) => self.answers(What::Return, value(returned), ended),
            Answered::Raised(error) => self.answers(What::Raise, value(error), ended),
            Answered::HadEnded => self.answers(What::Raise, "StopIteration".into(), ended),
            Answered::Closed => self.answers(What::Closed, String::new(), ended),
        }
    }

    fn panicked(&self) {
        self.answers(What::Panic, String::new(), true);
    }

    fn is_dropped(&self) {
        self.told(What::Drop);
        self.enters();
    }

    fn was_dropped(&self) {
        self.leaves();
    }
}

impl<Y: Debug, S: Debug> Observer<Y, S, ()> for AsyncLane {
    fn asked(&self, what: Asked<'_, S>) {
        match what {
            Asked::Next => self.0.asked(What::Anext, String::new()),
            Asked::Send(sent) => self.0.asked(What::Asend, value(sent)),
            Asked::Throw(error) => self.0.asked(What::Athrow, value(error)),
            Asked::Close => self.0.asked(What::Aclose, String::new()),
        }
    }

    fn answered(&self, answer: Answered<'_, Y, ()>, ended: bool) {
        Observer::<Y, S, ()>::answered(&self.0, answer, ended);
    }

    fn panicked(&self) {
        Observer::<Y, S, ()>::panicked(&self.0);
    }

    fn is_dropped(&self) {
        Observer::<Y, S, ()>::is_dropped(&self.0);
    }

    fn was_dropped(&self) {
        Observer::<Y, S, ()>::was_dropped(&self.0);
    }
}

impl<Y: Debug, S: Debug> AsyncObserver<Y, S> for AsyncLane {
    fn polled(&self) {
        self.0.asked(What::Poll, String::new());
    }

    fn pending(&self) {
        self.0.answers(What::Pending, String::new(), false);
    }

    fn waker(&self, waker: &Waker) -> Waker {
        telling_waker(&self.0, waker)
    }
}
