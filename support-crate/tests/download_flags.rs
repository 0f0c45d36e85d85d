//! The example `download_flags` says what became of each flag, also when it is interrupted.
#![cfg(all(feature = "flags", unix))]

mod examples;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
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
fn https_without_tls_is_refused_once_and_says_what_is_needed() {
    let arguments = ["--url", "https://127.0.0.1:9/data/flags", "KR", "JP"];
    let output = download_flags(&arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.matches("needs the feature `tls`").count(), 2, "{text}");
    assert!(!text.contains("tries"), "{text}");
}

#[test]
fn a_folder_whose_name_is_not_to_be_seen_does_nothing_to_a_terminal() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let scratch = tempfile::NamedTempFile::new().unwrap();
    let folder = format!("{}/\u{1b}[2J\u{7}\u{202e}", scratch.path().display());
    let url = server.base_url();
    let output = download_flags(&["--url", &url, "--folder", &folder, "KR"])
        .output()
        .unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("/\\u{1b}[2J\\u{7}\\u{202e}: "), "{text}");
    let is_hidden = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!text.contains(is_hidden), "{text:?}");
}

#[test]
fn it_saves_the_flags_also_when_nobody_reads_what_it_says() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().to_str().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = download_flags(&["--url", &server.base_url(), "--folder", folder, "KR", "JP"])
        .stdout(writer)
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*error), (Some(0), ""));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2);
}

#[test]
fn its_help_says_how_it_ends() {
    let output = download_flags(&["--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("ends with 0 when each flag has arrived or the site has none"),
        "{text}"
    );
}

/// What the program writes in a terminal of this kind, with `behind` behind its command line.
fn in_a_terminal(term: &str, url: &str, behind: &str) -> String {
    let program = download_flags(&[]);
    let program = program.get_program().to_str().unwrap();
    let line = format!("exec \"{program}\" --url {url} --retries 0 KR ZZ ../x {behind}");
    let output = Command::new("python3")
        .args([
            "-c",
            "import pty, sys; pty.spawn(['sh', '-c', sys.argv[1]])",
            &line,
        ])
        .env("TERM", term)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn failures_are_told_in_any_terminal() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    for term in ["dumb", "xterm"] {
        let text = in_a_terminal(term, &server.base_url(), "");
        assert!(text.contains("ZZ: the site has no flag"), "{term}: {text}");
        assert!(text.contains("../x: not a country code"), "{term}: {text}");
        assert!(text.contains("3 of 3: 1 downloaded"), "{term}: {text}");
        assert_eq!(text.contains('\u{1b}'), term != "dumb", "{term}: {text:?}");
    }
}

#[test]
fn a_log_has_all_lines_also_when_it_is_written_from_a_terminal() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    in_a_terminal(
        "xterm",
        &server.base_url(),
        &format!("| tee {}", log.display()),
    );
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.lines().count(), 4, "{log}");
    assert!(log.contains("KR Korea"), "{log}");
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
