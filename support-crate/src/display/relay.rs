//! A kernel behind the relay `hitchhiker-kernel`.

use std::env;
use std::fs::File;
use std::io::{self, StdoutLock, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::destination::{BarKind, Destination};
use super::output::Output;
use super::protocol::{Act, Line, MARK, VARIABLE};

/// The way to the relay.
pub(super) struct Relay {
    pipe: File,
}

impl Relay {
    /// The relay that this process runs behind, if it does.
    pub(super) fn of_this_kernel() -> Option<Self> {
        let path = env::var_os(VARIABLE)?;
        let pipe = File::options().write(true).open(path).ok()?;
        Some(Self { pipe })
    }

    fn send(
        &self,
        act: Act,
        id: u64,
        output: &Output,
        mark: impl FnOnce(&mut StdoutLock) -> io::Result<()>,
    ) {
        let record = record(act, id, output);
        // Each cell has statics of its own, so a lock of this crate would not hold between cells. The lock of
        // stdout does: under it no two records mix, however long they are.
        let mut stdout = io::stdout().lock();
        // Writing fails only when the relay has ended. Then the kernel has, too, and nobody reads an error.
        let _ = (&self.pipe)
            .write_all(record.as_bytes())
            .and_then(|()| mark(&mut stdout));
    }
}

impl Destination for Relay {
    fn show(&self, id: u64, output: &Output) {
        self.send(Act::Show, id, output, |stdout| {
            writeln!(stdout, "{MARK}{id:016x}")
        });
    }

    fn update(&self, id: u64, output: &Output) {
        self.send(Act::Update, id, output, |_| Ok(()));
    }

    fn clear(&self, id: u64) {
        self.update(id, &Output::text(""));
    }

    fn bar(&self) -> BarKind {
        BarKind::Display
    }
}

fn record(act: Act, id: u64, output: &Output) -> String {
    let formats = output.formats();
    let line = Line {
        act,
        id: format!("{id:016x}").into(),
        formats: formats
            .map(|(media_type, content)| (media_type, STANDARD.encode(content).into()))
            .collect(),
    };
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_one_line_whatever_is_in_it() {
        let output = Output::text("a line\nand another")
            .html("<b>\n</b>")
            .gif(*b"GIF");
        assert_eq!(
            record(Act::Show, 0x2a, &output),
            "show 000000000000002a text/plain YSBsaW5lCmFuZCBhbm90aGVy text/html PGI+CjwvYj4= \
             image/gif R0lG\n"
        );
    }
}
