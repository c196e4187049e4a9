//! Retention as the JSON interface has it.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Counts, Deletion, Done, Forecast, Held, Item, Kept, Kind, Period, Rule, Since};
use crate::model::{Invalid, Line};

/// A rule that is set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::NewRetentionRule)]
pub struct NewRuleBody {
    /// How long it is kept: days, calendar months or years, such as `90d`, `6mo` or `10y`.
    pub period: String,
    /// From when the period counts: `closed`, `entered`, `changed`, `sent` or `put`; where nothing is
    /// said, the first moment of the kind.
    #[schema(value_type = Option<String>)]
    pub since: Option<Since>,
    /// The law or the decision that it follows: one line.
    #[schema(max_length = 500)]
    pub basis: String,
}

impl NewRuleBody {
    /// What the rule of a kind is to say.
    pub fn read(&self, kind: Kind) -> Result<((Kind, Since, Period), Line<500>), Invalid> {
        let since = self.since.or_else(|| kind.since().first().copied());
        let since = since.unwrap_or(Since::Closed);
        let basis = Line::required(&self.basis, "basis")?;
        Ok(((kind, since, self.period.parse()?), basis))
    }
}

/// A rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionRule)]
pub struct RuleBody {
    /// What is deleted: `evidence`, `draft`, `waiting-report`, `refused-report`, `personal-data` or
    /// `incident`.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// From when the period counts.
    #[schema(value_type = String)]
    pub since: Since,
    /// How long it is kept.
    pub period: String,
    /// The law or the decision that it follows.
    pub basis: String,
    /// Who set it.
    pub set_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
}

impl From<&Rule> for RuleBody {
    fn from(rule: &Rule) -> Self {
        Self {
            kind: rule.kind,
            since: rule.since,
            period: rule.period.to_string(),
            basis: rule.basis.to_string(),
            set_by: rule.set.0.clone(),
            set_at: rule.set.1,
        }
    }
}

/// All rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionRules)]
pub struct RulesBody {
    /// Them, in the order in which they are followed.
    pub rules: Vec<RuleBody>,
}

/// Why something that is due stays.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionHeld)]
pub struct HeldBody {
    /// Why: `hold`, `sealed` or `handed-over`.
    #[schema(value_type = String)]
    pub why: Kept,
    /// In the words of whoever placed the hold; null where the caller may not read the incident.
    pub reason: Option<String>,
    /// Until when the hold lasts, if that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl From<&Held> for HeldBody {
    fn from(held: &Held) -> Self {
        Self {
            why: held.why,
            reason: held.reason.clone(),
            until: held.until,
        }
    }
}

/// Something that is due, or will be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionItem)]
pub struct ItemBody {
    /// What it is known by.
    pub subject: String,
    /// What it is called; null where the caller may not read it.
    pub title: Option<String>,
    /// When that happened from which the period counts.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// From which day on it is deleted, in UTC.
    #[schema(format = Date)]
    pub due: String,
    /// What keeps it back; nothing: it is deleted.
    pub held: Vec<HeldBody>,
}

impl From<&Item> for ItemBody {
    fn from(item: &Item) -> Self {
        Self {
            subject: item.subject.clone(),
            title: item.title.clone(),
            at: item.at,
            due: item.due.to_string(),
            held: item.held.iter().map(HeldBody::from).collect(),
        }
    }
}

/// What a rule would delete.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionForecast)]
pub struct ForecastBody {
    /// The rule.
    pub rule: RuleBody,
    /// What it would delete today, the oldest first.
    pub today: Vec<ItemBody>,
    /// What becomes due within the next 30 days.
    pub soon: Vec<ItemBody>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// What the rules would delete.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionPreview)]
pub struct PreviewBody {
    /// Rule by rule.
    pub rules: Vec<ForecastBody>,
}

impl From<&[Forecast]> for PreviewBody {
    fn from(all: &[Forecast]) -> Self {
        let list = |items: &[Item]| items.iter().map(ItemBody::from).collect();
        let rules = all.iter().map(|one| ForecastBody {
            rule: RuleBody::from(&one.rule),
            today: list(&one.today),
            soon: list(&one.soon),
            more: one.more,
        });
        Self {
            rules: rules.collect(),
        }
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionDone)]
pub struct DoneBody {
    /// How many things were deleted.
    pub deleted: u64,
    /// How many were due and stayed.
    pub held: u64,
    /// Whether there is more than one run deletes; the next one goes on.
    pub more: bool,
}

impl From<Done> for DoneBody {
    fn from(done: Done) -> Self {
        let Done {
            deleted,
            held,
            more,
        } = done;
        Self {
            deleted,
            held,
            more,
        }
    }
}

/// A deletion that was done.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionDeletion)]
pub struct DeletionBody {
    /// What kind of thing, as in rules.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// What it was known by.
    pub subject: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// By which rule, or for which reason.
    pub ground: String,
    /// Entries of the register that went with it, itself among them.
    pub entries: u64,
    /// Reports.
    pub reports: u64,
    /// Sealed files.
    pub files: u64,
    /// Acts whose meaning was erased.
    pub acts: u64,
}

impl From<&Deletion> for DeletionBody {
    fn from(one: &Deletion) -> Self {
        let Counts {
            entries,
            reports,
            files,
            acts,
        } = one.counts;
        Self {
            kind: one.kind,
            subject: one.subject.clone(),
            at: one.at,
            who: one.who.clone(),
            ground: one.ground.clone(),
            entries,
            reports,
            files,
            acts,
        }
    }
}

/// What was deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RetentionDeletions)]
pub struct DeletionsBody {
    /// The last hundred, the last first.
    pub deletions: Vec<DeletionBody>,
}

/// Why an incident is deleted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::DeleteBody)]
pub struct DeleteBody {
    /// The version that the caller has seen.
    pub version: i64,
    /// Why: one line, without data of persons, since it stays.
    #[schema(max_length = 500)]
    pub reason: String,
}
