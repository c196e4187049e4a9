//! Files as documents.

use serde_json::Value;

use crate::formats::{
    csv, entries, misp,
    model::{Format, Found, Remark, Settings, Why},
    stix, veris,
};

/// How far into a text is looked to find out what it is, in bytes.
const LOOK_BYTES: usize = 256 * 1024;

/// The documents of a file, one by one.
#[expect(
    missing_debug_implementations,
    reason = "it is an iterator of anything"
)]
pub struct Documents<'t> {
    /// What the file holds.
    pub format: Format,
    each: Box<dyn Iterator<Item = Found> + Send + 't>,
}

impl Iterator for Documents<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        self.each.next()
    }
}

/// What a text is, by what is in it.
pub fn detect(text: &str) -> Result<Format, Remark> {
    let start = text.trim_start();
    if start.starts_with('<') {
        let detail = "XML: read are VERIS, STIX 2.1 and MISP as JSON, and tables";
        return Err(Remark::new("", Why::Unreadable, detail));
    }
    if !start.starts_with(['{', '[']) {
        return Ok(Format::Csv);
    }
    let mut end = LOOK_BYTES.min(start.len());
    while !start.is_char_boundary(end) {
        end -= 1;
    }
    let look = start.get(..end).unwrap_or(start);
    let has = |word: &str| look.contains(word);
    if has("\"security_incident\"") || has("\"schema_version\"") {
        Ok(Format::Veris)
    } else if has("\"Event\"") || has("\"threat_level_id\"") {
        Ok(Format::Misp)
    } else if has("\"incident--") || has("\"bundle\"") {
        Ok(Format::Stix)
    } else {
        let detail = "JSON that is neither of VERIS nor of STIX nor an event of MISP";
        Err(Remark::new("", Why::Unreadable, detail))
    }
}

/// The documents of a text. Where the text is no file of its format at all, why it is not.
pub fn documents<'t>(
    format: Format,
    text: &'t str,
    settings: &'t Settings,
) -> Result<Documents<'t>, Remark> {
    let each: Box<dyn Iterator<Item = Found> + Send + 't> = match format {
        Format::Csv => Box::new(table(text, settings)?),
        Format::Veris => Box::new(entries(text).into_iter().map(move |entry| {
            let place = format!("line {}", entry.line);
            match entry.text {
                Ok(text) => {
                    let (name, sha256, read) = veris::read(text, settings);
                    Found {
                        place,
                        name,
                        sha256,
                        read,
                    }
                }
                Err(remark) => unread(place, remark),
            }
        })),
        Format::Misp => Box::new(json(text, settings, misp::read)),
        Format::Stix => Box::new(json(text, settings, stix::read)),
    };
    Ok(Documents { format, each })
}

fn unread(place: String, remark: Remark) -> Found {
    Found {
        place,
        name: String::new(),
        sha256: [0; 32],
        read: Err(vec![remark]),
    }
}

/// Rows of a table, and at their end what cannot be read of it.
fn table<'t>(
    text: &str,
    settings: &'t Settings,
) -> Result<impl Iterator<Item = Found> + Send + use<'t>, Remark> {
    let (mut table, fields) = csv::read(text, settings)?;
    if table.rows.is_empty() && table.remarks.is_empty() && fields.iter().all(Option::is_none) {
        let detail = "neither rows nor a column whose name is known";
        return Err(Remark::new("", Why::Missing, detail));
    }
    let rest = std::mem::take(&mut table.remarks)
        .into_iter()
        .map(|remark| {
            let place = remark.at.clone();
            let at = String::new();
            unread(place, Remark { at, ..remark })
        });
    let each = csv::rows(table, fields, settings);
    Ok(each.chain(rest))
}

fn json<'t>(
    text: &'t str,
    settings: &'t Settings,
    read: fn(Value, &Settings) -> Vec<Found>,
) -> impl Iterator<Item = Found> + Send + 't {
    entries(text).into_iter().flat_map(move |entry| {
        let place = format!("line {}", entry.line);
        let doc = entry.text.and_then(|text| {
            serde_json::from_str(text)
                .map_err(|error| Remark::new("", Why::Unreadable, error.to_string()))
        });
        match doc {
            Ok(doc) => read(doc, settings)
                .into_iter()
                .map(|found| Found {
                    place: place.clone(),
                    ..found
                })
                .collect(),
            Err(remark) => vec![unread(place, remark)],
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_shows_in_it() {
        for (text, format) in [
            ("title,country\nA,US", Format::Csv),
            ("[{\"schema_version\":\"1.3\"}]", Format::Veris),
            ("{\"Event\":{}}", Format::Misp),
            ("{\"type\":\"bundle\"}", Format::Stix),
        ] {
            assert_eq!(detect(text), Ok(format));
        }
        assert!(detect("{}").is_err());
        assert!(detect("<?xml version=\"1.0\"?><a/>").is_err());
    }

    #[test]
    fn what_holds_nothing_is_refused_and_an_empty_list_is_not() {
        let settings = Settings::default();
        let read = |text| documents(Format::Csv, text, &settings).map(Iterator::count);
        assert!(read("null").is_err());
        assert!(read("hello").is_err());
        assert_eq!(read("id,title\r\n"), Ok(0));
    }

    #[test]
    fn a_bad_document_stands_between_good_ones() {
        let settings = Settings::default();
        let text = "{\"Event\":{\"uuid\":\"5a1f0f2c-3c5e-4a7e-9a54-0000000000aa\",\"info\":\"A\"}}\n\
                    {\"Event\":\n{\"Event\":{}}\n";
        let found: Vec<_> = documents(Format::Misp, text, &settings).unwrap().collect();
        let read: Vec<bool> = found.iter().map(|one| one.read.is_ok()).collect();
        assert_eq!(read, [true, false, false]);
        assert_eq!(found[2].place, "line 3");
    }
}
