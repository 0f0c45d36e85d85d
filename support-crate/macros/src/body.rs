//! Rewrites a body: `yield` becomes a suspension, `try` a place where errors are caught.

use std::mem;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AttrStyle, Attribute, Block, Error, Expr, ExprBreak, ExprClosure, ExprReturn, ExprTry,
    ExprYield,
};
use syn::{Ident, Item, Label, Lifetime, Macro, ReturnType, Stmt, parse_quote};

use crate::arguments::{self, Rewriter};
use crate::{entry, mistakes, readable};

/// The expression that a `generator!` with this body stands for.
pub fn generator(input: TokenStream) -> TokenStream {
    python(Kind::Generator, input)
}

fn python(kind: Kind, input: TokenStream) -> TokenStream {
    let (here, end) = (start(&input), end(&input));
    let parse = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_inner)?;
        Ok((attributes, input.call(Block::parse_within)?))
    };
    parse
        .parse2(readable::readable(input.clone()))
        .map_err(|error| mistakes::explained(error, input))
        .and_then(|(attributes, statements)| {
            let attributes = of_statement(attributes);
            let body = Body::rewrite(kind, statements, end)?;
            let private = private();
            let coroutine = entry::coroutine(Span::call_site());
            let promise = entry::promise();
            let Names {
                yielder,
                label,
                result,
            } = Names::new(Span::call_site());
            let returns = Ident::new("__hitchhiker_returns", entry::own(Span::call_site()));
            // What it returns is said before the body is read: rustc then points at what is not that.
            let allowed = allowed();
            let block = block(
                here,
                quote! {
                    #[allow(unused_labels, unused_mut, unreachable_code)]
                    #allowed
                    #(#attributes)*
                    let __hitchhiker_ended: #private::Result<_, #coroutine::Exception> = #label: {
                        #result: {
                            if false {
                                break #result #private::Returns::never(#returns);
                            }
                            #private::Result::Ok(#body)
                        }
                    };
                    __hitchhiker_ended
                },
            );
            let made = match kind {
                Kind::AsyncGenerator => quote!(AsyncGenerator::<_, _, _>),
                _ => quote!(Generator::<_, _, _, _>),
            };
            Ok(quote! {
                #coroutine::#made::from_typed_body(
                    // Every `yield` is awaited in the `async` block itself, as its label proves.
                    #promise,
                    move |#yielder, #returns| #block,
                )
            })
        })
        .unwrap_or_else(|errors| refusal(&errors))
}

/// The expression that an `async_generator!` with this body stands for.
pub fn async_generator(input: TokenStream) -> TokenStream {
    python(Kind::AsyncGenerator, input)
}

/// The expression that a `coroutine!` of this closure stands for.
pub fn coroutine(input: TokenStream) -> TokenStream {
    let here = start(&input);
    let closure = syn::parse2::<ExprClosure>(readable::readable(input.clone()));
    closure
        .map_err(|error| mistakes::explained_of_coroutine(error, input))
        .and_then(|mut closure| {
            let argument = match closure.inputs.len() {
                0 => parse_quote!(()),
                1 => closure.inputs[0].clone(),
                _ => {
                    let message = "a coroutine is resumed with one argument";
                    return Err(Error::new_spanned(closure.inputs, message));
                }
            };
            refuse_modifiers(&closure)?;
            let attributes = match &mut *closure.body {
                Expr::Block(block) => of_statement(mem::take(&mut block.attrs)),
                _ => vec![],
            };
            let end = closure.body.span();
            let body = vec![Stmt::Expr(*closure.body, None)];
            let body = Body::rewrite(Kind::Coroutine, body, end)?;
            let private = private();
            let (returns, returned) = match closure.output {
                ReturnType::Default => (quote!(), quote!()),
                // From the first `return` in a block, rustc learns what the block returns.
                ReturnType::Type(_, returned) => {
                    let returns = quote_spanned! {returned.span()=>
                        if false {
                            return #private::never::<#returned>();
                        }
                    };
                    (returns, quote!(: #returned))
                }
            };
            let promise = entry::promise();
            let Names { yielder, label, .. } = Names::new(Span::call_site());
            let allowed = allowed();
            let block = block(
                here,
                quote! {
                    #returns
                    let #argument = #private::first(#private::Yielder::receive(&#yielder).await);
                    #allowed
                    #(#attributes)*
                    let __hitchhiker_ended #returned = #label: #body;
                    __hitchhiker_ended
                },
            );
            Ok(quote! {
                #private::Machine::from_body(
                    // Every `yield` is awaited in the `async` block itself, as its label proves.
                    #promise,
                    move |#yielder| #block,
                )
            })
        })
        .unwrap_or_else(|errors| refusal(&errors))
}

/// Refuses the words before a closure that a coroutine cannot be, such as `async` and `const`.
fn refuse_modifiers(closure: &ExprClosure) -> syn::Result<()> {
    let refusals = [
        (
            closure.asyncness.map(|word| word.span()),
            "a coroutine cannot await, since nobody would wake it again: leave out `async`, or write an \
             `async_generator!`, whose body can `.await`",
        ),
        (
            closure.lifetimes.as_ref().map(Spanned::span),
            "a coroutine has one type of argument: leave out `for<…>`, and name lifetimes where the \
             function around it does",
        ),
        (
            closure.constness.map(|word| word.span()),
            "a coroutine cannot be called in a constant: leave out `const`",
        ),
        (
            closure.attrs.first().map(Spanned::span),
            "an attribute belongs before `coroutine!`, or inside of the body",
        ),
    ];
    let mut errors = refusals
        .into_iter()
        .filter_map(|(place, message)| Some(Error::new(place?, message)));
    match errors.next() {
        Some(mut error) => {
            error.extend(errors);
            Err(error)
        }
        None => Ok(()),
    }
}

/// The compile errors as one expression. They stand in a block, because several side by side are none.
fn refusal(errors: &Error) -> TokenStream {
    let errors = errors.to_compile_error();
    quote!({ #errors })
}

/// Allows the lints of clippy that would have a part of the body replaced by the text of the whole macro
/// call: they look for the text of what a `yield`, `?` or `try` has become, or of the `()` that a `yield`
/// evaluates to. `collapsible_if` would write an operator behind a `yield`, whose operand it would join.
/// `tests/lints` finds them.
fn allowed() -> TokenStream {
    quote! {
        // Not every version of clippy has each of them.
        #[allow(unknown_lints, renamed_and_removed_lints, unused_braces)]
        #[allow(
            clippy::bool_to_int_with_if,
            clippy::collapsible_if,
            clippy::if_not_else,
            clippy::if_then_some_else_none,
            clippy::let_unit_value,
            clippy::manual_filter,
            clippy::manual_let_else,
            clippy::manual_map,
            clippy::manual_repeat_n,
            clippy::map_entry,
            clippy::match_as_ref,
            clippy::match_bool,
            clippy::match_like_matches_macro,
            clippy::match_single_binding,
            clippy::needless_if,
            clippy::needless_ifs,
            clippy::option_if_let_else,
            clippy::redundant_pattern_matching,
            clippy::semicolon_inside_block,
            clippy::semicolon_outside_block,
            clippy::single_match,
            clippy::single_match_else,
            clippy::unit_arg,
            clippy::useless_conversion,
            clippy::useless_let_if_seq
        )]
    }
}

/// The attributes at a body's start, `#![allow(…)]`, as those of a statement that holds the body.
/// Documentation there is left out, since a body has no page that could show it.
fn of_statement(inner: Vec<Attribute>) -> Vec<Attribute> {
    let attributes = inner.into_iter().filter(|it| !it.path().is_ident("doc"));
    attributes
        .map(|attribute| Attribute {
            style: AttrStyle::Outer,
            ..attribute
        })
        .collect()
}

/// The `async` block of a body that starts at `here`, where rustc says that the block stands.
fn block(here: Span, statements: TokenStream) -> TokenStream {
    quote_spanned!(entry::own(here)=> async move { #statements })
}

fn start(body: &TokenStream) -> Span {
    let first = body.clone().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}

fn end(body: &TokenStream) -> Span {
    let last = body.clone().into_iter().last();
    last.map_or_else(Span::call_site, |token| token.span())
}

fn private() -> TokenStream {
    private_at(Span::call_site())
}

fn private_at(span: Span) -> TokenStream {
    let coroutine = entry::coroutine(span);
    quote_spanned!(span=> #coroutine::__private)
}

/// The names that only the macro's own code can mean.
struct Names {
    yielder: Ident,
    /// Every `yield` names it, whether it needs to or not: a label cannot be reached from a closure
    /// or an `async` block, so rustc itself refuses a `yield` that a macro carries into one.
    ///
    /// Nothing but a `yield` names it, for anything else could be given to another macro.
    label: Lifetime,
    /// The label of the block that a `return` leaves.
    result: Lifetime,
}

impl Names {
    fn new(span: Span) -> Self {
        let own = entry::own(span);
        Self {
            yielder: Ident::new("__hitchhiker_yielder", own),
            label: Lifetime::new("'generator_body", own),
            result: Lifetime::new("'generator_result", entry::passed(span)),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Generator,
    AsyncGenerator,
    Coroutine,
}

const CLOSURE: &str = "a closure";

/// Walks what runs when the body runs, and keeps out of what does not.
struct Body {
    kind: Kind,
    errors: Option<Error>,
    /// What the walk is inside of, when a `yield` there would not suspend the body.
    enclosing: Option<&'static str>,
    /// The macro whose arguments the walk is inside of, where that may do anything with them.
    given_to: Option<Ident>,
    /// How many `try` blocks the walk is inside of.
    tries: usize,
    /// The loops that the walk is inside of, innermost last.
    loops: Vec<Loop>,
    /// How many expressions have been rewritten.
    rewritten: usize,
}

/// A `break` in a `try` block needs the label of the loop it leaves.
struct Loop {
    tries: usize,
    label: Option<Label>,
}

impl Body {
    /// The statements as a block, of which rustc says that it stands at `end` where its value is missing.
    fn rewrite(kind: Kind, mut statements: Vec<Stmt>, end: Span) -> syn::Result<TokenStream> {
        let mut body = Self {
            kind,
            errors: None,
            enclosing: None,
            given_to: None,
            tries: 0,
            loops: vec![],
            rewritten: 0,
        };
        if let [Stmt::Expr(Expr::Closure(closure), None)] = &statements[..]
            && kind != Kind::Coroutine
        {
            body.refuse(Error::new_spanned(
                closure.inputs_begin,
                "a body is written without a closure around it: leave out the bars; what it takes, it takes \
                 from the function around it",
            ));
        }
        for statement in &mut statements {
            body.visit_stmt_mut(statement);
        }
        match body.errors {
            Some(errors) => Err(errors),
            // The span decides by which edition the temporaries of the last expression are dropped.
            None => Ok(quote_spanned!(end=> { #(#statements)* })),
        }
    }

    fn refuse_given(&mut self, yielded: Span, to: &Ident) {
        let message = format!(
            "`yield` cannot stand in the arguments of `{to}!`, which could take it out of the body: \
             give what it evaluates to a name first, `let received = yield …;`"
        );
        self.refuse(Error::new(yielded, message));
    }

    fn within(&mut self, enclosing: &'static str, walk: impl FnOnce(&mut Self)) {
        let outer = self.enclosing.replace(enclosing);
        walk(self);
        self.enclosing = outer;
    }

    /// The label of the block that an error raised here ends: the innermost `try`, or the body.
    fn catcher(&self, span: Span) -> Lifetime {
        match self.tries {
            0 => Names::new(span).result,
            tries => try_label(tries, span),
        }
    }

    fn suspend(&mut self, span: Span, value: Option<&Expr>) -> TokenStream {
        if let Some(enclosing) = self.enclosing {
            let advice = match enclosing {
                CLOSURE => "; a `for` loop can `yield` where `map` and `for_each` cannot",
                _ => "",
            };
            self.refuse(Error::new(
                span,
                format!(
                    "`yield` in {enclosing} would not suspend the body around it: \
                     only that body itself can be suspended{advice}"
                ),
            ));
            return quote!();
        }
        if let Some(name) = self.given_to.clone() {
            self.refuse_given(span, &name);
            return quote!();
        }
        let Names { yielder, label, .. } = Names::new(span);
        let value = match value {
            Some(value) => quote!(#value),
            None => quote_spanned!(span=> ()),
        };
        // The tokens stand at the `yield`: otherwise rustc would point its errors at the whole body.
        let private = private_at(span);
        let received = quote_spanned! {span=>
            {
                #private::Yielder::give(&#yielder, #value).await;
                #private::Yielder::receive(&#yielder).await
            }
        };
        let received = named(received, &label, span);
        match self.kind {
            Kind::Generator | Kind::AsyncGenerator => self.raised(
                span,
                quote_spanned!(span=> #private::Resumption::received(#received)),
            ),
            Kind::Coroutine => received,
        }
    }

    fn delegate(&mut self, span: Span, inner: Option<&Expr>) -> TokenStream {
        let refusal = match self.kind {
            _ if self.enclosing.is_some() || self.given_to.is_some() => {
                return self.suspend(span, inner);
            }
            Kind::Coroutine => "`yield from` is a word of `generator!` alone",
            Kind::AsyncGenerator => {
                "`yield from` cannot stand in an async generator (PEP 525): \
                 `while let Some(value) = inner.next().await { yield value?; }`"
            }
            Kind::Generator => {
                let Names { yielder, label, .. } = Names::new(span);
                let private = private_at(span);
                // All tokens have the hygiene of `$crate`: otherwise rustc would point at the whole body.
                let (at, of_inner) = (entry::passed(inner.span()), private_at(inner.span()));
                let inner = quote_spanned!(at=> #of_inner::Source(#inner).into_delegate());
                let delegated = quote_spanned! {span=> {
                    #[allow(unused_imports)] // a generator does without the traits
                    use #private::{IterateInto as _, NotDelegated as _};
                    #private::yield_from(&#yielder, #inner).await
                }};
                return self.raised(span, named(delegated, &label, span));
            }
        };
        self.refuse(Error::new(span, refusal));
        quote!()
    }

    /// The value of `result`, or the end of whatever catches its error.
    fn raised(&self, span: Span, result: TokenStream) -> TokenStream {
        let (private, catcher) = (private_at(span), self.catcher(span));
        quote_spanned! {entry::passed(span)=>
            match #result {
                #private::Result::Ok(__hitchhiker_value) => __hitchhiker_value,
                #private::Result::Err(__hitchhiker_raised) => {
                    break #catcher #private::Result::Err(__hitchhiker_raised)
                }
            }
        }
    }

    fn catch(&mut self, block: &mut syn::ExprTryBlock) -> TokenStream {
        self.tries += 1;
        self.visit_block_mut(&mut block.block);
        let label = try_label(self.tries, block.try_token.span());
        self.tries -= 1;
        let statements = &block.block.stmts;
        // The span decides by which edition the temporaries of the last expression are dropped.
        let block_span = block.block.brace_token.span.join();
        let caught = quote_spanned!(block_span=> { #(#statements)* });
        // A `match`, since a bare block is no operand of `break` or `..` before another `{`.
        let (coroutine, private) = (entry::coroutine(Span::call_site()), private());
        quote_spanned! {entry::passed(block.block.span())=> match () { () => {
            #[allow(unused_labels, unreachable_code)]
            let __hitchhiker_tried: #private::Result<_, #coroutine::Exception> =
                #label: { #private::Result::Ok(#caught) };
            __hitchhiker_tried
        }}}
    }

    /// Walks a loop; gives the label it needs where a `try` block inside of it leaves it.
    fn walk_loop(&mut self, label: &mut Option<Label>, walk: impl FnOnce(&mut Self)) {
        self.loops.push(Loop {
            tries: self.tries,
            label: label.take(),
        });
        walk(self);
        *label = self.loops.pop().and_then(|innermost| innermost.label);
    }

    /// The label that a `break` or `continue` without one needs here.
    fn label_of_loop(&mut self, span: Span) -> Option<Lifetime> {
        let depth = self.loops.len();
        let innermost = self.loops.last_mut()?;
        if self.enclosing.is_some() || innermost.tries == self.tries {
            return None;
        }
        let span = entry::passed(span);
        let label = innermost.label.get_or_insert_with(|| Label {
            name: Lifetime::new(&format!("'loop_{depth}"), span),
            colon_token: Default::default(),
        });
        Some(label.name.clone())
    }
}

/// `value`, as something that for rustc stands where the reader has written it, from its first token to
/// its last. So rustc points there when the value is of the wrong type, and speaks of no `match` arm.
fn written(value: TokenStream, (first, last): (Span, Span)) -> TokenStream {
    let name = Ident::new("__hitchhiker_value", first);
    let mut field = Literal::usize_unsuffixed(0);
    field.set_span(last);
    quote_spanned!(entry::passed(first)=> (match (#value,) { #name => #name.#field }))
}

/// Whether `expression` becomes something else, or is read as something else.
fn rewrites(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Yield(_) | Expr::Try(_) | Expr::TryBlock(_) | Expr::Return(_) | Expr::Break(_)
    )
}

/// Has rustc's lints pass over the parentheses of an expression in which something is rewritten.
///
/// They would advise to remove them, and `cargo fix` would remove what they take for all that is between
/// them: of what is rewritten, they see the first word.
fn hide_from_lints(expression: &mut Expr) {
    if let Expr::Paren(it) = expression {
        it.paren_token = syn::token::Paren(entry::passed(it.paren_token.span.join()));
    }
}

/// What an expression with these attributes becomes.
fn after(attributes: &[Attribute], expression: TokenStream) -> Expr {
    Expr::Verbatim(quote!(#(#attributes)* #expression))
}

/// Where the first and the last token of `expression` stand.
fn ends(expression: &Expr) -> (Span, Span) {
    let tokens = expression.to_token_stream();
    (start(&tokens), end(&tokens))
}

/// `suspension`, with a `break` that names the body's label and never runs: a `yield` in a `try`
/// would else name that one's alone, which can be carried into an `async` block together with it.
fn named(suspension: TokenStream, label: &Lifetime, span: Span) -> TokenStream {
    let private = private_at(span);
    quote_spanned! {entry::own(span)=>
        match #suspension {
            __hitchhiker_received => if true {
                __hitchhiker_received
            } else {
                break #label #private::never()
            },
        }
    }
}

fn try_label(tries: usize, span: Span) -> Lifetime {
    Lifetime::new(&format!("'try_{tries}"), entry::passed(span))
}

impl Rewriter for Body {
    fn is_in_try(&self) -> bool {
        self.tries > 0 && self.enclosing.is_none()
    }

    fn refuse(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }
}

impl VisitMut for Body {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::TryBlock(block) = expression
            && self.enclosing.is_none()
            && self.kind != Kind::Coroutine
        {
            let attributes = mem::take(&mut block.attrs);
            self.rewritten += 1;
            *expression = after(&attributes, self.catch(block));
            return;
        }
        if let Expr::Yield(yielded) = expression
            && let Some(mistake) = mistakes::of_yield(yielded)
        {
            self.refuse(mistake);
        }
        let is_suspended_or_raises = match expression {
            Expr::Yield(_) | Expr::Try(_) => true,
            Expr::Break(from) => readable::is_yield_from(from),
            _ => false,
        };
        let ends = is_suspended_or_raises.then(|| ends(expression));
        let attributes = match expression {
            Expr::Yield(ExprYield { attrs, .. })
            | Expr::Try(ExprTry { attrs, .. })
            | Expr::Return(ExprReturn { attrs, .. }) => attrs.clone(),
            Expr::Break(from) if readable::is_yield_from(from) => from.attrs.clone(),
            _ => vec![],
        };
        let written = |value| match ends {
            Some(ends) => after(&attributes, written(value, ends)),
            None => after(&attributes, value),
        };
        let rewritten = self.rewritten;
        visit_mut::visit_expr_mut(self, expression);
        if self.rewritten > rewritten {
            hide_from_lints(expression);
        }
        self.rewritten += usize::from(rewrites(expression));
        match expression {
            Expr::Yield(yielded) => {
                let span = yielded.yield_token.span();
                *expression = written(self.suspend(span, yielded.expr.as_deref()));
            }
            Expr::Break(from) if readable::is_yield_from(from) => {
                let span = from.break_token.span();
                *expression = written(self.delegate(span, from.expr.as_deref()));
            }
            _ if self.enclosing.is_some() => {}
            Expr::Break(ExprBreak { label: label @ None, break_token, .. }) => {
                *label = self.label_of_loop(break_token.span());
            }
            Expr::Continue(left) if left.label.is_none() => {
                left.label = self.label_of_loop(left.continue_token.span());
            }
            Expr::Return(returned)
                if self.kind == Kind::AsyncGenerator && returned.expr.is_some() =>
            {
                let message = "`return` takes no value in an async generator (PEP 525)";
                self.refuse(Error::new_spanned(returned, message));
            }
            Expr::Return(returned) if self.kind != Kind::Coroutine => {
                let span = returned.return_token.span();
                let (private, Names { result, .. }) = (private_at(span), Names::new(span));
                let value = returned.expr.take().unwrap_or_else(|| parse_quote!(()));
                // In parentheses, or an operator after it would be read as part of the value. The value in a
                // block, or rustc would explain `Ok` where the value is of another type.
                let left = quote_spanned! {entry::passed(span)=>
                    (break #result #private::Result::Ok({ (#value) }))
                };
                *expression = after(&attributes, left);
            }
            Expr::Try(tried) if self.kind != Kind::Coroutine => {
                let span = tried.question_token.span();
                let (private, result) = (private(), &tried.expr);
                // In parentheses, since what begins with a struct is none before a brace.
                let result = quote_spanned! {entry::passed(span)=>
                    match (#result) {
                        __hitchhiker_tried => {
                            #[allow(unused_imports)] // an error does with one of the traits
                            use #private::{NotRaised as _, RaisedAsBox as _, RaisedAsError as _};
                            (&&&#private::Tried(&__hitchhiker_tried))
                                .hitchhiker_conversion()
                                .raise(__hitchhiker_tried)
                        }
                    }
                };
                *expression = written(self.raised(span, result));
            }
            Expr::Await(awaited) if self.kind != Kind::AsyncGenerator => self.refuse(Error::new_spanned(
                awaited.await_token,
                "only the body of an `async_generator!` can `.await`: nobody would wake this one again",
            )),
            _ => {}
        }
    }

    fn visit_expr_loop_mut(&mut self, it: &mut syn::ExprLoop) {
        let mut label = it.label.take();
        self.walk_loop(&mut label, |walk| visit_mut::visit_expr_loop_mut(walk, it));
        it.label = label;
    }

    fn visit_expr_while_mut(&mut self, it: &mut syn::ExprWhile) {
        let mut label = it.label.take();
        self.walk_loop(&mut label, |walk| visit_mut::visit_expr_while_mut(walk, it));
        it.label = label;
    }

    fn visit_expr_for_loop_mut(&mut self, it: &mut syn::ExprForLoop) {
        // What a `for` goes over is evaluated before the loop, so a `break` in it leaves the loop around.
        self.visit_pat_mut(&mut it.pat);
        self.visit_expr_mut(&mut it.expr);
        let mut label = it.label.take();
        self.walk_loop(&mut label, |walk| walk.visit_block_mut(&mut it.body));
        it.label = label;
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        self.within(CLOSURE, |walk| {
            visit_mut::visit_expr_closure_mut(walk, closure);
        });
    }

    fn visit_expr_async_mut(&mut self, block: &mut syn::ExprAsync) {
        self.within("an `async` block", |walk| {
            visit_mut::visit_expr_async_mut(walk, block);
        });
    }

    fn visit_expr_const_mut(&mut self, block: &mut syn::ExprConst) {
        self.within("a `const` block", |walk| {
            visit_mut::visit_expr_const_mut(walk, block);
        });
    }

    fn visit_item_mut(&mut self, item: &mut Item) {
        self.within("an item", |walk| visit_mut::visit_item_mut(walk, item));
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let Some(name) = call
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone())
        else {
            return;
        };
        if arguments::owns_its_yields(&name) {
            return;
        }
        let yielded = arguments::yield_in(call.tokens.clone());
        let mut given = mem::take(&mut call.tokens);
        match yielded {
            Some(_) if self.given_to.is_none() && arguments::is_of_std(&call.path) => {
                let private = private_at(name.span());
                let absolute = quote_spanned!(name.span()=> #private::macros::#name);
                call.path = parse_quote!(#absolute);
                if let Err(error) = arguments::rewrite_of_std(self, &name, &mut given) {
                    self.refuse(error);
                }
            }
            Some(at) => self.refuse_given(at, &name),
            None => {
                let outer = self.given_to.replace(name);
                arguments::rewrite(self, &mut given);
                self.given_to = outer;
            }
        }
        call.tokens = given;
    }
}
