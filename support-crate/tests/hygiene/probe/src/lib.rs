//! Macros as a reader could bring them, in each place where Rust takes one. They tell on standard error
//! which tokens they are given, and with which hygiene.
//!
//! [`names`] makes a name of each hygiene that it is given.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// A macro in the place of an expression or a statement.
#[proc_macro]
pub fn expression(given: TokenStream) -> TokenStream {
    told("expression", given, "()")
}

/// A macro in the place of a pattern.
#[proc_macro]
pub fn pattern(given: TokenStream) -> TokenStream {
    told("pattern", given, "_")
}

/// A macro in the place of a type.
#[proc_macro]
pub fn kind(given: TokenStream) -> TokenStream {
    told("type", given, "()")
}

/// A macro in the place of an item.
#[proc_macro]
pub fn item(given: TokenStream) -> TokenStream {
    told("item", given, "")
}

/// A macro that is called as one of hitchhiker's, whose bodies are their own.
#[proc_macro]
pub fn generator(given: TokenStream) -> TokenStream {
    told("generator", given, "()")
}

/// A macro that is called as one of hitchhiker's, whose bodies are their own.
#[proc_macro]
pub fn async_generator(given: TokenStream) -> TokenStream {
    told("async_generator", given, "()")
}

/// A macro that is called as one of hitchhiker's, whose bodies are their own.
#[proc_macro]
pub fn coroutine(given: TokenStream) -> TokenStream {
    told("coroutine", given, "()")
}

/// An attribute of an item. It leaves nothing of the item.
#[proc_macro_attribute]
pub fn attribute(given: TokenStream, item: TokenStream) -> TokenStream {
    told("attribute", given, "");
    told("attributed", item, "")
}

/// A derive macro.
#[proc_macro_derive(Derived, attributes(helper))]
pub fn derived(item: TokenStream) -> TokenStream {
    told("derive", item, "")
}

/// Calls `reached(&__hitchhiker_yielder)` with each hygiene that it is given.
#[proc_macro]
pub fn names(given: TokenStream) -> TokenStream {
    let mut named = TokenStream::new();
    let mut hygienes = vec![];
    walk(given, &mut |_, span| {
        if !hygienes.contains(&hygiene(span)) {
            hygienes.push(hygiene(span));
            let call: TokenStream = "reached(&__hitchhiker_yielder);"
                .parse()
                .expect("they are tokens");
            named.extend(respanned(call, span));
        }
    });
    TokenTree::Group(Group::new(Delimiter::Brace, named)).into()
}

/// Tells of every token in `given`, and makes `made` of them.
fn told(place: &str, given: TokenStream, made: &str) -> TokenStream {
    walk(given, &mut |token, span| {
        let text = token.to_string().replace('\n', " ");
        eprintln!("probe {place} {} {text}", hygiene(span));
    });
    made.parse().expect("they are tokens")
}

/// Calls `tell` with each span in `tokens` and the token whose span it is.
fn walk(tokens: TokenStream, tell: &mut dyn FnMut(&TokenTree, Span)) {
    for token in tokens {
        tell(&token, token.span());
        if let TokenTree::Group(group) = &token {
            tell(&token, group.span_open());
            tell(&token, group.span_close());
            walk(group.stream(), tell);
        }
    }
}

/// The hygiene of `span` as rustc numbers it: a span shows as `#7 bytes(1..2)`.
fn hygiene(span: Span) -> String {
    let shown = format!("{span:?}");
    shown.split(' ').next().unwrap_or_default().to_owned()
}

/// `tokens` with names of the hygiene of `at`.
fn respanned(tokens: TokenStream, at: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) if name.to_string() == "__hitchhiker_yielder" => {
            Ident::new(&name.to_string(), at).into()
        }
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), respanned(group.stream(), at)).into()
        }
        token => token,
    });
    respanned.collect()
}
