//! The example `serve_flags` is a site for whoever finds its address, until it is interrupted.
#![cfg(all(feature = "flags", unix))]

mod examples;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command};

use hitchhiker::flags::*;
use rustix::process::{Pid, Signal, kill_process};

fn serve_flags(arguments: &[&str]) -> Command {
    examples::example("serve_flags", arguments)
}

/// The example while it runs; killed if a test fails before it is interrupted.
struct Serving {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    base_url: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut child = serve_flags(arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let base_url = first
            .strip_prefix("Serving the flags at ")
            .and_then(|rest| rest.strip_suffix(" until Ctrl-C\n"))
            .unwrap_or_else(|| panic!("{first:?}"))
            .to_owned();
        Self {
            child,
            lines,
            base_url,
        }
    }

    fn get(&self, code: &str) -> Result<Flag, FlagError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(get_flag(&reqwest::Client::new(), &self.base_url, code))
    }

    /// What it says in the end.
    fn interrupt(mut self) -> String {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

#[test]
fn it_tells_what_it_has_served_when_it_is_interrupted_and_its_port_is_free() {
    let serving = Serving::start(&[]);
    let bytes = serving.get("KR").unwrap().gif().len();
    assert!(matches!(
        serving.get("ZZ").unwrap_err().cause,
        Cause::NotFound
    ));
    let address = serving.base_url["http://".len()..]
        .trim_end_matches("/data/flags")
        .to_owned();
    let told = serving.interrupt();
    assert!(
        told.contains(&format!("2 requests, 1 at once at most; {bytes} bytes")),
        "{told}"
    );
    assert!(told.contains("served: flag 1, not found 1\n"), "{told}");
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn its_errors_are_those_of_the_command_line() {
    let serving = Serving::start(&["--errors", "1", "--only", "418", "--latency", "1-5"]);
    let error = serving.get("KR").unwrap_err();
    assert!(matches!(error.cause, Cause::Status(status) if status == 418));
    assert!(serving.interrupt().contains("served: 418 1\n"));
}

#[test]
fn what_cannot_be_served_is_said_in_one_line() {
    for (arguments, words) in [
        (&["--errors", "1.5"][..], "between 0.0 and 1.0"),
        (&["--bandwidth", "0"], "it takes 1 or more"),
    ] {
        let output = serve_flags(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_command_line_that_says_nothing_is_told_what_it_may_say() {
    for (arguments, words) in [
        (&["--only", "meteor", "--errors", "1"][..], "cut-off"),
        (&["--latency", "soon"], "--latency"),
        (&["--port", "70000"], "--port"),
    ] {
        let output = serve_flags(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(words), "{message}");
    }
}
