//! What the relay itself asks evcxr, while the reader still reads.
//!
//! [`ahead`](crate::ahead) says what evcxr is asked to complete. Front ends learn nothing of the question:
//! the answer is addressed to nobody, and the outputs leave out what evcxr tells of it.

use std::path::Path;

use bytes::Bytes;
use jupyter_protocol::{CompleteRequest, JupyterMessage};

use super::message::{Key, Parts};
use super::zmtp::Message;
use crate::evcxr::AHEAD;

/// A question to evcxr.
pub struct Question {
    id: String,
    message: Message,
}

impl Question {
    /// What stands in the kernel's `folder`, if anything is to be read ahead.
    pub fn in_folder(folder: &Path, key: &Key) -> Option<Self> {
        let code = std::fs::read_to_string(folder.join(AHEAD)).ok()?;
        let cursor_pos = code.chars().count();
        let request = JupyterMessage::new(CompleteRequest { code, cursor_pos }, None);
        let id = request.header.msg_id.clone();
        let mut message = key.seal(&request).ok()?;
        // An answer goes to the identity that stands first. No front end has this one.
        message.insert(0, Bytes::from(id.clone()));
        Some(Self { id, message })
    }

    pub fn message(&self) -> Message {
        self.message.clone()
    }

    /// Whether a message of evcxr's is due to this question.
    pub fn is_parent_of(&self, parts: &Parts) -> bool {
        parts
            .parent()
            .is_some_and(|parent| parent.msg_id == self.id)
    }
}
