//! The example `download_flags` says what became of each flag, also when it is interrupted.
#![cfg(all(feature = "flags", unix))]

mod examples;

use std::io::{BufRead, BufReader, Read};
use std::process::Command;
use std::time::Duration;

use hitchhiker::flags::*;
use rustix::process::{Pid, Signal, kill_process};

fn download_flags(arguments: &[&str]) -> Command {
    examples::example("download_flags", arguments)
}

#[test]
fn it_saves_the_flags_and_counts_what_became_of_them() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().to_str().unwrap();
    let url = &*server.base_url();
    for (codes, last_line, status) in [
        (&["KR", "ZZ"][..], "2 of 2: 1 downloaded, 1 not found", 0),
        (&["kr", "../x"], "2 of 2: 1 downloaded, 1 failed", 1),
        (&[], "249 of 249: 249 downloaded", 0),
    ] {
        let arguments = [&["--url", url, "--folder", folder], codes].concat();
        let output = download_flags(&arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().last(), Some(last_line), "{text}");
        assert_eq!(output.status.code(), Some(status), "{text}");
    }
    // KR was there from the second time on.
    assert_eq!(server.requests(), 2 + 248);
}

#[test]
fn it_tells_how_far_it_came_when_it_is_interrupted() {
    let server = FlagServer::start(Latency::fixed(Duration::from_secs(3_600))).unwrap();
    let mut child = download_flags(&["--url", &server.base_url(), "../x", "KR"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut rest = String::new();
    lines.read_line(&mut rest).unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    lines.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("1 of 2: 0 downloaded, 1 failed\n"), "{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    server.wait_until_idle(Duration::from_secs(60)).unwrap();
}
