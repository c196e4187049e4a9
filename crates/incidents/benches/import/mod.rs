//! How many incidents of VCDB are taken in each second, durably and with all their fields, on both
//! engines: from the text of a file to the last commit.
use std::{env, fs::File, io::Read as _, path::PathBuf, time::Instant};

use db::Engine;
use flate2::read::GzDecoder;
use incidents::formats::{
    model::{Fate, Format, Settings},
    ops::{Importer, documents},
};

use super::{name_of, open};

const INCIDENTS: u64 = 4_265;
const BAR: f64 = 2_000.0;

pub(super) async fn measure(engine: Engine) {
    let text = vcdb();
    let (scratch, ground, viewer) = open(engine).await;
    let settings = Settings::default();
    let begun = Instant::now();
    let found = documents(Format::Veris, &text, &settings).expect("documents");
    let mut importer = Importer::new(&ground, &viewer, Format::Veris).expect("an import");
    importer.take(found).await.expect("all taken in");
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(importer.report.of(Fate::Created), INCIDENTS);
    scratch.remove().await;
    let count = u32::try_from(INCIDENTS).expect("a small number");
    let value = f64::from(count) / seconds;
    let figure = serde_json::json!({
        "area": "register",
        "name": format!("import of VCDB, 4,265 incidents, {}", name_of(engine)),
        "value": value.round(),
        "unit": "incidents/s",
        "peer": null,
        "ratio": null,
        "bar": format!("≥ {BAR} incidents/s"),
        "ok": value >= BAR,
    });
    println!("{figure}");
}

/// The incidents of VCDB, one a line.
fn vcdb() -> String {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let data = env::var_os("COMITY_TEST_DATA").map_or(root.join("../shared/data"), PathBuf::from);
    let file = File::open(data.join("vcdb/vcdb-validated-half-A.tar.gz"));
    let file = file.expect("COMITY_TEST_DATA names the folder of the data");
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut lines = String::new();
    for entry in archive.entries().expect("an archive") {
        let mut text = String::new();
        let mut entry = entry.expect("a file of it");
        entry.read_to_string(&mut text).expect("text");
        if text.trim_start().starts_with('{') {
            lines.push_str(&text);
            lines.push('\n');
        }
    }
    lines
}
