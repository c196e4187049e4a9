//! Domain objects, relationship objects and marking definitions.

use super::{
    change::{Notes, What},
    observable, pattern,
    tree::Tree,
};
use crate::{
    objects::{IndicatorType, MalwareType, ReportType, ThreatActorType, ToolType},
    pattern::Pattern,
    schema::Vocabulary,
};

/// Where the words of `labels` go in 2.1.
const TYPES: [(&str, &str, &Vocabulary); 5] = [
    ("indicator", "indicator_types", &IndicatorType::VOCABULARY),
    ("malware", "malware_types", &MalwareType::VOCABULARY),
    ("report", "report_types", &ReportType::VOCABULARY),
    (
        "threat-actor",
        "threat_actor_types",
        &ThreatActorType::VOCABULARY,
    ),
    ("tool", "tool_types", &ToolType::VOCABULARY),
];

pub(super) fn lift(object: &mut Tree, notes: &mut Notes) {
    version(object, notes);
    let object_type = object.text("type").unwrap_or_default().to_owned();
    if let Some((_, types, vocabulary)) = TYPES.iter().find(|(name, ..)| *name == object_type) {
        labels(object, types, vocabulary, notes);
    }
    match object_type.as_str() {
        "indicator" => indicator(object, notes),
        "malware" => malware(object, notes),
        "identity" => sectors(object, notes),
        _ => {}
    }
    let references = object
        .get_mut("external_references")
        .and_then(Tree::items_mut);
    for (at, reference) in references.into_iter().flatten().enumerate() {
        observable::hashes(reference, &["external_references", &at.to_string()], notes);
    }
}

/// §3.2.
fn version(object: &mut Tree, notes: &mut Notes) {
    let value = Tree::Text("2.1".into());
    let json = value.to_json();
    if object.get("spec_version").is_some() {
        object.set("spec_version", value);
        notes.add(&["spec_version"], What::Rewritten { value: json });
    } else {
        object.insert_after("type", "spec_version", value);
        notes.add(&["spec_version"], What::Added { value: json });
    }
}

/// In 2.0 the labels of some types come from a vocabulary, and people put words of their own among
/// them. The vocabulary's words go to a property of their own in 2.1; a word of one's own stays.
fn labels(object: &mut Tree, types: &'static str, vocabulary: &Vocabulary, notes: &mut Notes) {
    if object.get(types).is_some() {
        return;
    }
    let Some(Tree::List(labels)) = object.get("labels").cloned() else {
        return;
    };
    let (mut known, mut own) = (Vec::new(), Vec::new());
    for (at, label) in labels.into_iter().enumerate() {
        let place = at.to_string();
        if label
            .as_text()
            .is_some_and(|word| vocabulary.words.contains(&word))
        {
            notes.moved(
                format!("labels.[{at}]"),
                format!("{types}.[{}]", known.len()),
            );
            notes.add(&["labels", &place], What::Renamed { to: types.into() });
            known.push(label);
        } else {
            notes.moved(format!("labels.[{at}]"), format!("labels.[{}]", own.len()));
            own.push(label);
        }
    }
    if known.is_empty() {
        return;
    }
    notes.moved("labels", types);
    object.insert_after("labels", types, Tree::List(known));
    object.remove("labels");
    if !own.is_empty() {
        notes.moved("labels", "labels");
        object.insert_after(types, "labels", Tree::List(own));
    }
}

/// §4.7 and §9.
fn indicator(object: &mut Tree, notes: &mut Notes) {
    let Some(old) = object.text("pattern").map(String::from) else {
        return;
    };
    if object
        .text("pattern_type")
        .is_some_and(|language| language != "stix")
    {
        return;
    }
    let new = pattern::lift(&old);
    let value = Tree::Text(new.clone());
    if new != old {
        notes.add(
            &["pattern"],
            What::Rewritten {
                value: value.to_json(),
            },
        );
        object.set("pattern", value);
    }
    if object.get("pattern_type").is_none() {
        let value = Tree::Text("stix".into());
        notes.add(
            &["pattern_type"],
            What::Added {
                value: value.to_json(),
            },
        );
        object.insert_after("pattern", "pattern_type", value);
    }
    // Whoever reads it should know that it is of another language than the object.
    if Pattern::parse(&new).is_err() && object.get("pattern_version").is_none() {
        let value = Tree::Text("2.0".into());
        notes.add(
            &["pattern_version"],
            What::Added {
                value: value.to_json(),
            },
        );
        object.insert_after("pattern_type", "pattern_version", value);
    }
}

/// §4.11: 2.0 tells families and samples not apart, but each malware has a name, and nothing of a
/// sample can be said. A family is what has a name.
fn malware(object: &mut Tree, notes: &mut Notes) {
    if object.get("is_family").is_none() {
        let value = Tree::Raw(object.get("name").is_some().to_string());
        notes.add(
            &["is_family"],
            What::Added {
                value: value.to_json(),
            },
        );
        object.set("is_family", value);
    }
}

/// §10.11: 2.0 spells one of the sectors as the British do.
fn sectors(object: &mut Tree, notes: &mut Notes) {
    let sectors = object.get_mut("sectors").and_then(Tree::items_mut);
    for (at, sector) in sectors.into_iter().flatten().enumerate() {
        if sector.as_text() == Some("defence") {
            *sector = Tree::Text("defense".into());
            notes.add(
                &["sectors", &at.to_string()],
                What::Rewritten {
                    value: sector.to_json(),
                },
            );
        }
    }
}
