//! What the kernel tells everybody: passed as it is, with displays in the places of their marks.

use std::time::Duration;

use jupyter_protocol::{
    DisplayData, ExecutionState, Header, JupyterMessage, JupyterMessageContent, Status, Stdio,
    StreamContent, Transient, UpdateDisplayData,
};
use jupyter_zmq_client::{ClientIoPubConnection, KernelIoPubConnection, RawMessage, Result};
use tokio::time::Instant;
use zeromq::{SocketRecv, SocketSend, ZmqMessage};

use crate::displays::{Display, Displays, Mark};
use crate::pipe::{self, Pipe};
use crate::requests;

/// How long an update may wait for a newer one: a page that is told more often than it can draw
/// does nothing else.
const REST: Duration = Duration::from_millis(50);

/// Passes outputs until one side is gone.
pub async fn pass(
    mut kernel: ClientIoPubConnection,
    front_ends: KernelIoPubConnection,
    mut pipe: Pipe,
) -> Result<()> {
    let verified = requests::verifier(&front_ends);
    let mut outputs = Outputs {
        front_ends,
        displays: Displays::default(),
        cell: None,
    };
    let mut rested = Instant::now();
    loop {
        tokio::select! {
            message = kernel.socket.recv() => {
                let message = message?;
                if let Some(parts) = verified(&message) {
                    outputs.pass(message, &parts, &mut pipe).await?;
                }
            }
            readable = pipe.readable() => {
                readable?;
                outputs.take_all(&mut pipe).await?;
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
    front_ends: KernelIoPubConnection,
    displays: Displays,
    /// The request that asked for the last cell.
    cell: Option<Header>,
}

impl Outputs {
    /// Passes a message, or what stands in its place.
    async fn pass(
        &mut self,
        message: ZmqMessage,
        parts: &RawMessage,
        pipe: &mut Pipe,
    ) -> Result<()> {
        let kind = requests::header(parts).map(|header| header.msg_type);
        match kind.as_deref() {
            Some("execute_input") => {
                self.cell = parent(parts);
                self.displays.begin_cell();
            }
            Some("status") if self.ends_cell(parts) => {
                self.take_all(pipe).await?;
                for display in self.displays.end_cell() {
                    self.show(display, None).await?;
                }
            }
            Some("stream") => {
                if let Some((before, id)) = mark(parts) {
                    // What belongs here is in the pipe by now, if the mark is one.
                    self.take_all(pipe).await?;
                    match self.displays.at_mark(&id) {
                        Mark::Here(display) => {
                            let cell = parent(parts);
                            self.print(before, cell.as_ref()).await?;
                            return self.show(display, cell).await;
                        }
                        Mark::Late => return self.print(before, parent(parts).as_ref()).await,
                        Mark::None => {}
                    }
                }
            }
            _ => {}
        }
        Ok(self.front_ends.socket.send(message).await?)
    }

    /// Takes what is in the pipe by now.
    async fn take_all(&mut self, pipe: &mut Pipe) -> Result<()> {
        while let Some(record) = pipe.take() {
            if let Some(display) = self.displays.take(record) {
                self.show(display, None).await?;
            }
        }
        Ok(())
    }

    /// Whether a status says that the running cell is done.
    fn ends_cell(&self, parts: &RawMessage) -> bool {
        let status: Option<Status> = serde_json::from_slice(&parts.jparts[3]).ok();
        let idle = status.is_some_and(|status| status.execution_state == ExecutionState::Idle);
        idle && parent(parts).map(|parent| parent.msg_id)
            == self.cell.as_ref().map(|cell| cell.msg_id.clone())
    }

    /// Sends a display as an output of `cell`, or of the last one.
    async fn show(&mut self, display: Display, cell: Option<Header>) -> Result<()> {
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

    /// Sends what was printed on the line of a mark, before it.
    async fn print(&mut self, text: String, cell: Option<&Header>) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.send(StreamContent::stdout(&text).into(), cell.cloned())
            .await
    }

    async fn send(&mut self, content: JupyterMessageContent, cell: Option<Header>) -> Result<()> {
        let mut message = JupyterMessage::new(content, None);
        message.header.username = "kernel".to_owned();
        message.parent_header = cell;
        self.front_ends.send(message).await
    }
}

/// What stands before the mark on a printed line, and the id in it.
fn mark(parts: &RawMessage) -> Option<(String, String)> {
    let printed: StreamContent = serde_json::from_slice(&parts.jparts[3]).ok()?;
    let (before, id) = pipe::marked(&printed.text)?;
    matches!(printed.name, Stdio::Stdout).then(|| (before.to_owned(), id.to_owned()))
}

/// The request that a message is due to.
fn parent(parts: &RawMessage) -> Option<Header> {
    serde_json::from_slice(&parts.jparts[1]).ok()
}
