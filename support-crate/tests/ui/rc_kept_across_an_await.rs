//! The error that chapter 10 reads line by line.

use std::future::Future;
use std::rc::Rc;

fn spawn<F>(_: F)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
}

async fn later(_: u32) {}

async fn letters() -> usize {
    let word = Rc::new("towel");
    later(0).await;
    word.len()
}

fn main() {
    spawn(letters());
}
