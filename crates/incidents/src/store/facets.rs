//! SQL of what lists of entries are filtered by: States, sectors, named readers, words.

use std::collections::BTreeSet;

use db::{DbError, Tx, query, search};
use kernel::{Cursor, IncidentId};
use serde_json::json;

use super::classed;
use crate::model::{Facts, Incident};

const NAMED: &str = "INSERT INTO incident_named (incident, user_id) VALUES ($1, $2)";

/// Removes what lists are filtered by.
pub(super) async fn clear(tx: &mut Tx, id: IncidentId) -> Result<(), DbError> {
    const CLEAR: [&str; 3] = [
        "DELETE FROM incident_victim WHERE incident = $1",
        "DELETE FROM incident_sector WHERE incident = $1",
        "DELETE FROM incident_named WHERE incident = $1",
    ];
    for sql in CLEAR {
        query(sql).bind(id.uuid()).execute(tx).await?;
    }
    Ok(())
}

/// Writes what lists are filtered by.
pub(super) async fn save(tx: &mut Tx, incident: &Incident) -> Result<(), DbError> {
    const VICTIMS: db::dialect::Sql = db::dialect::Sql {
        sqlite: "INSERT INTO incident_victim (country, sort_at, incident) \
                 SELECT value, $1, $2 FROM json_each($3)",
        postgres: "INSERT INTO incident_victim (country, sort_at, incident) \
                   SELECT value, $1, $2 \
                   FROM json_array_elements_text(CAST($3 AS json)) AS t(value)",
    };
    const SECTORS: db::dialect::Sql = db::dialect::Sql {
        sqlite: "INSERT INTO incident_sector (sector, sort_at, incident) \
                 SELECT value, $1, $2 FROM json_each($3)",
        postgres: "INSERT INTO incident_sector (sector, sort_at, incident) \
                   SELECT value, $1, $2 \
                   FROM json_array_elements_text(CAST($3 AS json)) AS t(value)",
    };
    let facts = &incident.facts;
    let at = Cursor {
        key: facts.sort_at(incident.created_at).as_micros(),
        id: incident.id.uuid(),
    };
    let lists = [
        (VICTIMS, json!(facts.victims).to_string()),
        (SECTORS, json!(facts.sectors).to_string()),
    ];
    for (sql, list) in lists {
        let sql = sql.on(tx);
        query(sql)
            .bind(at.key)
            .bind(at.id)
            .bind(list)
            .execute(tx)
            .await?;
    }
    for user in &facts.named {
        query(NAMED)
            .bind(at.id)
            .bind(user.uuid())
            .execute(tx)
            .await?;
    }
    classed::place(tx, incident.id).await?;
    search::index(tx, search::Area::Incidents, at, &words_of(facts)).await
}

/// [`save`] for entries that are not there yet, all at once.
pub(super) async fn insert(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), DbError> {
    const VICTIMS: &str = "INSERT INTO incident_victim (country, sort_at, incident)";
    const SECTORS: &str = "INSERT INTO incident_sector (sector, sort_at, incident)";
    let place = |incident: &Incident| Cursor {
        key: incident.facts.sort_at(incident.created_at).as_micros(),
        id: incident.id.uuid(),
    };
    let (mut victims, mut sectors) = (Vec::new(), Vec::new());
    let mut words = Vec::with_capacity(incidents.len());
    for incident in incidents {
        let (facts, at) = (&incident.facts, place(incident));
        victims.extend(facts.victims.iter().map(|one| (one.to_string(), at)));
        sectors.extend(facts.sectors.iter().map(|one| (one.to_string(), at)));
        words.push((at, words_of(facts)));
        for user in &facts.named {
            query(NAMED)
                .bind(at.id)
                .bind(user.uuid())
                .execute(tx)
                .await?;
        }
    }
    for (into, rows) in [(VICTIMS, &victims), (SECTORS, &sectors)] {
        let values = rows
            .iter()
            .map(|(word, at)| [word.into(), at.key.into(), at.id.into()]);
        db::rows((into, ""), values).insert(tx).await?;
    }
    classed::insert(tx, incidents).await?;
    search::add_many(tx, search::Area::Incidents, &words).await
}

/// What an entry is found by: its texts, and the names of its States and sectors.
fn words_of(facts: &Facts) -> BTreeSet<String> {
    let states = facts.victims.iter().flat_map(|country| {
        kernel::Language::ALL
            .into_iter()
            .map(|language| country.name(language))
    });
    let texts = [
        Some(facts.title.as_str()),
        Some(facts.description.as_str()),
        facts.organisation.as_ref().map(crate::model::Line::as_str),
        facts.sector_text.as_ref().map(crate::model::Line::as_str),
        facts.rsit.map(crate::model::Rsit::name),
    ];
    let sectors = facts.sectors.iter().map(|sector| sector.name());
    search::tokens(texts.into_iter().flatten().chain(states).chain(sectors))
}
