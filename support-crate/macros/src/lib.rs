//! What the macros of the [`hitchhiker`](https://docs.rs/hitchhiker) crate pass their bodies to.
//! That crate documents them.
//!
//! `generator!` makes a state machine of its body by turning it into an `async` block, in which
//! each `yield` is an `.await`. `entry.rs` reads what is passed before the body. `readable.rs` makes the
//! body's tokens readable for syn, for which `header.rs` finds the headers of loops and conditions.
//! `body.rs` rewrites the body, and `arguments.rs` what is in the arguments of other macros.
//! `mistakes.rs` explains what readers write who come from elsewhere.

mod arguments;
mod body;
mod entry;
#[cfg(feature = "expansion")]
mod expansion;
#[cfg(test)]
mod forms;
mod header;
mod mistakes;
mod readable;
#[cfg(test)]
mod soup;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as TokenStream2;

use crate::entry::Entry;

/// What `hitchhiker::coroutine::generator!` passes its body to.
#[proc_macro]
pub fn generator(input: TokenStream) -> TokenStream {
    expand(body::generator, input)
}

/// What `hitchhiker::coroutine::coroutine!` passes its body to.
#[proc_macro]
pub fn coroutine(input: TokenStream) -> TokenStream {
    expand(body::coroutine, input)
}

/// What `hitchhiker::coroutine::async_generator!` passes its body to.
#[proc_macro]
pub fn async_generator(input: TokenStream) -> TokenStream {
    expand(body::async_generator, input)
}

/// What `hitchhiker::coroutine::expansion!` passes its macro call to.
#[cfg(feature = "expansion")]
#[proc_macro]
pub fn expansion(input: TokenStream) -> TokenStream {
    let text = expansion::of(input.into()).map(|text| quote::quote!(#text));
    text.unwrap_or_else(syn::Error::into_compile_error).into()
}

fn expand(body: fn(TokenStream2) -> TokenStream2, input: TokenStream) -> TokenStream {
    let expanded = Entry::split(input.into()).map(|(entry, input)| entry.within(|| body(input)));
    expanded
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

#[cfg(test)]
mod tests {
    use crate::soup;
    use proptest::prelude::*;

    fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..most)
    }

    #[test]
    fn an_operator_after_a_return_is_no_part_of_its_value() {
        soup::expand("for x in return + x { x }"); // found by the fuzzer
    }

    #[test]
    fn a_try_stands_wherever_an_expression_does() {
        soup::expand("match break try { x } { _ => x }"); // found by the fuzzer
        soup::expand("match 0..try { x } { _ => x }");
    }

    #[test]
    fn the_value_of_a_return_is_an_expression_and_no_statement() {
        soup::expand("return vec! { x } + x"); // a statement would end after the brace
    }

    #[test]
    fn dbg_is_given_the_text_of_its_arguments_as_it_was_written() {
        let expanded = soup::expansion("dbg!(yield 45, yield from inner)");
        assert!(expanded.contains("\"yield 45\" ="), "{expanded}");
        assert!(expanded.contains("\"yield from inner\" ="), "{expanded}");
    }

    #[test]
    fn a_yield_behind_its_value_is_refused_with_what_to_write() {
        for body in ["x.yield", "let y = f(x.yield).m();", "if x.yield == 1 {}"] {
            let expanded = soup::expansion(body);
            assert!(
                expanded.contains("`yield` is written before its value"),
                "{expanded}"
            );
        }
        assert!(!soup::expansion("let y = ..yield 1;").contains("compile_error"));
    }

    proptest! {
        #[test]
        fn words_in_any_order_become_an_expression_or_compile_errors(bytes in bytes(100)) {
            soup::expand(&soup::words(&bytes));
        }

        #[test]
        fn statements_become_an_expression_or_compile_errors(bytes in bytes(30)) {
            soup::expand(&soup::statements(&bytes));
        }
    }
}
