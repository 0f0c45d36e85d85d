//! What front ends see of evcxr and its cells, and what evcxr sees of front ends: a state machine without I/O.
//!
//! [`Splice::on`] takes an [`Event`] and the time, and gives the [`Effect`]s that the event has. The code that runs
//! the machine calls [`Splice::on_time`] at [`Splice::deadline`]. The machine opens no file, waits for nothing
//! and asks no clock, so its tests take milliseconds.
//!
//! Where the process of the cells writes to the relay ([`Event::Started`]), the machine takes apart what comes
//! from there: printed text goes to the front ends, lines for evcxr go to evcxr, each behind what was printed
//! before. So everything that a cell has printed is sent before evcxr learns that the cell has ended. Elsewhere
//! evcxr passes on what it reads, a line at a time; it may send a line of stderr about a millisecond after the
//! end of a cell, so a short silence has to show that nothing more comes.
//!
//! | module | its part |
//! |---|---|
//! | [`message`] | takes Jupyter's messages apart, and signs them |
//! | [`requests`] | says who answers a request, and what is wrong with evcxr's answer |
//! | [`code`] | reads positions and brackets in a cell's code |
//! | [`stdout`] | tells what a cell prints from what its process tells evcxr |
//! | [`displays`] | says which display is sent when |
//! | [`outbox`] | keeps what waits to be sent, in its order |
//! | [`pace`] | says how fast text may be sent |

mod code;
mod displays;
pub mod message;
mod outbox;
mod pace;
#[cfg(test)]
mod random;
mod requests;
mod stdout;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use self::displays::{Display, Displays, Mark};
use self::message::{KernelMessage, Key, Message, Request};
use self::outbox::{Item, Outbox, Stream};
use self::requests::{Failure, Way};
use self::stdout::{Decoder, Line, Part, Scanner};
use crate::protocol::{Act, MARK};

pub use self::requests::CELL;

/// What something looks like: the content of each media type, as Jupyter takes it.
pub type Formats = Map<String, Value>;

/// What is to be done with the display of this id.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub act: Act,
    pub id: String,
    pub formats: Formats,
}

/// How long an update of a display waits for a newer one. A page that gets updates faster than it can draw them
/// does nothing else.
const REST: Duration = Duration::from_millis(50);

/// How long evcxr is silent after a cell's end where it passes on what the cell prints. It sends its last lines
/// up to 1.2 ms after that end.
const SILENCE: Duration = Duration::from_millis(20);

/// How long a cell's end waits for that silence at the most: a thread that the cell has started may never stop
/// printing.
const LONGEST_SILENCE: Duration = Duration::from_secs(1);

/// How long an answer of evcxr's may be underway after everything else of the request has come.
const LATE: Duration = Duration::from_secs(1);

/// How long nobody asks for anything before evcxr reads ahead. A front end that runs all cells at once sends the
/// first one sooner than that, and must not wait.
const READING: Duration = Duration::from_millis(500);

/// How often compilers are stopped for a cell that was interrupted.
const STOP: Duration = Duration::from_millis(100);

/// How much memory the waiting requests may take, about, in bytes. Others wait in their front ends.
const WAITING: usize = 32 << 20;

/// How much of a cell's stderr is kept to name the error, in bytes.
const REMEMBERED: usize = 256 << 10;

/// What has happened.
#[derive(Debug)]
pub enum Event {
    /// A front end asks on the shell channel.
    Shell(Request),
    /// A front end asks on the control channel.
    Control(Request),
    /// A front end sends input on the stdin channel.
    Input(Request),
    /// evcxr answers on the shell channel.
    Answer(KernelMessage),
    /// evcxr tells everybody something.
    Output(KernelMessage),
    /// evcxr asks a front end for input, on the stdin channel.
    AsksInput(Message),
    /// The process of the cells has started, and writes to the relay.
    Started,
    /// That process has written this to stdout and stderr.
    Wrote { stdout: Vec<u8>, stderr: Vec<u8> },
    /// A thread of a running cell waits for input that nobody gives.
    WaitsForInput,
    /// evcxr has sent the process a line, here without its end.
    Command(String),
    /// The process has ended, and everything that it wrote has come.
    Ended,
    /// The crate `hitchhiker` wants something shown.
    Display(Record),
}

/// What has to be done.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Everybody is told something.
    Publish(Message),
    /// The front end of the identity in the first frame gets an answer on the shell channel.
    Answer(Message),
    /// The same on the control channel.
    AnswerControl(Message),
    /// The same on the stdin channel.
    AskForInput(Message),
    /// evcxr is asked on the shell channel.
    Ask(Message),
    /// evcxr is asked on the control channel.
    AskControl(Message),
    /// evcxr gets input on the stdin channel.
    Input(Message),
    /// evcxr was asked to end.
    Shutdown,
    /// evcxr reads this line, here without its end, as if the process of the cells had printed it.
    TellKernel(String),
    /// The process of the cells gets this line, here without its end.
    Command(String),
    /// The process of the cells reads the end of its input, once.
    EndInput,
    /// evcxr learns that the process of the cells has ended.
    HangUp,
    /// The compilers that evcxr runs are ended.
    StopCompilers,
}

/// What evcxr does for a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Anything but running it.
    Compiling,
    /// The cell's code runs.
    Running,
}

/// The last cell.
#[derive(Debug)]
struct Cell {
    /// The header of its request, which all its outputs refer to.
    header: Arc<Value>,
    phase: Phase,
    failure: Option<Failure>,
    /// The phase in which the cell was interrupted.
    interrupted: Option<Phase>,
    /// The end of what it has printed to stderr.
    stderr: String,
}

/// The request that evcxr works on.
#[derive(Debug)]
struct Current {
    request: Request,
    /// evcxr's answer, if it waits to be sent.
    answer: Option<KernelMessage>,
    /// Whether the answer is on its way to the front end.
    answered: bool,
    /// evcxr has said that it is done, at this time.
    idle: Option<(KernelMessage, Instant)>,
}

/// What comes at a cell's end and waits for a silence.
#[derive(Debug)]
struct Held {
    messages: Vec<KernelMessage>,
    since: Instant,
    last: Instant,
}

pub struct Splice {
    key: Arc<Key>,
    effects: Vec<Effect>,
    /// The requests that wait for the current one.
    waiting: VecDeque<Request>,
    current: Option<Current>,
    /// Whether the end of a request waits to be sent, and whether it aborts the cells that wait.
    is_ending: bool,
    aborts: bool,
    /// What the relay itself asks while the reader still reads. Front ends learn nothing of it.
    ahead: Option<Request>,
    ahead_id: String,
    /// When a front end asked for something last.
    asked: Instant,
    cell: Option<Cell>,
    /// How many cells did not count although evcxr has counted them.
    uncounted: u64,
    outbox: Outbox,
    displays: Displays,
    /// When the next updates of displays may be sent.
    rested: Instant,
    held: Option<Held>,
    /// Whether the process of the cells writes to the relay.
    is_spliced: bool,
    scanner: Scanner,
    stdout: Decoder,
    stderr: Decoder,
    /// The command that makes the process print what a cell has left in its buffer.
    flush: Option<String>,
    is_flushing: bool,
    /// When the compilers are to be stopped again: evcxr may start another one.
    stops: Option<Instant>,
    /// Whether evcxr itself waits for input of a front end's.
    asks_input: bool,
    /// Whether the process of the cells waits for a line that evcxr gives.
    awaits_input: bool,
}

impl Splice {
    /// `ahead` is what evcxr is asked before the first cell, `flush` is what makes the process of the cells
    /// print what is in its buffer.
    pub fn new(key: Arc<Key>, ahead: Option<Request>, flush: Option<String>, now: Instant) -> Self {
        Self {
            key,
            effects: Vec::new(),
            waiting: VecDeque::new(),
            current: None,
            is_ending: false,
            aborts: false,
            ahead_id: ahead
                .as_ref()
                .map(|it| it.id().to_owned())
                .unwrap_or_default(),
            ahead,
            asked: now,
            cell: None,
            uncounted: 0,
            outbox: Outbox::default(),
            displays: Displays::default(),
            rested: now,
            held: None,
            is_spliced: false,
            scanner: Scanner::default(),
            stdout: Decoder::default(),
            stderr: Decoder::default(),
            flush,
            is_flushing: false,
            stops: None,
            asks_input: false,
            awaits_input: false,
        }
    }

    /// What an event has for effects.
    pub fn on(&mut self, event: Event, now: Instant) -> Vec<Effect> {
        match event {
            Event::Shell(request) => self.shell(request, now),
            Event::Control(request) => self.control(request, now),
            Event::Input(request) => {
                self.asks_input = false;
                self.effects
                    .push(Effect::Input(self.key.seal_request(&request)));
            }
            Event::Answer(answer) => self.answer(answer),
            Event::Output(output) => self.output(output, now),
            Event::AsksInput(question) => {
                self.asks_input = true;
                self.effects.push(Effect::AskForInput(question));
            }
            Event::Started => self.started(),
            Event::Wrote { stdout, stderr } => self.wrote(&stdout, &stderr),
            Event::WaitsForInput if self.may_wait_for_input() => {
                self.effects.push(Effect::EndInput)
            }
            Event::WaitsForInput => {}
            Event::Command(line) => self.command(line),
            Event::Ended => self.ended(),
            Event::Display(record) => {
                if let Some(display) = self.displays.take(record) {
                    self.show(display);
                }
            }
        }
        self.on_time(now)
    }

    /// What the time has for effects.
    pub fn on_time(&mut self, now: Instant) -> Vec<Effect> {
        if self.displays.has_updates() && self.rested <= now {
            self.rested = now + REST;
            for update in self.displays.updates() {
                self.show(update);
            }
        }
        if self.silence_ends().is_some_and(|end| end <= now) {
            for message in self.held.take().into_iter().flat_map(|held| held.messages) {
                self.end_message(message, now);
            }
        }
        if self.answer_is_late().is_some_and(|late| late <= now) {
            self.answer_failure("evcxr has given no answer");
        }
        if self.stops.is_some_and(|at| at <= now) {
            self.stops = Some(now + STOP);
            self.effects.push(Effect::StopCompilers);
        }
        self.finish();
        self.send(now);
        if self.reads_ahead().is_some_and(|at| at <= now)
            && let Some(question) = self.ahead.take()
        {
            self.ask(question);
        }
        std::mem::take(&mut self.effects)
    }

    /// When [`on_time`](Self::on_time) has something to do.
    pub fn deadline(&mut self, now: Instant) -> Option<Instant> {
        let updates = self.displays.has_updates().then_some(self.rested);
        let times = [
            updates,
            self.silence_ends(),
            self.answer_is_late(),
            self.outbox.next(now),
            self.reads_ahead(),
            self.stops,
        ];
        times.into_iter().flatten().min()
    }

    /// Whether there is room for what the process of the cells writes.
    pub fn has_room(&self) -> bool {
        self.outbox.has_room()
    }

    /// Whether there is room for another request on the shell channel.
    pub fn takes_requests(&self) -> bool {
        self.waiting.iter().map(Request::size).sum::<usize>() < WAITING
    }

    /// Whether a thread that waits for input would wait for ever.
    pub fn may_wait_for_input(&self) -> bool {
        let runs = self
            .cell
            .as_ref()
            .is_some_and(|cell| cell.phase == Phase::Running);
        self.is_spliced && runs && !self.awaits_input && !self.is_flushing
    }

    fn silence_ends(&self) -> Option<Instant> {
        let held = self.held.as_ref()?;
        Some((held.last + SILENCE).min(held.since + LONGEST_SILENCE))
    }

    fn answer_is_late(&self) -> Option<Instant> {
        let current = self.current.as_ref()?;
        let (_, since) = current.idle.as_ref()?;
        (!current.answered && current.answer.is_none()).then(|| *since + LATE)
    }

    fn reads_ahead(&self) -> Option<Instant> {
        (self.ahead.is_some() && self.current.is_none() && !self.is_ending)
            .then(|| self.asked + READING)
    }
}

/// Requests.
impl Splice {
    fn shell(&mut self, request: Request, now: Instant) {
        self.asked = now;
        if request.kind() == CELL {
            self.ahead = None;
        }
        self.waiting.push_back(request);
        self.ask_next();
    }

    fn ask_next(&mut self) {
        while self.current.is_none()
            && !self.is_ending
            && let Some(request) = self.waiting.pop_front()
        {
            match requests::way(request.kind()) {
                Way::Kernel => self.ask(request),
                Way::Answered(kind, content) => self.reply(&request, Some((kind, content))),
                Way::Noted => self.reply(&request, None),
                Way::Unknown => {
                    let kind = requests::reply_kind(request.kind());
                    let content = requests::error(
                        "UnknownRequest",
                        "this kernel does not know such a request",
                    );
                    self.reply(&request, Some((&kind, content)));
                }
            }
        }
    }

    fn ask(&mut self, mut request: Request) {
        requests::translate(&mut request);
        let message = self.key.seal_request(&request);
        if request.kind() == CELL {
            self.outbox.begin_cell();
            self.cell = Some(Cell {
                header: Arc::new(request.header.clone()),
                phase: Phase::Compiling,
                failure: None,
                interrupted: None,
                stderr: String::new(),
            });
        }
        self.effects.push(Effect::Ask(message));
        let answered = !requests::is_answered(request.kind());
        self.current = Some(Current {
            request,
            answer: None,
            answered,
            idle: None,
        });
    }

    /// Answers a request without evcxr.
    fn reply(&mut self, request: &Request, answer: Option<(&str, Value)>) {
        self.tell(request, "busy");
        if let Some((kind, content)) = answer {
            let answer = self
                .key
                .make(&request.identities, kind, &request.header, &content);
            self.effects.push(Effect::Answer(answer));
        }
        self.tell(request, "idle");
    }

    fn tell(&mut self, request: &Request, state: &str) {
        let content = json!({"execution_state": state});
        let status = self.key.make(&[], "status", &request.header, &content);
        self.effects.push(Effect::Publish(status));
    }

    fn control(&mut self, request: Request, now: Instant) {
        let content = match request.kind() {
            "interrupt_request" => match self.interrupt(now) {
                true => {
                    return self
                        .effects
                        .push(Effect::AskControl(self.key.seal_request(&request)));
                }
                false => json!({"status": "ok"}),
            },
            "shutdown_request" => {
                self.effects.push(Effect::Shutdown);
                return self
                    .effects
                    .push(Effect::AskControl(self.key.seal_request(&request)));
            }
            "kernel_info_request" => {
                return self
                    .effects
                    .push(Effect::AskControl(self.key.seal_request(&request)));
            }
            _ => requests::error("UnknownRequest", "this kernel does not know such a request"),
        };
        let kind = requests::reply_kind(request.kind());
        let answer = self
            .key
            .make(&request.identities, &kind, &request.header, &content);
        self.effects.push(Effect::AnswerControl(answer));
    }

    /// Interrupts the cell, and says whether evcxr has to be asked for that. evcxr would end the process of the
    /// cells even where no cell runs.
    fn interrupt(&mut self, now: Instant) -> bool {
        let runs = self
            .current
            .as_ref()
            .is_some_and(|current| current.request.kind() == CELL);
        let Some(cell) = self.cell.as_mut().filter(|_| runs) else {
            return false;
        };
        let phase = match self.is_spliced {
            true => cell.phase,
            false => Phase::Running,
        };
        cell.interrupted.get_or_insert(phase);
        if phase == Phase::Compiling {
            self.stops = Some(now);
            return false;
        }
        if !self.is_spliced {
            self.give_input();
        }
        true
    }

    /// evcxr waits for input, whatever has become of the cell that asked for it.
    fn give_input(&mut self) {
        if std::mem::take(&mut self.asks_input)
            && let Some(cell) = &self.cell
        {
            let content = json!({"value": ""});
            let nothing = self.key.make(&[], "input_reply", &cell.header, &content);
            self.effects.push(Effect::Input(nothing));
        }
    }

    /// The front ends of cells that wait are told that these do not run.
    fn abort(&mut self) {
        let (cells, others) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|it| it.kind() == CELL);
        self.waiting = others;
        let cells: VecDeque<Request> = cells;
        for cell in cells {
            self.reply(&cell, Some(("execute_reply", json!({"status": "aborted"}))));
        }
    }
}

/// Answers, and the end of a request.
impl Splice {
    fn answer(&mut self, answer: KernelMessage) {
        let id = answer.parent_id().unwrap_or_default();
        if id == self.ahead_id && !id.is_empty() {
            return;
        }
        match &mut self.current {
            Some(current) if current.request.id() == id => current.answer = Some(answer),
            // An answer that was given up.
            _ => return,
        }
        let Some(current) = &self.current else { return };
        let cell = self
            .cell
            .as_ref()
            .filter(|_| current.request.kind() == CELL);
        let failed = cell.is_some_and(|cell| cell.failure.is_some() || cell.interrupted.is_some());
        let ok = current
            .answer
            .as_ref()
            .is_some_and(|answer| answer.content()["status"] != "error");
        // What went wrong is complete when evcxr is idle.
        if cell.is_none() || (ok && !failed) {
            self.send_answer();
        }
    }

    /// Sends evcxr's answer to the current request, corrected.
    fn send_answer(&mut self) {
        let Some(current) = &mut self.current else {
            return;
        };
        let Some(answer) = current.answer.take() else {
            return;
        };
        current.answered = true;
        let mut content = answer.content();
        let is_cell = current.request.kind() == CELL;
        let mut changed = is_cell && recount(&mut content, self.uncounted);
        if let Some(cell) = self.cell.as_ref().filter(|_| is_cell)
            && let Some(failure) = &cell.failure
        {
            let count = content["execution_count"].take();
            content = failure.content();
            content["status"] = "error".into();
            content["execution_count"] = count;
            changed = true;
        }
        let corrected = requests::corrected(&current.request, &content);
        let message = match corrected {
            Some(content) => self.key.with_content(&answer, &content),
            None if changed => self.key.with_content(&answer, &content),
            None => answer.frames,
        };
        self.effects.push(Effect::Answer(message));
    }

    /// Answers the current request, since evcxr has not.
    fn answer_failure(&mut self, why: &str) {
        let Some(current) = &mut self.current else {
            return;
        };
        current.answered = true;
        let request = &current.request;
        let kind = requests::reply_kind(request.kind());
        let content = requests::error("Error", why);
        let answer = self
            .key
            .make(&request.identities, &kind, &request.header, &content);
        self.effects.push(Effect::Answer(answer));
    }

    fn output(&mut self, output: KernelMessage, now: Instant) {
        let parent = output.parent_id().unwrap_or_default();
        let is_ahead = !parent.is_empty() && parent == self.ahead_id;
        let is_current = self
            .current
            .as_ref()
            .is_some_and(|current| current.request.id() == parent);
        match output.kind() {
            "status" if is_ahead => {
                if output.content()["execution_state"] == "idle" && is_current {
                    self.current = None;
                    self.ask_next();
                }
                return;
            }
            "status" if is_current && output.content()["execution_state"] == "idle" => {
                return self.hold(output, now);
            }
            "execute_result" | "error" if is_current => return self.hold(output, now),
            "execute_input" if is_current => {
                self.displays.begin_cell();
                return self.count_message(output);
            }
            "stream" => {
                if let Some(held) = &mut self.held {
                    held.last = now;
                }
                let content = output.content();
                let text = content["text"].as_str().unwrap_or_default();
                return match content["name"] == "stderr" {
                    true => self.print_stderr(text.as_bytes()),
                    // The process has printed this before it wrote to the relay.
                    false if self.is_spliced => self.print_stdout(text.as_bytes()),
                    false => self.wrote(text.as_bytes(), &[]),
                };
            }
            _ => {}
        }
        self.outbox.push(Item::Message(output));
    }

    /// Takes a message of a cell's end: at once, or after a silence.
    fn hold(&mut self, message: KernelMessage, now: Instant) {
        let is_cell = self
            .current
            .as_ref()
            .is_some_and(|current| current.request.kind() == CELL);
        if self.is_spliced || !is_cell {
            return self.end_message(message, now);
        }
        let held = self.held.get_or_insert_with(|| Held {
            messages: Vec::new(),
            since: now,
            last: now,
        });
        held.messages.push(message);
    }

    fn end_message(&mut self, message: KernelMessage, now: Instant) {
        match message.kind() {
            "status" => {
                if let Some(current) = &mut self.current {
                    current.idle = Some((message, now));
                }
            }
            "error" => self.fail(message),
            _ => self.count_message(message),
        }
    }

    /// evcxr says what is wrong with the cell.
    fn fail(&mut self, message: KernelMessage) {
        let Some(cell) = &mut self.cell else { return };
        if cell.interrupted.is_some() {
            // The reason is told at the end: what evcxr says is a consequence.
            return;
        }
        let told = Failure::told(&message.content());
        let explained = told.clone().explained();
        let item = match explained == told {
            true => Item::Message(message),
            false => Item::Made(self.key.with_content(&message, &explained.content())),
        };
        // The first error is the cause of the others.
        cell.failure.get_or_insert(explained);
        self.outbox.push(item);
    }

    /// Sends a message that has an execution count, unless the cell is silent.
    fn count_message(&mut self, message: KernelMessage) {
        if self.option("silent", false) {
            return;
        }
        let mut content = message.content();
        let item = match recount(&mut content, self.uncounted) {
            true => Item::Made(self.key.with_content(&message, &content)),
            false => Item::Message(message),
        };
        self.outbox.push(item);
    }

    /// What the request of the current cell says of something.
    fn option(&self, name: &str, default: bool) -> bool {
        let current = self.current.as_ref();
        current
            .and_then(|current| current.request.content[name].as_bool())
            .unwrap_or(default)
    }

    /// Ends the current request when evcxr has done everything for it.
    fn finish(&mut self) {
        let done = |current: &Current| {
            current.idle.is_some() && (current.answered || current.answer.is_some())
        };
        if !self.current.as_ref().is_some_and(done) {
            return;
        }
        let is_cell = self
            .current
            .as_ref()
            .is_some_and(|current| current.request.kind() == CELL);
        let stops = self.option("stop_on_error", true);
        let mut failed = false;
        if is_cell {
            self.end_cell(stops);
            failed = self
                .cell
                .as_ref()
                .is_some_and(|cell| cell.failure.is_some());
        }
        self.send_answer();
        if is_cell && (self.option("silent", false) || !self.option("store_history", true)) {
            self.uncounted += 1;
        }
        if let Some(Current {
            idle: Some((idle, _)),
            ..
        }) = self.current.take()
        {
            self.outbox.push(Item::End(idle));
            self.is_ending = true;
        }
        self.aborts = failed && stops;
    }

    /// Sends what belongs before the end of a cell.
    fn end_cell(&mut self, stops: bool) {
        for display in self.displays.end_cell() {
            self.show(display);
        }
        self.is_flushing = false;
        self.asks_input = false;
        self.stops = None;
        let Some(cell) = &mut self.cell else { return };
        cell.phase = Phase::Compiling;
        if let Some(phase) = cell.interrupted {
            cell.failure = Some(Failure::interrupted(phase == Phase::Running));
        } else if !cell.is_printed_only() || !stops {
            return;
        }
        // A program that stops at an error looks for this message. Where it does not, the text that evcxr has
        // printed is enough.
        if let Some(failure) = &cell.failure {
            let error = self
                .key
                .make(&[], "error", &cell.header, &failure.content());
            self.outbox.push(Item::Made(error));
        }
    }
}

/// What the process of the cells writes and reads.
impl Splice {
    fn started(&mut self) {
        self.is_spliced = true;
        self.scanner = Scanner::default();
        self.stdout = Decoder::default();
        self.stderr = Decoder::default();
        self.is_flushing = false;
        self.awaits_input = false;
    }

    /// What was written to stderr may be older than a line for evcxr that came with it.
    fn wrote(&mut self, stdout: &[u8], stderr: &[u8]) {
        let mut stderr = Some(stderr);
        for part in self.scanner.push(stdout) {
            match part {
                Part::Text(bytes) => self.print_stdout(&bytes),
                Part::Mark(id) => match self.displays.at_mark(&id) {
                    Mark::Here(display) => {
                        self.end_stdout();
                        self.show(display);
                    }
                    Mark::Late => {}
                    Mark::None => self.print_stdout(format!("{MARK}{id}\n").as_bytes()),
                },
                Part::Line(line, text) => {
                    self.print_stderr(stderr.take().unwrap_or_default());
                    self.line(line, text);
                }
            }
        }
        self.print_stderr(stderr.unwrap_or_default());
    }

    fn print_stdout(&mut self, bytes: &[u8]) {
        let text = self.stdout.push(bytes);
        self.print(Stream::Stdout, text);
    }

    fn print_stderr(&mut self, bytes: &[u8]) {
        let text = self.stderr.push(bytes);
        self.print(Stream::Stderr, text);
    }

    /// A line that the process has for evcxr.
    fn line(&mut self, line: Line, text: String) {
        if line == Line::Complete
            && !self.is_flushing
            && let Some(flush) = &self.flush
        {
            self.is_flushing = true;
            return self.effects.push(Effect::Command(flush.clone()));
        }
        if line == Line::Complete {
            self.is_flushing = false;
            self.end_stderr();
            // From here on the process waits for evcxr.
            self.compiles();
        }
        self.end_stdout();
        self.outbox.push(Item::Line(line, text));
    }

    /// No code of a cell runs.
    fn compiles(&mut self) {
        if let Some(cell) = &mut self.cell {
            cell.phase = Phase::Compiling;
        }
    }

    /// What has begun as a character on stdout is none.
    fn end_stdout(&mut self) {
        let text = self.stdout.finish();
        self.print(Stream::Stdout, text);
    }

    fn end_stderr(&mut self) {
        let text = self.stderr.finish();
        self.print(Stream::Stderr, text);
    }

    fn print(&mut self, stream: Stream, text: String) {
        // Nothing is printed before the first cell.
        let Some(cell) = &mut self.cell else { return };
        if stream == Stream::Stderr {
            cell.stderr.push_str(&text);
            if cell.stderr.len() > 2 * REMEMBERED {
                let mut cut = cell.stderr.len() - REMEMBERED;
                while !cell.stderr.is_char_boundary(cut) {
                    cut += 1;
                }
                cell.stderr.drain(..cut);
            }
        }
        self.outbox
            .push(Item::Text(stream, text, cell.header.clone()));
    }

    fn show(&mut self, display: Display) {
        let Some(cell) = &self.cell else { return };
        self.outbox
            .push(Item::Display(display, cell.header.clone()));
    }

    fn command(&mut self, line: String) {
        self.awaits_input = false;
        if line.starts_with("LOAD_AND_RUN ")
            && let Some(cell) = &mut self.cell
        {
            if cell.interrupted.is_some() {
                self.stops = None;
                // evcxr takes this for a panic, and forgets the variables that the cell would have defined.
                for (line, text) in [
                    (Line::Other, stdout::PANIC),
                    (Line::Complete, stdout::COMPLETE),
                ] {
                    self.outbox.push(Item::Line(line, text.to_owned()));
                }
                return;
            }
            cell.phase = Phase::Running;
        }
        self.effects.push(Effect::Command(line));
    }

    fn ended(&mut self) {
        let rest = self.scanner.finish();
        self.print_stdout(&rest);
        self.end_stdout();
        self.end_stderr();
        self.compiles();
        self.give_input();
        self.outbox.push(Item::Ended);
    }
}

/// What is sent.
impl Splice {
    /// Sends what may be sent by now.
    fn send(&mut self, now: Instant) {
        while let Some(item) = self.outbox.take(now) {
            let message = match item {
                Item::Text(stream, text, parent) => {
                    let content = json!({"name": stream.name(), "text": text});
                    self.key.make(&[], "stream", &parent, &content)
                }
                Item::Display(display, parent) => self.display(display, &parent),
                Item::Message(message) => message.frames,
                Item::Made(message) => message,
                Item::End(message) => {
                    self.effects.push(Effect::Publish(message.frames));
                    self.is_ending = false;
                    if std::mem::take(&mut self.aborts) {
                        self.abort();
                    }
                    self.ask_next();
                    continue;
                }
                Item::Line(line, text) => {
                    self.told(line);
                    self.effects.push(Effect::TellKernel(text));
                    continue;
                }
                Item::Ended => {
                    self.effects.push(Effect::HangUp);
                    continue;
                }
            };
            self.effects.push(Effect::Publish(message));
        }
    }

    /// evcxr is told something about the cell.
    fn told(&mut self, line: Line) {
        let Some(cell) = &mut self.cell else { return };
        match line {
            Line::Panic => cell.failure = Some(Failure::panic(&cell.stderr)),
            Line::Raised => cell.failure = Some(Failure::raised(&cell.stderr)),
            Line::Input => self.awaits_input = true,
            Line::Complete | Line::Other => {}
        }
    }

    fn display(&self, display: Display, parent: &Value) -> Message {
        let (kind, id, formats) = match display {
            Display::New(id, formats) => ("display_data", id, formats),
            Display::Update(id, formats) => ("update_display_data", id, formats),
        };
        let content = json!({"data": formats, "metadata": {}, "transient": {"display_id": id}});
        self.key.make(&[], kind, parent, &content)
    }
}

impl Cell {
    /// Whether evcxr has printed what is wrong, and sent no message of it.
    fn is_printed_only(&self) -> bool {
        self.failure
            .as_ref()
            .is_some_and(|failure| failure.is_printed)
    }
}

/// Corrects an execution count, and says whether it has changed.
fn recount(content: &mut Value, uncounted: u64) -> bool {
    match content["execution_count"].as_u64() {
        Some(count) if uncounted > 0 => {
            content["execution_count"] = count.saturating_sub(uncounted).into();
            true
        }
        _ => false,
    }
}
