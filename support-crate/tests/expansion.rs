//! What `expansion!` shows is what the macros make: the text compiles and does the same.

#![cfg(feature = "expansion")]

use std::fs;
use std::path::Path;

use hitchhiker::coroutine::*;

/// Chapter 2's accumulator, which chapter 10 opens up.
const SUMMING: &str = expansion! {
    generator! {
        let mut sum = 0;
        while let Some(n) = yield sum {
            sum += n;
        }
        sum
    }
};

const RAISING: &str = expansion! {
    generator! {
        let mut sum = 0;
        loop {
            sum += (yield sum).ok_or(TypeError::unsupported_operand("+=", "i64", "None"))?;
        }
    }
};

const DELEGATING: &str = expansion! {
    generator! {
        let last = yield from summing();
        println!("{:?}", try { yield last });
        last + 1
    }
};

#[test]
fn the_text_of_an_expansion_compiles_and_runs_as_the_macro_does() {
    let program = format!(
        "use hitchhiker::coroutine::*;
        use hitchhiker::coroutine::__private::*;

        fn summing() -> Generator<i64, i64, i64> {{ {SUMMING} }}
        fn raising() -> Generator<i64, i64, i64> {{ {RAISING} }}
        fn delegating() -> Generator<i64, i64, i64> {{ {DELEGATING} }}

        fn main() {{
            let mut s = summing();
            assert_eq!(next(&mut s).unwrap(), 0);
            assert_eq!(s.send(10).unwrap(), 10);
            assert_eq!(s.send(20).unwrap(), 30);
            assert_eq!(s.send(None).unwrap_err().to_string(), \"StopIteration: 30\");

            let mut r = raising();
            next(&mut r).unwrap();
            assert_eq!(r.send(10).unwrap(), 10);
            assert!(r.send(None).unwrap_err().to_string().starts_with(\"TypeError\"));

            let mut d = delegating();
            next(&mut d).unwrap();
            assert_eq!(d.send(10).unwrap(), 10);
            assert_eq!(d.send(None).unwrap(), 10);
            assert_eq!(d.send(None).unwrap_err().to_string(), \"StopIteration: 11\");
        }}"
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("expanded.rs");
    fs::write(&path, program).unwrap();
    trybuild::TestCases::new().pass(&path);
}

#[test]
fn the_text_says_where_a_body_is_suspended_and_no_path_of_the_crate() {
    assert!(SUMMING.starts_with("Generator::from_body("), "{SUMMING}");
    for line in [
        "move |yielder| async move {",
        "Yielder::give(&yielder, sum).await;",
        "Yielder::receive(&yielder).await",
    ] {
        assert!(SUMMING.contains(line), "{line} is missing in {SUMMING}");
    }
    assert!(!SUMMING.contains("hitchhiker"), "{SUMMING}");
}
