//! What a generator tells of itself.

use std::fmt::Debug;

use super::record::{Lane, What, value};
use crate::coroutine::{Answered, Asked, Observer};

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
