use hitchhiker::coroutine::coroutine;

fn main() {
    let _ = coroutine!(|| {
        yield from 0..3;
    });
}
