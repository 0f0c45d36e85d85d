//! What CPython's `Lib/test/test_generators.py` asks of generators, under the names it has there; its
//! doctests have the name of their group, such as `tut` or `coroutine`, and their subject.
//!
//! `python.md` lists what cannot carry over.

use hitchhiker::coroutine::*;
use std::cell::Cell;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::mpsc;

fn line<Y: Debug, T: Debug>(result: Result<Y, Raised<T>>) -> String {
    result.unwrap_err().to_string()
}

/// Yields 1 and returns what it is sent.
fn returning<S: Send + 'static>() -> Generator<i32, S, Option<S>> {
    generator! { yield 1 }
}

/// What `returning` gives as its value when it is sent `value`.
fn returned<S: Debug + Send + 'static>(value: S) -> Option<S> {
    let mut g = returning();
    assert_eq!(next(&mut g).unwrap(), 1);
    match g.send(value) {
        Err(Raised::StopIteration(stop)) => stop.value.flatten(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn test_lambda_generator() {
    let f = || -> Generator<i32, i32, Option<i32>> {
        generator! { yield 1 }
    };
    let f2 = || -> Generator<i32, i32, Option<i32>> {
        generator! { yield from returning() }
    };
    let f3 = move || -> Generator<i32, i32, Option<i32>> {
        generator! { yield from f() }
    };
    for mut g in [f(), f2(), f3()] {
        assert_eq!(next(&mut g).unwrap(), 1);
        assert_eq!(line(g.send(2)), "StopIteration: Some(2)");
    }
}

#[test]
fn test_send_non_none_to_new_gen() {
    let mut g = returning();
    assert!(g.send(0).unwrap_err().is::<TypeError>());
    assert_eq!(next(&mut g).unwrap(), 1);
}

#[test]
fn test_except_throw() {
    let mut g: Generator<&str> = generator! {
        let caught = try { yield "waiting" };
        yield "holding it";
        yield "still";
        caught?;
    };
    next(&mut g).unwrap();
    assert_eq!(g.throw(ValueError::new("kept")).unwrap(), "holding it");
    assert_eq!(next(&mut g).unwrap(), "still");
    assert_eq!(line(next(&mut g)), "ValueError: kept");
}

#[test]
fn test_stopiteration_error() {
    let mut g: Generator<i32> = generator! { Err(StopIteration::default())? };
    assert_eq!(
        line(next(&mut g)),
        "RuntimeError: generator raised StopIteration"
    );
}

#[test]
fn test_tutorial_stopiteration() {
    let mut g: Generator<i32> = generator! { yield 1; Err(StopIteration::default())? };
    assert_eq!(next(&mut g).unwrap(), 1);
    assert_eq!(
        line(next(&mut g)),
        "RuntimeError: generator raised StopIteration"
    );
}

#[test]
fn test_return_tuple() {
    assert_eq!(returned((2,)), Some((2,)));
}

#[test]
fn test_return_stopiteration() {
    assert_eq!(
        returned(StopIteration { value: Some(2) }).and_then(|stop| stop.value),
        Some(2)
    );
}

#[test]
fn test_throw_after_none_exc_type() {
    let mut g: Generator<i32> = generator! {
        let handled = try { Err(AttributeError::new("earlier"))? };
        assert!(handled.is_err_and(|error: Exception| error.is::<AttributeError>()));
        if (try { yield 1 }).is_err() { Err(RuntimeError::new("instead"))? }
    };
    next(&mut g).unwrap();
    assert_eq!(line(g.throw(ValueError::new(""))), "RuntimeError: instead");
}

#[test]
fn test_generator_gi_yieldfrom() {
    let mut g: Generator<i32> = generator! { yield from 1..2; yield 2; };
    assert_eq!(g.state(), GeneratorState::Created);
    for _ in 0..2 {
        next(&mut g).unwrap();
        assert_eq!(g.state(), GeneratorState::Suspended);
    }
    assert_eq!(g.by_ref().count(), 0);
    assert_eq!(g.state(), GeneratorState::Closed);
}

fn yrange(end: u32) -> Generator<u32> {
    generator! { for i in 0..end { yield i; } }
}

#[test]
fn tut_falling_off_the_end_stops_the_generator() {
    let mut g: Generator<i32> = generator! { yield 1; yield 2; };
    assert_eq!((next(&mut g).unwrap(), next(&mut g).unwrap()), (1, 2));
    assert_eq!(line(next(&mut g)), "StopIteration");
}

#[test]
fn tut_once_stopped_it_cannot_be_resumed() {
    let stop = true;
    let mut g: Generator<i32> = generator! { yield 1; if stop { return; } yield 2; };
    assert_eq!(next(&mut g).unwrap(), 1);
    for _ in 0..2 {
        assert_eq!(line(next(&mut g)), "StopIteration");
    }
}

#[test]
fn tut_return_is_not_caught_and_stop_iteration_is() {
    let stop = true;
    let g1: Generator<i32> = generator! { if (try { if stop { return } }).is_err() { yield 1; } };
    assert_eq!(g1.count(), 0);
    let g2: Generator<i32> = generator! {
        let tried = try { Err(StopIteration::default())? };
        if tried.is_err_and(|_: Exception| true) { yield 42; }
    };
    assert_eq!(g2.collect::<Vec<_>>(), [42]);
}

#[test]
fn tut_generators_return_to_the_most_recent_caller() {
    let mut r = yrange(5);
    assert_eq!(next(&mut r).unwrap(), 0);
    assert_eq!(r.collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn tut_generators_can_call_other_generators() {
    let zrange: Generator<u32> = generator! { for i in yrange(5) { yield i; } };
    assert_eq!(zrange.collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

#[test]
fn pep_an_error_propagates_and_the_generator_cannot_be_resumed() {
    fn f(text: &str) -> Result<i32, std::num::ParseIntError> {
        text.parse()
    }
    let mut k: Generator<i32> = generator! { yield f("ten")?; yield 42; };
    assert_eq!(
        line(next(&mut k)),
        "ParseIntError: invalid digit found in string"
    );
    assert_eq!(line(next(&mut k)), "StopIteration");
}

#[test]
fn pep_try_in_try() {
    let g: Generator<i32> = generator! {
        let outer = try {
            yield 1;
            let inner = try {
                yield 2;
                Err(ValueError::new(""))?;
                yield 3;
            };
            match inner {
                Err(error) if error.is::<ValueError>() => {
                    yield 4;
                    yield 5;
                    Err(error)?;
                }
                Err(_) => { yield 6; }
                Ok(()) => {}
            }
            yield 7;
        };
        if outer.is_err() { yield 8; }
        yield 9;
    };
    assert_eq!(g.collect::<Vec<_>>(), [1, 2, 4, 5, 8, 9]);
}

struct Tree {
    label: char,
    left: Option<Box<Tree>>,
    right: Option<Box<Tree>>,
}

fn tree(labels: &[char]) -> Option<Box<Tree>> {
    let middle = labels.len() / 2;
    let label = *labels.get(middle)?;
    let (left, right) = (tree(&labels[..middle]), tree(&labels[middle + 1..]));
    Some(Box::new(Tree { label, left, right }))
}

fn in_order(tree: Option<&Tree>) -> BorrowingGenerator<'_, char> {
    generator! {
        if let Some(tree) = tree {
            yield from in_order(tree.left.as_deref());
            yield tree.label;
            yield from in_order(tree.right.as_deref());
        }
    }
}

#[test]
fn pep_a_recursive_generator_walks_a_tree_in_order() {
    let labels: Vec<_> = ('A'..='Z').collect();
    assert_eq!(
        in_order(tree(&labels).as_deref()).collect::<Vec<_>>(),
        labels
    );
}

#[test]
fn email_none_yielded_is_not_none_returned() {
    let g: Generator<Option<i32>> = generator! { for _ in 0..4 { yield None; } };
    assert_eq!(g.collect::<Vec<_>>(), [None; 4]);
}

#[test]
fn email_combinations() {
    fn combinations(of: Vec<i32>, k: usize) -> Generator<Vec<i32>> {
        generator! {
            if k == 0 {
                yield vec![];
            } else if let Some((&first, rest)) = of.split_first() {
                let rest = rest.to_vec();
                for mut combination in combinations(rest.clone(), k - 1) {
                    combination.insert(0, first);
                    yield combination;
                }
                yield from combinations(rest, k);
            }
        }
    }
    let counts: Vec<_> = (0..=5)
        .map(|k| combinations(vec![1, 2, 3, 4], k).count())
        .collect();
    assert_eq!(counts, [1, 4, 6, 4, 1, 0]);
    let pairs: Vec<_> = combinations(vec![1, 2, 3, 4], 2).collect();
    assert_eq!(pairs, [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]]);
}

#[test]
fn fun_sieve_of_nested_generators() {
    fn sieve(mut numbers: Generator<u32>) -> Generator<u32> {
        generator! {
            let prime = next(&mut numbers)?;
            yield prime;
            let rest: Generator<u32> = generator! {
                for n in numbers {
                    if n % prime != 0 { yield n; }
                }
            };
            yield from sieve(rest);
        }
    }
    let primes: Vec<_> = sieve(generator! { yield from 2..; }).take(10).collect();
    assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
}

/// Queens on the rows from `row` on; each place is tried, yielded from within and taken back.
fn queens(row: i32, placed: Rc<Cell<[i32; 8]>>) -> LocalGenerator<[i32; 8]> {
    generator! {
        if row == 8 {
            yield placed.get();
            return;
        }
        for column in 0..8 {
            let mut columns = placed.get();
            let is_free = (0..row).all(|above| {
                let other = columns[above as usize];
                other != column && (other - column).abs() != row - above
            });
            if is_free {
                columns[row as usize] = column;
                placed.set(columns);
                yield from queens(row + 1, placed.clone());
            }
        }
    }
}

#[test]
fn conjoin_eight_queens() {
    let mut solutions = queens(0, Rc::default());
    assert_eq!(next(&mut solutions).unwrap(), [0, 4, 7, 5, 2, 6, 1, 3]);
    assert_eq!(next(&mut solutions).unwrap(), [0, 5, 7, 2, 6, 3, 1, 4]);
    assert_eq!(solutions.count(), 90);
}

#[test]
fn coroutine_yield_by_itself_yields_nothing() {
    let g: Generator<()> = generator! { yield; };
    assert_eq!(g.collect::<Vec<_>>(), [()]);
}

#[test]
fn coroutine_yield_in_an_augmented_assignment() {
    let (send, seen) = mpsc::channel();
    let mut c: Generator<(), u32> = generator! {
        let mut count = 0;
        while count < 200 {
            count += (yield).ok_or(TypeError::new("no number"))?;
            send.send(count).unwrap();
        }
    };
    next(&mut c).unwrap();
    for _ in 0..3 {
        c.send(10).unwrap();
    }
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), [10, 20, 30]);
}

#[test]
fn coroutine_throw_on_a_suspended_a_closed_and_a_just_opened_generator() {
    fn f() -> Generator<String, i32> {
        generator! {
            let mut answer = String::new();
            loop {
                answer = match try { yield answer } {
                    Err(error) if error.is::<ValueError>() => format!("caught {error}"),
                    other => format!("{:?}", other?),
                };
            }
        }
    }
    let mut g = f();
    next(&mut g).unwrap();
    assert_eq!(
        g.throw(ValueError::new("xyz")).unwrap(),
        "caught ValueError: xyz"
    );
    assert_eq!(g.send(1).unwrap(), "Some(1)");
    assert_eq!(line(g.throw(TypeError::new(""))), "TypeError");
    assert_eq!(line(g.send(2)), "StopIteration");
    assert_eq!(line(g.throw(ValueError::new("6"))), "ValueError: 6");
    assert_eq!(line(f().throw(ValueError::new("7"))), "ValueError: 7");
}

#[test]
fn coroutine_close_raises_generator_exit_once() {
    fn f(send: mpsc::Sender<String>) -> Generator<()> {
        generator! {
            if let Err(error) = try { yield } { send.send(error.to_string()).unwrap(); }
        }
    }
    let (send, seen) = mpsc::channel();
    let mut g = f(send.clone());
    next(&mut g).unwrap();
    g.close().unwrap();
    g.close().unwrap();
    f(send).close().unwrap(); // just opened
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["GeneratorExit"]);
}

#[test]
fn coroutine_close_of_one_that_yields_then_of_one_that_has_nothing_left() {
    let mut g: Generator<i32> = generator! { if (try { yield 1 }).is_err() { yield 2; } };
    next(&mut g).unwrap();
    let ignored = g.close().unwrap_err();
    assert_eq!(
        ignored.to_string(),
        "RuntimeError: generator ignored GeneratorExit"
    );
    assert_eq!(g.close().unwrap(), None);
}

#[test]
fn coroutine_errors_thrown_during_closing_propagate() {
    let mut g: Generator<()> = generator! {
        if (try { yield }).is_err() { Err(TypeError::new("fie!"))? }
    };
    next(&mut g).unwrap();
    assert_eq!(g.close().unwrap_err().to_string(), "TypeError: fie!");
}

#[test]
fn coroutine_yields_in_one_statement_run_in_their_order() {
    let (send, seen) = mpsc::channel();
    let mut g: Generator<char, usize> = generator! {
        let mut data = [1, 2];
        data[(yield 'a').unwrap_or(0)] = (yield 'b').unwrap_or(0);
        send.send(data).unwrap();
    };
    assert_eq!(next(&mut g).unwrap(), 'b'); // Rust evaluates the right side first, as Python does
    assert_eq!(g.send(27).unwrap(), 'a');
    assert_eq!(line(g.send(1)), "StopIteration");
    assert_eq!(seen.recv(), Ok([1, 27]));
}
