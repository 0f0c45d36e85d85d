//! `yield` in the arguments of another macro, such as `println!("{}", yield 1)`.
//!
//! The arguments of a macro are tokens, not yet expressions: whatever macro it is, a `yield` among
//! them is rewritten together with the expression that follows it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, Path, Token};

use crate::body::{Body, owns_its_yields};
use crate::readable;

/// Rewrites `tokens` where they hold a word of the body's own control flow.
pub fn rewrite(body: &mut Body, tokens: &mut TokenStream) {
    if !mentions_body(tokens.clone()) {
        return;
    }
    // Most macros take expressions; read as such, a closure among them is seen.
    match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()) {
        Ok(mut arguments) => {
            for argument in &mut arguments {
                body.visit_expr_mut(argument);
            }
            *tokens = arguments.into_token_stream();
        }
        Err(_) => *tokens = rewrite_tokens(body, tokens.clone()),
    }
}

/// The macros of the prelude that take expressions: what a `yield` among their arguments becomes
/// is seen by nobody else.
const OF_STD: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "matches",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Whether `path` is that of a macro that may hold a `yield`.
pub fn is_of_std(path: &Path) -> bool {
    let segments: Vec<_> = path
        .segments
        .iter()
        .map(|it| it.ident.to_string())
        .collect();
    match &segments[..] {
        [name] => OF_STD.contains(&name.as_str()),
        [from, name] => {
            ["std", "core", "alloc"].contains(&from.as_str()) && OF_STD.contains(&name.as_str())
        }
        _ => false,
    }
}

/// Whether a `yield` of the body around is among `tokens`.
pub fn mention_yield(tokens: TokenStream) -> bool {
    yield_in(tokens).is_some()
}

/// Where the first `yield` among `tokens` stands that is not in a body of its own.
pub fn yield_in(tokens: TokenStream) -> Option<Span> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    (0..tokens.len()).find_map(|at| match &tokens[at] {
        TokenTree::Group(group) if !called(&tokens[..at]).is_some_and(owns_its_yields) => {
            yield_in(group.stream())
        }
        token if readable::starts_yield(&tokens[at..]) => Some(token.span()),
        _ => None,
    })
}

fn mentions_body(tokens: TokenStream) -> bool {
    let tokens: Vec<_> = tokens.into_iter().collect();
    (0..tokens.len()).any(|at| match &tokens[at] {
        TokenTree::Group(group) => mentions_body(group.stream()),
        _ => starts_expression(&tokens[at..]),
    })
}

fn starts_expression(tokens: &[TokenTree]) -> bool {
    readable::starts_yield(tokens)
        || matches!(tokens, [TokenTree::Ident(word), ..] if word == "return")
}

/// Rewrites what is no list of expressions, each `yield` up to where its operand ends.
fn rewrite_tokens(body: &mut Body, tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = tokens.into_iter().collect();
    let mut rewritten = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => {
                let mut stream = group.stream();
                if !called(&tokens[..at]).is_some_and(owns_its_yields) {
                    rewrite(body, &mut stream);
                }
                let mut inner = Group::new(group.delimiter(), stream);
                inner.set_span(group.span());
                rewritten.extend([TokenTree::Group(inner)]);
                at += 1;
            }
            _ if starts_expression(&tokens[at..]) => {
                let split = |input: ParseStream<'_>| {
                    Ok((input.parse::<Expr>()?, input.parse::<TokenStream>()?))
                };
                match split.parse2(tokens.drain(at..).collect()) {
                    Ok((mut expression, rest)) => {
                        body.visit_expr_mut(&mut expression);
                        expression.to_tokens(&mut rewritten);
                        tokens.extend(rest);
                    }
                    Err(error) => body.refuse(error),
                }
            }
            token => {
                rewritten.extend([token.clone()]);
                at += 1;
            }
        }
    }
    rewritten
}

/// The name of the macro whose arguments the group after `before` is.
fn called(before: &[TokenTree]) -> Option<&Ident> {
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] if bang.as_char() == '!' => Some(name),
        _ => None,
    }
}
