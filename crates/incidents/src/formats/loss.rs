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
        /// Tasks, notes, indicators and lessons.
        Work = "work",
        /// How precise dates are.
        Precision = "precision",
        /// When it ended, was noticed and was reported.
        Dates = "dates",
        /// Its class in RSIT.
        Class = "class",
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
        /// The readers that are named.
        Named = "named",
    }
}

/// What is lost on the way into a format.
pub const fn losses(format: Written) -> &'static [Loss] {
    use Loss::{
        Attachments, Class, Clocks, Course, Dates, Document, Harm, Label, Links, Named,
        Organisation, Precision, Sectors, Severity, Statements, States, Timeline, Work,
    };
    match format {
        Written::Veris => &[
            Label,
            Class,
            Sectors,
            Dates,
            Precision,
            Harm,
            Severity,
            Clocks,
            Timeline,
            Statements,
            Links,
            Attachments,
            Course,
            Work,
            Named,
        ],
        Written::Misp => &[
            Sectors,
            Dates,
            Precision,
            Harm,
            Severity,
            Clocks,
            Timeline,
            Statements,
            Links,
            Attachments,
            Course,
            Work,
            Named,
        ],
        Written::Csv => &[
            Harm,
            Severity,
            Clocks,
            Timeline,
            Statements,
            Links,
            Attachments,
            Course,
            Work,
            Document,
            Named,
        ],
        Written::Stix => &[
            Organisation,
            States,
            Sectors,
            Class,
            Dates,
            Clocks,
            Timeline,
            Statements,
            Links,
            Attachments,
            Work,
            Named,
        ],
        Written::IodefXml | Written::IodefJson => &[
            Label,
            Precision,
            Harm,
            Severity,
            Clocks,
            Statements,
            Links,
            Attachments,
            Course,
            Work,
            Document,
            Named,
        ],
    }
}
