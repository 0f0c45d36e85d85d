//! Makes two things readable for syn that it reads otherwise than they are meant, or not at all.
//!
//! In `while let Some(x) = yield mean { … }` rustc ends the operand of `yield` before the brace;
//! syn takes `mean { … }` for a struct. So the operand is put in parentheses first.
//!
//! `yield from inner` is no Rust. It becomes a `break` with a label that nobody else can write,
//! which takes an operand just as `yield` does.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::ExprBreak;

const YIELD_FROM: &str = "__yield_from";

/// `tokens` with each `yield` and `yield from` as syn can read it.
pub fn readable(tokens: TokenStream) -> TokenStream {
    let mut readable = Vec::new();
    let mut rest = tokens.into_iter().map(readable_inside).peekable();
    while let Some(token) = rest.next() {
        let TokenTree::Ident(word) = &token else {
            readable.push(token);
            continue;
        };
        if word != "yield" {
            readable.push(token);
            continue;
        }
        let span = word.span();
        let in_header = stands_in_header(&readable);
        match rest.next_if(|token| matches!(token, TokenTree::Ident(word) if word == "from")) {
            Some(_) if rest.peek().is_some_and(starts_operand) => {
                let mut quote = Punct::new('\'', Spacing::Joint);
                quote.set_span(span);
                readable.push(Ident::new("break", span).into());
                readable.push(quote.into());
                readable.push(Ident::new(YIELD_FROM, span).into());
            }
            Some(from) => readable.extend([token, from]), // a variable of that name
            None => readable.push(token),
        }
        if in_header {
            let mut operand = TokenStream::new();
            while let Some(token) = rest.next_if(|token| !is_block(token)) {
                operand.extend([token]);
            }
            let mut operand = Group::new(Delimiter::Parenthesis, operand);
            operand.set_span(Span::mixed_site()); // no lint of the reader's for these parentheses
            readable.push(operand.into());
        }
    }
    readable.into_iter().collect()
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
