//! What is asked of events and attributes.

use uuid::Uuid;

/// The most words of one filter.
pub const TERMS_MAX: usize = 1_000;

/// An event, attribute or object, as MISP's users name it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// By its number.
    Id(i64),
    /// By its UUID.
    Uuid(Uuid),
}

impl Which {
    /// Reads a number or a UUID in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(id) = text.parse::<i64>() {
            return (id > 0).then_some(Self::Id(id));
        }
        Uuid::try_parse(text).ok().map(Self::Uuid)
    }
}

/// Which collections are looked through.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Scope {
    /// A root and a collection below it by id or alias; all that the viewer sees where none is named.
    pub place: Option<(String, String)>,
}

impl Scope {
    pub(crate) fn as_place(&self) -> Option<(&str, &str)> {
        let place = self.place.as_ref();
        place.map(|(root, name)| (root.as_str(), name.as_str()))
    }
}

/// Words of a filter. A `%` in a word stands for any text.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Terms {
    /// One of these must fit, where there are any.
    pub any: Vec<String>,
    /// All of these must fit.
    pub all: Vec<String>,
    /// None of these may fit.
    pub none: Vec<String>,
}

impl Terms {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }

    /// Terms of which one must be the text.
    pub fn one(text: impl Into<String>) -> Self {
        Self {
            any: vec![text.into()],
            ..Self::default()
        }
    }
}

/// Seconds since 1970, both included.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Moments {
    /// Not before.
    pub from: Option<i64>,
    /// Not after.
    pub to: Option<i64>,
}

/// What is asked. What is empty asks for all.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Values of attributes.
    pub value: Terms,
    /// Types of attributes.
    pub kind: Terms,
    /// Categories of attributes.
    pub category: Terms,
    /// Parts that attributes play in objects.
    pub relation: Terms,
    /// Names of templates of objects.
    pub object_name: Terms,
    /// Names of who made the event.
    pub org: Terms,
    /// Tags of the event or the attribute.
    pub tags: Terms,
    /// What the event is about.
    pub info: Terms,
    /// Events.
    pub events: Vec<Which>,
    /// Events that are not meant.
    pub not_events: Vec<Which>,
    /// UUIDs of events or attributes.
    pub uuids: Vec<Uuid>,
    /// Attributes, by number.
    pub ids: Vec<i64>,
    /// The day of the event, `2026-01-31`: not before.
    pub date_from: Option<String>,
    /// The day of the event: not after.
    pub date_to: Option<String>,
    /// When the attribute was changed; of a search for events, when the event was.
    pub changed: Moments,
    /// When the event was changed.
    pub event_changed: Moments,
    /// When the event was published.
    pub published_at: Moments,
    /// Whether the event is published.
    pub published: Option<bool>,
    /// Whether attributes are to be looked for.
    pub to_ids: Option<bool>,
    /// Whether deleted attributes are meant; those that are not, where nothing is said.
    pub deleted: Option<bool>,
    /// Deleted ones and others.
    pub with_deleted: bool,
    /// How grave the event is.
    pub threat_levels: Vec<i32>,
    /// How far its analysis has come.
    pub analyses: Vec<i32>,
    /// How far the event may go.
    pub distributions: Vec<i32>,
    /// Whether attributes have a file.
    pub attached: Option<bool>,
}

impl Filter {
    /// Whether something is asked of attributes.
    pub(crate) fn asks_attributes(&self) -> bool {
        let terms = [&self.value, &self.kind, &self.category, &self.relation];
        terms.iter().any(|terms| !terms.is_empty())
            || !self.object_name.is_empty()
            || !self.ids.is_empty()
            || self.to_ids.is_some()
            || self.attached.is_some()
    }
}

/// A part of the answer: what has a number above `after`, at most `most`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Asked {
    /// The number after which it begins.
    pub after: i64,
    /// How many.
    pub most: u32,
}
