//! What can be chosen of an entry, and how a split is asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    merge::model::Merged,
    model::{HarmFigure, Incident, Invalid, Line, words},
};

/// As much of a part is shown where it is chosen.
const SHOWN: usize = 200;

words! {
    /// A kind of part that can be chosen.
    PartKind, "evidence, harm, indicators, links, notes, statements, tasks or timeline", {
        /// What happened when.
        Timeline = "timeline",
        /// Figures of harm.
        Harm = "harm",
        /// What somebody said.
        Statements = "statements",
        /// What is to be done.
        Tasks = "tasks",
        /// What colleagues wrote, with whom it mentions.
        Notes = "notes",
        /// Indicators that were kept.
        Indicators = "indicators",
        /// Pieces of evidence, with their custody.
        Evidence = "evidence",
        /// What belongs to it elsewhere.
        Links = "links",
    }
}

impl PartKind {
    /// The table in which parts of this kind are numbered; none for links.
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Timeline => "incident_timeline",
            Self::Harm => "incident_harm",
            Self::Statements => "incident_statement",
            Self::Tasks => "incident_task",
            Self::Notes => "incident_note",
            Self::Indicators => "incident_indicator",
            Self::Evidence => "incident_item",
            Self::Links => "",
        }
    }
}

/// A part by its kind, and its number within the entry; a link by its kind and target.
pub type Name = (PartKind, String);

/// A part that can be chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// What names it.
    pub name: Name,
    /// What it says, shortened.
    pub text: String,
    /// When it was, by whom, how much: as far as it tells parts of its kind apart.
    pub about: String,
}

impl Part {
    pub(crate) fn new(name: Name, text: &str, about: String) -> Self {
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self {
            name,
            text: shown,
            about,
        }
    }
}

/// What would happen.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The entry from which parts go.
    pub incident: Incident,
    /// What was chosen.
    pub parts: Vec<Part>,
    /// What goes along, since it corrects a figure that was chosen or is corrected by one.
    pub along: Vec<Part>,
}

/// How a split is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The version at which the caller saw the entry.
    pub version: i64,
    /// What the new entry is called.
    pub title: Line<200>,
    /// Why.
    pub reason: Line<500>,
    /// What goes to the new entry.
    pub parts: Vec<Name>,
}

/// From which entry this one was split, and which were split from it.
#[derive(Clone, Debug, Default)]
pub struct Splits {
    /// From which.
    pub from: Option<Merged>,
    /// Which were split from it and stand by themselves, the last first.
    pub off: Vec<Merged>,
}

/// What goes to the new entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) numbers: BTreeMap<PartKind, BTreeSet<i64>>,
    pub(crate) links: Vec<(String, String)>,
}

/// Which of the parts are chosen, and which go along with them.
pub(crate) fn choose(
    all: &[Part],
    figures: &[HarmFigure],
    wanted: &[Name],
) -> Result<(Vec<Part>, Vec<Part>), Invalid> {
    let field = "parts";
    let wanted: BTreeSet<&Name> = wanted.iter().collect();
    if wanted.is_empty() {
        let rule = "names at least one part";
        return Err(Invalid { field, rule });
    }
    let parts: Vec<Part> = all
        .iter()
        .filter(|part| wanted.contains(&part.name))
        .cloned()
        .collect();
    if parts.len() != wanted.len() {
        let rule = "names parts that the incident has";
        return Err(Invalid { field, rule });
    }
    let harm: BTreeSet<String> = wanted
        .iter()
        .filter(|name| name.0 == PartKind::Harm)
        .map(|name| name.1.clone())
        .collect();
    let whole = with_corrections(&harm, figures);
    let goes_along = |part: &&Part| {
        let (kind, key) = &part.name;
        *kind == PartKind::Harm && whole.contains(key) && !harm.contains(key)
    };
    let along = all.iter().filter(goes_along).cloned().collect();
    Ok((parts, along))
}

/// Figures with all that corrects them, and all that they correct.
fn with_corrections(chosen: &BTreeSet<String>, figures: &[HarmFigure]) -> BTreeSet<String> {
    let corrections: Vec<(String, String)> = figures
        .iter()
        .enumerate()
        .filter_map(|(number, figure)| {
            let corrected = figure.detail.corrects.as_ref()?.number;
            Some((number.to_string(), corrected.to_string()))
        })
        .collect();
    let mut whole = chosen.clone();
    loop {
        let before = whole.len();
        for (one, other) in &corrections {
            if whole.contains(one) != whole.contains(other) {
                whole.insert(one.clone());
                whole.insert(other.clone());
            }
        }
        if whole.len() == before {
            return whole;
        }
    }
}

impl Chosen {
    /// The parts by their numbers, as the tables have them.
    pub(crate) fn of(parts: &[Part]) -> Self {
        let mut chosen = Self::default();
        for part in parts {
            let (kind, key) = &part.name;
            if *kind == PartKind::Links {
                let pair = key.split_once(' ');
                chosen
                    .links
                    .extend(pair.map(|(kind, target)| (kind.to_owned(), target.to_owned())));
            } else if let Ok(number) = key.parse() {
                chosen.numbers.entry(*kind).or_default().insert(number);
            }
        }
        chosen
    }
}
