//! Whatever a site does wrong, what the downloader says of it is what the site has seen.

use crate::*;

fn is_of(cause: &Cause, fault: Fault) -> bool {
    match fault {
        Fault::Teapot => matches!(cause, Cause::Status(status) if *status == 418),
        Fault::Unavailable => matches!(cause, Cause::Status(status) if *status == 503),
        Fault::TooManyRequests => matches!(cause, Cause::Status(status) if *status == 429),
        Fault::CutOff => matches!(cause, Cause::Truncated(_)),
        Fault::Stalled => matches!(cause, Cause::TimedOut { .. }),
        Fault::Closed => matches!(cause, Cause::Unreachable(_)),
    }
}

/// Long enough for a request and half an answer, short enough for a test.
const PATIENCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn each_fault_has_its_cause_and_is_tried_again() {
    for fault in Fault::ALL {
        let site = Site::new().faults(Faults::only(fault, 1.0)).retry_after(0);
        let server = FlagServer::start(site).unwrap();
        let limit = match fault {
            Fault::Stalled => PATIENCE,
            _ => TIME_LIMIT,
        };
        let options = hasty().retries(2).try_limit(limit);
        let outcome = one(&server.base_url(), "KR", options).await;
        assert!(is_of(cause(&outcome), fault), "{fault}: {outcome}");
        assert_eq!(outcome.tries.len(), 3);
        assert_eq!(server.history()["KR"], [Served::Fault(fault); 3]);
    }
}

#[tokio::test]
async fn a_site_with_little_room_is_asked_until_all_flags_are_here() {
    let site = Site::new().at_most(2).retry_after(0);
    let server = FlagServer::start(site.latency(Latency::fixed(Duration::from_millis(2)))).unwrap();
    let options = Options::default().at_once(10).retries(1_000);
    let options = options.back_off(Duration::from_millis(1), Duration::from_millis(50));
    let outcomes = download_many(&server.base_url(), POP20_CC, options)
        .gather()
        .await;
    assert!(outcomes.iter().all(|outcome| kind(outcome) == "downloaded"));
    assert_eq!(outcomes.len(), 21);
}

fn faults() -> impl Strategy<Value = Faults> {
    let share = 0.0..0.2;
    let stalled = 0.0..0.03; // each costs a while
    let shares = (
        share.clone(),
        share.clone(),
        share.clone(),
        share.clone(),
        stalled,
        share,
    );
    shares.prop_map(
        |(teapot, unavailable, too_many, cut_off, stalled, closed)| {
            Faults::only(Fault::Teapot, teapot)
                .and(Fault::Unavailable, unavailable)
                .and(Fault::TooManyRequests, too_many)
                .and(Fault::CutOff, cut_off)
                .and(Fault::Stalled, stalled)
                .and(Fault::Closed, closed)
        },
    )
}

/// How many requests for a flag may have been sent once more over a new connection.
fn resent(served: &[Served]) -> usize {
    usize::from(served.contains(&Served::Fault(Fault::Closed)))
}

fn codes() -> impl Strategy<Value = Vec<&'static str>> {
    let countries: Vec<_> = COUNTRIES.iter().map(|country| country.code).collect();
    let code = prop_oneof![
        8 => prop::sample::select(countries),
        1 => prop::sample::select(vec!["ZZ", "KR"]),
        1 => Just("../kr"),
    ];
    prop::collection::vec(code, 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_sites_history_agrees_with_the_outcomes(
        (faults, seed) in (faults(), any::<u64>()),
        codes in codes(),
        at_once in 1..30_usize,
        retries in 0..6_usize,
    ) {
        let site = Site::new().faults(faults).retry_after(0).seed(seed);
        let server = FlagServer::start(site).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let options = hasty().at_once(at_once).retries(retries).try_limit(PATIENCE);
        let options = options.folder(scratch.path());
        let downloads = download_many(&server.base_url(), codes.clone(), options);
        let outcomes = runtime.block_on(downloads.gather());
        drop(runtime);
        server.wait_until_idle(Duration::from_secs(60)).unwrap();

        let mut by_code = BTreeMap::<String, Vec<Outcome>>::new();
        for outcome in outcomes {
            by_code.entry(outcome.code.clone()).or_default().push(outcome);
        }
        let mut expected = BTreeMap::<&str, usize>::new();
        for code in codes {
            *expected.entry(code).or_default() += 1;
        }
        prop_assert!(by_code.iter().map(|(code, all)| (&**code, all.len())).eq(expected));

        let history = server.history();
        let mut downloaded = vec![];
        for (code, outcomes) in &by_code {
            let served = history.get(code).map(Vec::as_slice).unwrap_or_default();
            let tries: usize = outcomes.iter().map(|outcome| outcome.tries.len()).sum();
            prop_assert_eq!(tries, served.len(), "{}: {:?} {:?}", code, outcomes, served);
            for outcome in outcomes {
                prop_assert!(outcome.tries.len() <= retries + 1 + resent(served));
                if let End::Downloaded(flag) = &outcome.end {
                    prop_assert_eq!(flag.gif(), gif(code));
                }
            }
            if outcomes.iter().any(|outcome| kind(outcome) == "downloaded") {
                downloaded.push(format!("{}.gif", code.to_lowercase()));
            }
            if let ([outcome], [.., last]) = (&outcomes[..], served) {
                let agrees = match (last, &outcome.end) {
                    (Served::Flag, End::Downloaded(_)) | (Served::NotFound, End::NotFound) => true,
                    (Served::Fault(fault), End::Failed(cause)) => {
                        let tries = outcome.tries.len();
                        let most = retries + 1 + resent(served);
                        is_of(cause, *fault) && (retries + 1..=most).contains(&tries)
                    }
                    _ => false,
                };
                prop_assert!(agrees, "{:?} {:?}", outcome, served);
            }
        }
        downloaded.sort();
        prop_assert_eq!(assert_whole(scratch.path()), downloaded);
    }
}
