//! Rewrites a body: `yield` becomes a suspension, `return` the end of the body.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Error, Expr, ExprYield, Ident, Item, Macro, parse_quote};

use crate::{arguments, headers};

/// The expression that a `generator!` with this body stands for.
pub fn expand(input: TokenStream) -> TokenStream {
    let mut statements = match Block::parse_within.parse2(headers::parenthesise(input)) {
        Ok(statements) => statements,
        Err(error) => return error.into_compile_error(),
    };
    let mut body = Body::default();
    for statement in &mut statements {
        body.visit_stmt_mut(statement);
    }
    if let Some(errors) = body.errors {
        return errors.into_compile_error();
    }
    let private = private();
    let Names { yielder, label } = Names::new(Span::mixed_site());
    // The label makes rustc itself refuse a `yield` that some macro carries into a closure or an
    // `async` block, where this one cannot see it: no label can be reached from in there.
    quote! {
        ::hitchhiker::coroutine::Generator::<_, _, _, _>::from_body(
            // SAFETY: every `yield` is awaited in the `async` block itself, as its label proves.
            unsafe { #private::AwaitedInBody::promise() },
            move |#yielder| async move {
                #[allow(unused_labels, unused_mut, unreachable_code)]
                let ended: ::core::result::Result<_, ::hitchhiker::coroutine::Exception> = #label: {
                    ::core::result::Result::Ok({ #(#statements)* })
                };
                ended
            },
        )
    }
}

fn private() -> TokenStream {
    quote!(::hitchhiker::coroutine::__private)
}

/// The names that only the macro's own code can mean.
struct Names {
    yielder: Ident,
    label: syn::Lifetime,
}

impl Names {
    fn new(span: Span) -> Self {
        let span = Span::mixed_site().located_at(span);
        Self {
            yielder: Ident::new("yielder", span),
            label: syn::Lifetime::new("'generator_body", span),
        }
    }
}

/// Walks what runs when the body runs, and keeps out of what does not.
#[derive(Default)]
pub struct Body {
    errors: Option<Error>,
    /// What the walk is inside of, when a `yield` there would not suspend the body.
    enclosing: Option<&'static str>,
}

impl Body {
    pub fn refuse(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    fn within(&mut self, enclosing: &'static str, walk: impl FnOnce(&mut Self)) {
        let outer = self.enclosing.replace(enclosing);
        walk(self);
        self.enclosing = outer;
    }

    fn suspend(&mut self, expression: &ExprYield) -> TokenStream {
        let span = expression.yield_token.span();
        if let Some(enclosing) = self.enclosing {
            self.refuse(Error::new(
                span,
                format!(
                    "`yield` in {enclosing} would not suspend the generator around it: \
                     only the generator's own body can be suspended"
                ),
            ));
            return quote!();
        }
        let private = private();
        let Names { yielder, label } = Names::new(span);
        let value = match &expression.expr {
            Some(value) => quote!(#value),
            None => quote_spanned!(span=> ()),
        };
        let received = quote_spanned! {span=>
            #private::Resumption::received({ #yielder.give(#value).await; #yielder.receive().await })
        };
        quote_spanned! {Span::mixed_site().located_at(span)=>
            (match #received {
                ::core::result::Result::Ok(received) => received,
                ::core::result::Result::Err(thrown) => break #label ::core::result::Result::Err(thrown),
            })
        }
    }
}

impl VisitMut for Body {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        match expression {
            Expr::Yield(yielded) => *expression = Expr::Verbatim(self.suspend(yielded)),
            Expr::Return(returned) if self.enclosing.is_none() => {
                let span = returned.return_token.span();
                let Names { label, .. } = Names::new(span);
                let value = returned.expr.take().unwrap_or_else(|| parse_quote!(()));
                *expression = Expr::Verbatim(quote_spanned! {span=>
                    break #label ::core::result::Result::Ok(#value)
                });
            }
            Expr::Await(awaited) if self.enclosing.is_none() => self.refuse(Error::new_spanned(
                awaited.await_token,
                "a generator's body cannot `.await`: nobody would wake it again",
            )),
            _ => {}
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        self.within("a closure", |walk| {
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
        let name = call.path.segments.last().map(|segment| &segment.ident);
        if !name.is_some_and(owns_its_yields) {
            arguments::rewrite(self, &mut call.tokens);
        }
    }
}

/// Whether the macro called `name` makes a body of its own: what it yields is not this body's.
pub fn owns_its_yields(name: &Ident) -> bool {
    name == "generator"
}
