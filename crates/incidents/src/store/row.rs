//! Rows and what they stand for.

use db::{Corrupt, DbError, Value};
use kernel::{IncidentId, IncidentRef, Mode, Pap, Timestamp, Tlp, UserId};
use uuid::Uuid;

use crate::{
    model::{Dated, Facts, Fidelity, Incident, Listed, Period, RSIT_VERSION, Rsit, ShippedMark},
    state::{Stage, Status},
};

const TABLE: &str = "incident";

db::row! {
    /// A row of `incident`, whole.
    #[derive(Debug)]
    pub(crate) struct IncidentRow {
        pub(super) id: Uuid,
        pub(super) public_id: Uuid,
        pub(super) exercise: bool,
        pub(super) tlp: i32,
        pub(super) sort_at: i64,
        pub(super) status: String,
        pub(super) status_at: i64,
        pub(super) status_by: Option<String>,
        pub(super) kind: String,
        pub(super) title: String,
        pub(super) description: String,
        pub(super) organisation: Option<String>,
        pub(super) victims: String,
        pub(super) worldwide: bool,
        pub(super) sectors: String,
        pub(super) sector_text: Option<String>,
        pub(super) rsit_class: Option<String>,
        pub(super) rsit_type: Option<String>,
        pub(super) rsit_version: Option<String>,
        pub(super) from_at: Option<i64>,
        pub(super) from_fidelity: Option<String>,
        pub(super) to_at: Option<i64>,
        pub(super) to_fidelity: Option<String>,
        pub(super) period_text: Option<String>,
        pub(super) period_first: Option<i64>,
        pub(super) period_last: Option<i64>,
        pub(super) detected_at: Option<i64>,
        pub(super) detected_fidelity: Option<String>,
        pub(super) reported_at: Option<i64>,
        pub(super) reported_fidelity: Option<String>,
        pub(super) determination: String,
        pub(super) pap: Option<i32>,
        pub(super) cross_border: Option<bool>,
        pub(super) version: i64,
        pub(super) created_at: i64,
        pub(super) updated_at: i64,
        pub(super) shipped_key: Option<String>,
        pub(super) shipped_sha256: Option<Vec<u8>>,
        pub(super) shipped_version: Option<i64>,
    }
}

impl IncidentRow {
    /// All columns, in the order in which `columns!` names them.
    pub(super) fn values(self) -> [Value<'static>; 39] {
        [
            self.id.into(),
            self.public_id.into(),
            self.exercise.into(),
            self.tlp.into(),
            self.sort_at.into(),
            self.status.into(),
            self.status_at.into(),
            self.status_by.into(),
            self.kind.into(),
            self.title.into(),
            self.description.into(),
            self.organisation.into(),
            self.victims.into(),
            self.worldwide.into(),
            self.sectors.into(),
            self.sector_text.into(),
            self.rsit_class.into(),
            self.rsit_type.into(),
            self.rsit_version.into(),
            self.from_at.into(),
            self.from_fidelity.into(),
            self.to_at.into(),
            self.to_fidelity.into(),
            self.period_text.into(),
            self.period_first.into(),
            self.period_last.into(),
            self.detected_at.into(),
            self.detected_fidelity.into(),
            self.reported_at.into(),
            self.reported_fidelity.into(),
            self.determination.into(),
            self.pap.into(),
            self.cross_border.into(),
            self.version.into(),
            self.created_at.into(),
            self.updated_at.into(),
            self.shipped_key.into(),
            self.shipped_sha256.into(),
            self.shipped_version.into(),
        ]
    }
}

db::row! {
    /// The columns of a row that a list shows.
    #[derive(Debug)]
    pub(crate) struct ListedRow {
        id: Uuid,
        public_id: Uuid,
        exercise: bool,
        tlp: i32,
        sort_at: i64,
        status: String,
        status_at: i64,
        status_by: Option<String>,
        kind: String,
        title: String,
        organisation: Option<String>,
        victims: String,
        worldwide: bool,
        sectors: String,
        rsit_class: Option<String>,
        rsit_type: Option<String>,
        from_at: Option<i64>,
        from_fidelity: Option<String>,
        to_at: Option<i64>,
        to_fidelity: Option<String>,
        period_text: Option<String>,
        cross_border: Option<bool>,
        level: Option<i32>,
        updated_at: i64,
    }
}

/// A date in two columns.
pub(crate) fn date_columns(date: Option<Dated>) -> (Option<i64>, Option<&'static str>) {
    (
        date.map(|date| date.first().as_micros()),
        date.map(|date| date.fidelity().as_str()),
    )
}

/// The date of two columns.
pub(crate) fn date(
    at: Option<i64>,
    fidelity: Option<&str>,
    corrupt: impl FnOnce() -> Corrupt,
) -> Result<Option<Dated>, Corrupt> {
    match (at, fidelity.map(str::parse::<Fidelity>)) {
        (None, None) => Ok(None),
        (Some(at), Some(Ok(fidelity))) => {
            Ok(Some(Dated::new(Timestamp::from_micros(at), fidelity)))
        }
        _ => Err(corrupt()),
    }
}

fn list<T: std::str::FromStr>(text: &str) -> Option<Vec<T>> {
    text.split_ascii_whitespace()
        .map(|word| word.parse().ok())
        .collect()
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}

fn rsit(class: Option<String>, kind: Option<String>) -> Result<Option<Rsit>, ()> {
    match (class, kind) {
        (None, None) => Ok(None),
        (Some(class), None) => class.parse().map(Some).map_err(drop),
        (Some(class), Some(kind)) => format!("{class}/{kind}").parse().map(Some).map_err(drop),
        (None, Some(_)) => Err(()),
    }
}

fn status(word: &str, at: i64, by: Option<String>) -> Option<Status> {
    let at = Timestamp::from_micros(at);
    Some(match (word.parse::<Stage>().ok()?, by) {
        (Stage::Open, None) => Status::Open { since: at },
        (Stage::Investigating, None) => Status::Investigating { since: at },
        (Stage::Contained, None) => Status::Contained { at },
        (Stage::Closed, Some(by)) => Status::Closed { at, by },
        (Stage::Open | Stage::Investigating | Stage::Contained, Some(_))
        | (Stage::Closed, None) => return None,
    })
}

impl From<&Incident> for IncidentRow {
    fn from(incident: &Incident) -> Self {
        let facts = &incident.facts;
        let text = |line: Option<&str>| line.map(str::to_owned);
        let split = |date: Option<Dated>| {
            let (at, fidelity) = date_columns(date);
            (at, text(fidelity))
        };
        let (from_at, from_fidelity) = split(facts.period.from());
        let (to_at, to_fidelity) = split(facts.period.to());
        let (detected_at, detected_fidelity) = split(facts.detected);
        let (reported_at, reported_fidelity) = split(facts.reported);
        let (period_first, period_last) = facts.period.span().unzip();
        let shipped = incident.shipped.as_ref();
        Self {
            id: incident.id.uuid(),
            public_id: incident.public.uuid(),
            exercise: incident.mode.is_exercise(),
            tlp: facts.tlp.code(),
            sort_at: facts.sort_at(incident.created_at).as_micros(),
            status: incident.status.stage().as_str().to_owned(),
            status_at: incident.status.since().as_micros(),
            status_by: match &incident.status {
                Status::Closed { by, .. } => Some(by.clone()),
                Status::Open { .. } | Status::Investigating { .. } | Status::Contained { .. } => {
                    None
                }
            },
            kind: facts.kind.as_str().to_owned(),
            title: facts.title.to_string(),
            description: facts.description.to_string(),
            organisation: facts.organisation.as_ref().map(ToString::to_string),
            victims: joined(&facts.victims),
            worldwide: facts.worldwide,
            sectors: joined(&facts.sectors),
            sector_text: facts.sector_text.as_ref().map(ToString::to_string),
            rsit_class: text(facts.rsit.map(Rsit::class)),
            rsit_type: text(facts.rsit.and_then(Rsit::kind)),
            rsit_version: text(facts.rsit.map(|_| RSIT_VERSION)),
            from_at,
            from_fidelity,
            to_at,
            to_fidelity,
            period_text: text(facts.period.text()),
            period_first: period_first.map(Timestamp::as_micros),
            period_last: period_last.map(Timestamp::as_micros),
            detected_at,
            detected_fidelity,
            reported_at,
            reported_fidelity,
            determination: facts.determination.as_str().to_owned(),
            pap: facts.pap.map(Pap::code),
            cross_border: facts.cross_border,
            version: incident.version,
            created_at: incident.created_at.as_micros(),
            updated_at: incident.updated_at.as_micros(),
            shipped_key: shipped.map(|mark| mark.key.clone()),
            shipped_sha256: shipped.map(|mark| mark.sha256.to_vec()),
            shipped_version: shipped.map(|mark| mark.version),
        }
    }
}

impl IncidentRow {
    /// The entry that the row is of.
    pub(crate) const fn id(&self) -> IncidentId {
        IncidentId::from_uuid(self.id)
    }

    /// The entry, with the users who are named on it.
    pub(crate) fn into_incident(self, named: Vec<UserId>) -> Result<Incident, DbError> {
        let key = self.id;
        let bad = |column: &'static str| Corrupt::new(TABLE, column, &key);
        let shipped = self.shipped()?;
        Ok(Incident {
            id: self.id(),
            public: IncidentRef::from_uuid(self.public_id),
            mode: Mode::from_exercise(self.exercise),
            status: status(&self.status, self.status_at, self.status_by)
                .ok_or_else(|| bad("status"))?,
            version: self.version,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(self.updated_at),
            shipped,
            facts: Facts {
                kind: self.kind.parse().map_err(|_unreadable| bad("kind"))?,
                title: self.title.parse().map_err(|_unreadable| bad("title"))?,
                description: self
                    .description
                    .parse()
                    .map_err(|_unreadable| bad("description"))?,
                victims: list(&self.victims).ok_or_else(|| bad("victims"))?,
                worldwide: self.worldwide,
                organisation: self
                    .organisation
                    .map(|text| text.parse())
                    .transpose()
                    .map_err(|_unreadable| bad("organisation"))?,
                sectors: list(&self.sectors).ok_or_else(|| bad("sectors"))?,
                sector_text: self
                    .sector_text
                    .map(|text| text.parse())
                    .transpose()
                    .map_err(|_unreadable| bad("sector_text"))?,
                rsit: rsit(self.rsit_class, self.rsit_type).map_err(|()| bad("rsit_class"))?,
                period: period(
                    key,
                    (self.from_at, self.from_fidelity.as_deref()),
                    (self.to_at, self.to_fidelity.as_deref()),
                    self.period_text,
                )?,
                detected: date(self.detected_at, self.detected_fidelity.as_deref(), || {
                    bad("detected_at")
                })?,
                reported: date(self.reported_at, self.reported_fidelity.as_deref(), || {
                    bad("reported_at")
                })?,
                determination: self
                    .determination
                    .parse()
                    .map_err(|_unreadable| bad("determination"))?,
                tlp: Tlp::from_code(self.tlp),
                pap: self.pap.map(Pap::from_code),
                named,
                cross_border: self.cross_border,
            },
        })
    }

    fn shipped(&self) -> Result<Option<ShippedMark>, Corrupt> {
        match (
            &self.shipped_key,
            &self.shipped_sha256,
            self.shipped_version,
        ) {
            (None, None, None) => Ok(None),
            (Some(key), Some(sha256), Some(version)) => Ok(Some(ShippedMark {
                key: key.clone(),
                sha256: <[u8; 32]>::try_from(sha256.as_slice())
                    .map_err(|_length| Corrupt::new(TABLE, "shipped_sha256", &self.id))?,
                version,
            })),
            _ => Err(Corrupt::new(TABLE, "shipped_key", &self.id)),
        }
    }
}

fn period(
    key: Uuid,
    from: (Option<i64>, Option<&str>),
    to: (Option<i64>, Option<&str>),
    text: Option<String>,
) -> Result<Period, Corrupt> {
    let bad = |column: &'static str| Corrupt::new(TABLE, column, &key);
    let from = date(from.0, from.1, || bad("from_at"))?;
    let to = date(to.0, to.1, || bad("to_at"))?;
    let text = text
        .map(|text| text.parse())
        .transpose()
        .map_err(|_unreadable| bad("period_text"))?;
    Period::new(from, to, text).map_err(|_unreadable| bad("to_at"))
}

impl TryFrom<ListedRow> for Listed {
    type Error = DbError;

    fn try_from(row: ListedRow) -> Result<Self, DbError> {
        let key = row.id;
        let bad = |column: &'static str| Corrupt::new(TABLE, column, &key);
        Ok(Self {
            id: IncidentId::from_uuid(row.id),
            public: IncidentRef::from_uuid(row.public_id),
            kind: row.kind.parse().map_err(|_unreadable| bad("kind"))?,
            title: row.title,
            organisation: row.organisation,
            victims: list(&row.victims).ok_or_else(|| bad("victims"))?,
            worldwide: row.worldwide,
            sectors: list(&row.sectors).ok_or_else(|| bad("sectors"))?,
            rsit: rsit(row.rsit_class, row.rsit_type).map_err(|()| bad("rsit_class"))?,
            period: period(
                key,
                (row.from_at, row.from_fidelity.as_deref()),
                (row.to_at, row.to_fidelity.as_deref()),
                row.period_text,
            )?,
            status: status(&row.status, row.status_at, row.status_by)
                .ok_or_else(|| bad("status"))?,
            tlp: Tlp::from_code(row.tlp),
            mode: Mode::from_exercise(row.exercise),
            cross_border: row.cross_border,
            level: row
                .level
                .map(super::severity::level)
                .transpose()
                .map_err(|()| bad("level"))?,
            updated_at: Timestamp::from_micros(row.updated_at),
            sort_at: Timestamp::from_micros(row.sort_at),
        })
    }
}
