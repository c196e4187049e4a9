//! The enumerations of VERIS: `verisc-enum.json`, or `verisc-labels.json`, which also has words. Neither
//! says its version.

use serde_json::{Map, Value};

use super::{ENTRIES_MAX, Raw, RawEntry, TaxonomyFault, broken};
use crate::taxonomy::shipped::VERIS;

pub(super) fn read(text: &str) -> Result<Raw, TaxonomyFault> {
    let all: Map<String, Value> = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let mut entries = Vec::new();
    below(&all, None, &mut entries)?;
    Ok(Raw {
        name: Some(VERIS.to_owned()),
        title: Some("VERIS: Vocabulary for Event Recording and Incident Sharing".to_owned()),
        source: Some("https://verisframework.org".to_owned()),
        entries,
        ..Raw::default()
    })
}

/// The fields below one, and their values. The reader of JSON bounds how deep they are.
fn below(
    members: &Map<String, Value>,
    path: Option<&str>,
    entries: &mut Vec<RawEntry>,
) -> Result<(), TaxonomyFault> {
    for (field, value) in members {
        let code = path.map_or_else(|| field.clone(), |path| format!("{path}.{field}"));
        entries.push(RawEntry {
            at: code.clone(),
            name: Some(code.clone()),
            code: code.clone(),
            parent: path.map(str::to_owned),
            about: None,
        });
        let unfit = || {
            let detail = "a list of texts, or an object, stands here in enumerations of VERIS";
            TaxonomyFault::unreadable(code.clone(), detail)
        };
        let mut add = |value: &str, words: Option<&str>| {
            entries.push(RawEntry {
                at: format!("{code} {value}"),
                code: format!("{code}/{value}"),
                parent: Some(code.clone()),
                name: Some(value.to_owned()),
                about: words.filter(|words| *words != value).map(str::to_owned),
            });
        };
        match value {
            Value::Array(values) => {
                for value in values {
                    add(value.as_str().ok_or_else(unfit)?, None);
                }
            }
            Value::Object(labels)
                if !labels.is_empty() && labels.values().all(Value::is_string) =>
            {
                for (value, words) in labels {
                    add(value, words.as_str());
                }
            }
            Value::Object(members) => below(members, Some(&code), entries)?,
            _ => return Err(unfit()),
        }
        if entries.len() > ENTRIES_MAX {
            return Err(super::too_many(entries.len()));
        }
    }
    Ok(())
}
