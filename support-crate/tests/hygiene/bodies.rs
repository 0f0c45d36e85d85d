//! Random bodies that call macros wherever Rust takes one.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Generator,
    AsyncGenerator,
    Coroutine,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Generator, Self::AsyncGenerator, Self::Coroutine];

    fn knows(self, form: &str) -> bool {
        match self {
            Self::Generator => true,
            Self::AsyncGenerator => !form.contains("yield from") && !form.contains("return "),
            Self::Coroutine => !form.contains("yield from") && !form.contains("try {"),
        }
    }
}

/// Expressions of a body. At each `@` is another, at each `$` an argument of a macro.
const EXPRESSIONS: &[&str] = &[
    "x",
    "1",
    "yield",
    "(yield @)",
    "(yield from @)",
    "(yield from (@))",
    "(try { @; @ })",
    "(@)?",
    "{ @; @ }",
    "f(@, @)",
    "x.f(@)",
    "(@ + @)",
    "(S { x: @ })",
    "if x == yield x { @ }",
    "if let Some(_) = yield from x { @ }",
    "while let Some(_) = yield x.y { @ }",
    "for _ in yield x { @ }",
    "match yield x { _ if yield x => @, _ => @ }",
    "loop { break @; }",
    "loop { let _ = try { break }; @ }",
    "loop { (continue) }",
    "{ return; }",
    "{ return @; }",
    "println!(\"{}\", @)",
    "vec![@; 1]",
    "matches!(@, probe::pattern!($) if @)",
    "matches!(@, Some(probe::pattern! { $ }))",
    "dbg!(@)",
    "assert!(@)",
    "(|x: probe::kind!($)| $)",
    "async { $ }",
    "{ const X: probe::kind!($) = $; }",
    "probe::expression!($)",
    "probe::expression!($)",
    "probe::expression![$, $]",
    "probe::expression! { $ ; $ }",
    "probe::expression! { x = $ => $ }",
    "{ probe::expression! { $ } @ }",
    "probe::generator! { while yield x { @ } }",
    "probe::async_generator! { match yield x { _ => @ } }",
    "probe::coroutine!(|x| if yield x { @ })",
    "{ let probe::pattern!($) = @; @ }",
    "match @ { probe::pattern!($) | Some(probe::pattern!($)) => @, _ => @ }",
    "{ let it: Vec<probe::kind!($)> = @; }",
    "(@ as probe::kind!($))",
    "x::<probe::kind!($)>(@)",
    "{ probe::item! { $ } @ }",
    "{ #[probe::attribute($)] fn it() { $ } @ }",
    "{ #[probe::attribute] impl X { const X: [u8; { $; 1 }] = $; } @ }",
    "{ #[derive(probe::Derived)] struct It { #[helper($)] x: [u8; { $; 1 }] } @ }",
    "{ mod it { fn it() { hitchhiker_probe::expression!($) } } @ }",
];

/// Arguments of macros that may do anything with them. At each `$` is another, at each `@` an
/// expression, in a body of its own.
const ARGUMENTS: &[&str] = &[
    "x",
    "return",
    "(return $)",
    "return $",
    "try { $ }",
    "(try { $ })",
    "try { $; $ }",
    "match (try { $ }) { _ => $ }",
    "if try { $ }.is_ok() { ($) }",
    "($)?",
    "(x?)",
    "x.f($)?.y",
    "try { ($)? }",
    "try { f(x?)? }",
    "try { probe::expression!(x?, $) }",
    "(break)",
    "(break $)",
    "loop { let _ = try { break }; }",
    "('a: loop { let _ = try { continue }; (break 'a) })",
    "[$, $]",
    "|x| ($)",
    "move || try { (break) }",
    "async { (return x?) }",
    "println!(\"{}\", $)",
    "matches!($, probe::pattern!($))",
    "probe::expression! { x = $ => $ }",
    "probe::generator! { while yield x { @ } }",
    "probe::coroutine! { |x| for x in yield x { @ } }",
    "generator! { while yield x { @ } }",
    "{ fn it() { $ } $ }",
    "{ #[cfg(any())] $; }",
];

/// How deep a body is nested.
const DEEPEST: usize = 6;

/// The body of this number.
pub fn body(kind: Kind, number: u64) -> String {
    let mut random = Random { number, choices: 0 };
    let mut body = String::new();
    for _ in 0..3 {
        expand(kind, EXPRESSIONS, 0, &mut random, &mut body);
        body.push_str("; ");
    }
    body
}

fn expand(kind: Kind, forms: &[&str], depth: usize, random: &mut Random, text: &mut String) {
    let known: Vec<_> = forms.iter().filter(|form| kind.knows(form)).collect();
    let form = match depth < DEEPEST {
        true => known[random.below(known.len())],
        false => "x",
    };
    for character in form.chars() {
        match character {
            '@' => expand(kind, EXPRESSIONS, depth + 1, random, text),
            '$' => expand(kind, ARGUMENTS, depth + 1, random, text),
            other => text.push(other),
        }
    }
}

/// The same choices for the same number.
struct Random {
    number: u64,
    choices: u64,
}

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.choices += 1;
        let hash = BuildHasherDefault::<DefaultHasher>::new().hash_one((self.number, self.choices));
        (hash % end as u64) as usize
    }
}
