//! Writes what `cargo xtask bench match` searches: 1 GB of records and lists of indicators.
//!
//! `cargo bench -p matcher --bench logs -- FOLDER`. What is there already is left as it is.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "bench code: a surprise ends the run"
)]

#[expect(dead_code, reason = "ids are for the other bench")]
mod mix;

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
};

use matcher::Kind;
use mix::{Dice, Style};

/// Bytes of the records of each style.
const LOG_BYTES: usize = 512 << 20;
const LISTS: [usize; 3] = [10_000, 100_000, 1_000_000];
/// One record in so many has an indicator, which is in all lists.
const HIT_EVERY: u64 = 10_000;
const WANTED: usize = 1000;

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).unwrap();
    let wanted = lists(folder);
    for (name, style) in [("zeek.log", Style::Zeek), ("json.log", Style::Json)] {
        let path = folder.join(name);
        if !path.exists() {
            log(&path, style, &wanted);
        }
    }
}

/// Writes each list; gives back the first of all of them.
fn lists(folder: &Path) -> Vec<(Kind, String)> {
    for count in LISTS {
        let path = folder.join(format!("list-{count}.csv"));
        if path.exists() {
            continue;
        }
        let mut dice = Dice::new(1);
        let mut typed = BufWriter::new(File::create(&path).unwrap());
        let texts = path.with_extension("txt");
        let mut texts = BufWriter::new(File::create(texts).unwrap());
        writeln!(typed, "type,value").unwrap();
        for _ in 0..count {
            let (kind, text) = mix::indicator(&mut dice);
            writeln!(typed, "{kind},\"{text}\"").unwrap();
            // Who searches for texts alone searches for a network by what its addresses begin with.
            let text = text
                .split_once('/')
                .filter(|_| kind == Kind::Ipv4Net || kind == Kind::Ipv6Net)
                .map_or(&*text, |(head, _)| head);
            writeln!(texts, "{text}").unwrap();
        }
        typed.flush().unwrap();
        texts.flush().unwrap();
    }
    let mut dice = Dice::new(1);
    (0..WANTED).map(|_| mix::indicator(&mut dice)).collect()
}

fn log(path: &Path, style: Style, wanted: &[(Kind, String)]) {
    let mut dice = Dice::new(2);
    let unfinished = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&unfinished).unwrap());
    let mut record = Vec::new();
    let (mut bytes, mut number) = (0, 0);
    while bytes < LOG_BYTES {
        let hit = dice.below(HIT_EVERY) == 0;
        let chosen = hit.then(|| &wanted[dice.below(WANTED as u64) as usize]);
        record.clear();
        mix::record(&mut dice, style, number, chosen, &mut record);
        record.push(b'\n');
        out.write_all(&record).unwrap();
        bytes += record.len();
        number += 1;
    }
    out.into_inner().unwrap().sync_all().unwrap();
    fs::rename(&unfinished, path).unwrap();
}
