//! No lint of rustc's or clippy's misreads a body: where all that they would have `cargo fix` do is done,
//! a program does what it did.
//!
//! - `HITCHHIKER_LINTS=all` takes all bodies, and not one in [`SAMPLE`].

mod bodies;
#[path = "../built/mod.rs"]
mod built;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use built::Built;

/// One body in so many is looked at where not all are.
const SAMPLE: usize = 9;

/// What a lint would have replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Replacement {
    start: usize,
    end: usize,
    by: String,
    lint: String,
}

#[test]
fn a_program_does_the_same_after_all_that_lints_would_have_done_to_it() {
    let step = match std::env::var("HITCHHIKER_LINTS") {
        Ok(which) if which == "all" => 1,
        _ => SAMPLE,
    };
    let built = Built::of(&["hitchhiker"]);
    let before = bodies::program(0, step);
    let mut after = before.clone();
    // What one fix leaves can be what another lint dislikes.
    for linter in linters(&built).chain(["rustc"]) {
        let suggestions = suggestions(&built, linter, &after);
        println!("{linter}: {} suggestions", suggestions.len());
        after = replaced(&after, &suggestions);
    }
    assert_ne!(before, after, "no lint has anything to say");
    let (before, after) = (run(&built, "before", &before), run(&built, "after", &after));
    println!("{} bodies", before.len());
    let different: Vec<_> = before
        .iter()
        .filter(|(body, did)| after.get(*body) != Some(did))
        .collect();
    assert!(different.is_empty(), "{different:#?}");
}

/// A lint that cannot find the text of a `yield` takes that of the whole call, which can compile in its place.
#[test]
fn no_lint_advises_to_write_the_whole_call_in_place_of_a_part_of_its_body() {
    let built = Built::of(&["hitchhiker"]);
    let source = bodies::program(0, 9 * SAMPLE);
    for linter in linters(&built) {
        let (path, messages) = messages(&built, linter, "whole_calls", &source);
        let helps = messages.iter().flat_map(|message| {
            let lint = message["code"]["code"].as_str().unwrap_or_default();
            let helps = message["children"].as_array().into_iter().flatten();
            let spans = helps.flat_map(|help| help["spans"].as_array().into_iter().flatten());
            spans.filter_map(|span| replacement(lint, &path, span))
        });
        let is_call = |text: &str| {
            ["generator!", "coroutine!"]
                .iter()
                .any(|it| text.contains(it))
        };
        let whole = helps.filter(|it| is_call(&it.by) && !is_call(&source[it.start..it.end]));
        let whole: BTreeMap<_, _> = whole.map(|it| (it.lint, it.by)).collect();
        assert!(whole.is_empty(), "{linter}: {whole:#?}");
    }
}

/// The linters of this machine, not every one of which has clippy.
fn linters(built: &Built) -> impl Iterator<Item = &'static str> {
    ["rustc", "clippy-driver"].into_iter().filter(|linter| {
        let asked = built.compiler(linter, "2024").arg("--version").output();
        asked.is_ok()
    })
}

/// What the lints of `linter`, all of which are asked, would have replaced in `source`.
fn suggestions(built: &Built, linter: &str, source: &str) -> Vec<Vec<Replacement>> {
    let (path, messages) = messages(built, linter, "linted", source);
    let suggestions = messages.iter().filter_map(|message| {
        let lint = message["code"]["code"].as_str().unwrap_or_default();
        let helps = message["children"].as_array()?.iter();
        // Where a lint suggests several things, one is done.
        let suggestions = helps.map(|help| {
            let spans = help["spans"].as_array().into_iter().flatten();
            let applicable =
                spans.filter(|span| span["suggestion_applicability"] == "MachineApplicable");
            let replacements = applicable.filter_map(|span| replacement(lint, &path, span));
            replacements.collect::<Vec<_>>()
        });
        let mut applicable = suggestions.filter(|suggestion| !suggestion.is_empty());
        applicable.next()
    });
    suggestions.collect()
}

/// What `linter`, all of whose lints are asked, says of `source`, and where it finds that.
fn messages(built: &Built, linter: &str, name: &str, source: &str) -> (PathBuf, Vec<Value>) {
    let path = built.file(&format!("{name}.rs"));
    fs::write(&path, source).expect("the target directory can be written to");
    let mut compiler = built.compiler(linter, "2024");
    compiler.args(["--error-format=json", "--emit=metadata", "-o"]);
    compiler.arg(path.with_extension("rmeta")).arg(&path);
    compiler.args(lints(built));
    if linter != "rustc" {
        for group in ["all", "pedantic", "nursery", "restriction"] {
            compiler.arg(format!("-Wclippy::{group}"));
        }
        compiler.arg("-Aclippy::blanket_clippy_restriction_lints");
    }
    let output = compiler.output().expect("the linter starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}", errors(&said));
    let messages = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let messages = messages.collect();
    (path, messages)
}

fn replacement(lint: &str, path: &Path, span: &Value) -> Option<Replacement> {
    let is_here = span["file_name"]
        .as_str()
        .is_some_and(|name| Path::new(name) == path);
    Some(Replacement {
        start: span["byte_start"].as_u64()? as usize,
        end: span["byte_end"].as_u64()? as usize,
        by: span["suggested_replacement"].as_str()?.to_owned(),
        lint: lint.to_owned(),
    })
    .filter(|_| is_here)
}

/// `source` with those of the suggestions that meddle with no earlier one.
fn replaced(source: &str, suggestions: &[Vec<Replacement>]) -> String {
    let mut done: Vec<&Replacement> = vec![];
    for suggestion in suggestions {
        let is_apart = |one: &Replacement| {
            done.iter()
                .all(|other| one.end < other.start || other.end < one.start)
        };
        if suggestion.iter().all(is_apart) {
            done.extend(suggestion);
        }
    }
    done.sort();
    let mut replaced = String::new();
    let mut end = 0;
    for replacement in done {
        replaced.push_str(&source[end..replacement.start]);
        replaced.push_str(&replacement.by);
        end = replacement.end;
    }
    replaced + &source[end..]
}

/// What each body does.
fn run(built: &Built, name: &str, source: &str) -> BTreeMap<String, String> {
    let path = built.file(&format!("{name}.rs"));
    fs::write(&path, source).expect("the target directory can be written to");
    let program = path.with_extension(std::env::consts::EXE_EXTENSION);
    let mut rustc = built.compiler("rustc", "2024");
    rustc.args(["--error-format=json", "-Awarnings", "-Cdebuginfo=0", "-o"]);
    let output = rustc
        .arg(&program)
        .arg(&path)
        .output()
        .expect("rustc starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}: {}",
        path.display(),
        errors(&said)
    );
    let output = Command::new(&program).output().expect("the program starts");
    let did = String::from_utf8_lossy(&output.stdout);
    let did = did.lines().filter_map(|line| line.split_once(": "));
    did.map(|(body, did)| (body.to_owned(), did.to_owned()))
        .collect()
}

fn errors(said: &str) -> String {
    let messages = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors = messages.filter(|message| message["level"] == "error");
    let texts = errors.filter_map(|error| Some(error["rendered"].as_str()?.to_owned()));
    texts.take(20).collect()
}

/// Every lint that rustc has on this version, as arguments.
fn lints(built: &Built) -> Vec<String> {
    let help = built
        .compiler("rustc", "2024")
        .arg("-Whelp")
        .output()
        .expect("rustc starts");
    let help = String::from_utf8_lossy(&help.stdout);
    let lints = help.lines().filter_map(|line| {
        let (name, rest) = line.trim_start().split_once(' ')?;
        let is_lint = ["allow ", "warn ", "deny "]
            .iter()
            .any(|level| rest.trim_start().starts_with(level));
        (is_lint && name.contains('-')).then(|| format!("-W{name}"))
    });
    lints.collect()
}
