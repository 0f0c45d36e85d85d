//! A try, a flag and the whole download end in time.

use crate::*;

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
