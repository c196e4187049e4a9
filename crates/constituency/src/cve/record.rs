//! Records of the CVE Program: JSON 5.0 and later.

use serde_json::Value;

use super::{
    ENTRIES_MAX, Entry, Extent, File, Named, Origin, PRODUCTS_MAX, Status, VULNERABILITIES_MAX,
};
use crate::{error::Error, model::Cve, names, version};

/// Words that say that nothing is said.
const NOTHING: [&str; 6] = ["", "n/a", "na", "-", "unspecified", "unknown"];
/// The longest name and source, in characters; longer ones are cut.
const SOURCE_CHARS: usize = 100;

/// Reads one record, a list of them, or one a line. One bad record does not stop the rest.
pub(super) fn read(text: &str) -> Result<File, Error> {
    let mut file = File {
        origin: Origin::Record,
        vulnerabilities: Vec::new(),
        refused: Vec::new(),
    };
    let values: Vec<Result<Value, serde_json::Error>> = match serde_json::from_str(text) {
        Ok(Value::Array(values)) => values.into_iter().map(Ok).collect(),
        Ok(value) => vec![Ok(value)],
        Err(error) => {
            let mut lines = text.lines().filter(|line| !line.trim().is_empty());
            let first = lines.next().unwrap_or_default();
            // What does not begin with a whole record is no file of one a line either.
            if serde_json::from_str::<Value>(first).is_err() {
                return Err(Error::Catalogue(error));
            }
            std::iter::once(first)
                .chain(lines)
                .map(serde_json::from_str)
                .collect()
        }
    };
    for (place, value) in (1..).zip(values) {
        let read = value.map_err(|_no_json| "JSON");
        match read.and_then(|value| record(&value)) {
            Ok(found) => file.vulnerabilities.push(found),
            Err(field) => file.refused.push((place, field.to_owned())),
        }
        if file.vulnerabilities.len() + file.refused.len() > VULNERABILITIES_MAX {
            return Err(Error::TooLarge {
                max: VULNERABILITIES_MAX,
            });
        }
    }
    Ok(file)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    let found = value.get(field).and_then(Value::as_str);
    found.unwrap_or_default().trim()
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    let found = value.get(field).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn cut(text: &str, longest: usize) -> String {
    let printable = text.chars().filter(|one| !one.is_control());
    printable.take(longest).collect()
}

/// A record, or the field that it cannot be without.
fn record(value: &Value) -> Result<(Cve, Vec<Named>), &'static str> {
    if !text(value, "dataVersion").starts_with("5.") {
        return Err("dataVersion");
    }
    let about = value.get("cveMetadata").ok_or("cveMetadata")?;
    let cve: Cve = text(about, "cveId").parse().map_err(|_no_cve| "cveId")?;
    if text(about, "state").eq_ignore_ascii_case("rejected") {
        return Ok((cve, Vec::new()));
    }
    let containers = value.get("containers").ok_or("containers")?;
    let own = containers.get("cna").into_iter();
    let mut found = Vec::new();
    for container in own.chain(list(containers, "adp")) {
        let provider = container.get("providerMetadata");
        let source = provider.map_or("", |provider| text(provider, "shortName"));
        let source = format!("CVE: {}", cut(source, SOURCE_CHARS));
        for affected in list(container, "affected") {
            found.extend(product(affected, &source)?);
        }
    }
    if found.len() > PRODUCTS_MAX {
        return Err("affected");
    }
    Ok((cve, found))
}

/// What is said of a product; nothing where none is named.
fn product(value: &Value, source: &str) -> Result<Option<Named>, &'static str> {
    let is_named = |name: &str| !NOTHING.contains(&name.to_lowercase().as_str());
    let (vendor, name) = (text(value, "vendor"), text(value, "product"));
    if !is_named(name) {
        return Ok(None);
    }
    let vendor = if is_named(vendor) { vendor } else { "" };
    let fallback = match text(value, "defaultStatus") {
        "" => Status::Unknown,
        word => Status::from_word(word).ok_or("defaultStatus")?,
    };
    let mut entries = Vec::new();
    for one in list(value, "versions") {
        entries_of(one, &mut entries)?;
        if entries.len() > ENTRIES_MAX {
            return Err("versions");
        }
    }
    Ok(Some(Named {
        vendor: cut(vendor, names::CHARS_MAX),
        product: cut(name, names::CHARS_MAX),
        fallback,
        entries,
        source: source.to_owned(),
    }))
}

/// What is said of one version or range, cut where it changes within.
fn entries_of(value: &Value, entries: &mut Vec<Entry>) -> Result<(), &'static str> {
    let status = Status::from_word(text(value, "status")).ok_or("status")?;
    let since = written(text(value, "version"));
    let (before, to) = (
        written(text(value, "lessThan")),
        written(text(value, "lessThanOrEqual")),
    );
    let is_git = text(value, "versionType").eq_ignore_ascii_case("git");
    let mut entry = match (before.as_str(), to.as_str()) {
        _ if is_git => odd(&since, status),
        ("", "") => super::one_of(&since, status),
        ("*", _) | (_, "*") => range(&since, "", (Extent::On, status)),
        ("", to) => range(&since, to, (Extent::To, status)),
        (before, _) => range(&since, before, (Extent::Before, status)),
    };
    let (until, extent) = (entry.until.clone(), entry.extent);
    for change in list(value, "changes") {
        let at = written(text(change, "at"));
        let next = Status::from_word(text(change, "status")).ok_or("changes")?;
        if matches!(extent, Extent::Odd | Extent::One) {
            // Where it changes cannot be said: nobody knows of what comes after.
            entries.push(odd(&at, next));
            continue;
        }
        entry.until.clone_from(&at);
        entry.extent = Extent::Before;
        entries.push(entry);
        entry = range(&at, &until, (extent, next));
    }
    entries.push(entry);
    Ok(())
}

/// A version without the backslashes that some take over from CPE names.
fn written(text: &str) -> String {
    cut(&text.replace('\\', ""), version::CHARS_MAX)
}

fn odd(since: &str, status: Status) -> Entry {
    Entry {
        since: since.to_owned(),
        until: String::new(),
        extent: Extent::Odd,
        status,
    }
}

/// A range; one that begins nowhere in particular begins with the first version.
fn range(since: &str, until: &str, (extent, status): (Extent, Status)) -> Entry {
    let lowered = since.to_lowercase();
    let from_first = matches!(lowered.as_str(), "0" | "*") || NOTHING.contains(&lowered.as_str());
    Entry {
        since: if from_first { "" } else { since }.to_owned(),
        until: until.to_owned(),
        extent,
        status,
    }
}
