//! What the check of chapter 11's exercise says to downloads that are wrong.

#![cfg(feature = "flags")]

use hitchhiker::check;
use hitchhiker::coroutine::*;
use hitchhiker::flags::{Flag, get_flag};
use reqwest::Client;
use tokio::task::JoinSet;

type DownloadMany = fn(String, Vec<&'static str>, usize) -> AsyncGenerator<Flag>;

fn said(download_many: DownloadMany) -> Vec<String> {
    let report = check::download_many(download_many).to_string();
    report.lines().map(str::to_owned).collect()
}

const YIELDS: &str = "it yields each of 21 flags once, for n = 3";
const ASKS: &str = "the server is asked for each flag once";
const OF_THREE: &str = "for n = 3, the server sees 3 requests at once";
const OF_ONE: &str = "for n = 1, the server sees 1 request at once";
const DROPPED: &str = "a moment after it was dropped, no request is open";

/// The solution, but for how many may be open and how a flag is asked for.
fn with_a_set(
    base_url: String,
    codes: Vec<&'static str>,
    n: usize,
    times: usize,
) -> AsyncGenerator<Flag> {
    async_generator! {
        let client = Client::new();
        let mut codes = codes.into_iter();
        let mut tasks = JoinSet::new();
        loop {
            while tasks.len() < n {
                let Some(cc) = codes.next() else { break };
                let (client, base_url) = (client.clone(), base_url.clone());
                tasks.spawn(async move {
                    for _ in 1..times {
                        get_flag(&client, &base_url, cc).await?;
                    }
                    get_flag(&client, &base_url, cc).await
                });
            }
            let Some(flag) = tasks.join_next().await else { return };
            yield flag??;
        }
    }
}

#[test]
fn the_solution_passes() {
    let report = check::download_many(|url, codes, n| with_a_set(url, codes, n, 1));
    assert!(report.passed(), "{report}");
}

#[test]
fn nothing_written_yet_is_told_so() {
    let lines = said(|_, _, _| async_generator! {});
    assert_eq!(
        lines,
        [
            format!("✗ {YIELDS}; yours yields 0; BD is missing, for one"),
            format!("✗ {ASKS}; yours asks for BD 0 times"),
            format!("✗ {OF_THREE}; yours had 0"),
            format!("✗ {OF_ONE}; yours had 0"),
            format!("✗ {DROPPED}; yours had opened 0 of 3 requests by then"),
        ]
    );
}

#[test]
fn all_at_once_is_told_how_many_there_were() {
    let lines = said(|url, codes, _| with_a_set(url, codes, usize::MAX, 1));
    assert_eq!(lines[0], format!("✓ {YIELDS}"));
    assert_eq!(lines[2], format!("✗ {OF_THREE}; yours had up to 21"));
    assert_eq!(lines[3], format!("✗ {OF_ONE}; yours had up to 5"));
}

#[test]
fn one_after_the_other_is_told_that_there_was_one() {
    let lines = said(|base_url, codes, _| {
        async_generator! {
            let client = Client::new();
            for cc in codes {
                yield get_flag(&client, &base_url, cc).await?;
            }
        }
    });
    assert_eq!(lines[0], format!("✓ {YIELDS}"));
    assert_eq!(lines[2], format!("✗ {OF_THREE}; yours had 1"));
    assert_eq!(lines[3], format!("✓ {OF_ONE}"));
    assert_eq!(
        lines[4],
        format!("✗ {DROPPED}; yours had opened 1 of 3 requests by then")
    );
}

#[test]
fn asking_twice_is_told() {
    let lines = said(|url, codes, n| with_a_set(url, codes, n, 2));
    assert_eq!(lines[0], format!("✓ {YIELDS}"));
    assert_eq!(lines[1], format!("✗ {ASKS}; yours asks for BD 2 times"));
}

#[test]
fn flags_that_are_not_asked_for_once_the_first_have_come_are_told() {
    let lines = said(|url, codes, n| with_a_set(url, codes[..n.min(codes.len())].to_vec(), n, 1));
    assert_eq!(
        lines[0],
        format!("✗ {YIELDS}; yours yields 3; BD is missing, for one")
    );
}

#[test]
fn tasks_that_were_let_go_are_seen_by_the_server() {
    let lines = said(|base_url, codes, n| {
        async_generator! {
            let client = Client::new();
            for codes in codes.chunks(n) {
                let mut tasks = vec![];
                for cc in codes {
                    let (client, base_url, cc) = (client.clone(), base_url.clone(), *cc);
                    tasks.push(tokio::spawn(async move { get_flag(&client, &base_url, cc).await }));
                }
                for task in tasks {
                    yield task.await??;
                }
            }
        }
    });
    for line in &lines[..4] {
        assert!(line.starts_with('✓'), "{line}");
    }
    assert_eq!(lines[4], format!("✗ {DROPPED}; yours has 3 open"));
}

#[test]
fn an_error_and_a_panic_are_told_in_a_line() {
    let raising = said(|_, _, _| async_generator! { Err("no flags today")? });
    assert!(
        raising[0].starts_with(&format!("✗ {YIELDS}; yours raised ")),
        "{raising:?}"
    );
    let panicking = said(|_, _, _| todo!());
    assert_eq!(
        panicking,
        [format!("✗ {YIELDS}; yours panicked: not yet implemented")]
    );
}

#[test]
fn a_body_that_never_comes_to_an_end_gets_an_answer() {
    let lines = said(|_, _, _| async_generator! { std::future::pending::<()>().await; });
    assert!(
        lines[0].starts_with(&format!("✗ {YIELDS}; yours gave no answer within")),
        "{lines:?}"
    );
}
