//! What of events and their parts is for the house alone: reports, what analysts say, and clusters of
//! galaxies whose own distribution keeps them there. These stand within the bodies of others.

use std::{borrow::Cow, collections::BTreeSet};

use formats_misp::cluster_tag;
use kernel::{Tlp, Viewer};
use serde_json::{Map, Value};

use super::{org::is_of_house, view::Seen};
use crate::events::model::{Attribute, Object};

/// Members that hold what has a distribution of its own.
const HELD: &[&str] = &["EventReport", "Note", "Opinion", "Relationship"];
const GALAXY: &str = "Galaxy";
const CLUSTER: &str = "GalaxyCluster";

/// What stands between somebody and what is for the house alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curtain {
    is_open: bool,
}

impl Curtain {
    /// Before one who is shown some labels of an event.
    pub(super) const fn of(seen: &Seen) -> Self {
        Self {
            is_open: seen.of_house && seen.mask & (1 << Tlp::AmberStrict.code()) != 0,
        }
    }

    /// Before a viewer who is shown all labels that he may see.
    pub(super) fn before(viewer: &Viewer) -> Self {
        Self {
            is_open: is_of_house(viewer),
        }
    }

    /// Takes what is for the house alone out of rows, unless it is open.
    pub(super) fn draw(self, rows: &mut [impl Bodied]) {
        for row in rows {
            self.draw_text(row.body());
        }
    }

    /// [`Self::draw`] for one body.
    pub(super) fn draw_text(self, body: &mut String) {
        if !self.is_open {
            draw_text(body);
        }
    }

    /// A body as it is shown.
    pub(super) fn shown(self, body: &str) -> Cow<'_, str> {
        let mut text = Cow::Borrowed(body);
        if !self.is_open {
            draw_text(text.to_mut());
        }
        text
    }
}

/// A row with a body in MISP's format.
pub(super) trait Bodied {
    fn body(&mut self) -> &mut String;
}

impl Bodied for Attribute {
    fn body(&mut self) -> &mut String {
        &mut self.body
    }
}

impl Bodied for Object {
    fn body(&mut self) -> &mut String {
        &mut self.body
    }
}

fn draw_text(body: &mut String) {
    let named = |name: &&str| body.contains(name);
    if !HELD.iter().chain([&CLUSTER]).any(named) {
        return;
    }
    // What cannot be read, cannot be shown either.
    let mut value: Value = serde_json::from_str(body).unwrap_or_default();
    draw_value(&mut value);
    *body = value.to_string();
}

fn draw_value(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(draw_value),
        Value::Object(members) => {
            for name in HELD {
                if let Some(Value::Array(items)) = members.get_mut(*name) {
                    items.retain(|item| !stays(item));
                }
            }
            draw_galaxies(members);
            members.values_mut().for_each(draw_value);
        }
        _ => {}
    }
}

/// Takes clusters out, and the tags that name them.
fn draw_galaxies(members: &mut Map<String, Value>) {
    let mut names = BTreeSet::new();
    if let Some(Value::Array(galaxies)) = members.get_mut(GALAXY) {
        galaxies.retain_mut(|galaxy| {
            let local = is_set(galaxy, "local_only");
            let kind = text(galaxy, "type").map(str::to_owned);
            let Some(Value::Array(clusters)) = galaxy.get_mut(CLUSTER) else {
                return !local;
            };
            clusters.retain(|cluster| {
                let goes = local || is_set(cluster, "local") || stays(cluster);
                if goes {
                    let kind = text(cluster, "type").or(kind.as_deref());
                    let value = text(cluster, "value").unwrap_or_default();
                    let name = text(cluster, "tag_name").map(str::to_owned);
                    let name = name.unwrap_or_else(|| cluster_tag(kind.unwrap_or_default(), value));
                    names.insert(name);
                }
                !goes
            });
            !clusters.is_empty()
        });
    }
    if let Some(Value::Array(tags)) = members.get_mut("Tag") {
        tags.retain(|tag| text(tag, "name").is_none_or(|name| !names.contains(name)));
    }
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn is_set(value: &Value, name: &str) -> bool {
    match value.get(name) {
        Some(Value::Bool(is)) => *is,
        Some(Value::String(text)) => matches!(text.as_str(), "1" | "true"),
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        _ => false,
    }
}

/// Whether a distribution keeps something in the house: that of the own organisation, of a group, and
/// any that MISP does not have, such as an empty one.
fn stays(item: &Value) -> bool {
    let number = match item.get("distribution") {
        None | Some(Value::Null) => return false,
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(other) => other.as_u64(),
    };
    !matches!(number, Some(1 | 2 | 3 | 5))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_for_the_house_goes_and_the_rest_stays() {
        let said = |distribution: &Value| json!({"note": "n", "distribution": distribution});
        let kept = [json!("1"), json!(3), json!("5"), json!(null)];
        let gone = [
            json!("0"),
            json!(4),
            json!("17"),
            json!("all"),
            json!([]),
            json!(""),
        ];
        let all: Vec<_> = kept.iter().chain(&gone).map(said).collect();
        let mut body = json!({"Note": all, "Object": [{"Opinion": all}]}).to_string();
        draw_text(&mut body);
        let left: Vec<_> = kept.iter().map(said).collect();
        let expected = json!({"Note": left, "Object": [{"Opinion": left}]});
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
    }

    #[test]
    fn a_cluster_goes_with_its_tag() {
        let cluster = |value: &str, more: (&str, Value)| {
            let mut cluster = json!({"type": "tool", "value": value});
            cluster[more.0] = more.1;
            cluster
        };
        let tag = |value: &str| json!({"name": format!("misp-galaxy:tool=\"{value}\"")});
        let mut body = json!({
            "Tag": [tag("A"), tag("B"), tag("C")],
            "Galaxy": [
                {"type": "tool", "GalaxyCluster": [cluster("A", ("distribution", json!("0"))),
                    cluster("B", ("distribution", json!("3")))]},
                {"type": "tool", "GalaxyCluster": [cluster("C", ("local", json!(true)))]},
            ],
        })
        .to_string();
        draw_text(&mut body);
        let expected = json!({
            "Tag": [tag("B")],
            "Galaxy": [{"type": "tool",
                "GalaxyCluster": [cluster("B", ("distribution", json!("3")))]}],
        });
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
    }
}
