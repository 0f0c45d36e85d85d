//! The same programs on our generators.
//!
//! Each generator of a program is one `generator!`, each `yield` of it one `yield` and each
//! `yield from` one `yield from`: were a nested block a generator of its own, `close` and PEP 479
//! would meet borders there that Python has not. So blocks live on the stack of a [`Frame`], which
//! is plain Rust and decides what the body does next.

use futures_util::FutureExt;
use futures_util::stream::FusedStream;
use hitchhiker::coroutine::*;
use hitchhiker::trace::Trace;
use std::fmt;
use std::future::poll_fn;
use std::slice;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::program::{
    Class, Delegate, Error, Expression, Handler, Program, Statement, Step, Try, Value,
};

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    trace: Option<Trace>,
}

type Running<'p> = BorrowingGenerator<'p, Value, i64, Value>;
type RunningAsync<'p> = BorrowingAsyncGenerator<'p, Value, i64>;

/// The trace of a program.
pub fn trace(program: &Program, close_gives_the_value: bool) -> Vec<String> {
    match program.is_async {
        true => complete(run_async(program, Log::default())),
        false => run(program, close_gives_the_value, Log::default()),
    }
}

/// The trace of a program whose generators a `Trace` wraps, and that one's lines.
pub fn traced(program: &Program, close_gives_the_value: bool) -> (Vec<String>, Vec<String>) {
    let trace = Trace::new();
    let log = Log {
        trace: Some(trace.clone()),
        ..Log::default()
    };
    let lines = run(program, close_gives_the_value, log);
    let mut asked: Vec<String> = vec![];
    let mut seen = vec![];
    for line in trace.text().lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let line = words.join(" ");
        let (who, what) = line.split_once(" → ").expect("nothing is printed");
        // Names have one word, or a number behind it.
        let (_, what) = what.split_once(' ').expect("a name and what happened");
        let number = what
            .split_once(' ')
            .filter(|(number, _)| number.parse::<u32>().is_ok());
        let what = number.map_or(what, |(_, what)| what);
        match what.split(' ').next() {
            // Python keeps its generators until the end.
            Some("drop") => {}
            Some("next" | "send" | "throw" | "close") => {
                asked.push(what.to_owned());
                seen.push(line);
            }
            // Python's `close` gives no value before 3.13, and never tells that `None` was returned.
            answer => match (asked.pop().as_deref(), answer) {
                (Some("close"), Some("return")) if what == "return" || !close_gives_the_value => {
                    let (_, whom) = line.split_once(" → ").expect("as above");
                    let whom = whom.strip_suffix(what).expect("what is at the end");
                    seen.push(format!("{who} → {whom}closed"));
                }
                _ => seen.push(line),
            },
        }
    }
    (lines, seen)
}

fn run(program: &Program, close_gives_the_value: bool, log: Log) -> Vec<String> {
    let mut g = start("program", &program.body, &log);
    for step in &program.steps {
        let outcome = match step {
            Step::Next => next(&mut g),
            Step::Send(value) => g.send(value.0),
            Step::Throw(error) => g.throw(Exception::from(error)),
            Step::Close => g
                .close()
                .map(|value| {
                    value
                        .filter(|_| close_gives_the_value)
                        .unwrap_or(Value(None))
                })
                .map_err(Raised::from),
        };
        let outcome = match outcome {
            Ok(value) => format!("gave {value}"),
            Err(raised) => raised.to_string(),
        };
        write(&log, format!("{outcome} [{:?}]", g.state()));
    }
    drop(g);
    log.lines.into_inner().unwrap()
}

async fn run_async(program: &Program, log: Log) -> Vec<String> {
    let mut g = start_async(&program.body, &log);
    for step in &program.steps {
        let had_ended = g.is_terminated();
        let outcome = match step {
            Step::Next => anext(&mut g).await,
            Step::Send(value) => g.asend(value.0).await,
            // Where Python gives `None`, there is no value to give here.
            Step::Throw(error) => match g.athrow(Exception::from(error)).await {
                Err(AsyncRaised::StopAsyncIteration) if had_ended => Ok(Value(None)),
                outcome => outcome,
            },
            Step::Close => match g.aclose().await {
                Ok(()) => Ok(Value(None)),
                Err(error) => Err(error.into()),
            },
        };
        let outcome = match outcome {
            Ok(value) => format!("gave {value}"),
            Err(raised) => raised.to_string(),
        };
        write(&log, outcome);
    }
    drop(g);
    log.lines.into_inner().unwrap()
}

/// What the future comes to, polled whenever it is pending.
fn complete<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(value) = future.poll_unpin(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

fn write(log: &Log, line: String) {
    log.lines.lock().unwrap().push(line);
}

fn start<'p>(name: &str, body: &'p [Statement], log: &'p Log) -> Running<'p> {
    let generator = generator(body, log);
    match &log.trace {
        Some(trace) => trace.generator(name, generator),
        None => generator,
    }
}

fn generator<'p>(body: &'p [Statement], log: &'p Log) -> Running<'p> {
    generator! {
        let mut frame = Frame { stack: vec![Entry::Block(body.iter())], kept: Value(None), log };
        let mut action = frame.run(Flow::Normal);
        loop {
            let came = match action {
                Action::Yield(value) => try { Value(yield value) },
                Action::Delegate(inner) => try { yield from inner },
                Action::Lend(mut inner) => {
                    let came = try { yield from &mut inner };
                    write(log, format!("inner {:?}", inner.state()));
                    came
                }
                Action::Iterate(values) => try { yield from values; Value(None) },
                Action::Return(value) => return value,
                Action::Raise(error) => Err(error)?,
                Action::Await(_) | Action::Anext(_) => {
                    unreachable!("only an asynchronous program awaits")
                }
            };
            action = frame.resume(came);
        }
    }
}

fn start_async<'p>(body: &'p [Statement], log: &'p Log) -> RunningAsync<'p> {
    async_generator! {
        let mut frame = Frame { stack: vec![Entry::Block(body.iter())], kept: Value(None), log };
        let mut action = frame.run(Flow::Normal);
        loop {
            action = match action {
                Action::Yield(value) => {
                    let came = try { Value(yield value) };
                    frame.resume(came)
                }
                Action::Await(times) => {
                    pause(times).await;
                    frame.run(Flow::Normal)
                }
                Action::Anext(mut inner) => match try { anext(&mut inner).await? } {
                    Ok(value) => {
                        write(log, format!("item {value}"));
                        frame.stack.push(Entry::ForEach(inner));
                        Action::Yield(value)
                    }
                    Err(error) if error.is::<StopAsyncIteration>() => frame.run(Flow::Normal),
                    Err(error) => frame.run(Flow::Raise(error)),
                },
                Action::Return(_) => return,
                Action::Raise(error) => Err(error)?,
                Action::Delegate(_) | Action::Lend(_) | Action::Iterate(_) => {
                    unreachable!("there is no `yield from` in an asynchronous program")
                }
            };
        }
    }
}

/// Is pending so many times.
async fn pause(times: u8) {
    let mut left = times;
    poll_fn(|context| {
        let is_over = left == 0;
        left = left.saturating_sub(1);
        context.waker().wake_by_ref();
        if is_over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// What a body does next.
enum Action<'p> {
    Yield(Value),
    Delegate(Running<'p>),
    Lend(Running<'p>),
    Iterate(list_iterator<'p>),
    Await(u8),
    /// The next step of an `async for`.
    Anext(RunningAsync<'p>),
    Return(Value),
    Raise(Exception),
}

/// How a statement, a block or a loop came to its end.
enum Flow {
    Normal,
    Break,
    Continue,
    Return(Value),
    Raise(Exception),
}

/// What is under way, or waits for what is under way to end.
enum Entry<'p> {
    Block(slice::Iter<'p, Statement>),
    Repeat(u8, &'p [Statement]),
    Handlers(&'p [Handler]),
    Handling {
        error: Exception,
        reraises: bool,
    },
    Finally(&'p [Statement]),
    /// An `async for`, whose body is one `yield`.
    ForEach(RunningAsync<'p>),
    /// What came to its end before the `finally` block that runs now.
    Pending(Flow),
}

struct Frame<'p> {
    stack: Vec<Entry<'p>>,
    kept: Value,
    log: &'p Log,
}

impl<'p> Frame<'p> {
    fn resume(&mut self, came: Result<Value, Exception>) -> Action<'p> {
        match came {
            Ok(value) => {
                self.kept = value;
                write(self.log, format!("received {value}"));
                self.run(Flow::Normal)
            }
            Err(error) => self.run(Flow::Raise(error)),
        }
    }

    fn run(&mut self, mut flow: Flow) -> Action<'p> {
        while let Some(entry) = self.stack.pop() {
            flow = match (entry, flow) {
                (Entry::Block(mut rest), Flow::Normal) => match rest.next() {
                    None => Flow::Normal,
                    Some(statement) => {
                        self.stack.push(Entry::Block(rest));
                        match self.execute(statement) {
                            Ok(flow) => flow,
                            Err(action) => return action,
                        }
                    }
                },
                (Entry::Repeat(0, _), Flow::Normal | Flow::Continue)
                | (Entry::Repeat(..), Flow::Break) => Flow::Normal,
                (Entry::Repeat(times, body), Flow::Normal | Flow::Continue) => {
                    self.stack.push(Entry::Repeat(times - 1, body));
                    self.enter(body)
                }
                (Entry::Handlers(handlers), Flow::Raise(error)) => self.handle(handlers, error),
                (
                    Entry::Handling {
                        error,
                        reraises: true,
                    },
                    Flow::Normal,
                ) => Flow::Raise(error),
                (Entry::Finally(block), flow) => {
                    self.stack.push(Entry::Pending(flow));
                    self.enter(block)
                }
                (Entry::ForEach(inner), Flow::Normal) => return Action::Anext(inner),
                (Entry::Pending(pending), Flow::Normal) => pending,
                (_, flow) => flow,
            };
        }
        match flow {
            Flow::Raise(error) => Action::Raise(error),
            Flow::Return(value) => Action::Return(value),
            Flow::Normal | Flow::Break | Flow::Continue => Action::Return(Value(None)),
        }
    }

    fn enter(&mut self, block: &'p [Statement]) -> Flow {
        self.stack.push(Entry::Block(block.iter()));
        Flow::Normal
    }

    fn handle(&mut self, handlers: &'p [Handler], error: Exception) -> Flow {
        let catches = |handler: &&Handler| handler.class.is_none_or(|class| is(&error, class));
        let Some(handler) = handlers.iter().find(catches) else {
            return Flow::Raise(error);
        };
        write(self.log, format!("caught {error}"));
        let reraises = handler.reraises;
        self.stack.push(Entry::Handling { error, reraises });
        self.enter(&handler.body)
    }

    /// Runs a statement that does not suspend the body, or tells what does.
    fn execute(&mut self, statement: &'p Statement) -> Result<Flow, Action<'p>> {
        Ok(match statement {
            Statement::Log(number) => {
                write(self.log, number.to_string());
                Flow::Normal
            }
            Statement::Yield(value) => return Err(Action::Yield(self.evaluate(value))),
            Statement::Iterate(values) => {
                return Err(Action::Iterate(list_iterator(values.iter())));
            }
            Statement::Await(times) => return Err(Action::Await(*times)),
            Statement::ForEach(body) => return Err(Action::Anext(start_async(body, self.log))),
            Statement::Raise(error) => Flow::Raise(error.into()),
            Statement::Return(value) => Flow::Return(self.evaluate(value)),
            Statement::Break => Flow::Break,
            Statement::Continue => Flow::Continue,
            Statement::If(value, then, or_else) => {
                self.enter(if self.kept == *value { then } else { or_else })
            }
            Statement::Repeat(times, body) => {
                self.stack.push(Entry::Repeat(*times, body));
                Flow::Normal
            }
            Statement::Try(Try {
                body,
                handlers,
                finally,
            }) => {
                self.stack.push(Entry::Finally(finally));
                self.stack.push(Entry::Handlers(handlers));
                self.enter(body)
            }
            Statement::Delegate(Delegate {
                body,
                is_primed,
                is_lent,
            }) => {
                let mut inner = start("inner", body, self.log);
                if *is_primed {
                    match next(&mut inner) {
                        Ok(value) => write(self.log, format!("primed {value}")),
                        Err(raised) => return Ok(Flow::Raise(raised.into())),
                    }
                }
                return Err(match is_lent {
                    true => Action::Lend(inner),
                    false => Action::Delegate(inner),
                });
            }
        })
    }

    fn evaluate(&self, expression: &Expression) -> Value {
        match expression {
            Expression::Constant(value) => *value,
            Expression::Kept => self.kept,
        }
    }
}

/// Called as Python calls it, for the message of the `AttributeError` that names it.
#[allow(non_camel_case_types)]
struct list_iterator<'p>(slice::Iter<'p, i64>);

impl Iterator for list_iterator<'_> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        self.0.next().map(|number| Value(Some(*number)))
    }
}

#[derive(Debug)]
struct LookupError(String);

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LookupError {}

impl From<&Error> for Exception {
    fn from(error: &Error) -> Self {
        let message = error.number.to_string();
        match error.class {
            Class::Value => ValueError::new(message).into(),
            Class::Type => TypeError::new(message).into(),
            Class::Runtime => RuntimeError::new(message).into(),
            Class::Attribute => AttributeError::new(message).into(),
            Class::Lookup => LookupError(message).into(),
            Class::GeneratorExit => GeneratorExit.into(),
            Class::StopAsyncIteration => StopAsyncIteration.into(),
            Class::StopIteration => StopIteration {
                value: Some(error.number),
            }
            .into(),
        }
    }
}

fn is(error: &Exception, class: Class) -> bool {
    match class {
        Class::Value => error.is::<ValueError>(),
        Class::Type => error.is::<TypeError>(),
        Class::Runtime => error.is::<RuntimeError>(),
        Class::Attribute => error.is::<AttributeError>(),
        Class::Lookup => error.is::<LookupError>(),
        Class::GeneratorExit => error.is::<GeneratorExit>(),
        Class::StopAsyncIteration => error.is::<StopAsyncIteration>(),
        Class::StopIteration => error.to_string().starts_with("StopIteration"),
    }
}
