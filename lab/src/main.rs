//! The commands behind `cargo lab`.

fn main() {}
