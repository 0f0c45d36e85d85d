//! What stands in the arguments of another macro, such as `println!("{}", yield 1)`.
//!
//! The arguments of a macro are tokens, not yet expressions. What the macros of std take is known, so
//! a `yield` among their arguments is rewritten as it is anywhere else. Any other macro may do what it
//! likes with its tokens: it gets no `yield`, only a `return` that leaves the body.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Block, Error, Expr, Item, Macro, Pat, Path, Token};

use crate::readable;

/// Rewrites the expressions of a body. `body.rs` implements it.
pub trait Rewriter: VisitMut {
    /// Whether a `try` of the body's catches the `?` that is met next. None catches that of a closure or
    /// an item.
    fn is_in_try(&self) -> bool;

    /// Notes a mistake of the body's. The walk goes on, so that all mistakes are told at once.
    fn refuse(&mut self, error: Error);
}

/// Rewrites the arguments of the macro of std that is called `name`.
pub fn rewrite_of_std(
    body: &mut impl Rewriter,
    name: &Ident,
    tokens: &mut TokenStream,
) -> syn::Result<()> {
    let given = tokens.clone();
    *tokens = match name.to_string().as_str() {
        "dbg" => {
            let told = list(given)?.into_iter().map(|argument| dbg(body, argument));
            let told: Vec<_> = told.collect();
            quote!(#(#told),*)
        }
        "matches" => (|input: ParseStream<'_>| matches(body, input)).parse2(given)?,
        "vec" if ends_in_length(&given) => {
            (|input: ParseStream<'_>| repeated(body, input)).parse2(given)?
        }
        _ => {
            let mut arguments = list(given)?;
            for argument in &mut arguments {
                body.visit_expr_mut(argument);
            }
            arguments.into_token_stream()
        }
    };
    Ok(())
}

fn list(tokens: TokenStream) -> syn::Result<Punctuated<Expr, Token![,]>> {
    Punctuated::parse_terminated.parse2(tokens)
}

/// Rewrites `value; length`, the arguments of a `vec!`.
fn repeated(body: &mut impl Rewriter, input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut value: Expr = input.parse()?;
    let semicolon: Token![;] = input.parse()?;
    let mut length: Expr = input.parse()?;
    body.visit_expr_mut(&mut value);
    body.visit_expr_mut(&mut length);
    Ok(quote!(#value #semicolon #length))
}

fn ends_in_length(tokens: &TokenStream) -> bool {
    let is_semicolon =
        |token: TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';');
    tokens.clone().into_iter().any(is_semicolon)
}

/// Rewrites `value, pattern if guard`, the arguments of a `matches!`.
fn matches(body: &mut impl Rewriter, input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut value: Expr = input.parse()?;
    let comma: Token![,] = input.parse()?;
    let mut pattern = Pat::parse_multi_with_leading_vert(input)?;
    body.visit_expr_mut(&mut value);
    body.visit_pat_mut(&mut pattern);
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(word) => {
            let mut guard: Expr = input.parse()?;
            body.visit_expr_mut(&mut guard);
            Some(quote!(#word #guard))
        }
        None => None,
    };
    input.parse::<Option<Token![,]>>()?;
    Ok(quote!(#value #comma #pattern #guard))
}

/// Rewrites an argument of `dbg!`, and puts its place and its text before it. Otherwise `dbg!` would show
/// the text of the rewritten argument.
fn dbg(body: &mut impl Rewriter, mut argument: Expr) -> TokenStream {
    let place = place(argument.span());
    let text = readable::as_written(&argument.to_token_stream());
    body.visit_expr_mut(&mut argument);
    quote!(#place #text = #argument)
}

/// Rewrites the arguments of a macro that may do anything with them, if a `return` or a `try` of the body's
/// is among them, or a `?` that a `try` around the macro catches. No `yield` is among them.
pub fn rewrite(body: &mut impl Rewriter, tokens: &mut TokenStream) {
    if !mentions_body(tokens.clone(), body.is_in_try()) {
        return;
    }
    // Most macros take expressions. Only where their arguments are read as expressions is a closure seen.
    let rewritten = as_expressions(body, tokens).or_else(|| as_statements(body, tokens));
    *tokens = rewritten.unwrap_or_else(|| rewrite_tokens(body, tokens.clone()));
}

/// As [`rewrite`] does, the tokens between braces: a block, for most macros.
fn rewrite_in_braces(body: &mut impl Rewriter, tokens: &mut TokenStream) {
    if !mentions_body(tokens.clone(), body.is_in_try()) {
        return;
    }
    let rewritten = as_statements(body, tokens).or_else(|| as_expressions(body, tokens));
    *tokens = rewritten.unwrap_or_else(|| rewrite_tokens(body, tokens.clone()));
}

fn as_expressions(body: &mut impl Rewriter, tokens: &TokenStream) -> Option<TokenStream> {
    let mut arguments = list(tokens.clone()).ok()?;
    for argument in &mut arguments {
        body.visit_expr_mut(argument);
    }
    Some(arguments.into_token_stream())
}

fn as_statements(body: &mut impl Rewriter, tokens: &TokenStream) -> Option<TokenStream> {
    let mut statements = Block::parse_within.parse2(tokens.clone()).ok()?;
    for statement in &mut statements {
        body.visit_stmt_mut(statement);
    }
    Some(quote!(#(#statements)*))
}

/// The file, line and column of `span`.
fn place(span: Span) -> String {
    if !proc_macro::is_available() {
        return String::new(); // the tests of these functions have no source file
    }
    let span = span.unwrap();
    format!("{}:{}:{}", span.file(), span.line(), span.column())
}

/// The macros of the prelude that take expressions. They pass their arguments to no other macro of the
/// reader's, so a `yield` may stand among them.
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

/// Whether the macro called `name` makes a body of its own, whose `yield`s are not this body's.
pub fn owns_its_yields(name: &Ident) -> bool {
    name == "generator" || name == "async_generator" || name == "coroutine"
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

fn mentions_body(tokens: TokenStream, is_in_try: bool) -> bool {
    let tokens: Vec<_> = tokens.into_iter().collect();
    (0..tokens.len()).any(|at| match &tokens[at] {
        TokenTree::Group(group) => mentions_body(group.stream(), is_in_try),
        TokenTree::Punct(mark) => is_in_try && mark.as_char() == '?',
        _ => starts_expression(&tokens[at..]),
    })
}

fn starts_expression(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Ident(word), TokenTree::Group(block), ..] if word == "try" => {
            block.delimiter() == Delimiter::Brace
        }
        _ => is_word(tokens, "return"),
    }
}

/// Rewrites tokens that are no list of expressions, as far as there are expressions among them.
fn rewrite_tokens(body: &mut impl Rewriter, tokens: TokenStream) -> TokenStream {
    let mut rest: Vec<_> = tokens.into_iter().collect();
    let mut rewritten = TokenStream::new();
    let mut before = None;
    while !rest.is_empty() {
        match Part::read(before.as_ref(), &rest) {
            Ok(Some((mut part, after))) => {
                part.rewrite(body);
                part.to_tokens(&mut rewritten);
                rest = after.into_iter().collect();
                before = Some(Group::new(Delimiter::None, TokenStream::new()).into());
            }
            Ok(None) => {
                let token = rest.remove(0);
                if let TokenTree::Punct(mark) = &token
                    && mark.as_char() == '?'
                    && body.is_in_try()
                    && !matches!(&before, None | Some(TokenTree::Punct(_)))
                {
                    // Where its operand begins cannot be told here, so it would remain rustc's own.
                    body.refuse(Error::new(
                        mark.span(),
                        "this `?` would leave the body and not the `try` around it, because these arguments \
                         of a macro cannot be read as expressions: give the value a name first, \
                         `let value = …?;`, or put it into braces, `{ …? }`",
                    ));
                }
                let mut shown = token.clone();
                if let TokenTree::Group(group) = &token {
                    let mut stream = group.stream();
                    match group.delimiter() {
                        Delimiter::Brace => rewrite_in_braces(body, &mut stream),
                        _ => rewrite(body, &mut stream),
                    }
                    let mut inner = Group::new(group.delimiter(), stream);
                    inner.set_span(group.span());
                    shown = inner.into();
                }
                rewritten.extend([shown]);
                before = Some(token);
            }
            Err(error) => {
                body.refuse(error);
                break;
            }
        }
    }
    rewritten
}

/// Several tokens that are read as a whole, among others that are read one by one.
enum Part {
    /// A `return` up to where its operand ends, a `try`, a closure or an `async` block.
    Expression(Expr),
    /// A macro, whose arguments are rewritten or refused like those of any other.
    Call(Macro),
    /// A function, whose `return` is its own, or a macro's definition.
    Item(Item),
}

impl Part {
    /// The part at the front of `tokens`, if there is one, and what follows it.
    fn read(
        before: Option<&TokenTree>,
        tokens: &[TokenTree],
    ) -> syn::Result<Option<(Self, TokenStream)>> {
        if starts_expression(tokens) {
            let (expression, after) = split(tokens)?;
            return Ok(Some((Self::Expression(expression), after)));
        }
        // Each of these may turn out to be something else, such as the `|` between two patterns.
        Ok(if starts_call(tokens) {
            split(tokens)
                .ok()
                .map(|(call, after)| (Self::Call(call), after))
        } else if starts_closure_or_async(before, tokens) {
            let expression = split(tokens).ok();
            expression.map(|(expression, after)| (Self::Expression(expression), after))
        } else if is_word(tokens, "fn") || is_word(tokens, "macro_rules") {
            split(tokens)
                .ok()
                .map(|(item, after)| (Self::Item(item), after))
        } else {
            None
        })
    }

    fn rewrite(&mut self, body: &mut impl Rewriter) {
        match self {
            Self::Expression(expression) => body.visit_expr_mut(expression),
            Self::Call(call) => body.visit_macro_mut(call),
            Self::Item(item) => body.visit_item_mut(item),
        }
    }
}

impl ToTokens for Part {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Expression(expression) => expression.to_tokens(tokens),
            Self::Call(call) => call.to_tokens(tokens),
            Self::Item(item) => item.to_tokens(tokens),
        }
    }
}

fn split<T: Parse>(tokens: &[TokenTree]) -> syn::Result<(T, TokenStream)> {
    let split = |input: ParseStream<'_>| Ok((input.parse()?, input.parse()?));
    split.parse2(tokens.iter().cloned().collect())
}

fn is_word(tokens: &[TokenTree], word: &str) -> bool {
    matches!(tokens, [TokenTree::Ident(first), ..] if first == word)
}

/// Whether a macro is called at the front of `tokens`, by a path or a name.
fn starts_call(tokens: &[TokenTree]) -> bool {
    let path = |token: &&TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(mark) => mark.as_char() == ':',
        _ => false,
    };
    let path = tokens.iter().take_while(path).count();
    matches!(
        &tokens[path..],
        [TokenTree::Punct(bang), TokenTree::Group(_), ..] if path > 0 && bang.as_char() == '!'
    )
}

fn starts_closure_or_async(before: Option<&TokenTree>, tokens: &[TokenTree]) -> bool {
    let ends_operand = match before {
        None => false,
        Some(TokenTree::Punct(mark)) => matches!(mark.as_char(), '?' | '|'),
        Some(TokenTree::Ident(word)) => !["in", "else", "match", "if", "while"]
            .iter()
            .any(|it| word == it),
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
    };
    match tokens.first() {
        Some(TokenTree::Punct(bar)) => bar.as_char() == '|' && !ends_operand,
        _ => is_word(tokens, "async") || is_word(tokens, "move") || is_word(tokens, "static"),
    }
}

/// The name of the macro whose arguments the group after `before` is.
pub fn called(before: &[TokenTree]) -> Option<&Ident> {
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] if bang.as_char() == '!' => Some(name),
        _ => None,
    }
}
