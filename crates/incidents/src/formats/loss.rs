//! What a format has no place for.

use super::model::Written;
use crate::model::words;

words! {
    /// A part of an entry that a file of a format has no place for.
    Loss, "a part of an entry", {
        /// Names and numbers of harm beyond those that are exact.
        Harm = "harm",
        /// How severe it is, and why.
        Severity = "severity",
        /// Clocks and filings.
        Clocks = "clocks",
        /// What happened when.
        Timeline = "timeline",
        /// Who said what.
        Statements = "statements",
        /// Links to threads and other entries.
        Links = "links",
        /// Files.
        Attachments = "attachments",
        /// The course of care, systems and vendors.
        Course = "course",
        /// Tasks, notes and lessons.
        Work = "work",
        /// Indicators that were found.
        Indicators = "indicators",
        /// Evidence and its custody.
        Custody = "custody",
        /// Which entries it was merged with or split from.
        Merges = "merges",
        /// Reports for authorities.
        Submissions = "submissions",
        /// Links to services of critical infrastructure.
        Services = "services",
        /// How precise dates are.
        Precision = "precision",
        /// When it ended, was noticed and was reported.
        Dates = "dates",
        /// Its class in RSIT.
        Class = "class",
        /// Its classes of other taxonomies.
        Classes = "classes",
        /// Sectors of NIS2.
        Sectors = "sectors",
        /// States beyond the first, or all of them.
        States = "states",
        /// The label of TLP 2.0 itself.
        Label = "label",
        /// Who was hit.
        Organisation = "organisation",
        /// What it came from, in the words of its own format.
        Document = "document",
        /// What may be done with it (PAP).
        Pap = "pap",
        /// Whether it crosses borders, reached the whole world or is a series.
        Extent = "extent",
        /// Sector and period in the words of the source.
        Words = "words",
        /// How sure it is.
        Determination = "determination",
        /// Where the work stands.
        Stage = "stage",
        /// The readers that are named.
        Named = "named",
    }
}

/// What is lost on the way into a format.
pub const fn losses(format: Written) -> &'static [Loss] {
    match format {
        Written::Veris => VERIS,
        Written::Misp => MISP,
        Written::Csv => CSV,
        Written::Stix => STIX,
        Written::IodefXml | Written::IodefJson => IODEF,
    }
}

const VERIS: &[Loss] = &[
    Loss::Label,
    Loss::Class,
    Loss::Sectors,
    Loss::Dates,
    Loss::Precision,
    Loss::Harm,
    Loss::Severity,
    Loss::Clocks,
    Loss::Timeline,
    Loss::Statements,
    Loss::Links,
    Loss::Attachments,
    Loss::Course,
    Loss::Work,
    Loss::Indicators,
    Loss::Custody,
    Loss::Merges,
    Loss::Submissions,
    Loss::Services,
    Loss::Classes,
    Loss::Named,
    Loss::Pap,
    Loss::Extent,
    Loss::Words,
    Loss::Stage,
];

const MISP: &[Loss] = &[
    Loss::Sectors,
    Loss::Dates,
    Loss::Precision,
    Loss::Harm,
    Loss::Severity,
    Loss::Clocks,
    Loss::Timeline,
    Loss::Statements,
    Loss::Links,
    Loss::Attachments,
    Loss::Course,
    Loss::Work,
    Loss::Custody,
    Loss::Merges,
    Loss::Submissions,
    Loss::Services,
    Loss::Named,
    Loss::Extent,
    Loss::Words,
    Loss::Determination,
];

const CSV: &[Loss] = &[
    Loss::Harm,
    Loss::Severity,
    Loss::Clocks,
    Loss::Timeline,
    Loss::Statements,
    Loss::Links,
    Loss::Attachments,
    Loss::Course,
    Loss::Work,
    Loss::Indicators,
    Loss::Custody,
    Loss::Merges,
    Loss::Submissions,
    Loss::Services,
    Loss::Document,
    Loss::Named,
];

const STIX: &[Loss] = &[
    Loss::Organisation,
    Loss::States,
    Loss::Dates,
    Loss::Clocks,
    Loss::Timeline,
    Loss::Statements,
    Loss::Links,
    Loss::Attachments,
    Loss::Work,
    Loss::Indicators,
    Loss::Custody,
    Loss::Merges,
    Loss::Submissions,
    Loss::Services,
    Loss::Named,
    Loss::Pap,
    Loss::Extent,
    Loss::Words,
];

const IODEF: &[Loss] = &[
    Loss::Label,
    Loss::Precision,
    Loss::Harm,
    Loss::Severity,
    Loss::Clocks,
    Loss::Statements,
    Loss::Links,
    Loss::Attachments,
    Loss::Course,
    Loss::Work,
    Loss::Indicators,
    Loss::Custody,
    Loss::Merges,
    Loss::Submissions,
    Loss::Services,
    Loss::Document,
    Loss::Named,
    Loss::Extent,
    Loss::Words,
];
