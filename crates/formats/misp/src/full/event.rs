//! Events, and what stands in them.

use super::{
    Analysis, AnalystNote, AnalystOpinion, AnalystRelationship, CryptographicKey, Distribution,
    EventReport, Galaxy, Organisation, SharingGroup, Sighting, Tag, ThreatLevel, record::record,
};

record! {
    /// An event.
    Event "an event" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// What it is about.
        info: Option<String> = "info",
        /// The day of it, such as `2026-01-31`.
        date: Option<String> = "date",
        /// When it was changed last, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// When it was published last, in seconds since 1970; 0 for never.
        publish_timestamp: Option<i64> = "publish_timestamp",
        /// Whether it was published as it is.
        published: Option<bool> = "published",
        /// How far its analysis has come.
        analysis: Option<Analysis> = "analysis",
        /// How grave it is.
        threat_level: Option<ThreatLevel> = "threat_level_id",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, on the instance that wrote it.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// Whose copy it is, on the instance that wrote it.
        org_id: Option<u64> = "org_id",
        /// Who made it, on the instance that wrote it.
        orgc_id: Option<u64> = "orgc_id",
        /// The event that it extends.
        extends_uuid: Option<String> = "extends_uuid",
        /// How many attributes it has.
        attribute_count: Option<u64> = "attribute_count",
        /// Whether it came from another instance and is not changed here.
        locked: Option<bool> = "locked",
        /// Whether it is signed.
        protected: Option<bool> = "protected",
        /// Whether mail about proposals is held back.
        proposal_email_lock: Option<bool> = "proposal_email_lock",
        /// Whether its values are not compared with others.
        disable_correlation: Option<bool> = "disable_correlation",
        /// The mail address of the user who made it.
        event_creator_email: Option<String> = "event_creator_email",
        /// Whose copy it is.
        org: Option<Box<Organisation>> = "Org",
        /// Who made it.
        orgc: Option<Box<Organisation>> = "Orgc",
        /// The group to which it may go.
        sharing_group: Option<Box<SharingGroup>> = "SharingGroup",
        /// Its tags.
        tags: Vec<Tag> = "Tag",
        /// The galaxies whose clusters it names.
        galaxies: Vec<Galaxy> = "Galaxy",
        /// Its attributes that belong to no object.
        attributes: Vec<Attribute> = "Attribute",
        /// Proposed attributes.
        proposals: Vec<ShadowAttribute> = "ShadowAttribute",
        /// Its objects.
        objects: Vec<Object> = "Object",
        /// Events with values in common.
        related: Vec<RelatedEvent> = "RelatedEvent",
        /// Its reports.
        reports: Vec<EventReport> = "EventReport",
        /// The keys that sign it.
        keys: Vec<CryptographicKey> = "CryptographicKey",
        /// What analysts note on it.
        notes: Vec<AnalystNote> = "Note",
        /// What analysts think of it.
        opinions: Vec<AnalystOpinion> = "Opinion",
        /// What analysts relate it to.
        relationships: Vec<AnalystRelationship> = "Relationship",
    }
}

record! {
    /// An attribute of an event or of an object in it.
    Attribute "an attribute" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// Its event's id there.
        event_id: Option<u64> = "event_id",
        /// Its object's id there, 0 for none.
        object_id: Option<u64> = "object_id",
        /// The part that it plays in its object.
        object_relation: Option<String> = "object_relation",
        /// What it is of, such as `ip-dst`.
        kind: Option<String> = "type",
        /// What it is for, such as `Network activity`.
        category: Option<String> = "category",
        /// What was observed; both parts of a composite.
        value: Option<String> = "value",
        /// Whether it is to be looked for.
        to_ids: Option<bool> = "to_ids",
        /// What people say of it.
        comment: Option<String> = "comment",
        /// When it was changed last, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, on the instance that wrote it.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// Whether it was taken back.
        deleted: Option<bool> = "deleted",
        /// Whether its value is not compared with others.
        disable_correlation: Option<bool> = "disable_correlation",
        /// When it was seen first.
        first_seen: Option<String> = "first_seen",
        /// When it was seen last.
        last_seen: Option<String> = "last_seen",
        /// The attached file in base64; of a malware sample a zip.
        data: Option<String> = "data",
        /// The group to which it may go.
        sharing_group: Option<Box<SharingGroup>> = "SharingGroup",
        /// Its tags.
        tags: Vec<Tag> = "Tag",
        /// The galaxies whose clusters it names.
        galaxies: Vec<Galaxy> = "Galaxy",
        /// Proposals to change it.
        proposals: Vec<ShadowAttribute> = "ShadowAttribute",
        /// Where it was seen.
        sightings: Vec<Sighting> = "Sighting",
        /// What analysts note on it.
        notes: Vec<AnalystNote> = "Note",
        /// What analysts think of it.
        opinions: Vec<AnalystOpinion> = "Opinion",
        /// What analysts relate it to.
        relationships: Vec<AnalystRelationship> = "Relationship",
    }
}

record! {
    /// A proposal: an attribute that somebody would add, change or delete.
    ShadowAttribute "a proposal" {
        /// Its id, the same everywhere; that of the attribute that it would change.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The attribute that it would change, there; 0 for a new one.
        old_id: Option<u64> = "old_id",
        /// Its event's id there.
        event_id: Option<u64> = "event_id",
        /// Its event.
        event_uuid: Option<String> = "event_uuid",
        /// Who proposes it, there.
        org_id: Option<u64> = "org_id",
        /// As of an attribute.
        kind: Option<String> = "type",
        /// As of an attribute.
        category: Option<String> = "category",
        /// As of an attribute.
        value: Option<String> = "value",
        /// As of an attribute.
        to_ids: Option<bool> = "to_ids",
        /// Why it is proposed.
        comment: Option<String> = "comment",
        /// When it was made, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// Whether it was settled.
        deleted: Option<bool> = "deleted",
        /// Whether the attribute should be deleted.
        proposal_to_delete: Option<bool> = "proposal_to_delete",
        /// As of an attribute.
        disable_correlation: Option<bool> = "disable_correlation",
        /// As of an attribute.
        first_seen: Option<String> = "first_seen",
        /// As of an attribute.
        last_seen: Option<String> = "last_seen",
        /// As of an attribute.
        data: Option<String> = "data",
        /// Who proposes it.
        org: Option<Box<Organisation>> = "Org",
    }
}

record! {
    /// An object: attributes that belong together, by a template.
    Object "an object of an event" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// The name of its template.
        name: Option<String> = "name",
        /// The kind of its template.
        meta_category: Option<String> = "meta-category",
        /// What its template is for.
        description: Option<String> = "description",
        /// Its template.
        template_uuid: Option<String> = "template_uuid",
        /// The version of the template.
        template_version: Option<String> = "template_version",
        /// Its event's id there.
        event_id: Option<u64> = "event_id",
        /// When it was changed last, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// How far it may go.
        distribution: Option<Distribution> = "distribution",
        /// The group to which it may go, on the instance that wrote it.
        sharing_group_id: Option<u64> = "sharing_group_id",
        /// What people say of it.
        comment: Option<String> = "comment",
        /// Whether it was taken back.
        deleted: Option<bool> = "deleted",
        /// When it was seen first.
        first_seen: Option<String> = "first_seen",
        /// When it was seen last.
        last_seen: Option<String> = "last_seen",
        /// The group to which it may go.
        sharing_group: Option<Box<SharingGroup>> = "SharingGroup",
        /// What it refers to.
        references: Vec<ObjectReference> = "ObjectReference",
        /// Its attributes.
        attributes: Vec<Attribute> = "Attribute",
        /// What analysts note on it.
        notes: Vec<AnalystNote> = "Note",
        /// What analysts think of it.
        opinions: Vec<AnalystOpinion> = "Opinion",
        /// What analysts relate it to.
        relationships: Vec<AnalystRelationship> = "Relationship",
    }
}

record! {
    /// What an object has to do with another object or attribute.
    ObjectReference "a reference of an object" {
        /// Its id, the same everywhere.
        uuid: Option<String> = "uuid",
        /// Its id on the instance that wrote it.
        id: Option<u64> = "id",
        /// When it was changed last, in seconds since 1970.
        timestamp: Option<i64> = "timestamp",
        /// The object that refers, on the instance that wrote it.
        object_id: Option<u64> = "object_id",
        /// The object that refers.
        object_uuid: Option<String> = "object_uuid",
        /// The object that refers, in MISP's older word.
        source_uuid: Option<String> = "source_uuid",
        /// Its event's id there.
        event_id: Option<u64> = "event_id",
        /// What it refers to, there.
        referenced_id: Option<u64> = "referenced_id",
        /// What it refers to.
        referenced_uuid: Option<String> = "referenced_uuid",
        /// 0 an attribute, 1 an object.
        referenced_type: Option<u64> = "referenced_type",
        /// What it has to do with it, such as `communicates-with`.
        relationship_type: Option<String> = "relationship_type",
        /// What people say of it.
        comment: Option<String> = "comment",
        /// Whether it was taken back.
        deleted: Option<bool> = "deleted",
        /// The object that it refers to, in short.
        object: Option<Box<Object>> = "Object",
        /// The attribute that it refers to, in short.
        attribute: Option<Box<Attribute>> = "Attribute",
    }
}

record! {
    /// An event with values in common.
    RelatedEvent "a related event" {
        /// It, in short.
        event: Option<Box<Event>> = "Event",
    }
}
