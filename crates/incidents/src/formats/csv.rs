//! Tables of incidents: a head, then one incident a row.
//!
//! Columns are matched with fields by their names, or as the importer says. What stands in columns
//! that no field takes is kept under `/csv` with the rest of its row.

mod row;
mod table;
mod write;

use crate::model::words;

pub(super) use row::{country, link};
pub use row::{read, rows};
pub use table::{Row, Table};
pub use write::{HEAD, head, write};
pub(crate) use write::{cell, unescaped};

words! {
    /// What a column says.
    Field, "a field of an incident", {
        /// What it is known by in its source.
        Id = "id",
        /// What it is called.
        Title = "title",
        /// What happened.
        Description = "description",
        /// Who was hit.
        Organisation = "organisation",
        /// The States concerned.
        Country = "country",
        /// Sectors of NIS2.
        Sector = "sector",
        /// The sector in words.
        SectorText = "sector_text",
        /// Its class in RSIT.
        Class = "rsit",
        /// Its classes of other taxonomies.
        Classes = "classes",
        /// When it began.
        From = "from",
        /// When it ended.
        To = "to",
        /// When, in words.
        PeriodText = "period_text",
        /// When it was noticed.
        Detected = "detected",
        /// When it was reported.
        Reported = "reported",
        /// How sure it is.
        Determination = "determination",
        /// Where the work stands.
        Stage = "stage",
        /// Who may know of it.
        Tlp = "tlp",
        /// What may be done with it.
        Pap = "pap",
        /// Incident or campaign.
        Kind = "kind",
        /// Whether it crosses a border.
        CrossBorder = "cross_border",
        /// Whether it reached the whole world.
        Worldwide = "worldwide",
        /// Whether it is of an exercise.
        Exercise = "exercise",
        /// How many people were affected.
        Persons = "persons",
        /// How many records were affected.
        Records = "records",
        /// Where it is told.
        Address = "url",
    }
}

/// Other names of fields, as heads of tables have them: lower case, words parted by `_`.
const NAMES: &[(&str, Field)] = &[
    ("incident_id", Field::Id),
    ("reference", Field::Id),
    ("case", Field::Id),
    ("name", Field::Title),
    ("subject", Field::Title),
    ("incident", Field::Title),
    ("summary", Field::Description),
    ("details", Field::Description),
    ("victim", Field::Organisation),
    ("organization", Field::Organisation),
    ("entity", Field::Organisation),
    ("countries", Field::Country),
    ("state", Field::Country),
    ("sectors", Field::Sector),
    ("industry", Field::SectorText),
    ("class", Field::Class),
    ("category", Field::Class),
    ("classification", Field::Class),
    ("date", Field::From),
    ("start", Field::From),
    ("start_date", Field::From),
    ("began", Field::From),
    ("end", Field::To),
    ("end_date", Field::To),
    ("ended", Field::To),
    ("discovered", Field::Detected),
    ("detection_date", Field::Detected),
    ("report_date", Field::Reported),
    ("confidence", Field::Determination),
    ("status", Field::Stage),
    ("marking", Field::Tlp),
    ("type", Field::Kind),
    ("people_affected", Field::Persons),
    ("persons_affected", Field::Persons),
    ("records_affected", Field::Records),
    ("link", Field::Address),
    ("source", Field::Address),
];

impl Field {
    /// The field that a head names, if it does.
    pub fn of_head(head: &str) -> Option<Self> {
        let plain: String = head
            .trim()
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        let plain = plain.trim_matches('_');
        plain.parse().ok().or_else(|| {
            let known = NAMES.iter().find(|(name, _)| *name == plain);
            known.map(|&(_, field)| field)
        })
    }
}

/// The fields of columns by their heads; where two name the same, the first has it.
pub fn guess(head: &[String]) -> Vec<Option<Field>> {
    let mut taken = Vec::new();
    let mut of = |name: &String| {
        let field = Field::of_head(name).filter(|field| !taken.contains(field));
        taken.extend(field);
        field
    };
    head.iter().map(&mut of).collect()
}

#[cfg(test)]
mod tests;
