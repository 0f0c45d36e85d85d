//! Whether all that a cell has printed is through.
//!
//! When evcxr says that a cell is done, it has read all of the cell's stdout. It reads stderr on a thread of
//! its own, and does not say when that thread is done. But a single thread sends the lines of both streams,
//! and keeps the order of each. So the relay writes a mark into the stderr of the process that runs the cells,
//! behind what the cell has printed there. When the mark comes out of the kernel, everything before the mark
//! has come out.
//!
//! On Linux that stderr can be opened by the process's folder in `/proc`. On other systems, and where a cell
//! has put something else in place of its stderr, only a silence can tell that nothing more comes.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io;

/// What begins a mark.
const MARK: &str = "hitchhiker::printed:";

/// The marks that are on their way.
pub struct Marks {
    stderr: Stderr,
    hashes: RandomState,
    placed: u64,
    /// The marks in their order. One is lost when the process that runs the cells ends before evcxr has read it.
    underway: VecDeque<String>,
}

impl Marks {
    pub fn new() -> Self {
        Self {
            stderr: Stderr::default(),
            hashes: RandomState::new(),
            placed: 0,
            underway: VecDeque::new(),
        }
    }

    /// Places a mark behind everything that is printed so far.
    ///
    /// Fails where there is no way to the stderr of the process that runs the cells.
    pub fn place(&mut self) -> io::Result<()> {
        self.placed += 1;
        // No cell can print a mark by itself, because none can guess the number.
        let mark = format!("{MARK}{:016x}", self.hashes.hash_one(self.placed));
        self.stderr.print(&format!("{mark}\n"))?;
        self.underway.push_back(mark);
        Ok(())
    }

    /// What stands before a mark at the end of a printed line, and whether the mark is the newest.
    pub fn found<'a>(&mut self, line: &'a str) -> Option<(&'a str, bool)> {
        let (before, mark) = line
            .strip_suffix('\n')?
            .split_at_checked(line.rfind(MARK)?)?;
        let index = self.underway.iter().position(|other| other == mark)?;
        // Marks come in their order, so those before this one are lost.
        self.underway.drain(..=index);
        Some((before, self.underway.is_empty()))
    }
}

#[cfg(target_os = "linux")]
use linux::Stderr;

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::fs::{self, File};
    use std::io::{self, Write};
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::{Path, PathBuf};

    use nix::fcntl::OFlag;

    /// What evcxr sets for the process that runs the cells.
    const VARIABLE: &[u8] = b"EVCXR_IS_RUNTIME=";

    /// The stderr of the process that runs the cells, once it is found.
    #[derive(Default)]
    pub struct Stderr(Option<Pipe>);

    impl Stderr {
        /// Prints a line, whole or not at all. A pipe that is full is an error.
        pub fn print(&mut self, line: &str) -> io::Result<()> {
            if !self.0.as_ref().is_some_and(Pipe::is_there) {
                self.0 = Pipe::find();
            }
            let pipe = self.0.as_ref().ok_or(io::ErrorKind::NotFound)?;
            // The pipe is opened for this line alone. evcxr sees from the pipe's end that the process has ended,
            // and an open writer would hide that.
            let mut file = File::options()
                .write(true)
                .custom_flags(OFlag::O_NONBLOCK.bits())
                .open(&pipe.path)?;
            file.write_all(line.as_bytes())
        }
    }

    struct Pipe {
        /// The stderr in the process's folder.
        path: PathBuf,
        /// What the path leads to: `pipe:[1234]`.
        name: PathBuf,
    }

    impl Pipe {
        /// Looks for the process among all that descend from this one.
        fn find() -> Option<Self> {
            let parents = parents().ok()?;
            let mut cells = parents
                .iter()
                .filter(|(process, parent)| {
                    // A program that a cell has started has the variable, too.
                    descends(**process, &parents) && runs_cells(**process) && !runs_cells(**parent)
                })
                .filter_map(|(process, parent)| {
                    let path = folder(*process).join("fd/2");
                    let name = fs::read_link(&path).ok()?;
                    is_read(*parent, &name).then_some(Self { path, name })
                });
            cells.next()
        }

        /// Whether the process lives and its stderr still is this pipe.
        fn is_there(&self) -> bool {
            fs::read_link(&self.path).is_ok_and(|name| name == self.name)
        }
    }

    fn folder(process: u32) -> PathBuf {
        Path::new("/proc").join(process.to_string())
    }

    /// The parent of each process.
    fn parents() -> io::Result<HashMap<u32, u32>> {
        let mut parents = HashMap::new();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            if let Some(process) = name.to_str().and_then(|name| name.parse().ok())
                && let Some(parent) = parent(process)
            {
                parents.insert(process, parent);
            }
        }
        Ok(parents)
    }

    fn parent(process: u32) -> Option<u32> {
        let text = fs::read(folder(process).join("stat")).ok()?;
        // The second part is the program's name in parentheses. The name may hold spaces and parentheses.
        let end = text.iter().rposition(|byte| *byte == b')')?;
        let mut parts = std::str::from_utf8(&text[end + 1..]).ok()?.split(' ');
        parts.nth(2)?.parse().ok()
    }

    /// Whether `process` was started by this process, or by one that descends from it.
    fn descends(process: u32, parents: &HashMap<u32, u32>) -> bool {
        let this = std::process::id();
        std::iter::successors(parents.get(&process), |parent| parents.get(parent))
            .any(|ancestor| *ancestor == this)
    }

    fn runs_cells(process: u32) -> bool {
        let environment = fs::read(folder(process).join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable.starts_with(VARIABLE))
    }

    /// Whether a process has the pipe of this name open.
    fn is_read(process: u32, name: &Path) -> bool {
        let is_pipe = name.to_str().is_some_and(|name| name.starts_with("pipe:"));
        let open = fs::read_dir(folder(process).join("fd"));
        is_pipe
            && open.is_ok_and(|mut open| {
                open.any(|entry| {
                    entry.is_ok_and(|entry| fs::read_link(entry.path()).is_ok_and(|it| it == name))
                })
            })
    }
}

#[cfg(not(target_os = "linux"))]
#[derive(Default)]
struct Stderr;

#[cfg(not(target_os = "linux"))]
impl Stderr {
    fn print(&mut self, _line: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(underway: &[&str]) -> Marks {
        let mut marks = Marks::new();
        marks
            .underway
            .extend(underway.iter().map(|id| format!("{MARK}{id}")));
        marks
    }

    #[test]
    fn a_mark_ends_its_line_and_is_found_once() {
        let mut marks = marks(&["1f"]);
        assert_eq!(marks.found("hitchhiker::printed:1f"), None);
        assert_eq!(marks.found("hitchhiker::printed:1f\n"), Some(("", true)));
        assert_eq!(marks.found("hitchhiker::printed:1f\n"), None);
    }

    #[test]
    fn what_was_printed_without_an_end_of_line_stands_before_the_mark() {
        let mut marks = marks(&["1f"]);
        let line = "hitchhiker::printed: is text, hitchhiker::printed:1f\n";
        let before = "hitchhiker::printed: is text, ";
        assert_eq!(marks.found(line), Some((before, true)));
    }

    #[test]
    fn a_line_that_looks_like_a_mark_is_text() {
        let mut marks = marks(&["1f"]);
        assert_eq!(marks.found("hitchhiker::printed:2f\n"), None);
        assert_eq!(marks.found("1f\n"), None);
        assert_eq!(marks.found("hitchhiker::printed:1f\n"), Some(("", true)));
    }

    #[test]
    fn a_late_mark_is_no_end_of_a_later_cell_and_a_lost_one_is_forgotten() {
        let mut marks = marks(&["1", "2", "3"]);
        assert_eq!(marks.found("hitchhiker::printed:2\n"), Some(("", false)));
        assert_eq!(marks.found("hitchhiker::printed:3\n"), Some(("", true)));
        assert_eq!(marks.found("hitchhiker::printed:1\n"), None);
    }

    #[test]
    fn no_mark_is_placed_where_no_process_runs_cells() {
        assert!(Marks::new().place().is_err());
    }
}
