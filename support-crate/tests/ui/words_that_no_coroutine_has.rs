use hitchhiker::coroutine::*;

fn main() {
    let _ = coroutine!(async |_: ()| { yield 1; });
    let _ = coroutine!(for<'a> |_: &'a str| -> () { yield 1; });
    let _ = coroutine!(|_: (), _: ()| { yield 1; });
}
