//! What the entry of a macro, a `macro_rules!` of the crate `hitchhiker`, passes to it: the path of
//! that crate and the promise that its body keeps to, each in brackets, and the body after them.
//!
//! Any other name could mean something else at a call site: `::hitchhiker` is whatever crate is called
//! so there. Whoever calls the macro by hand, with another crate, has to write the promise's `unsafe`.

use std::cell::RefCell;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Error;

/// What stands before the body.
pub struct Entry {
    /// `$crate`.
    library: Ident,
    promise: TokenStream,
    yield_from: String,
}

impl Entry {
    /// The entry at the front of `input`, and the body after it.
    pub fn split(input: TokenStream) -> syn::Result<(Self, TokenStream)> {
        let mut tokens = input.into_iter();
        let brackets = [tokens.next(), tokens.next()].map(|token| match token {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => Ok(group),
            _ => Err(Error::new(
                Span::call_site(),
                "call `generator!` and its like by their names",
            )),
        });
        let [library, promise] = brackets;
        let mut entry = Self {
            library: syn::parse2(library?.stream())?,
            promise: promise?.stream(),
            yield_from: String::from("__yield_from"),
        };
        let body: TokenStream = tokens.collect();
        while entry.is_in(&body) {
            entry.yield_from.push('_');
        }
        Ok((entry, body))
    }

    fn is_in(&self, body: &TokenStream) -> bool {
        body.clone().into_iter().any(|token| match token {
            TokenTree::Group(group) => self.is_in(&group.stream()),
            TokenTree::Ident(name) => name == self.yield_from,
            _ => false,
        })
    }

    /// Runs `expand`, for which [`coroutine`], [`promise`] and [`passed`] speak of this entry.
    pub fn within<T>(self, expand: impl FnOnce() -> T) -> T {
        let outer = ENTRY.replace(Some(self));
        let expanded = expand();
        ENTRY.set(outer);
        expanded
    }
}

thread_local! {
    /// The entry of the macro that is being expanded.
    static ENTRY: RefCell<Option<Entry>> = const { RefCell::new(None) };
}

fn read<T>(part: impl FnOnce(&Entry) -> T) -> T {
    ENTRY.with_borrow(|entry| {
        part(
            entry
                .as_ref()
                .expect("a macro is expanded within its entry"),
        )
    })
}

/// The path of the library's module of coroutines, to stand at `span`.
pub fn coroutine(span: Span) -> TokenStream {
    let mut library = read(|entry| entry.library.clone());
    library.set_span(library.span().located_at(span));
    quote_spanned!(span=> #library::coroutine)
}

/// The promise, with its `unsafe`.
pub fn promise() -> TokenStream {
    read(|entry| entry.promise.clone())
}

/// The name of the label that makes a `break` a `yield from`. It is none that the body has.
pub fn yield_from() -> String {
    read(|entry| entry.yield_from.clone())
}

/// The span `at`, with the hygiene of the macro itself, in which alone the yielder has a name.
///
/// No token with this hygiene may reach another macro, which could make such a name of it: `machine.rs`
/// relies on that. Only what a `yield` becomes and what is put around the whole body has it, and a
/// `yield` in the arguments of a macro that could do anything with them is refused. `tests/hygiene` looks at every
/// token that other macros are given.
pub fn own(at: Span) -> Span {
    Span::mixed_site().located_at(at)
}

/// The span `at`, with the hygiene of what other macros may be given: that of the entry.
///
/// All that the macro writes of its own has it, or that of the reader's token in whose place it is put,
/// or that of the macro's call site, but for what [`own`] names. It is the hygiene of the labels that a
/// `return`, a `try` or a `break` in a `try` needs.
pub fn passed(at: Span) -> Span {
    read(|entry| entry.library.span()).located_at(at)
}
