//! In a crate of any edition, a body drops its temporaries when a function of that crate does.

#[path = "../built/mod.rs"]
mod built;

use std::fs;
use std::process::Command;

use built::Built;

/// The same blocks in a function and in a body; each prints what is dropped, in order.
const PROGRAM: &str = r#"
use hitchhiker::coroutine::*;
struct Loud(&'static str);
impl Drop for Loud { fn drop(&mut self) { print!("{} ", self.0) } }
impl Loud {
    fn or(&self, n: i32) -> i32 { n }
    fn nothing(&self) -> Option<i32> { None }
}
fn ok() -> Result<i32, ValueError> { Ok(1) }
fn function() -> Result<i32, ValueError> {
    let _ = { let _it = Loud("local"); Loud("temporary").or(ok()?) };
    if let Some(_) = Loud("scrutinee").nothing() {} else { ok()?; print!("else "); }
    let _it = Loud("local of the body");
    Ok(Loud("temporary of the body").or(ok()?))
}
fn body() -> Generator<i32, (), i32> {
    generator! {
        let _ = { let _it = Loud("local"); Loud("temporary").or(ok()?) };
        if let Some(_) = Loud("scrutinee").nothing() {} else { ok()?; print!("else "); }
        let _it = Loud("local of the body");
        Loud("temporary of the body").or(ok()?)
    }
}
fn main() {
    let _ = function();
    println!();
    let _ = next(&mut body());
    println!();
}
"#;

#[test]
fn a_body_drops_temporaries_by_the_edition_of_its_own_crate() {
    let built = Built::of(&["hitchhiker"]);
    let mut orders = vec![];
    for edition in ["2021", "2024"] {
        let source = built.file(&format!("edition_{edition}.rs"));
        fs::write(&source, PROGRAM).expect("the target directory can be written to");
        let program = source.with_extension(std::env::consts::EXE_EXTENSION);
        let mut rustc = built.compiler("rustc", edition);
        let output = rustc.args(["-Awarnings", "-o"]).arg(&program).arg(&source);
        let output = output.output().expect("rustc starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "edition {edition}: {said}");
        let output = Command::new(&program).output().expect("the program starts");
        let dropped = String::from_utf8_lossy(&output.stdout).into_owned();
        let (function, body) = dropped.split_once('\n').expect("two lines are printed");
        assert_eq!(function, body.trim_end_matches('\n'), "edition {edition}");
        orders.push(function.to_owned());
    }
    assert_ne!(orders[0], orders[1], "the editions differ in nothing here");
}
