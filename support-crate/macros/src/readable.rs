//! Makes two things readable for syn. One syn would misread, the other it cannot read at all.
//!
//! A header is what is written between `if`, `while`, `match` or `in` and its block. In
//! `while let Some(x) = yield mean { … }` the operand of `yield` ends before the brace, as other
//! expressions in a header do. Both syn and rustc take `mean { … }` for a struct; rustc then finds no
//! block. So the operand is put in parentheses first. The same is done where syn does not see
//! that a `yield` is bare, or where its operand ends.
//!
//! Rust does not have `yield from inner`. It becomes a `break` with a label that the body does not have,
//! which takes an operand just as `yield` does.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Block, Expr, ExprBreak};

use crate::header::{self, Header};
use crate::{arguments, entry};

/// `tokens` with each `yield` and `yield from` as syn can read it.
pub fn readable(tokens: TokenStream) -> TokenStream {
    readable_level(tokens, true)
}

/// Makes the tokens between two delimiters readable. Between braces they can be statements.
fn readable_level(tokens: TokenStream, is_block: bool) -> TokenStream {
    let given: Vec<_> = tokens.into_iter().collect();
    let inside = |(at, token): (usize, &TokenTree)| readable_inside(&given[..at], token);
    let tokens: Vec<_> = given.iter().enumerate().map(inside).collect();
    let headers = header::headers(&tokens, is_block);
    // From behind, so that the operand of a `yield` is readable already.
    let mut after = VecDeque::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        if !is_word(token, "yield") {
            after.push_front(token.clone());
            continue;
        }
        let is_from = after
            .front()
            .is_some_and(|word| is_from(word, after.get(1), after.get(2)));
        if is_from {
            after.pop_front();
        }
        let at_yield = entry::passed(token.span()); // no lint of the reader's for these parentheses
        let is_bare = !is_from && !begins_operand(after.make_contiguous());
        // syn takes any word for the start of an operand.
        let is_misread = matches!(after.front(), Some(TokenTree::Ident(_)));
        if is_bare && (headers[at].is_some() || is_misread) {
            after.push_front(in_parentheses(
                [token.clone()].into_iter().collect(),
                at_yield,
            ));
            continue;
        }
        let operand = match is_bare {
            true => None,
            false => operand(headers[at], &mut after),
        };
        let word = match is_from {
            true => from_word(token.span()),
            false => vec![token.clone()],
        };
        let Some(operand) = operand else {
            word.into_iter()
                .rev()
                .for_each(|token| after.push_front(token));
            continue;
        };
        let operand = in_parentheses(operand, at_yield);
        let whole = word.into_iter().chain([operand]).collect();
        after.push_front(in_parentheses(whole, at_yield));
    }
    after.into_iter().collect()
}

/// Whether one of the `yield`s in a block of these tokens is in a header.
#[cfg(test)]
pub fn has_yield_in_header(tokens: TokenStream) -> bool {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let headers = header::headers(&tokens, true);
    tokens
        .iter()
        .zip(headers)
        .any(|(token, header)| match token {
            TokenTree::Group(group) => has_yield_in_header(group.stream()),
            token => is_word(token, "yield") && header.is_some(),
        })
}

fn readable_inside(before: &[TokenTree], token: &TokenTree) -> TokenTree {
    match token {
        // What looks like a body of its own is another macro's to read.
        TokenTree::Group(group)
            if !arguments::called(before).is_some_and(arguments::owns_its_yields) =>
        {
            let is_block = group.delimiter() == Delimiter::Brace;
            let mut inner = Group::new(group.delimiter(), readable_level(group.stream(), is_block));
            inner.set_span(group.span());
            inner.into()
        }
        token => token.clone(),
    }
}

/// The tokens that `yield from` becomes.
fn from_word(at: Span) -> Vec<TokenTree> {
    let mut quote = Punct::new('\'', Spacing::Joint);
    quote.set_span(at);
    vec![
        Ident::new("break", at).into(),
        quote.into(),
        Ident::new(&entry::yield_from(), at).into(),
    ]
}

fn in_parentheses(tokens: TokenStream, at: Span) -> TokenTree {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(at);
    group.into()
}

/// The operand of a `yield` to put into parentheses, off the front of what follows it: where syn would
/// end it elsewhere.
fn operand(header: Option<Header>, after: &mut VecDeque<TokenTree>) -> Option<TokenStream> {
    match header {
        Some(header) => Some(operand_in_header(header, after)),
        None => {
            let end = before_else(after.make_contiguous())?;
            let before: TokenStream = after.iter().take(end).cloned().collect();
            let taken = split(Expr::parse, before).map_or(end, |(_, rest)| end - rest.len());
            Some(after.drain(..taken).collect())
        }
    }
}

/// How many tokens there are before the `else` of a `let … else`. A `}` before an `else` is that of an `if`.
fn before_else(tokens: &[TokenTree]) -> Option<usize> {
    let ends = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if matches!(mark.as_char(), ';' | ','));
    let end = (0..tokens.len())
        .take_while(|at| !ends(&tokens[*at]))
        .find(|at| is_word(&tokens[*at], "else") && (*at == 0 || !is_block(&tokens[at - 1])))?;
    Some(end)
}

/// Takes the operand of a `yield` off the front of what follows it in a header.
///
/// A brace after it opens the header's block, as after any other expression in a header, unless what
/// it holds can be none, as in `yield Point { x: 1 }`, or the header goes on after it, as in
/// `yield { 1 } + 1 { … }`.
fn operand_in_header(header: Header, after: &mut VecDeque<TokenTree>) -> TokenStream {
    let tokens: TokenStream = after.iter().cloned().collect();
    let short = split(Expr::parse_without_eager_brace, tokens.clone());
    let long = split(Expr::parse, tokens.clone());
    let short = match short {
        // A block in an operand's place.
        _ if after.front().is_some_and(is_block) => {
            Some((TokenStream::new(), tokens.into_iter().collect()))
        }
        Ok(short) => Some(short),
        Err(_) => None,
    };
    let (operand, rest) = match (short, long) {
        (Some((_, rest)), Ok(long)) if header.takes(&rest, &long.1) => long,
        (Some(short), _) => short,
        (None, Ok(long)) => long,
        // The reader is told what is wrong in the operand when the body is read.
        (None, Err(_)) => {
            let end = after.iter().position(is_block).unwrap_or(after.len());
            return after.drain(..end).collect();
        }
    };
    *after = rest.into();
    operand
}

/// The expression at the front of `tokens`, which are readable already, and the rest of them.
fn split(
    read: fn(ParseStream<'_>) -> syn::Result<Expr>,
    tokens: TokenStream,
) -> syn::Result<(TokenStream, Vec<TokenTree>)> {
    let all: Vec<_> = tokens.clone().into_iter().collect();
    let split = |input: ParseStream<'_>| {
        read(input)?;
        input.parse::<TokenStream>()
    };
    let rest: Vec<_> = split.parse2(tokens)?.into_iter().collect();
    let taken = all.len() - rest.len();
    Ok((all.into_iter().take(taken).collect(), rest))
}

impl Header {
    /// Whether an operand that ends before `long` and not before `short` is meant, which begins with the brace
    /// that is in question.
    fn takes(self, short: &[TokenTree], long: &[TokenTree]) -> bool {
        let Some(brace @ TokenTree::Group(block)) = short.first() else {
            return false;
        };
        if short.len() <= long.len() || !is_block(brace) {
            return false;
        }
        let goes_on = short.len() - long.len() > 1;
        let is_followed = long.first().is_some_and(is_block);
        let can_be_block = match self {
            Self::Match if block.stream().is_empty() => !is_followed,
            Self::Match => has_arms(&block.stream()),
            Self::Other => Block::parse_within.parse2(block.stream()).is_ok(),
        };
        let ends_if = long.get(1).is_some_and(|word| is_word(word, "else"));
        !can_be_block || is_followed && (goes_on || self == Self::Other && ends_if)
    }
}

pub fn has_arms(tokens: &TokenStream) -> bool {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    tokens.windows(2).any(ends_arrow)
}

pub fn ends_arrow(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [.., TokenTree::Punct(start), end]
        if start.as_char() == '=' && start.spacing() == Spacing::Joint && is_mark(end, '>'))
}

pub fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether `yield` has an operand before these tokens, as rustc decides it.
fn begins_operand(tokens: &[TokenTree]) -> bool {
    // `'\0'` where the next mark does not touch this one.
    let next = |mark: &Punct| match tokens.get(1) {
        Some(TokenTree::Punct(next)) if mark.spacing() == Spacing::Joint => next.as_char(),
        _ => '\0',
    };
    match tokens.first() {
        None => false,
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
        Some(TokenTree::Ident(word)) => !NO_OPERAND.iter().any(|it| word == it),
        Some(TokenTree::Punct(mark)) => match (mark.as_char(), next(mark)) {
            ('\'' | '#', _) | ('.', '.') | (':', ':') => true,
            ('-', '=' | '>') | ('<', '=' | '-') | ('!' | '*' | '&' | '|', '=') => false,
            ('<', '<') => !matches!(tokens.get(2), Some(third) if is_mark(third, '=')),
            ('-' | '<' | '!' | '*' | '&' | '|', _) => true,
            _ => false,
        },
    }
}

/// Words that begin no expression.
const NO_OPERAND: &[&str] = &[
    "_", "as", "dyn", "else", "enum", "extern", "fn", "impl", "in", "mod", "mut", "pub", "ref",
    "struct", "trait", "type", "use", "where",
];

/// The text of readable tokens, as the reader has written it.
pub fn as_written(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    text.replace(&format!("break '{}", entry::yield_from()), "yield from")
}

/// Whether `expression` was a `yield from`.
pub fn is_yield_from(expression: &ExprBreak) -> bool {
    let label = expression.label.as_ref();
    label.is_some_and(|label| label.ident == entry::yield_from())
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
        ] => word == "break" && *label == entry::yield_from(),
        _ => false,
    }
}

/// Whether `word` makes a `yield from` of the `yield` before it, and is not a variable of that name.
pub fn is_from(word: &TokenTree, operand: Option<&TokenTree>, next: Option<&TokenTree>) -> bool {
    let (TokenTree::Ident(word), Some(operand)) = (word, operand) else {
        return false;
    };
    let starts_operand = match operand {
        TokenTree::Ident(word) => !NO_OPERAND.iter().any(|it| word == it),
        TokenTree::Punct(mark) => match mark.as_char() {
            ':' | '\'' => true,
            '<' if next.is_some_and(|next| is_mark(next, '<')) => false,
            '&' | '*' | '<' | '|' | '!' => !next.is_some_and(|next| is_mark(next, '=')),
            '.' => next.is_some_and(|next| is_mark(next, '.')),
            _ => false,
        },
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
    };
    word == "from" && starts_operand && !touch(word, operand.span())
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
