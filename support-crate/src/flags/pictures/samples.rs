//! Outcomes for the tests: what a download may give, and what it never should.

use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::flags::code::Code;
use crate::flags::countries::COUNTRIES;
use crate::flags::error::Cause;
use crate::flags::flag::Flag;
use crate::flags::outcome::{End, Outcome, Try};

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A try: when it started, was answered and ended, in ms.
pub fn tried(started: u64, answered: Option<u64>, ended: u64) -> Try {
    Try {
        started: ms(started),
        answered: answered.map(ms),
        ended: ms(ended),
    }
}

pub fn flag(code: &str, gif: impl Into<Vec<u8>>) -> Flag {
    Flag::new(Code::parse(code).unwrap(), gif.into())
}

pub fn downloaded(code: &str, tries: &[Try]) -> Outcome {
    let gif = COUNTRIES.iter().find(|country| country.code == code);
    let gif = gif.map_or(&b"no GIF"[..], |country| country.gif);
    Outcome {
        code: code.to_owned(),
        end: End::Downloaded(flag(code, gif)),
        tries: tries.to_vec(),
    }
}

pub fn failed(code: &str, tries: &[Try]) -> Outcome {
    Outcome {
        code: code.to_owned(),
        end: End::Failed(Cause::TooLarge { limit: 7 }),
        tries: tries.to_vec(),
    }
}

pub fn not_found(code: &str, tries: &[Try]) -> Outcome {
    Outcome {
        code: code.to_owned(),
        end: End::NotFound,
        tries: tries.to_vec(),
    }
}

/// Times that follow each other, and times that make no sense.
fn any_try() -> impl Strategy<Value = Try> {
    let time = prop_oneof![
        8 => (0..5_000_000_u64).prop_map(Duration::from_micros),
        1 => Just(Duration::MAX),
    ];
    (time.clone(), option::of(time.clone()), time).prop_map(|(started, answered, ended)| Try {
        started,
        answered,
        ended,
    })
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let country = (0..COUNTRIES.len()).prop_map(|n| COUNTRIES[n].code);
    let downloaded_code = prop_oneof![9 => country, 1 => Just("ZZ")];
    let end = prop_oneof![
        downloaded_code.prop_map(|code| downloaded(code, &[])),
        any::<String>().prop_map(|code| failed(&code, &[])),
        any::<String>().prop_map(|code| not_found(&code, &[])),
    ];
    (end, vec(any_try(), 0..4)).prop_map(|(outcome, tries)| Outcome { tries, ..outcome })
}

pub fn any_outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    vec(any_outcome(), 0..30)
}
