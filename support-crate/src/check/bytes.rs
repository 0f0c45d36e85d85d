//! The second exercise of chapter 4.

use super::report::Report;

/// Checks the second exercise of chapter 4: how many bytes bodies take, `predicted` before they are
/// `measured` by `size_of_val`. The report tells a measured
/// number only where it was predicted.
///
/// ```
/// use hitchhiker::check;
///
/// let report = check::bytes([8, 8], [("u64", size_of::<u64>()), ("u32", size_of::<u32>())]);
/// assert_eq!(
///     report.to_string(),
///     "✓ u64 takes as many bytes as you predicted: 8\n\
///      ✗ u32 takes as many bytes as you predicted; yours, 8, are too many",
/// );
/// ```
pub fn bytes<const N: usize>(predicted: [usize; N], measured: [(&str, usize); N]) -> Report {
    let pairs = predicted.into_iter().zip(measured);
    let pairs: Vec<_> = pairs
        .map(|(said, (name, takes))| (said, name.to_owned(), takes))
        .collect();
    Report::on(move |cases| {
        for (said, name, takes) in pairs {
            let mut what = format!("{name} takes as many bytes as you predicted");
            if said == takes {
                what += &format!(": {takes}");
            }
            cases.expect(what, || match said {
                _ if said < takes => Err(format!("yours, {said}, are too few")),
                _ if said > takes => Err(format!("yours, {said}, are too many")),
                _ => Ok(()),
            });
        }
    })
}
