//! SQL of lists and counts.
//!
//! A list is ordered by when things happened, newest first, and can be narrowed in many ways. How
//! it is read depends on how many entries match what indexes of their own answer; see
//! [`Plan`].

use db::{DbError, Query, Tx, query};
use kernel::{Cursor, IncidentRef, PageRequest, Timestamp};
use uuid::Uuid;

use super::{
    keyed::{FEW, Keyed, Place, Plan, plan, push_few, push_known, together},
    row::ListedRow,
};
use crate::{
    model::{Filter, Listed, Titled},
    state::Stage,
};

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

impl Sight {
    /// Pushes what the viewer may see of `incident i`.
    pub(crate) fn push(self, sql: &mut Query<'_>) {
        sql.push("i.exercise = ").push_bind(self.exercise);
        sql.push(" AND (((1 << i.tlp) & ").push_bind(self.open_mask);
        sql.push(") <> 0 OR (((1 << i.tlp) & ")
            .push_bind(self.named_mask);
        sql.push(
            ") <> 0 AND EXISTS (SELECT 1 FROM incident_named n \
             WHERE n.incident = i.id AND n.user_id = ",
        )
        .push_bind(self.user);
        sql.push(")))");
    }
}

/// Which entries a statement looks at.
enum Source<'k> {
    /// Those that match a condition, checked against others.
    Keyed(&'k Keyed, &'k [Keyed]),
    /// Those with these ids.
    Known(Vec<Uuid>),
    /// All that match a condition, if there is one, in their order.
    All(Option<&'k Keyed>),
}

/// Pushes `FROM … WHERE …` for a filter, and what the viewer may see.
fn push_from<'k>(
    sql: &mut Query<'k>,
    tx: &Tx,
    sight: Sight,
    filter: &Filter,
    (source, after): (&Source<'k>, Option<Cursor>),
) {
    sql.push(" FROM ");
    match source {
        // CROSS JOIN is how SQLite is told which table to read first.
        Source::Keyed(first, rest) => {
            sql.push("(");
            push_few(sql, first, rest);
            sql.push(") AS d CROSS JOIN incident i WHERE i.id = d.id AND ");
        }
        Source::Known(ids) => {
            sql.push("(");
            push_known(sql, tx, ids);
            sql.push(") AS d CROSS JOIN incident i WHERE i.id = d.id AND ");
        }
        Source::All(_) => {
            sql.push("incident i WHERE ");
        }
    }
    sight.push(sql);
    if let Source::All(Some(keyed)) = source {
        keyed.push_also(sql, PLACE);
    }
    sql.push_after(PLACE, after);
    if let Some(rsit) = filter.rsit {
        sql.push(" AND i.rsit_class = ").push_bind(rsit.class());
        if let Some(kind) = rsit.kind() {
            sql.push(" AND i.rsit_type = ").push_bind(kind);
        }
    }
    if let Some(stage) = filter.status {
        sql.push(" AND i.status = ").push_bind(stage.as_str());
    }
    if filter.active {
        sql.push(" AND i.status <> 'closed'");
    }
    if let Some(level) = filter.level {
        sql.push(" AND i.level = ")
            .push_bind(i32::from(level.number()));
    }
    if let Some(from) = filter.from {
        sql.push(" AND i.period_last >= ")
            .push_bind(from.as_micros());
    }
    if let Some(to) = filter.to {
        // An entry with a period is ordered by its first moment, so the order index ends here.
        sql.push(" AND i.period_first IS NOT NULL AND i.sort_at <= ")
            .push_bind(to.as_micros());
    }
}

/// Where lists have an entry.
const PLACE: Place = ("i.sort_at", "i.id");

/// A page of what the viewer may see, newest first; one row more than the page holds.
pub(crate) async fn page(
    tx: &mut Tx,
    sight: Sight,
    filter: &Filter,
    request: PageRequest,
) -> Result<Vec<Listed>, DbError> {
    let (after, wanted) = (request.after, request.limit.probe());
    let rows = match plan(tx, filter).await? {
        Plan::Nothing => Vec::new(),
        Plan::Few { first, rest } => {
            let source = Source::Keyed(&first, &rest);
            rows(tx, sight, filter, (&source, after), wanted).await?
        }
        Plan::Many(keyed) => {
            let source = Source::All(keyed.as_ref());
            rows(tx, sight, filter, (&source, after), wanted).await?
        }
        Plan::Together(all) => {
            let mut found = Vec::new();
            // Enough for the page even where a third is hidden.
            let mut chunks = Chunks::new(&all, after, wanted * 3 / 2);
            while let Some(source) = chunks.next(tx).await? {
                let more = wanted - i64::try_from(found.len()).unwrap_or(i64::MAX);
                found.extend(rows(tx, sight, filter, (&source, after), more).await?);
                if i64::try_from(found.len()).unwrap_or(i64::MAX) >= wanted {
                    break;
                }
            }
            found
        }
    };
    rows.into_iter().map(Listed::try_from).collect()
}

async fn rows(
    tx: &mut Tx,
    sight: Sight,
    filter: &Filter,
    from: (&Source<'_>, Option<Cursor>),
    most: i64,
) -> Result<Vec<ListedRow>, DbError> {
    const SELECT: &str = "SELECT i.id, i.public_id, i.exercise, i.tlp, i.sort_at, i.status, \
                          i.status_at, i.status_by, i.kind, i.title, i.organisation, i.victims, \
                          i.worldwide, i.sectors, i.rsit_class, i.rsit_type, i.from_at, \
                          i.from_fidelity, i.to_at, i.to_fidelity, i.period_text, \
                          i.cross_border, i.level, i.updated_at";
    let mut sql = query(SELECT);
    push_from(&mut sql, tx, sight, filter, from);
    sql.push(" ORDER BY i.sort_at DESC, i.id DESC LIMIT ")
        .push_bind(most);
    sql.fetch_all(tx).await
}

/// How many entries the viewer may see, counted up to [`COUNT_MAX`] and one more.
pub(crate) async fn count(tx: &mut Tx, sight: Sight, filter: &Filter) -> Result<i64, DbError> {
    match plan(tx, filter).await? {
        Plan::Nothing => Ok(0),
        Plan::Few { first, rest } => {
            count_of(tx, sight, filter, &Source::Keyed(&first, &rest)).await
        }
        Plan::Many(keyed) => count_of(tx, sight, filter, &Source::All(keyed.as_ref())).await,
        Plan::Together(all) => {
            let mut count = 0;
            let mut chunks = Chunks::new(&all, None, FEW);
            while let Some(source) = chunks.next(tx).await? {
                count += count_of(tx, sight, filter, &source).await?;
                if count > COUNT_MAX {
                    break;
                }
            }
            Ok(count.min(COUNT_MAX + 1))
        }
    }
}

async fn count_of(
    tx: &mut Tx,
    sight: Sight,
    filter: &Filter,
    source: &Source<'_>,
) -> Result<i64, DbError> {
    let mut sql = query("SELECT count(*) FROM (SELECT 1");
    push_from(&mut sql, tx, sight, filter, (source, None));
    sql.push(" LIMIT ").push_bind(COUNT_MAX + 1);
    sql.push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// What matches several frequent conditions, the newest first, by larger chunks each time: how many
/// of them the viewer may see is known only when they are fetched.
struct Chunks<'k> {
    all: &'k [Keyed],
    after: Option<Cursor>,
    /// How many the next one has; none once all are given.
    next: Option<i64>,
}

impl<'k> Chunks<'k> {
    const fn new(all: &'k [Keyed], after: Option<Cursor>, first: i64) -> Self {
        let next = Some(first);
        Self { all, after, next }
    }

    async fn next(&mut self, tx: &mut Tx) -> Result<Option<Source<'k>>, DbError> {
        let Some(most) = self.next else {
            return Ok(None);
        };
        let places = together(tx, self.all, self.after, most).await?;
        let full = i64::try_from(places.len()).unwrap_or(i64::MAX) >= most;
        self.next = full.then_some((most * 5).min(FEW));
        self.after = places.last().copied();
        let ids: Vec<Uuid> = places.into_iter().map(|place| place.id).collect();
        Ok((!ids.is_empty()).then_some(Source::Known(ids)))
    }
}

/// How many entries at each stage the viewer may see.
pub(crate) async fn stages(tx: &mut Tx, sight: Sight) -> Result<Vec<(Stage, i64)>, DbError> {
    const SQL: &str = "SELECT i.status, count(*) FROM incident i WHERE i.exercise = $1 \
                       AND (((1 << i.tlp) & $2) <> 0 OR (((1 << i.tlp) & $3) <> 0 \
                       AND EXISTS (SELECT 1 FROM incident_named n \
                       WHERE n.incident = i.id AND n.user_id = $4))) \
                       GROUP BY i.status";
    let rows: Vec<(String, i64)> = query(SQL)
        .bind(sight.exercise)
        .bind(sight.open_mask)
        .bind(sight.named_mask)
        .bind(sight.user)
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|(word, count)| {
            let stage = word
                .parse()
                .map_err(|_unreadable| db::Corrupt::new("incident", "status", &word))?;
            Ok((stage, count))
        })
        .collect()
}

/// The entries that link to these targets, as far as the viewer may see them, by target.
pub(crate) async fn titles(
    tx: &mut Tx,
    sight: Sight,
    kind: &str,
    targets: &[String],
) -> Result<Vec<Titled>, DbError> {
    let mut sql = query(
        "SELECT l.target, i.public_id, i.title FROM incident_link l \
         JOIN incident i ON i.id = l.incident WHERE l.kind = ",
    );
    sql.push_bind(kind);
    sql.push(" AND l.target IN (");
    sql.push_list(targets);
    sql.push(") AND ");
    sight.push(&mut sql);
    sql.push(" ORDER BY l.target, i.id LIMIT ")
        .push_bind(COUNT_MAX);
    let rows: Vec<(String, Uuid, String)> = sql.fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(target, public, title)| Titled {
            target,
            public: IncidentRef::from_uuid(public),
            title,
        })
        .collect())
}

/// How many entries the viewer may see were entered in each span of time from `first` on, by the
/// number of the span; without what ships with the program.
pub(crate) async fn entered(
    tx: &mut Tx,
    sight: Sight,
    (first, micros): (Timestamp, i64),
) -> Result<Vec<(i64, i64)>, DbError> {
    let mut sql = query("SELECT e.span, count(*) FROM (SELECT (i.created_at - ");
    sql.push_bind(first.as_micros());
    sql.push(") / ").push_bind(micros);
    sql.push(" AS span FROM incident i WHERE i.shipped_key IS NULL AND i.created_at >= ")
        .push_bind(first.as_micros());
    sql.push(" AND ");
    sight.push(&mut sql);
    sql.push(") AS e GROUP BY e.span");
    sql.fetch_all(tx).await
}
