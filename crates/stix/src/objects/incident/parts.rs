//! What stands within incidents, events and tasks, and the rules between its parts.

use super::{ActivityCondition, ActivityTransition, StateChangeType};
use crate::{
    Id,
    check::Report,
    json::Value,
    schema::{Float, List, Rule, nested},
};

nested! {
    /// An event of an incident, or within another event (Incident Core 2.0 §3.2).
    EventEntry "event-entry", "Incident Core 2.0 §3.2" {
        required {
            /// The event.
            event_ref: Id => ["event"],
        }
        optional {
            /// What came after it.
            next_steps: List<EventSequenceEntry>,
            /// Whether nothing came before it; so if it does not say.
            sequence_start: bool,
        }
    }
}

nested! {
    /// What came after an event (Incident Core 2.0 §3.3).
    EventSequenceEntry "event-sequence-entry", "Incident Core 2.0 §3.3" {
        required {
            /// The event.
            event_ref: Id => ["event"],
            /// Whether it depended on the one before.
            condition_type: ActivityCondition,
            /// When it took place.
            transition_type: ActivityTransition,
        }
    }
}

nested! {
    /// How somebody rates an incident (Incident Core 2.0 §3.4).
    IncidentScore "incident-score", "Incident Core 2.0 §3.4" {
        required {
            /// What the score is called.
            name: String,
            /// The score.
            value: Float,
        }
        optional {
            /// How it came about.
            description: String,
        }
    }
}

nested! {
    /// What an event or a task did to an object (Incident Core 2.0 §3.5).
    StateChange "state-change", "Incident Core 2.0 §3.5" {
        required {
            /// What it did.
            state_change_type: StateChangeType,
        }
        optional {
            /// The object before.
            initial_ref: Id,
            /// The object after.
            result_ref: Id,
        }
    }
    rules [Rule::AtLeastOne(&["initial_ref", "result_ref"]), Rule::Code(state_change)]
}

nested! {
    /// A task of an incident, or within another task (Incident Core 2.0 §3.6).
    TaskEntry "task-entry", "Incident Core 2.0 §3.6" {
        required {
            /// The task.
            task_ref: Id => ["task"],
        }
        optional {
            /// What comes after it.
            next_steps: List<TaskSequenceEntry>,
            /// Whether nothing comes before it; so if it does not say.
            sequence_start: bool,
        }
    }
}

nested! {
    /// What comes after a task (Incident Core 2.0 §3.7).
    TaskSequenceEntry "task-sequence-entry", "Incident Core 2.0 §3.7" {
        required {
            /// Whether it depends on the one before.
            condition_type: ActivityCondition,
            /// The task.
            task_ref: Id => ["task"],
            /// When it takes place.
            transition_type: ActivityTransition,
        }
    }
}

/// Incident Core §3.5 and §4.9.
fn state_change(change: Value<'_>, report: &mut Report<'_>) {
    let object_type = |name| {
        let id = change.text(name)?;
        id.split_once("--").map(|(object_type, _)| object_type)
    };
    let types = object_type("initial_ref").zip(object_type("result_ref"));
    if types.is_some_and(|(before, after)| before != after) {
        let message = "initial_ref and result_ref lead to objects of different types";
        report.error("reference.target", &["result_ref"], message);
    }
    let needed = match change.text("state_change_type") {
        Some("input") => "initial_ref",
        Some("output") => "result_ref",
        _ => return,
    };
    if change.get(needed).is_none() {
        report.error(
            "property.requires",
            &[],
            format!("state_change_type needs {needed} here"),
        );
    }
}

/// Incident Core §2.1 with §3.3 and §3.7.
pub(super) fn incident_core(extension: Value<'_>, report: &mut Report<'_>) {
    let kind = extension.text("extension_type");
    if kind.is_some_and(|kind| kind != "property-extension") {
        let message = "extension_type is property-extension here";
        report.error("value.enumeration", &["extension_type"], message);
    }
    sequence(extension, "events", "event_ref", report);
    sequence(extension, "tasks", "task_ref", report);
}

/// Incident Core §3.3.
pub(super) fn event(event: Value<'_>, report: &mut Report<'_>) {
    sequence(event, "subevents", "event_ref", report);
}

/// Incident Core §3.7.
pub(super) fn task(task: Value<'_>, report: &mut Report<'_>) {
    sequence(task, "subtasks", "task_ref", report);
}

/// A step leads to an entry of the same list, and some entry begins the sequence.
fn sequence(owner: Value<'_>, list: &str, reference: &str, report: &mut Report<'_>) {
    let Some(entries) = owner.get(list) else {
        return;
    };
    let mut entered: Vec<_> = entries
        .items()
        .filter_map(|entry| entry.get(reference)?.as_str())
        .collect();
    entered.sort_unstable();
    let steps = entries
        .items()
        .filter_map(|entry| entry.get("next_steps"))
        .flat_map(Value::items);
    let mut targets = steps.filter_map(|step| step.get(reference)?.as_str());
    if targets.any(|id| entered.binary_search(&id).is_err()) {
        let message = format!("a next step leads to a {reference} that is not among the {list}");
        report.error("sequence.target", &[list], message);
    }
    let starts = |entry: Value<'_>| {
        entry
            .get("sequence_start")
            .and_then(Value::as_bool)
            .unwrap_or(true)
    };
    if entries.items().next().is_some() && !entries.items().any(starts) {
        let message = format!("one of the {list} at least begins the sequence");
        report.error("sequence.start", &[list], message);
    }
}
