//! The catalogue of known exploited vulnerabilities as CISA publishes it, in JSON.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    day::Day,
    error::Error,
    model::{Cve, Vulnerability},
};

/// The longest file.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// The most entries.
const ENTRIES_MAX: usize = 100_000;
/// The longest name and the longest text, in characters; longer ones are cut.
const NAME_CHARS: usize = 300;
const TEXT_CHARS: usize = 4_000;

/// A catalogue, entry by entry: what it says, or its place, from 1, and why it cannot be read.
#[derive(Debug)]
pub struct Catalogue {
    /// The version that it gives itself.
    pub version: String,
    /// The entries that can be read.
    pub entries: Vec<Vulnerability>,
    /// The others.
    pub refused: Vec<(usize, String)>,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "catalogVersion", default)]
    version: String,
    vulnerabilities: Vec<Value>,
}

/// Reads a catalogue. One bad entry does not stop the rest.
pub fn read(bytes: &[u8]) -> Result<Catalogue, Error> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Error::TooLarge {
            max: FILE_BYTES_MAX,
        });
    }
    let file: File = serde_json::from_slice(bytes).map_err(Error::Catalogue)?;
    if file.vulnerabilities.len() > ENTRIES_MAX {
        return Err(Error::TooLarge { max: ENTRIES_MAX });
    }
    let (mut entries, mut refused) = (Vec::new(), Vec::new());
    for (place, value) in (1..).zip(&file.vulnerabilities) {
        match entry(value) {
            Ok(entry) => entries.push(entry),
            Err(field) => refused.push((place, field.to_owned())),
        }
    }
    Ok(Catalogue {
        version: cut(&file.version, NAME_CHARS),
        entries,
        refused,
    })
}

/// An entry, or the field that it cannot be without.
fn entry(value: &Value) -> Result<Vulnerability, &'static str> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let name = |field: &'static str| match text(field).trim() {
        "" => Err(field),
        text => Ok(cut(text, NAME_CHARS)),
    };
    let cve: Cve = text("cveID").parse().map_err(|_no_cve| "cveID")?;
    let due_on = match text("dueDate") {
        "" => None,
        day => Some(day.parse::<Day>().map_err(|_no_day| "dueDate")?),
    };
    Ok(Vulnerability {
        cve,
        vendor: name("vendorProject")?,
        product: name("product")?,
        name: cut(text("vulnerabilityName"), NAME_CHARS),
        about: cut(text("shortDescription"), TEXT_CHARS),
        action: cut(text("requiredAction"), TEXT_CHARS),
        notes: cut(text("notes"), TEXT_CHARS),
        added_on: text("dateAdded").parse().map_err(|_no_day| "dateAdded")?,
        due_on,
        is_ransomware: text("knownRansomwareCampaignUse").eq_ignore_ascii_case("known"),
    })
}

fn cut(text: &str, longest: usize) -> String {
    let printable = text.trim().chars().filter(|one| !one.is_control());
    printable.take(longest).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_bad_entry_does_not_stop_the_rest() {
        let file = br#"{"catalogVersion":"1","vulnerabilities":[
            {"cveID":"CVE-2024-1111","vendorProject":"Example","product":"Mail","dateAdded":"2024-01-02",
             "knownRansomwareCampaignUse":"Known","more":[1]},
            {"cveID":"CVE-2024-2222","vendorProject":"Example","product":"Mail","dateAdded":"-2024-01-02"},
            {"cveID":"CVE-2024-3333","vendorProject":" ","product":"Mail","dateAdded":"2024-01-02"},
            7]}"#;
        let found = read(file).unwrap();
        assert_eq!(found.entries.len(), 1);
        assert!(found.entries[0].is_ransomware);
        let refused: Vec<_> = found
            .refused
            .iter()
            .map(|(at, why)| (*at, why.as_str()))
            .collect();
        assert_eq!(
            refused,
            [(2, "dateAdded"), (3, "vendorProject"), (4, "cveID")]
        );
        for bad in ["", "[]", "{}", "{\"vulnerabilities\":7}"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_file_ends_the_program(text in "\\PC{0,100}") {
            let _read = read(text.as_bytes());
            let _read = read(format!("{{\"vulnerabilities\":[{text}]}}").as_bytes());
        }
    }
}
