//! What the kernel tells everybody: passed as it is, with displays in the places of their marks, and a
//! cell's end behind everything that the cell has printed.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jupyter_protocol::{
    DisplayData, ExecutionState, Header, JupyterMessage, JupyterMessageContent, Status, Stdio,
    StreamContent, Transient, UpdateDisplayData,
};
use tokio::time::Instant;

use super::displays::{Display, Displays, Mark};
use super::kernel::Link;
use super::message::{Key, Parts};
use super::pipe::{self, Pipe};
use super::printed::Marks;
use super::reading::Question;
use super::requests::Gate;
use super::zmtp::{Message, Peers};

/// How long an update may wait for a newer one. A page that gets updates faster than it can draw them does
/// nothing else.
const REST: Duration = Duration::from_millis(50);

/// How long the kernel may be silent before a mark that is underway counts as lost.
const LOST: Duration = Duration::from_secs(5);

/// A silence of this length stands for a mark where none can be placed. evcxr sends its last lines up to
/// 1.2 ms after the end of a cell.
const SILENCE: Duration = Duration::from_millis(20);

/// How long a cell's end waits for that silence at the most: a thread that the cell has started may never stop
/// printing.
const LONGEST_WAIT_FOR_SILENCE: Duration = Duration::from_secs(1);

/// Passes outputs until one side is gone, and opens `gate` at the end of each cell.
pub async fn pass(
    kernel: Link,
    front_ends: Peers,
    key: Arc<Key>,
    mut pipe: Pipe,
    gate: Gate,
    question: Option<Question>,
) -> io::Result<()> {
    let mut outputs = Outputs {
        front_ends,
        key: key.clone(),
        gate,
        question,
        displays: Displays::default(),
        cell: None,
        marks: Marks::new(),
        printed: Printed::More,
    };
    let mut rested = Instant::now();
    // The kernel takes a connection that is closed in one direction for closed in both.
    let (from_kernel, _to_kernel) = kernel.split();
    let mut next = pin!(from_kernel.next());
    loop {
        let through = outputs.through_without_a_mark();
        tokio::select! {
            (kernel, message) = &mut next => {
                next.set(kernel.next());
                let message = message?;
                match key.open(&message) {
                    Ok(parts) => outputs.pass(message, &parts, &mut pipe).await?,
                    Err(error) => eprintln!("a message of the kernel's was dropped: {error}"),
                }
            }
            readable = pipe.readable() => {
                readable?;
                outputs.take_all(&mut pipe).await?;
            }
            () = tokio::time::sleep_until(through.unwrap_or(rested)), if through.is_some() => {
                outputs.all_is_through(&mut pipe).await?;
            }
            () = tokio::time::sleep_until(rested), if outputs.displays.has_updates() => {
                for update in outputs.displays.updates() {
                    outputs.show(update, None).await?;
                }
                rested = Instant::now() + REST;
            }
        }
    }
}

/// What the front ends see.
struct Outputs {
    front_ends: Peers,
    key: Arc<Key>,
    /// Holds back the requests behind a cell.
    gate: Gate,
    /// What the relay itself has asked, which front ends learn nothing of.
    question: Option<Question>,
    displays: Displays,
    /// The request that asked for the last cell.
    cell: Option<Header>,
    marks: Marks,
    printed: Printed,
}

/// How much of what the last cell has printed is through.
enum Printed {
    /// The cell goes on.
    More,
    /// The cell is done, and what it printed last is underway.
    Underway(Underway),
    /// Everything.
    All,
}

struct Underway {
    /// What the kernel sent at the end of the cell, to follow what the cell printed.
    held: Vec<Held>,
    since: Instant,
    /// When the kernel sent something last.
    last: Instant,
    /// Whether a mark will tell that everything is through.
    marked: bool,
}

enum Held {
    Message(Message),
    EndOfCell(Message),
}

impl Outputs {
    /// Passes a message, or what stands in its place.
    async fn pass(&mut self, message: Message, parts: &Parts, pipe: &mut Pipe) -> io::Result<()> {
        if let Printed::Underway(underway) = &mut self.printed {
            underway.last = Instant::now();
        }
        let kind = parts.header().map(|header| header.msg_type);
        match kind.as_deref() {
            Some("execute_input") => {
                self.cell = parts.parent();
                self.printed = Printed::More;
                self.displays.begin_cell();
            }
            Some("status") if self.is_of_question(parts) => return Ok(()),
            Some("status") if self.ends_cell(parts) => {
                return self.hold(Held::EndOfCell(message), pipe).await;
            }
            Some("execute_result" | "error") if self.is_of_cell(parts) => {
                return self.hold(Held::Message(message), pipe).await;
            }
            Some("stream") => {
                if let Some((before, newest)) = self.printed_mark(parts) {
                    let cell = parts.parent();
                    self.print(Stdio::Stderr, before, cell.as_ref()).await?;
                    return match newest {
                        true => self.all_is_through(pipe).await,
                        false => Ok(()),
                    };
                }
                if let Some((before, id)) = mark(parts) {
                    // If the mark is a real one, its display is in the pipe by now.
                    self.take_all(pipe).await?;
                    match self.displays.at_mark(&id) {
                        Mark::Here(display) => {
                            let cell = parts.parent();
                            self.print(Stdio::Stdout, before, cell.as_ref()).await?;
                            return self.show(display, cell).await;
                        }
                        Mark::Late => {
                            let cell = parts.parent();
                            return self.print(Stdio::Stdout, before, cell.as_ref()).await;
                        }
                        Mark::None => {}
                    }
                }
            }
            _ => {}
        }
        self.front_ends.publish(message).await;
        Ok(())
    }

    /// Sends what ends a cell, once everything that the cell has printed is through.
    async fn hold(&mut self, held: Held, pipe: &mut Pipe) -> io::Result<()> {
        match &mut self.printed {
            Printed::More => {
                let now = Instant::now();
                self.printed = Printed::Underway(Underway {
                    held: vec![held],
                    since: now,
                    last: now,
                    marked: self.marks.place().is_ok(),
                });
                Ok(())
            }
            Printed::Underway(underway) => {
                underway.held.push(held);
                Ok(())
            }
            Printed::All => self.let_go(held, pipe).await,
        }
    }

    /// When everything counts as through although no mark has come.
    fn through_without_a_mark(&self) -> Option<Instant> {
        match &self.printed {
            Printed::Underway(underway) if underway.marked => Some(underway.last + LOST),
            Printed::Underway(underway) => {
                let silent = underway.last + SILENCE;
                Some(silent.min(underway.since + LONGEST_WAIT_FOR_SILENCE))
            }
            Printed::More | Printed::All => None,
        }
    }

    /// Sends what was held back, now that everything that the cell has printed is through.
    async fn all_is_through(&mut self, pipe: &mut Pipe) -> io::Result<()> {
        if let Printed::Underway(underway) = std::mem::replace(&mut self.printed, Printed::All) {
            for held in underway.held {
                self.let_go(held, pipe).await?;
            }
        }
        Ok(())
    }

    async fn let_go(&mut self, held: Held, pipe: &mut Pipe) -> io::Result<()> {
        let message = match held {
            Held::Message(message) => message,
            Held::EndOfCell(message) => {
                self.take_all(pipe).await?;
                for display in self.displays.end_cell() {
                    self.show(display, None).await?;
                }
                self.gate.open();
                message
            }
        };
        self.front_ends.publish(message).await;
        Ok(())
    }

    /// Takes what is in the pipe by now.
    async fn take_all(&mut self, pipe: &mut Pipe) -> io::Result<()> {
        let mut left = pipe::AT_ONCE;
        while let Some(record) = pipe.take(&mut left) {
            if let Some(display) = self.displays.take(record) {
                self.show(display, None).await?;
            }
        }
        Ok(())
    }

    /// Whether a message is due to what the relay itself has asked.
    fn is_of_question(&self, parts: &Parts) -> bool {
        let question = self.question.as_ref();
        question.is_some_and(|question| question.is_parent_of(parts))
    }

    /// Whether a status says that the running cell is done.
    fn ends_cell(&self, parts: &Parts) -> bool {
        let status: Option<Status> = serde_json::from_slice(&parts.content).ok();
        let idle = status.is_some_and(|status| status.execution_state == ExecutionState::Idle);
        idle && self.is_of_cell(parts)
    }

    /// Whether a message is due to the last cell.
    fn is_of_cell(&self, parts: &Parts) -> bool {
        parts.parent().map(|parent| parent.msg_id)
            == self.cell.as_ref().map(|cell| cell.msg_id.clone())
    }

    /// What was printed before a mark of the relay's, and whether that mark is the newest.
    fn printed_mark(&mut self, parts: &Parts) -> Option<(String, bool)> {
        let printed: StreamContent = serde_json::from_slice(&parts.content).ok()?;
        let (before, newest) = self.marks.found(&printed.text)?;
        Some((before.to_owned(), newest))
    }

    /// Sends a display as an output of `cell`, or of the last one.
    async fn show(&mut self, display: Display, cell: Option<Header>) -> io::Result<()> {
        let id = |id| Transient {
            display_id: Some(id),
        };
        let content: JupyterMessageContent = match display {
            Display::New(name, formats) => DisplayData {
                data: serde_json::from_value(formats.into())?,
                metadata: Default::default(),
                transient: Some(id(name)),
            }
            .into(),
            Display::Update(name, formats) => UpdateDisplayData {
                data: serde_json::from_value(formats.into())?,
                metadata: Default::default(),
                transient: id(name),
            }
            .into(),
        };
        let cell = cell.or_else(|| self.cell.clone());
        self.send(content, cell).await
    }

    /// Sends what stands before a mark on its line.
    async fn print(&mut self, name: Stdio, text: String, cell: Option<&Header>) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.send(StreamContent { name, text }.into(), cell.cloned())
            .await
    }

    async fn send(
        &mut self,
        content: JupyterMessageContent,
        cell: Option<Header>,
    ) -> io::Result<()> {
        let mut message = JupyterMessage::new(content, None);
        message.header.username = "kernel".to_owned();
        message.parent_header = cell;
        self.front_ends.publish(self.key.seal(&message)?).await;
        Ok(())
    }
}

/// What stands before the mark on a printed line, and the id in it.
fn mark(parts: &Parts) -> Option<(String, String)> {
    let printed: StreamContent = serde_json::from_slice(&parts.content).ok()?;
    let (before, id) = pipe::marked(&printed.text)?;
    matches!(printed.name, Stdio::Stdout).then(|| (before.to_owned(), id.to_owned()))
}
