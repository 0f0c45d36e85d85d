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

/// Bodies in which lints look for the text of what a `yield` stands in, or of what it evaluates to.
const RECEIVERS: &[&str] = &[
    "if { @; true } {}",
    "if let Some(_) = @ { f(2); }",
    "if let Some(_) = @ {}",
    "if let Some(it) = @ { f(it); }",
    "if let Some(it) = @ { f(it); } else {}",
    "f(if let Some(it) = @ { Some(f(it)) } else { None });",
    "f(if let Some(it) = @ { f(it) } else { 0 });",
    "f(if let Some(it) = @ { it } else { return });",
    "let it = if let Some(it) = @ { it } else { return }; f(it);",
    "let it = match @ { Some(it) => it, None => return }; f(it);",
    "let it = match @ { Some(it) => it, _ => return }; f(it);",
    "match @ { Some(it) => { f(it); } _ => {} }",
    "match @ { Some(it) => { f(it); } None => {} }",
    "match @ { Some(it) => { f(it); } _ => { n += 1; f(n); } }",
    "match @ { it => { f(it); } }",
    "f(match @ { Some(it) => it, None => 0 });",
    "f(match @ { Some(it) => Some(it + 1), None => None });",
    "f(match @ { Some(it) => Some(it), None => None });",
    "f(match @ { Some(it) if it == 1 => Some(it), _ => None });",
    "f(match @ { Some(it) => Ok(it), None => Err(1) });",
    "f(match @ { None => true, _ => false });",
    "f(match (@) { Some(_) => true, None => false });",
    "f(match @ { Some(1) => true, _ => false });",
    "f(match &@ { Some(it) => *it, None => 0 });",
    "f(match @ { Some(ref it) => Some(it), None => None }.is_some());",
    "f(match @ { Some(it) => f(it), None => Default::default() });",
    "f(match @ { ref it => it.is_some() });",
    "match @ { Some(1) => { f(1); } Some(_) => { f(1); } None => {} }",
    "match (@, n) { (Some(it), _) => { f(it); } _ => {} }",
    "match (@).is_some() { true => { f(1); } false => { f(2); } }",
    "match (@).map(|it| it > 1) { Some(true) => { f(1); } _ => {} }",
    "while let Some(_) = @ { n += 1; f(n); }",
    "while let Some(it) = @ { f(it); break; }",
    "loop { let it = match @ { Some(it) => it, None => break }; f(it); }",
    "loop { match @ { Some(it) => { f(it); } None => break } }",
    "loop { if let Some(it) = @ { f(it); } else { break; } }",
    "let it = @; f(it.is_some() == true);",
    "f((@).is_some() == true);",
    "f(!(@).is_some());",
    "f(!((@) == None));",
    "f((@) == None);",
    "if (@).is_some() == false { f(1); }",
    "if !(@).is_some() { f(1); } else { f(2); }",
    "f(if (@).is_some() { true } else { false });",
    "f(if (@).is_some() { 1 } else { 0 });",
    "f(if (@).is_some() { Some(3) } else { None });",
    "f((@).map(|it| it.clone()).unwrap_or(0));",
    "f((@).map(|it| it + 1).unwrap_or_else(|| 0));",
    "f((@).map(|it| it));",
    "f((@).clone());",
    "f((@).unwrap_or(0) as u32);",
    "f(u32::from((@).unwrap_or(0)));",
    "f(Option::<u32>::from(@));",
    "let it: Option<u32> = (@).into(); f(it);",
    "f((@).into_iter().collect::<Vec<_>>());",
    "for it in (@).into_iter() { f(it); }",
    "for it in (@).iter() { f(it); }",
    "for it in @ { f(it); }",
    "for _ in 0..(@).unwrap_or(0) {}",
    "f((@).iter().map(|it| *it).collect::<Vec<_>>().len() == 0);",
    "f((@).or(Some(1)).unwrap());",
    "f((@).or_else(|| Some(1)));",
    "f((@).and_then(|it| Some(it + 1)));",
    "f((@).filter(|it| *it == 1).is_some());",
    "f((@).ok_or_else(|| 1).ok());",
    "f(Some(@).flatten());",
    "f(Some(@).map(|it| it));",
    "f(vec![1].into_iter().chain(@).collect::<Vec<_>>());",
    "drop(@);",
    "std::mem::forget(@);",
    "f(&(@));",
    "f(&mut (@));",
    "f(&*(&(@)));",
    "let it = &(@); f(it.clone());",
    "let ref it = @; f(it);",
    "n = n + (@).unwrap_or(1); f(n);",
    "n += (@).unwrap_or(1) * 1 + 0; f(n);",
    "f((@).unwrap_or(1).max(1).min(4));",
    "f((@).unwrap_or(1).pow(2));",
    "f([1, 2].get((@).unwrap_or(0) as usize).is_none());",
    "f([1, 2].iter().nth((@).unwrap_or(0) as usize));",
    "f(format!(\"{}\", format!(\"{:?}\", @)));",
    "f(format!(\"{}\", (@).unwrap_or(1)).to_string());",
    "f((@).unwrap_or(1).to_string().as_str().to_string());",
    "let mut m = std::collections::HashMap::new(); if !m.contains_key(&1) { m.insert(1, @); } f(m);",
    "let mut m = std::collections::HashMap::from([(1, 2)]); if !m.contains_key(&(@).unwrap_or(2)) { m.insert(2, 3); } f(m.len());",
    "let mut v = vec![0]; v.extend((@).into_iter()); v.push((@).unwrap_or(1)); f(v);",
    "let mut v = vec![0]; v.resize(2, (@).unwrap_or(1)); f(v);",
    "let mut v = Vec::new(); v.push(@); f(v);",
    "let mut v = vec![1, 2]; v.insert(0, (@).unwrap_or(1)); f(v.len() > 0);",
    "let mut s = String::new(); s.push_str(&format!(\"{:?}\", @)); f(s);",
    "let it; if n == 0 { it = @; } else { it = None; } f(it);",
    "let mut it = None; if n == 0 { it = @; } f(it);",
    "let mut it = @; if it.is_none() { it = Some(1); } f(it);",
    "let g = |it| f(it); f(g(@));",
    "f((|it: Option<u32>| it)(@));",
    "f((|| 5)() + (@).unwrap_or_default());",
    "f(std::mem::replace(&mut n, (@).unwrap_or(1)));",
    "f(Box::new(@));",
    "f(Box::new((@).unwrap_or_default()));",
    "f(std::iter::repeat(@).take(2).count());",
    "f(std::convert::identity(@));",
    "f(matches!(@, Some(_)));",
    "f(S { it: @ }.it);",
    "f((@, @));",
    "if (@).is_none() { if (@).is_none() { f(1); } }",
    "if (@).is_none() { f(1); } else { if n == 1 { f(2); } }",
    "if (@).is_some() { f(1); } else if n == 0 { f(1); }",
    "if (@).is_none() { f(1); n += 1; } else { f(2); n += 1; } f(n);",
    "if let Some(it) = @ { if it == 1 { f(it); } }",
    "if let Some(it) = (@) && it == 1 { f(it); }",
    "assert_eq!((@).is_some(), n == 9);",
    "assert!((@) != Some(7));",
    "let it = (@).is_some(); if it { f(1); } else { f(2); };",
    "let (a, b) = (@, n); f((a, b));",
    "let it = { f(1); @ }; f(it);",
    "let it = (@).unwrap_or(1); f(if it > 2 { it - 2 } else { 0 });",
    "f((@).is_some() && (@).is_some() || (@).is_some());",
    "f((@).map_or(false, |it| it == 1));",
    "f((@).map_or(None, |it| Some(it + 1)));",
    "f((@).as_ref().map(|it| it.clone()));",
    "f((@).unwrap_or(1) % 2 == 0 && (@).unwrap_or(1) >= 1 + 1);",
    "f(((@).unwrap_or(1) as f32).powf(2.0));",
    "f((@).unwrap_or(1) as u64 as i64);",
    "f(-((@).unwrap_or(1) as i64) * 1);",
    "f(u8::try_from((@).unwrap_or(1)).is_ok());",
    "f(std::cmp::max((@).unwrap_or(1), 2));",
    "f((@).unwrap_or(1).checked_sub(1).unwrap_or(0));",
];

/// The same, where it is a `bool` that a `yield` of a coroutine evaluates to.
const CONDITIONS: &[&str] = &[
    "if @ {} f(2);",
    "if @ {} else {}",
    "if (@) == true { f(2); }",
    "if !(@) { f(2); } else { f(3); }",
    "f(if @ { true } else { false });",
    "f(if @ { 1 } else { 0 });",
    "f(if @ { Some(1) } else { None });",
    "if @ { f(1); f(2); } else { f(1); }",
    "if @ { if n == 0 { f(1); } }",
    "match @ { true => { f(1); } false => {} }",
    "match @ { true => { f(1); } _ => { f(2); } }",
    "match @ { it => { f(it); } }",
    "while @ { n += 1; if n == 3 { break; } }",
    "while let true = @ { n += 1; if n == 3 { break; } }",
    "loop { if !(@) { break; } n += 1; if n == 3 { break; } }",
    "f(!!(@));",
    "f(!(@) == false);",
    "f((@) && true || n == 7);",
    "f(matches!(@, true));",
    "assert_eq!(@, true);",
    "assert_eq!((@) == true, true);",
    "f(bool::from(@));",
    "let it: bool = (@).into(); f(it);",
    "let it = bool::from(@); f(it);",
    "f((@).then(|| 1));",
    "f((@) as u32);",
    "f((@).clone());",
    "f((@).to_string());",
    "f((@) ^ (@));",
    "let it = @; it",
    "return @;",
];

/// The program that runs one body in `step`, from the `first` on, and all those that suit a lint's taste.
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
    let received = RECEIVERS.iter().map(|statement| {
        let body = statement.replace('@', "yield 1");
        let mut bodies = vec![format!(
            "resumed(Some(1u32), pin!(coroutine!(|_: Option<u32>| {{ {body} }})))"
        )];
        bodies.push(format!("sent(generator! {{ {body} }})"));
        bodies
    });
    let conditions = CONDITIONS.iter().map(|statement| {
        let body = statement.replace('@', "yield 1");
        vec![format!(
            "resumed(true, pin!(coroutine!(|_: bool| {{ {body} }})))"
        )]
    });
    for body in received.chain(conditions).flatten() {
        source.push_str(&format!(
            "fn body{count}() {{ let mut n = 0u32; {body} }}\n"
        ));
        calls.push_str(&format!(
            "    print!(\"body{count}: \"); body{count}(); println!();\n"
        ));
        count += 1;
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
fn sent(mut g: Generator<u32, u32>) {
    match next(&mut g) { Ok(it) => print!("yields {it} "), Err(it) => { print!("{it}"); return } }
    for n in 0..9 { match g.send(n) { Ok(it) => print!("yields {it} "), Err(it) => { print!("{it}"); return } } }
}
fn core<T: Debug>(c: Pin<&mut impl Coroutine<(), Yield = u32, Return = T>>) { resumed((), c) }
fn resumed<A: Clone, T: Debug>(argument: A, mut c: Pin<&mut impl Coroutine<A, Yield = u32, Return = T>>) {
    for _ in 0..9 {
        match c.as_mut().resume(argument.clone()) {
            CoroutineState::Yielded(it) => print!("yields {it} "),
            CoroutineState::Complete(it) => { print!("{it:?}"); return }
        }
    }
}
"#;
