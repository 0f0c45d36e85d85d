//! How much memory the messages of a peer may take.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest message of a peer that has shown the key, in bytes.
const LONGEST: usize = 1 << 30;

/// What all peers that have not shown the key may take together, in bytes: enough for one large message.
const OF_STRANGERS: usize = 1 << 28;

/// Why there is no memory for a message.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    #[error("a message is too long")]
    TooLong,
    #[error("too much has come from peers that have not shown the key")]
    TooMuchFromStrangers,
}

/// The memory that all peers share which have not shown the key.
#[derive(Clone)]
pub struct Strangers(Arc<Semaphore>);

impl Strangers {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(OF_STRANGERS)))
    }
}

/// What one peer may take for the message that it sends.
pub struct Allowance {
    strangers: Option<Strangers>,
    longest: usize,
    taken: usize,
    permit: Option<OwnedSemaphorePermit>,
}

impl Allowance {
    /// For a peer that has not shown the key.
    pub fn of(strangers: &Strangers) -> Self {
        Self {
            strangers: Some(strangers.clone()),
            longest: OF_STRANGERS,
            ..Self::of_the_trusted()
        }
    }

    /// For messages of at most `longest` bytes.
    pub fn up_to(longest: usize) -> Self {
        Self {
            longest,
            ..Self::of_the_trusted()
        }
    }

    /// For a peer that has shown the key.
    pub fn of_the_trusted() -> Self {
        Self {
            strangers: None,
            longest: LONGEST,
            taken: 0,
            permit: None,
        }
    }

    /// Gives back what the last message took.
    pub fn renew(&mut self) {
        self.taken = 0;
        self.permit = None;
    }

    /// Whether a part of this length would be too much.
    pub fn check(&self, length: usize) -> Result<(), Denied> {
        match self.taken.checked_add(length) {
            Some(sum) if sum <= self.longest => Ok(()),
            _ => Err(Denied::TooLong),
        }
    }

    /// Takes memory for a part of this length, or nothing.
    pub fn take(&mut self, length: usize) -> Result<(), Denied> {
        self.check(length)?;
        self.taken += length;
        let Some(Strangers(common)) = &self.strangers else {
            return Ok(());
        };
        let length = u32::try_from(length).map_err(|_| Denied::TooLong)?;
        let permit = common
            .clone()
            .try_acquire_many_owned(length)
            .map_err(|_| Denied::TooMuchFromStrangers)?;
        match &mut self.permit {
            Some(taken) => taken.merge(permit),
            None => self.permit = Some(permit),
        }
        Ok(())
    }
}
