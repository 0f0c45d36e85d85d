//! A `StopIteration` that gets out of a body must not look like its end (PEP 479).

use hitchhiker::coroutine::*;

fn hundreds() -> Generator<i32> {
    generator! {
        yield 100;
        yield 200;
        yield 300;
    }
}

#[test]
fn one_that_gets_out_of_a_body_is_a_runtime_error_with_it_as_the_cause() {
    let mut outer: Generator<i32> = generator! {
        let mut inner = hundreds();
        loop {
            yield next(&mut inner)? + 1;
        }
    };
    assert_eq!(outer.by_ref().take(3).collect::<Vec<_>>(), [101, 201, 301]);
    let Err(Raised::Exception(error)) = next(&mut outer) else {
        panic!("no exception")
    };
    assert_eq!(
        error.to_string(),
        "RuntimeError: generator raised StopIteration"
    );
    assert_eq!(
        error.cause().map(ToString::to_string).as_deref(),
        Some("StopIteration")
    );
}

#[test]
fn one_that_is_caught_inside_is_the_bodys_own_affair() {
    let mut outer: Generator<i32> = generator! {
        let mut inner = hundreds();
        loop {
            match try { next(&mut inner)? } {
                Err(error) if error.is_stop_iteration() => return,
                value => yield value? + 1,
            };
        }
    };
    assert_eq!(outer.by_ref().collect::<Vec<_>>(), [101, 201, 301]);
    assert_eq!(next(&mut outer).unwrap_err().to_string(), "StopIteration");
}

#[test]
fn one_that_is_thrown_in_is_a_runtime_error_too() {
    let mut g = hundreds();
    next(&mut g).unwrap();
    let error = g.throw(StopIteration { value: Some(7) }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "RuntimeError: generator raised StopIteration"
    );
}

#[test]
fn only_a_stop_iteration_is_taken_for_one() {
    assert!(Exception::from(StopIteration { value: Some("x") }).is_stop_iteration());
    assert!(!Exception::from(ValueError::new("StopIteration")).is_stop_iteration());
}
