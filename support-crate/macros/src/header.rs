//! Finds the headers: what is written between `if`, `while`, `match` or `in` and the block behind it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Pat;
use syn::parse::{ParseStream, Parser};

use crate::readable::{ends_arrow, has_arms, is_from, is_mark, is_word};

/// A header, by what its block holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Header {
    /// Arms.
    Match,
    /// Statements.
    Other,
}

/// What may come next in an expression.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// An operand, which may be a block.
    Operand,
    /// An operand, which cannot be a block where the header's own block may follow.
    OperandOrBlock,
    /// An operator, or the header's block.
    Operator,
    /// The arguments of a macro.
    Arguments,
}

/// For each token between two delimiters, the header that it is in. Between braces they can be
/// statements.
pub fn headers(tokens: &[TokenTree], is_block: bool) -> Vec<Option<Header>> {
    // Elsewhere an `if` after an operand begins a statement, after an item for instance.
    let has_guards = !is_block || has_arms(&tokens.iter().cloned().collect());
    let mut level = Level {
        tokens,
        has_guards,
        open: vec![],
        next: Next::Operand,
        angles: 0,
    };
    let mut headers = vec![];
    while headers.len() < tokens.len() {
        let skipped = level.skip(headers.len());
        headers.resize(headers.len() + skipped, level.open.last().copied());
    }
    headers
}

struct Level<'a> {
    tokens: &'a [TokenTree],
    has_guards: bool,
    /// The headers whose blocks are still to come, outermost first.
    open: Vec<Header>,
    next: Next,
    /// How many `::<` are not yet closed.
    angles: usize,
}

impl Level<'_> {
    /// Notes what is at `at`, and says how many tokens that is.
    fn skip(&mut self, at: usize) -> usize {
        let before = &self.tokens[..at];
        match &self.tokens[at] {
            TokenTree::Ident(word) => return self.word(at, &word.to_string()),
            TokenTree::Punct(mark) => match mark.as_char() {
                ';' => {
                    self.open.clear();
                    self.next = Next::Operand;
                }
                '>' if ends_arrow(&self.tokens[..=at]) => {
                    self.open.clear();
                    self.next = Next::Operand;
                }
                '<' if self.angles > 0 || matches!(before, [.., end] if is_mark(end, ':')) => {
                    self.angles += 1;
                }
                '>' if self.angles > 0 && !matches!(before, [.., arrow] if is_mark(arrow, '-')) => {
                    self.angles -= 1;
                    self.next = Next::Operator;
                }
                '!' if self.next == Next::Operator && !self.is_mark(at + 1, '=') => {
                    self.next = Next::Arguments;
                }
                '?' => self.next = Next::Operator,
                '.' => self.next = Next::OperandOrBlock,
                '#' => {
                    let inner = usize::from(self.is_mark(at + 1, '!'));
                    return 2 + inner.min(self.tokens.len().saturating_sub(at + 2));
                }
                _ => self.next = Next::Operand,
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => self.brace(),
            TokenTree::Group(_) | TokenTree::Literal(_) => self.next = Next::Operator,
        }
        1
    }

    fn word(&mut self, at: usize, word: &str) -> usize {
        // A pattern may end in `..`.
        let ends_pattern = self.next == Next::Operator || at > 0 && self.is_mark(at - 1, '.');
        let is_guard = ends_pattern && self.has_guards;
        self.next = match word {
            "if" if is_guard => Next::Operand,
            "if" | "while" => self.open(Header::Other),
            "match" => self.open(Header::Match),
            "let" => return 1 + self.pattern(at + 1),
            "for" => {
                let skipped = self.pattern(at + 1);
                let is_loop =
                    (self.tokens.get(at + 1 + skipped)).is_some_and(|it| is_word(it, "in"));
                if !is_loop {
                    self.next = Next::Operand;
                    return 1;
                }
                self.next = self.open(Header::Other);
                return 2 + skipped;
            }
            "yield" => {
                let after = |by: usize| self.tokens.get(at + by);
                if after(1).is_some_and(|word| is_from(word, after(2), after(3))) {
                    self.next = Next::Operand;
                    return 2;
                }
                Next::OperandOrBlock
            }
            "break" | "return" => Next::OperandOrBlock,
            "as" | "async" | "const" | "else" | "enum" | "fn" | "impl" | "loop" | "mod"
            | "move" | "mut" | "raw" | "static" | "struct" | "trait" | "try" | "unsafe" => {
                Next::Operand
            }
            _ => Next::Operator,
        };
        1
    }

    fn open(&mut self, header: Header) -> Next {
        self.open.push(header);
        Next::Operand
    }

    fn brace(&mut self) {
        let ends_header = matches!(self.next, Next::Operator | Next::OperandOrBlock);
        let is_inside = !self.open.is_empty();
        if ends_header {
            self.open.pop();
        }
        self.next = match (ends_header, is_inside) {
            // The block of a header, or the fields after a struct's name.
            (true, true) if self.open.is_empty() => Next::Operand,
            (true, _) | (false, true) => Next::Operator,
            // A statement.
            (false, false) => Next::Operand,
        };
    }

    /// How many tokens the pattern at `at` has, in which a brace opens no block.
    fn pattern(&mut self, at: usize) -> usize {
        let rest: TokenStream = self.tokens[at..].iter().cloned().collect();
        let split = |input: ParseStream<'_>| {
            Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<TokenStream>()
        };
        self.next = Next::Operator;
        split.parse2(rest).map_or(0, |after| {
            self.tokens.len() - at - after.into_iter().count()
        })
    }

    fn is_mark(&self, at: usize, mark: char) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| is_mark(token, mark))
    }
}
