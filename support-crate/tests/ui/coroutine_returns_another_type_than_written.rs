use hitchhiker::coroutine::*;

fn main() {
    let _ = coroutine!(|_: ()| -> String {
        yield 1;
        5
    });
}
