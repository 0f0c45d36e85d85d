//! Attributes in a body mean what they mean anywhere else.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::pin::pin;

use hitchhiker::coroutine::*;

fn failing() -> Result<i32, ValueError> {
    Err(ValueError::new("no"))
}

macro_rules! yields {
    ($($name:ident: { $($body:tt)* } => $yielded:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut g: Generator<i32> = generator! { $($body)* };
            let mut yielded = vec![];
            let end = loop {
                match next(&mut g) {
                    Ok(value) => yielded.push(value),
                    Err(raised) => break raised.to_string(),
                }
            };
            assert_eq!((&yielded[..], end.as_str()), (&$yielded[..], "StopIteration"));
        }
    )*};
}

yields! {
    cfg_removes_a_yield: { #[cfg(any())] yield 1; yield 2; } => [2];
    cfg_keeps_a_yield: { #[cfg(all())] yield 1; yield 2; } => [1, 2];
    cfg_removes_a_return: { #[cfg(any())] return; yield 2; } => [2];
    cfg_removes_a_yield_from: { #[cfg(any())] yield from [7, 8]; yield 2; } => [2];
    cfg_keeps_a_yield_from: { #[cfg(all())] yield from [7, 8]; } => [7, 8];
    cfg_removes_a_question_mark: { #[cfg(any())] failing()?; yield 2; } => [2];
    cfg_removes_what_a_question_mark_begins: { #[cfg(any())] failing()?.abs(); yield 2; } => [2];
    cfg_removes_a_try: { #[cfg(any())] try { yield 1; failing()?; }; yield 2; } => [2];
    cfg_removes_a_block: { #[cfg(any())] { yield 1; } yield 2; } => [2];
    cfg_removes_a_let: { #[cfg(any())] let x = yield 1; yield 2; } => [2];
    cfg_removes_a_break_in_a_try: {
        for x in [1, 2] { let _ = try { #[cfg(any())] break; yield x; }; }
    } => [1, 2];
    cfg_removes_a_continue: { for x in [1] { #[cfg(any())] continue; yield x; } } => [1];
    cfg_removes_an_element: { let v = [#[cfg(any())] yield 5, yield 6]; let _ = v; } => [6];
    cfg_removes_an_argument: { let v = Some::<Option<()>>(#[cfg(any())] yield 5, #[cfg(all())] yield 6); let _ = v; } => [6];
    cfg_removes_an_arm: { match 1 { #[cfg(any())] 1 => { yield 1; } _ => { yield 2; } } } => [2];
    cfg_removes_a_macro: { #[cfg(any())] println!("{:?}", yield 1); yield 2; } => [2];
    cfg_removes_a_last_expression: { yield 2; #[cfg(any())] yield 3; } => [2];
    cfg_attr_brings_an_attribute: {
        #[cfg_attr(all(), cfg(any()))] yield 1;
        #[cfg_attr(any(), cfg(any()))] yield 2;
    } => [2];
    lints_are_set_for_a_statement: {
        #[allow(unused_variables)] let x = yield 1;
        #[expect(unused_variables)] let y = yield 2;
        #[expect(unused_must_use)] (yield 3).is_none();
        #[expect(unused_must_use)] { yield 4; 5 }.max(yield_nothing()?);
        #[expect(unused_must_use)] try { failing()?; };
        #[allow(clippy::needless_return)] return;
    } => [1, 2, 3, 4];
    inner_attributes_are_those_of_the_body: {
        #![allow(unused_variables)]
        #![expect(unused_must_use)]
        //! Of no use to anybody.
        let x = yield 1;
        (yield 2).is_none();
    } => [1, 2];
}

fn yield_nothing() -> Result<i32, ValueError> {
    Ok(1)
}

#[test]
fn inner_attributes_are_those_of_a_coroutines_body() {
    let mut c = pin!(coroutine!(|x: i32| {
        #![allow(unused_variables)]
        //! Of no use to anybody.
        let y = yield x;
        "end"
    }));
    assert_eq!(c.as_mut().resume(1), CoroutineState::Yielded(1));
    assert_eq!(c.as_mut().resume(2), CoroutineState::Complete("end"));
}

#[test]
fn documentation_at_the_start_of_an_async_generator_is_taken() {
    let _: AsyncGenerator<i32> = async_generator! {
        //! Of no use to anybody.
        yield 1;
    };
}
