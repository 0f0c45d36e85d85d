//! What CPython's `Lib/test/test_yield_from.py` asks of `yield from`, under the names it has there.
//!
//! A `finally` of theirs is a destructor here. `python.md` lists what cannot carry over.

use hitchhiker::coroutine::*;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};

/// What has happened, in order.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<String>>>);

impl Trace {
    fn note(&self, line: impl Display) {
        self.0.lock().unwrap().push(line.to_string());
    }

    /// Notes that `name` starts, and that it ends when the guard is dropped.
    fn span(&self, name: &'static str) -> Span {
        self.note(format_args!("{name} starts"));
        Span(self.clone(), name)
    }

    #[track_caller]
    fn is(&self, lines: &[&str]) {
        assert_eq!(*self.0.lock().unwrap(), lines);
    }
}

struct Span(Trace, &'static str);

impl Drop for Span {
    fn drop(&mut self) {
        self.0.note(format_args!("{} ends", self.1));
    }
}

fn line<Y: Debug, T: Debug>(result: Result<Y, Raised<T>>) -> String {
    result.unwrap_err().to_string()
}

/// Yields "in 1" and "in 2"; fails in between when it is sent 13.
fn inner(trace: Trace) -> Generator<&'static str, i32> {
    generator! {
        let _span = trace.span("inner");
        for value in ["in 1", "in 2"] {
            let received = yield value;
            trace.note(format_args!("inner received {received:?}"));
            if received == Some(13) {
                Err(ValueError::new("bad luck"))?;
            }
        }
    }
}

fn outer(trace: Trace) -> Generator<&'static str, i32> {
    generator! {
        let _span = trace.span("outer");
        let received = yield "out 1";
        trace.note(format_args!("outer received {received:?}"));
        yield from inner(trace.clone());
        yield "out 2";
    }
}

/// `outer`, suspended in the first `yield` of `inner`; nothing noted yet.
fn delegating() -> (Trace, Generator<&'static str, i32>) {
    let trace = Trace::default();
    let mut g = outer(trace.clone());
    assert_eq!(g.by_ref().nth(1), Some("in 1"));
    trace.0.lock().unwrap().clear();
    (trace, g)
}

#[test]
fn test_delegation_of_initial_next_to_subgenerator() {
    fn outer(trace: Trace) -> Generator<&'static str, i32> {
        generator! {
            let _span = trace.span("outer");
            yield from inner(trace.clone());
        }
    }
    let trace = Trace::default();
    assert_eq!(outer(trace.clone()).next(), Some("in 1"));
    trace.is(&["outer starts", "inner starts", "inner ends", "outer ends"]);
}

#[test]
fn test_raising_exception_in_initial_next_call() {
    let trace = Trace::default();
    let (outside, inside) = (trace.clone(), trace.clone());
    let mut g: Generator<i32> = generator! {
        let _span = outside.span("outer");
        let failing: Generator<i32> = generator! {
            let _span = inside.span("inner");
            Err(ValueError::new("at once"))?
        };
        yield from failing;
    };
    assert_eq!(line(next(&mut g)), "ValueError: at once");
    trace.is(&["outer starts", "inner starts", "inner ends", "outer ends"]);
}

#[test]
fn test_exception_in_initial_next_call() {
    fn dividing(by: i32) -> Generator<i32> {
        generator! { yield 1i32.checked_div(by).ok_or(ValueError::new("division by zero"))?; }
    }
    let mut g: Generator<i32> = generator! { yield from dividing(0); unreachable!() };
    assert_eq!(line(next(&mut g)), "ValueError: division by zero");
}

#[test]
fn test_delegation_of_next_call_to_subgenerator() {
    let trace = Trace::default();
    for value in outer(trace.clone()) {
        trace.note(value);
    }
    trace.is(&[
        "outer starts",
        "out 1",
        "outer received None",
        "inner starts",
        "in 1",
        "inner received None",
        "in 2",
        "inner received None",
        "inner ends",
        "out 2",
        "outer ends",
    ]);
}

#[test]
fn test_raising_exception_in_delegated_next_call() {
    fn failing() -> Generator<i32> {
        generator! { yield 1; Err(ValueError::new("later"))? }
    }
    let mut g: Generator<i32> = generator! { yield 0; yield from failing(); yield 2; };
    let values: Vec<_> = g
        .results()
        .map(|it| it.map_err(|e| e.to_string()))
        .collect();
    assert_eq!(values, [Ok(0), Ok(1), Err("ValueError: later".into())]);
}

#[test]
fn test_delegation_of_send() {
    let (trace, mut g) = delegating();
    assert_eq!(g.send(1).unwrap(), "in 2");
    assert_eq!(g.send(2).unwrap(), "out 2");
    assert_eq!(line(g.send(3)), "StopIteration");
    trace.is(&[
        "inner received Some(1)",
        "inner received Some(2)",
        "inner ends",
        "outer ends",
    ]);
}

#[test]
fn test_handling_exception_while_delegating_send() {
    let (trace, mut g) = delegating();
    assert_eq!(line(g.send(13)), "ValueError: bad luck");
    trace.is(&["inner received Some(13)", "inner ends", "outer ends"]);
}

#[test]
fn test_delegating_close() {
    let (trace, mut g) = delegating();
    g.close().unwrap();
    trace.is(&["inner ends", "outer ends"]);
}

#[test]
fn test_handing_exception_while_delegating_close() {
    fn stumbling(trace: Trace) -> Generator<i32> {
        generator! {
            let _span = trace.span("inner");
            let closed = try { yield 1; };
            trace.note(closed.unwrap_err());
            Err(ValueError::new("stumbled"))?
        }
    }
    let trace = Trace::default();
    let handle = trace.clone();
    let mut g: Generator<i32> = generator! {
        let _span = handle.span("outer");
        yield from stumbling(handle.clone());
    };
    next(&mut g).unwrap();
    assert_eq!(g.close().unwrap_err().to_string(), "ValueError: stumbled");
    trace.is(&[
        "outer starts",
        "inner starts",
        "GeneratorExit",
        "inner ends",
        "outer ends",
    ]);
}

#[test]
fn test_delegating_throw() {
    let (trace, mut g) = delegating();
    assert_eq!(line(g.throw(ValueError::new("out"))), "ValueError: out");
    trace.is(&["inner ends", "outer ends"]);
}

#[test]
fn test_value_attribute_of_stop_iteration_exception() {
    let mut stop = StopIteration { value: None };
    assert_eq!(stop.to_string(), "StopIteration");
    stop.value = Some(5);
    assert_eq!(
        (stop.to_string().as_str(), stop.value),
        ("StopIteration: 5", Some(5))
    );
}

#[test]
fn test_exception_value_crash() {
    fn inner() -> Generator<&'static str, (), Vec<i32>> {
        generator! { yield "inner"; vec![42] }
    }
    let g: Generator<&str> = generator! { yield from inner(); };
    assert_eq!(g.collect::<Vec<_>>(), ["inner"]);
}

#[test]
fn test_generator_return_value() {
    fn returning<T: Send + 'static>(value: T) -> Generator<String, (), T> {
        generator! { yield "inner".into(); value }
    }
    let g: Generator<String> = generator! {
        yield from returning(());
        yield format!("returned {}", yield from returning(1));
        yield format!("returned {:?}", yield from returning((2,)));
        yield format!("returned {}", yield from returning(StopIteration { value: Some(3) }));
    };
    let values: Vec<_> = g.filter(|value| value != "inner").collect();
    assert_eq!(
        values,
        ["returned 1", "returned (2,)", "returned StopIteration: 3"]
    );
}

fn over_range(trace: Trace) -> Generator<i32, i32> {
    generator! {
        let _span = trace.span("g");
        yield from 0..3;
    }
}

#[test]
fn test_delegation_of_next_to_non_generator() {
    assert_eq!(over_range(Trace::default()).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn test_conversion_of_send_none_to_next() {
    let mut g = over_range(Trace::default());
    for x in 0..3 {
        assert_eq!(g.send(None).unwrap(), x);
    }
}

#[test]
fn test_delegation_of_close_to_non_generator() {
    let trace = Trace::default();
    let mut g = over_range(trace.clone());
    next(&mut g).unwrap();
    g.close().unwrap();
    trace.is(&["g starts", "g ends"]);
}

#[test]
fn test_delegating_throw_to_non_generator() {
    let trace = Trace::default();
    let mut g = over_range(trace.clone());
    next(&mut g).unwrap();
    assert_eq!(line(g.throw(ValueError::new("out"))), "ValueError: out");
    trace.is(&["g starts", "g ends"]);
}

#[test]
fn test_attempting_to_send_to_non_generator() {
    let trace = Trace::default();
    let mut g = over_range(trace.clone());
    next(&mut g).unwrap();
    assert!(g.send(42).unwrap_err().is::<AttributeError>());
    trace.is(&["g starts", "g ends"]);
}

#[test]
fn test_returning_value_from_delegated_throw() {
    fn saving() -> Generator<&'static str> {
        generator! {
            match try { yield "waiting" } {
                Err(error) if error.is::<ValueError>() => {
                    yield "saved";
                    yield "and more";
                }
                other => { other?; }
            }
        }
    }
    let mut g: Generator<&str> = generator! { yield from saving(); yield "outer"; };
    next(&mut g).unwrap();
    assert_eq!(g.throw(ValueError::new("out")).unwrap(), "saved");
    assert_eq!(g.collect::<Vec<_>>(), ["and more", "outer"]);
}

fn returning<T: Send + 'static>(value: T) -> Generator<(), &'static str, T> {
    generator! { yield; value }
}

#[test]
fn test_next_and_return_with_value() {
    fn ends<T: Debug + Send + 'static>(value: T) -> String {
        let mut g = returning(value);
        next(&mut g).unwrap();
        line(next(&mut g))
    }
    assert_eq!(ends(()), "StopIteration");
    assert_eq!(ends(1), "StopIteration: 1");
    assert_eq!(ends((2,)), "StopIteration: (2,)");
    assert_eq!(
        ends(StopIteration { value: Some(3) }),
        "StopIteration: StopIteration: 3"
    );
}

#[test]
fn test_send_and_return_with_value() {
    fn ends<T: Debug + Send + 'static>(value: T) -> String {
        let mut g = returning(value);
        next(&mut g).unwrap();
        line(g.send("word"))
    }
    assert_eq!(ends(()), "StopIteration");
    assert_eq!(ends(1), "StopIteration: 1");
    assert_eq!(ends((2,)), "StopIteration: (2,)");
}

#[test]
fn test_catching_exception_from_subgen_and_returning() {
    fn inner() -> Generator<i32, (), i32> {
        generator! {
            match try { yield 1 } {
                Err(error) if error.is::<ValueError>() => 2,
                _ => 0,
            }
        }
    }
    let mut g: Generator<i32> = generator! { yield 10 * yield from inner(); };
    assert_eq!(next(&mut g).unwrap(), 1);
    assert_eq!(g.throw(ValueError::new("")).unwrap(), 20);
}

/// What comes back when `GeneratorExit` is thrown into a generator that delegates to `inner`.
fn exit_thrown_over(inner: Generator<()>) -> String {
    let mut g: Generator<()> = generator! { yield from inner; unreachable!() };
    next(&mut g).unwrap();
    line(g.throw(GeneratorExit))
}

#[test]
fn test_throwing_generator_exit_into_subgen_that_returns() {
    let returned = exit_thrown_over(generator! { let _ = try { yield }; });
    assert_eq!(returned, "GeneratorExit");
}

#[test]
fn test_throwing_generator_exit_into_subgenerator_that_yields() {
    let yielded = exit_thrown_over(generator! { let _ = try { yield }; yield; });
    assert_eq!(yielded, "RuntimeError: generator ignored GeneratorExit");
}

#[test]
fn test_throwing_generator_exit_into_subgen_that_raises() {
    let raised = exit_thrown_over(generator! {
        if (try { yield }).is_err() { Err(ValueError::new("instead"))? }
    });
    assert_eq!(raised, "ValueError: instead");
}

#[test]
fn test_yield_from_empty() {
    let mut g: Generator<i32> = generator! { yield from []; };
    assert_eq!(line(next(&mut g)), "StopIteration");
}
