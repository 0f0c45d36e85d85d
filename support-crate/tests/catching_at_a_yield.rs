//! `try { … }` catches, in a body, what a `yield` or a `?` raises.

use hitchhiker::coroutine::*;

#[test]
fn a_body_that_catches_a_thrown_error_goes_on_yielding() -> Result<(), Raised> {
    let mut g: Generator<String, i32> = generator! {
        let mut answer = String::from("ready");
        loop {
            answer = match try { yield answer } {
                Ok(received) => format!("got {received:?}"),
                Err(error) => format!("caught {error}"),
            };
        }
    };
    assert_eq!(next(&mut g)?, "ready");
    assert_eq!(g.throw(ValueError::new("no"))?, "caught ValueError: no");
    assert_eq!(g.send(1)?, "got Some(1)");
    Ok(())
}

#[test]
fn a_question_mark_inside_is_caught_there() {
    let g: Generator<i32> = generator! {
        for word in ["1", "two", "3"] {
            match try { word.parse::<i32>()? * 10 } {
                Ok(number) => { yield number; }
                Err(error) => {
                    assert!(error.is::<std::num::ParseIntError>());
                    yield -1;
                }
            }
        }
    };
    assert_eq!(g.collect::<Vec<_>>(), [10, -1, 30]);
}

#[test]
fn return_break_and_continue_leave_it() {
    let g: Generator<i32, (), &str> = generator! {
        for x in 0.. {
            let _ = try {
                if x == 1 { continue; }
                if x == 3 { break; }
                yield x;
            };
        }
        'outer: for x in 10.. {
            loop {
                let _ = try {
                    if x == 12 { break 'outer; }
                    yield x;
                    break;
                };
            }
        }
        let _ = try { if (yield 0).is_none() { return "returned"; } };
        "not returned"
    };
    let mut g = g;
    assert_eq!(g.by_ref().take(5).collect::<Vec<_>>(), [0, 2, 10, 11, 0]);
    assert_eq!(
        next(&mut g).unwrap_err().to_string(),
        "StopIteration: \"returned\""
    );
}

#[test]
fn a_break_with_a_value_leaves_its_loop_through_it() {
    let g: Generator<i32> = generator! {
        let found = loop {
            let _ = try { if (yield 1).is_none() { break 42 } };
        };
        yield found;
    };
    assert_eq!(g.collect::<Vec<_>>(), [1, 42]);
}

#[test]
fn the_inner_of_two_catches_first() {
    let mut g: Generator<&str> = generator! {
        let outer = try {
            let inner = try { yield "waiting" };
            if let Err(error) = inner {
                yield "inner caught";
                Err(error)?;
            }
        };
        if outer.is_err() { yield "outer caught"; }
    };
    next(&mut g).unwrap();
    assert_eq!(g.throw(ValueError::new("x")).unwrap(), "inner caught");
    assert_eq!(next(&mut g).unwrap(), "outer caught");
}

#[test]
fn a_generator_that_yields_on_close_is_a_runtime_error_and_stays_open() {
    let mut g: Generator<i32> = generator! {
        if (try { yield 1 }).is_err() { yield 2; }
        yield 3;
    };
    next(&mut g).unwrap();
    let error = g.close().unwrap_err();
    assert_eq!(
        error.to_string(),
        "RuntimeError: generator ignored GeneratorExit"
    );
    assert_eq!(next(&mut g).unwrap(), 3);
}

#[test]
fn close_gives_what_the_body_returns_on_its_way_out() {
    let mut g: Generator<i32, (), &str> = generator! {
        match try { yield 1 } {
            Err(error) if error.is::<GeneratorExit>() => "so long",
            _ => "thanks for all the fish",
        }
    };
    next(&mut g).unwrap();
    assert_eq!(g.close().unwrap(), Some("so long"));
}
