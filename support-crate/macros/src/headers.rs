//! Lets syn read `yield` as rustc does in the header of an `if`, a `while`, a `match` or a `for`.
//!
//! In `while let Some(x) = yield mean { … }` rustc ends the operand of `yield` before the brace;
//! syn takes `mean { … }` for a struct. So the operand is put in parentheses first.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// `tokens` with the operand of each `yield` in a header parenthesised.
pub fn parenthesise(tokens: TokenStream) -> TokenStream {
    let mut parenthesised = Vec::new();
    let mut rest = tokens.into_iter().map(parenthesise_inside).peekable();
    while let Some(token) = rest.next() {
        let is_yield = matches!(&token, TokenTree::Ident(word) if word == "yield");
        let in_header = is_yield && stands_in_header(&parenthesised);
        parenthesised.push(token);
        if in_header {
            let mut operand = TokenStream::new();
            while let Some(token) = rest.next_if(|token| !is_block(token)) {
                operand.extend([token]);
            }
            let mut operand = Group::new(Delimiter::Parenthesis, operand);
            operand.set_span(Span::mixed_site()); // no lint of the reader's for these parentheses
            parenthesised.push(operand.into());
        }
    }
    parenthesised.into_iter().collect()
}

fn parenthesise_inside(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), parenthesise(group.stream()));
            inner.set_span(group.span());
            inner.into()
        }
        token => token,
    }
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
