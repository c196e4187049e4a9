//! What there is, by chance: some of it for the guest, some not.

use intel::ops;
use kernel::{SeededRng, Tlp};
use serde_json::{Value, json};

use crate::{
    below,
    house::{Ask, House, ROOT},
};

/// Something that the guest may not know of, or that is not there, by the names that he could ask
/// with.
#[derive(Clone, Debug)]
pub(crate) enum Secret {
    /// An object in a collection that he reads, marked above what he may see.
    Object {
        id: String,
        value: String,
        word: String,
    },
    /// A collection that he does not read.
    Collection { name: String },
    /// What somebody else handed in.
    Import { id: String },
    /// An event that is not for him.
    Event {
        uuid: String,
        value: String,
        tag: String,
    },
    /// An attribute of one.
    Attribute { uuid: String },
}

impl Secret {
    /// All names of it.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Object { id, value, word } => vec![id.clone(), value.clone(), word.clone()],
            Self::Collection { name } => vec![name.clone()],
            Self::Import { id } => vec![id.clone()],
            Self::Event { uuid, value, tag } => vec![uuid.clone(), value.clone(), tag.clone()],
            Self::Attribute { uuid } => vec![uuid.clone()],
        }
    }
}

/// A set of things to be.
pub(crate) struct World {
    rng: SeededRng,
    /// Told apart from other worlds in the same house.
    number: u32,
}

/// How many objects of each sort.
const MANY: u32 = 6;

impl World {
    pub(crate) fn new(rng: SeededRng, number: u32) -> Self {
        Self { rng, number }
    }

    fn id(&self, kind: &str, at: u32) -> String {
        format!("{kind}--00000000-0000-4000-8{:03}-{at:012}", self.number)
    }

    fn value(&self, at: u32) -> String {
        format!("198.51.{}.{}", 100 + self.number, 100 + at)
    }

    fn uuid(&self, sort: u32, at: u32) -> String {
        format!("{sort}0000000-0000-4000-8{:03}-{at:012}", self.number)
    }

    /// An object, with a word in its name by which it is found.
    fn object(&self, at: u32, word: &str, label: Tlp) -> Value {
        let labels = stix::marking::Tlp::ALL;
        let label = &labels[usize::try_from(label.code()).unwrap()];
        let common = json!({
            "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "object_marking_refs": [label.marking_id()],
        });
        let own = if below(&self.rng, 3) == 0 {
            json!({
                "type": "malware", "id": self.id("malware", at), "is_family": false,
                "name": format!("{word} {}", self.value(at)),
            })
        } else {
            json!({
                "type": "indicator", "id": self.id("indicator", at),
                "name": word, "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
                "pattern": format!("[ipv4-addr:value = '{}']", self.value(at)),
            })
        };
        let mut object = common;
        let fields = object.as_object_mut().unwrap();
        fields.extend(own.as_object().unwrap().clone());
        object
    }

    fn event(&self, at: u32, label: &str, distribution: &str) -> Value {
        json!({"Event": {
            "uuid": self.uuid(1, at), "info": format!("visible event {at}"),
            "distribution": distribution, "date": "2026-11-01", "published": true,
            "timestamp": "1795219200", "publish_timestamp": "1795219200",
            "Tag": [{"name": label}, {"name": format!("sort:w{}e{at}", self.number)}],
            "Attribute": [{
                "uuid": self.uuid(2, at), "type": "ip-dst", "value": self.value(at),
                "category": "Network activity", "to_ids": true, "timestamp": "1795219200",
            }],
        }})
    }

    async fn add(&self, house: &House, name: &str, objects: &[Value]) -> String {
        let envelope = json!({ "objects": objects }).to_string().into_bytes();
        let ground = house.fleet.node("XA").ground();
        let done = ops::import(ground, &house.analyst, (ROOT, name), envelope).await;
        let done = done.unwrap();
        assert_eq!(done.import.refused, 0, "{:?}", done.refusals);
        done.import.id.uuid().to_string()
    }

    /// What the guest may see.
    pub(crate) async fn show(&self, house: &House) {
        let objects: Vec<_> = (0..MANY)
            .map(|at| {
                let label = [Tlp::Clear, Tlp::Green, Tlp::Amber][at as usize % 3];
                self.object(at, "visible", label)
            })
            .collect();
        self.add(house, "open", &objects).await;
        house
            .tell("/misp/events/add", &self.event(60, "tlp:green", "3"))
            .await;
    }

    /// What he may not: in the same collection, with the same values, in others.
    pub(crate) async fn hide(&self, house: &House) {
        let hidden: Vec<_> = (10..10 + MANY)
            .map(|at| {
                let label = [Tlp::AmberStrict, Tlp::Red][usize::from(below(&self.rng, 2) == 0)];
                self.object(at, "hiddenword", label)
            })
            .collect();
        self.add(house, "open", &hidden).await;
        // Values that he knows of, in what he may not know.
        let mut same = self.object(30, "hiddenword", Tlp::Red);
        same["type"] = json!("malware");
        same["id"] = json!(self.id("malware", 30));
        same["is_family"] = json!(false);
        same["description"] = json!(self.value(0));
        for field in ["pattern", "pattern_type", "valid_from"] {
            same.as_object_mut().unwrap().remove(field);
        }
        self.add(house, "open", &[same]).await;
        let closed = format!("closed{}", self.number);
        house.collection(&closed, false).await;
        let others: Vec<_> = (40..44)
            .map(|at| self.object(at, "visible", Tlp::Green))
            .collect();
        self.add(house, &closed, &others).await;
        house
            .tell("/misp/events/add", &self.event(70, "tlp:red", "0"))
            .await;
    }

    /// Both, and pairs of what is hidden and what is not there.
    pub(crate) async fn build(&self, house: &House) -> Vec<(Secret, Secret)> {
        self.show(house).await;
        self.hide(house).await;
        let import = self
            .add(house, "open", &[self.object(16, "hiddenword", Tlp::Red)])
            .await;
        let object = |kind: &str, at: u32, word: &str| Secret::Object {
            id: self.id(kind, at),
            value: self.value(at),
            word: word.to_owned(),
        };
        let mut pairs = Vec::new();
        for at in 10..14 {
            for kind in ["malware", "indicator"] {
                // One of the two kinds is there, the other is as absent as its counterpart.
                pairs.push((
                    object(kind, at, "hiddenword"),
                    object(kind, at + 40, "absentword"),
                ));
            }
        }
        pairs.push((
            Secret::Collection {
                name: format!("closed{}", self.number),
            },
            Secret::Collection {
                name: format!("absent{}", self.number),
            },
        ));
        let absent = uuid::Uuid::from_u128(0x1234_5678_1234_4234_8234_1234_5678_9abc);
        let absent = absent.to_string();
        pairs.push((Secret::Import { id: import }, Secret::Import { id: absent }));
        let event = |at: u32| Secret::Event {
            uuid: self.uuid(1, at),
            value: self.value(at),
            tag: format!("sort:w{}e{at}", self.number),
        };
        pairs.push((event(70), event(71)));
        let attribute = |at: u32| Secret::Attribute {
            uuid: self.uuid(2, at),
        };
        pairs.push((attribute(70), attribute(71)));
        pairs
    }

    /// Questions that find something, with what has to stand in the answer.
    pub(crate) fn visible(&self) -> Vec<(Ask, String)> {
        let (event, value) = (self.uuid(1, 60), self.value(60));
        let look_up = format!("{{\"values\":[\"{value}\"]}}");
        vec![
            (
                Ask::get(format!("/taxii2/{ROOT}/collections/open/objects/")),
                "visible".to_owned(),
            ),
            (
                Ask::get("/collections/search?q=visible".to_owned()),
                "visible".to_owned(),
            ),
            (
                Ask::get("/collections/exercise/open?q=visible".to_owned()),
                "visible".to_owned(),
            ),
            (
                Ask::post("/api/v1/intel/values/look-up".to_owned(), look_up),
                value,
            ),
            (
                Ask::get(format!("/misp/events/view/{event}")),
                "visible event".to_owned(),
            ),
            (
                Ask::post("/misp/attributes/restSearch".to_owned(), "{}".to_owned()),
                self.uuid(2, 60),
            ),
        ]
    }

    /// Questions about one thing that he sees, and values that it has.
    pub(crate) fn about_visible(&self) -> Vec<Ask> {
        let api = format!("/api/v1/intel/roots/{ROOT}/collections/open/objects");
        let mut asks = Vec::new();
        for at in 0..MANY {
            for kind in ["malware", "indicator"] {
                let id = self.id(kind, at);
                asks.push(Ask::get(format!("{api}/{id}/related")));
                asks.push(Ask::get(format!("{api}/{id}/sightings")));
                asks.push(Ask::get(format!("/collections/{ROOT}/open/objects/{id}")));
                asks.push(Ask::get(format!(
                    "/taxii2/{ROOT}/collections/open/objects/{id}/versions/"
                )));
            }
            let value = self.value(at);
            asks.push(Ask::post(
                "/api/v1/intel/values/look-up".to_owned(),
                format!("{{\"values\":[\"{value}\"]}}"),
            ));
        }
        let event = self.uuid(1, 60);
        asks.push(Ask::get(format!("/misp/events/view/{event}")));
        asks.push(Ask::get(format!("/misp/feed/{event}.json")));
        asks
    }
}
