//! Measures the coroutines of this crate against their peers; `hitchhiker-bench` says how.

fn main() {
    hitchhiker_bench::main();
}
