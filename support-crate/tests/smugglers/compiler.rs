//! rustc, on many programs at once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::built::Built;
use crate::program::{PREAMBLE, Program};

pub const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// A crate that poses as `hitchhiker`, beside the real one.
const POSING: &str = "\
extern crate hitchhiker as library;
extern crate self as hitchhiker;
pub mod coroutine {
    pub use crate::library::coroutine::{__private, Exception};
    pub struct Generator; pub struct AsyncGenerator;
}
";
const PLAIN: &str = "extern crate hitchhiker as library;\n";

pub struct Compiler {
    built: Built,
}

impl Compiler {
    pub fn find() -> Self {
        Self {
            built: Built::of(&["hitchhiker"]),
        }
    }

    /// The errors of those programs that do not compile, by their place among `programs`.
    pub fn errors(
        &self,
        seed: u64,
        edition: &str,
        programs: &[Program],
    ) -> BTreeMap<usize, String> {
        let mut errors = BTreeMap::new();
        loop {
            let new = self.errors_of_rest(seed, edition, programs, &errors);
            if new.is_empty() {
                return errors;
            }
            errors.extend(new);
        }
    }

    fn errors_of_rest(
        &self,
        seed: u64,
        edition: &str,
        programs: &[Program],
        left_out: &BTreeMap<usize, String>,
    ) -> BTreeMap<usize, String> {
        let crates = if seed.is_multiple_of(2) {
            PLAIN
        } else {
            POSING
        };
        let mut source = format!("{PREAMBLE}{crates}");
        let first = source.lines().count();
        for (at, program) in programs.iter().enumerate() {
            match left_out.contains_key(&at) {
                true => source.push('\n'),
                false => writeln!(source, "mod p{at} {program}").expect("a string takes all"),
            }
        }
        let path = self.built.file(&format!("{seed}.rs"));
        fs::write(&path, source).expect("the target directory can be written to");
        let rustc = self
            .built
            .compiler("rustc", edition)
            .args(["--crate-type=lib", "--emit=metadata", "--error-format=json"])
            .args(["--crate-name=smugglers", "-o"])
            .arg(path.with_extension("rmeta"))
            .arg(&path)
            .output()
            .expect("rustc starts");
        let said = String::from_utf8_lossy(&rustc.stderr);
        let messages: Vec<Value> = said
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|message: &Value| message["level"] == "error")
            .collect();
        let program_of = |message: &Value| {
            let spans = message["spans"].as_array()?;
            spans
                .iter()
                .flat_map(lines)
                .find_map(|line| line.checked_sub(first + 1))
        };
        let mut errors = BTreeMap::new();
        for message in &messages {
            if let Some(at) = program_of(message) {
                let rendered = message["rendered"].as_str().unwrap_or_default();
                errors.entry(at).or_insert_with(|| rendered.to_owned());
            }
        }
        assert!(
            rustc.status.success() || !errors.is_empty(),
            "rustc fails and says of no program why: {said}"
        );
        errors
    }
}

/// The lines of the source where `span` stands, and those of the macro calls that it comes from.
fn lines(span: &Value) -> Vec<usize> {
    let mut lines = vec![];
    let mut span = Some(span);
    while let Some(here) = span.filter(|span| span.is_object()) {
        // What a macro of another crate made stands in that crate's files.
        if here["file_name"]
            .as_str()
            .is_some_and(|name| name.contains("smugglers"))
        {
            lines.extend(here["line_start"].as_u64().map(|line| line as usize));
        }
        span = here["expansion"].as_object().and_then(|it| it.get("span"));
    }
    lines
}
