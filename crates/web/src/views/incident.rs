//! The register: list, detail, editing, and what happens when two edit at once.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    clocks::Clocks,
    custody::Items,
    form::{Choice, Form},
    frame::{Link, Pager, Shell, Tab},
    merge::Band,
    severity::Severity,
    sheet::Sheet,
    split::SplitBand,
    work::Work,
};
use crate::words::{Fidelity, Words};

/// A moment as exactly as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The moment, or the first one of the period.
    pub at: Timestamp,
    /// How exactly it is known.
    pub fidelity: Fidelity,
}

/// `GET /incidents`.
#[derive(Debug, Template)]
#[template(path = "incidents.html")]
pub struct Incidents {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What the list is narrowed to.
    pub filters: Filters,
    /// One page of it.
    pub rows: Vec<IncidentRow>,
    /// Where it goes on.
    pub pager: Pager,
    /// Whether the reader may add one.
    pub may_add: bool,
    /// How many reports wait, for those who decide on them.
    pub reports: Option<u64>,
    /// Rooms beside it that the reader may enter.
    pub rooms: Vec<Link>,
}

/// What a list of incidents is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Words to look for.
    pub text: String,
    /// States that occur in the register.
    pub countries: Vec<Choice>,
    /// Sectors (NIS2 codes).
    pub sectors: Vec<Choice>,
    /// Classes (RSIT).
    pub classes: Vec<Choice>,
    /// States of investigation.
    pub states: Vec<Choice>,
    /// Levels of severity.
    pub levels: Vec<Choice>,
    /// From this day.
    pub from: String,
    /// To this day.
    pub to: String,
    /// A class of any taxonomy.
    pub tag: String,
    /// The list without that condition.
    pub without_tag: String,
    /// True where it names no class, so that it narrows nothing.
    pub is_no_tag: bool,
}

impl Filters {
    /// True where anything is narrowed.
    pub fn any(&self) -> bool {
        let lists = [
            &self.countries,
            &self.sectors,
            &self.classes,
            &self.states,
            &self.levels,
        ];
        let chosen = lists.into_iter().flatten().any(|choice| choice.chosen);
        chosen
            || [&self.text, &self.from, &self.to, &self.tag]
                .into_iter()
                .any(|text| !text.is_empty())
    }
}

/// One line of the register.
#[derive(Clone, Debug)]
pub struct IncidentRow {
    /// Its page.
    pub url: String,
    /// The title.
    pub title: String,
    /// Whom it hit, if a name may be shown.
    pub victim: String,
    /// The States concerned, named; "worldwide" where no list would be true.
    pub countries: String,
    /// Sector codes.
    pub sectors: Vec<String>,
    /// The RSIT class.
    pub class: String,
    /// When it began, if known.
    pub began: Option<Known>,
    /// `new`, `open` or `closed`.
    pub state: String,
    /// The severity 0 to 5, if assessed.
    pub level: Option<u8>,
    /// The marking.
    pub tlp: Tlp,
}

/// What every page of one incident shows above its tabs.
#[derive(Clone, Debug)]
pub struct IncidentHead {
    /// What an editor should look at: dates that contradict one another, personal data.
    pub warnings: Vec<String>,
    /// Where what it hits stands in the register of critical infrastructure, for its readers.
    pub hits: Option<String>,
    /// Its page.
    pub url: String,
    /// Its public id, `incident--…`.
    pub id: String,
    /// The title.
    pub title: String,
    /// The States concerned.
    pub countries: Vec<Link>,
    /// Whether it struck the whole world.
    pub worldwide: bool,
    /// Sector codes.
    pub sectors: Vec<String>,
    /// The RSIT class and type.
    pub class: String,
    /// `new`, `open` or `closed`.
    pub state: String,
    /// The severity 0 to 5, if assessed.
    pub level: Option<u8>,
    /// Between which levels it lies, where not everything is known.
    pub range: Option<(u64, u64)>,
    /// The marking.
    pub tlp: Tlp,
    /// The version that is shown.
    pub version: u64,
    /// When that was saved.
    pub changed: Timestamp,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Where it is written out, for whoever may.
    pub export: Option<String>,
    /// Whether the reader may write to another party about it.
    pub may_send: bool,
    /// The steps that its life cycle allows now; nothing where the reader may not take any.
    pub steps: Option<Steps>,
    /// The events as parts of one band: x and width in thousandths, and what each is.
    pub band: Vec<(u32, u32, String)>,
    /// Where it is deleted, for whoever may.
    pub delete: Option<String>,
    /// The incidents that it was merged with.
    pub merged: Band,
    /// The incidents that it was split from, and that were split from it.
    pub split: SplitBand,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// The steps that an incident's life cycle allows, as codes.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// The next one; nothing where the work is done.
    pub next: Option<&'static str>,
    /// Those that leave some out.
    pub further: Vec<&'static str>,
    /// The way back.
    pub back: Option<&'static str>,
}

/// `GET /incidents/{id}` and its tabs.
#[derive(Debug, Template)]
#[template(path = "incident.html")]
pub struct Incident {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What stands above the tabs.
    pub head: IncidentHead,
    /// The tab that is shown.
    pub part: Part,
}

/// What a tab holds.
#[derive(Clone, Debug)]
pub enum Part {
    /// What happened, in words and facts.
    Summary(Summary),
    /// What happened when.
    Timeline {
        /// One page of the events.
        entries: Vec<TimelineEntry>,
        /// Where they go on.
        pager: Pager,
        /// For adding one; nothing where the reader may not.
        form: Option<Form>,
    },
    /// Who said so, and how much harm is told of.
    Sources {
        /// The statements.
        statements: Vec<Statement>,
        /// The figures of harm.
        figures: Vec<Figure>,
        /// For adding a statement; nothing where the reader may not.
        form: Option<Form>,
    },
    /// How severe it is.
    Severity(Box<Severity>),
    /// What has to be reported, and until when.
    Clocks(Box<Clocks>),
    /// Tasks, notes or indicators.
    Work(Box<Work>),
    /// Evidence.
    Evidence(Box<Items>),
    /// How much harm it did, and the boards of health care.
    Sheet(Box<Sheet>),
    /// Threads, indicators and other incidents that belong to it.
    Links {
        /// What belongs to it.
        links: Vec<IncidentLink>,
        /// For adding a link; nothing where the reader may not.
        form: Option<Form>,
    },
    /// Files.
    Attachments {
        /// The files.
        files: Vec<Attachment>,
        /// For adding one; nothing where the reader may not.
        form: Option<Form>,
    },
    /// Who changed what, and where it goes on.
    History(Vec<Change>, Pager),
}

/// What happened, in words and facts.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The account.
    pub text: String,
    /// Label and value, in order; empty values are left out.
    pub facts: Vec<(String, String)>,
    /// Who is said to have done it, with who says so; never a finding of this register.
    pub attributions: Vec<String>,
    /// Threads about it.
    pub threads: Vec<Link>,
}

/// One event of an incident.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// When.
    pub at: Known,
    /// What happened.
    pub text: String,
    /// Who added it or where it was read.
    pub source: String,
}

/// Somebody's statement about an incident.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Who speaks: a delegation or an office, not a person.
    pub who: String,
    /// In which document, with its line.
    pub document: String,
    /// When it was made.
    pub at: Option<Known>,
    /// `account`, `attribution`, `claim` or `denial`.
    pub kind: String,
    /// What is stated.
    pub text: String,
    /// The actor as stated; empty where none is.
    pub actor: String,
    /// A remark on the statement.
    pub note: String,
}

/// A figure of harm.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is counted.
    pub what: String,
    /// The number with its bound and unit: "at least 5,800 turbines".
    pub value: String,
    /// The grade A to D.
    pub grade: String,
    /// Where it is told.
    pub source: String,
    /// What the reader should know of it.
    pub note: String,
}

/// Something that belongs to an incident.
#[derive(Clone, Debug)]
pub struct IncidentLink {
    /// `thread`, `incident`, `url`, …
    pub kind: String,
    /// Its title.
    pub text: String,
    /// Its page.
    pub url: String,
    /// More about it: party, state.
    pub about: String,
}

/// A file that belongs to an incident or a message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Where to get it.
    pub url: String,
    /// Its size, readable.
    pub size: String,
    /// Its media type.
    pub media_type: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The marking.
    pub tlp: Tlp,
    /// When it was added and by whom.
    pub added: Option<(Timestamp, String)>,
}

/// One act on an incident or a thread.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What, as a sentence.
    pub what: String,
    /// Why, in the actor's words.
    pub why: String,
    /// The fields that changed: label, before, after.
    pub fields: Vec<(String, String, String)>,
}

/// `GET /incidents/new` and `GET /incidents/{id}/edit`.
#[derive(Debug, Template)]
#[template(path = "incident-edit.html")]
pub struct IncidentEdit {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The title of what is edited; empty for a new one.
    pub title: String,
    /// Its page; the list for a new one.
    pub back: String,
    /// The fields.
    pub form: Form,
}

/// What is shown when the incident changed while it was being edited.
#[derive(Debug, Template)]
#[template(path = "incident-conflict.html")]
pub struct IncidentConflict {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Who saved the other version, and when.
    pub other: (String, Timestamp),
    /// The version that is saved now.
    pub version: u64,
    /// The fields in which the two differ: label, saved meanwhile, yours.
    pub differences: Vec<(String, String, String)>,
    /// Everything that was typed, hidden, with the newer version, to save it nonetheless.
    pub form: Form,
}
