//! The Incident Core extension of the OASIS common object repository, version 2.0 of 10 October
//! 2023, with what the draft of version 2.1 adds to it.
//!
//! It adds properties to incidents and defines three types of domain objects, which stand in a
//! bundle as any other: [`super::CustomObject::read`] makes them what they are.

mod impact;
mod parts;
mod vocabularies;

pub(super) use impact::impact_extension;
pub use impact::{
    AvailabilityImpact, ConfidentialityImpact, ExternalImpact, Impact, IntegrityImpact,
    MonetaryImpact, PhysicalImpact, TraceabilityImpact,
};
pub use parts::{
    EventEntry, EventSequenceEntry, IncidentScore, StateChange, TaskEntry, TaskSequenceEntry,
};
pub use vocabularies::{
    ActivityCondition, ActivityTransition, AssetType, ConfidentialityLoss, DetectionMethod,
    EventStatus, EventType, ExternalImpactType, IncidentDetermination, InformationType,
    IntegrityAlteration, InvestigationStatus, MonetaryImpactType, PhysicalImpactType,
    Recoverability, StateChangeType, TaskOutcome, TaskType, TimestampFidelity, Traceability,
};

use super::ExtensionType;
use crate::{
    Id,
    schema::{Dictionary, List, Natural, Percent, Rule, Time, nested, object},
};

/// The key of [`IncidentCore`].
pub const INCIDENT_CORE: &str = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";
/// The extension that makes [`Event`] a type.
pub const EVENT: &str = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e";
/// The extension that makes [`Impact`] a type.
pub const IMPACT: &str = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9";
/// The extension that makes [`Task`] a type.
pub const TASK: &str = "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030";

nested! {
    /// What an incident has more (Incident Core 2.0 §2.1).
    IncidentCore "incident-core", "Incident Core 2.0 §2.1", Extension {
        required {
            /// `property-extension`.
            extension_type: ExtensionType,
            /// What the incident turned out to be.
            determination: IncidentDetermination,
            /// How far the investigation is.
            investigation_status: InvestigationStatus,
        }
        optional {
            /// How grave it is.
            criticality: Percent,
            /// What noticed it.
            detection_methods: List<DetectionMethod>,
            /// What happened, and what came after what.
            events: List<EventEntry>,
            /// What happened, as drafts since 2.1 put it.
            event_refs: List<Id> => ["event"],
            /// What it did.
            impact_refs: List<Id> => ["impact"],
            /// By kind of entity how many were touched.
            impacted_entity_counts: Dictionary<Natural>,
            /// What kind of incident it is.
            incident_types: List<EventType>,
            /// What recovery takes.
            recoverability: Recoverability,
            /// How others rate it.
            scores: List<IncidentScore>,
            /// What is done about it, and what comes after what.
            tasks: List<TaskEntry>,
            /// What is done about it, as drafts since 2.1 put it.
            task_refs: List<Id> => ["task"],
        }
    }
    rules [Rule::Code(parts::incident_core)]
}

nested! {
    /// What stands under the key of an extension that makes a whole type (STIX 2.1 §7.3).
    NewType "new-type", "7.3", Extension {
        required {
            /// `new-sdo`, `new-sco` or `new-sro`.
            extension_type: ExtensionType,
        }
    }
}

object! {
    /// Something that happened, or might have (Incident Core 2.0 §2.2).
    Event "event", "Incident Core 2.0 §2.2", Domain {
        required {
            /// How far it is.
            status: EventStatus,
        }
        optional {
            /// What it changed.
            changed_objects: List<StateChange>,
            /// More about it.
            description: String,
            /// When it ended.
            end_time: Time,
            /// How exact `end_time` is.
            end_time_fidelity: TimestampFidelity,
            /// What kind of event it is.
            event_types: List<EventType>,
            /// What it was to bring about.
            goal: String,
            /// What it is called.
            name: String,
            /// What was seen of it.
            sighting_refs: List<Id> => ["sighting"],
            /// When it began.
            start_time: Time,
            /// How exact `start_time` is.
            start_time_fidelity: TimestampFidelity,
            /// The events that it consists of.
            subevents: List<EventEntry>,
            /// What came after it, as drafts since 2.1 put it.
            next_event_refs: List<Id> => ["event"],
        }
    }
    rules [Rule::NotBefore("start_time", "end_time"), Rule::Code(parts::event)]
}

object! {
    /// Something that is done about an incident (Incident Core 2.0 §2.4).
    Task "task", "Incident Core 2.0 §2.4", Domain {
        required {
            /// How far it is.
            outcome: TaskOutcome,
        }
        optional {
            /// What it changed.
            changed_objects: List<StateChange>,
            /// What kind of task it is.
            task_types: List<TaskType>,
            /// More about it.
            description: String,
            /// By when it is to be done, as drafts since 2.1 have it.
            due_date: Time,
            /// When it ended.
            end_time: Time,
            /// How exact `end_time` is.
            end_time_fidelity: TimestampFidelity,
            /// What went wrong.
            error: String,
            /// By kind of entity how many it touched.
            impacted_entity_counts: Dictionary<Natural>,
            /// What it is called.
            name: String,
            /// How urgent it is.
            priority: Percent,
            /// When it began.
            start_time: Time,
            /// How exact `start_time` is.
            start_time_fidelity: TimestampFidelity,
            /// The tasks that it consists of.
            subtasks: List<TaskEntry>,
            /// What comes after it, as drafts since 2.1 put it.
            next_task_refs: List<Id> => ["task"],
        }
    }
    rules [Rule::NotBefore("start_time", "end_time"), Rule::Code(parts::task)]
}
