//! The flag server counts what it does, and answers no more at once than it is told.

use std::time::Duration;

use hitchhiker::flags::*;

use super::raw_client::{Answer, ask, open_request};

const LONG: Duration = Duration::from_secs(10);

/// Its answers last until the client leaves.
const STALLING: Site = Site::new().faults(Faults::only(Fault::Stalled, 1.0));

/// Opens a request and waits until it is being answered.
fn stalled(server: &FlagServer, code: &str) -> std::net::TcpStream {
    let mut stream = open_request(server, code);
    Answer::read_until(&mut stream, 1);
    stream
}

#[test]
fn the_history_of_a_flag_lists_its_requests_in_order() {
    let server = FlagServer::start(Site::new().faults(Faults::every(0.5)).seed(1)).unwrap();
    let seen: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = open_request(&server, "fr");
            let mut first = [0; 12];
            match std::io::Read::read_exact(&mut stream, &mut first) {
                Ok(()) => str::from_utf8(&first[9..]).unwrap().to_owned(),
                Err(_) => "closed".to_owned(),
            }
        })
        .collect();
    let history = server.history().remove("FR").unwrap();
    let as_seen = |served: &Served| match served {
        Served::Fault(Fault::CutOff | Fault::Stalled) | Served::Flag => "200".to_owned(),
        other => other.to_string(),
    };
    assert_eq!(history.iter().map(as_seen).collect::<Vec<_>>(), seen);
    assert!(seen.iter().any(|seen| seen != "200"), "{seen:?}");
    assert!(history.contains(&Served::Flag));
}

#[test]
fn what_asks_for_no_flag_is_counted_and_has_no_history() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    assert_eq!(ask(&server, "../kr").status(), 404);
    assert_eq!(server.requests(), 1);
    assert!(server.history().is_empty());
}

#[test]
fn connections_and_requests_are_counted_at_their_most() {
    let server = FlagServer::start(STALLING).unwrap();
    let three = ["fr", "de", "fr"].map(|code| stalled(&server, code));
    assert_eq!(server.counts().most_requests_at_once, 3);
    assert_eq!(server.open_connections(), 3);
    drop(three);
    server.wait_until_idle(LONG).unwrap();
    let one = stalled(&server, "it");
    let counts = server.counts();
    assert_eq!(counts.open_connections, 1);
    assert_eq!(counts.most_open_connections, 3);
    assert_eq!(counts.most_requests_at_once, 3);
    assert_eq!(counts.requests, 4);
    drop(one);
}

#[test]
fn a_request_is_at_an_end_when_its_flag_has_come() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let bytes: usize = (0..50).map(|_| ask(&server, "br").body.len()).sum();
    let counts = server.counts();
    assert_eq!(counts.most_requests_at_once, 1);
    assert_eq!(counts.bytes, bytes as u64);
    assert_eq!(bytes, 50 * Country::by_code("BR").unwrap().gif.len());
}

#[test]
fn beyond_its_limit_the_site_answers_503_at_once_until_one_has_left() {
    let server = FlagServer::start(STALLING.at_most(2).retry_after(3)).unwrap();
    let two = ["fr", "de"].map(|code| stalled(&server, code));
    let answer = ask(&server, "fr");
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.header("retry-after"), Some("3"));
    drop(two);
    server.wait_until_idle(LONG).unwrap();
    drop(stalled(&server, "fr"));
    let stalled = Served::Fault(Fault::Stalled);
    assert_eq!(server.history()["FR"], [stalled, Served::TooMany, stalled]);
    assert_eq!(server.counts().most_requests_at_once, 2);
}

#[test]
fn counts_are_told_in_one_line() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let bytes = ask(&server, "kr").body.len();
    server.wait_until_idle(LONG).unwrap();
    assert_eq!(
        server.counts().to_string(),
        format!(
            "1 requests, 1 at once at most; {bytes} bytes of flags; 0 connections open, 1 at most"
        )
    );
}
