//! Objects of STIX as an event.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use stix::{Timestamp, json::Document, marking::Tlp};

use super::{Loss, back_attribute, back_context, loss::Losses, out::text, time};
use crate::full::{Analysis, Attribute, Distribution, Event, Organisation, Tag, ThreatLevel};

/// The event that objects of STIX are, and what of them has no place in it. Places are pointers into
/// `objects`.
///
/// The first report or grouping is the event; without one the event has neither a UUID nor a title,
/// which are for the caller to give.
pub fn from_stix(objects: &[Value]) -> (Event, Vec<Loss>) {
    let mut back = Back::new(objects);
    for (at, object) in objects.iter().enumerate() {
        if text(object, "type") == "marking-definition" {
            back.marking(at, object);
        }
    }
    whole(&mut back);
    for (at, object) in objects.iter().enumerate() {
        back_attribute::attributes(&mut back, at, object);
    }
    back_attribute::lone_observables(&mut back);
    for (at, object) in objects.iter().enumerate() {
        back_context::context(&mut back, at, object);
    }
    for (at, object) in objects.iter().enumerate() {
        back_context::links(&mut back, at, object);
    }
    back_context::bring_together(&mut back);
    for (at, object) in objects.iter().enumerate() {
        if back.used.get(at) == Some(&false) {
            let kind = text(object, "type");
            let kind = if kind.is_empty() { "no object" } else { kind };
            back.losses.add(&format!("/objects/{at}"), kind);
        }
    }
    (back.event, back.losses.into_list())
}

/// What is under way.
pub(super) struct Back<'s> {
    pub(super) objects: &'s [Value],
    pub(super) event: Event,
    pub(super) losses: Losses,
    /// Whether each object has become something, or been told as lost.
    pub(super) used: Vec<bool>,
    /// Where each id is.
    at: HashMap<&'s str, usize>,
    /// Colours by the ids of their definitions.
    colours: HashMap<&'s str, Tlp>,
    /// Attributes, until it is known in which objects they are.
    pub(super) attributes: Vec<Attribute>,
    /// Which attribute an object of STIX became.
    pub(super) became: HashMap<&'s str, usize>,
    /// Which object of MISP an object of STIX became.
    pub(super) objects_of: HashMap<&'s str, usize>,
    /// The tag that names a cluster, by the id of its object.
    pub(super) clusters: HashMap<&'s str, String>,
    /// Where in the event the galaxy of each type is.
    pub(super) galaxies: HashMap<String, usize>,
    /// The id of the report.
    pub(super) report: Option<&'s str>,
    tlp: Option<Tlp>,
}

impl<'s> Back<'s> {
    fn new(objects: &'s [Value]) -> Self {
        let ids = objects.iter().enumerate();
        Self {
            objects,
            event: Event::default(),
            losses: Losses::default(),
            used: vec![false; objects.len()],
            at: ids.map(|(at, object)| (text(object, "id"), at)).collect(),
            colours: HashMap::new(),
            attributes: Vec::new(),
            became: HashMap::new(),
            objects_of: HashMap::new(),
            clusters: HashMap::new(),
            galaxies: HashMap::new(),
            report: None,
            tlp: None,
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<(usize, &'s Value)> {
        let at = *self.at.get(id)?;
        Some((at, self.objects.get(at)?))
    }

    /// The object has become something.
    pub(super) fn take(&mut self, at: usize) {
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
    }

    /// The object has become something, but for what is none of `carried`.
    pub(super) fn carry(&mut self, at: usize, carried: &[&str]) {
        const COMMON: &[&str] = &[
            "created",
            "id",
            "labels",
            "modified",
            "object_marking_refs",
            "spec_version",
            "type",
        ];
        self.take(at);
        if let Some(object) = self.objects.get(at) {
            let maker = object.get("created_by_ref").and_then(Value::as_str);
            let same = maker == self.maker();
            let all = [
                COMMON,
                carried,
                if same { &["created_by_ref"] } else { &[] },
            ]
            .concat();
            self.losses.rest(&format!("/objects/{at}"), object, &all);
        }
    }

    fn maker(&self) -> Option<&'s str> {
        let (_, report) = self.find(self.report?)?;
        report.get("created_by_ref").and_then(Value::as_str)
    }

    fn marking(&mut self, at: usize, object: &'s Value) {
        let json = object.to_string();
        let definition = Document::parse(json.as_bytes()).ok();
        let by_content = definition.and_then(|one| Tlp::from_definition(one.root()));
        if let Some(tlp) = Tlp::from_marking_id(text(object, "id")).or(by_content) {
            self.colours.insert(text(object, "id"), tlp);
            self.take(at);
        }
    }

    /// The tags that an object's labels and markings are; without the colour of the event where it is
    /// `inherited`.
    pub(super) fn tags(&mut self, at: usize, object: &Value, inherited: bool) -> Vec<Tag> {
        let mut names = Vec::new();
        for label in list(object, "labels") {
            if !label.starts_with("misp:") || !label.contains("=\"") || !is_ours(label) {
                names.push(label.to_owned());
            }
        }
        let said = names.iter().filter_map(|name| super::out::colour(name));
        let mut said: BTreeSet<Tlp> = said.collect();
        for (number, id) in list(object, "object_marking_refs").enumerate() {
            let known = self.colours.get(id).copied();
            let Some(tlp) = known.or_else(|| Tlp::from_marking_id(id)) else {
                let place = format!("/objects/{at}/object_marking_refs/{number}");
                self.losses.add(&place, id);
                continue;
            };
            if said.insert(tlp) && (!inherited || self.tlp != Some(tlp)) {
                names.push(format!("tlp:{}", tlp.word()));
            }
        }
        let tag = |name| Tag {
            name: Some(name),
            exportable: Some(true),
            ..Tag::default()
        };
        names.into_iter().map(tag).collect()
    }
}

/// Labels that say what a tag does not.
fn is_ours(label: &str) -> bool {
    let name = label.split('=').next().unwrap_or_default();
    matches!(
        name,
        "misp:type"
            | "misp:category"
            | "misp:to_ids"
            | "misp:galaxy-type"
            | "misp:galaxy-name"
            | "misp:context-layer"
            | "misp:data-layer"
            | "misp:name"
            | "misp:meta-category"
    )
}

/// What the label of this name says.
pub(super) fn label<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    list(object, "labels").find_map(|label| {
        let said = label.strip_prefix(name)?.strip_prefix("=\"")?;
        said.strip_suffix('"')
    })
}

/// The texts of a list.
pub(super) fn list<'v>(object: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    let items = object.get(name).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

/// A text that says something.
pub(super) fn said(object: &Value, name: &str) -> Option<String> {
    Some(text(object, name))
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// What stands behind `--`.
pub(super) fn uuid(object: &Value) -> Option<String> {
    let (_, uuid) = text(object, "id").split_once("--")?;
    Some(uuid.to_owned())
}

pub(super) fn moment(object: &Value, name: &str) -> Option<Timestamp> {
    time::parse(text(object, name))
}

pub(super) fn seconds(object: &Value, name: &str) -> Option<i64> {
    moment(object, name).map(Timestamp::seconds)
}

pub(super) fn number(object: &Value, name: &str) -> Option<u64> {
    object.get(name).and_then(Value::as_u64)
}

fn whole(back: &mut Back<'_>) {
    let kinds = ["report", "grouping"];
    let found = back.objects.iter().enumerate();
    let mut found = found.filter(|(_, object)| kinds.contains(&text(object, "type")));
    let Some((at, object)) = found.next() else {
        return;
    };
    back.report = object.get("id").and_then(Value::as_str);
    let tags = back.tags(at, object, false);
    back.tlp = list(object, "object_marking_refs")
        .filter_map(|id| {
            back.colours
                .get(id)
                .copied()
                .or_else(|| Tlp::from_marking_id(id))
        })
        .max();
    let published = text(object, "type") == "report";
    let day = said(object, "x_misp_date").or_else(|| {
        let (day, _) = text(object, "created").split_once('T')?;
        Some(day.to_owned())
    });
    let parent = std::mem::take(&mut back.event);
    back.event = Event {
        uuid: uuid(object),
        info: said(object, "name"),
        date: day,
        timestamp: seconds(object, "modified"),
        publish_timestamp: seconds(object, "published"),
        published: Some(published),
        analysis: number(object, "x_misp_analysis").and_then(Analysis::from_number),
        threat_level: number(object, "x_misp_threat_level_id").and_then(ThreatLevel::from_number),
        distribution: number(object, "x_misp_distribution").and_then(Distribution::from_number),
        extends_uuid: said(object, "x_misp_extends_uuid"),
        tags,
        ..parent
    };
    if let Some((maker, identity)) = back.find(text(object, "created_by_ref")) {
        back.event.orgc = Some(Box::new(party(identity)));
        back.carry(
            maker,
            &[
                "contact_information",
                "description",
                "identity_class",
                "name",
            ],
        );
    }
    back.carry(
        at,
        &[
            "context",
            "created_by_ref",
            "name",
            "object_refs",
            "published",
            "x_misp_analysis",
            "x_misp_date",
            "x_misp_distribution",
            "x_misp_extends_uuid",
            "x_misp_threat_level_id",
        ],
    );
}

/// The organisation that an identity is.
pub(super) fn party(identity: &Value) -> Organisation {
    Organisation {
        uuid: uuid(identity),
        name: said(identity, "name"),
        description: said(identity, "description"),
        contacts: said(identity, "contact_information"),
        ..Organisation::default()
    }
}
