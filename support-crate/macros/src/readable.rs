//! Makes two things readable for syn. One syn would misread, the other it cannot read at all.
//!
//! In `while let Some(x) = yield mean { … }` rustc ends the operand of `yield` before the brace;
//! syn takes `mean { … }` for a struct. So the operand is put in parentheses first.
//!
//! `yield from inner` is no Rust. It becomes a `break` with a label that nobody else can write,
//! which takes an operand just as `yield` does.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprBreak};

use crate::{arguments, entry};

const YIELD_FROM: &str = "__yield_from";

/// `tokens` with each `yield` and `yield from` as syn can read it.
pub fn readable(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_body =
        |at: usize| arguments::called(&tokens[..at]).is_some_and(arguments::owns_its_yields);
    let readable_inside = |(at, token): (usize, &TokenTree)| match token {
        // What looks like a body of its own is another macro's to read.
        token if is_body(at) => token.clone(),
        token => readable_inside(token.clone()),
    };
    let tokens: Vec<_> = tokens.iter().enumerate().map(readable_inside).collect();
    // From behind, so that the operand of a `yield` is readable already.
    let mut after = VecDeque::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        if !matches!(token, TokenTree::Ident(word) if word == "yield") {
            after.push_front(token.clone());
            continue;
        }
        let is_from = match (after.front(), after.get(1)) {
            (Some(TokenTree::Ident(word)), Some(operand)) => {
                word == "from" && starts_operand(operand) && !touch(word, operand.span())
            }
            _ => false,
        };
        if is_from {
            after.pop_front();
        }
        if stands_in_header(&tokens[..at]) {
            let operand = operand_in_header(&mut after);
            let mut operand = Group::new(Delimiter::Parenthesis, operand);
            operand.set_span(entry::passed(token.span())); // no lint of the reader's for these parentheses
            after.push_front(operand.into());
        }
        if is_from {
            let mut quote = Punct::new('\'', Spacing::Joint);
            quote.set_span(token.span());
            after.push_front(Ident::new(YIELD_FROM, token.span()).into());
            after.push_front(quote.into());
            after.push_front(Ident::new("break", token.span()).into());
        } else {
            after.push_front(token.clone());
        }
    }
    after.into_iter().collect()
}

/// Takes the operand of a `yield` off the front of what stands after it in a header, where a brace
/// belongs to the operand only after a word such as `match`.
fn operand_in_header(after: &mut VecDeque<TokenTree>) -> TokenStream {
    let ends_header = |at: usize| match after.get(at) {
        Some(TokenTree::Punct(mark)) if mark.as_char() == '=' => {
            matches!(after.get(at + 1), Some(TokenTree::Punct(end)) if end.as_char() == '>')
        }
        token => token.is_none_or(is_block),
    };
    if ends_header(0) {
        return TokenStream::new();
    }
    let split = |input: ParseStream<'_>| {
        let operand = input.call(Expr::parse_without_eager_brace)?;
        Ok((operand, input.parse::<TokenStream>()?))
    };
    match split.parse2(after.iter().cloned().collect()) {
        Ok((operand, rest)) => {
            *after = rest.into_iter().collect();
            operand.into_token_stream()
        }
        // The reader is told what is wrong in the operand when the body is read.
        Err(_) => {
            let end = (0..).find(|at| ends_header(*at)).unwrap_or(after.len());
            after.drain(..end).collect()
        }
    }
}

fn readable_inside(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), readable(group.stream()));
            inner.set_span(group.span());
            inner.into()
        }
        token => token,
    }
}

/// The text of readable tokens, as the reader has written it.
pub fn as_written(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    text.replace(&format!("break '{YIELD_FROM}"), "yield from")
}

/// Whether `expression` was a `yield from`.
pub fn is_yield_from(expression: &ExprBreak) -> bool {
    let label = expression.label.as_ref();
    label.is_some_and(|label| label.ident == YIELD_FROM)
}

/// Whether a `yield` or `yield from` stands at the front of `tokens`.
pub fn starts_yield(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Ident(word), ..] if word == "yield" => true,
        [
            TokenTree::Ident(word),
            TokenTree::Punct(_),
            TokenTree::Ident(label),
            ..,
        ] => word == "break" && label == YIELD_FROM,
        _ => false,
    }
}

fn starts_operand(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word != "as",
        TokenTree::Punct(mark) => matches!(mark.as_char(), '&' | '*' | '<' | ':' | '|' | '\''),
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
    }
}

/// Whether what stands at `next` is written right after `word`: `from[1]` indexes a variable of that
/// name, and `from(1)` calls a function.
pub fn touch(word: &Ident, next: Span) -> bool {
    if !proc_macro::is_available() {
        return false; // the tests of these functions have no source file
    }
    let (start, end) = (word.span().unwrap().start(), word.span().unwrap().end());
    let next = next.unwrap().start();
    let place = |span: proc_macro::Span| (span.line(), span.column());
    // Where rust-analyzer does not know the places of tokens, it says that all are the same.
    place(start) != place(end) && place(end) == place(next)
}

fn stands_in_header(before: &[TokenTree]) -> bool {
    for (at, token) in before.iter().enumerate().rev() {
        match token {
            TokenTree::Ident(word)
                if ["if", "while", "match", "in"].iter().any(|it| word == it) =>
            {
                return true;
            }
            TokenTree::Punct(end) if matches!(end.as_char(), ';' | ',') => return false,
            TokenTree::Punct(end) if end.as_char() == '>' && ends_arrow(&before[..at]) => {
                return false;
            }
            token if is_block(token) => return false,
            _ => {}
        }
    }
    false
}

fn ends_arrow(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Punct(start)] if start.as_char() == '=')
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}
