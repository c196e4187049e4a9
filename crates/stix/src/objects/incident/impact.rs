//! What an incident did, and the extensions that say it by category.

use super::{
    AssetType, ConfidentialityLoss, ExternalImpactType, InformationType, IntegrityAlteration,
    MonetaryImpactType, PhysicalImpactType, Recoverability, TimestampFidelity, Traceability,
};
use crate::{
    Id,
    check::Report,
    json::Value,
    schema::{Dictionary, List, Natural, NonNegative, Percent, Rule, Schema, Time, nested, object},
};

object! {
    /// What an incident did to somebody or something (Incident Core 2.0 §2.3).
    Impact "impact", "Incident Core 2.0 §2.3", Domain {
        required {
            /// Which of the extensions says more.
            impact_category: String,
        }
        optional {
            /// How grave it is.
            criticality: Percent,
            /// More about it.
            description: String,
            /// When it ended.
            end_time: Time,
            /// How exact `end_time` is.
            end_time_fidelity: TimestampFidelity,
            /// By kind of entity how many were touched.
            impacted_entity_counts: Dictionary<Natural>,
            /// What was touched.
            impacted_refs: List<Id>,
            /// What recovery takes.
            recoverability: Recoverability,
            /// When it began.
            start_time: Time,
            /// How exact `start_time` is.
            start_time_fidelity: TimestampFidelity,
            /// The impact that took its place at `end_time`.
            superseded_by_ref: Id => ["impact"],
            /// The impacts that it consists of, as drafts since 2.1 have it.
            sub_impact_refs: List<Id> => ["impact"],
        }
    }
    rules [
        Rule::NotBefore("start_time", "end_time"),
        Rule::Requires("superseded_by_ref", "end_time"),
        Rule::Code(impact),
    ]
    extensions [
        &AvailabilityImpact::SCHEMA,
        &ConfidentialityImpact::SCHEMA,
        &ExternalImpact::SCHEMA,
        &IntegrityImpact::SCHEMA,
        &MonetaryImpact::SCHEMA,
        &PhysicalImpact::SCHEMA,
        &TraceabilityImpact::SCHEMA,
    ]
}

/// The extension of an impact under this key: `availability`, or `availability-ext` as the draft of
/// version 2.1 names it, which also says `economic-ext` for what was `monetary`.
pub(in crate::objects) fn impact_extension(key: &str) -> Option<&'static Schema> {
    let category = match key.strip_suffix("-ext").unwrap_or(key) {
        "economic" => "monetary",
        category => category,
    };
    Impact::SCHEMA
        .extensions
        .iter()
        .copied()
        .find(|schema| schema.name == category)
}

nested! {
    /// What could not be used any longer (Incident Core 2.0 §2.3.2.1).
    AvailabilityImpact "availability", "Incident Core 2.0 §2.3.2.1", Extension {
        required {
            /// How much could not be used.
            availability_impact: Percent,
        }
    }
}

nested! {
    /// What became known to others (Incident Core 2.0 §2.3.2.2).
    ConfidentialityImpact "confidentiality", "Incident Core 2.0 §2.3.2.2", Extension {
        required {
            /// What became of the information.
            loss_type: ConfidentialityLoss,
        }
        optional {
            /// What information it is.
            information_type: InformationType,
            /// How many records.
            record_count: Natural,
            /// How many bytes.
            record_size: Natural,
        }
    }
    rules [Rule::Code(confidentiality)]
}

nested! {
    /// What happened beyond the victim (Incident Core 2.0 §2.3.2.3).
    ExternalImpact "external", "Incident Core 2.0 §2.3.2.3", Extension {
        required {
            /// What it touched.
            impact_type: ExternalImpactType,
        }
    }
}

nested! {
    /// What was altered or destroyed (Incident Core 2.0 §2.3.2.4).
    IntegrityImpact "integrity", "Incident Core 2.0 §2.3.2.4", Extension {
        required {
            /// How it was altered.
            alteration: IntegrityAlteration,
        }
        optional {
            /// What information it is.
            information_type: InformationType,
            /// How many records.
            record_count: Natural,
            /// How many bytes.
            record_size: Natural,
        }
    }
    rules [Rule::Code(integrity)]
}

nested! {
    /// What it cost (Incident Core 2.0 §2.3.2.5).
    MonetaryImpact "monetary", "Incident Core 2.0 §2.3.2.5", Extension {
        required {
            /// What the loss comes from.
            variety: MonetaryImpactType,
        }
        optional {
            /// How many of `currency_actual` one of `currency` is.
            conversion_rate: NonNegative,
            /// When that was so.
            conversion_time: Time,
            /// The currency of the amounts (ISO 4217).
            currency: String,
            /// The currency that was lost or asked for.
            currency_actual: String,
            /// The highest estimate.
            max_amount: NonNegative,
            /// The lowest estimate.
            min_amount: NonNegative,
        }
    }
    rules [
        Rule::Requires("conversion_rate", "currency_actual"),
        Rule::Requires("currency_actual", "conversion_rate"),
        Rule::Requires("currency_actual", "currency"),
        Rule::Requires("conversion_rate", "conversion_time"),
        Rule::Requires("min_amount", "currency"),
        Rule::Requires("min_amount", "max_amount"),
        Rule::Requires("max_amount", "min_amount"),
    ]
}

nested! {
    /// What was damaged (Incident Core 2.0 §2.3.2.6).
    PhysicalImpact "physical", "Incident Core 2.0 §2.3.2.6", Extension {
        required {
            /// How far it is damaged.
            impact_type: PhysicalImpactType,
        }
        optional {
            /// What it is.
            asset_type: AssetType,
        }
    }
    rules [Rule::Code(physical)]
}

nested! {
    /// What one can no longer tell (Incident Core 2.0 §2.3.2.7).
    TraceabilityImpact "traceability", "Incident Core 2.0 §2.3.2.7", Extension {
        required {
            /// Whether one can still tell who did what.
            traceability_impact: Traceability,
        }
    }
}

/// Incident Core §2.3.2: the category names an extension that is there.
fn impact(impact: Value<'_>, report: &mut Report<'_>) {
    let Some(category) = impact.text("impact_category") else {
        return;
    };
    let bare = |key: &str| key.strip_suffix("-ext").unwrap_or(key) == category;
    let mut extensions = impact
        .get("extensions")
        .into_iter()
        .flat_map(Value::members);
    if !extensions.any(|(key, _)| key == category || bare(key)) {
        let message = "impact_category names an extension that is not there";
        report.error("impact.category", &["impact_category"], message);
    }
}

fn confidentiality(extension: Value<'_>, report: &mut Report<'_>) {
    unless_none(extension, ("loss_type", "information_type"), report);
}

fn integrity(extension: Value<'_>, report: &mut Report<'_>) {
    unless_none(extension, ("alteration", "information_type"), report);
}

fn physical(extension: Value<'_>, report: &mut Report<'_>) {
    unless_none(extension, ("impact_type", "asset_type"), report);
}

/// Incident Core §2.3.2.2, §2.3.2.4, §2.3.2.6: what was touched is said where something was.
fn unless_none(extension: Value<'_>, (how, what): (&str, &str), report: &mut Report<'_>) {
    let how_much = extension.text(how);
    if how_much.is_some_and(|how_much| how_much != "none") && extension.get(what).is_none() {
        let message = format!("{what} is required unless {how} is none");
        report.error("property.requires", &[], message);
    }
}
