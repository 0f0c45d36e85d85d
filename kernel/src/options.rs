//! What the program is asked to do.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lexopt::prelude::*;

use crate::error::Error;
use crate::evcxr::Evcxr;

/// The whole command line.
#[derive(Debug, PartialEq)]
pub struct Options {
    pub part: Part,
    pub evcxr: Evcxr,
    pub connection_file: PathBuf,
}

/// What this process is.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// The relay, which starts a guard.
    Relay,
    /// The guard of a relay that keeps its files in this folder.
    Guard(PathBuf),
    /// A guard without a relay.
    Alone,
    /// What evcxr starts in order to run the cells.
    Cells,
}

impl Options {
    /// Reads a command line without the program's name.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        Self::parse(arguments).map_err(|error| Error::Usage(error.to_string()))
    }

    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut part = Part::Relay;
        let (mut program, mut checkout, mut connection_file) = (None, None, None);
        let mut fills = false;
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("evcxr") => program = Some(parser.value()?.into()),
                Long("checkout") => checkout = Some(parser.value()?.into()),
                Long("no-relay") => part = Part::Alone,
                Long("fill") => fills = true,
                Long("cells") => {
                    let evcxr = Evcxr {
                        program: parser.value()?.into(),
                        checkout: PathBuf::new(),
                        fills,
                    };
                    return Ok(Self {
                        part: Part::Cells,
                        evcxr,
                        connection_file: PathBuf::new(),
                    });
                }
                Long("guard") => part = Part::Guard(parser.value()?.into()),
                Value(path) if connection_file.is_none() => connection_file = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self {
            part,
            evcxr: Evcxr {
                program: program.ok_or("`--evcxr` is missing")?,
                checkout: checkout.ok_or("`--checkout` is missing")?,
                fills,
            },
            connection_file: connection_file.ok_or("the connection file is missing")?,
        })
    }

    /// The command line of the guard that the relay starts; [`read`](Self::read) understands it.
    #[cfg(unix)]
    pub fn of_guard(folder: &Path, evcxr: &Evcxr, connection_file: &Path) -> Vec<OsString> {
        let Evcxr {
            program,
            checkout,
            fills,
        } = evcxr;
        let mut arguments = vec![
            "--guard".into(),
            folder.into(),
            "--evcxr".into(),
            program.into(),
            "--checkout".into(),
            checkout.into(),
        ];
        arguments.extend(fills.then(|| "--fill".into()));
        arguments.push(connection_file.into());
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNELSPEC: [&str; 5] = ["--evcxr", "evcxr", "--checkout", "guide", "kernel.json"];

    fn read(arguments: &[&str]) -> Result<Options, Error> {
        Options::read(arguments.iter().map(OsString::from))
    }

    fn options(part: Part) -> Options {
        Options {
            part,
            evcxr: Evcxr {
                program: "evcxr".into(),
                checkout: "guide".into(),
                fills: false,
            },
            connection_file: "kernel.json".into(),
        }
    }

    #[test]
    fn a_relay_is_what_jupyter_starts() {
        assert_eq!(read(&KERNELSPEC).expect("read"), options(Part::Relay));
    }

    #[test]
    fn what_stands_behind_the_kernelspecs_arguments_counts() {
        let more = ["--no-relay", "--checkout", "another"];
        let read = read(&[&KERNELSPEC[..], &more].concat()).expect("read");
        assert_eq!(read.part, Part::Alone);
        assert_eq!(read.evcxr.checkout, Path::new("another"));
    }

    #[test]
    fn a_guard_is_told_all_that_the_relay_was() {
        let mut told = options(Part::Guard("folder".into()));
        for fills in [false, true] {
            told.evcxr.fills = fills;
            let line = Options::of_guard(
                "folder".as_ref(),
                &told.evcxr,
                told.connection_file.as_ref(),
            );
            assert_eq!(Options::read(line).expect("read"), told);
        }
    }

    #[test]
    fn what_runs_the_cells_needs_to_know_evcxr_only() {
        let read = read(&["--cells", "evcxr"]).expect("read");
        assert_eq!(
            (read.part, read.evcxr.program),
            (Part::Cells, "evcxr".into())
        );
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        for (arguments, named) in [
            (&KERNELSPEC[2..], "--evcxr"),
            (&KERNELSPEC[..2], "--checkout"),
            (&KERNELSPEC[..4], "connection file"),
            (&["--no-such-option"], "--no-such-option"),
            (&["kernel.json", "another"], "another"),
        ] {
            let error = read(arguments).expect_err("not clear").to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
