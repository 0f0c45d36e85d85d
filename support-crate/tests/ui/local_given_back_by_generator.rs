use hitchhiker::coroutine::*;

fn sent<'k, 'a>(kept: &'k mut Vec<&'static str>) -> BorrowingGenerator<'k, (), &'a str> {
    generator! {
        while let Some(word) = yield {
            kept.push(word); // what is sent lives for 'a alone
        }
    }
}

fn main() {
    sent(&mut vec![]);
}
