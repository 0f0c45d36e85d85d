//! The flags beside each other.

use std::fmt::Write as _;

use super::drawn::MOST_DRAWN;
use crate::display::{Output, Show, escape, fitted_img};
use crate::flags::flag::Flag;
use crate::flags::outcome::{End, Outcome};

/// How many flags stand in a row where a page strips the styles, as GitHub's preview does.
const COLUMNS: usize = 5;

/// Flags in the order they arrived, with those that did not. A cell that ends in one shows them all.
///
/// Made of [`Outcome`]s, it says how many ms and tries each took, and why one failed:
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let outcomes = download_many(&server.base_url(), ["IN", "ID", "ZZ"], Options::default());
/// let gallery = Gallery::of(&outcomes.gather().await);
/// assert_eq!(gallery.len(), 3);
/// gallery.evcxr_display();
/// # });
/// ```
///
/// Of more than 1,000 flags, the first are shown. Flags can also be put into it one by one:
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let (client, url) = (reqwest::Client::new(), base_url(&server));
/// let mut gallery = Gallery::default();
/// for code in ["IN", "ID"] {
///     gallery.push(get_flag(&client, &url, code).await?);
/// }
/// assert_eq!(gallery.len(), 2);
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gallery {
    places: Vec<Place>,
}

/// What hangs in one place of a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// The flag, or in one or two words why there is none.
    flag: Result<Flag, &'static str>,
    caption: String,
}

impl Gallery {
    /// What became of the flags, in the order of `outcomes`: the order of arrival, as
    /// [`download_many`](crate::flags::download_many) gives them.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let place = |outcome: &Outcome| Place {
            flag: match &outcome.end {
                End::Downloaded(flag) => Ok(flag.clone()),
                End::NotFound => Err("not found"),
                End::Failed(_) => Err("failed"),
            },
            caption: outcome.to_string(),
        };
        Self {
            places: outcomes.iter().map(place).collect(),
        }
    }

    /// Puts `flag` behind those that are there.
    pub fn push(&mut self, flag: Flag) {
        self.places.push(Place {
            caption: flag.caption(),
            flag: Ok(flag),
        });
    }

    /// How many flags are shown, those that failed among them.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Shows the flags as the result of a cell: as HTML and in words, one flag a line in both.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    fn text(&self) -> String {
        let mut captions: Vec<_> = self.shown().iter().map(|place| &*place.caption).collect();
        let rest = self.rest();
        captions.extend(rest.as_deref());
        captions.join("\n")
    }

    fn shown(&self) -> &[Place] {
        &self.places[..self.len().min(MOST_DRAWN)]
    }

    /// How many are not shown, in words.
    fn rest(&self) -> Option<String> {
        let rest = self.len() - self.shown().len();
        (rest > 0).then(|| format!("and {rest} more"))
    }

    // Inline styles make the table flow. GitHub's preview strips them, and what is left is a table of five
    // columns. There is no colour, so that the gallery fits any theme.
    fn html(&self) -> String {
        let mut html = String::from(
            "<table style=\"display: block; margin: 0\">\
             <tbody style=\"display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end\">\n",
        );
        for row in self.shown().chunks(COLUMNS) {
            html += "<tr style=\"display: contents\">\n";
            for place in row {
                let picture = match &place.flag {
                    Ok(flag) => fitted_img("image/gif", flag.gif(), &flag.alt()) + "<br>",
                    Err(why) => format!(
                        "<div style=\"border: 2px dashed; padding: 2em 0; text-align: center\">\
                         ✗ <b>{why}</b></div>"
                    ),
                };
                let _ = writeln!(
                    // writing to a string cannot fail
                    html,
                    "<td style=\"padding: 0; width: 148px; text-align: left; overflow-wrap: anywhere\">{picture}\
                     <small>{}</small></td>",
                    escape(&place.caption),
                );
            }
            html += "</tr>\n";
        }
        html += "</tbody></table>";
        match self.rest() {
            Some(rest) => format!("{html}\n<p>{rest}</p>"),
            None => html,
        }
    }
}

impl Show for Gallery {
    fn output(&self) -> Output {
        Output::text(self.text()).html(self.html())
    }
}

impl Extend<Flag> for Gallery {
    fn extend<I: IntoIterator<Item = Flag>>(&mut self, flags: I) {
        flags.into_iter().for_each(|flag| self.push(flag));
    }
}

impl FromIterator<Flag> for Gallery {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut gallery = Self::default();
        gallery.extend(flags);
        gallery
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_outcomes, downloaded, failed, flag, not_found, tried};
    use super::*;
    use crate::flags::error::Cause;

    fn cells(html: &str) -> Vec<&str> {
        html.lines()
            .filter(|line| line.starts_with("<td"))
            .collect()
    }

    #[test]
    fn a_gallery_has_one_line_a_flag_in_the_order_they_arrived() {
        let gallery: Gallery = ["FR", "CI"]
            .map(|code| flag(code, [0; 3]))
            .into_iter()
            .collect();
        assert_eq!(
            gallery.text(),
            "FR France, 3 bytes\nCI Côte d'Ivoire, 3 bytes"
        );
        let html = gallery.html();
        let cells = cells(&html);
        assert_eq!(cells.len(), 2);
        assert!(cells[0].contains("alt=\"flag of France\""));
        assert!(cells[1].contains("CI Côte d&#x27;Ivoire, 3 bytes"));
    }

    #[test]
    fn what_became_of_a_flag_is_said_in_words() {
        let gallery = Gallery::of(&[
            downloaded("FR", &[tried(5, Some(30), 47)]),
            not_found("ZZ", &[tried(0, Some(2), 2)]),
            failed("KR", &[tried(0, None, 10), tried(30, None, 50)]),
        ]);
        let (text, html) = (gallery.text(), gallery.html());
        let lines: Vec<_> = text.lines().collect();
        let cells = cells(&html);
        assert!(lines[0].starts_with("FR France, ") && lines[0].ends_with(" bytes, 42 ms"));
        assert!(lines[1].contains("no flag of this country"), "{text}");
        assert!(lines[2].contains("longer than 7 bytes"), "{text}");
        assert!(lines[2].ends_with("50 ms, 2 tries"), "{text}");
        assert!(cells[0].contains("<img") && cells[0].contains("42 ms"));
        assert!(cells[1].contains("<b>not found</b>") && !cells[1].contains("<img"));
        assert!(cells[2].contains("<b>failed</b>") && cells[2].contains("longer than 7 bytes"));
    }

    #[test]
    fn html_in_a_cause_and_in_a_code_is_shown_as_it_is() {
        let source = std::io::Error::other("<script>alert(1)</script>");
        let gallery = Gallery::of(&[Outcome {
            code: "<b>".to_owned(),
            end: End::Failed(Cause::NotSaved {
                folder: "<i>".into(),
                source,
            }),
            tries: vec![],
        }]);
        let html = gallery.html();
        assert!(!html.contains("<script") && !html.contains("<i>"), "{html}");
        assert!(html.contains("&lt;b&gt;: cannot be saved in &lt;i&gt;: &lt;script&gt;alert"));
    }

    #[test]
    fn of_very_many_flags_the_first_are_shown_and_the_rest_counted() {
        let outcomes: Vec<_> = (0..3_000).map(|_| downloaded("JP", &[])).collect();
        let gallery = Gallery::of(&outcomes);
        let (html, text) = (gallery.html(), gallery.text());
        assert_eq!(gallery.len(), 3_000);
        assert_eq!(cells(&html).len(), 1_000);
        assert!(html.ends_with("<p>and 2000 more</p>"));
        assert!(text.ends_with("\nand 2000 more"));
        assert_eq!(text.lines().count(), 1_001);
        assert!(html.len() < 3_000_000, "{} bytes", html.len());
    }

    #[test]
    fn nothing_is_wider_than_its_place() {
        let source = std::io::Error::other("no");
        let gallery = Gallery::of(&[
            downloaded("FR", &[]),
            Outcome {
                code: "KR".to_owned(),
                end: End::Failed(Cause::NotSaved {
                    folder: "/a/path/without/any/space".repeat(9).into(),
                    source,
                }),
                tries: vec![],
            },
        ]);
        let html = gallery.html();
        for cell in cells(&html) {
            assert!(cell.contains("width: 148px") && cell.contains("overflow-wrap: anywhere"));
            assert_eq!(cell.contains("<img"), cell.contains("max-width: 100%"));
        }
    }

    proptest! {
        #[test]
        fn any_gallery_is_a_table_with_a_cell_for_each_outcome(outcomes in any_outcomes()) {
            let gallery = Gallery::of(&outcomes);
            let (html, text) = (gallery.html(), gallery.text());
            prop_assert_eq!(gallery.len(), outcomes.len());
            prop_assert_eq!(cells(&html).len(), outcomes.len());
            prop_assert_eq!(text.lines().count(), outcomes.len());
            // XML, once the tags that HTML leaves open are closed.
            let xml = html.replace("<br>", "<br/>");
            let parts: Vec<_> = xml.split("<img").collect();
            let closed: Vec<_> = parts[1..].iter().map(|part| part.replacen('>', "/>", 1)).collect();
            let xml = [&[parts[0].to_owned()], &closed[..]].concat().join("<img");
            let page = roxmltree::Document::parse(&xml).unwrap();
            let captions = page.descendants().filter(|node| node.has_tag_name("small"));
            let captions: Vec<_> = captions.map(|node| node.text().unwrap_or_default()).collect();
            prop_assert_eq!(captions, text.lines().collect::<Vec<_>>());
        }
    }
}
