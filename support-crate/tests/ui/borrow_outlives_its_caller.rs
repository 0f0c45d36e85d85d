use hitchhiker::coroutine::*;

fn main() {
    let mut kept: BorrowingGenerator<'_, &str> = {
        let text = String::from("vogon poetry");
        let text = text.as_str();
        generator! { yield text; }
    };
    let _ = next(&mut kept);
}
