//! Many flags from a bad site: each code has one outcome, the site agrees with what was tried, and
//! nothing is left behind.
//!
//! `cargo test --release --package hitchhiker --features flags --test flags_soak -- --ignored --nocapture`
//! asks for 100,000 flags and says what came of them.
#![cfg(feature = "flags")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt, stream};
use hitchhiker::flags::*;

const AT_ONCE: usize = 100;

/// How many folders are filled at once, each with its share of the requests.
const FOLDERS_AT_ONCE: usize = 4;

const SHARE_OF_FAULTS: f64 = 0.2;

/// So many that next to no flag is given up.
const RETRIES: usize = 8;

const SOON: Duration = Duration::from_secs(10);

/// What came of the codes of one country.
#[derive(Default)]
struct Tally {
    outcomes: usize,
    downloaded: usize,
    tries: usize,
    /// Tries that had no head of an answer.
    unanswered: usize,
}

#[test]
fn nothing_is_lost_and_nothing_is_left_behind() {
    soak(1_000, Duration::from_secs(10));
}

#[test]
#[ignore = "a hundred thousand flags take minutes, and a machine that does nothing else"]
fn nothing_is_lost_and_nothing_is_left_behind_at_length() {
    soak(100_000, Duration::from_millis(500));
}

/// Each stalled answer costs `try_limit`. On a busy machine it must be long, or answers that are only late
/// are given up, of which the server and the client say different things.
fn soak(flags: usize, try_limit: Duration) {
    println!(
        "\nsoak: {flags} flags, {AT_ONCE} at once, {:.0} % of the requests fail, of every kind",
        SHARE_OF_FAULTS * 100.0
    );
    let site = Site::from(Faults::every(SHARE_OF_FAULTS))
        .retry_after(0)
        .seed(4);
    let server = FlagServer::start(site).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let began = Instant::now();
    let tallies = runtime.block_on(download(
        &server.base_url(),
        flags,
        folder.path(),
        try_limit,
    ));
    let took = began.elapsed();

    let total = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    let (outcomes, downloaded) = (total(|it| it.outcomes), total(|it| it.downloaded));
    println!(
        "{outcomes} outcomes: {downloaded} downloaded, {} failed; {} tries in {:.1} s",
        outcomes - downloaded,
        total(|it| it.tries),
        took.as_secs_f64(),
    );
    let served = agree(&tallies, &server.history(), flags);
    println!("the server agrees for each country: {served}");
    let files = look_at_files(folder.path());
    assert_eq!(files, downloaded);
    println!("{files} files, each the whole flag, and no other file");

    server.wait_until_idle(SOON).unwrap();
    assert_eq!(wait_until_done(&runtime), 0, "tasks are left");
    println!(
        "no connection and no task is left; the server: {}",
        server.counts()
    );
}

async fn download(
    base_url: &str,
    flags: usize,
    folder: &Path,
    try_limit: Duration,
) -> BTreeMap<String, Tally> {
    let options = Options::default()
        .at_once(AT_ONCE / FOLDERS_AT_ONCE)
        .retries(RETRIES)
        .back_off(Duration::from_millis(1), Duration::from_millis(20))
        .try_limit(try_limit)
        .flag_limit(Duration::MAX)
        .seed(4);
    let mut outcomes = into_folders(base_url, flags, folder, options);
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    while let Some(outcome) = outcomes.next().await {
        let tally = tallies.entry(outcome.code).or_default();
        tally.outcomes += 1;
        tally.downloaded += usize::from(matches!(outcome.end, End::Downloaded(_)));
        tally.tries += outcome.tries.len();
        let unanswered = outcome.tries.iter().filter(|it| it.answered.is_none());
        tally.unanswered += unanswered.count();
    }
    tallies
}

/// A folder holds a country's flag once, so each round of the countries has a folder of its own:
/// `0`, `1` and so on. Some are filled at once, lest the last flags of one wait alone.
fn into_folders(
    base_url: &str,
    flags: usize,
    folder: &Path,
    options: Options,
) -> impl Stream<Item = Outcome> + Unpin {
    let rounds = (0..flags).step_by(COUNTRIES.len()).enumerate();
    let downloads = rounds.map(move |(round, done)| {
        let codes = COUNTRIES.iter().map(|country| country.code);
        let options = options.clone().folder(folder.join(round.to_string()));
        download_many(base_url, codes.take(flags - done), options)
    });
    stream::iter(downloads).flatten_unordered(FOLDERS_AT_ONCE)
}

/// Holds what was tried against what the server says it has served; gives the latter in words.
fn agree(
    tallies: &BTreeMap<String, Tally>,
    history: &BTreeMap<String, Vec<Served>>,
    flags: usize,
) -> String {
    let mut served_in_all: BTreeMap<Served, usize> = BTreeMap::new();
    for (nth, country) in COUNTRIES.iter().enumerate() {
        let asked_for = flags.saturating_sub(nth).div_ceil(COUNTRIES.len());
        let none = (Tally::default(), vec![]);
        let tally = tallies.get(country.code).unwrap_or(&none.0);
        let served = history.get(country.code).unwrap_or(&none.1);
        let times = |what| served.iter().filter(|it| **it == what).count();
        let ours = [asked_for, tally.tries, tally.downloaded, tally.unanswered];
        let theirs = [
            tally.outcomes,
            served.len(),
            times(Served::Flag),
            times(Served::Fault(Fault::Closed)),
        ];
        assert_eq!(ours, theirs, "{}", country.code);
        for served in served {
            *served_in_all.entry(*served).or_default() += 1;
        }
    }
    let words = served_in_all
        .iter()
        .map(|(served, times)| format!("{served} {times}"));
    words.collect::<Vec<_>>().join(", ")
}

/// Gives how many files there are; each must be a flag.
fn look_at_files(folder: &Path) -> usize {
    let names: BTreeMap<_, _> = COUNTRIES
        .iter()
        .map(|country| (format!("{}.gif", country.code.to_lowercase()), country))
        .collect();
    let mut files = 0;
    for round in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(round.unwrap().path()).unwrap() {
            let file = file.unwrap();
            let country = names[file.file_name().to_str().unwrap()];
            let gif = fs::read(file.path()).unwrap();
            assert!(
                country.gif == gif,
                "{} is no whole flag",
                file.path().display()
            );
            Flag::from_gif(country.code, &gif).unwrap();
            files += 1;
        }
    }
    files
}

/// Waits until the runtime has no task; gives how many there are in the end.
fn wait_until_done(runtime: &tokio::runtime::Runtime) -> usize {
    let tasks = || runtime.metrics().num_alive_tasks();
    let end = Instant::now() + SOON;
    while tasks() != 0 && Instant::now() < end {
        std::thread::yield_now();
    }
    tasks()
}
