//! Any bytes as what a reader could have typed, for tests of what the macros do with it: as
//! [`words`] in any order, most of which are refused, or as [`statements`], few of which are.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::body;
use crate::entry::Entry;

/// Words that a body may hold. Some stand here more than once, so that the rewriting gets far more often.
const WORDS: &[&str] = &[
    "(",
    "[",
    "{",
    "(",
    "{",
    ")",
    ")",
    ")",
    "yield",
    "yield",
    "yield from",
    "from",
    "try {",
    "try",
    "?",
    "return",
    "break",
    "break 'a",
    "continue",
    "'a :",
    "loop {",
    "while",
    "for x in",
    "if",
    "else {",
    "match x {",
    "_ =>",
    "let x =",
    "let Some(x) =",
    "async {",
    "async move",
    ".await",
    "move |x|",
    "||",
    "|",
    "const {",
    "const",
    "fn f() {",
    "struct S;",
    "unsafe {",
    "println!(",
    "println!",
    "vec![",
    "generator!{",
    "coroutine!(",
    "select!{",
    "macro_rules! m {",
    "#[a]",
    "#",
    "$",
    "x",
    "x",
    "S {",
    ";",
    ";",
    ",",
    ".",
    "..",
    "=",
    "=>",
    "&",
    "&mut",
    "*",
    "-",
    "!",
    "<",
    ">",
    "::",
    "as",
    "1",
    "1.0",
    "\"s\"",
    "'c'",
    "break '__yield_from",
    "r#yield",
    "static",
];

/// Deeper nesting overflows the stack of syn, and rustc's own limit is 128.
const DEEPEST: usize = 40;

/// One word a byte, each bracket closed.
pub fn words(bytes: &[u8]) -> String {
    let mut source = String::new();
    let mut open = vec![];
    for byte in bytes {
        let word = WORDS[usize::from(*byte) % WORDS.len()];
        let closing = match word.chars().last() {
            Some('(') => Some(')'),
            Some('[') => Some(']'),
            Some('{') => Some('}'),
            _ => None,
        };
        match (word, closing) {
            (")", _) => source.extend(open.pop()),
            (_, Some(_)) if open.len() == DEEPEST => continue,
            _ => source.push_str(word),
        }
        open.extend(closing);
        source.push(' ');
    }
    source.extend(open.into_iter().rev());
    source
}

/// Expressions; at each `@` stands another.
const EXPRESSIONS: &[&str] = &[
    "x",
    "1",
    "yield",
    "yield @",
    "yield @",
    "yield from @",
    "try { @; @ }",
    "loop { @; @ }",
    "while let Some(x) = yield @ { @ }",
    "while @ { @ }",
    "for x in @ { @ }",
    "if @ { @ } else { @ }",
    "match @ { x if @ => @, _ => { @ } }",
    "return",
    "return @",
    "break",
    "break @",
    "continue",
    "'a: loop { break 'a @ }",
    "'a: for x in @ { continue 'a }",
    "println!(\"{}\", @)",
    "vec![@; 1]",
    "select! { x = @ => @, }",
    "generator! { @ }",
    "(@)?",
    "f(@, @)",
    "x.f(@)",
    "@ + @",
    "&mut @",
    "S { x: @, ..@ }",
    "{ let x = @; @ }",
    "{ let Some(x) = @ else { @ }; @ }",
    "unsafe { @ }",
    "|x| @",
    "async move { @ }",
    "(@).await",
    "const { @ }",
    "{ fn f() { @ } @ }",
];

/// Statements, of one expression for each choice that a byte makes.
pub fn statements(bytes: &[u8]) -> String {
    let mut choices = bytes.iter();
    let mut source = String::new();
    while choices.len() > 0 {
        expression(&mut choices, 0, &mut source);
        source.push_str(";\n");
    }
    source
}

fn expression(choices: &mut std::slice::Iter<'_, u8>, depth: usize, source: &mut String) {
    let choice = choices.next().filter(|_| depth < DEEPEST);
    let form = EXPRESSIONS[choice.map_or(0, |byte| usize::from(*byte) % EXPRESSIONS.len())];
    let mut parts = form.split('@');
    source.extend(parts.next());
    for part in parts {
        expression(choices, depth + 1, source);
        source.push_str(part);
    }
}

/// Runs each macro on `source`, where that is tokens at all.
///
/// # Panics
///
/// When a macro panics, or gives what is no expression.
pub fn expand(source: &str) {
    let Ok(tokens) = format!("[hitchhiker] [promise()] {source}").parse::<TokenStream>() else {
        return;
    };
    for expand in [body::generator, body::async_generator, body::coroutine] {
        let (entry, body) = Entry::split(tokens.clone()).expect("an entry is at the front");
        let expanded = entry.within(|| expand(body));
        if let Err(error) = syn::parse2::<syn::Expr>(expanded.to_token_stream()) {
            panic!("{error} in {expanded}");
        }
    }
}

/// What a `generator!` with this body stands for.
#[cfg(test)]
pub fn expansion(source: &str) -> String {
    let tokens = source.parse().expect("tokens");
    within(tokens, body::generator).to_string()
}

/// What `expand` makes of `body` within an entry.
#[cfg(test)]
pub fn within<T>(body: TokenStream, expand: impl FnOnce(TokenStream) -> T) -> T {
    let entry = quote::quote!([hitchhiker] [promise()] #body);
    let (entry, body) = Entry::split(entry).expect("an entry is at the front");
    entry.within(|| expand(body))
}
