//! Measures the coroutines of this crate against their peers; the library of this package says how.

fn main() {
    hitchhiker_bench::main();
}
