//! Each code ends in exactly one outcome, and outcomes arrive as they are complete.

use crate::*;

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
