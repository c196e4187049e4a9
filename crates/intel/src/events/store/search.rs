use db::{DbError, Query, Tx, query};
use kernel::Tlp;

use super::read::{attribute_columns, event_columns};
use crate::events::{
    model::{Asked, Attribute, Event, Filter, Moments, Object, Terms, Which},
    norm,
};

/// Whose collection and label are looked at.
pub(crate) type Columns = (&'static str, &'static str);
// The sign keeps SQLite from going by the collection, in which it would sort all of it for each page.
pub(crate) const EVENT: Columns = ("+e.slot", "e.tlp");
pub(crate) const ATTRIBUTE: Columns = ("+a.slot", "a.tlp");
pub(crate) const OBJECT: Columns = ("+o.slot", "o.tlp");
pub(crate) const TAGGED: Columns = ("g.slot", "g.tlp");

/// Collections and the labels that are seen in each.
pub(crate) type Seen = [(i64, i32)];

/// The codes of the labels of a mask.
pub(crate) fn labels(mask: i32) -> Vec<i32> {
    let codes = Tlp::ALL.into_iter().map(Tlp::code);
    codes.filter(|code| mask & (1 << code) != 0).collect()
}

/// Adds that something is seen.
pub(crate) fn push_seen(statement: &mut Query<'_>, seen: &Seen, (slot, tlp): Columns) {
    let mut masks: Vec<i32> = seen.iter().map(|(_, mask)| *mask).collect();
    masks.sort_unstable();
    masks.dedup();
    statement.push("(");
    for (number, mask) in masks.into_iter().enumerate() {
        statement.push(if number > 0 { " OR (" } else { "(" });
        let slots = seen.iter().filter(|(_, other)| *other == mask);
        statement.push(slot).push(" IN (");
        statement.push_list(slots.map(|(slot, _)| *slot));
        statement.push(") AND ").push(tlp).push(" IN (");
        statement.push_list(labels(mask)).push("))");
    }
    if seen.is_empty() {
        statement.push("1 = 0");
    }
    statement.push(")");
}

/// Events that are seen and asked for, by number.
pub(crate) async fn events(
    tx: &mut Tx,
    seen: &Seen,
    filter: &Filter,
    asked: Asked,
) -> Result<Vec<Event>, DbError> {
    let mut statement = query(concat!("SELECT ", event_columns!()));
    of_events(&mut statement, seen, filter, asked);
    statement.fetch_all(tx).await
}

/// Attributes that are seen and asked for, by number; with their files where those are wanted.
pub(crate) async fn attributes(
    tx: &mut Tx,
    seen: &Seen,
    (filter, data): (&Filter, bool),
    asked: Asked,
) -> Result<Vec<Attribute>, DbError> {
    let mut statement = query(concat!("SELECT ", attribute_columns!()));
    statement.push(if data {
        ", a.data"
    } else {
        ", CAST(NULL AS text) AS data"
    });
    of_attributes(&mut statement, seen, filter, asked);
    statement.fetch_all(tx).await
}

/// Those of these objects that are seen.
pub(crate) async fn objects(tx: &mut Tx, seen: &Seen, ids: &[i64]) -> Result<Vec<Object>, DbError> {
    let mut statement = query(
        "SELECT o.id, o.event, o.slot, o.uuid, o.tlp, o.name, o.template, o.deleted, o.timestamp, \
         o.body FROM misp_object AS o WHERE o.id IN (",
    );
    statement.push_list(ids.iter().copied()).push(") AND ");
    push_seen(&mut statement, seen, OBJECT);
    statement.push(" ORDER BY o.id");
    statement.fetch_all(tx).await
}

/// The last number of the first so many events or attributes: after it begins what comes next.
pub(crate) async fn after(
    tx: &mut Tx,
    seen: &Seen,
    (filter, events): (&Filter, bool),
    skipped: Asked,
) -> Result<Option<(i64, i64)>, DbError> {
    let mut statement = query("SELECT count(*), max(id) FROM (SELECT ");
    if events {
        statement.push("e.id AS id");
        of_events(&mut statement, seen, filter, skipped);
    } else {
        statement.push("a.id AS id");
        of_attributes(&mut statement, seen, filter, skipped);
    }
    statement.push(") AS s");
    let (count, last): (i64, Option<i64>) = statement.fetch_one(tx).await?;
    Ok(last.map(|last| (count, last)))
}

fn of_events(statement: &mut Query<'_>, seen: &Seen, filter: &Filter, asked: Asked) {
    statement.push(" FROM misp_event AS e WHERE e.id > ");
    statement.push_bind(asked.after);
    statement.push(" AND ");
    push_seen(statement, seen, EVENT);
    about_event(statement, filter);
    moments(statement, "e.timestamp", filter.changed);
    if !filter.uuids.is_empty() {
        statement.push(" AND (e.uuid IN (");
        statement.push_list(filter.uuids.iter().copied());
        statement.push(") OR EXISTS (SELECT 1 FROM misp_attribute AS a WHERE a.event = e.id AND ");
        push_seen(statement, seen, ATTRIBUTE);
        statement.push(" AND a.uuid IN (");
        statement.push_list(filter.uuids.iter().copied());
        statement.push(")))");
    }
    tagged(statement, filter, false);
    if filter.asks_attributes() {
        statement.push(" AND e.id IN (SELECT a.event FROM misp_attribute AS a WHERE ");
        push_seen(statement, seen, ATTRIBUTE);
        about_attribute(statement, filter);
        statement.push(")");
    }
    statement
        .push(" ORDER BY e.id LIMIT ")
        .push_bind(i64::from(asked.most));
}

fn of_attributes(statement: &mut Query<'_>, seen: &Seen, filter: &Filter, asked: Asked) {
    // Attributes of one event stand in an index in their order.
    let one = match filter.events.as_slice() {
        [Which::Id(id)] => Some(*id),
        _ => None,
    };
    statement
        .push(" FROM misp_attribute AS a JOIN misp_event AS e ON e.id = a.event WHERE a.id > ");
    statement.push_bind(asked.after);
    if let Some(one) = one {
        // A value leads to fewer than an event has: SQLite is kept from going by the event.
        let sign = if filter.value.any.is_empty() { "" } else { "+" };
        statement.push(" AND ").push(sign).push("a.event = ");
        statement.push_bind(one);
    }
    statement.push(" AND ");
    push_seen(statement, seen, ATTRIBUTE);
    statement.push(" AND ");
    push_seen(statement, seen, EVENT);
    about_attribute(statement, filter);
    about_event(statement, filter);
    moments(statement, "a.timestamp", filter.changed);
    if !filter.uuids.is_empty() {
        statement.push(" AND (a.uuid IN (");
        statement.push_list(filter.uuids.iter().copied());
        statement.push(") OR e.uuid IN (");
        statement.push_list(filter.uuids.iter().copied());
        statement.push("))");
    }
    tagged(statement, filter, true);
    statement
        .push(" ORDER BY a.id LIMIT ")
        .push_bind(i64::from(asked.most));
}

fn about_event(statement: &mut Query<'_>, filter: &Filter) {
    which(statement, &filter.events, " AND (");
    which(statement, &filter.not_events, " AND NOT (");
    plain_terms(statement, "lower(e.info)", &filter.info);
    if !filter.org.is_empty() {
        statement.push(" AND e.orgc IN (SELECT o.id FROM misp_org AS o WHERE 1 = 1");
        plain_terms(statement, "lower(o.name)", &filter.org);
        statement.push(")");
    }
    for (bound, day) in [
        (" AND e.date >= ", &filter.date_from),
        (" AND e.date <= ", &filter.date_to),
    ] {
        if let Some(day) = day {
            statement.push(bound).push_bind(day.clone());
        }
    }
    moments(statement, "e.timestamp", filter.event_changed);
    moments(statement, "e.publish_timestamp", filter.published_at);
    if let Some(published) = filter.published {
        statement.push(" AND e.published = ").push_bind(published);
    }
    for (column, codes) in [
        (" AND e.threat_level IN (", &filter.threat_levels),
        (" AND e.analysis IN (", &filter.analyses),
        (" AND e.distribution IN (", &filter.distributions),
    ] {
        if !codes.is_empty() {
            statement.push(column);
            statement.push_list(codes.iter().copied()).push(")");
        }
    }
}

fn about_attribute(statement: &mut Query<'_>, filter: &Filter) {
    values(statement, &filter.value);
    plain_terms(statement, "lower(a.type)", &filter.kind);
    plain_terms(statement, "lower(a.category)", &filter.category);
    plain_terms(statement, "lower(a.relation)", &filter.relation);
    if !filter.object_name.is_empty() {
        statement.push(" AND a.object IN (SELECT o.id FROM misp_object AS o WHERE 1 = 1");
        plain_terms(statement, "lower(o.name)", &filter.object_name);
        statement.push(")");
    }
    if !filter.ids.is_empty() {
        statement.push(" AND a.id IN (");
        statement.push_list(filter.ids.iter().copied()).push(")");
    }
    if let Some(to_ids) = filter.to_ids {
        statement.push(" AND a.to_ids = ").push_bind(to_ids);
    }
    if !filter.with_deleted {
        let deleted = filter.deleted.unwrap_or(false);
        statement.push(" AND a.deleted = ").push_bind(deleted);
    }
    match filter.attached {
        Some(true) => {
            statement.push(" AND a.data IS NOT NULL");
        }
        Some(false) => {
            statement.push(" AND a.data IS NULL");
        }
        None => {}
    }
}

fn which(statement: &mut Query<'_>, all: &[Which], head: &'static str) {
    if all.is_empty() {
        return;
    }
    let id = |which: &Which| match which {
        Which::Id(id) => Some(*id),
        Which::Uuid(_) => None,
    };
    let uuid = |which: &Which| match which {
        Which::Uuid(uuid) => Some(*uuid),
        Which::Id(_) => None,
    };
    // No event has the number 0.
    statement.push(head).push("e.id IN (0");
    for id in all.iter().filter_map(id) {
        statement.push(", ").push_bind(id);
    }
    statement.push(")");
    let uuids: Vec<_> = all.iter().filter_map(uuid).collect();
    if !uuids.is_empty() {
        statement.push(" OR e.uuid IN (").push_list(uuids).push(")");
    }
    statement.push(")");
}

fn moments(statement: &mut Query<'_>, column: &'static str, moments: Moments) {
    for (comparison, bound) in [(" >= ", moments.from), (" <= ", moments.to)] {
        if let Some(bound) = bound {
            statement.push(" AND ").push(column);
            statement.push(comparison).push_bind(bound);
        }
    }
}

/// Adds what values fit. Values that stand alone are looked up; those with a wildcard are looked for
/// from their beginning where they have one.
fn values(statement: &mut Query<'_>, terms: &Terms) {
    if !terms.any.is_empty() {
        statement.push(" AND a.id IN (");
        value_list(statement, &terms.any);
        statement.push(")");
    }
    for term in &terms.all {
        statement.push(" AND a.id IN (");
        value_list(statement, std::slice::from_ref(term));
        statement.push(")");
    }
    if !terms.none.is_empty() {
        statement.push(" AND a.id NOT IN (");
        value_list(statement, &terms.none);
        statement.push(")");
    }
}

fn value_list(statement: &mut Query<'_>, terms: &[String]) {
    statement.push("SELECT v.attribute FROM misp_value AS v WHERE ");
    let (wild, exact): (Vec<_>, Vec<_>) = terms.iter().partition(|term| term.contains('%'));
    let norms: Vec<_> = exact
        .into_iter()
        .flat_map(|term| norm::of_question(term))
        .collect();
    statement.push("(v.norm IN (");
    if norms.is_empty() {
        statement.push("NULL");
    } else {
        statement.push_list(norms);
    }
    statement.push(")");
    for term in wild {
        let pattern = pattern(term);
        let begin = pattern.begin.clone();
        statement.push(" OR (");
        if !begin.is_empty() {
            // What begins so stands together in the index.
            statement.push("v.norm >= ").push_bind(begin.clone());
            statement
                .push(" AND v.norm < ")
                .push_bind(begin + "\u{10ffff}");
            statement.push(" AND ");
        }
        statement.push("v.norm LIKE ").push_bind(pattern.text);
        statement.push(" ESCAPE '~')");
    }
    statement.push(")");
}

/// A word with wildcards, for LIKE.
struct Pattern {
    text: String,
    /// What stands before the first wildcard.
    begin: String,
}

fn pattern(term: &str) -> Pattern {
    let term = term.trim().to_lowercase().replace('\0', "");
    let begin = term.split('%').next().unwrap_or_default().to_owned();
    let text = term.replace('~', "~~").replace('_', "~_");
    Pattern { text, begin }
}

/// Adds what texts fit, which are compared in small letters.
fn plain_terms(statement: &mut Query<'_>, column: &'static str, terms: &Terms) {
    let one = |statement: &mut Query<'_>, term: &str| {
        statement.push(column);
        if term.contains('%') {
            statement.push(" LIKE ").push_bind(pattern(term).text);
            statement.push(" ESCAPE '~'");
        } else {
            statement
                .push(" = ")
                .push_bind(term.trim().to_lowercase().replace('\0', ""));
        }
    };
    if !terms.any.is_empty() {
        statement.push(" AND (");
        for (number, term) in terms.any.iter().enumerate() {
            if number > 0 {
                statement.push(" OR ");
            }
            one(statement, term);
        }
        statement.push(")");
    }
    for term in &terms.all {
        statement.push(" AND ");
        one(statement, term);
    }
    for term in &terms.none {
        statement.push(" AND NOT ");
        one(statement, term);
    }
}

fn tagged(statement: &mut Query<'_>, filter: &Filter, attributes: bool) {
    let terms = &filter.tags;
    let any = (!terms.any.is_empty()).then_some(&*terms.any);
    let alone = terms.all.iter().map(std::slice::from_ref);
    for words in any.into_iter().chain(alone) {
        statement.push(" AND EXISTS (");
        has_tag(statement, words, attributes);
    }
    if !terms.none.is_empty() {
        statement.push(" AND NOT EXISTS (");
        has_tag(statement, &terms.none, attributes);
    }
}

/// An event has its own tags and those of its attributes; an attribute has its own and its event's.
fn has_tag(statement: &mut Query<'_>, words: &[String], attributes: bool) {
    statement.push(
        "SELECT 1 FROM misp_tagged AS g JOIN misp_tag AS t ON t.id = g.tag WHERE g.event = e.id",
    );
    statement.push(if attributes {
        " AND g.attribute IN (0, a.id)"
    } else {
        " AND g.tlp <= e.tlp"
    });
    let words = Terms {
        any: words.to_vec(),
        ..Terms::default()
    };
    plain_terms(statement, "lower(t.name)", &words);
    statement.push(")");
}
