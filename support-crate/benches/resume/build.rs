//! Tells the benchmark whether this compiler lets it use its own, unstable coroutines.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(native)");
    println!("cargo::rerun-if-env-changed=RUSTC_BOOTSTRAP");
    if std::env::var_os("RUSTC_BOOTSTRAP").is_some_and(|it| it == "1") {
        println!("cargo::rustc-cfg=native");
    }
}
