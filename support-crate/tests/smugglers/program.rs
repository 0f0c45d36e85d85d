//! Random programs, each of which puts a `yield` somewhere.

use std::fmt::{self, Display};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What must become of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    Compiled,
    Refused,
    /// It smuggles nothing, but what it does may be wrong for other reasons.
    Either,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Generator,
    AsyncGenerator,
    Coroutine,
}

impl Kind {
    /// A body of this kind; `@` stands for the expression in it.
    fn template(self) -> &'static str {
        match self {
            Self::Generator => {
                "{ let it: LocalGenerator<i32> = generator! { yield 0; let _ = @; }; it }"
            }
            Self::AsyncGenerator => {
                "{ let it: LocalAsyncGenerator<i32> = async_generator! { yield 0; let _ = @; }; it }"
            }
            Self::Coroutine => "{ let _ = coroutine!(|_: ()| { yield 0; let _ = @; }); }",
        }
    }
}

/// What an expression around a `yield` does to it.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// It leaves the `yield` in its body.
    Keeps,
    /// The same, but only Python's kinds know the word.
    KeepsInPython,
    /// It takes the `yield` out of its body, or could.
    Carries,
    /// A body of its own, in which the `yield` is.
    Owns(Kind),
}

use Effect::{Carries, Keeps, KeepsInPython, Owns};

/// Expressions that hold another at `@`.
const CARRIERS: &[(Effect, &str)] = &[
    (Keeps, "(@)"),
    (Keeps, "{ @ }"),
    (Keeps, "{ let it = @; it }"),
    (Keeps, "Some(@)"),
    (Keeps, "[@]"),
    (Keeps, "(1, @)"),
    (Keeps, "if true { let _ = @; }"),
    (Keeps, "if let it = @ { drop(it); }"),
    (Keeps, "match @ { it => it }"),
    (Keeps, "match 1 { _ if matches!((@), _) => 1, _ => 2 }"),
    (Keeps, "loop { let _ = @; break; }"),
    (Keeps, "for _ in [@] {}"),
    (Keeps, "while { let _ = @; false } {}"),
    (Keeps, "'generator_body: { break 'generator_body @; }"),
    (
        Keeps,
        "'generator_result: loop { break 'generator_result @; }",
    ),
    (Keeps, "vec![@]"),
    // Not `vec!`, which may be the program's own where there is no `yield` for it.
    (Keeps, "::std::vec![{ let _ = @; 1 }; 1].len()"),
    (Keeps, "::std::vec![@]"),
    (Keeps, "format!(\"{:?}\", @)"),
    (Keeps, "assert!(matches!(@, _))"),
    (Keeps, "matches!(@, _ if true)"),
    (Keeps, "matches!(@, it | it if { let _ = &it; true })"),
    (Keeps, "dbg!(@)"),
    (
        Keeps,
        "(|__hitchhiker_yielder: i32| __hitchhiker_yielder)({ let _ = @; 1 })",
    ),
    (KeepsInPython, "(try { @ })"),
    (KeepsInPython, "if (try { @ }).is_err() {}"),
    (Carries, "|| @"),
    (Carries, "move |_: i32| { @ }"),
    (Carries, "(|| { let _ = @; })()"),
    (Carries, "async { @ }"),
    (Carries, "async move { let _ = @; }"),
    (Carries, "poll(async { @ })"),
    (Carries, "{ fn item() { let _ = @; } item() }"),
    (Carries, "{ const ITEM: () = { let _ = @; }; }"),
    (Carries, "const { @ }"),
    (
        Carries,
        "{ struct It; impl Drop for It { fn drop(&mut self) { let _ = @; } } It }",
    ),
    (Carries, "{ macro_rules! it { () => { @ } } it!() }"),
    (
        Carries,
        "{ macro_rules! it { () => { async { @ } } } poll(it!()) }",
    ),
    (Carries, "std_crate::vec![@]"),
    (Carries, "identity!(@)"),
    (Carries, "tokens! { @ }"),
    (Carries, "later!(@)"),
    (Carries, "poll(later!(@))"),
    (Carries, "poll(crate::later![@])"),
    (Carries, "poll(tokens!(later!(@)))"),
    (Carries, "lazily!(@)"),
    (Carries, "relabelled!(@)"),
    (Carries, "relabelled!(try { @ })"),
    (Carries, "returned!(return { let _ = @; })"),
    (Carries, "yielder!(@)"),
    (Carries, "munched!([] @)"),
    (
        Carries,
        "select_like! { it = 1 => { @ }, other = 2 => { it } }",
    ),
    (Carries, "select_like! { it = async { 1 } => later!(@), }"),
    (Carries, "defines!(@)"),
    (Carries, "wrapped! { @ }"),
    (Carries, "renamed! { let _ = @; }"),
    (Carries, "matches!(later!(@), _ if true)"),
    (
        Carries,
        "matches!(relabelled!(@), it | it if { let _ = &it; true })",
    ),
    (Carries, "format!(\"{}\", { drop(later!(@)); 1 })"),
    (Carries, "vec![relabelled!(@); 1].len()"),
    (Carries, "::std::concat!(@)"),
    (Carries, "*::std::pin::pin!(@)"),
    (Carries, "::std::thread_local! { static IT: i32 = @; }"),
    // By a path that the macro has been given, see `Program`'s `Display`.
    (Carries, "$later!(@)"),
    (Carries, "{ $relabelled! { @ } }"),
    // Of std, since a program's own `matches!` may throw the guard away.
    (Carries, "::std::matches!(1, _ if poll($later!(@)))"),
    (Carries, "vec![$relabelled!(@); 1]"),
    (Carries, "println!(\"{:?}\", $relabelled!(try { @ }))"),
    (Carries, "dbg!($later![@])"),
    (Carries, "assert!(1 == 1, \"{}\", poll($later!(@)))"),
    (Owns(Kind::Generator), ""),
    (Owns(Kind::AsyncGenerator), ""),
    (Owns(Kind::Coroutine), ""),
];

/// The `yield` itself, and the kinds that know it.
const YIELDS: &[(&[Kind], &str)] = &[
    (
        &[Kind::Generator, Kind::AsyncGenerator, Kind::Coroutine],
        "yield 1",
    ),
    (
        &[Kind::Generator, Kind::AsyncGenerator, Kind::Coroutine],
        "(yield 1, yield 2)",
    ),
    (&[Kind::Generator], "yield from [1]"),
    (
        &[Kind::Generator, Kind::AsyncGenerator],
        "(try { yield 1 })",
    ),
    (
        &[Kind::Generator, Kind::AsyncGenerator],
        "(try { let _ = try { yield 1 }; return; })",
    ),
];

/// Definitions around a body whose names its macro might mean.
const NAMES: &[&str] = &[
    "const value: i32 = 1; const raised: i32 = 1; const received: i32 = 1; const it_: i32 = 1;",
    "static yielder: i32 = 1; static ended: i32 = 1; static tried: i32 = 1;",
    "struct Ok; struct Err; struct Result; struct Yielder; struct Generator;",
    "mod core {} mod std {} mod alloc {}",
    "mod hitchhiker { pub mod coroutine { pub mod __private {} } }",
    "trait Give<V>: Sized { fn give(self, _: V) {} fn receive(self) {} } impl<T, V> Give<V> for T {}",
    "struct Foo; trait Thief { fn into_delegate(self) -> i32; } \
     impl Thief for __private::Source<Foo> { fn into_delegate(self) -> i32 { 1 } }",
    "macro_rules! vec { ($($any:tt)*) => { async { $($any)* } } }",
    "macro_rules! format { ($text:literal, $e:expr) => { 'generator_body: { || $e } } }",
    "macro_rules! matches { ($e:expr, $($p:tt)*) => { poll(async { $e }) } }",
    "use crate::later as dbg;",
    "use crate::relabelled as assert;",
    "fn never() {} fn first() {} fn from_body() {} fn promise() {}",
];

/// What stands before all programs of a file.
pub const PREAMBLE: &str = r#"#![forbid(unsafe_code)]
#![allow(warnings)]
pub extern crate std as std_crate;
fn poll<F: ::std::future::Future>(future: F) -> bool {
    let mut context = ::std::task::Context::from_waker(::std::task::Waker::noop());
    ::std::pin::pin!(future).poll(&mut context).is_ready()
}
macro_rules! identity { ($e:expr) => { $e }; }
macro_rules! tokens { ($($t:tt)*) => { $($t)* }; }
macro_rules! later { ($($t:tt)*) => { async { $($t)* } }; }
macro_rules! lazily { ($($t:tt)*) => { || { $($t)* } }; }
macro_rules! relabelled {
    ((match $(:: $p:ident)+ ($($s:tt)*) { $($arm:tt)* })) => { relabelled!($($arm)*) };
    ($($t:tt)*) => { poll(async { 'generator_body: { 'generator_result: { $($t)* } }; }) };
}
macro_rules! returned {
    ((break $l:lifetime $e:expr)) => { poll(async { let _ = $l: { $e }; }) };
    ($($t:tt)*) => { poll(async { $($t)* }) };
}
macro_rules! yielder {
    ((match $m:tt { $($arms:tt)* })) => { yielder!($m) };
    ((match $s:tt $b:tt)) => { yielder!($s) };
    ({ $($p:tt)* }) => { poll(async { $($p)* }) };
    ($($t:tt)*) => { poll(async { $($t)*; }) };
}
macro_rules! munched {
    ([$($done:tt)*]) => { poll(async { $($done)* }) };
    ([$($done:tt)*] $t:tt $($rest:tt)*) => { munched!([$($done)* $t] $($rest)*) };
}
macro_rules! select_like {
    ($($name:pat = $future:expr => $handler:expr),* $(,)?) => {
        ($(poll(async { let $name = $future; $handler })),*)
    };
}
macro_rules! defines {
    ($($t:tt)*) => {{ macro_rules! defined { () => { poll(async { $($t)* }) } } defined!() }};
}
macro_rules! wrapped {
    ($($t:tt)*) => {{ let it: LocalGenerator<&'static str> = generator! { $($t)* }; it }};
}
pub(crate) use {identity, later, relabelled, tokens};
"#;

#[derive(Clone, Debug)]
pub struct Program {
    kind: Kind,
    names: Vec<&'static str>,
    /// The outermost first.
    carriers: Vec<(Effect, &'static str)>,
    carried: (&'static [Kind], &'static str),
}

pub fn programs() -> impl Strategy<Value = Program> {
    let kind = select(&[Kind::Generator, Kind::AsyncGenerator, Kind::Coroutine][..]);
    let parts = (
        kind,
        proptest::sample::subsequence(NAMES, 0..4),
        vec(select(CARRIERS), 0..5),
        select(YIELDS),
    );
    parts.prop_map(|(kind, names, carriers, carried)| Program {
        kind,
        names,
        carriers,
        carried,
    })
}

impl Program {
    pub fn expected(&self) -> Expected {
        let mut kind = self.kind;
        let (mut is_carried, mut is_known) = (false, true);
        // A body of its own in what would carry a `yield`, where it may not be allowed either.
        let mut is_within = false;
        for (effect, _) in &self.carriers {
            match effect {
                Keeps => {}
                KeepsInPython => is_known &= kind != Kind::Coroutine,
                Carries => is_carried = true,
                Owns(own) => {
                    is_within |= is_carried || !is_known;
                    (kind, is_carried, is_known) = (*own, false, true);
                }
            }
        }
        is_known &= self.carried.0.contains(&kind);
        match (is_carried || !is_known, is_within) {
            (true, _) => Expected::Refused,
            (false, true) => Expected::Either,
            (false, false) => Expected::Compiled,
        }
    }
}

/// On one line, the module that the program is.
impl Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut expression = String::from(self.carried.1);
        for (effect, template) in self.carriers.iter().rev() {
            let template = match effect {
                Owns(kind) => kind.template(),
                _ => template,
            };
            expression = template.replace('@', &expression);
        }
        let mut body = self.kind.template().replace('@', &expression);
        if body.contains("$later") || body.contains("$relabelled") {
            // A `$later!` is no path of words but one token, in which they are.
            body = format!(
                "macro_rules! body {{ ($later:path, $relabelled:path) => {{ {body} }} }} \
                 body!(crate::later, crate::relabelled)"
            );
        }
        let names = self.names.join(" ");
        write!(
            f,
            "{{ use crate::{{library::coroutine::*, poll}}; use crate::library::coroutine::generator as \
             renamed; use ::std::prelude::v1::*; {names} fn run() {{ {body}; }} }}"
        )
    }
}
