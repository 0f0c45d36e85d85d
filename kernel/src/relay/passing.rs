//! Runs the state machine of [`splice`](crate::splice): waits for what happens, and does what follows from it.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::cells::{Cells, LOOK_EVERY, Ready};
use super::kernel::{FromKernel, Kernel, ToKernel};
use super::life::Channels;
use super::pipe::{self, Pipe};
use super::zmtp::{Message, Peers};
use crate::error::Error;
use crate::splice::message::Key;
use crate::splice::{Effect, Event, Splice};

/// How many messages of evcxr's may wait for the relay.
const QUEUE: usize = 64;

/// The channels on which evcxr sends something.
#[derive(Debug, Clone, Copy)]
enum Link {
    Shell,
    Control,
    Stdin,
    Outputs,
}

impl Link {
    const fn name(self) -> &'static str {
        match self {
            Self::Shell => "its shell channel",
            Self::Control => "its control channel",
            Self::Stdin => "its stdin channel",
            Self::Outputs => "its outputs",
        }
    }
}

/// Passes everything between front ends and the kernel until the kernel has closed all its connections. What
/// breaks before is sent to `errors`.
pub async fn pass(
    channels: Channels,
    kernel: Links,
    mut pipe: Pipe,
    mut cells: Cells,
    mut splice: Splice,
    shutdown: Arc<Notify>,
    errors: UnboundedSender<Error>,
) {
    let Channels {
        mut shell,
        mut control,
        mut stdin,
        outputs,
        key,
        ..
    } = channels;
    let (mut told, to_kernel, _readers) = kernel.read();
    let mut ends = Ends {
        shell: shell.front_ends.clone(),
        control: control.front_ends.clone(),
        stdin: stdin.front_ends.clone(),
        outputs,
        to_kernel,
        shutdown,
        errors,
    };
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let deadline = splice.deadline(Instant::now());
        let events = tokio::select! {
            message = told.recv() => match message {
                None => return,
                Some((Link::Control, Ok(answer))) => {
                    ends.control.answer(answer).await;
                    continue;
                }
                Some((Link::Stdin, Ok(question))) => vec![Event::AsksInput(question)],
                Some((link, Ok(message))) => event(link, message, &key),
                Some((link, Err(source))) => {
                    ends.fail(link, source);
                    continue;
                }
            },
            Some(request) = shell.requests.recv(), if splice.takes_requests() => vec![Event::Shell(request)],
            Some(request) = control.requests.recv() => vec![Event::Control(request)],
            Some(request) = stdin.requests.recv() => vec![Event::Input(request)],
            readable = pipe.readable() => match readable {
                Ok(()) => displays(&mut pipe),
                Err(source) => {
                    ends.fail(Link::Outputs, source);
                    return;
                }
            },
            ready = cells.ready(splice.has_room()) => match ready {
                Ok(ready) => take(ready, &mut cells, &mut pipe),
                // evcxr says that the process does not answer.
                Err(error) => {
                    eprintln!("the process that runs the cells cannot be reached: {error}");
                    continue;
                }
            },
            () = sleep_until(deadline.unwrap_or_else(Instant::now).into()), if deadline.is_some() => Vec::new(),
            _ = look.tick(), if splice.may_wait_for_input() => match cells.waits_for_input() {
                true => {
                    let mut events = printed(cells.stdout(), &mut cells, &mut pipe);
                    events.push(Event::WaitsForInput);
                    events
                }
                false => continue,
            },
        };
        let now = Instant::now();
        for event in events {
            let effects = splice.on(event, now);
            ends.carry_out(effects, &mut cells).await;
        }
        let effects = splice.on_time(now);
        ends.carry_out(effects, &mut cells).await;
    }
}

fn event(link: Link, message: Message, key: &Key) -> Vec<Event> {
    match key.open_answer(message) {
        Ok(message) => vec![match link {
            Link::Outputs => Event::Output(message),
            Link::Shell | Link::Control | Link::Stdin => Event::Answer(message),
        }],
        Err(error) => {
            eprintln!("a message of the kernel's was dropped: {error}");
            Vec::new()
        }
    }
}

fn take(ready: Ready, cells: &mut Cells, pipe: &mut Pipe) -> Vec<Event> {
    match ready {
        Ready::Started => vec![Event::Started],
        Ready::Printed => printed(cells.some_stdout(), cells, pipe),
        Ready::Commands => cells.commands().into_iter().map(Event::Command).collect(),
        Ready::Ended => {
            cells.end();
            let mut events = printed(cells.stdout(), cells, pipe);
            events.push(Event::Ended);
            events
        }
    }
}

/// What the process of the cells has printed, behind the displays whose marks may be in it.
fn printed(stdout: Vec<u8>, cells: &mut Cells, pipe: &mut Pipe) -> Vec<Event> {
    let mut events = displays(pipe);
    events.push(Event::Wrote {
        stdout,
        stderr: cells.stderr(),
    });
    events
}

/// The displays that are in the pipe by now.
fn displays(pipe: &mut Pipe) -> Vec<Event> {
    let mut left = pipe::AT_ONCE;
    std::iter::from_fn(|| pipe.take(&mut left))
        .map(Event::Display)
        .collect()
}

/// The kernel's connections, without the heartbeat.
pub struct Links {
    pub shell: super::kernel::Link,
    pub control: super::kernel::Link,
    pub stdin: super::kernel::Link,
    pub outputs: super::kernel::Link,
}

struct Senders {
    shell: ToKernel,
    control: ToKernel,
    stdin: ToKernel,
    /// The kernel takes a connection that is closed in one direction for closed in both.
    _outputs: ToKernel,
}

type Told = mpsc::Receiver<(Link, io::Result<Message>)>;

impl Links {
    /// Reads from all connections, each in a task of its own.
    fn read(self) -> (Told, Senders, JoinSet<()>) {
        let (sender, told) = mpsc::channel(QUEUE);
        let mut readers = JoinSet::new();
        let mut read = |link, mut from_kernel: FromKernel| {
            let sender = sender.clone();
            readers.spawn(async move {
                loop {
                    let message = from_kernel.receive().await;
                    let closed = message.is_err();
                    if sender.send((link, message)).await.is_err() || closed {
                        return;
                    }
                }
            });
        };
        let (shell, to_shell) = self.shell.split();
        let (control, to_control) = self.control.split();
        let (stdin, to_stdin) = self.stdin.split();
        let (outputs, to_outputs) = self.outputs.split();
        read(Link::Shell, shell);
        read(Link::Control, control);
        read(Link::Stdin, stdin);
        read(Link::Outputs, outputs);
        let senders = Senders {
            shell: to_shell,
            control: to_control,
            stdin: to_stdin,
            _outputs: to_outputs,
        };
        (told, senders, readers)
    }
}

impl From<Kernel> for (Links, super::kernel::Link) {
    fn from(kernel: Kernel) -> Self {
        let Kernel {
            shell,
            control,
            stdin,
            heartbeat,
            outputs,
        } = kernel;
        (
            Links {
                shell,
                control,
                stdin,
                outputs,
            },
            heartbeat,
        )
    }
}

/// Where effects go.
struct Ends {
    shell: Peers,
    control: Peers,
    stdin: Peers,
    outputs: Peers,
    to_kernel: Senders,
    shutdown: Arc<Notify>,
    errors: UnboundedSender<Error>,
}

impl Ends {
    async fn carry_out(&mut self, effects: Vec<Effect>, cells: &mut Cells) {
        for effect in effects {
            match effect {
                Effect::Publish(message) => self.outputs.publish(message).await,
                Effect::Answer(message) => self.shell.answer(message).await,
                Effect::AnswerControl(message) => self.control.answer(message).await,
                Effect::AskForInput(message) => self.stdin.answer(message).await,
                Effect::Ask(message) => {
                    let sent = self.to_kernel.shell.send(&message).await;
                    self.check(Link::Shell, sent);
                }
                Effect::AskControl(message) => {
                    let sent = self.to_kernel.control.send(&message).await;
                    self.check(Link::Control, sent);
                }
                Effect::Input(message) => {
                    let sent = self.to_kernel.stdin.send(&message).await;
                    self.check(Link::Stdin, sent);
                }
                Effect::Shutdown => self.shutdown.notify_one(),
                Effect::TellKernel(line) => cells.tell_kernel(&line).await,
                Effect::Command(line) => cells.command(&line),
                Effect::EndInput => cells.end_input(),
                Effect::HangUp => cells.hang_up(),
                Effect::StopCompilers => cells.stop_compilers(),
            }
        }
    }

    fn check(&self, link: Link, sent: io::Result<()>) {
        if let Err(source) = sent {
            self.fail(link, source);
        }
    }

    fn fail(&self, link: Link, source: io::Error) {
        // The relay may be about to end, and listen no more.
        let _ = self.errors.send(Error::Closed {
            what: link.name(),
            source,
        });
    }
}
