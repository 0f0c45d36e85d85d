//! What the check of chapter 3's exercise says.
#![cfg(feature = "flags")]

use std::io;

use hitchhiker::check;
use hitchhiker::flags::*;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// The solution, with any codes.
fn download(base_url: &str, codes: &[&'static str], limit: usize) -> io::Result<Vec<Flag>> {
    let client = reqwest::Client::new();
    let ended = Runtime::new()?.block_on(async {
        let (mut tasks, mut ended) = (JoinSet::new(), vec![]);
        for &cc in codes {
            if tasks.len() == limit {
                ended.extend(tasks.join_next().await);
            }
            let (client, base_url) = (client.clone(), base_url.to_owned());
            tasks.spawn(async move { get_flag(&client, &base_url, cc).await });
        }
        while let Some(task) = tasks.join_next().await {
            ended.push(task);
        }
        ended
    });
    let flags = ended.into_iter().filter_map(|task| task.ok()?.ok());
    Ok(flags.collect())
}

const ARRIVE: &str = "with a limit of 3, all 21 flags arrive";
const AT_ONCE: &str = "more than one request is open at the same time, and never more than 3";

#[test]
fn a_right_answer_passes() {
    fn few_at_once(base_url: &str, limit: usize) -> io::Result<Vec<Flag>> {
        download(base_url, &POP20_CC, limit)
    }
    let said = check::few_at_once(few_at_once).to_string();
    assert_eq!(said, format!("✓ {ARRIVE}\n✓ {AT_ONCE}"));
}

#[test]
fn nothing_written_is_told_so() {
    fn few_at_once(_: &str, _: usize) -> io::Result<Vec<Flag>> {
        Ok(vec![])
    }
    let said = check::few_at_once(few_at_once).to_string();
    let expected = format!("✗ {ARRIVE}; yours gives 0\n✗ {AT_ONCE}; yours made no request");
    assert_eq!(said, expected);
}

#[test]
fn a_limit_that_is_not_kept_is_told() {
    fn few_at_once(base_url: &str, _: usize) -> io::Result<Vec<Flag>> {
        download(base_url, &POP20_CC, 21)
    }
    let said = check::few_at_once(few_at_once).to_string();
    assert!(
        said.starts_with(&format!("✓ {ARRIVE}\n✗ {AT_ONCE}; yours had ")),
        "{said}"
    );
}

#[test]
fn one_after_the_other_is_told() {
    fn few_at_once(base_url: &str, _: usize) -> io::Result<Vec<Flag>> {
        download(base_url, &POP20_CC, 1)
    }
    let said = check::few_at_once(few_at_once).to_string();
    let expected = format!("✓ {ARRIVE}\n✗ {AT_ONCE}; yours had at most one open");
    assert_eq!(said, expected);
}

#[test]
fn flags_of_tasks_that_nobody_waited_for_are_missed() {
    fn few_at_once(base_url: &str, limit: usize) -> io::Result<Vec<Flag>> {
        download(base_url, &POP20_CC[..18], limit)
    }
    let said = check::few_at_once(few_at_once).to_string();
    assert!(
        said.starts_with(&format!("✗ {ARRIVE}; yours gives 18\n")),
        "{said}"
    );
}

#[test]
fn the_same_flags_twice_are_told() {
    fn few_at_once(base_url: &str, limit: usize) -> io::Result<Vec<Flag>> {
        download(base_url, &[POP20_CC, POP20_CC].concat(), limit)
    }
    let said = check::few_at_once(few_at_once).to_string();
    let twice = format!("✗ {ARRIVE}; yours gives 42 flags, of 21 countries");
    assert!(said.starts_with(&twice), "{said}");
}

#[test]
fn an_error_and_a_panic_are_told() {
    fn fails(_: &str, _: usize) -> io::Result<Vec<Flag>> {
        Err(io::Error::other("no network"))
    }
    let said = check::few_at_once(fails).to_string();
    assert!(
        said.starts_with(&format!("✗ {ARRIVE}; yours failed: no network\n")),
        "{said}"
    );
    fn panics(_: &str, _: usize) -> io::Result<Vec<Flag>> {
        todo!()
    }
    let said = check::few_at_once(panics).to_string();
    assert_eq!(
        said,
        format!("✗ {ARRIVE}; yours panicked: not yet implemented")
    );
}
