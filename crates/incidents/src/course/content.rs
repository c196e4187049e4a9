//! What an entry of the course says.

use kernel::Country;

use crate::{
    harm::curve::{Shape, Share},
    model::{Dated, Line, Quantity, Unit, words},
};

words! {
    /// What kind of care a service gives.
    Care, "a kind of care, such as emergency or laboratory", {
        /// Emergency.
        Emergency = "emergency",
        /// Surgery.
        Surgery = "surgery",
        /// Oncology and radiotherapy.
        Oncology = "oncology",
        /// Imaging.
        Imaging = "imaging",
        /// Laboratory.
        Laboratory = "laboratory",
        /// Blood.
        Blood = "blood",
        /// Maternity.
        Maternity = "maternity",
        /// Dialysis.
        Dialysis = "dialysis",
        /// Pharmacy.
        Pharmacy = "pharmacy",
        /// Records.
        Records = "records",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// A moment of the course.
    #[schema(as = incidents::CourseEvent)]
    Event, "a moment of the course, such as onset or records-back", {
        /// First compromise.
        Compromise = "compromise",
        /// Onset: services stop.
        Onset = "onset",
        /// It was noticed.
        Detected = "detected",
        /// Downtime procedures begin.
        DowntimeOn = "downtime-on",
        /// Ambulances are diverted.
        DiversionOn = "diversion-on",
        /// They are no longer.
        DiversionOff = "diversion-off",
        /// A ransom was paid.
        Payment = "payment",
        /// The first system is back.
        FirstBack = "first-system-back",
        /// The records are back.
        RecordsBack = "records-back",
        /// The last site is back.
        LastBack = "last-site-back",
        /// The backlog is cleared.
        BacklogCleared = "backlog-cleared",
        /// It is declared closed.
        Closed = "closed",
    }
}

words! {
    /// A step of working without systems.
    Procedure, "a step of the downtime procedure", {
        /// Downtime is declared, and by whom.
        Declare = "declare",
        /// Paper charts and forms are handed out.
        Paper = "paper-charts",
        /// Medication lists are printed or rebuilt.
        Medication = "medication-lists",
        /// Allergies and blood groups are asked for at the bed.
        Identity = "identity-check",
        /// Laboratory and imaging results go by runner and telephone.
        Runners = "runners",
        /// Blood is ordered by telephone and paper.
        Blood = "blood-by-telephone",
        /// Ambulances and neighbours are told what can be taken in.
        Diversion = "diversion-decided",
        /// What can wait is postponed, and patients are told.
        Postpone = "postpone-elective",
        /// Telephone numbers and a daily call of all sites stand.
        Calls = "call-tree",
        /// Devices that work alone are known and checked.
        Devices = "devices-checked",
        /// Connections to vendors are cut.
        Vendors = "vendors-cut",
        /// Who enters paper records later is named.
        BackEntry = "back-entry-team",
        /// The way back to systems is rehearsed and announced.
        Return = "return-to-systems",
        /// A step of the house's own.
        Own = "own",
    }
}

words! {
    /// Where the connection of a vendor stands.
    VendorState, "cut, asked, shown, attested, connected or dropped", {
        /// It is cut.
        Cut = "cut",
        /// The vendor asks to be connected again.
        Asked = "asked",
        /// Evidence was shown.
        Shown = "shown",
        /// Somebody attested that it is safe.
        Attested = "attested",
        /// It is connected again.
        Connected = "connected",
        /// It will not be connected again.
        Dropped = "dropped",
    }
}

words! {
    /// Where a system stands.
    SystemState, "down, restoring, testing or back", {
        /// It is down.
        Down = "down",
        /// It is being restored.
        Restoring = "restoring",
        /// It is being tested.
        Testing = "testing",
        /// It is back.
        Back = "back",
    }
}

/// What an entry says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// A service that was hit.
    Service(Service),
    /// How much of a service worked at a time.
    Capacity(Capacity),
    /// When something happened.
    Milestone(Milestone),
    /// Who was hit through whom.
    Effect(Effect),
    /// A step of working without systems.
    Step(Step),
    /// Where a vendor stands.
    Vendor(Vendor),
    /// Where a system at a site stands.
    System(System),
    /// How much paper waits to be entered.
    Backlog(Backlog),
    /// An earlier entry is taken back.
    Withdrawn,
}

/// A service that was hit: of a facility and a ward, or by itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Service {
    /// What it is called.
    pub name: Line<200>,
    /// The hospital or other house.
    pub facility: Option<Line<200>>,
    /// The ward.
    pub ward: Option<Line<200>>,
    /// What kind of care it gives.
    pub care: Option<Care>,
    /// How many people rely on it.
    pub people: Option<u64>,
    /// What it counts for beside others; 1 where nobody says.
    pub weight: Quantity,
    /// What it does in a year: how many, of what.
    pub yearly: Option<(u64, Unit)>,
    /// How capacity goes from one point to the next.
    pub shape: Shape,
}

/// How much of a service worked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Capacity {
    /// The number of the service's entry.
    pub service: u32,
    /// When.
    pub at: Dated,
    /// The share of the baseline.
    pub share: Share,
}

/// When something happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Milestone {
    /// What.
    pub event: Event,
    /// The number of the service's entry; nothing for the whole incident.
    pub service: Option<u32>,
    /// When.
    pub at: Dated,
    /// Where.
    pub site: Option<Line<200>>,
    /// Of how many hospitals; 1 where nobody says.
    pub hospitals: u32,
}

/// Who was hit through whom.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Effect {
    /// Through whom.
    pub from: Line<200>,
    /// Its State.
    pub from_country: Option<Country>,
    /// Who was hit.
    pub to: Line<200>,
    /// Its State.
    pub to_country: Option<Country>,
    /// 1 for what depends on the target itself, 2 for what depends on that, then 3.
    pub order: u8,
    /// After how many hours.
    pub lag_hours: Option<u32>,
}

/// A step of working without systems.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// Which.
    pub procedure: Procedure,
    /// In own words; a step of the house's own has them.
    pub text: Option<Line<200>>,
    /// Where; nothing for everywhere.
    pub site: Option<Line<200>>,
    /// What became of it.
    pub state: StepState,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StepState {
    /// It was begun or done then.
    Done(Dated),
    /// It is not needed here.
    NotNeeded,
}

/// Where a vendor stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Vendor {
    /// Who.
    pub name: Line<200>,
    /// What for.
    pub service: Option<Line<200>>,
    /// Where the connection stands.
    pub state: VendorState,
    /// What shows that it is safe.
    pub evidence: Option<Line<500>>,
    /// Who attested it.
    pub attested_by: Option<Line<200>>,
    /// Since when.
    pub at: Dated,
}

/// Where a system at a site stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct System {
    /// Which.
    pub name: Line<200>,
    /// Where.
    pub site: Line<200>,
    /// How it stands.
    pub state: SystemState,
    /// Since when.
    pub at: Dated,
}

/// How much paper waits to be entered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backlog {
    /// Where; nothing for everywhere together.
    pub site: Option<Line<200>>,
    /// How many pages.
    pub pages: u64,
    /// When it was counted.
    pub at: Dated,
}

impl Content {
    /// The word of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Capacity(_) => "capacity",
            Self::Milestone(_) => "milestone",
            Self::Effect(_) => "effect",
            Self::Step(_) => "step",
            Self::Vendor(_) => "vendor",
            Self::System(_) => "system",
            Self::Backlog(_) => "backlog",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What it is about, where the last entry about it holds: a step, a vendor, a system.
    pub fn about(&self) -> Option<String> {
        let site = |site: &Option<Line<200>>| site.as_ref().map(fold).unwrap_or_default();
        match self {
            Self::Step(step) => {
                let text = step.text.as_ref().map(fold).unwrap_or_default();
                let place = site(&step.site);
                Some(format!("step\n{}\n{text}\n{place}", step.procedure))
            }
            Self::Vendor(vendor) => Some(format!("vendor\n{}", fold(&vendor.name))),
            Self::System(system) => Some(format!(
                "system\n{}\n{}",
                fold(&system.name),
                fold(&system.site)
            )),
            Self::Service(_)
            | Self::Capacity(_)
            | Self::Milestone(_)
            | Self::Effect(_)
            | Self::Backlog(_)
            | Self::Withdrawn => None,
        }
    }

    /// The moment that it speaks of.
    pub const fn at(&self) -> Option<Dated> {
        match self {
            Self::Capacity(one) => Some(one.at),
            Self::Milestone(one) => Some(one.at),
            Self::Vendor(one) => Some(one.at),
            Self::System(one) => Some(one.at),
            Self::Backlog(one) => Some(one.at),
            Self::Step(one) => match one.state {
                StepState::Done(at) => Some(at),
                StepState::NotNeeded => None,
            },
            Self::Service(_) | Self::Effect(_) | Self::Withdrawn => None,
        }
    }
}

/// A name as it is compared: without case.
pub(super) fn fold<const MAX: usize>(name: &Line<MAX>) -> String {
    name.as_str().to_lowercase()
}
