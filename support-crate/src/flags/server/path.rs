//! Which flag a request asks for.

/// A country code: two lowercase letters.
pub(super) type Code = [u8; 2];

/// The code as a string.
pub(super) fn letters(code: &Code) -> &str {
    str::from_utf8(code).unwrap_or_default() // letters always are
}

/// The code that the path `/data/flags/cc/cc.gif` holds twice.
pub(super) fn code_in(path: &str) -> Option<Code> {
    let (folder, file) = path.strip_prefix("/data/flags/")?.split_once('/')?;
    let code: Code = folder.as_bytes().try_into().ok()?;
    let is_code = code.iter().all(u8::is_ascii_lowercase);
    (is_code && file.strip_suffix(".gif") == Some(folder)).then_some(code)
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
            prop_assert_eq!(found.as_ref().map(letters), Some(&*code));
        }

        #[test]
        fn no_other_path_asks_for_a_flag(path in "/data/flags/[abA./é]{0,4}/[ab/]{0,3}[.]gif/?|\\PC*") {
            if let Some(code) = code_in(&path) {
                prop_assert_eq!(path_of(letters(&code)), path);
            }
        }
    }
}
