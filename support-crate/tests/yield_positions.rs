//! `yield` stands wherever an expression does.

// What stands here is there for how it is read.
#![allow(
    for_loops_over_fallibles,
    clippy::needless_return,
    clippy::diverging_sub_expression
)]
#![allow(clippy::redundant_pattern_matching)]

use hitchhiker::coroutine::*;

/// What the generator yields when it is sent 1, 2, 3 and so on.
fn driven<T: std::fmt::Debug>(mut g: Generator<i32, i32, T>) -> (Vec<i32>, String) {
    let mut yielded = vec![];
    let mut step = next(&mut g);
    loop {
        match step {
            Ok(value) => yielded.push(value),
            Err(raised) => return (yielded, raised.to_string()),
        }
        step = g.send(yielded.len() as i32);
    }
}

macro_rules! drives {
    ($($name:ident: { $($body:tt)* } => $yielded:expr, $end:expr;)*) => {$(
        #[test]
        fn $name() {
            let (yielded, end) = driven(generator! { $($body)* });
            assert_eq!((&yielded[..], end.as_str()), (&$yielded[..], $end));
        }
    )*};
}

drives! {
    right_side_of_let: { let a = yield 10; a } => [10], "StopIteration: Some(1)";
    compound_assignment: { let mut s = 0; s += (yield s).unwrap(); s += (yield s).unwrap(); s }
        => [0, 1], "StopIteration: 3";
    argument_of_a_function: { i32::max((yield 1).unwrap(), (yield 2).unwrap()) }
        => [1, 2], "StopIteration: 2";
    receiver_of_a_method: { (yield 5).map(|x| x + 1) } => [5], "StopIteration: Some(2)";
    operand_of_yield: { yield (yield 7).unwrap() * 100 } => [7, 100], "StopIteration: Some(2)";
    header_of_while_let: { while let Some(x) = yield 4 { if x == 3 { break; } } }
        => [4, 4, 4], "StopIteration";
    header_of_match: { match yield 4 { Some(x) if x > 0 => "one", _ => "other" } }
        => [4], "StopIteration: \"one\"";
    header_of_if_with_comparison: { if 0 < (yield 3).unwrap() { "more" } else { "less" } }
        => [3], "StopIteration: \"more\"";
    header_of_if: { if (yield 3) == Some(1) { "one" } else { "other" } }
        => [3], "StopIteration: \"one\"";
    header_of_for: { for x in yield 9 { yield x; } } => [9, 1], "StopIteration";
    match_arm: { match 2 { 1 => yield 1, 2 => yield 2, _ => None } } => [2], "StopIteration: Some(1)";
    let_else: { let Some(x) = yield 6 else { return -1 }; x } => [6], "StopIteration: 1";
    question_mark_after: { (yield 1).ok_or(ValueError::new("nothing"))? } => [1], "StopIteration: 1";
    question_mark_inside: { yield "12".parse()?; yield "x".parse()?; }
        => [12], "ParseIntError: invalid digit found in string";
    nested_blocks: { { yield 1; } { yield 2; } } => [1, 2], "StopIteration";
    array_tuple_struct: {
        struct Pair { a: Option<i32>, b: Option<i32> }
        let pair = Pair { a: yield 1, b: yield 2 };
        let [c, d] = [yield 3, yield 4];
        (pair.a, pair.b, c, d)
    } => [1, 2, 3, 4], "StopIteration: (Some(1), Some(2), Some(3), Some(4))";
    labelled_loops: { 'a: loop { for x in 1.. { if (yield x) == Some(2) { break 'a; } } } }
        => [1, 2], "StopIteration";
    argument_of_format: { format!("{:?} {}", yield 1, (yield 2).unwrap()) }
        => [1, 2], "StopIteration: \"Some(1) 2\"";
    argument_of_vec: { vec![yield 1, yield 2] } => [1, 2], "StopIteration: [Some(1), Some(2)]";
    argument_of_nested_macros: { vec![format!("{:?}", yield 1)] }
        => [1], "StopIteration: [\"Some(1)\"]";
    argument_of_a_macro_with_patterns: { matches!(yield 1, Some(x) if x > 0) }
        => [1], "StopIteration: true";
    operand_without_parentheses_in_a_header: { while let Some(1..=2) = yield 8 {} }
        => [8, 8, 8], "StopIteration";
    match_as_an_operand_in_a_header: {
        if let Some(x) = yield match 5 { 5 => 6, y => y } { yield x; }
        while let Some(1..=3) = yield if true { 8 } else { 9 } {}
    } => [6, 1, 8, 8], "StopIteration";
    yield_as_an_operand_of_yield_in_a_header: { if let None = yield (yield 3).unwrap() { yield 9; } }
        => [3, 1], "StopIteration";
    struct_pattern_in_a_header: {
        struct Point { x: i32 }
        while let Point { x: 0..3 } = (Point { x: (yield 1).unwrap() }) {}
        while let Some(Point { x: 4..6 }) | None = (yield 2).map(|x| Point { x }) { yield 3; }
    } => [1, 1, 1, 2, 3, 2], "StopIteration";
    block_in_an_operand_before_a_header_ends: {
        if const { 1 } == (yield 5).unwrap() { yield 6; }
        if { 3 } == (yield 7).unwrap() { yield 8; }
    } => [5, 6, 7, 8], "StopIteration";
    operand_that_begins_with_a_block_in_a_guard: {
        match 1 {
            x if (yield { x }) == Some(2) => "first",
            x if let Some(2) = yield { x + 1 } => "second",
            _ => "third",
        }
    } => [1, 2], "StopIteration: \"second\"";
    operand_that_begins_with_a_block_in_a_header: { if let Some(1) = yield { 1 } + 1 { "one" } else { "other" } }
        => [2], "StopIteration: \"one\"";
    break_in_a_try_in_what_a_for_goes_over: {
        loop {
            for _ in (try { if true { break } }) { yield 1; }
            yield 2;
        }
        yield 3;
    } => [3], "StopIteration";
    inner_generator: {
        let inner: Generator<i32> = generator! { yield 20; yield 30; };
        for x in inner { yield x; }
    } => [20, 30], "StopIteration";
    inner_generator_in_macro_arguments: {
        let inner: Vec<Generator<i32>> = vec![generator! { yield 20; }];
        for g in inner { for x in g { yield x; } }
    } => [20], "StopIteration";
    return_in_macro_arguments: { if (yield 1).is_some() { println!("{}", return 3); } 0 }
        => [1], "StopIteration: 3";
    return_in_a_closure_is_the_closures: {
        let double = |x: i32| { return x * 2; };
        yield double(21);
    } => [42], "StopIteration";
    return_in_what_is_inside_macro_arguments_is_not_the_bodys: {
        macro_rules! arm {
            ($name:ident => $value:expr) => { let $name = $value; };
        }
        arm!(double => |x: i32| { return x * 2 });
        arm!(later => async { return 5 });
        arm!(named => { fn seven() -> i32 { return 7 } seven() });
        drop(later);
        yield double(21);
        yield named;
        arm!(ended => if (1..3).any(|x| { return x == 2 }) { return 4 });
        let () = ended;
        0
    } => [42, 7], "StopIteration: 4";
    try_and_question_mark_in_macro_arguments_are_the_bodys: {
        let failing = || Err::<i32, _>(ValueError::new("no"));
        let seen = vec![(try { failing()? }).is_err(), matches!(try { 1 }, Ok(1))];
        let caught: Result<(), Exception> = try { println!("{}", failing()?) };
        macro_rules! pair { ($value:expr => $other:expr $(,)?) => { ($value, $other) }; }
        let pair = try { pair!({ failing()? } => 1) };
        let caught = caught.and(pair);
        let closed = try {
            macro_rules! some { ($($value:expr)?) => { [$($value)?] }; }
            let _ = || { pair!(some!(1)[0] => failing()?); Ok::<_, ValueError>(()) };
        };
        let () = closed?;
        yield (seen == [true, true] && caught.is_err()).into();
        assert!(failing()? > 0);
    } => [1], "ValueError: no";
    return_after_an_endless_loop: { loop { if (yield 1) == Some(2) { break; } } return "end" }
        => [1, 1], "StopIteration: \"end\"";
}

#[test]
fn bare_yield_gives_unit() {
    let g: Generator<(), ()> = generator! { yield; let _ = yield; };
    assert_eq!(g.count(), 2);
}

#[test]
fn bare_yield_in_a_header_gives_unit() -> Result<(), Raised> {
    let mut g: Generator<(), i32> = generator! { while let Some(_) = yield {} };
    next(&mut g)?;
    g.send(1)?;
    assert!(g.send(None).is_err());
    Ok(())
}

#[test]
fn a_bare_yield_ends_before_what_begins_no_operand() {
    let mut g: Generator<(), i32, &str> = generator! {
        let Some(first) = yield else { return "nothing" };
        if yield == Some(first) { return "the same" }
        match yield.map(i32::abs) { Some(5) => {} _ => return "not five" }
        match 1 { _ if yield > Some(7) => "more", _ if yield != None => "something", _ => "nothing" }
    };
    next(&mut g).unwrap();
    for sent in [1, 2, -5, 7] {
        g.send(sent).unwrap();
    }
    assert_eq!(
        g.send(8).unwrap_err().to_string(),
        "StopIteration: \"something\""
    );
}

#[test]
fn a_trait_method_of_the_readers_is_not_taken_for_one_of_a_yield() {
    #[allow(dead_code)] // that nothing calls the method is what is tested
    trait Give<V>: Sized {
        fn give(self, _: V) -> std::future::Ready<()> {
            panic!("a `yield` has called it")
        }
    }
    impl<T, V> Give<V> for T {}
    let mut g: Generator<i32> = generator! { yield 1; };
    assert_eq!(next(&mut g).unwrap(), 1);
}

#[test]
fn nothing_that_a_call_site_defines_is_meant_by_a_macro() {
    #![allow(non_upper_case_globals, dead_code, non_camel_case_types, unused_macros)]
    const value: i32 = 1;
    const raised: i32 = 1;
    const received: i32 = 1;
    const ended: i32 = 1;
    static yielder: i32 = 1;
    struct tried;
    struct Result;
    struct Ok;
    struct Err;
    mod core {}
    mod std {}
    mod hitchhiker {}
    macro_rules! format {
        ($($any:tt)*) => {
            compile_error!("a `yield` is given to it")
        };
    }
    let mut g: Generator<i32, i32, String> = generator! {
        let caught = (try { yield 1 }).is_err();
        yield from [2];
        format!("{caught} {:?}", yield 3)
    };
    assert_eq!(next(&mut g).unwrap(), 1);
    assert_eq!(g.throw(ValueError::new("no")).unwrap(), 2);
    assert_eq!(next(&mut g).unwrap(), 3);
    let end = g.send(4).unwrap_err();
    assert_eq!(end.to_string(), "StopIteration: \"true Some(4)\"");
}

#[test]
fn a_yield_in_the_guard_of_a_match_arm_ends_before_the_arrow() {
    let mut c = std::pin::pin!(coroutine!(|_: bool| match 1 {
        x if yield x + 1 => "first",
        x if yield x => "second",
        _ => "third",
    }));
    assert_eq!(c.as_mut().resume(true), CoroutineState::Yielded(2));
    assert_eq!(c.as_mut().resume(false), CoroutineState::Yielded(1));
    assert_eq!(c.as_mut().resume(true), CoroutineState::Complete("second"));
}

/// rustc's advice would break the program: it would remove the word, too.
#[deny(unused_parens)]
#[test]
fn no_lint_advises_to_remove_parentheses_around_a_yield_or_try() {
    let g: Generator<i32> = generator! {
        let _caught = (try { yield 1 });
        let _received = (yield 2);
        let () = (yield from [3]);
    };
    assert_eq!(g.collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn dbg_gives_what_its_yields_evaluate_to() {
    let g: Generator<i32, (), bool> = generator! {
        let (first, second) = dbg!(yield 1, 2);
        dbg!(yield second) == first
    };
    assert_eq!(driven_to_end(g), ([1, 2].to_vec(), Some(true)));
}

fn driven_to_end<T>(mut g: Generator<i32, (), T>) -> (Vec<i32>, Option<T>) {
    let mut yielded = vec![];
    loop {
        match next(&mut g) {
            Ok(value) => yielded.push(value),
            Err(Raised::StopIteration(stop)) => return (yielded, stop.value),
            Err(Raised::Exception(error)) => panic!("{error}"),
        }
    }
}

#[test]
fn a_variable_called_from_can_be_indexed_and_called_where_no_space_stands_after_it() {
    let from = [10, 20];
    let g: Generator<i32> = generator! {
        yield from[1];
        let from = |x: i32| x + 30;
        yield from(0);
        yield from [40];
    };
    assert_eq!(g.collect::<Vec<_>>(), [20, 30, 40]);
}

#[test]
fn a_yield_from_takes_an_operand_that_begins_with_an_operator() {
    let g: Generator<i32> = generator! {
        yield from !0..1;
        yield from *&[2];
    };
    assert_eq!(g.collect::<Vec<_>>(), [-1, 0, 2]);
}

#[test]
fn a_label_of_the_readers_is_not_taken_for_a_yield_from() {
    let g: Generator<i32> = generator! {
        let x = '__yield_from: loop {
            if true { break '__yield_from 1 }
        };
        yield from [x];
    };
    assert_eq!(g.collect::<Vec<_>>(), [1]);
}

#[test]
fn a_temporary_of_an_operand_is_dropped_before_the_body_is_suspended() {
    use std::cell::RefCell;

    struct Temporary<'a>(&'a RefCell<Vec<&'static str>>);
    impl Temporary<'_> {
        fn value(&self) -> i32 {
            1
        }
    }
    impl Drop for Temporary<'_> {
        fn drop(&mut self) {
            self.0.borrow_mut().push("dropped");
        }
    }
    let told = RefCell::new(vec![]);
    let told = &told;
    let mut c = std::pin::pin!(coroutine!(|_: ()| {
        yield Temporary(told).value();
        told.borrow_mut().push("resumed");
    }));
    assert_eq!(c.as_mut().resume(()), CoroutineState::Yielded(1));
    told.borrow_mut().push("suspended");
    assert_eq!(c.as_mut().resume(()), CoroutineState::Complete(()));
    assert_eq!(*told.borrow(), ["dropped", "suspended", "resumed"]);
}

#[test]
fn a_struct_before_a_method_can_be_what_a_question_mark_asks() {
    struct Asked {
        number: i32,
    }
    impl Asked {
        fn answer(self) -> Result<i32, ValueError> {
            Ok(self.number)
        }
    }
    let g: Generator<i32> = generator! { yield Asked { number: 42 }.answer()?; };
    assert_eq!(g.collect::<Vec<_>>(), [42]);
}
