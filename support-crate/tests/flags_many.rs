//! Whatever becomes of a flag among many, its code ends in exactly one outcome.
#![cfg(feature = "flags")]

mod sites;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use hitchhiker::flags::*;
use hyper::body::Incoming;
use hyper::header::RETRY_AFTER;
use hyper::{Request, Response};
use proptest::prelude::*;
use sites::{Body, body, endless, files, raw_site, site};

const SOON: Duration = Duration::from_millis(50);

/// Options that wait for nothing longer than a moment.
fn hasty() -> Options {
    Options::default().back_off(Duration::ZERO, Duration::ZERO)
}

fn gif(code: &str) -> &'static [u8] {
    Country::by_code(code).unwrap().gif
}

fn status(status: u16) -> Response<Body> {
    let mut response = Response::new(body("<b>no flag today</b>"));
    *response.status_mut() = status.try_into().unwrap();
    response
}

/// A site of flags that answers the first `bad` requests for each by `answer`.
async fn flaky(bad: usize, answer: fn() -> Response<Body>) -> String {
    let asked = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
    let answer = move |_, request: &Request<Incoming>| {
        let path = request.uri().path();
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(path.to_owned()).or_default();
        *times += 1;
        match *times {
            times if times <= bad => answer(),
            _ => Response::new(body(gif(&path[12..14]))),
        }
    };
    site(answer).await
}

async fn one(base_url: &str, code: &str, options: Options) -> Outcome {
    let outcomes = download_many(base_url, [code.to_owned()], options).gather();
    let [outcome] = outcomes.await.try_into().unwrap();
    outcome
}

fn kind(outcome: &Outcome) -> &'static str {
    match outcome.end {
        End::Downloaded(_) => "downloaded",
        End::NotFound => "not found",
        End::Failed(_) => "failed",
    }
}

#[track_caller]
fn cause(outcome: &Outcome) -> &Cause {
    match &outcome.end {
        End::Failed(cause) => cause,
        end => panic!("{end:?}"),
    }
}

#[track_caller]
fn flag(outcome: &Outcome) -> &Flag {
    match &outcome.end {
        End::Downloaded(flag) => flag,
        end => panic!("{end:?}"),
    }
}

#[tokio::test]
async fn outcomes_come_in_the_order_of_arrival() {
    let latency = Latency::spread(Duration::from_millis(1)..=Duration::from_millis(200), 42);
    let server = FlagServer::start(latency).unwrap();
    let outcomes = download_many(&server.base_url(), POP20_CC, hasty())
        .gather()
        .await;
    assert!(outcomes.is_sorted_by_key(|outcome| outcome.tries[0].ended));
    assert!(
        !outcomes.is_sorted_by_key(|outcome| POP20_CC.iter().position(|cc| *cc == outcome.code))
    );
    for outcome in &outcomes {
        assert_eq!(flag(outcome).gif(), gif(&outcome.code));
    }
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_twice() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let codes = ["KR", "ZZ", "kr", "../x", "KR", "ZZ", "../x"];
    let outcomes = download_many(&server.base_url(), codes, hasty())
        .gather()
        .await;
    let mut ends: Vec<_> = outcomes
        .iter()
        .map(|outcome| (&*outcome.code, kind(outcome)))
        .collect();
    ends.sort_unstable();
    let expected = [
        ("../x", "failed"),
        ("../x", "failed"),
        ("KR", "downloaded"),
        ("KR", "downloaded"),
        ("ZZ", "not found"),
        ("ZZ", "not found"),
        ("kr", "downloaded"),
    ];
    assert_eq!(ends, expected);
}

#[tokio::test]
async fn no_codes_have_no_outcomes() {
    let mut downloads = download_many("http://nowhere.invalid", [""; 0], hasty());
    assert!(downloads.next().await.is_none());
    assert!(downloads.next().await.is_none());
}

#[tokio::test]
async fn it_is_a_stream_for_those_who_combine() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let downloads = download_many(&server.base_url(), POP20_CC, hasty());
    let codes: Vec<_> = downloads
        .map(|outcome| outcome.code)
        .take(3)
        .collect()
        .await;
    assert_eq!(codes.len(), 3);
}

#[tokio::test]
async fn nothing_is_asked_before_somebody_waits() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    drop(download_many(&server.base_url(), POP20_CC, hasty()));
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn of_endless_codes_only_those_are_taken_that_there_is_room_for() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let codes = std::iter::repeat_with(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        "KR"
    });
    const AT_ONCE: usize = 3;
    let mut downloads = download_many(&server.base_url(), codes, hasty().at_once(AT_ONCE));
    for arrived in 1..=200 {
        assert_eq!(kind(&downloads.next().await.unwrap()), "downloaded");
        // As many again may have arrived that nobody has taken.
        assert!(taken.load(Ordering::SeqCst) <= arrived + 2 * AT_ONCE);
    }
}

#[tokio::test]
async fn endless_codes_end_in_time_one_by_one() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let options = hasty().total_limit(Duration::ZERO);
    let downloads = download_many(&server.base_url(), std::iter::repeat("KR"), options);
    let outcomes: Vec<_> = downloads.take(1_000).collect().await;
    for outcome in &outcomes {
        assert!(matches!(
            cause(outcome),
            Cause::TimedOut {
                after: Duration::ZERO
            }
        ));
        assert!(outcome.tries.is_empty());
    }
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_panic_of_the_codes_is_the_panic_of_who_waits() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let codes = (0..).map(|nth| {
        if nth < 5 {
            "KR"
        } else {
            panic!("out of codes")
        }
    });
    let mut downloads = download_many(&server.base_url(), codes, hasty().at_once(2));
    let mut arrived = 0;
    let waiting = async {
        while downloads.next().await.is_some() {
            arrived += 1;
        }
    };
    let panic = std::panic::AssertUnwindSafe(waiting).catch_unwind().await;
    assert_eq!(
        *panic.unwrap_err().downcast::<&str>().unwrap(),
        "out of codes"
    );
    assert_eq!(arrived, 5);
}

#[tokio::test]
async fn a_try_says_when_it_began_was_answered_and_ended() {
    let latency = Duration::from_millis(20);
    let server = FlagServer::start(Latency::fixed(latency)).unwrap();
    let outcome = one(&server.base_url(), "KR", hasty()).await;
    let [
        Try {
            started,
            answered: Some(answered),
            ended,
        },
    ] = outcome.tries[..]
    else {
        panic!("{outcome:?}");
    };
    assert!(answered - started >= latency && ended >= answered);
    assert_eq!(outcome.took(), ended - started);
}

#[tokio::test]
async fn what_may_be_mended_is_tried_until_it_is() {
    let statuses: [fn() -> Response<Body>; 6] = [
        || status(408),
        || status(418),
        || status(429),
        || status(500),
        || status(503),
        || status(599),
    ];
    for answer in statuses {
        let url = flaky(2, answer).await;
        let outcome = one(&url, "KR", hasty().retries(2)).await;
        assert_eq!(flag(&outcome).gif(), gif("KR"));
        assert_eq!(outcome.tries.len(), 3);
        assert!(outcome.tries.is_sorted_by_key(|it| it.ended));
    }
}

#[tokio::test]
async fn the_last_cause_is_kept_when_the_retries_are_used_up() {
    let url = flaky(usize::MAX, || status(503)).await;
    for retries in [0, 1, 4] {
        let outcome = one(&url, "KR", hasty().retries(retries)).await;
        assert!(matches!(cause(&outcome), Cause::Status(status) if *status == 503));
        assert_eq!(outcome.tries.len(), retries + 1);
    }
}

#[tokio::test]
async fn what_another_try_cannot_mend_is_not_tried_again() {
    let answers: [fn() -> Response<Body>; 8] = [
        || status(400),
        || status(401),
        || status(403),
        || status(410),
        || status(304),
        || Response::new(body("<script>alert(1)</script>")),
        || Response::new(body(&gif("KR")[..500])),
        || Response::new(endless()),
    ];
    for answer in answers {
        let url = flaky(usize::MAX, answer).await;
        let outcome = one(&url, "KR", hasty()).await;
        assert_eq!(outcome.tries.len(), 1, "{}", cause(&outcome));
    }
    let url = flaky(usize::MAX, || status(404)).await;
    let outcome = one(&url, "KR", hasty()).await;
    assert_eq!((kind(&outcome), outcome.tries.len()), ("not found", 1));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_tried_again() {
    for url in ["", "no address", "http://[", "ftp://127.0.0.1/flags"] {
        let outcome = one(url, "KR", hasty()).await;
        assert!(matches!(cause(&outcome), Cause::Unreachable(_)));
        assert_eq!(outcome.tries.len(), 1, "{url:?} {}", cause(&outcome));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again() {
    let url = raw_site(Some(
        b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nGIF89a",
    ))
    .await;
    let outcome = one(&url, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Truncated(_)));
    assert_eq!(outcome.tries.len(), 4);
    assert!(outcome.tries.iter().all(|it| it.answered.is_some()));
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_tried_again() {
    let url = raw_site(Some(b"")).await;
    let outcome = one(&url, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Unreachable(_)));
    assert_eq!(outcome.tries.len(), 4);
    assert!(outcome.tries.iter().all(|it| it.answered.is_none()));
}

#[tokio::test]
async fn a_site_that_asks_for_time_is_given_it() {
    let url = flaky(1, || {
        let mut response = status(429);
        response.headers_mut().insert(RETRY_AFTER, 1.into());
        response
    });
    let outcome = one(&url.await, "KR", hasty()).await;
    assert_eq!(flag(&outcome).gif(), gif("KR"));
    let waited = outcome.tries[1].started - outcome.tries[0].ended;
    assert!(waited >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_site_that_asks_for_more_time_than_there_is_gets_no_other_try() {
    for wait in [
        "3600",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let answer = move |_, _: &_| {
            let mut response = status(503);
            response
                .headers_mut()
                .insert(RETRY_AFTER, wait.parse().unwrap());
            response
        };
        let outcome = one(&site(answer).await, "KR", hasty()).await;
        assert!(matches!(cause(&outcome), Cause::Status(status) if *status == 503));
        assert_eq!(outcome.tries.len(), 1);
    }
}

#[tokio::test]
async fn the_limit_of_a_try_leaves_time_for_another() {
    let url = raw_site(None).await;
    let outcome = one(&url, "KR", hasty().try_limit(SOON).retries(2)).await;
    assert!(matches!(cause(&outcome), Cause::TimedOut { after: SOON }));
    assert_eq!(outcome.tries.len(), 3);
    for it in outcome.tries {
        assert!(it.ended - it.started >= SOON);
        assert_eq!(it.answered, None);
    }
}

#[tokio::test]
async fn the_limit_of_a_flag_ends_all_its_tries() {
    let url = raw_site(None).await;
    let outcome = one(&url, "KR", hasty().flag_limit(SOON).retries(1_000)).await;
    assert!(matches!(cause(&outcome), Cause::TimedOut { after: SOON }));
    assert_eq!(outcome.tries.len(), 1);
}

#[tokio::test]
async fn a_wait_that_would_outlast_the_limit_is_not_begun() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let url = flaky(usize::MAX, || status(503)).await;
    let options = Options::default().back_off(HOUR, HOUR).seed(7);
    for options in [options.clone().flag_limit(SOON), options.total_limit(SOON)] {
        let outcome = one(&url, "KR", options).await;
        assert!(matches!(cause(&outcome), Cause::Status(_)));
        assert_eq!(outcome.tries.len(), 1);
    }
}

#[tokio::test]
async fn the_limit_of_all_ends_what_is_on_its_way_and_what_has_not_begun() {
    let url = raw_site(None).await;
    let options = hasty().total_limit(SOON).at_once(2).retries(1_000);
    let outcomes = download_many(&url, POP20_CC, options).gather().await;
    assert_eq!(outcomes.len(), POP20_CC.len());
    for outcome in &outcomes {
        assert!(matches!(cause(outcome), Cause::TimedOut { after: SOON }));
    }
    let begun = outcomes.iter().filter(|outcome| !outcome.tries.is_empty());
    assert_eq!(begun.count(), 2);
}

#[tokio::test]
async fn flags_are_saved_whole_and_not_asked_for_twice() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("made/on/the/way");
    let server = FlagServer::start(Latency::NONE).unwrap();
    for flush in [false, true] {
        let options = hasty().folder(&folder).flush(flush);
        let outcomes = download_many(&server.base_url(), POP20_CC, options)
            .gather()
            .await;
        for outcome in outcomes {
            assert_eq!(flag(&outcome).gif(), gif(&outcome.code));
            assert_eq!(outcome.tries.is_empty(), flush, "only the second time");
        }
        assert_eq!(server.requests(), 21);
        assert_eq!(files(&folder).len(), 21);
    }
    for code in POP20_CC {
        let saved = std::fs::read(folder.join(format!("{}.gif", code.to_lowercase())));
        assert_eq!(saved.unwrap(), gif(code));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn each_code_ends_once_whatever_the_codes(
        codes in prop::collection::vec("\\PC{0,4}|[a-zA-Z./]{2}|KR|zz", 0..60),
        at_once in 1..20_usize,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = FlagServer::start(Latency::NONE).unwrap();
        let downloads = download_many(&server.base_url(), codes.clone(), hasty().at_once(at_once));
        let outcomes = runtime.block_on(downloads.gather());
        let mut ended: Vec<_> = outcomes.iter().map(|outcome| outcome.code.clone()).collect();
        let mut codes = codes;
        ended.sort();
        codes.sort();
        prop_assert_eq!(ended, codes);
        for outcome in outcomes {
            let is_code = outcome.code.len() == 2
                && outcome.code.bytes().all(|letter| letter.is_ascii_alphabetic());
            prop_assert_eq!(outcome.tries.len(), usize::from(is_code));
            let expected = match Country::by_code(&outcome.code) {
                Some(_) => "downloaded",
                None if is_code => "not found",
                None => "failed",
            };
            prop_assert_eq!(kind(&outcome), expected);
        }
    }
}
