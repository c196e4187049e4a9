//! An event as objects of STIX.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};
use stix::{
    Id,
    check::{Report, Severity, check_object},
    json::Document,
    marking::Tlp,
};

use super::{Loss, house, loss::Losses, out_attribute, out_context, out_said, time};
use crate::full::{Analysis, Distribution, Event, Organisation, Tag, ThreatLevel};

/// The objects that an event becomes, and what has no place among them.
///
/// The objects stand in an order in which what refers comes behind what it refers to, but for reports
/// and their like at the end.
pub fn to_stix(event: &Event) -> (Vec<Value>, Vec<Loss>) {
    let mut out = Out::new(event);
    out.maker = event
        .orgc
        .as_deref()
        .and_then(|orgc| out.party(orgc, "/Event/Orgc"));
    out.tlp = said_by(&event.tags);
    if out.tlp < Some(Tlp::AmberStrict) {
        out.kept_tags = house::kept_tags(event);
    }
    let marks = out.marks(&event.tags, "/Event");
    for (at, attribute) in event.attributes.iter().enumerate() {
        out_attribute::attribute(&mut out, attribute, &format!("/Event/Attribute/{at}"));
    }
    for (at, object) in event.objects.iter().enumerate() {
        out_context::object(&mut out, object, &format!("/Event/Object/{at}"));
    }
    for (at, object) in event.objects.iter().enumerate() {
        out_context::references(&mut out, object, &format!("/Event/Object/{at}"));
    }
    for (at, galaxy) in event.galaxies.iter().enumerate() {
        let tlp = out.tlp;
        out_context::galaxy(&mut out, (galaxy, tlp), &format!("/Event/Galaxy/{at}"));
    }
    whole(&mut out, marks);
    out.losses.rest("/Event", event, CARRIED);
    let definitions = out.colours.iter().map(|tlp| tlp.definition());
    let definitions = definitions.filter_map(|text| serde_json::from_str(&text).ok());
    let mut objects: Vec<Value> = definitions.collect();
    objects.append(&mut out.objects);
    (objects, out.losses.into_list())
}

/// Members of an event that are carried over, or whose parts say what is lost.
const CARRIED: &[&str] = &[
    "Attribute",
    "EventReport",
    "Galaxy",
    "Note",
    "Object",
    "Opinion",
    "Orgc",
    "Tag",
    "analysis",
    "date",
    "distribution",
    "extends_uuid",
    "info",
    "publish_timestamp",
    "published",
    "threat_level_id",
    "timestamp",
    "uuid",
];

/// What is under way.
pub(super) struct Out<'e> {
    pub(super) event: &'e Event,
    pub(super) objects: Vec<Value>,
    pub(super) losses: Losses,
    /// The identity that made the event.
    pub(super) maker: Option<String>,
    /// The marking of what has none of its own.
    pub(super) tlp: Option<Tlp>,
    /// The tags that name clusters which may go less far than the event.
    kept_tags: BTreeSet<String>,
    /// Where in `objects` each is, by its id.
    at: HashMap<String, usize>,
    /// The ids of what was made of a record, by its UUID.
    pub(super) made: HashMap<String, String>,
    /// What the event's report names.
    refs: Vec<String>,
    colours: BTreeSet<Tlp>,
}

/// What tags say.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) tlp: Option<Tlp>,
    pub(super) labels: Vec<String>,
}

impl<'e> Out<'e> {
    fn new(event: &'e Event) -> Self {
        Self {
            event,
            objects: Vec::new(),
            losses: Losses::default(),
            maker: None,
            tlp: None,
            kept_tags: BTreeSet::new(),
            at: HashMap::new(),
            made: HashMap::new(),
            refs: Vec::new(),
            colours: BTreeSet::new(),
        }
    }

    /// The moment of what has none of its own.
    pub(super) fn moment(&self, timestamp: Option<i64>) -> String {
        let day = self.event.date.as_deref().and_then(time::parse);
        let seconds = timestamp
            .or(self.event.timestamp)
            .or(day.map(stix::Timestamp::seconds));
        time::of_seconds(seconds.unwrap_or(0))
    }

    /// The beginning of an object that is neither observable nor marking.
    pub(super) fn begin(
        &self,
        kind: &str,
        uuid: &str,
        timestamp: Option<i64>,
    ) -> Map<String, Value> {
        let moment = self.moment(timestamp);
        let mut object = Map::new();
        object.insert("type".to_owned(), json!(kind));
        object.insert("spec_version".to_owned(), json!("2.1"));
        object.insert("id".to_owned(), json!(format!("{kind}--{uuid}")));
        object.insert("created".to_owned(), json!(moment));
        object.insert("modified".to_owned(), json!(moment));
        if let Some(maker) = &self.maker {
            object.insert("created_by_ref".to_owned(), json!(maker));
        }
        object
    }

    /// Tags as a marking and labels. Those that must stay where they were given are lost.
    pub(super) fn marks(&mut self, tags: &[Tag], place: &str) -> Marks {
        let mut marks = Marks::default();
        let mut seen = HashSet::new();
        for (at, tag) in tags.iter().enumerate() {
            let place = format!("{place}/Tag/{at}");
            let Some(name) = tag.name.as_deref().filter(|name| !name.is_empty()) else {
                self.losses.add(&place, "name is missing");
                continue;
            };
            if stays_there(tag) || self.kept_tags.contains(name) {
                self.losses.add(&place, "a tag that stays on its instance");
                continue;
            }
            self.losses.rest(&place, tag, &["name", "exportable"]);
            marks.tlp = marks.tlp.max(colour(name));
            if seen.insert(name) {
                marks.labels.push(name.to_owned());
            }
        }
        marks
    }

    /// Puts labels and the marking on an object; the event's where there is none.
    pub(super) fn mark(&mut self, object: &mut Map<String, Value>, marks: Marks) {
        if !marks.labels.is_empty() {
            object.insert("labels".to_owned(), Value::from(marks.labels));
        }
        if let Some(tlp) = marks.tlp.or(self.tlp) {
            self.colours.insert(tlp);
            object.insert("object_marking_refs".to_owned(), json!([tlp.marking_id()]));
        }
    }

    /// Adds an object once. An observable that is there already keeps the stricter marking.
    ///
    /// False, with a loss, where it breaks a rule of STIX.
    pub(super) fn push(&mut self, object: Map<String, Value>, place: &str) -> bool {
        let object = Value::Object(object);
        if let Some(fault) = fault(&object) {
            self.losses.add(place, fault);
            return false;
        }
        let id = text(&object, "id").to_owned();
        if let Some(before) = self.at.get(&id).and_then(|at| self.objects.get_mut(*at)) {
            let tlp = |object: &Value| {
                let marks = object.get("object_marking_refs").and_then(Value::as_array);
                Tlp::from_marking_id(marks?.first()?.as_str()?)
            };
            // What one shows unmarked, another may not have marked for nothing.
            if tlp(&object) > tlp(before)
                && let (Some(before), Some(marks)) =
                    (before.as_object_mut(), object.get("object_marking_refs"))
            {
                before.insert("object_marking_refs".to_owned(), marks.clone());
            }
            return true;
        }
        self.at.insert(id.clone(), self.objects.len());
        self.refs.push(id);
        self.objects.push(object);
        true
    }

    /// The identity of an organisation.
    pub(super) fn party(&mut self, party: &Organisation, place: &str) -> Option<String> {
        let Some(uuid) = party.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
            self.losses.add(place, "an organisation without a UUID");
            return None;
        };
        let id = format!("identity--{uuid}");
        if self.at.contains_key(&id) {
            return Some(id);
        }
        let mut object = self.begin("identity", uuid, None);
        object.remove("created_by_ref");
        let name = party.name.as_deref().filter(|name| !name.is_empty());
        object.insert("name".to_owned(), json!(name.unwrap_or(uuid)));
        object.insert("identity_class".to_owned(), json!("organization"));
        for (name, member) in [
            ("description", &party.description),
            ("contact_information", &party.contacts),
        ] {
            if let Some(text) = member.as_deref().filter(|text| !text.is_empty()) {
                object.insert(name.to_owned(), json!(text));
            }
        }
        self.losses
            .rest(place, party, &["contacts", "description", "name", "uuid"]);
        self.push(object, place).then_some(id)
    }

    /// An id that is the same for the same parts.
    pub(super) fn derived(kind: &str, parts: &[&str]) -> Option<String> {
        let text = json!(parts).to_string();
        let document = Document::parse(text.as_bytes()).ok()?;
        let id = Id::deterministic(kind, document.root()).ok()?;
        Some(id.as_str().to_owned())
    }

    /// A relationship of two objects.
    pub(super) fn relate(
        &mut self,
        (from, word, to): (&str, &str, &str),
        tlp: Option<Tlp>,
        place: &str,
    ) {
        let Some(id) = Self::derived("relationship", &[from, word, to]) else {
            return;
        };
        let uuid = id.trim_start_matches("relationship--");
        let mut object = self.begin("relationship", uuid, None);
        object.insert("relationship_type".to_owned(), json!(word));
        object.insert("source_ref".to_owned(), json!(from));
        object.insert("target_ref".to_owned(), json!(to));
        let labels = Vec::new();
        self.mark(&mut object, Marks { tlp, labels });
        self.push(object, place);
    }
}

const fn stays_there(tag: &Tag) -> bool {
    matches!(tag.local, Some(true)) || matches!(tag.exportable, Some(false))
}

/// The strictest colour that tags say.
fn said_by(tags: &[Tag]) -> Option<Tlp> {
    let names = tags.iter().filter(|tag| !stays_there(tag));
    let names = names.filter_map(|tag| tag.name.as_deref());
    names.filter_map(colour).max()
}

/// The colour that a tag says.
pub(super) fn colour(tag: &str) -> Option<Tlp> {
    let word = tag.to_ascii_lowercase();
    match word.strip_prefix("tlp:")? {
        "white" => Some(Tlp::Clear),
        word => Tlp::ALL.into_iter().find(|tlp| tlp.word() == word),
    }
}

pub(super) fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn is_uuid(text: &str) -> bool {
    Id::parse(&format!("x-misp--{text}")).is_ok()
}

/// The first rule that an object breaks.
pub(super) fn fault(object: &Value) -> Option<String> {
    let text = object.to_string();
    let Ok(document) = Document::parse(text.as_bytes()) else {
        return Some("no object of STIX: too large or too deep".to_owned());
    };
    let mut report = Report::of_errors();
    check_object(document.root(), &mut report);
    let errors = report.findings().iter();
    let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
    errors
        .next()
        .map(|finding| format!("no object of STIX: {}", finding.message))
}

/// The report of a published event, the grouping of another.
fn whole(out: &mut Out<'_>, marks: Marks) {
    let event = out.event;
    let Some(uuid) = event.uuid.as_deref().filter(|uuid| is_uuid(uuid)) else {
        out.losses.add("/Event", "uuid is missing: no report");
        return;
    };
    let published = event.published == Some(true);
    let kind = if published { "report" } else { "grouping" };
    let id = format!("{kind}--{uuid}");
    out.made.insert(uuid.to_owned(), id.clone());
    let mut object = out.begin(kind, uuid, None);
    let name = event.info.as_deref().filter(|info| !info.trim().is_empty());
    object.insert("name".to_owned(), json!(name.unwrap_or("MISP event")));
    if published {
        let moment = event.publish_timestamp.filter(|seconds| *seconds > 0);
        object.insert("published".to_owned(), json!(out.moment(moment)));
    } else {
        object.insert("context".to_owned(), json!("suspicious-activity"));
    }
    let numbers = [
        ("x_misp_analysis", event.analysis.map(Analysis::number)),
        (
            "x_misp_distribution",
            event.distribution.map(Distribution::number),
        ),
        (
            "x_misp_threat_level_id",
            event.threat_level.map(ThreatLevel::number),
        ),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            object.insert(name.to_owned(), json!(number));
        }
    }
    for (name, member) in [
        ("x_misp_date", &event.date),
        ("x_misp_extends_uuid", &event.extends_uuid),
    ] {
        if let Some(text) = member.as_deref().filter(|text| !text.is_empty()) {
            object.insert(name.to_owned(), json!(text));
        }
    }
    let refs = std::mem::take(&mut out.refs);
    if refs.is_empty() {
        out.losses.add("/Event", "nothing stands in it: no report");
        return;
    }
    object.insert("object_refs".to_owned(), json!(refs));
    out.mark(&mut object, marks);
    if out.push(object, "/Event") {
        let of = (id.as_str(), out.tlp);
        out_said::said(out, of, (&event.notes, &event.opinions), "/Event");
        out_said::reports(out, &id);
    }
}
