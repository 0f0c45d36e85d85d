//! Random coroutine programs, and how each is written in Python.

use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::{self, Debug, Display};

/// What is yielded, sent and returned: `None` or a small number.
#[derive(Clone, Copy, PartialEq)]
pub struct Value(pub Option<i64>);

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("None"),
            Some(number) => Display::fmt(&number, f),
        }
    }
}

impl Debug for Value {
    /// As `StopIteration` shows it: `()` stands for Python's `None`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Debug::fmt(&(), f),
            Some(number) => Debug::fmt(&number, f),
        }
    }
}

/// The classes of error that programs raise and drivers throw.
#[derive(Clone, Copy, Debug)]
pub enum Class {
    Value,
    Type,
    Runtime,
    Attribute,
    /// On the Rust side an error of the reader's own.
    Lookup,
    GeneratorExit,
    StopIteration,
    StopAsyncIteration,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::Value => "ValueError",
            Self::Type => "TypeError",
            Self::Runtime => "RuntimeError",
            Self::Attribute => "AttributeError",
            Self::Lookup => "LookupError",
            Self::GeneratorExit => "GeneratorExit",
            Self::StopIteration => "StopIteration",
            Self::StopAsyncIteration => "StopAsyncIteration",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Error {
    pub class: Class,
    /// Its message; a `GeneratorExit` and a `StopAsyncIteration` have none.
    pub number: i64,
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class {
            Class::GeneratorExit | Class::StopAsyncIteration => {
                write!(f, "{}()", self.class.name())
            }
            class => write!(f, "{}({})", class.name(), self.number),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Expression {
    Constant(Value),
    /// What the last `yield` or `yield from` evaluated to.
    Kept,
}

impl Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => Display::fmt(value, f),
            Self::Kept => f.write_str("kept"),
        }
    }
}

pub type Block = Vec<Statement>;

#[derive(Clone, Debug)]
pub enum Statement {
    Log(i64),
    Yield(Expression),
    Delegate(Delegate),
    /// `yield from` an iterator that is no generator.
    Iterate(Vec<i64>),
    /// An `await` that suspends so many times.
    Await(u8),
    /// `async for` over an inner generator, each value of which is yielded.
    ForEach(Block),
    Raise(Error),
    Return(Expression),
    Break,
    Continue,
    If(Value, Block, Block),
    Repeat(u8, Block),
    Try(Try),
}

#[derive(Clone, Debug)]
pub struct Delegate {
    pub body: Block,
    /// The body calls `next` on it first.
    pub is_primed: bool,
    /// Rust delegates to a reference to it, and both look at its state afterwards.
    pub is_lent: bool,
}

#[derive(Clone, Debug)]
pub struct Try {
    pub body: Block,
    pub handlers: Vec<Handler>,
    pub finally: Block,
}

#[derive(Clone, Debug)]
pub struct Handler {
    /// `None` catches anything.
    pub class: Option<Class>,
    pub body: Block,
    pub reraises: bool,
}

/// What the driver does with the generator.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Next,
    Send(Value),
    Throw(Error),
    Close,
}

/// A body and what is done with its generator. `{}` writes it in Python.
#[derive(Clone, Debug)]
pub struct Program {
    pub is_async: bool,
    pub body: Block,
    pub steps: Vec<Step>,
}

impl Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut source = Source {
            text: String::new(),
            is_async: self.is_async,
        };
        source.function(0, "program", &self.body);
        source.line(0, "g = keep(program())");
        let (step, a) = match self.is_async {
            true => ("step_async", "a"),
            false => ("step", ""),
        };
        for asked in &self.steps {
            let call = match asked {
                Step::Next => format!("{a}next(g)"),
                Step::Send(value) => format!("g.{a}send({value})"),
                Step::Throw(error) => format!("g.{a}throw({error})"),
                Step::Close => format!("g.{a}close()"),
            };
            source.line(0, format!("{step}(g, lambda: {call})"));
        }
        f.write_str(&source.text)
    }
}

struct Source {
    text: String,
    is_async: bool,
}

impl Source {
    fn line(&mut self, depth: usize, line: impl Display) {
        self.text += &format!("{:1$}{line}\n", "", 4 * depth);
    }

    fn function(&mut self, depth: usize, name: &str, body: &[Statement]) {
        let word = if self.is_async { "async def" } else { "def" };
        self.line(depth, format!("{word} {name}():"));
        self.line(depth + 1, "if False: yield"); // a generator, whatever the rest
        self.line(depth + 1, "kept = None");
        self.block(depth + 1, body);
    }

    fn block(&mut self, depth: usize, block: &[Statement]) {
        if block.is_empty() {
            self.line(depth, "pass");
        }
        for statement in block {
            self.statement(depth, statement);
        }
    }

    fn statement(&mut self, depth: usize, statement: &Statement) {
        match statement {
            Statement::Log(number) => self.line(depth, format!("log({number})")),
            Statement::Yield(value) => self.keep(depth, format!("yield {value}")),
            Statement::Iterate(values) => self.keep(depth, format!("yield from iter({values:?})")),
            Statement::Raise(error) => self.line(depth, format!("raise {error}")),
            Statement::Return(_) if self.is_async => self.line(depth, "return"),
            Statement::Return(value) => self.line(depth, format!("return {value}")),
            Statement::Break => self.line(depth, "break"),
            Statement::Continue => self.line(depth, "continue"),
            Statement::If(value, then, or_else) => {
                self.line(depth, format!("if kept == {value}:"));
                self.block(depth + 1, then);
                self.line(depth, "else:");
                self.block(depth + 1, or_else);
            }
            Statement::Repeat(times, body) => {
                self.line(depth, format!("for _ in range({times}):"));
                self.block(depth + 1, body);
            }
            Statement::Try(Try {
                body,
                handlers,
                finally,
            }) => {
                self.line(depth, "try:");
                self.block(depth + 1, body);
                for handler in handlers {
                    let class = handler.class.map_or("BaseException", Class::name);
                    self.line(depth, format!("except {class} as error:"));
                    self.line(depth + 1, "log('caught', line(error))");
                    self.block(depth + 1, &handler.body);
                    if handler.reraises {
                        self.line(depth + 1, "raise");
                    }
                }
                self.line(depth, "finally:");
                self.block(depth + 1, finally);
            }
            Statement::Await(times) => self.line(depth, format!("await Pause({times})")),
            Statement::ForEach(body) => {
                self.function(depth, "inner", body);
                self.line(depth, "async for item in keep(inner()):");
                self.line(depth + 1, "log('item', item)");
                self.keep(depth + 1, "yield item");
            }
            Statement::Delegate(Delegate {
                body,
                is_primed,
                is_lent,
            }) => {
                self.function(depth, "inner", body);
                self.line(depth, "inner = keep(inner())");
                if *is_primed {
                    self.line(depth, "log('primed', next(inner))");
                }
                if *is_lent {
                    self.line(depth, "try:");
                    self.line(depth + 1, "kept = yield from inner");
                    self.line(depth, "finally:");
                    self.line(depth + 1, "log('inner', state(inner))");
                    self.line(depth, "received(kept)");
                } else {
                    self.keep(depth, "yield from inner");
                }
            }
        }
    }

    fn keep(&mut self, depth: usize, suspension: impl Display) {
        self.line(depth, format!("kept = received(({suspension}))"));
    }
}

/// Programs whose blocks and inner generators nest up to three deep; two of five are asynchronous.
pub fn programs() -> impl Strategy<Value = Program> {
    prop_oneof![3 => synchronous_programs(), 2 => programs_of(true)]
}

/// Those that are not asynchronous.
pub fn synchronous_programs() -> impl Strategy<Value = Program> {
    programs_of(false)
}

fn programs_of(is_async: bool) -> impl Strategy<Value = Program> {
    let first = prop_oneof![9 => Just(Step::Next), 1 => step(is_async)];
    let steps = (first, vec(step(is_async), 0..8));
    (
        block(
            3,
            Within {
                is_async,
                in_loop: false,
            },
        ),
        steps,
    )
        .prop_map(move |(body, (first, mut steps))| {
            steps.insert(0, first);
            Program {
                is_async,
                body,
                steps,
            }
        })
}

/// What a statement is inside of.
#[derive(Clone, Copy)]
struct Within {
    is_async: bool,
    in_loop: bool,
}

fn block(depth: u32, within: Within) -> BoxedStrategy<Block> {
    let at_most = if depth == 0 { 1 } else { 3 };
    let ended = (vec(statement(depth, within), 0..at_most), ending(within));
    let ended = ended.prop_map(|(mut block, ending)| {
        block.push(ending);
        block
    });
    prop_oneof![4 => vec(statement(depth, within), 1..=at_most), 1 => ended].boxed()
}

/// What nothing can follow in its block.
fn ending(within: Within) -> BoxedStrategy<Statement> {
    let ending = prop_oneof![
        error(within.is_async).prop_map(Statement::Raise),
        expression().prop_map(Statement::Return),
    ];
    match within.in_loop {
        false => ending.boxed(),
        true => prop_oneof![ending, Just(Statement::Break), Just(Statement::Continue)].boxed(),
    }
}

fn statement(depth: u32, within: Within) -> BoxedStrategy<Statement> {
    let values_or_await = match within.is_async {
        false => vec(number(), 0..4).prop_map(Statement::Iterate).boxed(),
        true => (0..3u8).prop_map(Statement::Await).boxed(),
    };
    let simple = prop_oneof![
        1 => number().prop_map(Statement::Log),
        8 => expression().prop_map(Statement::Yield),
        1 => values_or_await,
    ];
    if depth == 0 {
        return simple.boxed();
    }
    let nested = block(depth - 1, within);
    let handler = (
        prop::option::weighted(0.5, class(within.is_async)),
        nested.clone(),
        any::<bool>(),
    );
    let handler = handler.prop_map(|(class, body, reraises)| Handler {
        class,
        body,
        reraises,
    });
    let finally = prop_oneof![Just(Block::new()), nested.clone()];
    let tried = (nested.clone(), vec(handler, 0..3), finally);
    let tried = tried.prop_map(|(body, handlers, finally)| Try {
        body,
        handlers,
        finally,
    });
    let in_loop = |in_loop| block(depth - 1, Within { in_loop, ..within });
    let inner = match within.is_async {
        true => in_loop(false).prop_map(Statement::ForEach).boxed(),
        false => (in_loop(false), any::<bool>(), any::<bool>())
            .prop_map(|(body, is_primed, is_lent)| {
                Statement::Delegate(Delegate {
                    body,
                    is_primed,
                    is_lent,
                })
            })
            .boxed(),
    };
    prop_oneof![
        9 => simple,
        4 => tried.prop_map(Statement::Try),
        4 => inner,
        1 => (value(), nested.clone(), nested)
            .prop_map(|(value, then, or_else)| Statement::If(value, then, or_else)),
        2 => (2..4u8, in_loop(true)).prop_map(|(times, body)| Statement::Repeat(times, body)),
    ]
    .boxed()
}

fn number() -> impl Strategy<Value = i64> {
    0..4i64
}

fn value() -> impl Strategy<Value = Value> {
    prop::option::weighted(0.8, number()).prop_map(Value)
}

fn expression() -> impl Strategy<Value = Expression> {
    prop_oneof![
        3 => value().prop_map(Expression::Constant),
        1 => Just(Expression::Kept),
    ]
}

fn class(is_async: bool) -> impl Strategy<Value = Class> {
    prop_oneof![
        4 => Just(Class::Value),
        1 => Just(Class::Type),
        1 => Just(Class::Runtime),
        1 => Just(Class::Attribute),
        1 => Just(Class::Lookup),
        4 => Just(Class::GeneratorExit),
        2 => Just(Class::StopIteration),
        2 => Just(match is_async {
            true => Class::StopAsyncIteration,
            false => Class::StopIteration,
        }),
    ]
}

fn error(is_async: bool) -> impl Strategy<Value = Error> {
    (class(is_async), number()).prop_map(|(class, number)| Error { class, number })
}

fn step(is_async: bool) -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Next),
        4 => value().prop_map(Step::Send),
        2 => error(is_async).prop_map(Step::Throw),
        2 => Just(Step::Close),
    ]
}
