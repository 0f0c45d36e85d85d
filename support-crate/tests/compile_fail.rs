//! Misuse does not compile, and says why.

/// The expected messages hold rustc's own words, which change between its versions.
#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[test]
fn misuse_is_a_compile_error_that_says_why() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.compile_fail("tests/ui/beginners/*.rs"); // by people who see the crate for the first time
}
