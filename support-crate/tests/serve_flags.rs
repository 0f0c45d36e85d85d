//! The example `serve_flags` is a site for whoever finds its address, until it is interrupted.
#![cfg(all(feature = "flags", unix))]

mod examples;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

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
        Self::of(&mut serve_flags(arguments))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
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
    fn interrupt(self) -> String {
        self.end(Signal::INT)
    }

    fn end(mut self, signal: Signal) -> String {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
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
fn it_tells_what_it_has_served_when_it_is_terminated() {
    let serving = Serving::start(&[]);
    serving.get("KR").unwrap();
    let told = serving.end(Signal::TERM);
    assert!(told.contains("served: flag 1\n"), "{told}");
}

#[test]
fn it_serves_on_when_nobody_reads_what_it_says() {
    let mut serving = Serving::start(&[]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(writer);
    serving.lines = BufReader::new(OwnedFd::from(reader).into()); // closes its stdout
    serving.get("KR").unwrap();
    assert_eq!(serving.end(Signal::INT), "");
}

#[test]
fn slow_clients_lock_nobody_out_where_descriptors_are_few() {
    let serving = Serving::of(&mut with_descriptors(64, &serve_flags(&[])));
    let address = serving.base_url["http://".len()..]
        .trim_end_matches("/data/flags")
        .to_owned();
    let slow: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.write_all(b"GET /data/fl").unwrap();
            stream
        })
        .collect();
    for _ in 0..3 {
        serving.get("KR").unwrap();
    }
    drop(slow);
    assert!(serving.interrupt().contains("served: flag 3\n"));
}

/// The same command, where a process has no more than so many descriptors.
fn with_descriptors(descriptors: u32, command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {descriptors} && exec \"$0\"")])
        .arg(command.get_program())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    limited
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
    let other = Serving::start(&[]);
    let taken = other.base_url["http://127.0.0.1:".len()..].trim_end_matches("/data/flags");
    for (arguments, words) in [
        (&["--errors", "1.5"][..], "between 0.0 and 1.0"),
        (&["--bandwidth", "0"], "it takes 1 or more"),
        (&["--at-most", "0"], "it takes 1 or more"),
        (&["--latency", "900-100"], "name the shorter time first"),
        (&["--port", taken], "choose another"),
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
