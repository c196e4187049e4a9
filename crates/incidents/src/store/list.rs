//! SQL of lists and counts.
//!
//! A list is ordered by when things happened, newest first, and can be narrowed in many ways. Two
//! plans serve it. Where some condition matches few entries, those few are fetched by its index and
//! sorted; otherwise the order index is walked and each entry is checked until the page is full,
//! which is soon, since every condition matches many. Which one is right is found by counting
//! matches up to [`FEW`].

use db::{DbError, Tx, on, search};
use kernel::{Cursor, PageRequest};
use sqlx::{QueryBuilder, query_as};
use uuid::Uuid;

use super::row::ListedRow;
use crate::{
    model::{Filter, Listed},
    state::Stage,
};

/// Up to how many matches a condition is worth fetching and sorting.
const FEW: i64 = 2_000;
/// Up to what number matches are counted; a larger count is "more than".
pub(crate) const COUNT_MAX: i64 = 1_000;

/// What a viewer may see, as SQL needs it: bit `n` of a mask stands for the TLP label of code `n`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// Labels that the viewer sees.
    pub(crate) open_mask: i32,
    /// Labels that the viewer sees where he is named.
    pub(crate) named_mask: i32,
    /// Real or exercise data.
    pub(crate) exercise: bool,
    /// Who is named, if it is a user.
    pub(crate) user: Uuid,
}

/// One condition that an index of its own answers.
#[derive(Clone, Debug)]
enum Keyed {
    Victim(String),
    Sector(&'static str),
    Token(String),
}

/// Every condition of a filter.
#[derive(Debug)]
struct Conditions {
    keyed: Vec<Keyed>,
    rsit: Option<(&'static str, Option<&'static str>)>,
    status: Option<Stage>,
    from: Option<i64>,
    to: Option<i64>,
}

impl Conditions {
    fn of(filter: &Filter) -> Self {
        let victim = filter
            .country
            .map(|country| Keyed::Victim(country.to_string()));
        let sector = filter.sector.map(|sector| Keyed::Sector(sector.as_str()));
        let words = filter
            .text
            .as_deref()
            .map(search::query_tokens)
            .unwrap_or_default();
        let words = words.into_iter().map(Keyed::Token);
        Self {
            keyed: victim.into_iter().chain(sector).chain(words).collect(),
            rsit: filter.rsit.map(|rsit| (rsit.class(), rsit.kind())),
            status: filter.status,
            from: filter.from.map(kernel::Timestamp::as_micros),
            to: filter.to.map(kernel::Timestamp::as_micros),
        }
    }

    /// Moves the condition with the fewest matches to the front and tells whether they are few.
    async fn order(&mut self, tx: &mut Tx) -> Result<bool, DbError> {
        let mut rarest: Option<(usize, i64)> = None;
        for (at, keyed) in self.keyed.iter().enumerate() {
            let matches = keyed.matches(tx).await?;
            if rarest.is_none_or(|(_, fewest)| matches < fewest) {
                rarest = Some((at, matches));
            }
        }
        let Some((at, matches)) = rarest else {
            return Ok(false);
        };
        self.keyed.swap(0, at);
        Ok(matches < FEW)
    }
}

impl Keyed {
    async fn matches(&self, tx: &mut Tx) -> Result<i64, DbError> {
        const VICTIM: &str = "SELECT count(*) FROM \
                              (SELECT 1 FROM incident_victim WHERE country = $1 LIMIT $2) AS counted";
        const SECTOR: &str = "SELECT count(*) FROM \
                              (SELECT 1 FROM incident_sector WHERE sector = $1 LIMIT $2) AS counted";
        const TOKEN: &str = "SELECT count(*) FROM (SELECT 1 FROM search_token \
                             WHERE area = $3 AND token = $1 LIMIT $2) AS counted";
        let (count,): (i64,) = match self {
            Self::Victim(country) => on!(tx, conn => query_as(VICTIM)
                .bind(country.as_str()).bind(FEW).fetch_one(conn).await)?,
            Self::Sector(sector) => on!(tx, conn => query_as(SECTOR)
                .bind(*sector).bind(FEW).fetch_one(conn).await)?,
            Self::Token(token) => on!(tx, conn => query_as(TOKEN)
                .bind(token.as_str()).bind(FEW).bind(search::Area::Incidents.code())
                .fetch_one(conn).await)?,
        };
        Ok(count)
    }
}

/// Pushes `FROM … WHERE …` for the conditions of a filter and what the viewer may see.
macro_rules! push_from {
    ($sql:ident, $sight:ident, $conditions:ident, $few:ident) => {
        $sql.push(" FROM ");
        let mut rest = $conditions.keyed.iter();
        if $few && let Some(first) = rest.next() {
            // CROSS JOIN is how SQLite is told which table to read first.
            match first {
                Keyed::Victim(country) => {
                    $sql.push("incident_victim d CROSS JOIN incident i WHERE d.country = ")
                        .push_bind(country.clone());
                    $sql.push(" AND i.id = d.incident AND ");
                }
                Keyed::Sector(sector) => {
                    $sql.push("incident_sector d CROSS JOIN incident i WHERE d.sector = ")
                        .push_bind(*sector);
                    $sql.push(" AND i.id = d.incident AND ");
                }
                Keyed::Token(token) => {
                    $sql.push("search_token d CROSS JOIN incident i WHERE d.area = ")
                        .push_bind(search::Area::Incidents.code());
                    $sql.push(" AND d.token = ").push_bind(token.clone());
                    $sql.push(" AND i.id = d.id AND ");
                }
            }
        } else {
            $sql.push("incident i WHERE ");
        }
        $sql.push("i.exercise = ").push_bind($sight.exercise);
        $sql.push(" AND (((1 << i.tlp) & ").push_bind($sight.open_mask);
        $sql.push(") <> 0 OR (((1 << i.tlp) & ").push_bind($sight.named_mask);
        $sql.push(
            ") <> 0 AND EXISTS (SELECT 1 FROM incident_named n \
             WHERE n.incident = i.id AND n.user_id = ",
        )
        .push_bind($sight.user);
        $sql.push(")))");
        for keyed in rest.as_slice() {
            match keyed {
                Keyed::Victim(country) => $sql
                    .push(" AND EXISTS (SELECT 1 FROM incident_victim v WHERE v.incident = i.id AND v.country = ")
                    .push_bind(country.clone()),
                Keyed::Sector(sector) => $sql
                    .push(" AND EXISTS (SELECT 1 FROM incident_sector s WHERE s.incident = i.id AND s.sector = ")
                    .push_bind(*sector),
                Keyed::Token(token) => $sql
                    .push(" AND EXISTS (SELECT 1 FROM search_token t WHERE t.id = i.id AND t.area = ")
                    .push_bind(search::Area::Incidents.code())
                    .push(" AND t.token = ")
                    .push_bind(token.clone()),
            };
            $sql.push(")");
        }
        if let Some((class, kind)) = $conditions.rsit {
            $sql.push(" AND i.rsit_class = ").push_bind(class);
            if let Some(kind) = kind {
                $sql.push(" AND i.rsit_type = ").push_bind(kind);
            }
        }
        if let Some(stage) = $conditions.status {
            $sql.push(" AND i.status = ").push_bind(stage.as_str());
        }
        if let Some(from) = $conditions.from {
            $sql.push(" AND i.period_last >= ").push_bind(from);
        }
        if let Some(to) = $conditions.to {
            // An entry with a period is ordered by its first moment, so the order index ends here.
            $sql.push(" AND i.period_first IS NOT NULL AND i.sort_at <= ").push_bind(to);
        }
    };
}

/// A page of what the viewer may see, newest first; one row more than the page holds.
pub(crate) async fn page(
    tx: &mut Tx,
    sight: Sight,
    filter: &Filter,
    request: PageRequest,
) -> Result<Vec<Listed>, DbError> {
    const SELECT: &str = "SELECT i.id, i.public_id, i.exercise, i.tlp, i.sort_at, i.status, \
                          i.status_at, i.status_by, i.kind, i.title, i.organisation, i.victims, \
                          i.worldwide, i.sectors, i.rsit_class, i.rsit_type, i.from_at, \
                          i.from_fidelity, i.to_at, i.to_fidelity, i.period_text, \
                          i.cross_border, i.updated_at";
    let mut conditions = Conditions::of(filter);
    let few = conditions.order(tx).await?;
    let rows: Vec<ListedRow> = on!(tx, conn => {
        let mut sql = QueryBuilder::new(SELECT);
        push_from!(sql, sight, conditions, few);
        if let Some(Cursor { key, id }) = request.after {
            sql.push(" AND (i.sort_at, i.id) < (").push_bind(key);
            sql.push(", ").push_bind(id);
            sql.push(")");
        }
        sql.push(" ORDER BY i.sort_at DESC, i.id DESC LIMIT ").push_bind(request.limit.probe());
        sql.build_query_as().fetch_all(conn).await
    })?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// How many entries the viewer may see, counted up to [`COUNT_MAX`] and one more.
pub(crate) async fn count(tx: &mut Tx, sight: Sight, filter: &Filter) -> Result<i64, DbError> {
    let mut conditions = Conditions::of(filter);
    let few = conditions.order(tx).await?;
    let (count,): (i64,) = on!(tx, conn => {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT 1");
        push_from!(sql, sight, conditions, few);
        sql.push(" LIMIT ").push_bind(COUNT_MAX + 1);
        sql.push(") AS counted");
        sql.build_query_as().fetch_one(conn).await
    })?;
    Ok(count)
}

/// How many entries at each stage the viewer may see.
pub(crate) async fn stages(tx: &mut Tx, sight: Sight) -> Result<Vec<(Stage, i64)>, DbError> {
    const SQL: &str = "SELECT i.status, count(*) FROM incident i WHERE i.exercise = $1 \
                       AND (((1 << i.tlp) & $2) <> 0 OR (((1 << i.tlp) & $3) <> 0 \
                       AND EXISTS (SELECT 1 FROM incident_named n \
                       WHERE n.incident = i.id AND n.user_id = $4))) \
                       GROUP BY i.status";
    let rows: Vec<(String, i64)> = on!(tx, conn => query_as(SQL)
        .bind(sight.exercise)
        .bind(sight.open_mask)
        .bind(sight.named_mask)
        .bind(sight.user)
        .fetch_all(conn)
        .await)?;
    rows.into_iter()
        .map(|(word, count)| {
            let stage = word
                .parse()
                .map_err(|_unreadable| db::Corrupt::new("incident", "status", &word))?;
            Ok((stage, count))
        })
        .collect()
}
