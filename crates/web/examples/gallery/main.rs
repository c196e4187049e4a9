//! Draws every page with sample data into `target/gallery/`, to look at them without a node:
//!
//! ```text
//! cargo run -p web --example gallery
//! python3 -m http.server --directory target/gallery 8099
//! ```
//!
//! There is a folder for each language, one in dark colours, and one that writes from right to left.
#![expect(
    clippy::print_stdout,
    reason = "a developer's tool that says where its pages are"
)]
#![expect(
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "samples are long and decide nothing"
)]

mod circles;
mod clocks;
mod collections;
mod compose;
mod custody;
mod directory;
mod entry;
mod events;
mod exchange;
mod incidents;
mod known;
mod paper;
mod proof;
mod remotes;
mod settings;
mod severity;
mod sharing;
mod sheet;
mod submissions;
mod tables;
mod tally;
mod taxonomies;
mod warninglists;
mod work;

use std::{fs, path::Path};

use kernel::{Language, Mode, Timestamp};
use web::{
    views::frame::{Badge, Counts, Flash, PartyName, Section, Shell, Theme},
    words::Words,
};

/// What one set of pages is drawn with.
pub(crate) struct Sample {
    pub(crate) w: Words,
    theme: Theme,
}

/// A page's file name and its markup.
pub(crate) type Drawn = (&'static str, String);

impl Sample {
    /// The moment so many minutes from the sample's now, which is 21 November 2026, 13:20 UTC.
    pub(crate) fn minutes(&self, minutes: i64) -> Timestamp {
        Timestamp::from_micros(
            self.w
                .now()
                .as_micros()
                .saturating_add(minutes.saturating_mul(60_000_000)),
        )
    }

    pub(crate) fn party(&self, code: &str) -> PartyName {
        let name = if code == "regional-hub" {
            "Regional hub".to_owned()
        } else {
            self.w.state(code)
        };
        PartyName {
            code: code.to_owned(),
            name,
        }
    }

    pub(crate) fn shell(&self, section: Section, path: &str) -> Shell {
        Shell {
            section,
            path: path.to_owned(),
            party: self.w.state("XA"),
            desk: "National CSIRT".to_owned(),
            user: Some(Badge {
                name: "rosa.dimas".to_owned(),
                initials: "RD".to_owned(),
                roles: vec!["duty_officer".to_owned(), "analyst".to_owned()],
            }),
            counts: Counts {
                desk: 4,
                threads: 2,
                reports: 3,
            },
            mode: Mode::Exercise,
            both_modes: true,
            offline_since: None,
            theme: self.theme,
            csrf: "sample".to_owned(),
            flash: None,
        }
    }

    pub(crate) fn outside(&self) -> Shell {
        Shell {
            user: None,
            desk: String::new(),
            ..self.shell(Section::Nowhere, "/sign-in")
        }
    }

    pub(crate) fn told(shell: Shell, text: String) -> Shell {
        Shell {
            flash: Some(Flash { good: true, text }),
            ..shell
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/gallery"));
    for (url, bytes) in web::assets::all() {
        let file = root.join(url.trim_start_matches('/'));
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    let now: Timestamp = "2026-11-21T13:20:05Z".parse()?;
    let sets = [
        ("en", Language::En, Theme::Light),
        ("dark", Language::En, Theme::Dark),
        ("zh", Language::Zh, Theme::Light),
        ("rtl", Language::Ar, Theme::Light),
    ];
    let assets: usize = web::assets::all().map(|(_, bytes)| bytes.len()).sum();
    for (folder, language, theme) in sets {
        let sample = Sample {
            w: Words::new(language, now),
            theme,
        };
        let folder = root.join(folder);
        fs::create_dir_all(&folder)?;
        let mut pages = entry::draw(&sample)?;
        pages.extend(incidents::draw(&sample)?);
        pages.extend(tally::draw(&sample)?);
        pages.extend(custody::draw(&sample)?);
        pages.extend(paper::draw(&sample)?);
        pages.extend(exchange::draw(&sample)?);
        pages.extend(compose::draw(&sample)?);
        pages.extend(directory::draw(&sample)?);
        pages.extend(circles::draw(&sample)?);
        pages.extend(collections::draw(&sample)?);
        pages.extend(remotes::draw(&sample)?);
        pages.extend(events::draw(&sample)?);
        pages.extend(sharing::draw(&sample)?);
        pages.extend(warninglists::draw(&sample)?);
        pages.extend(tables::draw(&sample)?);
        pages.extend(taxonomies::draw(&sample)?);
        pages.extend(submissions::draw(&sample)?);
        pages.extend(proof::draw(&sample)?);
        for (name, markup) in &pages {
            fs::write(folder.join(format!("{name}.html")), markup)?;
            if language == Language::En && theme == Theme::Light {
                println!(
                    "{:>6} bytes with everything it loads: {name}",
                    markup.len().saturating_add(assets)
                );
            }
        }
    }
    println!("{}", root.display());
    Ok(())
}
