//! `yield` in the arguments of another macro, such as `println!("{}", yield 1)`.
//!
//! The arguments of a macro are tokens, not yet expressions: whatever macro it is, a `yield` among
//! them is rewritten together with the expression that follows it.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, Token};

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
