//! Which flag a request asks for.

use crate::flags::code::Code;

/// The code that the path `/data/flags/cc/cc.gif` holds twice, in small letters.
pub(super) fn code_in(path: &str) -> Option<Code> {
    let (folder, file) = path.strip_prefix("/data/flags/")?.split_once('/')?;
    let code = Code::parse(folder).ok()?;
    let is_lowercase = folder.bytes().all(|letter| letter.is_ascii_lowercase());
    (is_lowercase && file.strip_suffix(".gif") == Some(folder)).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path_of(code: &str) -> String {
        format!("/data/flags/{code}/{code}.gif")
    }

    proptest! {
        #[test]
        fn two_lowercase_letters_are_asked_for_by_one_path(code in "[a-z]{2}") {
            let found = code_in(&path_of(&code));
            prop_assert_eq!(found.map(Code::lowercase), Some(code));
        }

        #[test]
        fn no_other_path_asks_for_a_flag(path in "/data/flags/[abA./é]{0,4}/[ab/]{0,3}[.]gif/?|\\PC*") {
            if let Some(code) = code_in(&path) {
                prop_assert_eq!(path_of(&code.lowercase()), path);
            }
        }
    }
}
