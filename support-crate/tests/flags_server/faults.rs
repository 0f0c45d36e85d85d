//! Each fault is what its name says to whoever asks, and the same again with the same seed.

use std::io::{self, Read};
use std::time::Duration;

use hitchhiker::flags::*;
use proptest::prelude::*;

use super::raw_client::{Answer, ask, ask_and_leave, open_request};

fn site_of(fault: Fault) -> FlagServer {
    FlagServer::start(Site::from(Faults::only(fault, 1.0)).retry_after(7)).unwrap()
}

fn korea() -> &'static [u8] {
    Country::by_code("KR").unwrap().gif
}

fn assert_history(server: &FlagServer, served: &[Served]) {
    assert_eq!(server.history()["KR"], served);
    assert_eq!(server.history().len(), 1);
}

#[test]
fn a_teapot_answers_418() {
    let server = site_of(Fault::Teapot);
    let answer = ask(&server, "kr");
    assert_eq!(answer.status(), 418);
    assert_eq!(answer.header("retry-after"), None);
    assert_history(&server, &[Served::Fault(Fault::Teapot)]);
}

#[test]
fn an_unavailable_site_answers_503_and_when_to_ask_again() {
    let server = site_of(Fault::Unavailable);
    let answer = ask(&server, "kr");
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_history(&server, &[Served::Fault(Fault::Unavailable)]);
}

#[test]
fn too_many_requests_are_answered_429_and_when_to_ask_again() {
    let server = site_of(Fault::TooManyRequests);
    let answer = ask(&server, "kr");
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_history(&server, &[Served::Fault(Fault::TooManyRequests)]);
}

#[test]
fn at_once_is_an_answer_to_when_to_ask_again() {
    let site = Site::from(Faults::only(Fault::Unavailable, 1.0)).retry_after(0);
    let server = FlagServer::start(site).unwrap();
    assert_eq!(ask(&server, "kr").header("retry-after"), Some("0"));
}

#[test]
fn an_answer_that_is_cut_off_promises_the_whole_flag_and_holds_its_first_half() {
    let server = site_of(Fault::CutOff);
    let answer = ask(&server, "kr");
    assert_eq!(answer.status(), 200);
    let promised = answer.header("content-length").unwrap();
    assert_eq!(promised, korea().len().to_string());
    assert_eq!(answer.body, korea()[..korea().len() / 2]);
    assert_eq!(server.counts().bytes, answer.body.len() as u64);
    assert_history(&server, &[Served::Fault(Fault::CutOff)]);
}

#[test]
fn a_connection_that_is_closed_has_not_answered() {
    let server = site_of(Fault::Closed);
    assert_eq!(ask(&server, "kr"), Answer::default());
    assert_history(&server, &[Served::Fault(Fault::Closed)]);
}

#[test]
fn a_stalled_answer_stops_in_the_middle_for_as_long_as_the_client_stays() {
    let server = site_of(Fault::Stalled);
    let mut stream = open_request(&server, "kr");
    let answer = Answer::read_until(&mut stream, korea().len() / 2);
    assert_eq!(answer.status(), 200);
    let promised = answer.header("content-length").unwrap();
    assert_eq!(promised, korea().len().to_string());
    assert_eq!(answer.body, korea()[..korea().len() / 2]);

    let a_while = Duration::from_millis(50);
    stream.set_read_timeout(Some(a_while)).unwrap();
    let silence = stream.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(
        silence,
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    ));
    assert_eq!(server.open_connections(), 1);
    drop(stream);
    server.wait_until_idle(Duration::from_secs(10)).unwrap();
    assert_history(&server, &[Served::Fault(Fault::Stalled)]);
}

#[test]
fn a_stalled_answer_ends_with_its_server() {
    let server = site_of(Fault::Stalled);
    let mut stream = open_request(&server, "kr");
    Answer::read_until(&mut stream, 1);
    drop(server); // this waits for the server's thread
    let mut rest = vec![];
    let _ = stream.read_to_end(&mut rest); // its end may be an error: a reset
    assert!(rest.len() < korea().len());
    assert!(std::net::TcpStream::connect(stream.peer_addr().unwrap()).is_err());
}

#[test]
fn what_is_no_country_is_not_found_however_bad_the_site() {
    let server = FlagServer::start(Faults::every(1.0)).unwrap();
    assert_eq!(ask(&server, "zz").status(), 404);
    assert_eq!(server.history()["ZZ"], [Served::NotFound]);
}

#[test]
fn a_slow_site_fails_slowly_but_for_closed_connections() {
    let latency = Duration::from_millis(50);
    for fault in Fault::ALL {
        let site = Site::from(Latency::fixed(latency)).faults(Faults::only(fault, 1.0));
        let server = FlagServer::start(site).unwrap();
        let asked = std::time::Instant::now();
        let mut stream = open_request(&server, "kr");
        let _ = stream.read(&mut [0]).unwrap();
        assert!(
            asked.elapsed() >= latency || fault == Fault::Closed,
            "{fault}"
        );
    }
}

fn shares() -> impl Strategy<Value = f64> {
    prop_oneof![Just(f64::NAN), Just(f64::INFINITY), -1.0..2.0]
}

proptest! {
    #[test]
    fn there_is_no_site_whose_shares_are_none(first in shares(), second in shares()) {
        let faults = Faults::only(Fault::Teapot, first).and(Fault::Closed, second);
        let is_share = |share| (0.0..=1.0).contains(&share);
        let there_is = is_share(first) && is_share(second) && is_share(first + second);
        match FlagServer::start(faults) {
            Ok(_) => prop_assert!(there_is),
            Err(error) => {
                prop_assert!(!there_is);
                prop_assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
                prop_assert!(error.to_string().contains("between 0.0 and 1.0"));
            }
        }
    }

    #[test]
    fn every_share_may_be_split_evenly(share in 0.0..=1.0) {
        prop_assert!(FlagServer::start(Faults::every(share)).is_ok());
    }
}

/// Requests for some flags in one order, and the same requests in another.
fn two_orders() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>)> {
    let codes = prop::sample::select(vec!["kr", "jp", "br", "zz"]);
    let requests = prop::collection::vec(codes, 1..40);
    requests.prop_flat_map(|requests| (Just(requests.clone()), Just(requests).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_seed_serves_each_flag_the_same_again_in_whatever_order_flags_are_asked_for(
        (order, other_order) in two_orders(),
        seed: u64,
        share in 0.0..=1.0,
    ) {
        let histories = [order, other_order].map(|requests| {
            let site = Site::new().faults(Faults::every(share)).seed(seed);
            let server = FlagServer::start(site).unwrap();
            for code in requests {
                ask_and_leave(&server, code);
            }
            server.history()
        });
        prop_assert_eq!(&histories[0], &histories[1]);
    }
}
