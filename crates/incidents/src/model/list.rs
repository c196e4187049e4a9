//! Lists of incidents.

use kernel::{Country, IncidentId, IncidentRef, Mode, Timestamp, Tlp};

use super::{Kind, Period, Rsit, Sector};
use crate::{
    severity::Level,
    state::{Stage, Status},
    taxonomy::Tag,
};

/// One line of a list of incidents.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed {
    /// The row.
    pub id: IncidentId,
    /// What others know it by.
    pub public: IncidentRef,
    /// One event or a series.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Who was hit.
    pub organisation: Option<String>,
    /// The States concerned.
    pub victims: Vec<Country>,
    /// True where it reached more States than a list could name.
    pub worldwide: bool,
    /// Sectors.
    pub sectors: Vec<Sector>,
    /// Its class.
    pub rsit: Option<Rsit>,
    /// When it happened.
    pub period: Period,
    /// Where the work on it stands.
    pub status: Status,
    /// Who may know of it.
    pub tlp: Tlp,
    /// Real or exercise.
    pub mode: Mode,
    /// Whether it touches more than one State.
    pub cross_border: Option<bool>,
    /// How severe it is, where it was assessed.
    pub level: Option<Level>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// By what the list is ordered.
    pub sort_at: Timestamp,
}

/// An entry by its title, as the lists of other rooms name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Titled {
    /// What of the other room the entry links to.
    pub target: String,
    /// What others know the entry by.
    pub public: IncidentRef,
    /// What it is called.
    pub title: String,
}

/// What a list of incidents is narrowed to. Nothing set is everything that the viewer may see.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// A State concerned.
    pub country: Option<Country>,
    /// A sector.
    pub sector: Option<Sector>,
    /// A class, or a class and type.
    pub rsit: Option<Rsit>,
    /// A class of any taxonomy, or one below it.
    pub class: Option<Tag>,
    /// Where the work stands.
    pub status: Option<Stage>,
    /// Only those on which work goes on: every stage but closed.
    pub active: bool,
    /// How severe it is.
    pub level: Option<Level>,
    /// Happened, at least in part, on or after this moment.
    pub from: Option<Timestamp>,
    /// Happened, at least in part, before the end of this moment.
    pub to: Option<Timestamp>,
    /// Words, all of which the entry must hold.
    pub text: Option<String>,
}
