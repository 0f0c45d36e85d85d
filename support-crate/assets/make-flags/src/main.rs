//! Makes the flags that the crate serves, from the npm package `svg-country-flags`.
//!
//! `support-crate/assets/flags/README.md` has the commands. The same package gives the same bytes. The file
//! `src/flags/countries.rs` gets the table of the countries.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::gif::GifEncoder;
use image::imageops::{self, FilterType};
use image::{ImageReader, Rgba, RgbaImage};

/// Codes of the package that are not in ISO 3166-1.
const NO_COUNTRIES: [&str; 3] = ["AN", "EU", "XK"];

/// Countries that have changed their names since the package was made.
const RENAMED: [(&str, &str); 4] = [
    ("CZ", "Czechia"),
    ("MK", "North Macedonia"),
    ("SZ", "Eswatini"),
    ("TR", "Türkiye"),
];

/// The box that a flag is scaled to fit, in pixels, without its border.
const WIDTH: u32 = 144;
const HEIGHT: u32 = 96;

/// The border keeps white flags apart from a white page and black ones from a black page.
const BORDER: Rgba<u8> = Rgba([128, 128, 128, 255]);
const NOTHING: Rgba<u8> = Rgba([0, 0, 0, 0]);

fn main() -> Result<(), Box<dyn Error>> {
    let package = std::env::args()
        .nth(1)
        .ok_or("usage: make_flags <folder of the unpacked package svg-country-flags>")?;
    let package = Path::new(&package);
    let crate_root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let names: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&fs::read(package.join("countries.json"))?)?;

    let mut table = String::new();
    for (code, name) in &names {
        if code.len() != 2 || NO_COUNTRIES.contains(&code.as_str()) {
            continue;
        }
        let renamed = RENAMED.iter().find(|(renamed, _)| renamed == code);
        let name = renamed.map_or_else(|| name.as_str().unwrap_or(code), |(_, name)| name);
        let file = format!("{}.gif", code.to_lowercase());
        let png = package.join("png250px").join(&file).with_extension("png");
        fs::write(crate_root.join("assets/flags").join(&file), gif_of(&png)?)?;
        writeln!(table, "    country!({code:?}, {name:?}, {file:?}),")?;
    }
    let source = crate_root.join("src/flags/countries.rs");
    let text = fs::read_to_string(&source)?;
    let (head, rest) = text
        .split_once("= &[\n")
        .ok_or("no table in countries.rs")?;
    let (_, tail) = rest.split_once("\n];").ok_or("no end of the table")?;
    fs::write(&source, format!("{head}= &[\n{table}];{tail}"))?;
    Ok(())
}

fn gif_of(png: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let flag = ImageReader::open(png)?.decode()?.to_rgba8();
    let scale = f64::min(
        f64::from(WIDTH) / f64::from(flag.width()),
        f64::from(HEIGHT) / f64::from(flag.height()),
    );
    let scaled = |length: u32| (f64::from(length) * scale).round() as u32;
    let (width, height) = (scaled(flag.width()), scaled(flag.height()));
    let flag = imageops::resize(&flag, width, height, FilterType::Triangle);

    let pixel = |x: i64, y: i64| {
        let inside = (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y);
        inside.then(|| *flag.get_pixel(x as u32, y as u32))
    };
    // GIF knows no half transparent pixel: one is the flag's or not.
    let is_flag = |x, y| pixel(x, y).is_some_and(|it| it[3] >= 128);
    let bordered = RgbaImage::from_fn(width + 2, height + 2, |x, y| {
        let (x, y) = (i64::from(x) - 1, i64::from(y) - 1);
        let touches_flag = || (-1..=1).any(|dx| (-1..=1).any(|dy| is_flag(x + dx, y + dy)));
        match pixel(x, y) {
            Some(Rgba([red, green, blue, alpha])) if alpha >= 128 => Rgba([red, green, blue, 255]),
            _ if touches_flag() => BORDER,
            _ => NOTHING,
        }
    });
    let mut gif = Cursor::new(vec![]);
    const MOST_CAREFUL: i32 = 1;
    GifEncoder::new_with_speed(&mut gif, MOST_CAREFUL).encode_frame(image::Frame::new(bordered))?;
    Ok(gif.into_inner())
}
