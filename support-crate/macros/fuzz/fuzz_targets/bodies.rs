//! No input makes a macro panic: `cargo +nightly fuzz run bodies -- -max_len=512` in `macros/`.
//!
//! A proc-macro crate exports nothing but its macros, so its modules are taken in here.

#![no_main]

extern crate proc_macro;

#[path = "../../src/arguments.rs"]
mod arguments;
#[path = "../../src/body.rs"]
mod body;
#[path = "../../src/entry.rs"]
mod entry;
#[path = "../../src/header.rs"]
mod header;
#[path = "../../src/mistakes.rs"]
mod mistakes;
#[path = "../../src/readable.rs"]
mod readable;
#[path = "../../src/soup.rs"]
mod soup;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        // Bytes that are source already reach the lexer's own corners.
        Some((b'"', source)) => soup::expand(&String::from_utf8_lossy(source)),
        Some((b'\'', words)) => soup::expand(&soup::words(words)),
        _ => soup::expand(&soup::statements(bytes)),
    }
});
