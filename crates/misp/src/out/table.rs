//! Attributes as tables and lists.

use formats_misp::full;
use intel::events::{
    model::{Attribute, Object},
    ops::{Seen, head as event_head},
};
use kernel::Timestamp;

use crate::{answer::Fail, ask::Ask, call::unreadable};

/// The columns of MISP's tables.
const COLUMNS: &[&str] = &[
    "uuid",
    "event_id",
    "category",
    "type",
    "value",
    "comment",
    "to_ids",
    "date",
    "object_relation",
    "attribute_tag",
    "object_uuid",
    "object_name",
    "object_meta_category",
];
/// Those that say more of the event.
const OF_EVENT: &[&str] = &[
    "event_info",
    "event_member_org",
    "event_source_org",
    "event_distribution",
    "event_threat_level_id",
    "event_analysis",
    "event_date",
    "event_tag",
];

fn columns(ask: &Ask) -> Vec<&str> {
    if !ask.columns.is_empty() {
        let all = COLUMNS.iter().chain(OF_EVENT);
        let wanted = |name: &&&str| ask.columns.iter().any(|column| column == **name);
        return all.filter(wanted).copied().collect();
    }
    let more = if ask.context { OF_EVENT } else { &[] };
    COLUMNS.iter().chain(more).copied().collect()
}

/// The names of the columns.
pub(super) fn head(out: &mut String, ask: &Ask) {
    if !ask.headerless {
        out.push_str(&columns(ask).join(","));
        out.push('\n');
    }
}

/// A line.
pub(super) fn line(
    out: &mut String,
    ask: &Ask,
    (row, seen, object): (&Attribute, &Seen, Option<&Object>),
) -> Result<(), Fail> {
    let record: full::Attribute =
        serde_json::from_str(&row.body).map_err(|error| unreadable(&error))?;
    let event = &seen.event;
    for (number, column) in columns(ask).into_iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        let text = match column {
            "uuid" => row.uuid.to_string(),
            "event_id" => row.event.to_string(),
            "category" => row.category.clone(),
            "type" => row.kind.clone(),
            "value" => row.value.clone(),
            "comment" => record.comment.clone().unwrap_or_default(),
            "to_ids" => u8::from(row.to_ids).to_string(),
            "date" => day(row.timestamp),
            "object_relation" => row.relation.clone(),
            "attribute_tag" => names(&record.tags),
            "object_uuid" => object.map_or_else(String::new, |one| one.uuid.to_string()),
            "object_name" => object.map_or_else(String::new, |one| one.name.clone()),
            "object_meta_category" => object.map(meta_category).transpose()?.unwrap_or_default(),
            "event_info" => event.info.clone(),
            "event_member_org" => seen.org.name.clone(),
            "event_source_org" => seen.orgc.name.clone(),
            "event_distribution" => event.distribution.to_string(),
            "event_threat_level_id" => event.threat_level.to_string(),
            "event_analysis" => event.analysis.to_string(),
            "event_date" => event.date.clone(),
            "event_tag" => names(&event_head(seen)?.tags),
            _ => String::new(),
        };
        cell(out, &text);
    }
    out.push('\n');
    Ok(())
}

fn day(seconds: i64) -> String {
    let moment = Timestamp::from_micros(seconds.saturating_mul(1_000_000));
    moment
        .to_string()
        .chars()
        .take(10)
        .filter(|c| *c != '-')
        .collect()
}

fn names(tags: &[full::Tag]) -> String {
    let names: Vec<_> = tags.iter().filter_map(|tag| tag.name.as_deref()).collect();
    names.join(",")
}

fn meta_category(object: &Object) -> Result<String, Fail> {
    let record: full::Object =
        serde_json::from_str(&object.body).map_err(|error| unreadable(&error))?;
    Ok(record.meta_category.unwrap_or_default())
}

/// A cell in quotes where it needs them (RFC 4180). What a spreadsheet would take for a formula gets
/// an apostrophe before it.
pub(super) fn cell(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || text.contains([',', '"', '\n', '\r']);
    if !quoted {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// A value on a line of its own.
pub(super) fn text(out: &mut String, value: &str) {
    let line = value.replace(['\r', '\n'], " ");
    out.push_str(line.trim());
    out.push('\n');
}

/// The hash of an attribute that is one, or has one behind a file name.
pub(super) fn hash(out: &mut String, row: &Attribute) {
    let is_hash = |kind: &str| {
        matches!(
            kind,
            "md5" | "impfuzzy" | "imphash" | "pehash" | "authentihash"
        ) || kind.starts_with("sha")
            || matches!(kind, "ssdeep" | "tlsh" | "vhash" | "cdhash" | "telfhash")
    };
    if is_hash(&row.kind) {
        text(out, &row.value);
        return;
    }
    let parts = formats_misp::composite(&row.kind, &row.value);
    if let Some([_, (kind, value)]) = parts
        && is_hash(kind)
    {
        text(out, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula() {
        let write = |text: &str| {
            let mut out = String::new();
            cell(&mut out, text);
            out
        };
        assert_eq!(write("198.51.100.7"), "198.51.100.7");
        assert_eq!(write("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(write("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(write("@SUM(1)"), "\"'@SUM(1)\"");
    }
}
