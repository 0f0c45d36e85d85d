//! What it costs to wait: in threads, and in tasks.

use std::fmt::{self, Display};
use std::fs;
use std::io;
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::written::thousands;

/// Threads or tasks that all waited at the same time, and what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    kind: &'static str,
    /// How many were asked for.
    pub asked: usize,
    /// How many were made. It is less than `asked` where the system refused a thread, or has too little
    /// memory left for all of them.
    pub made: usize,
    /// How long it took to start all of them, to let all go on, and to wait for their ends.
    pub took: Duration,
    /// How many bytes of physical memory the process had more while all waited (its resident set, `VmRSS`);
    /// `None` where the system does not tell. What the system itself keeps for a thread is not in it.
    pub resident: Option<usize>,
    /// How many bytes of addresses the process had more while all waited (`VmSize`), used or not; `None`
    /// where the system does not tell. A thread reserves its whole stack.
    pub reserved: Option<usize>,
}

/// Starts `count` threads, lets all of them wait for one signal, and looks at the memory before it
/// gives the signal.
///
/// Where the system refuses a thread, the threads made so far are measured. No more threads are made than
/// half of the memory that is left has room for, because a container that runs out of memory is killed.
///
/// ```
/// use hitchhiker::cost::waiting_threads;
///
/// let waiting = waiting_threads(21);
/// assert_eq!(waiting.made, 21);
/// println!("{waiting}");
/// ```
pub fn waiting_threads(count: usize) -> Waiting {
    let (all_wait, has_begun) = std::sync::mpsc::channel();
    // A thread waits until it can read what the measuring thread is writing.
    let gate = RwLock::new(());
    let room = memory_left().map_or(count, |left| left / 2 / BYTES_OF_A_THREAD);
    let before = Memory::trimmed();
    let start = Instant::now();
    let (made, during) = thread::scope(|scope| {
        let closed = gate.write();
        let threads: Vec<_> = (0..count.min(room))
            .map_while(|_| {
                let (begun, gate) = (all_wait.clone(), &gate);
                let wait = move || {
                    let _ = begun.send(()); // the receiver lives as long as the scope
                    drop(gate.read());
                };
                thread::Builder::new().spawn_scoped(scope, wait).ok()
            })
            .collect();
        has_begun.iter().take(threads.len()).for_each(drop);
        let during = Memory::now();
        drop(closed);
        // The end of a scope would not wait until the stacks are given back.
        let made = threads.into_iter().map(|thread| thread.join().is_ok());
        (made.count(), during)
    });
    Waiting::of("threads", count, made, start.elapsed(), before, during)
}

/// Starts `count` tasks on a runtime of tokio's that has this thread alone, lets all of them wait for one
/// signal, and looks at the memory before it gives the signal. The runtime counts, too.
///
/// # Errors
///
/// The error of a system that gives no runtime.
///
/// # Panics
///
/// Within a runtime of tokio's, like every `block_on`.
///
/// ```
/// use hitchhiker::cost::waiting_tasks;
///
/// let waiting = waiting_tasks(21)?;
/// assert_eq!(waiting.made, 21);
/// println!("{waiting}");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn waiting_tasks(count: usize) -> io::Result<Waiting> {
    let before = Memory::trimmed();
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let during = runtime.block_on(async {
        let (all_wait, mut has_begun) = mpsc::unbounded_channel();
        // A task waits for a permit, and there is none.
        let gate = Arc::new(Semaphore::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let (begun, gate) = (all_wait.clone(), gate.clone());
            tasks.spawn(async move {
                let _ = begun.send(()); // the receiver lives to the end of this block
                drop(gate.acquire().await);
            });
        }
        for _ in 0..count {
            has_begun.recv().await;
        }
        let during = Memory::now();
        gate.close();
        tasks.join_all().await;
        during
    });
    drop(runtime);
    let took = start.elapsed();
    Ok(Waiting::of("tasks", count, count, took, before, during))
}

impl Waiting {
    fn of(
        kind: &'static str,
        asked: usize,
        made: usize,
        took: Duration,
        before: Option<Memory>,
        during: Option<Memory>,
    ) -> Self {
        let both = during.zip(before);
        let more = |bytes: fn(Memory) -> usize| {
            both.map(|(during, before)| bytes(during).saturating_sub(bytes(before)))
        };
        Self {
            kind,
            asked,
            made,
            took,
            resident: more(|memory| memory.resident),
            reserved: more(|memory| memory.reserved),
        }
    }
}

/// One line: `2,000 of 2,000 threads: 92.2 ms, 19.3 MB in use, 4.2 GB reserved`.
impl Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (made, asked) = (thousands(self.made), thousands(self.asked));
        let ms = self.took.as_secs_f64() * 1_000.0;
        write!(f, "{made} of {asked} {}: {ms:.1} ms", self.kind)?;
        if let Some(bytes) = self.resident {
            write!(f, ", {:.1} MB in use", bytes as f64 / 1e6)?;
        }
        if let Some(bytes) = self.reserved {
            write!(f, ", {:.1} GB reserved", bytes as f64 / 1e9)?;
        }
        Ok(())
    }
}

/// More than a waiting thread takes: pages of its stack, of its signal stack and of its page tables, and
/// the 16 KB of stack and the further data that Linux keeps for it.
const BYTES_OF_A_THREAD: usize = 64 * 1_024;

/// What Linux says of this process's memory, in bytes.
#[derive(Debug, Clone, Copy)]
struct Memory {
    resident: usize,
    reserved: usize,
}

impl Memory {
    /// What is left when the allocator has given back what it kept of earlier work. Otherwise new work
    /// would use that, and seem to need nothing.
    fn trimmed() -> Option<Self> {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        // SAFETY: `malloc_trim` takes a number, and gives back only memory that is free, under the
        // allocator's locks.
        unsafe {
            libc::malloc_trim(0);
        }
        Self::now()
    }

    fn now() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        Some(Self {
            resident: kilobytes(&status, "VmRSS:")?,
            reserved: kilobytes(&status, "VmSize:")?,
        })
    }
}

/// The bytes that a line such as `VmRSS:   1024 kB` names.
fn kilobytes(table: &str, name: &str) -> Option<usize> {
    let line = table.lines().find_map(|line| line.strip_prefix(name))?;
    let number: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(number * 1_024)
}

/// How many bytes this process may still take: those that the system has left, and no more than the
/// container allows. `None` where the system does not tell.
fn memory_left() -> Option<usize> {
    let of_the_system = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    let of_the_container =
        left_in_container("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current");
    Some(of_the_container.map_or(of_the_system, |left| left.min(of_the_system)))
}

/// The bytes up to the limit of a container, where it has one.
fn left_in_container(limit: &str, usage: &str) -> Option<usize> {
    let number = |path| fs::read_to_string(path).ok()?.trim().parse::<usize>().ok();
    Some(number(limit)?.saturating_sub(number(usage)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_threads_wait_at_the_same_time() {
        let waiting = waiting_threads(200);
        assert_eq!((waiting.asked, waiting.made), (200, 200));
        // Each thread has a stack of 2 MiB, so all stacks were there at the same time.
        let stacks = 200 * 2 * 1_024 * 1_024;
        assert!(
            waiting.reserved.is_none_or(|bytes| bytes >= stacks),
            "{waiting}"
        );
    }

    #[test]
    fn all_tasks_wait_at_the_same_time() {
        let waiting = waiting_tasks(2_000).unwrap();
        assert_eq!((waiting.asked, waiting.made), (2_000, 2_000));
    }

    #[test]
    fn waiting_is_one_line_of_what_is_known() {
        let waiting = Waiting {
            kind: "threads",
            asked: 10_000,
            made: 4_055,
            took: Duration::from_micros(1_234_560),
            resident: None,
            reserved: None,
        };
        let line = "4,055 of 10,000 threads: 1234.6 ms";
        assert_eq!(waiting.to_string(), line);
        let told = Waiting {
            resident: Some(412_345_678),
            reserved: Some(21_061_234_567),
            ..waiting
        };
        assert_eq!(
            told.to_string(),
            format!("{line}, 412.3 MB in use, 21.1 GB reserved")
        );
    }

    #[test]
    fn a_container_without_a_limit_leaves_it_to_the_system() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (none, limit) = (file("none", "max\n"), file("limit", "2147483648\n"));
        let usage = file("usage", "1073741824\n");
        assert_eq!(left_in_container(&none, &usage), None);
        assert_eq!(left_in_container(&limit, &usage), Some(1_073_741_824));
        assert_eq!(left_in_container("/nowhere", &usage), None);
    }
}
