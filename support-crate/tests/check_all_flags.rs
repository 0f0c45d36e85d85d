//! What the check of chapter 3's exercise says.
#![cfg(feature = "flags")]

use std::io;

use hitchhiker::check;
use hitchhiker::flags::*;
use tokio::runtime::Runtime;

fn download(base_url: &str, codes: &[&'static str], options: Options) -> io::Result<Vec<Outcome>> {
    Ok(Runtime::new()?.block_on(download_many(base_url, codes.to_vec(), options).gather()))
}

fn all() -> Vec<&'static str> {
    COUNTRIES.iter().map(|country| country.code).collect()
}

#[test]
fn a_right_answer_passes() {
    fn all_flags(base_url: &str) -> io::Result<Vec<Outcome>> {
        download(base_url, &all(), Options::default())
    }
    let expected = "\
✓ all 249 flags arrive
✓ several requests are open at the same time";
    assert_eq!(check::all_flags(all_flags).to_string(), expected);
}

#[test]
fn nothing_written_is_told_so() {
    fn all_flags(_: &str) -> io::Result<Vec<Outcome>> {
        Ok(vec![])
    }
    let expected = "\
✗ all 249 flags arrive; yours gives 0
✗ several requests are open at the same time; yours made no request";
    assert_eq!(check::all_flags(all_flags).to_string(), expected);
}

#[test]
fn the_flags_of_the_chapter_alone_are_too_few() {
    fn all_flags(base_url: &str) -> io::Result<Vec<Outcome>> {
        download(base_url, &POP20_CC, Options::default())
    }
    let expected = "\
✗ all 249 flags arrive; yours gives 21
✓ several requests are open at the same time";
    assert_eq!(check::all_flags(all_flags).to_string(), expected);
}

#[test]
fn one_after_the_other_is_told_how_far_it_came() {
    fn all_flags(base_url: &str) -> io::Result<Vec<Outcome>> {
        download(base_url, &all(), Options::default().at_once(1))
    }
    let said = check::all_flags(all_flags).to_string();
    let late = "✗ all 249 flags arrive; yours was still at work when time was up: it had made ";
    assert!(said.starts_with(late), "{said}");
    assert!(
        said.ends_with("requests, at most 1 at the same time"),
        "{said}"
    );
}

#[test]
fn the_same_flags_twice_are_told() {
    fn all_flags(base_url: &str) -> io::Result<Vec<Outcome>> {
        let codes = [all(), all()].concat();
        download(base_url, &codes, Options::default())
    }
    let said = check::all_flags(all_flags).to_string();
    let twice = "✗ all 249 flags arrive; yours gives 498 outcomes, with the flags of 249 countries";
    assert!(said.starts_with(twice), "{said}");
}

#[test]
fn an_error_and_a_panic_are_told() {
    fn fails(_: &str) -> io::Result<Vec<Outcome>> {
        Err(io::Error::other("no network"))
    }
    let said = check::all_flags(fails).to_string();
    assert!(
        said.starts_with("✗ all 249 flags arrive; yours failed: no network\n"),
        "{said}"
    );
    fn panics(_: &str) -> io::Result<Vec<Outcome>> {
        todo!()
    }
    let said = check::all_flags(panics).to_string();
    assert_eq!(
        said,
        "✗ all 249 flags arrive; yours panicked: not yet implemented"
    );
}
