//! A table, one value a row.

use std::collections::HashMap;

use stix::json::{Document, Value};

use super::{About, values::values};
use crate::{convert::Losses, model::Listed};

const HEAD: &str = "id,type,value_type,value,name,pattern,tlp,created,modified,valid_from,\
                    valid_until,confidence,revoked,exercise\r\n";
/// Members that a row has; others are told as lost.
const CARRIED: &[&str] = &[
    "id",
    "type",
    "spec_version",
    "value",
    "name",
    "pattern",
    "pattern_type",
    "created",
    "modified",
    "valid_from",
    "valid_until",
    "confidence",
    "revoked",
    "object_marking_refs",
];

#[derive(Debug)]
pub(crate) struct Table {
    about: About,
}

impl Table {
    pub(super) const fn new(about: About) -> Self {
        Self { about }
    }

    #[expect(clippy::unused_self, reason = "as the other writers")]
    pub(super) fn head(&mut self) -> String {
        HEAD.to_owned()
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut of: HashMap<String, Vec<(&str, String)>> = HashMap::new();
        // What is said of values here is said by their rows: nothing is left out.
        let mut untold = Losses::default();
        for found in values(objects, self.about.at, true, &mut untold) {
            let all = of.entry(found.id).or_default();
            all.push((found.kind, found.value));
        }
        let mut page = String::new();
        for object in objects {
            let Ok(document) = Document::parse(object.body.as_bytes()) else {
                losses.add(&object.stix_id, "unreadable", 1);
                continue;
            };
            let root = document.root();
            let kind = root.text("type").unwrap_or_default();
            for (name, _) in root.members() {
                if !CARRIED.contains(&name) {
                    losses.add(kind, name, 1);
                }
            }
            let own = root.text("value").map(|value| (kind, value.to_owned()));
            let mut found = of.remove(&object.stix_id).unwrap_or_default();
            found.extend(own);
            if found.is_empty() {
                found.push(("", String::new()));
            }
            for (value_type, value) in &found {
                self.row(&mut page, (object, root), (value_type, value));
            }
        }
        page
    }

    fn row(
        &self,
        page: &mut String,
        (object, root): (&Listed, Value<'_>),
        (value_type, value): (&str, &str),
    ) {
        let text = |name: &str| root.text(name).unwrap_or_default();
        let confidence = root.get("confidence").map_or("", Value::raw);
        let yes = |is| if is { "true" } else { "false" };
        let cells = [
            object.stix_id.as_str(),
            text("type"),
            value_type,
            value,
            text("name"),
            text("pattern"),
            object.tlp.as_str(),
            text("created"),
            text("modified"),
            text("valid_from"),
            text("valid_until"),
            confidence,
            yes(object.is_revoked),
            yes(self.about.mode.is_exercise()),
        ];
        let cells = cells.map(cell);
        page.push_str(&cells.join(","));
        page.push_str("\r\n");
    }
}

/// A text as a cell that no program takes for a formula: where it begins as one, an apostrophe
/// stands before it.
fn cell(text: &str) -> String {
    let is_formula = kernel::is_formula(text);
    let guarded = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r', ';', '\t']) || is_formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("  @SUM(A1)"), "\"'  @SUM(A1)\"");
        assert_eq!(cell("-2+3"), "\"'-2+3\"");
        assert_eq!(cell("\tx"), "\"'\tx\"");
        assert_eq!(cell("evil.example"), "evil.example");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
