//! What is stored of events. The bodies are in MISP's format.

use uuid::Uuid;

db::row! {
    /// An organisation that makes events or has copies of them.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Org {
        /// Its number.
        pub id: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// Its name.
        pub name: String,
        /// Who of this node it is; nothing for one that is known from events alone.
        pub owner: Option<String>,
    }
}

db::row! {
    /// An event without its parts.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Event {
        /// Its number.
        pub id: i64,
        /// Its collection's number.
        pub slot: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// The code of its label.
        pub tlp: i32,
        /// Whose copy it is.
        pub org: i64,
        /// Who made it.
        pub orgc: i64,
        /// Whether it came from elsewhere.
        pub locked: bool,
        /// Whether it was published as it is.
        pub published: bool,
        /// What it is about.
        pub info: String,
        /// Its day.
        pub date: String,
        /// When it was changed last, in seconds since 1970.
        pub timestamp: i64,
        /// When it was published last, in seconds since 1970; 0 for never.
        pub publish_timestamp: i64,
        /// When a sighting was added last, in seconds since 1970; 0 for never.
        pub sighted_at: i64,
        /// As MISP numbers it.
        pub threat_level: i32,
        /// As MISP numbers it.
        pub analysis: i32,
        /// As MISP numbers it.
        pub distribution: i32,
        /// How many attributes it has that are not deleted.
        pub attributes: i64,
        /// How many attributes and objects are stored.
        pub parts: i64,
        /// The user who made it here.
        pub creator: String,
        /// Counts changes.
        pub version: i64,
        /// The event in MISP's format, without attributes and objects.
        pub head: String,
        /// What its form in STIX does not carry, as JSON.
        pub losses: String,
    }
}

db::row! {
    /// An object of an event, without its attributes.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Object {
        /// Its number.
        pub id: i64,
        /// Its event.
        pub event: i64,
        /// Its collection's number.
        pub slot: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// The code of its label.
        pub tlp: i32,
        /// The name of its template.
        pub name: String,
        /// Its template.
        pub template: String,
        /// Whether it was taken back.
        pub deleted: bool,
        /// When it was changed last, in seconds since 1970.
        pub timestamp: i64,
        /// In MISP's format.
        pub body: String,
    }
}

db::row! {
    /// An attribute.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Attribute {
        /// Its number.
        pub id: i64,
        /// Its event.
        pub event: i64,
        /// Its object; 0 for none.
        pub object: i64,
        /// Its collection's number.
        pub slot: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// The code of its label.
        pub tlp: i32,
        /// Its type; the column is `type`.
        pub kind: String,
        /// What it is for.
        pub category: String,
        /// The part that it plays in its object.
        pub relation: String,
        /// What was observed.
        pub value: String,
        /// Whether it is to be looked for.
        pub to_ids: bool,
        /// Whether it was taken back.
        pub deleted: bool,
        /// When it was changed last, in seconds since 1970.
        pub timestamp: i64,
        /// In MISP's format, without the attached file and sightings.
        pub body: String,
        /// The attached file in base64, where it was asked for.
        pub data: Option<String>,
    }
}

db::row! {
    /// A tag.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Tag {
        /// Its number.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Its colour, such as `#0088cc`.
        pub colour: String,
    }
}

db::row! {
    /// A sighting.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Sighting {
        /// Its number.
        pub id: i64,
        /// Its event.
        pub event: i64,
        /// Its attribute.
        pub attribute: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// Who saw it.
        pub org: i64,
        /// As MISP numbers it.
        pub kind: i32,
        /// When, in seconds since 1970.
        pub date: i64,
        /// By what it was seen.
        pub source: String,
        /// In MISP's format.
        pub body: String,
    }
}
