//! The domain objects of STIX 2.1 §4 that tell of defenders and of what they found, and the
//! relationship objects of §5.

use super::{
    GroupingContext, IdentityClass, IndustrySector, Observables, OpinionValue, Region, ReportType,
    rules,
};
use crate::{
    Id,
    schema::{Count, Latitude, List, Longitude, NonNegative, PositiveCount, Rule, Time, object},
};

object! {
    /// What one can do against an attack (STIX 2.1 §4.3).
    CourseOfAction "course-of-action", "4.3", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What to do and what it is good for.
            description: String,
        }
    }
}

object! {
    /// Objects that belong together, without being a report (STIX 2.1 §4.4).
    Grouping "grouping", "4.4", Domain {
        required {
            /// What they have in common.
            context: GroupingContext,
            /// The objects.
            object_refs: List<Id>,
        }
        optional {
            /// What the group is called.
            name: String,
            /// What it is and what it is for.
            description: String,
        }
    }
}

object! {
    /// Somebody: a person, an organisation, a group, a class of them (STIX 2.1 §4.5).
    Identity "identity", "4.5", Domain {
        required {
            /// The name.
            name: String,
        }
        optional {
            /// Who it is and what marks it.
            description: String,
            /// What it does: `CEO`, `hospital`.
            roles: List<String>,
            /// What kind of somebody it is.
            identity_class: IdentityClass,
            /// The sectors that it belongs to.
            sectors: List<IndustrySector>,
            /// How to reach it.
            contact_information: String,
        }
    }
}

object! {
    /// An incident; what makes it more than a name are extensions (STIX 2.1 §4.6).
    Incident "incident", "4.6", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What happened.
            description: String,
        }
    }
}

object! {
    /// A place (STIX 2.1 §4.10).
    Location "location", "4.10", Domain {
        optional {
            /// What it is called.
            name: String,
            /// What it is.
            description: String,
            /// Degrees north.
            latitude: Latitude,
            /// Degrees east.
            longitude: Longitude,
            /// How many metres the place may be off the coordinates.
            precision: NonNegative,
            /// The part of the world.
            region: Region,
            /// The country by two letters (ISO 3166-1).
            country: String,
            /// The province or its like.
            administrative_area: String,
            /// The city.
            city: String,
            /// Street and number.
            street_address: String,
            /// The postal code.
            postal_code: String,
        }
    }
    rules [
        Rule::AtLeastOne(&["region", "country", "latitude"]),
        Rule::Requires("latitude", "longitude"),
        Rule::Requires("longitude", "latitude"),
        Rule::Requires("precision", "latitude"),
        Rule::Code(rules::location),
    ]
}

object! {
    /// Words on other objects that are no part of them (STIX 2.1 §4.13).
    Note "note", "4.13", Domain {
        required {
            /// The words.
            content: String,
            /// The objects that it is about.
            object_refs: List<Id>,
        }
        optional {
            /// A summary of them.
            abstract_text as "abstract": String,
            /// Who wrote it.
            authors: List<String>,
        }
    }
}

object! {
    /// What was seen on systems and networks (STIX 2.1 §4.14).
    ObservedData "observed-data", "4.14", Domain {
        required {
            /// The beginning of the time in which it was seen.
            first_observed: Time,
            /// The end of the time in which it was seen.
            last_observed: Time,
            /// How often it was seen.
            number_observed: PositiveCount,
        }
        optional {
            /// What was seen, each by a key of its own; deprecated.
            objects: Observables,
            /// What was seen: observables, and relationships between them.
            object_refs: List<Id> => ["sco", "sro"],
        }
    }
    rules [
        Rule::NotBefore("first_observed", "last_observed"),
        Rule::AtLeastOne(&["objects", "object_refs"]),
        Rule::AtMostOne(&["objects", "object_refs"]),
        Rule::Code(rules::observed_data),
    ]
}

object! {
    /// Whether one agrees with what other objects say (STIX 2.1 §4.15).
    Opinion "opinion", "4.15", Domain {
        required {
            /// How much one agrees.
            opinion: OpinionValue,
            /// The objects that it is about.
            object_refs: List<Id>,
        }
        optional {
            /// Why.
            explanation: String,
            /// Who thinks so.
            authors: List<String>,
        }
    }
}

object! {
    /// A published account of one or more subjects (STIX 2.1 §4.16).
    Report "report", "4.16", Domain {
        required {
            /// Its title.
            name: String,
            /// When it was published.
            published: Time,
            /// The objects that it is about.
            object_refs: List<Id>,
        }
        optional {
            /// What it says.
            description: String,
            /// What it is mainly about.
            report_types: List<ReportType>,
        }
    }
}

object! {
    /// How one object stands to another (STIX 2.1 §5.1).
    Relationship "relationship", "5.1", Domain {
        required {
            /// How: `indicates`, `uses`.
            relationship_type: String,
            /// The object that it goes out from.
            source_ref: Id => ["sdo", "sco"],
            /// The object that it leads to.
            target_ref: Id => ["sdo", "sco"],
        }
        optional {
            /// More about it.
            description: String,
            /// From when on it holds.
            start_time: Time,
            /// From when on it holds no longer.
            stop_time: Time,
        }
    }
    rules [Rule::After("start_time", "stop_time"), Rule::Code(rules::relationship)]
}

object! {
    /// That something was seen (STIX 2.1 §5.2).
    Sighting "sighting", "5.2", Domain {
        required {
            /// What was seen.
            sighting_of_ref: Id => ["sdo"],
        }
        optional {
            /// More about it.
            description: String,
            /// The beginning of the time in which it was seen.
            first_seen: Time,
            /// The end of the time in which it was seen.
            last_seen: Time,
            /// How often it was seen; 0 says that one looked and saw nothing.
            count: Count,
            /// What exactly was seen.
            observed_data_refs: List<Id> => ["observed-data"],
            /// Who saw it, or where.
            where_sighted_refs: List<Id> => ["identity", "location"],
            /// Whether it sums up other sightings.
            summary: bool,
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen")]
}
