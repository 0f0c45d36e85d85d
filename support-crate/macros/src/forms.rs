//! Forms of `yield` beside rustc's own parser, which takes it natively behind a feature: each form is
//! taken with the same meaning, or one of the [`DIFFERENCES`] says why not.
//!
//! A form is a context with an operand. The macros' reading of it is written down with parentheses
//! around each `yield` and each operand, and rustc prints what it makes of both texts (its HIR).
//!
//! - `HITCHHIKER_FORMS=all` compares all forms, which takes a minute, and not one in [`SAMPLE`].

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{self, Command};

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Error, Expr, Macro, parse_quote};

use crate::arguments::{self, Rewriter};
use crate::{readable, soup};

/// One form in so many is compared where not all are.
const SAMPLE: usize = 41;

/// Forms that rustc takes at once. It looks for names that are spelled alike among all of them.
const CHUNK: usize = 1000;

/// Where a `yield` can be, at `@`.
const CONTEXTS: &[&str] = &[
    // Statements and operands.
    "@",
    "@;",
    "let x = @;",
    "let x = @; x",
    "x = @;",
    "x += @;",
    "x.f = @",
    "x = y = @",
    "(@)",
    "(@);",
    "(@, @)",
    "[@]",
    "[@, @]",
    "[@; 2]",
    "f(@)",
    "f(@, x)",
    "x.m(@)",
    "x[@]",
    "S { f: @ }",
    "S { f: 1, ..@ }",
    "{ @ }",
    "{ @; }",
    "@; @",
    "unsafe { @ }",
    "loop { @ }",
    "loop { @; }",
    "loop { break @ }",
    "'a: loop { break 'a @ }",
    "'a: { break 'a @ }",
    "return @",
    "return @;",
    "-@",
    "!@",
    "*@",
    "&@",
    "&mut @",
    "&raw const @",
    "x + @",
    "x * @ + y",
    "x == @",
    "x && @",
    "x as i32 + @",
    "..@",
    "0..@",
    "x..=@",
    "if x { @ }",
    "if x { @ } else { @ }",
    "let x = if y { @ } else { @ };",
    "match x { _ => @ }",
    "match x { _ => @, }",
    "match x { y => @, _ => 1 }",
    "match x { S { f } => @, _ => { @ } }",
    "#[allow(unused)] @;",
    "try { @ }",
    "while x { @ }",
    "for x in y { @ }",
    "struct S2 { f: i32 } @",
    "fn g() {} if @ {}",
    // What may follow one.
    "@.m()",
    "@.f",
    "@.0",
    "@?",
    "@?.m()",
    "@ as i32",
    "@ + 1",
    "@ - 1",
    "@ * 2",
    "@ / 2",
    "@ % 2",
    "@ ^ 2",
    "@ == x",
    "@ != x",
    "@ < x",
    "@ <= x",
    "@ > x",
    "@ >= x",
    "@ << 1",
    "@ >> 1",
    "@ && x",
    "@ || x",
    "@ & x",
    "@ | x",
    "@ = x",
    "@ += x",
    "@ -= x",
    "@ *= x",
    "@ &= x",
    "@ |= x",
    "@ <<= x",
    "@ >>= x",
    "@..x",
    "@..",
    "@..=x",
    "@[0]",
    "@(1)",
    // Before `else`.
    "let x = @ else { return };",
    "let Some(x) = @ else { return };",
    "let Some(x): Option<U> = @ else { panic!() };",
    "let S { f } = @ else { return };",
    "let Some(x) = x == @ else { return };",
    "let Some(x) = @? else { return };",
    "let Some(x) = @.m() else { return }; @",
    // Macros that take expressions.
    "vec![@]",
    "vec![@, @]",
    "vec![@; 2]",
    "println!(\"{:?}\", @)",
    "format!(\"{:?} {:?}\", @, x)",
    "assert!(x, \"{:?}\", @)",
    "assert_eq!(@, x)",
    "matches!(@, x)",
    "matches!(x, y if @)",
    "matches!(x, S { f } if @)",
    "matches!(x, Some(y) | y if @ == y)",
    // Headers.
    "if @ {}",
    "if @ { 1 } else { 2 }",
    "if @ {} else if @ {}",
    "if x {} else if @ {}",
    "if x {} else if let y = @ {}",
    "if !@ {}",
    "if -@ == x {}",
    "if x == @ {}",
    "if x < @ {}",
    "if @ == x {}",
    "if @ != x {}",
    "if @ > x {}",
    "if @ <= x {}",
    "if @ / 2 == 0 {}",
    "if @ >> 1 == 0 {}",
    "if @ as bool {}",
    "if @.m() {}",
    "if @.f {}",
    "if @? {}",
    "if @ && x {}",
    "if x && @ {}",
    "if x || @ {}",
    "if (@) {}",
    "if (@) == x {}",
    "if f(@) {}",
    "if let x = @ {}",
    "if let x = @ { 1 } else { 2 }",
    "if let Some(x) = @ {}",
    "if let Some(x) = @? {}",
    "if let Some(x) = @.m() {}",
    "if let S { f } = @ {}",
    "if let S { f: 1, .. } = @ {}",
    "if let S { f } | T(f) = @ {}",
    "if let x = !@ {}",
    "if let x = &@ {}",
    "if let x = 1 + @ {}",
    "if let x = @ + 1 {}",
    "if let x = 0..@ {}",
    "if let x = yield @ {}",
    "if let x = return @ {}",
    "if let Some(x) = y && @ {}",
    "if let Some(x) = @ && x {}",
    "if let Some(x) = @ && let Some(y) = @ {}",
    "if let S { f } = y && let S { f } = @ {}",
    "if x && let Some(y) = @ {}",
    "if unsafe { x } == @ {}",
    "if { x } == @ {}",
    "if match x { _ => y } == @ {}",
    "if if x { y } else { z } == @ {}",
    "if vec! { x } == @ {}",
    "if |x| { x } == @ {}",
    "if x::<A, B>() == @ {}",
    "if x as fn() -> i32 == @ {}",
    "if loop { break x } == @ {}",
    "let z = if @ { 1 } else { 2 };",
    "x = if let y = @ { 1 } else { 2 };",
    "return if @ { 1 } else { 2 };",
    "f(if @ { 1 } else { 2 })",
    "[if @ {}, if x == @ {}]",
    "while @ {}",
    "while !@ {}",
    "while @ == x {}",
    "while @? {}",
    "while let Some(x) = @ {}",
    "while let Some(x) = @.m() {}",
    "while let S { f } = @ { f }",
    "'a: while @ { break 'a }",
    "while x && let Some(y) = @ {}",
    "while { x } && @ {}",
    "while async { x } == @ {}",
    "for x in @ {}",
    "for x in @.m() {}",
    "for S { f } in @ {}",
    "for (x, S { f, .. }) in 0..@ {}",
    "for x in &@ {}",
    "for x in { y } + @ {}",
    "match @ { x => x }",
    "match @ { x => x, }",
    "match @ { Some(x) if x => 1, _ => 2 }",
    "match @ {}",
    "match @ { _ => 1 } + 1",
    "match @.m() { _ => 1 }",
    "match @? { _ => 1 }",
    "match @ as i32 { _ => 1 }",
    "match @ + 1 { _ => 1 }",
    "match @ == x { _ => 1 }",
    "match -@ { _ => 1 }",
    "match &@ { _ => 1 }",
    "match x == @ { _ => 1 }",
    "match yield @ { _ => 1 }",
    "match @ { S { f } if @ => 1, _ => 2 }",
    "match (@, @) { _ => 1 }",
    "match match @ { _ => x } { _ => 1 }",
    "while match @ { _ => x } {}",
    "if @ {} @",
    "while @ {} x",
    "while let Some(x) = @ {} match @ { _ => 1 }",
    // Guards.
    "match x { y if @ => 1, _ => 2 }",
    "match x { y if @ == y => 1, _ => 2 }",
    "match x { y if @ != y => 1, _ => 2 }",
    "match x { y if @ >= y => 1, _ => 2 }",
    "match x { y if @.m() => 1, _ => 2 }",
    "match x { y if @? => 1, _ => 2 }",
    "match x { y if @ as bool => 1, _ => 2 }",
    "match x { y if x == @ => 1, _ => 2 }",
    "match x { y if let z = @ => 1, _ => 2 }",
    "match x { y if let S { f } = @ && x => 1, _ => 2 }",
    "match x { S { f } if @ => 1, _ => 2 }",
    "match x { S { f } | T(f) if @ => { 1 } T(f) if @ => { 2 } _ => 3 }",
    "match x { _ => if @ {}, y if @ => if x == @ {} }",
    "match x { _ => {} y if @ => loop {} _ => while @ {} }",
    "match x { 1 => y, 2.. if @ => 1, _ => 2 }",
];

/// What follows the word, if anything does.
const OPERANDS: &[&str] = &[
    "",
    "x",
    "1",
    "-1",
    "1.0",
    "'c'",
    "\"s\"",
    "b\"s\"",
    "true",
    "r#type",
    "Self::X",
    "a::b",
    "::std::mem::drop",
    "<i32 as Default>::default()",
    "<U>::new()",
    "Vec::<i32>::new()",
    "f(1)",
    "f::<i32>(1)",
    "x.m()",
    "x.m::<i32>()",
    "x.f",
    "x.0.1",
    "x[0]",
    "x?",
    "x?.m()",
    "x as i64",
    "x as fn(i32) -> i32",
    "x as Vec<i32>",
    "x as *const i32",
    "(1)",
    "()",
    "(1, 2)",
    "(1,)",
    "[1]",
    "[1; 2]",
    "[]",
    "{ 1 }",
    "{}",
    "{ x }",
    "{ x; }",
    "{ 1 }.m()",
    "{ 1 } + 1",
    "{ x } == y",
    "{ x }?",
    "{ x }[0]",
    "{ x }(1)",
    "unsafe { 1 }",
    "unsafe { 1 }.m()",
    "const { 1 }",
    "async { 1 }",
    "async move { 1 }",
    "async || 1",
    "async move |x| x",
    "if c { 1 } else { 2 }",
    "if c { 1 } else { 2 }.m()",
    "if c { 1 } else { 2 } + 1",
    "if let x = y { 1 } else { 2 }",
    "if let S { f } = y { 1 } else { 2 }",
    "if c { S { f: 1 } } else { S { f: 2 } }",
    "match c { _ => 1 }",
    "match c { _ => 1 }.m()",
    "match c { _ => 1 } + 1",
    "match (S { f: 1 }) { _ => 1 }",
    "loop { break 1 }",
    "loop { break 1 }.m()",
    "while c {}",
    "for x in y {}",
    "'a: loop { break 'a 1 }",
    "'a: { break 'a 1 }",
    "S {}",
    "S { f }",
    "S { f: 1 }",
    "S { f: 1 }.f",
    "S { f: 1, ..s }",
    "S { ..s }",
    "S { f, g }",
    "a::S { f: 1 }",
    "S::<i32> { f: 1 }",
    "&S { f: 1 }",
    "-S { f: 1 }",
    "*S { f: 1 }",
    "x + S { f: 1 }",
    "x == S { f: 1 }",
    "S { f: 1 } == x",
    "S { f: 1 } as i32",
    "x = S { f: 1 }",
    "..S { f: 1 }",
    "Some(S { f: 1 })",
    "(S { f: 1 })",
    "S { f: yield }",
    "S { f: yield 1 }",
    "|x| S { f: x }",
    "|| 1",
    "|x| x + 1",
    "|x: i32| -> i32 { x }",
    "|| {}",
    "move |x| x",
    "for<'a> |x: &'a i32| -> i32 { 1 }",
    "|| if c { 1 } else { 2 }",
    "1..",
    "..",
    "1..2",
    "1..=2",
    "..2",
    "..=2",
    "x..y",
    "-x",
    "!x",
    "*x",
    "&x",
    "&mut x",
    "&&x",
    "&raw const x",
    "- - x",
    "!!x",
    "*&x",
    "x == y",
    "x < y",
    "x >= y",
    "x && y",
    "x || y",
    "x & y",
    "x | y",
    "1 + 2 * 3",
    "x << 1",
    "x < y && z",
    "x = 1",
    "x += 1",
    "x = y = 1",
    "return",
    "return 1",
    "return { 1 }",
    "return S { f: 1 }",
    "break",
    "break 'a",
    "break 1",
    "break { 1 }",
    "break 'a 1",
    "continue",
    "continue 'a",
    "yield",
    "yield 1",
    "yield yield 1",
    "yield { 1 }",
    "yield S { f: 1 }",
    "yield x == y",
    "(yield)",
    "(yield 1)",
    "-yield",
    "-yield 1",
    "&yield 1",
    "1 + yield",
    "1 + yield 2",
    "yield..",
    "..yield",
    "{ yield }",
    "{ yield 1 }",
    "loop { yield }",
    "loop { break yield }",
    "if yield 1 { 1 } else { 2 }",
    "match yield 1 { _ => 1 }",
    "match yield x { _ if yield y => 1, _ => 2 }",
    "x.m(yield)",
    "f(yield, yield 1)",
    "x[yield 1]",
    "(yield, yield)",
    "vec![1]",
    "vec!(1)",
    "vec! { 1 }",
    "vec! { 1 }.m()",
    "vec! { 1 } + 1",
    "vec![yield]",
    "vec![yield 1; 2]",
    "println!(\"x\")",
    "#[allow(unused)] x",
    "#[allow(unused)] { 1 }",
    "raw",
    "auto",
    "union",
    "default",
    "from",
    "from.f",
    "from + 1",
    "from?",
    "from as i32",
    "from = 1",
    "x.m(|y| y)",
    "let x = 1",
    "_",
    "static || 1",
    "|| yield 1",
];

/// Where the macros and rustc differ, and why. The documentation of `generator!` names each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// In a header, a `{` after an operand opens the header's block, as after other expressions:
    /// `while let Some(x) = yield mean { … }`. rustc takes it for a part of the operand.
    BlockOfAHeader,
    /// `yield return x` is what those write who come from C#, and natively ends the body.
    YieldReturn,
    /// `yield from & x`: `from` is a word where an operand can follow it, also one that begins with an operator.
    From,
    /// A coroutine of the compiler's own, whose `yield` is not the body's.
    NativeCoroutine,
}

/// What a text comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// As rustc prints what it has read.
    Taken(String),
    Refused(String),
}

#[derive(Debug)]
struct Form {
    text: String,
    natively: Outcome,
    by_us: Outcome,
}

#[test]
fn each_form_of_yield_is_taken_as_rustc_takes_it_or_the_difference_has_a_name() {
    let all = env::var("HITCHHIKER_FORMS").is_ok_and(|which| which == "all");
    let step = if all { 1 } else { SAMPLE };
    // A step that has no divisor in common with the number of operands meets all contexts and operands.
    let texts: Vec<_> = forms().into_iter().step_by(step).collect();
    let mut counts = BTreeMap::new();
    let mut different = vec![];
    for form in compared(texts) {
        let outcome = match (&form.natively, &form.by_us) {
            (Outcome::Refused(_), Outcome::Refused(_)) => "both refuse",
            (natively, by_us) if natively == by_us => "both take alike",
            (Outcome::Refused(_), Outcome::Taken(_)) => "we alone take",
            (Outcome::Taken(_), Outcome::Refused(_)) => "rustc alone takes",
            (Outcome::Taken(_), Outcome::Taken(_)) => "both take otherwise",
        };
        let is_difference = !outcome.starts_with("both take alike") && outcome != "both refuse";
        let named = if is_difference { named(&form) } else { None };
        *counts.entry((outcome, named)).or_insert(0) += 1;
        if is_difference && named.is_none() {
            different.push(format!(
                "{outcome}: {}\n    {:?}\n    {:?}",
                form.text, form.natively, form.by_us
            ));
        }
    }
    println!("{counts:#?}");
    assert!(
        different.is_empty(),
        "{} differences without a name, such as\n{}",
        different.len(),
        different[..different.len().min(10)].join("\n"),
    );
}

/// Every context with every operand.
fn forms() -> Vec<String> {
    let forms = CONTEXTS.iter().flat_map(|context| {
        OPERANDS.iter().map(|operand| {
            let separator = if operand.is_empty() { "" } else { " " };
            context.replace('@', &format!("yield{separator}{operand}"))
        })
    });
    forms.collect()
}

/// The difference that `form` shows, of those that are meant to be.
fn named(form: &Form) -> Option<Difference> {
    let two_blocks =
        form.text.contains("} {") || form.text.contains("}, ") || form.text.ends_with("{}");
    match (&form.natively, &form.by_us) {
        _ if follows_from(&form.text) => Some(Difference::From),
        (_, Outcome::Refused(why)) if why.contains("leave out `return`") => {
            Some(Difference::YieldReturn)
        }
        (_, Outcome::Refused(_))
            if form.text.contains("static ||") || form.text.contains("|| yield") =>
        {
            Some(Difference::NativeCoroutine)
        }
        (Outcome::Refused(_), Outcome::Taken(_)) if is_in_header(&form.text) => {
            Some(Difference::BlockOfAHeader)
        }
        (Outcome::Taken(_), _) if is_in_header(&form.text) && two_blocks => {
            Some(Difference::BlockOfAHeader)
        }
        _ => None,
    }
}

/// Whether `from` is followed by what can begin an operand. Whether a space is between them is not seen
/// outside of rustc; `tests/yield_positions.rs` looks at that.
fn follows_from(text: &str) -> bool {
    let mut after = text.split("yield from").skip(1).map(str::trim_start);
    after.any(|rest| {
        ["&", "*", "|", "<", "[", "(", ".."]
            .iter()
            .any(|it| rest.starts_with(it))
    })
}

/// Whether a `yield` in `text` is in a header.
fn is_in_header(text: &str) -> bool {
    text.parse().is_ok_and(readable::has_yield_in_header)
}

/// What rustc and the macros take each text for.
fn compared(texts: Vec<String>) -> Vec<Form> {
    let readings: Vec<_> = texts.iter().map(|text| reading(text)).collect();
    let natively = rustc("native", texts.iter().map(String::as_str));
    let read = readings
        .iter()
        .map(|reading| reading.as_deref().unwrap_or("refused"));
    let by_us =
        rustc("read", read)
            .into_iter()
            .zip(readings)
            .map(|(read, reading)| match reading {
                Ok(_) => read,
                Err(refusal) => Outcome::Refused(refusal),
            });
    let outcomes = natively.into_iter().zip(by_us);
    let forms = texts
        .into_iter()
        .zip(outcomes)
        .map(|(text, (natively, by_us))| Form {
            text,
            natively,
            by_us,
        });
    forms.collect()
}

/// What `generator!` reads in `text`, with parentheses.
fn reading(text: &str) -> Result<String, String> {
    let expanded = soup::expansion(text);
    if let Some((_, refusal)) = expanded.split_once("compile_error ! {") {
        return Err(refusal.to_owned());
    }
    let tokens: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
    let read = soup::within(tokens, |tokens| {
        let mut statements = Block::parse_within.parse2(readable::readable(tokens))?;
        let mut parentheses = Parentheses { refusal: None };
        for statement in &mut statements {
            parentheses.visit_stmt_mut(statement);
        }
        match parentheses.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(quote!(#(#statements)*)),
        }
    });
    read.map(|read| read.to_string())
        .map_err(|error| error.to_string())
}

/// Puts parentheses around each `yield` and each operand, and leaves all else as it is.
struct Parentheses {
    refusal: Option<Error>,
}

impl Rewriter for Parentheses {
    fn is_in_try(&self) -> bool {
        false
    }

    fn refuse(&mut self, error: Error) {
        self.refusal = Some(error);
    }
}

impl VisitMut for Parentheses {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::Yield(yielded) = expression {
            let attributes = std::mem::take(&mut yielded.attrs);
            if let Some(operand) = &mut yielded.expr {
                **operand = parse_quote!((#operand));
            }
            *expression = parse_quote!(#(#attributes)* (#yielded));
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let name = &call.path.segments[0].ident;
        let rewritten = arguments::rewrite_of_std(self, &name.clone(), &mut call.tokens);
        if let Err(refusal) = rewritten {
            self.refuse(refusal);
        }
    }
}

/// What rustc takes each text for, as the statements of a coroutine.
fn rustc<'a>(name: &str, texts: impl Iterator<Item = &'a str>) -> Vec<Outcome> {
    let texts: Vec<_> = texts.collect();
    let outcomes = texts
        .chunks(CHUNK)
        .flat_map(|texts| rustc_at_once(name, texts));
    outcomes.collect()
}

fn rustc_at_once(name: &str, texts: &[&str]) -> Vec<Outcome> {
    let mut refused = BTreeMap::new();
    // rustc prints what it has read when it has read everything.
    loop {
        let (printed, new) = rustc_without(&refused, name, texts);
        if new.is_empty() {
            let mut outcomes =
                vec![Outcome::Refused(String::from("rustc prints nothing of it")); texts.len()];
            outcomes.iter_mut().enumerate().for_each(|(at, outcome)| {
                let refusal = refused.get(&at).cloned().map(Outcome::Refused);
                let taken = printed.get(&at).cloned().map(Outcome::Taken);
                *outcome = refusal.or(taken).unwrap_or_else(|| outcome.clone());
            });
            return outcomes;
        }
        refused.extend(new);
    }
}

/// What rustc prints of each text but those it has `refused`, and what it says of those it refuses now.
fn rustc_without(
    refused: &BTreeMap<usize, String>,
    name: &str,
    texts: &[&str],
) -> (BTreeMap<usize, String>, BTreeMap<usize, String>) {
    let mut source = String::from(
        "#![feature(coroutines, yield_expr, stmt_expr_attributes, try_blocks, closure_lifetime_binder)] \
         #![allow(warnings)] macro_rules! form { ($name:ident $body:block) => { fn $name() { \
         let _ = #[coroutine] |_: u8| $body; } } } \
         fn x() {} fn y() {} fn z() {} fn c() {} fn f() {} fn s() {} fn raw() {} fn auto() {} fn union() {} \
         fn default() {} fn from() {} fn r#type() {} struct S { f: i32, g: i32 } struct T(i32); type A = i32; \
         type B = i32; type U = i32; mod a { pub fn b() {} pub struct S { pub f: i32 } }\n",
    );
    for (at, text) in texts.iter().enumerate() {
        let text = if refused.contains_key(&at) {
            "refused"
        } else {
            text
        };
        writeln!(source, "form! {{ form{at} {{ {text} }} }}").expect("a string takes all");
    }
    let path = directory().join(format!("{name}.rs"));
    fs::write(&path, source).expect("the directory can be written to");
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "--error-format=short",
            "-Zunpretty=hir",
        ])
        .arg(&path)
        .env("RUSTC_BOOTSTRAP", "1") // `yield` is behind a feature, `-Z` for nightlies
        .output()
        .expect("rustc starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let mut new = BTreeMap::new();
    for line in said.lines() {
        // `FILE:LINE:COLUMN: error[E0425]: cannot find value `x` in this scope`
        let Some((place, error)) = line.split_once(": error") else {
            continue;
        };
        let is_of_a_name = NAMES
            .iter()
            .any(|code| error.starts_with(&format!("[{code}]")));
        let line = place
            .rsplit(':')
            .nth(1)
            .and_then(|line| line.parse::<usize>().ok());
        if let Some(line) = line.filter(|line| *line > 1 && !is_of_a_name) {
            new.insert(line - 2, error.to_owned());
        }
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let mut forms = BTreeMap::new();
    for function in printed.split("\nfn form").skip(1) {
        let (number, text) = function
            .split_once("()")
            .expect("a function has parameters");
        let number = number.parse().expect("a form has a number");
        forms.insert(
            number,
            text.split_whitespace().collect::<Vec<_>>().join(" "),
        );
    }
    assert!(!forms.is_empty() || !new.is_empty(), "{said}");
    (forms, new)
}

/// The errors that say of a form, which rustc has read, that its names mean nothing.
const NAMES: &[&str] = &[
    "E0405", "E0408", "E0411", "E0412", "E0416", "E0422", "E0423", "E0424", "E0425", "E0426",
    "E0433", "E0531", "E0532", "E0573", "E0574",
];

fn directory() -> PathBuf {
    let directory = env::temp_dir().join(format!("hitchhiker-forms-{}", process::id()));
    fs::create_dir_all(&directory).expect("the directory of temporary files can be written to");
    directory
}
