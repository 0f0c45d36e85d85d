//! The machine's `python3`, kept running.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Python {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Python's `close` gives the body's return value since 3.13; before, it gave none.
    pub close_gives_the_value: bool,
}

impl Python {
    pub fn start() -> Self {
        let mut process = Command::new("python3")
            .args(["-W", "ignore", "-c", include_str!("driver.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("`python3` did not start: {error}; install Python 3 and put it on the PATH")
            });
        let requests = process.stdin.take();
        let answers = process.stdout.take().expect("it was piped");
        let mut python = Self {
            process,
            requests,
            answers: BufReader::new(answers),
            close_gives_the_value: false,
        };
        let said = python.line();
        python.close_gives_the_value = serde_json::from_str(&said).expect(&said);
        python
    }

    /// The trace of a program.
    pub fn trace(&mut self, source: &str) -> Vec<String> {
        self.run(source, false).0
    }

    /// The trace of a program, and what a hook saw pass into and out of each of its generators.
    pub fn hooked(&mut self, source: &str) -> (Vec<String>, Vec<String>) {
        self.run(source, true)
    }

    fn run(&mut self, source: &str, hooked: bool) -> (Vec<String>, Vec<String>) {
        let request = serde_json::json!([source, hooked]);
        let requests = self.requests.as_mut().expect("open until it is dropped");
        writeln!(requests, "{request}").expect("python3 takes a program");
        let traces = self.line();
        serde_json::from_str(&traces).unwrap_or_else(|_| panic!("python3 did not run\n{source}"))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("python3 answers with a line");
        line
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        self.requests = None; // the end of its input is the end of its loop
        let _ = self.process.wait();
    }
}
