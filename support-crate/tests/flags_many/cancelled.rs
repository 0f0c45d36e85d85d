//! A download that is given up stops at once: no request, no task and no unfinished file stays.

use crate::*;

/// A site that keeps everybody waiting.
fn slow() -> FlagServer {
    FlagServer::start(Latency::fixed(Duration::from_secs(3_600))).unwrap()
}

/// Waits until `condition`; other tasks go on meanwhile.
async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .unwrap();
}

/// Lets `downloads` run until the site has been asked for three flags.
async fn begin(downloads: &mut Downloads, server: &FlagServer) {
    tokio::select! {
        outcome = downloads.next() => panic!("{outcome:?}"),
        () = until(|| server.requests() == 3) => {}
    }
}

async fn assert_nothing_is_left(server: &FlagServer) {
    let metrics = tokio::runtime::Handle::current().metrics();
    until(|| metrics.num_alive_tasks() == 0).await;
    until(|| server.open_connections() == 0).await;
}

async fn dropping_ends_everything() {
    let server = slow();
    let scratch = tempfile::tempdir().unwrap();
    let options = hasty().at_once(3).folder(scratch.path());
    let mut downloads = download_many(&server.base_url(), POP20_CC, options);
    begin(&mut downloads, &server).await;
    drop(downloads);
    assert_nothing_is_left(&server).await;
    assert_eq!(server.requests(), 3);
    assert!(files(scratch.path()).is_empty());
}

#[test]
fn dropping_ends_everything_on_one_thread() {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .build()
        .unwrap()
        .block_on(dropping_ends_everything());
}

#[test]
fn dropping_ends_everything_on_several_threads() {
    Runtime::new().unwrap().block_on(dropping_ends_everything());
}

#[test]
fn a_timeout_around_it_ends_everything() {
    Runtime::new().unwrap().block_on(async {
        let server = slow();
        let downloads = download_many(&server.base_url(), POP20_CC, hasty());
        assert!(
            tokio::time::timeout(SOON, downloads.gather())
                .await
                .is_err()
        );
        assert_nothing_is_left(&server).await;
    });
}

#[test]
fn waiting_that_is_given_up_loses_nothing() {
    Runtime::new().unwrap().block_on(async {
        let server = FlagServer::start(Latency::fixed(SOON)).unwrap();
        let mut downloads = download_many(&server.base_url(), POP20_CC, hasty().at_once(3));
        let mut codes = HashSet::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(1), downloads.next()).await {
                Ok(Some(outcome)) => assert!(codes.insert(outcome.code)),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        assert_eq!(codes.len(), POP20_CC.len());
        assert_eq!(server.requests(), POP20_CC.len() as u64);
    });
}

#[test]
fn nothing_is_left_after_the_last_outcome() {
    Runtime::new().unwrap().block_on(async {
        let server = FlagServer::start(Latency::NONE).unwrap();
        let mut downloads = download_many(&server.base_url(), POP20_CC, hasty());
        while downloads.next().await.is_some() {}
        assert_nothing_is_left(&server).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn files_are_whole_whenever_it_is_dropped(
        arrived in 0..60_usize,
        at_once in 1..40_usize,
        flush: bool,
    ) {
        let server = FlagServer::start(Latency::NONE).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let codes = COUNTRIES.iter().map(|country| country.code);
            let options = hasty().at_once(at_once).folder(scratch.path()).flush(flush);
            let mut downloads = download_many(&server.base_url(), codes, options);
            for _ in 0..arrived {
                downloads.next().await.unwrap();
            }
        });
        drop(runtime); // waits for the file that a thread is just writing
        prop_assert!(assert_whole(scratch.path()).len() >= arrived);
    }
}
