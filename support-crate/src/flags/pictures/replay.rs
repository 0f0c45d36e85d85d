//! The flags as they arrived, once more.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};
use image::{DynamicImage, Rgba, RgbaImage, imageops};

use super::drawn::{MOST_DRAWN, as_asked_for, flags, missing};
use crate::display::{Output, Show, escape, fitted_img};
use crate::flags::gif::first_picture;
use crate::flags::outcome::{End, Outcome};

/// How long it lasts at most; what took longer is shown faster.
const LONGEST: Duration = Duration::from_secs(5);

/// How long a frame lasts at least, in ms: browsers slow down what changes faster than every 20 ms.
const STEP_MS: u64 = 50;

/// How long the last frame stays before it begins again, in ms.
const PAUSE_MS: u64 = 3_000;

/// How wide it is at most, in pixels.
const WIDTH: u32 = 640;

/// How many flags stand in a row; in many rows, as many as there are rows.
const COLUMNS: usize = 7;

const GROUND: Rgba<u8> = Rgba([246, 246, 244, 255]);
const EMPTY: Rgba<u8> = Rgba([208, 208, 204, 255]);
const PAPER: Rgba<u8> = Rgba([255, 255, 255, 255]);
const MARK: Rgba<u8> = Rgba([179, 0, 27, 255]);

/// A download once more, as an animated GIF: each flag appears in its place when it arrived. A cell
/// that ends in one shows it.
///
/// The places are in the order in which the flags were asked for; a flag that failed leaves a cross,
/// one that the site does not have a dash. It runs as fast as the download did, or lasts 5 s if that
/// took longer; then it stays for 3 s and begins again. Of more than 1,000 flags, the first are shown.
///
/// # Stopping
///
/// On a page, the line above the picture says how many flags failed. A click on the line, or Enter while
/// it has the focus, folds the picture away, and another brings it back.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let outcomes = download_many(&server.base_url(), POP20_CC, Options::default());
/// let replay = Replay::of(&outcomes.gather().await);
/// replay.evcxr_display();
/// assert!(replay.gif().starts_with(b"GIF89a"));
/// # });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    gif: Vec<u8>,
    text: String,
}

impl Replay {
    /// Draws how the outcomes `all` came about.
    pub fn of(all: &[Outcome]) -> Self {
        let outcomes = as_asked_for(all);
        let took = outcomes.iter().map(|outcome| arrived(outcome)).max();
        let took = took.unwrap_or_default();
        let speed = (took.as_secs_f64() / LONGEST.as_secs_f64()).max(1.0);
        let mut arrivals = BTreeMap::from([(0, vec![])]);
        for (place, outcome) in outcomes.iter().enumerate() {
            let ms = arrived(outcome).as_secs_f64() * 1000.0 / speed;
            let step = (ms / STEP_MS as f64).round() as u64;
            arrivals.entry(step).or_default().push(place);
        }
        let (flags, ms) = (flags(all.len()), took.as_millis());
        let shown = took.min(LONGEST).as_millis();
        let part = match all.len() {
            ..=MOST_DRAWN => String::new(),
            _ => format!(", the first {MOST_DRAWN} drawn"),
        };
        Self {
            // Into memory, and within a GIF's measures, it does not fail.
            gif: animation(&outcomes, &arrivals).unwrap_or_default(),
            text: format!(
                "replay of {flags}{part}: took {ms} ms, shown in {shown} ms{}",
                missing(all)
            ),
        }
    }

    /// The bytes of the GIF file.
    pub fn gif(&self) -> &[u8] {
        &self.gif
    }

    /// Shows the replay as the result of a cell: as a picture, and in words.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }
}

impl Show for Replay {
    fn output(&self) -> Output {
        let picture = fitted_img("image/gif", &self.gif, &self.text);
        let text = escape(&self.text);
        Output::text(&self.text).html(format!(
            "<details open><summary>{text} (fold it up to stop it)</summary>{picture}</details>"
        ))
    }
}

/// When it was known what became of the flag.
fn arrived(outcome: &Outcome) -> Duration {
    outcome
        .tries
        .last()
        .map_or(Duration::ZERO, |last| last.ended)
}

/// The places of the flags.
struct Grid {
    columns: usize,
    rows: usize,
    /// From one place to the next, in pixels.
    across: u32,
    down: u32,
    /// Between two places.
    gap: u32,
}

/// A part of the picture in pixels: `right` and `bottom` are outside.
#[derive(Clone, Copy)]
struct Area {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl Grid {
    fn of(places: usize) -> Self {
        let columns = places.isqrt().max(COLUMNS).min(places).max(1);
        let across = WIDTH / columns.max(COLUMNS) as u32;
        Self {
            columns,
            rows: places.div_ceil(columns).max(1),
            across,
            down: across * 2 / 3,
            gap: (across / 16).max(1),
        }
    }

    fn all(&self) -> Area {
        Area {
            left: 0,
            top: 0,
            right: self.across * self.columns as u32 + self.gap,
            bottom: self.down * self.rows as u32 + self.gap,
        }
    }

    fn area(&self, place: usize) -> Area {
        let left = self.across * (place % self.columns) as u32;
        let top = self.down * (place / self.columns) as u32;
        Area {
            left: left + self.gap,
            top: top + self.gap,
            right: left + self.across,
            bottom: top + self.down,
        }
    }
}

impl Area {
    fn width(self) -> u32 {
        self.right - self.left
    }

    fn height(self) -> u32 {
        self.bottom - self.top
    }

    /// The smallest area that has both in it.
    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Where its rows are in the pixels of a picture that is `width` wide.
    fn rows(self, width: u32) -> impl Iterator<Item = Range<usize>> {
        (self.top..self.bottom).map(move |row| {
            let start = (row * width) as usize;
            start + self.left as usize..start + self.right as usize
        })
    }

    /// The area without its border of one pixel.
    fn inside(self) -> Self {
        Self {
            left: self.left + 1,
            top: self.top + 1,
            right: self.right - 1,
            bottom: self.bottom - 1,
        }
    }
}

fn animation(
    outcomes: &[&Outcome],
    arrivals: &BTreeMap<u64, Vec<usize>>,
) -> Result<Vec<u8>, EncodingError> {
    let grid = Grid::of(outcomes.len());
    let all = grid.all();
    let width = all.width();
    let mut picture = RgbaImage::from_pixel(width, all.height(), GROUND);
    for (place, outcome) in outcomes.iter().enumerate() {
        draw(&mut picture, grid.area(place), &outcome.end);
    }
    // One palette for all frames, made for the last one: all colours are in it.
    let complete = Frame::from_rgba_speed(width as u16, all.height() as u16, &mut picture, 10);
    let palette = complete.palette.as_deref().unwrap_or_default();
    let mut shown = vec![complete.buffer[0]; complete.buffer.len()]; // a corner is ground
    for place in 0..outcomes.len() {
        for row in grid.area(place).rows(width) {
            // The border of a place stays as it was when it was empty.
            shown[row.clone()].fill(complete.buffer[row.start]);
        }
    }

    let mut gif = vec![];
    let mut encoder = Encoder::new(&mut gif, complete.width, complete.height, palette)?;
    encoder.set_repeat(Repeat::Infinite)?;
    let ends = arrivals.keys().skip(1).map(Some).chain([None]);
    for ((step, places), end) in arrivals.iter().zip(ends) {
        for place in places {
            for row in grid.area(*place).rows(width) {
                shown[row.clone()].copy_from_slice(&complete.buffer[row]);
            }
        }
        // What has changed, and in the first frame all.
        let areas = places.iter().map(|place| grid.area(*place));
        let changed = areas
            .reduce(Area::with)
            .filter(|_| *step > 0)
            .unwrap_or(all);
        let pixels: Vec<u8> = changed
            .rows(width)
            .flat_map(|row| &shown[row])
            .copied()
            .collect();
        let ms = end.map_or(PAUSE_MS, |end| (end - step) * STEP_MS);
        encoder.write_frame(&Frame {
            delay: (ms / 10) as u16,
            dispose: DisposalMethod::Keep,
            left: changed.left as u16,
            top: changed.top as u16,
            width: changed.width() as u16,
            height: changed.height() as u16,
            buffer: pixels.into(),
            ..Frame::default()
        })?;
    }
    drop(encoder);
    Ok(gif)
}

fn draw(picture: &mut RgbaImage, area: Area, end: &End) {
    fill(picture, area, EMPTY, |_, _| true);
    let area = area.inside();
    let (width, height) = (area.width(), area.height());
    let flag = match end {
        End::Downloaded(flag) => first_picture(flag.gif()).ok(),
        End::NotFound => {
            fill(picture, area, PAPER, |_, _| true);
            fill(picture, area, MARK, |x, y| {
                near(y, 0.5) && near(x / 4.0, 0.125)
            });
            return;
        }
        End::Failed(_) => None,
    };
    let Some(flag) = flag else {
        fill(picture, area, PAPER, |_, _| true);
        fill(picture, area, MARK, |x, y| near(x, y) || near(x, 1.0 - y));
        return;
    };
    let flag = match (flag.width(), flag.height()) {
        (w, h) if w > width || h > height => DynamicImage::from(flag)
            .thumbnail(width, height)
            .into_rgba8(),
        _ => flag,
    };
    let left = area.left + (width - flag.width()) / 2;
    let top = area.top + (height - flag.height()) / 2;
    imageops::overlay(picture, &flag, left.into(), top.into());
}

/// Colours the part of the area that `is_in` names; its coordinates go from 0 to 1.
fn fill(picture: &mut RgbaImage, area: Area, colour: Rgba<u8>, is_in: impl Fn(f32, f32) -> bool) {
    let share = |at: u32, of: u32| (at as f32 + 0.5) / of as f32;
    for y in 0..area.height() {
        for x in 0..area.width() {
            if is_in(share(x, area.width()), share(y, area.height())) {
                picture.put_pixel(area.left + x, area.top + y, colour);
            }
        }
    }
}

/// Whether two coordinates are no further from each other than a stroke is wide.
fn near(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.07
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_outcomes, downloaded, failed, flag, not_found, tried};
    use super::*;
    use crate::flags::countries::COUNTRIES;

    /// A frame as a browser shows it.
    struct Shown {
        ms: u64,
        area: (u32, u32),
        picture: RgbaImage,
    }

    /// The frames, each laid over those before it.
    fn frames(gif: &[u8]) -> Vec<Shown> {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(gif).unwrap();
        let (width, height) = (decoder.width().into(), decoder.height().into());
        let mut canvas = RgbaImage::new(width, height);
        let mut frames = vec![];
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            assert_eq!(frame.dispose, DisposalMethod::Keep);
            let area = (frame.width.into(), frame.height.into());
            let part = RgbaImage::from_raw(area.0, area.1, frame.buffer.to_vec()).unwrap();
            imageops::overlay(&mut canvas, &part, frame.left.into(), frame.top.into());
            frames.push(Shown {
                ms: u64::from(frame.delay) * 10,
                area,
                picture: canvas.clone(),
            });
        }
        assert_eq!(decoder.repeat(), Repeat::Infinite);
        frames
    }

    /// In which frame the inside of a place first looks as it does in the last.
    fn appears(frames: &[Shown], grid: &Grid, place: usize) -> usize {
        let area = grid.area(place).inside();
        let part = |shown: &Shown| {
            let (x, y) = (area.left, area.top);
            imageops::crop_imm(&shown.picture, x, y, area.width(), area.height()).to_image()
        };
        let last = part(&frames[frames.len() - 1]);
        frames.iter().position(|shown| part(shown) == last).unwrap()
    }

    #[test]
    fn a_flag_appears_when_it_arrived_in_the_place_where_it_was_asked_for() {
        let outcomes = [
            downloaded("JP", &[tried(1, Some(90), 100)]),
            downloaded("KR", &[tried(0, Some(240), 250)]),
            failed("FR", &[tried(2, None, 400)]),
            not_found("ZZ", &[tried(3, Some(1_000), 1_000)]),
        ];
        let replay = Replay::of(&outcomes);
        assert_eq!(
            replay.text,
            "replay of 4 flags: took 1000 ms, shown in 1000 ms, 1 not found, 1 failed"
        );
        let (frames, grid) = (frames(&replay.gif), Grid::of(4));
        let delays: Vec<_> = frames.iter().map(|frame| frame.ms).collect();
        assert_eq!(delays, [100, 150, 150, 600, PAUSE_MS]);
        let appear: Vec<_> = (0..4).map(|place| appears(&frames, &grid, place)).collect();
        assert_eq!(appear, [2, 1, 3, 4]);
    }

    #[test]
    fn a_replay_can_be_stopped_without_a_script() {
        let output = Replay::of(&[failed("KR", &[])]).output();
        let html = output.as_html().unwrap();
        let line = "<details open><summary>replay of 1 flag: took 0 ms, shown in 0 ms, 1 failed (";
        assert!(html.starts_with(line), "{html}");
        assert!(html.contains("<img style=\"max-width: 100%"), "{html}");
        assert!(html.ends_with("</details>"), "{html}");
    }

    #[test]
    fn of_very_many_flags_all_are_counted() {
        let outcomes: Vec<_> = (0..1_500).map(|_| not_found("ZZ", &[])).collect();
        let text = Replay::of(&outcomes).text;
        let expected = "replay of 1500 flags, the first 1000 drawn: took 0 ms, shown in 0 ms, \
                        1500 not found";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_takes_long_is_shown_faster_and_says_so() {
        let replay = Replay::of(&[downloaded("JP", &[tried(0, None, 20_000)])]);
        assert_eq!(
            replay.text,
            "replay of 1 flag: took 20000 ms, shown in 5000 ms"
        );
        assert_eq!(frames(&replay.gif)[0].ms, 5_000);
    }

    #[test]
    fn a_frame_holds_only_what_has_changed() {
        let replay = Replay::of(&[
            downloaded("JP", &[tried(0, None, 100)]),
            downloaded("KR", &[tried(0, None, 200)]),
        ]);
        let (frames, grid) = (frames(&replay.gif), Grid::of(2));
        let (all, place) = (grid.all(), grid.area(0));
        assert_eq!(frames[0].area, (all.width(), all.height()));
        assert_eq!(frames[1].area, (place.width(), place.height()));
        assert_eq!(frames[2].area, (place.width(), place.height()));
    }

    #[test]
    fn a_missing_flag_looks_unlike_a_failed_one_without_colour() {
        let replay = Replay::of(&[failed("KR", &[]), not_found("ZZ", &[])]);
        let frames = frames(&replay.gif);
        let dark = |place: usize| {
            let area = Grid::of(2).area(place).inside();
            let part = imageops::crop_imm(
                &frames[0].picture,
                area.left,
                area.top,
                area.width(),
                area.height(),
            );
            part.to_image()
                .pixels()
                .map(|pixel| pixel[1] < 128)
                .collect::<Vec<_>>()
        };
        assert_ne!(dark(0), dark(1));
        assert!(dark(0).contains(&true) && dark(1).contains(&true));
    }

    #[test]
    fn a_flag_keeps_its_colours_and_its_shape() {
        let frames = frames(Replay::of(&[downloaded("JP", &[])]).gif());
        let area = Grid::of(1).area(0).inside();
        let (middle_x, middle_y) = ((area.left + area.right) / 2, (area.top + area.bottom) / 2);
        let [red, green, blue, _] = frames[0].picture.get_pixel(middle_x, middle_y).0;
        assert!(red > 150 && green < 90 && blue < 90, "{red} {green} {blue}");
        let white = frames[0].picture.get_pixel(area.left + 8, middle_y).0;
        assert!(white.iter().all(|part| *part > 230), "{white:?}");
    }

    #[test]
    fn a_flag_larger_than_its_place_is_made_smaller() {
        for (width, height) in [(2_000, 1), (1, 2_000), (2_000, 1_500)] {
            let mut gif = vec![];
            let mut encoder = Encoder::new(&mut gif, width, height, &[9, 9, 9]).unwrap();
            let buffer = vec![0; usize::from(width) * usize::from(height)].into();
            encoder
                .write_frame(&Frame {
                    width,
                    height,
                    buffer,
                    ..Frame::default()
                })
                .unwrap();
            drop(encoder);
            let replay = Replay::of(&[Outcome {
                code: "KR".to_owned(),
                end: End::Downloaded(flag("KR", gif)),
                tries: vec![],
            }]);
            let frames = frames(&replay.gif);
            assert_eq!(
                frames[0].area,
                (Grid::of(1).all().width(), Grid::of(1).all().height())
            );
        }
    }

    #[test]
    fn a_replay_is_small() {
        let outcomes = |flags: usize| {
            let countries = COUNTRIES.iter().cycle().take(flags).zip(0_u64..);
            let outcomes = countries.map(|(country, n)| {
                downloaded(
                    country.code,
                    &[tried(0, None, 100 + n * 1_900 / flags as u64)],
                )
            });
            outcomes.collect::<Vec<_>>()
        };
        let bytes = |flags| Replay::of(&outcomes(flags)).gif.len();
        assert!(bytes(21) < 60_000, "{} bytes", bytes(21));
        assert!(bytes(1_500) < 600_000, "{} bytes", bytes(1_500));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn any_replay_is_a_gif_that_lasts_as_long_as_it_says(outcomes in any_outcomes()) {
            let replay = Replay::of(&outcomes);
            let frames = frames(&replay.gif);
            let total: u64 = frames.iter().map(|frame| frame.ms).sum();
            let took = outcomes.iter().map(arrived).max().unwrap_or_default();
            let lasts = took.min(LONGEST).as_millis() as u64;
            prop_assert!(total.abs_diff(lasts + PAUSE_MS) <= STEP_MS, "{total} ms for {lasts}");
            prop_assert!(frames.iter().all(|frame| frame.ms >= STEP_MS));
            prop_assert!(frames[0].picture.width() <= WIDTH + 8);
        }
    }
}
