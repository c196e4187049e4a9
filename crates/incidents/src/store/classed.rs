//! SQL of the index by which lists are filtered by class.
//!
//! A row stands for a class of an entry, or for one above it in an imported taxonomy, without its
//! version and in the place that lists have the entry in: RSIT and the sectors from its facts, all others
//! from its classes. What is written here follows from these, so that it can be made anew at any time.

use db::{DbError, Tx, Value, query};
use kernel::{Cursor, IncidentId};

use crate::{
    model::{Facts, Incident, Rsit},
    taxonomy::{
        Name, Version,
        shipped::{RSIT, SECTORS},
    },
};

/// Classes, and what stands above them, of the incidents that a condition on `incident_class c` names.
macro_rules! classes {
    ($condition:literal) => {
        concat!(
            "INSERT INTO incident_classed (class, sort_at, incident) \
             WITH RECURSIVE up (incident, taxonomy, version, code) AS ( \
             SELECT c.incident, c.taxonomy, c.version, c.code FROM incident_class c WHERE ",
            $condition,
            " UNION SELECT up.incident, up.taxonomy, up.version, e.parent FROM up \
             JOIN taxonomy t ON t.name = up.taxonomy AND t.version = up.version \
             JOIN taxonomy_entry e ON e.taxonomy = t.number AND e.code = up.code \
             WHERE e.parent IS NOT NULL) \
             SELECT DISTINCT up.taxonomy || ':' || up.code, i.sort_at, i.id \
             FROM up JOIN incident i ON i.id = up.incident WHERE true ON CONFLICT DO NOTHING"
        )
    };
}

/// Writes the index of an entry anew, which stands in the register with its sectors and classes.
pub(crate) async fn place(tx: &mut Tx, id: IncidentId) -> Result<(), DbError> {
    const CLEAR: &str = "DELETE FROM incident_classed WHERE incident = $1";
    const FACTS: &str = "INSERT INTO incident_classed (class, sort_at, incident) \
        SELECT 'rsit:' || rsit_class, sort_at, id FROM incident \
        WHERE id = $1 AND rsit_class IS NOT NULL \
        UNION ALL SELECT 'rsit:' || rsit_class || '/' || rsit_type, sort_at, id FROM incident \
        WHERE id = $1 AND rsit_class IS NOT NULL AND rsit_type IS NOT NULL \
        UNION ALL SELECT 'nis2-sectors:' || sector, sort_at, incident FROM incident_sector \
        WHERE incident = $1";
    const GIVEN: &str = classes!("c.incident = $1");
    for sql in [CLEAR, FACTS, GIVEN] {
        query(sql).bind(id.uuid()).execute(tx).await?;
    }
    Ok(())
}

/// A taxonomy has come of which entries have classes already: what stands above these is known now.
pub(crate) async fn place_all(
    tx: &mut Tx,
    (name, version): (&Name, &Version),
) -> Result<(), DbError> {
    const SQL: &str = classes!("c.taxonomy = $1 AND c.version = $2");
    let sql = query(SQL).bind(name.as_str()).bind(version.as_str());
    sql.execute(tx).await?;
    Ok(())
}

/// Writes the index of entries of which nothing stands there, by their facts.
pub(crate) async fn insert(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO incident_classed (class, sort_at, incident)";
    let mut rows: Vec<[Value<'static>; 3]> = Vec::new();
    for incident in incidents {
        let at = Cursor {
            key: incident.facts.sort_at(incident.created_at).as_micros(),
            id: incident.id.uuid(),
        };
        let classes = of_facts(&incident.facts).into_iter();
        rows.extend(classes.map(|class| [class.into(), at.key.into(), at.id.into()]));
    }
    db::rows((INTO, ""), rows).insert(tx).await
}

fn of_facts(facts: &Facts) -> Vec<String> {
    let class = facts.rsit.map(|one| format!("{RSIT}:{}", one.class()));
    let kind = |one: Rsit| one.kind().map(|_| format!("{RSIT}:{one}"));
    let sectors = facts.sectors.iter();
    let sectors = sectors.map(|sector| format!("{SECTORS}:{sector}"));
    class
        .into_iter()
        .chain(facts.rsit.and_then(kind))
        .chain(sectors)
        .collect()
}
