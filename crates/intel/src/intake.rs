//! Reading what is handed in: envelopes, bundles and single objects of STIX.
//!
//! An object is kept as it came. What is asked of it is what it has to be found by: an object of JSON
//! whose `id` is `TYPE--UUID` with its own `type`, and whose `modified` or `created`, where it has
//! them, are moments. All else is the business of who made it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use kernel::{Tlp, chain};
use sha2::{Digest, Sha256};
use stix::{
    Id, ReadLimits, Stream, StreamError,
    json::{self, Kind, Value},
    lift,
    marking::{self, TlpDefinitions},
};

use crate::{
    Error,
    facts::Facts,
    model::{Refusal, Spec},
};

/// The most objects of an envelope.
pub const OBJECTS_MAX: u64 = 5_000_000;
/// The most bytes of an object.
pub const OBJECT_BYTES_MAX: usize = 16 << 20;
/// The longest `type` in bytes (STIX 2.1 §3.1).
const TYPE_BYTES_MAX: usize = 250;
const MARKING: &str = "marking-definition";

/// An object that was handed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incoming {
    /// Its number among those that were handed in, from 0.
    pub place: i64,
    pub(crate) stix_id: String,
    pub(crate) kind: String,
    /// Its `modified`, or else `created`, in microseconds; nothing for an object that has neither.
    pub(crate) version: Option<i64>,
    /// The same as it was written.
    pub(crate) version_text: String,
    pub(crate) spec: Spec,
    /// The strictest label anywhere on it; nothing where it is not marked as a whole.
    pub(crate) tlp: Option<Tlp>,
    /// The strictest label of a part, where it is not marked as a whole.
    pub(crate) part: Option<Tlp>,
    /// Marking definitions that it refers to and that are not known yet.
    pub(crate) unknown: Unknown,
    /// The label that it says as a marking definition whose id is none of the standards'.
    pub(crate) says: Option<Tlp>,
    pub(crate) revoked: bool,
    /// Of its canonical form (RFC 8785).
    pub(crate) sha256: [u8; 32],
    /// What it is found by.
    pub(crate) facts: Facts,
    /// As it came.
    pub(crate) body: String,
    /// True for what was made here of a value: what has its id is the same.
    pub(crate) is_made: bool,
}

/// Ids of marking definitions that an object refers to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Unknown {
    whole: Vec<String>,
    part: Vec<String>,
}

/// The most definitions of an object that are waited for, as a whole and of parts.
const UNKNOWN_MAX: usize = 100;

impl Unknown {
    fn of(object: Value<'_>, definitions: &TlpDefinitions) -> Self {
        let list = |name: &str| object.get(name).into_iter().flat_map(Value::items);
        let parts = list("granular_markings").filter_map(|part| part.get("marking_ref"));
        let is_unknown = |id: &&str| {
            let is_id = Id::parse(id).is_ok_and(|id| id.object_type() == MARKING);
            is_id && definitions.tlp_of(id).is_none()
        };
        let unknown = |refs: &mut dyn Iterator<Item = Value<'_>>| {
            let ids = refs.filter_map(|id| id.as_str().map(str::to_owned));
            let ids: BTreeSet<String> = ids.filter(|id| is_unknown(&id.as_str())).collect();
            ids.into_iter().take(UNKNOWN_MAX).collect()
        };
        Self {
            whole: unknown(&mut list("object_marking_refs")),
            part: unknown(&mut parts.into_iter()),
        }
    }
}

impl Incoming {
    /// The definitions that are not known yet.
    pub(crate) fn unknown_marks(&self) -> impl Iterator<Item = &str> {
        let all = self.unknown.whole.iter().chain(&self.unknown.part);
        all.map(String::as_str)
    }

    /// Takes what these definitions say.
    pub(crate) fn learn(&mut self, known: &BTreeMap<String, Tlp>) {
        let strictest = |ids: &[String]| ids.iter().filter_map(|id| known.get(id)).max().copied();
        let (whole, part) = (
            strictest(&self.unknown.whole),
            strictest(&self.unknown.part),
        );
        self.part = self.part.max(part);
        if whole.is_some() || self.tlp.is_some() {
            self.tlp = self.tlp.max(whole).max(self.part);
        }
        let Unknown { whole, part } = &mut self.unknown;
        for ids in [whole, part] {
            ids.retain(|id| !known.contains_key(id));
        }
    }

    /// The label that it gets where what is not marked has this one.
    pub(crate) fn label(&self, unmarked: Tlp) -> Tlp {
        let rest = || self.part.map_or(unmarked, |part| part.max(unmarked));
        self.tlp.unwrap_or_else(rest)
    }
}

/// Objects of an envelope, some of them at a time.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Batch {
    /// Those that can be kept.
    pub objects: Vec<Incoming>,
    /// Those that cannot.
    pub refusals: Vec<Refusal>,
}

/// Reads an envelope, a bundle, a list of objects or a single object.
#[derive(Debug)]
pub struct Reader<R> {
    stream: Stream<R>,
    definitions: TlpDefinitions,
    place: i64,
}

impl<R: Read> Reader<R> {
    /// A reader of `source`.
    pub fn new(source: R) -> Self {
        Self {
            stream: Stream::new(source, limits()),
            definitions: TlpDefinitions::default(),
            place: 0,
        }
    }

    /// Up to `most` more objects; nothing at the end.
    pub fn next(&mut self, most: usize) -> Result<Option<Batch>, Error> {
        let mut batch = Batch::default();
        while batch.objects.len() + batch.refusals.len() < most {
            let (place, definitions) = (self.place, &mut self.definitions);
            let look = |object: Value<'_>| match take(object, place, definitions) {
                Ok(incoming) => batch.objects.push(incoming),
                Err(refusal) => batch.refusals.push(refusal),
            };
            match next_step(&mut self.stream, look)? {
                Some(Step::Shown) => {}
                Some(Step::Fault { id, detail }) => batch.refusals.push(Refusal {
                    place,
                    stix_id: shortened(&id),
                    version: String::new(),
                    code: UNREADABLE.to_owned(),
                    detail,
                }),
                None => break,
            }
            self.place += 1;
        }
        let empty = batch.objects.is_empty() && batch.refusals.is_empty();
        Ok((!empty).then_some(batch))
    }
}

/// The code of an object that cannot be read.
pub(crate) const UNREADABLE: &str = "intel.object_unreadable";

/// What became of an object that was to be read.
#[derive(Debug)]
pub(crate) enum Step {
    Shown,
    /// One of many cannot be read: its id, where it says one, and why.
    Fault {
        id: String,
        detail: String,
    },
}

/// Shows the next object to `look`; or says why it cannot be read, if the text around it can be.
/// Nothing at the end.
pub(crate) fn next_step<R: Read>(
    stream: &mut Stream<R>,
    look: impl FnOnce(Value<'_>),
) -> Result<Option<Step>, Error> {
    let unreadable = |error: &StreamError| Error::Unreadable {
        detail: chain(error),
    };
    let error = match stream.next(look) {
        Ok(place) => return Ok(place.map(|_| Step::Shown)),
        Err(error) => error,
    };
    if !matches!(&error, StreamError::Json(why) if why.kind.is_within()) {
        return Err(unreadable(&error));
    }
    // Where the rest cannot be read either, the first fault says more.
    let id = stream.pass_over().map_err(|_second| unreadable(&error))?;
    Ok(Some(Step::Fault {
        id: id.unwrap_or_default(),
        detail: chain(&error),
    }))
}

/// What is read at most.
pub(crate) fn limits() -> ReadLimits {
    ReadLimits {
        object: json::Limits {
            bytes_max: OBJECT_BYTES_MAX,
            ..json::Limits::default()
        },
        objects_max: OBJECTS_MAX,
    }
}

/// Reads objects one by one that another party gives, each with the label that it has there: here it
/// has that or a stricter one.
pub(crate) fn given(objects: &[(Tlp, &str)]) -> Batch {
    let mut batch = Batch::default();
    let mut definitions = TlpDefinitions::default();
    for (place, (tlp, text)) in (0_i64..).zip(objects) {
        let limits = limits().object;
        let unreadable = |detail: String| Refusal {
            place,
            stix_id: String::new(),
            version: String::new(),
            code: "intel.unreadable".to_owned(),
            detail,
        };
        let taken =
            match json::Document::parse_with(text.as_bytes(), &limits, json::Spare::default()) {
                Ok(document) => take(document.root(), place, &mut definitions),
                Err(error) => Err(unreadable(error.to_string())),
            };
        match taken {
            Ok(mut incoming) => {
                incoming.tlp = Some(incoming.label(*tlp).max(*tlp));
                batch.objects.push(incoming);
            }
            Err(refusal) => batch.refusals.push(refusal),
        }
    }
    batch
}

/// An object as it is kept, or why it cannot be.
pub(crate) fn take(
    object: Value<'_>,
    place: i64,
    definitions: &mut TlpDefinitions,
) -> Result<Incoming, Refusal> {
    let moment = object.text("modified").or_else(|| object.text("created"));
    let refuse = |code: &str, detail: String| Refusal {
        place,
        stix_id: object.text("id").map_or_else(String::new, shortened),
        version: moment.map_or_else(String::new, shortened),
        code: code.to_owned(),
        detail,
    };
    if object.kind() != Kind::Object {
        return Err(refuse(
            "intel.no_object",
            "this is no object of JSON".to_owned(),
        ));
    }
    let kind = object.text("type").unwrap_or_default();
    let id = object.text("id").unwrap_or_default();
    let id = Id::parse(id).map_err(|error| refuse("intel.id", format!("id: {error}")))?;
    if id.object_type() != kind || kind.len() > TYPE_BYTES_MAX {
        let detail = "id: it must begin with the type of the object".to_owned();
        return Err(refuse("intel.id", detail));
    }
    let version = moment
        .map(|text| {
            let read = stix::Timestamp::parse(text)
                .map_err(|error| refuse("intel.moment", format!("modified or created: {error}")))?;
            read.micros().ok_or_else(|| {
                let detail = "modified or created: out of range".to_owned();
                refuse("intel.moment", detail)
            })
        })
        .transpose()?;
    let canonical = json::canonical(object).map_err(|error| {
        refuse(
            "intel.canonical",
            format!("it has no canonical form: {error}"),
        )
    })?;
    definitions.believe(object);
    Ok(Incoming {
        place,
        stix_id: id.as_str().to_owned(),
        kind: kind.to_owned(),
        version,
        version_text: moment.unwrap_or_default().to_owned(),
        spec: if lift::is_stix_2_0(object) {
            Spec::V20
        } else {
            Spec::V21
        },
        tlp: label(object, definitions),
        part: definitions.strictest(object).map(kernel_tlp),
        unknown: Unknown::of(object, definitions),
        says: says(object, id.as_str()),
        revoked: object.get("revoked").and_then(Value::as_bool) == Some(true),
        sha256: Sha256::digest(canonical).into(),
        facts: Facts::of(object),
        body: object.raw().to_owned(),
        is_made: false,
    })
}

/// The colour of a marking definition of its own id.
fn says(object: Value<'_>, id: &str) -> Option<Tlp> {
    let is_own = marking::Tlp::from_marking_id(id).is_none();
    let said = marking::Tlp::from_any_definition(object).filter(|_| is_own);
    said.map(kernel_tlp)
}

/// The label of an object. A definition of a colour is marked by itself, and a colour that nobody
/// knows is RED.
fn label(object: Value<'_>, definitions: &TlpDefinitions) -> Option<Tlp> {
    let whole = definitions.of_whole(object);
    let found = match whole {
        Some(_) => definitions.strictest(object),
        None => marking::Tlp::from_any_definition(object),
    };
    found.map(kernel_tlp)
}

/// The label that a marking of STIX stands for.
pub(crate) const fn kernel_tlp(tlp: marking::Tlp) -> Tlp {
    match tlp {
        marking::Tlp::Clear => Tlp::Clear,
        marking::Tlp::Green => Tlp::Green,
        marking::Tlp::Amber => Tlp::Amber,
        marking::Tlp::AmberStrict => Tlp::AmberStrict,
        marking::Tlp::Red => Tlp::Red,
    }
}

/// What a stranger wrote, no longer than a report needs.
fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}
