//! What there is, by chance: some of it for who asks, some not.

use intel::{model::Filter, ops};
use kernel::{SeededRng, Tlp};
use serde_json::{Value, json};

use crate::{
    below,
    house::{Asker, House, ROOT},
    secret::Secret,
};

/// How an object is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) kind: &'static str,
    is_old: bool,
    is_granular: bool,
    label: Option<Tlp>,
}

/// A set of things to be.
pub(crate) struct World {
    asker: Asker,
    number: u32,
    /// Objects that the asker sees.
    pub(crate) visible: Vec<Form>,
    /// Objects that he does not see.
    hidden: Vec<Form>,
}

/// So many objects there are of each sort.
pub(crate) const MANY: u32 = 5;
/// From here on objects are hidden, were deleted when they were hidden, and are nowhere.
const HIDDEN: u32 = 10;
const DELETED: u32 = 20;
const ABSENT: u32 = 30;
/// More have a common value than are shown.
const COMMON: u32 = 104;

impl World {
    pub(crate) fn new(seed: u64, asker: Asker) -> Self {
        let rng = SeededRng::new(seed);
        let of_house = asker != Asker::Guest;
        let shown: &[Option<Tlp>] = if of_house {
            &[
                Some(Tlp::Clear),
                Some(Tlp::Green),
                Some(Tlp::Amber),
                Some(Tlp::AmberStrict),
                None,
            ]
        } else {
            &[Some(Tlp::Clear), Some(Tlp::Green), Some(Tlp::Amber)]
        };
        let secret: &[Option<Tlp>] = if of_house {
            &[Some(Tlp::Red)]
        } else {
            &[Some(Tlp::AmberStrict), Some(Tlp::Red), None]
        };
        let form = |labels: &[Option<Tlp>]| {
            let one_of = |many: usize| {
                let chosen = below(&rng, u32::try_from(many).unwrap());
                usize::try_from(chosen).unwrap()
            };
            Form {
                kind: ["malware", "indicator", "ipv4-addr", "tool"][one_of(4)],
                is_old: one_of(4) == 0,
                is_granular: one_of(3) == 0,
                label: labels[one_of(labels.len())],
            }
        };
        let mut visible: Vec<_> = (0..MANY).map(|_| form(shown)).collect();
        // Others are about this one.
        (visible[0].kind, visible[0].is_old) = ("indicator", false);
        Self {
            asker,
            number: u32::try_from(seed % 90).unwrap(),
            visible,
            hidden: (0..MANY).map(|_| form(secret)).collect(),
        }
    }

    pub(crate) fn id(&self, kind: &str, at: u32) -> String {
        format!("{kind}--00000000-0000-4000-8{:03}-{at:012}", self.number)
    }

    pub(crate) fn value(&self, at: u32) -> String {
        format!("198.51.{}.{}", 100 + self.number, 100 + at)
    }

    pub(crate) fn uuid(&self, sort: u32, at: u32) -> String {
        format!("{sort}0000000-0000-4000-8{:03}-{at:012}", self.number)
    }

    /// An object, with a word in its name by which it is found.
    fn object(&self, form: Form, at: u32, word: &str, second: u32) -> Value {
        let mut object = json!({ "type": form.kind, "id": self.id(form.kind, at) });
        let is_observable = form.kind == "ipv4-addr";
        let is_old = form.is_old && !is_observable;
        let value = self.value(at);
        let own = match form.kind {
            "ipv4-addr" => json!({ "value": value }),
            "indicator" => json!({
                "name": word, "pattern": format!("[ipv4-addr:value = '{value}']"),
                "valid_from": "2026-01-01T00:00:00Z",
            }),
            _ => json!({ "name": format!("{word} {value}") }),
        };
        let mut add = |more: Value| {
            let fields = object.as_object_mut().unwrap();
            fields.extend(more.as_object().unwrap().clone());
        };
        add(own);
        if !is_observable {
            let modified = format!("2026-01-01T00:00:{second:02}.000Z");
            add(json!({ "created": "2026-01-01T00:00:00.000Z", "modified": modified }));
        }
        if is_old {
            add(json!({ "labels": ["some"] }));
        } else {
            add(json!({ "spec_version": "2.1" }));
            match form.kind {
                "indicator" => add(json!({ "pattern_type": "stix" })),
                "malware" => add(json!({ "is_family": false })),
                _ => {}
            }
        }
        if let Some(label) = form.label {
            let id = |label: Tlp| {
                let all = stix::marking::Tlp::ALL;
                all[usize::try_from(label.code()).unwrap()].marking_id()
            };
            if form.is_granular {
                let part = if is_observable { "value" } else { "name" };
                add(json!({
                    "object_marking_refs": [id(Tlp::Clear)],
                    "granular_markings": [{ "marking_ref": id(label), "selectors": [part] }],
                }));
            } else {
                add(json!({ "object_marking_refs": [id(label)] }));
            }
        }
        object
    }

    fn hidden_form(&self, at: u32) -> Form {
        self.hidden[usize::try_from(at % 10 % MANY).unwrap()]
    }

    fn hidden_object(&self, at: u32) -> Value {
        self.object(self.hidden_form(at), at, "hiddenword", 2)
    }

    /// The object that a pair of hidden and absent is about.
    fn secret(&self, at: u32, word: &str) -> Secret {
        let form = self.hidden_form(at);
        let mine = Form {
            label: Some(Tlp::Green),
            ..form
        };
        let mut bodies = vec![self.object(form, at, word, 2)];
        // What was deleted stays so for who sees it.
        if (DELETED..ABSENT).contains(&(at % ABSENT)) {
            bodies.clear();
        }
        bodies.extend([2, 1, 3].map(|second| self.object(mine, at, "mineword", second)));
        Secret::Object {
            id: self.id(form.kind, at),
            value: self.value(at),
            word: word.to_owned(),
            bodies,
        }
    }

    fn event(&self, at: u32, label: &str, value: u32) -> Value {
        let attribute = |sort: u32, at: u32, value: u32| {
            json!({
                "uuid": self.uuid(sort, at), "type": "ip-dst", "value": self.value(value),
                "category": "Network activity", "to_ids": true, "timestamp": "1795219200",
            })
        };
        // One that is hidden in any event.
        let mut red = attribute(2, at + 100, value + 30);
        red["Tag"] =
            json!([{ "name": "tlp:red" }, { "name": format!("sort:w{}r{at}", self.number) }]);
        json!({"Event": {
            "uuid": self.uuid(1, at), "info": format!("visible event {at}"),
            "distribution": "3", "date": "2026-11-01", "published": true,
            "timestamp": "1795219200", "publish_timestamp": "1795219200",
            "Tag": [{"name": label}, {"name": format!("sort:w{}e{at}", self.number)}],
            "Attribute": [attribute(2, at, value), red],
            "Object": [{
                "uuid": self.uuid(3, at), "name": "ip-port", "meta-category": "network",
                "template_uuid": "9f8cea74-16fe-4968-a2b4-026676949ac6", "template_version": "9",
                "timestamp": "1795219200",
                "Attribute": [{
                    "uuid": self.uuid(4, at), "type": "ip-dst", "object_relation": "ip",
                    "value": self.value(value), "category": "Network activity",
                    "timestamp": "1795219200",
                }],
            }],
        }})
    }

    async fn add(&self, house: &House, name: &str, objects: &[Value]) -> String {
        let envelope = json!({ "objects": objects }).to_string().into_bytes();
        let ground = house.fleet.node("XA").ground();
        let done = ops::import(ground, &house.writer.viewer, (ROOT, name), envelope).await;
        let done = done.unwrap();
        assert_eq!(done.import.refused, 0, "{:?}", done.refusals);
        done.import.id.uuid().to_string()
    }

    /// What the asker may see.
    pub(crate) async fn show(&self, house: &House) {
        let objects: Vec<_> = (0..)
            .zip(&self.visible)
            .map(|(at, form)| self.object(*form, at, "visible", 2))
            .collect();
        self.add(house, "open", &objects).await;
        let event = self.event(60, "tlp:green", 60);
        house.tell("/misp/events/add", &event).await;
    }

    /// What he may not: in the same collection, with the same values, about the same, in others.
    pub(crate) async fn hide(&self, house: &House) {
        let mut hidden: Vec<_> = (HIDDEN..HIDDEN + MANY)
            .map(|at| self.hidden_object(at))
            .collect();
        hidden.extend(self.beside());
        self.add(house, "open", &hidden).await;
        let gone: Vec<_> = (DELETED..DELETED + 2)
            .map(|at| self.hidden_object(at))
            .collect();
        self.add(house, "open", &gone).await;
        let (ground, writer) = (house.fleet.node("XA").ground(), &house.writer.viewer);
        for object in gone {
            let id = object["id"].as_str().unwrap();
            let place = (ROOT, "open");
            ops::delete(ground, writer, place, id, &Filter::everything())
                .await
                .unwrap();
        }
        if self.asker == Asker::Guest {
            // The same objects, and others like them.
            let closed = format!("closed{}", self.number);
            house.collection(&closed, house.others()).await;
            let others: Vec<_> = (0..)
                .zip(&self.visible)
                .flat_map(|(at, form)| {
                    let like = self.object(*form, at + 200, "visible", 2);
                    [self.object(*form, at, "visible", 4), like]
                })
                .collect();
            self.add(house, &closed, &others).await;
        }
        for (at, value) in [(70, 70), (73, 60)] {
            let event = self.event(at, "tlp:red", value);
            house.tell("/misp/events/add", &event).await;
        }
        let sighting = json!({ "uuid": self.uuid(2, 70) });
        house.tell("/misp/sightings/add", &sighting).await;
    }

    /// Objects that are hidden and stand beside those that are not: older and newer versions of the same,
    /// what is about them, and what has their values.
    fn beside(&self) -> Vec<Value> {
        let label = self.hidden[0].label;
        let red = |form: Form| Form { label, ..form };
        let mut all = Vec::new();
        for (at, form) in (0..).zip(&self.visible) {
            if form.kind != "ipv4-addr" {
                all.extend([1, 3].map(|second| self.object(red(*form), at, "visible", second)));
            }
        }
        let common = Form {
            kind: "indicator",
            is_old: false,
            is_granular: false,
            label,
        };
        for number in 0..COMMON {
            let mut object = self.object(common, 5, "hiddenword", 2);
            object["id"] = json!(self.id("indicator", 1_000 + number));
            all.push(object);
        }
        let about = self.id("indicator", 0);
        for (number, (kind, own)) in (90..).zip([
            ("sighting", json!({ "sighting_of_ref": about, "count": 3 })),
            ("note", json!({ "content": "seen", "object_refs": [about] })),
            (
                "relationship",
                json!({
                    "relationship_type": "related-to", "source_ref": about,
                    "target_ref": self.id(self.visible[1].kind, 1),
                }),
            ),
        ]) {
            let form = Form { kind, ..common };
            let mut object = self.object(form, number, "hiddenword", 2);
            let fields = object.as_object_mut().unwrap();
            fields.remove("name");
            fields.extend(own.as_object().unwrap().clone());
            all.push(object);
        }
        all
    }

    /// Both, and pairs of what is hidden and what is not there.
    pub(crate) async fn build(&self, house: &House) -> Vec<(Secret, Secret)> {
        self.show(house).await;
        self.hide(house).await;
        let import = self.add(house, "open", &[self.hidden_object(17)]).await;
        let mut pairs = Vec::new();
        let hidden = (HIDDEN..HIDDEN + MANY).chain(DELETED..DELETED + 2);
        for at in hidden {
            let absent = self.secret(at + ABSENT, "absentword");
            pairs.push((self.secret(at, "hiddenword"), absent));
        }
        if self.asker == Asker::Guest {
            let named = |word: &str| Secret::Collection {
                name: format!("{word}{}", self.number),
            };
            pairs.push((named("closed"), named("absent")));
        }
        let absent = uuid::Uuid::from_u128(0x1234_5678_1234_4234_8234_1234_5678_9abc);
        let id = absent.to_string();
        pairs.push((Secret::Import { id: import }, Secret::Import { id }));
        let event = |at: u32| Secret::Event {
            uuid: self.uuid(1, at),
            value: self.value(at),
            tag: format!("sort:w{}e{at}", self.number),
        };
        pairs.push((event(70), event(71)));
        let attribute = |sort: u32, at: u32| Secret::Attribute {
            uuid: self.uuid(sort, at),
        };
        // Of an event that is hidden, within an object of it, and of one that is not.
        for (sort, hidden) in [(2, 70), (4, 70), (2, 160)] {
            pairs.push((attribute(sort, hidden), attribute(sort, hidden + 1)));
        }
        let part = |at: u32| Secret::Part {
            uuid: self.uuid(3, at),
        };
        pairs.push((part(70), part(71)));
        pairs
    }
}
