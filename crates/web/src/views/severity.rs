//! How severe an incident is: what was judged, what it comes to, and what others say.

use kernel::Timestamp;

use super::{form::Form, frame::Link};

/// The tab of an incident on its severity.
#[derive(Clone, Debug, Default)]
pub struct Severity {
    /// The assessment that holds; nothing where there is none.
    pub judged: Option<Judged>,
    /// What others say, the latest first.
    pub ratings: Vec<Rating>,
    /// Earlier assessments, the latest first.
    pub earlier: Vec<Earlier>,
    /// What the reader may add, and where; empty where he may not.
    pub offers: Vec<Link>,
    /// The form that he asked for, under its heading.
    pub form: Option<(String, Form)>,
}

/// An assessment and what it comes to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The level; nothing where no factor is known.
    pub level: Option<u8>,
    /// The sentence that says the level and how sure it is.
    pub sentence: String,
    /// Score, interval, coverage: label and value.
    pub figures: Vec<(String, String)>,
    /// The factors, in order.
    pub factors: Vec<Factor>,
    /// Why the level cannot be lower, in sentences.
    pub floors: Vec<String>,
    /// What single change would move the level, in sentences.
    pub changes: Vec<String>,
    /// What the level corresponds to elsewhere.
    pub crosswalk: Vec<String>,
    /// What the reader should know of it.
    pub note: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One factor.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its code, such as `F1`.
    pub code: String,
    /// What it is about.
    pub name: String,
    /// What it counts for.
    pub weight: u64,
    /// The points, and what they mean; not known where there are none.
    pub points: Option<(u8, String)>,
    /// What it adds, of 100; empty where that is not known or never counted.
    pub adds: String,
    /// The most that it could add, in thousandths of what the heaviest factor could.
    pub most: u32,
    /// What it adds, by the same measure.
    pub bar: u32,
    /// Why.
    pub reason: String,
    /// What it rests on; an address is empty where none leads there.
    pub evidence: Vec<Link>,
    /// Who judged it, and when; nothing where nobody did.
    pub judged: Option<(String, Timestamp)>,
}

/// What somebody says by another scale.
#[derive(Clone, Debug)]
pub struct Rating {
    /// The scale.
    pub scale: String,
    /// The value, in words.
    pub value: String,
    /// The answers that it is made of: question and answer.
    pub answers: Vec<(String, String)>,
    /// Who says so, with the State.
    pub who: String,
    /// When it was said, and where it stands.
    pub source: String,
    /// What the reader should know of it.
    pub note: String,
    /// Who entered it, and when.
    pub entered: (String, Timestamp),
}

/// An assessment that no longer holds.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The level.
    pub level: Option<u8>,
    /// What it came to.
    pub sentence: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
