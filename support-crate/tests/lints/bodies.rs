//! Bodies as readers write them and lints dislike them, on one line each.

/// Statements; at `@` is a `yield`.
const STATEMENTS: &[&str] = &[
    "@;",
    "(@);",
    "let _ = @;",
    "let _ = (@);",
    "let _ = { @ };",
    "let it = @; f(it);",
    "let mut it = (@); f(it);",
    "let it = { @ }; f(it);",
    "let it: _ = { { @ } }; f(it);",
    "let it = { let it = @; it }; f(it);",
    "f(@);",
    "f((@));",
    "f({ @ });",
    "f({ { @ } });",
    "f(f::<_>((@)));",
    "{ @; }",
    "{ f(@) };",
    "{ @ };",
    "if true { @; }",
    "if (true) { f({ @ }); } else { f((@)); }",
    "if n == 0 { f(@); return; } else { f(@); }",
    "let it = if true { @ } else { @ }; f(it);",
    "let it = if n == 0 { (@) } else { { @ } }; f(it);",
    "match @ { it => { f(it); } }",
    "match { @ } { it => f(it), };",
    "match (@) { it => { f(it) } };",
    "let it = match n { 0 => { @ } _ => @ }; f(it);",
    "let it = match n { 1 => (@), _ => { { @ } } }; f(it);",
    "match n { 0 => { @; } _ => {} }",
    "match n { 0 => { f(@); } _ => () }",
    "for _ in (0..2) { @; }",
    "for i in 0..2 { f(i); f({ @ }); }",
    "for _ in 0..2 { { @ }; }",
    "for it in [@] { f(it); }",
    "while n < 2 { n = n + 1; @; }",
    "while (n < 2) { n += 1; let _ = { @ }; }",
    "loop { @; break; }",
    "loop { let it = @; f(it); break }",
    "'a: loop { f(@); break 'a; }",
    "loop { n += 1; f(@); if n < 2 { continue; } else { break; } }",
    "let it = loop { break (@); }; f(it);",
    "let it = loop { break { @ }; }; f(it);",
    "let it = (@, { @ }); f(it);",
    "let it = [(@)]; f(it);",
    "let it = &(@); f(it);",
    "let it = &{ @ }; f(it);",
    "let it = Some(@).map(|it| { it }); f(it);",
    "let it = vec![@]; f(it);",
    "let it = vec![{ @ }]; f(it);",
    "println!(\"{:?}\", @);",
    "println!(\"{:?}\", { @ });",
    "f(format!(\"{:?}\", (@)));",
    "if let Some(it) = Some(@) { f(it); }",
    "if let it = (@) { f(it); }",
    "let Some(it) = Some((@)) else { return }; f(it);",
    "f(matches!(@, _));",
    "let g = || { n }; f(g()); @;",
    "let g = |it| f(it); g(@);",
    "let s = S { it: @ }; f(s.it);",
    "let s = S { it: { (@) } }; f(s.it);",
    "unsafe { f(@); }",
    "(const { f })(@);",
    "f(@); return;",
    "f(@); return ();",
    "f({ @ }); return (());",
    "let it; it = @; f(it);",
    "let it; it = ({ @ }); f(it);",
    "let it = std::convert::identity(@); f(it);",
    "let it = std::mem::take(&mut Some(@)); f(it);",
    "f(@);;",
    "if true { if n == 0 { f(@); } }",
    "if n == 0 { } else { if true { f(@); } }",
    "f(!(n == 1)); @;",
    "f(n as u32); @; let it = n; f(it);",
];

/// Yields, and how they are followed.
const YIELDS: &[&str] = &[
    "yield 1",
    "yield (1)",
    "yield { 1 }",
    "yield ({ 1 })",
    "yield n + 1",
    "yield (n as u32)",
    "yield n.clone()",
    "yield if n == 0 { 1 } else { 2 }",
    "yield match n { 0 => { 1 } _ => (2) }",
    "yield { let n = 1; n }",
    "yield (|| 5)()",
    "yield f({ n })",
    "yield f((n))",
    "yield u32::from(n)",
];

/// What only Python's kinds know.
const PYTHONIC: &[&str] = &[
    "yield from [1]",
    "yield from { [1, 2] }",
    "yield from ([1, 2])",
    "yield from vec![1, 2].into_iter()",
    "ok(n)?",
    "{ ok(n) }?",
    "(ok(n))?",
    "yield ok(n)?",
    "yield { ok(n)? }",
    "try { yield 1 }",
    "try { { yield 1 } }",
    "try { (ok(n)?); }",
    "(try { yield 1 }).is_ok()",
];

/// The program that runs one body in `step`, from the `first` on.
pub fn program(first: usize, step: usize) -> String {
    let mut source = String::from(PREAMBLE);
    let mut calls = String::new();
    let mut count = 0;
    let yields = || YIELDS.iter().chain(PYTHONIC);
    let forms = STATEMENTS
        .iter()
        .flat_map(|it| yields().map(move |yielded| (it, yielded)));
    for (at, (statement, yielded)) in forms.enumerate().skip(first).step_by(step) {
        let is_pythonic = PYTHONIC.contains(yielded);
        let body = statement.replace('@', yielded);
        let mut bodies = vec![format!("python(generator! {{ {body} }})")];
        if !yielded.contains("from") && !statement.contains("return (") {
            bodies.push(format!("asynchronous(async_generator! {{ {body} }})"));
        }
        if !is_pythonic {
            bodies.push(format!("core(pin!(coroutine!(|_: ()| {{ {body} }})))"));
        }
        if *statement == "@;" && !is_pythonic {
            bodies.push(format!("core(pin!(coroutine!(|_: ()| {{ {yielded} }})))"));
            bodies.push(format!("core(pin!(coroutine!(|_: ()| {yielded})))"));
            bodies.push(format!("core(pin!(coroutine!(|_: ()| ({{ {yielded} }}))))"));
        }
        for body in bodies {
            source.push_str(&format!(
                "fn body{count}() {{ let mut n = 0u32; {body} }} // form {at}\n"
            ));
            calls.push_str(&format!(
                "    print!(\"body{count}: \"); body{count}(); println!();\n"
            ));
            count += 1;
        }
    }
    source + "fn main() {\n" + &calls + "}\n"
}

const PREAMBLE: &str = r#"use hitchhiker::coroutine::*;
use std::{fmt::Debug, pin::{Pin, pin}, task::{Context, Poll, Waker}};
#[derive(Debug)]
struct S<T> { it: T }
fn f<T: Debug>(it: T) -> T { print!("f({it:?}) "); it }
fn ok(n: u32) -> Result<u32, ValueError> { print!("ok "); Ok(n) }
fn python(mut g: Generator<u32>) {
    for _ in 0..9 { match next(&mut g) { Ok(it) => print!("yields {it} "), Err(it) => { print!("{it}"); return } } }
}
fn asynchronous(mut g: AsyncGenerator<u32>) {
    for _ in 0..9 {
        let next = pin!(anext(&mut g));
        match std::future::Future::poll(next, &mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(it)) => print!("yields {it} "),
            Poll::Ready(Err(it)) => { print!("{it}"); return }
            Poll::Pending => unreachable!(),
        }
    }
}
fn core<T: Debug>(mut c: Pin<&mut impl Coroutine<(), Yield = u32, Return = T>>) {
    for _ in 0..9 {
        match c.as_mut().resume(()) {
            CoroutineState::Yielded(it) => print!("yields {it} "),
            CoroutineState::Complete(it) => { print!("{it:?}"); return }
        }
    }
}
"#;
