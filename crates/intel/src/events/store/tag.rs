use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;

use crate::events::model::Tag;

/// Which of these tags there are.
pub(crate) async fn by_names(
    tx: &mut Tx,
    exercise: bool,
    names: &[&str],
) -> Result<Vec<Tag>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT t.id, t.name, t.colour FROM json_each($2) AS w CROSS JOIN misp_tag AS t \
                 ON t.exercise = $1 AND t.name = w.value",
        postgres: "SELECT t.id, t.name, t.colour \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN misp_tag AS t ON t.exercise = $1 AND t.name = w.value",
    };
    let statement = query(SQL.on(tx)).bind(exercise);
    statement.bind(json!(names).to_string()).fetch_all(tx).await
}

/// Writes new tags.
pub(crate) async fn insert(
    tx: &mut Tx,
    (exercise, made): (bool, bool),
    tags: &[Tag],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_tag (id, exercise, name, colour, made) \
                       VALUES ($1, $2, $3, $4, $5)";
    for tag in tags {
        let statement = query(SQL).bind(tag.id).bind(exercise).bind(&tag.name);
        statement.bind(&tag.colour).bind(made).execute(tx).await?;
    }
    Ok(())
}

/// Keeps in mind that people made a tag.
pub(crate) async fn made(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE misp_tag SET made = $2 WHERE id = $1";
    query(SQL).bind(id).bind(true).execute(tx).await?;
    Ok(())
}

/// Tags behind a number that people made, that something has which is seen, or, for people of the
/// house, that an enabled taxonomy has.
pub(crate) async fn seen(
    tx: &mut Tx,
    (exercise, of_house): (bool, bool),
    seen: &[(i64, i32)],
    (after, most): (i64, i64),
) -> Result<Vec<Tag>, DbError> {
    // In the order of the pages, and not by name, after which all of them would be sorted.
    const FROM: Sql = Sql {
        sqlite: " FROM misp_tag AS t NOT INDEXED",
        postgres: " FROM misp_tag AS t",
    };
    let mut statement = query("SELECT t.id, t.name, t.colour");
    statement.push(FROM.on(tx));
    statement.push(" WHERE t.exercise = ").push_bind(exercise);
    statement.push(" AND t.id > ").push_bind(after);
    statement.push(" AND (t.made = ").push_bind(true);
    if !seen.is_empty() {
        statement.push(" OR EXISTS (SELECT 1 FROM misp_tagged AS g WHERE g.tag = t.id AND ");
        super::search::push_seen(&mut statement, seen, super::search::TAGGED);
        statement.push(")");
    }
    if of_house {
        statement.push(
            " OR EXISTS (SELECT 1 FROM misp_taxonomy_tag AS x JOIN misp_taxonomy AS y \
             ON y.number = x.taxonomy WHERE x.name = t.name AND y.enabled = ",
        );
        statement.push_bind(true).push(")");
    }
    statement.push(") ORDER BY t.id LIMIT ").push_bind(most);
    statement.fetch_all(tx).await
}

/// What has which tags: tag, attribute or 0, label.
pub(crate) async fn give(
    tx: &mut Tx,
    (event, slot): (i64, i64),
    given: &[(i64, i64, i32)],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_tagged (tag, event, attribute, slot, tlp) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]'), $2, \
                 json_extract(value, '$[2]') FROM json_each($3) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO misp_tagged (tag, event, attribute, slot, tlp) \
                   SELECT CAST(value->>0 AS bigint), $1, CAST(value->>1 AS bigint), $2, \
                   CAST(value->>2 AS integer) FROM json_array_elements(CAST($3 AS json)) \
                   AS t(value) ON CONFLICT DO NOTHING",
    };
    if given.is_empty() {
        return Ok(());
    }
    let statement = query(SQL.on(tx)).bind(event).bind(slot);
    statement.bind(json!(given).to_string()).execute(tx).await?;
    Ok(())
}

/// Takes all tags of these attributes of an event away; 0 stands for the event itself.
pub(crate) async fn take_away(tx: &mut Tx, event: i64, attributes: &[i64]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "DELETE FROM misp_tagged WHERE event = $1 \
                 AND attribute IN (SELECT value FROM json_each($2))",
        postgres: "DELETE FROM misp_tagged WHERE event = $1 AND attribute IN \
                   (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($2 AS json)))",
    };
    let statement = query(SQL.on(tx)).bind(event);
    statement
        .bind(json!(attributes).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Tags that something has which is seen, by name, between two names that are not meant themselves.
pub(crate) async fn between(
    tx: &mut Tx,
    exercise: bool,
    seen: &[(i64, i32)],
    (after, before, most): (&str, &str, i64),
) -> Result<Vec<Tag>, DbError> {
    let mut statement =
        query("SELECT t.id, t.name, t.colour FROM misp_tag AS t WHERE t.exercise = ");
    statement.push_bind(exercise);
    statement.push(" AND t.name > ").push_bind(after.to_owned());
    statement
        .push(" AND t.name < ")
        .push_bind(before.to_owned());
    statement.push(" AND EXISTS (SELECT 1 FROM misp_tagged AS g WHERE g.tag = t.id AND ");
    super::search::push_seen(&mut statement, seen, super::search::TAGGED);
    statement.push(") ORDER BY t.name LIMIT ").push_bind(most);
    statement.fetch_all(tx).await
}

/// The newest event that is seen and has a tag, and the attribute that has it; 0 for the event itself.
pub(crate) async fn newest_with(
    tx: &mut Tx,
    tag: i64,
    seen: &[(i64, i32)],
) -> Result<Option<(i64, i64)>, DbError> {
    let mut statement = query("SELECT g.event, g.attribute FROM misp_tagged AS g WHERE g.tag = ");
    statement.push_bind(tag).push(" AND ");
    super::search::push_seen(&mut statement, seen, ("+g.slot", "g.tlp"));
    statement.push(" ORDER BY g.event DESC, g.attribute LIMIT 1");
    statement.fetch_optional(tx).await
}
