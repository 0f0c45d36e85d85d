//! What a macro makes of its body, as a text for people to read.

use std::iter::Peekable;

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Error, Expr, ExprCall, ExprClosure, ExprPath, File, GenericArgument, ItemUse, Lit,
    Local, Macro, Pat, PathArguments, PathSegment, Stmt, Type,
};

use crate::body;
use crate::entry::Entry;

/// The text of what the one macro call in `input` stands for.
///
/// The text leaves out what only the compiler needs and what would be every second word: the paths of
/// the library, the prefix of its names, parentheses, `allow`s and `::<_>`.
pub fn of(input: TokenStream) -> syn::Result<String> {
    let call: Macro = syn::parse2(input)?;
    let name = call.path.segments.last().map(|last| last.ident.to_string());
    let expand = match name.as_deref() {
        Some("generator") => body::generator,
        Some("async_generator") => body::async_generator,
        Some("coroutine") => body::coroutine,
        _ => {
            let message = "write a `generator!`, an `async_generator!` or a `coroutine!` here";
            return Err(Error::new_spanned(call.path, message));
        }
    };
    let (entry, _) = Entry::split(quote!([hitchhiker][unsafe { AwaitedInBody::promise() }]))?;
    let expanded = shortened(entry.within(|| expand(call.tokens)));
    let mut file: File = syn::parse2(quote!(fn expanded() { #expanded }))?;
    Noise.visit_file_mut(&mut file);
    Ok(without_the_function(&prettyplease::unparse(&file)))
}

/// `tokens` without the paths of the library and the prefix of its names.
fn shortened(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut shortened: Vec<TokenTree> = vec![];
    while let Some(token) = tokens.next() {
        let token = match token {
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), self::shortened(group.stream())).into()
            }
            TokenTree::Ident(name) if name == "hitchhiker" && path_skipped(&mut tokens) => {
                // The `::` before an absolute path goes with it.
                if let [.., TokenTree::Punct(first), _] = &shortened[..]
                    && first.spacing() == Spacing::Joint
                    && first.as_char() == ':'
                {
                    shortened.truncate(shortened.len() - 2);
                }
                continue;
            }
            TokenTree::Ident(name) => match name.to_string().strip_prefix("__hitchhiker_") {
                Some(short) => Ident::new(short, name.span()).into(),
                None => name.into(),
            },
            other => other,
        };
        shortened.push(token);
    }
    shortened.into_iter().collect()
}

/// Whether `::coroutine::` or `::coroutine::__private::` follows, which it skips.
fn path_skipped(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) -> bool {
    let is_of_the_path = |token: &TokenTree| match token {
        TokenTree::Ident(name) => name == "coroutine" || name == "__private",
        other => is_colon(other),
    };
    let mut skipped = false;
    while tokens.next_if(is_of_the_path).is_some() {
        skipped = true;
    }
    skipped
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// Removes what says nothing to people. Where parentheses are needed, the printer writes them again.
struct Noise;

impl VisitMut for Noise {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        while let Some(inner) = wrapped(expression) {
            *expression = inner.clone();
        }
        visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        for argument in &mut call.args {
            if let Some(value) = value_of_block(argument) {
                *argument = value.clone();
            }
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        block
            .stmts
            .retain(|statement| !is_for_types_alone(statement));
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        if let Some(last) = path.path.segments.last_mut()
            && last.ident == "from_typed_body"
        {
            last.ident = Ident::new("from_body", last.ident.span());
        }
        visit_mut::visit_expr_path_mut(self, path);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        let is_returns = |input: &Pat| matches!(input, Pat::Ident(name) if name.ident == "returns");
        if closure.inputs.len() == 2 && closure.inputs.last().is_some_and(is_returns) {
            closure.inputs.pop();
            closure.inputs.pop_punct();
        }
        visit_mut::visit_expr_closure_mut(self, closure);
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        local
            .attrs
            .retain(|attribute| !attribute.path().is_ident("allow"));
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_item_use_mut(&mut self, import: &mut ItemUse) {
        import
            .attrs
            .retain(|attribute| !attribute.path().is_ident("allow"));
        visit_mut::visit_item_use_mut(self, import);
    }

    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        if let PathArguments::AngleBracketed(arguments) = &segment.arguments
            && arguments
                .args
                .iter()
                .all(|argument| matches!(argument, GenericArgument::Type(Type::Infer(_))))
        {
            segment.arguments = PathArguments::None;
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}

/// What parentheses hold, or what a `match` of one arm holds that only tells rustc where to point.
fn wrapped(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::Paren(parentheses) => Some(&parentheses.expr),
        Expr::Match(matched) => match (&*matched.expr, &matched.arms[..]) {
            (Expr::Tuple(scrutinee), [arm])
                if scrutinee.elems.len() == 1 && matches!(*arm.body, Expr::Field(_)) =>
            {
                scrutinee.elems.first()
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value of a block that holds nothing else, where the value stands in parentheses.
fn value_of_block(block: &Expr) -> Option<&Expr> {
    match block {
        Expr::Block(block) => match &block.block.stmts[..] {
            [Stmt::Expr(Expr::Paren(value), None)] => Some(&value.expr),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it is an `if false { … }`, from which rustc learns what is returned.
fn is_for_types_alone(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(Expr::If(never), None) => matches!(
            &*never.cond,
            Expr::Lit(literal) if matches!(&literal.lit, Lit::Bool(it) if !it.value)
        ),
        _ => false,
    }
}

/// The lines inside the function of `text`, less far to the right.
fn without_the_function(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or(&[]);
    let inner = inner
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    inner.collect::<Vec<_>>().join("\n")
}
