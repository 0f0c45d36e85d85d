//! A generator that also takes values: PEP 342 on stable Rust.
