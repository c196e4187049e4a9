//! JSON for people: indented, with properties in the order in which the specification lists them.

use crate::{
    id::raw_json,
    json::{self, Kind, Value},
    objects,
};

/// What stands first, in this order (STIX 2.1 §3.2).
const FIRST: [&str; 7] = [
    "type",
    "spec_version",
    "id",
    "created_by_ref",
    "created",
    "modified",
    "revoked",
];

/// The value, indented by two spaces a level, without a line break at the end. Values keep their
/// text: digits of numbers and times stay as they came.
///
/// Properties of an object come in the order of the specification, those that it does not know
/// behind them as they came; so do the members of a bundle.
pub fn pretty(value: Value<'_>) -> String {
    let mut out = String::with_capacity(value.raw().len() * 2);
    write(value, 0, &mut out);
    out
}

/// Recursion ends, since a document's depth has a limit.
fn write(value: Value<'_>, depth: usize, out: &mut String) {
    match value.kind() {
        Kind::Array => {
            container(value.items(), ('[', ']'), depth, out, |item, out| {
                write(item, depth + 1, out);
            });
        }
        Kind::Object => {
            let mut members: Vec<_> = value.members().collect();
            if let Some(order) = Order::of(value) {
                members.sort_by_key(|(name, _)| order.place(name));
            }
            container(members, ('{', '}'), depth, out, |(name, member), out| {
                json::write_string(name, out);
                out.push_str(": ");
                write(member, depth + 1, out);
            });
        }
        _ => out.push_str(&raw_json(value)),
    }
}

fn container<T>(
    items: impl IntoIterator<Item = T>,
    (open, close): (char, char),
    depth: usize,
    out: &mut String,
    mut item: impl FnMut(T, &mut String),
) {
    out.push(open);
    let mut empty = true;
    for one in items {
        out.push_str(if empty { "\n" } else { ",\n" });
        empty = false;
        indent(depth + 1, out);
        item(one, out);
    }
    if !empty {
        out.push('\n');
        indent(depth, out);
    }
    out.push(close);
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Where each property of an object stands.
struct Order {
    own: &'static [crate::schema::Property],
}

impl Order {
    /// The order of an object; nothing for what stands within one.
    fn of(value: Value<'_>) -> Option<Self> {
        let schema = value.text("type").and_then(objects::schema_of);
        let own: &[_] = schema.map_or(&[], |schema| schema.properties);
        (schema.is_some() || value.get("id").is_some()).then_some(Self { own })
    }

    fn place(&self, name: &str) -> usize {
        let first = FIRST.iter().position(|known| *known == name);
        let own = || {
            let at = self.own.iter().position(|property| property.name == name)?;
            Some(FIRST.len() + at)
        };
        first.or_else(own).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    #[test]
    fn properties_come_in_the_order_of_the_specification() {
        let text = br#"{"value":"198.51.100.3","x_note":[],"id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","type":"ipv4-addr","x_more":{"b":1.0,"a":[null]}}"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(
            pretty(document.root()),
            r#"{
  "type": "ipv4-addr",
  "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd",
  "value": "198.51.100.3",
  "x_note": [],
  "x_more": {
    "b": 1.0,
    "a": [
      null
    ]
  }
}"#
        );
    }
}
