//! No other macro is given a token that has the hygiene of this crate's procedural macros, from which
//! it could make a name of the yielder. `machine.rs` relies on that.
//!
//! Random bodies call macros in each place where Rust takes one. The macros, in `probe`, tell
//! which tokens they are given; rustc tells which expansion each of their hygienes comes from.
//!
//! - `HITCHHIKER_HYGIENE` sets how many bodies there are,
//! - `HITCHHIKER_HYGIENE_SEED` which ones: a failure says which seed brings it back.

mod bodies;
#[path = "../built/mod.rs"]
mod built;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use bodies::{Kind, body};
use built::Built;

const BODIES: u64 = 300;
const SEED: u64 = 342;
/// Bodies that are compiled together.
const CHUNK: u64 = 300;

const PREAMBLE: &str =
    "#![allow(warnings)]\nuse hitchhiker::coroutine::*;\nuse hitchhiker_probe as probe;\n";

#[test]
fn no_other_macro_is_given_a_token_of_the_macros_own_hygiene() {
    let bodies = setting("HITCHHIKER_HYGIENE", BODIES);
    let seed = setting("HITCHHIKER_HYGIENE_SEED", SEED);
    let built = Built::of(&["hitchhiker", "hitchhiker-probe"]);
    let mut places = BTreeMap::new();
    for first in (0..bodies).step_by(CHUNK as usize) {
        let mut source = PREAMBLE.to_owned();
        for at in first..bodies.min(first + CHUNK) {
            let kind = Kind::ALL[(at % 3) as usize];
            let body = body(kind, seed + at);
            let open = match kind {
                Kind::Generator => "generator! {",
                Kind::AsyncGenerator => "async_generator! {",
                Kind::Coroutine => "coroutine! { |x|",
            };
            writeln!(source, "fn f{at}() {{ {open} {{ {body} }} }}; }}")
                .expect("a string takes all");
        }
        for (place, tokens) in judge(&built, seed + first, &source) {
            *places.entry(place).or_insert(0) += tokens;
        }
    }
    println!("{bodies} bodies, tokens that macros were given in each place: {places:?}");
    for place in [
        "expression",
        "pattern",
        "type",
        "item",
        "attribute",
        "attributed",
        "derive",
        "generator",
        "async_generator",
        "coroutine",
    ] {
        assert!(places.contains_key(place), "no macro was called as {place}");
    }
}

/// A function of the reader's is called like the yielder, and is meant where the yielder cannot be.
const THIEF: &str = r#"
#![forbid(unsafe_code)]
#![allow(warnings)]
use hitchhiker::coroutine::*;
use hitchhiker_probe::names;

fn __hitchhiker_yielder() {}
fn reached(_: &impl Fn()) {}

fn python(ok: Result<i32, ValueError>) -> Generator<usize> {
    generator! {
        let caught: Result<(), Exception> = try { names!(ok?); };
        names!((try { 1 }));
        names!(try { ok? });
        names!(return);
        names!((return));
        names!(loop { let _: Result<(), Exception> = try { break }; });
        loop { names! { (break) } }
        matches!(1, _ if { names!(try { return }); true });
        let _ = matches!(yield 1, _ if { names!(try { return }); true });
        yield 2;
    }
}

fn core() {
    let _ = coroutine!(|_: ()| { names!(return); loop { names!((break)); } yield 1; });
}
"#;

/// What rustc answers to the crate `source`, which is written to `path`.
fn checked(built: &Built, path: &Path, source: &str) -> Output {
    fs::write(path, source).expect("the target directory can be written to");
    built
        .compiler("rustc", "2024")
        .args(["--crate-type=lib", "--emit=metadata", "-o"])
        .arg(path.with_extension("rmeta"))
        .arg(path)
        .output()
        .expect("rustc starts")
}

#[test]
fn a_name_made_of_the_tokens_that_a_macro_is_given_is_never_the_yielders() {
    let built = Built::of(&["hitchhiker", "hitchhiker-probe"]);
    let path = built.file("thief.rs");
    let rustc = checked(&built, &path, THIEF);
    let said = String::from_utf8_lossy(&rustc.stderr);
    assert!(rustc.status.success(), "{said}");
}

/// Statements and expressions with a `yield`, at `@`, to which an attribute macro cannot be applied.
const ATTRIBUTED: &[&str] = &[
    "@ yield 1;",
    "@ let x = yield 1;",
    "@ println!(\"{:?}\", yield 1);",
    "@ { yield 1; }",
    "@ if true { yield 1; }",
    "f(@ yield 1);",
    "match 1 { _ => @ { yield 1 } };",
];

#[test]
fn an_attribute_macro_is_given_no_statement_and_no_expression_with_a_yield() {
    let built = Built::of(&["hitchhiker", "hitchhiker-probe"]);
    for (at, statement) in ATTRIBUTED.iter().enumerate() {
        for attribute in [
            "#[probe::attribute]",
            "#[cfg_attr(all(), probe::attribute)]",
        ] {
            let body = statement.replace('@', attribute);
            let path = built.file(&format!("attributed{at}.rs"));
            let source =
                format!("{PREAMBLE} fn f() {{ let _ = coroutine!(|_: ()| {{ {body} }}); }}");
            let rustc = checked(&built, &path, &source);
            let said = String::from_utf8_lossy(&rustc.stderr);
            let refused = [
                "custom attributes cannot be applied",
                "attributes on expressions are experimental",
            ];
            assert!(refused.iter().any(|it| said.contains(it)), "{body}: {said}");
        }
    }
}

/// How many tokens the macros in `source` are given, by the places where they are called.
fn judge(built: &Built, seed: u64, source: &str) -> BTreeMap<String, usize> {
    let path = built.file(&format!("{seed}.rs"));
    fs::write(&path, source).expect("the target directory can be written to");
    let rustc = built
        .compiler("rustc", "2024")
        .args(["--crate-type=lib", "-Zunpretty=expanded,hygiene"])
        .arg(&path)
        .env("RUSTC_BOOTSTRAP", "1") // for `-Z`
        .output()
        .expect("rustc starts");
    let expanded = String::from_utf8_lossy(&rustc.stdout);
    let told = String::from_utf8_lossy(&rustc.stderr);
    let own = own_hygienes(&expanded);
    assert!(!own.is_empty(), "rustc says: {told}");
    // That names mean nothing does not matter: macros are expanded before. The macros' refusals would.
    // One of them is meant: some bodies have a `?` that no `try` could catch.
    let meant = [
        "error: aborting due to",
        "error: this `?` would leave the body and not",
    ];
    let refused = told
        .lines()
        .find(|line| line.starts_with("error: ") && !meant.iter().any(|it| line.starts_with(it)));
    assert_eq!(refused, None, "in {}", path.display());
    let mut places = BTreeMap::new();
    let mut leaked = vec![];
    for line in told.lines() {
        let Some(told) = line.strip_prefix("probe ") else {
            continue;
        };
        let [place, hygiene, token] = &told.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            panic!("a probe says three words: {line}");
        };
        *places.entry((*place).to_owned()).or_insert(0) += 1;
        if own.contains(*hygiene) {
            leaked.push(format!("{place}: {token}"));
        }
    }
    leaked.sort_by_key(String::len);
    assert!(
        leaked.is_empty(),
        "HITCHHIKER_HYGIENE_SEED={seed} brings it back, in {}: {} tokens have the macros' own hygiene, \
         such as\n{}",
        path.display(),
        leaked.len(),
        leaked[..leaked.len().min(5)].join("\n"),
    );
    places
}

/// The hygienes in rustc's tables at the end of `expanded` in which a name means what this crate's
/// procedural macros mean by it.
fn own_hygienes(expanded: &str) -> BTreeSet<String> {
    let mut macros = BTreeSet::new();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for line in expanded.lines() {
        let Some((name, rest)) = line.split_once(": parent: ") else {
            continue;
        };
        if name.contains("{{expn") {
            let is_ours = |word| rest.contains(&format!("__private::expand::{word}\""));
            if ["generator", "async_generator", "coroutine"]
                .iter()
                .any(is_ours)
            {
                macros.insert(name.to_owned());
            }
        } else if let Some((parent, mark)) = rest.split_once(", outer_mark: (") {
            // A token that a macro makes for its call site is marked as transparent.
            let (expansion, transparency) = mark.split_once(", ").unwrap_or_default();
            let is_marked = macros.contains(expansion) && transparency != "Transparent)";
            if is_marked || own.contains(parent) {
                own.insert(name.to_owned());
            }
        }
    }
    own
}

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {value}")),
        Err(_) => default,
    }
}
