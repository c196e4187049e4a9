//! A table of affected versions: one line a version or range of a product.

use std::collections::HashMap;

use super::{ENTRIES_MAX, Entry, Extent, File, Named, Origin, PRODUCTS_MAX, Status, one_of};
use crate::{
    csv,
    error::Error,
    model::{Cve, Invalid},
    names, version,
};

/// The columns, in the order in which [`Line`] holds their places.
const COLUMNS: [&str; 9] = [
    "cve", "vendor", "product", "version", "since", "before", "to", "status", "default",
];
/// Where who says so stands, where the table has a column for it.
const SOURCE: &str = "source";
/// The most lines.
const LINES_MAX: usize = 200_000;
/// The longest source, in characters.
const SOURCE_CHARS_MAX: usize = 500;

/// The place of each column; nothing for one that the table does not have.
type Places = [Option<usize>; COLUMNS.len()];

/// Reads a table with a first line of names. One bad line does not stop the rest.
pub(super) fn read(text: &str) -> Result<File, Error> {
    let delimiter = csv::delimiter(text);
    let mut file = File {
        origin: Origin::Table,
        vulnerabilities: Vec::new(),
        refused: Vec::new(),
    };
    let mut at: HashMap<String, usize> = HashMap::new();
    let (mut rest, mut line, mut header, mut count) = (text.as_bytes(), 1_i64, None, 0);
    while let Some(cut) = csv::cut(rest, delimiter, true) {
        let (record, after) = rest.split_at_checked(cut.bytes).unwrap_or((rest, &[]));
        rest = after;
        let here = line;
        line += cut.lines;
        let record = String::from_utf8_lossy(record);
        if record.trim().is_empty() {
            continue;
        }
        let cells = csv::cells(&record, delimiter).filter(|_| cut.lines > 0);
        let Some((places, source, width)) = &header else {
            header = Some(head(&cells.unwrap_or_default())?);
            continue;
        };
        count += 1;
        if count > LINES_MAX {
            return Err(Error::TooLarge { max: LINES_MAX });
        }
        let cells = cells.filter(|cells| cells.len() == *width);
        let read = cells
            .ok_or("cells")
            .and_then(|cells| entry(&cells, places, *source));
        match read.and_then(|read| put(&mut file, &mut at, read)) {
            Ok(()) => {}
            Err(column) => file.refused.push((here, column.to_owned())),
        }
    }
    Ok(file)
}

/// Where the columns stand.
fn head(header: &[String]) -> Result<(Places, Option<usize>, usize), Invalid> {
    let keys: Vec<String> = header.iter().map(|name| names::key(name)).collect();
    let place = |column: &str| keys.iter().position(|key| key == column);
    let places = COLUMNS.map(place);
    for (column, place) in COLUMNS.iter().zip(places).take(3) {
        if place.is_none() {
            return Err(Invalid {
                field: "file",
                rule: match *column {
                    "cve" => "a table with the columns cve, vendor and product, or CVE records",
                    _ => "a table with the columns cve, vendor and product",
                },
            });
        }
    }
    Ok((places, place(SOURCE), header.len()))
}

/// A line: the vulnerability, the product without entries, and its entry where it has one.
type Read = (Cve, Named, Option<Entry>);

fn entry(cells: &[String], places: &Places, source: Option<usize>) -> Result<Read, &'static str> {
    let cell = |place: Option<usize>| {
        let found = place.and_then(|place| cells.get(place));
        found.map_or("", |cell| csv::bare(cell).trim())
    };
    let [
        cve,
        vendor,
        product,
        one,
        since,
        before,
        to,
        status,
        default,
    ] = places.map(cell);
    for (column, text) in COLUMNS.iter().zip([
        cve, vendor, product, one, since, before, to, status, default,
    ]) {
        let longest = match *column {
            "vendor" | "product" => names::CHARS_MAX,
            _ => version::CHARS_MAX,
        };
        if text.chars().any(char::is_control) || text.chars().count() > longest {
            return Err(*column);
        }
    }
    let source = cell(source);
    if source.chars().any(char::is_control) || source.chars().count() > SOURCE_CHARS_MAX {
        return Err(SOURCE);
    }
    let cve: Cve = cve.parse().map_err(|_no_cve| "cve")?;
    if names::key(product).is_empty() {
        return Err("product");
    }
    let status = match status.to_lowercase().as_str() {
        "" => Status::Affected,
        word => Status::from_word(word).ok_or("status")?,
    };
    let fallback = match default.to_lowercase().as_str() {
        "" => Status::Unknown,
        word => Status::from_word(word).ok_or("default")?,
    };
    let range = |until: &str, extent| Entry {
        since: since.to_owned(),
        until: until.to_owned(),
        extent,
        status,
    };
    let entry = match (one, since, before, to) {
        ("", "", "", "") => None,
        (one, "", "", "") => Some(one_of(one, status)),
        ("", _, "", "") => Some(range("", Extent::On)),
        ("", _, before, "") => Some(range(before, Extent::Before)),
        ("", _, "", to) => Some(range(to, Extent::To)),
        ("", ..) => return Err("to"),
        _ => return Err("version"),
    };
    let named = Named {
        vendor: vendor.to_owned(),
        product: product.to_owned(),
        fallback,
        entries: Vec::new(),
        source: source.to_owned(),
    };
    Ok((cve, named, entry))
}

/// Puts a line to its vulnerability and product.
fn put(
    file: &mut File,
    at: &mut HashMap<String, usize>,
    (cve, named, entry): Read,
) -> Result<(), &'static str> {
    let next = file.vulnerabilities.len();
    let place = *at.entry(cve.as_str().to_owned()).or_insert(next);
    if place == next {
        file.vulnerabilities.push((cve, Vec::new()));
    }
    let Some((_, products)) = file.vulnerabilities.get_mut(place) else {
        return Err("cve");
    };
    let same = |one: &&mut Named| {
        one.vendor == named.vendor && one.product == named.product && one.source == named.source
    };
    if let Some(known) = products.iter_mut().find(same) {
        if known.fallback == Status::Unknown {
            known.fallback = named.fallback;
        } else if named.fallback != Status::Unknown && named.fallback != known.fallback {
            return Err("default");
        }
        if known.entries.len() >= ENTRIES_MAX {
            return Err("version");
        }
        known.entries.extend(entry);
        return Ok(());
    }
    if products.len() >= PRODUCTS_MAX {
        return Err("product");
    }
    products.push(Named {
        entries: entry.into_iter().collect(),
        ..named
    });
    Ok(())
}
