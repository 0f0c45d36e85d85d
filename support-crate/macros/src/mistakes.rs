//! What readers write who come from other languages or other macros, and what to write instead.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprYield, UnOp};

use crate::readable::touch;

/// The error to show for a body that is no Rust: our own where we know the mistake, otherwise syn's.
pub fn explained(error: Error, body: TokenStream) -> Error {
    match find(body) {
        Some((at, advice)) => Error::new(at, advice),
        None => error,
    }
}

/// The error to show for what a `coroutine!` is given, where that is no Rust.
pub fn explained_of_coroutine(error: Error, given: TokenStream) -> Error {
    let has_bars = given
        .clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '|'));
    match given.clone().into_iter().next() {
        Some(first) if !has_bars => Error::new(
            first.span(),
            "a coroutine is written as a closure: `coroutine!(|argument| { … })`, or `coroutine!(|| { … })` \
             where it is resumed with nothing",
        ),
        _ => explained(error, given),
    }
}

fn find(tokens: TokenStream) -> Option<(Span, &'static str)> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    (0..tokens.len()).find_map(|at| match &tokens[at..] {
        [TokenTree::Ident(word), TokenTree::Ident(_), ..] if word == "raise" => Some((
            word.span(),
            "`raise` is no word of Rust: `Err(error)?` raises an error in a body",
        )),
        [TokenTree::Punct(dot), TokenTree::Ident(word), ..]
            if dot.as_char() == '.' && dot.spacing() == Spacing::Alone && word == "yield" =>
        {
            Some((
                word.span(),
                "`yield` is written before its value here: `yield value`, in parentheses where a method follows",
            ))
        }
        [
            TokenTree::Ident(word),
            TokenTree::Group(block),
            TokenTree::Ident(after),
            ..,
        ] if word == "try"
            && block.delimiter() == Delimiter::Brace
            && ["except", "catch", "finally", "else"]
                .iter()
                .any(|it| after == it) =>
        {
            Some((
                after.span(),
                "a `try { … }` evaluates to a `Result`, which a `match` looks at: \
                 `match try { … } { Ok(value) => …, Err(error) if error.is::<ValueError>() => …, \
                 Err(error) => Err(error)? }`",
            ))
        }
        [TokenTree::Ident(word), rest @ ..] if word == "yield" => comma(rest).map(|comma| {
            (
                comma,
                "`yield` gives one value; several go into a tuple, `yield (x, y);`",
            )
        }),
        [TokenTree::Group(group), ..] => find(group.stream()),
        _ => None,
    })
}

/// The comma after the operand of a `yield` that is a statement, before its semicolon.
fn comma(after: &[TokenTree]) -> Option<Span> {
    let mark = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => Some(mark.as_char()),
        _ => None,
    };
    let end = after.iter().position(|token| mark(token) == Some(';'))?;
    let comma = after[..end].iter().find(|token| mark(token) == Some(','))?;
    Some(comma.span())
}

/// What is wrong with a `yield` that other languages write otherwise.
pub fn of_yield(yielded: &ExprYield) -> Option<Error> {
    let operand = yielded.expr.as_deref()?;
    let word = Ident::new("yield", yielded.yield_token.span());
    let (at, advice) = match operand {
        Expr::Return(returned) => (
            returned.return_token.span(),
            "`yield` alone gives a value and goes on: leave out `return`",
        ),
        Expr::Unary(unary) if touch(&word, unary.op.span()) => match unary.op {
            UnOp::Not(mark) => (
                mark.span(),
                "`yield` is a word here and no macro: `yield value;`",
            ),
            UnOp::Deref(mark) => (
                mark.span(),
                "`yield*` is `yield from` here: `yield from inner;`",
            ),
            _ => return None,
        },
        _ => return None,
    };
    Some(Error::new(at, advice))
}
