// A wrapper that fixes the types, in a body of another type.
#![forbid(unsafe_code)]
use hitchhiker::coroutine::*;
macro_rules! stream { ($($body:tt)*) => {{ let g: AsyncGenerator<&'static u64> = async_generator! { $($body)* }; g }} }
fn main() {
    let mut outer: AsyncGenerator<usize> = async_generator! {
        let mut inner = stream! { match (try { yield 0x4141_4141 }) { Ok(_) => {}, Err(_) => {} } };
        println!("inner gave {}", anext(&mut inner).await.unwrap());
    };
}
