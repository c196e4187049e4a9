//! What people add: sightings, reports, and the notes, opinions and relationships of analysts.

use super::{Distribution, Organisation, SharingGroup, SightingType, record::record};

record! {
    /// That an attribute was seen.
    Sighting "a sighting" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The attribute, there.
        attribute_id: Option<u64> = "attribute_id",
        /// The attribute.
        attribute_uuid: Option<String> = "attribute_uuid",
        /// The event, there.
        event_id: Option<u64> = "event_id",
        /// Who saw it, there.
        org_id: Option<u64> = "org_id",
        /// When, in seconds since 1970.
        date_sighting: Option<i64> = "date_sighting",
        /// By what it was seen.
        source: Option<String> = "source",
        /// What is said by it.
        kind: Option<SightingType> = "type",
        /// Who saw it.
        organisation: Option<Box<Organisation>> = "Organisation",
    }
}

record! {
    /// A report: a text in Markdown.
    EventReport "a report" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its event's id there.
        event_id: Option<u64> = "event_id",
        /// Its title.
        name: Option<String> = "name",
        /// Its text.
        content: Option<String> = "content",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, there.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// When it was changed last, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// Whether it was taken back.
        deleted: Option<bool> = "deleted",
        /// The group to which it may go.
        sharing_group: Option<Box<SharingGroup>> = "SharingGroup",
        /// What analysts note on it.
        notes: Vec<AnalystNote> = "Note",
        /// What analysts think of it.
        opinions: Vec<AnalystOpinion> = "Opinion",
        /// What analysts relate it to.
        relationships: Vec<AnalystRelationship> = "Relationship",
    }
}

/// A record with what all data of analysts have, before and behind what it has of its own.
macro_rules! analyst_data {
    ($(#[$doc:meta])* $name:ident $what:literal { $($own:tt)* }) => {
        record! {
            $(#[$doc])*
            $name $what {
                /// Its id, the same everywhere.
                uuid: Option<String> = "uuid",
                /// Its id on the instance that wrote it.
                id: Option<u64> = "id",
                /// What it is about.
                object_uuid: Option<String> = "object_uuid",
                /// Of what kind that is, such as `Event`.
                object_type: Option<String> = "object_type",
                /// Who wrote it.
                authors: Option<String> = "authors",
                /// Whose copy it is.
                org_uuid: Option<String> = "org_uuid",
                /// Whose it is.
                orgc_uuid: Option<String> = "orgc_uuid",
                /// When it was made.
                created: Option<String> = "created",
                /// When it was changed last.
                modified: Option<String> = "modified",
                /// How far it may go.
                distribution: Option<Distribution> = "distribution",
                /// The group to which it may go, on the instance that wrote it.
                sharing_group_id: Option<u64> = "sharing_group_id",
                /// Whether it came from another instance.
                locked: Option<bool> = "locked",
                $($own)*
                /// Whose copy it is.
                org: Option<Box<Organisation>> = "Org",
                /// Whose it is.
                orgc: Option<Box<Organisation>> = "Orgc",
                /// The group to which it may go.
                sharing_group: Option<Box<SharingGroup>> = "SharingGroup",
                /// Notes on it.
                notes: Vec<AnalystNote> = "Note",
                /// Opinions on it.
                opinions: Vec<AnalystOpinion> = "Opinion",
                /// What it is related to.
                relationships: Vec<AnalystRelationship> = "Relationship",
            }
        }
    };
}

analyst_data! {
    /// A note of an analyst.
    AnalystNote "a note" {
        /// In which language it is.
        language: Option<String> = "language",
        /// Its text.
        note: Option<String> = "note",
    }
}

analyst_data! {
    /// An opinion of an analyst.
    AnalystOpinion "an opinion" {
        /// How far he agrees, from 0 to 100.
        opinion: Option<u64> = "opinion",
        /// Why.
        comment: Option<String> = "comment",
    }
}

analyst_data! {
    /// A relationship that an analyst sees.
    AnalystRelationship "a relationship" {
        /// What both have to do with each other.
        relationship_type: Option<String> = "relationship_type",
        /// The other.
        related_object_uuid: Option<String> = "related_object_uuid",
        /// Of what kind the other is.
        related_object_type: Option<String> = "related_object_type",
    }
}
