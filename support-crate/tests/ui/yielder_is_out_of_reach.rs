use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let _stolen = yielder.suspend(1);
        yield 1;
        break 'generator_body Ok(());
    };
}
