use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use formats_misp::full;
use kernel::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::model::{Cluster, Galaxy, Taxonomy, TaxonomyTag};

/// Rows of one statement.
const ROWS_MAX: usize = 2_000;

db::row! {
    struct TaxonomyRow {
        number: i64,
        namespace: String,
        description: String,
        version: i64,
        exclusive: bool,
        enabled: bool,
        tags: i64,
        imported_at: i64,
    }
}

impl From<TaxonomyRow> for Taxonomy {
    fn from(row: TaxonomyRow) -> Self {
        Self {
            number: row.number,
            namespace: row.namespace,
            description: row.description,
            version: row.version,
            exclusive: row.exclusive,
            enabled: row.enabled,
            tags: row.tags,
            imported_at: Timestamp::from_micros(row.imported_at),
        }
    }
}

/// All taxonomies, by namespace.
pub(crate) async fn taxonomies(tx: &mut Tx) -> Result<Vec<Taxonomy>, DbError> {
    const SQL: &str = "SELECT number, namespace, description, version, exclusive, enabled, tags, \
                       imported_at FROM misp_taxonomy ORDER BY namespace";
    let rows: Vec<TaxonomyRow> = query(SQL).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Taxonomy::from).collect())
}

/// The file that a taxonomy came as.
pub(crate) async fn taxonomy_source(tx: &mut Tx, number: i64) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT source FROM misp_taxonomy WHERE number = $1";
    let row: Option<(String,)> = query(SQL).bind(number).fetch_optional(tx).await?;
    Ok(row.map(|(source,)| source))
}

/// Writes a taxonomy with its tags.
pub(crate) async fn insert_taxonomy(
    tx: &mut Tx,
    taxonomy: &Taxonomy,
    (source, tags): (&str, &[TaxonomyTag]),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_taxonomy (number, namespace, description, version, \
                       exclusive, enabled, tags, source, imported_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const TAGS: Sql = Sql {
        sqlite: "INSERT INTO misp_taxonomy_tag (name, taxonomy, expanded, numerical) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]') FROM json_each($2) WHERE true \
                 ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO misp_taxonomy_tag (name, taxonomy, expanded, numerical) \
                   SELECT value->>0, $1, value->>1, CAST(value->>2 AS bigint) \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT DO NOTHING",
    };
    query(SQL)
        .bind(taxonomy.number)
        .bind(&taxonomy.namespace)
        .bind(&taxonomy.description)
        .bind(taxonomy.version)
        .bind(taxonomy.exclusive)
        .bind(taxonomy.enabled)
        .bind(taxonomy.tags)
        .bind(source)
        .bind(taxonomy.imported_at.as_micros())
        .execute(tx)
        .await?;
    for some in tags.chunks(ROWS_MAX) {
        let rows: Vec<_> = some
            .iter()
            .map(|tag| json!([tag.name, tag.expanded, tag.numerical]))
            .collect();
        let statement = query(TAGS.on(tx)).bind(taxonomy.number);
        statement.bind(json!(rows).to_string()).execute(tx).await?;
    }
    Ok(())
}

/// Takes a taxonomy out with its tags.
pub(crate) async fn delete_taxonomy(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    const TAGS: &str = "DELETE FROM misp_taxonomy_tag WHERE taxonomy = $1";
    const SQL: &str = "DELETE FROM misp_taxonomy WHERE number = $1";
    query(TAGS).bind(number).execute(tx).await?;
    query(SQL).bind(number).execute(tx).await?;
    Ok(())
}

/// Says whether the tags of a taxonomy are offered.
pub(crate) async fn enable_taxonomy(
    tx: &mut Tx,
    number: i64,
    enabled: bool,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE misp_taxonomy SET enabled = $2 WHERE number = $1";
    query(SQL).bind(number).bind(enabled).execute(tx).await?;
    Ok(())
}

/// What enabled taxonomies say of these tags: the number of the taxonomy, and the tag.
pub(crate) async fn tags_known(
    tx: &mut Tx,
    names: &[&str],
) -> Result<Vec<(i64, TaxonomyTag)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT x.taxonomy, x.name, x.expanded, x.numerical FROM json_each($1) AS w \
                 CROSS JOIN misp_taxonomy_tag AS x ON x.name = w.value \
                 CROSS JOIN misp_taxonomy AS y ON y.number = x.taxonomy WHERE y.enabled = $2",
        postgres: "SELECT x.taxonomy, x.name, x.expanded, x.numerical \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN misp_taxonomy_tag AS x ON x.name = w.value \
                   JOIN misp_taxonomy AS y ON y.number = x.taxonomy WHERE y.enabled = $2",
    };
    let statement = query(SQL.on(tx)).bind(json!(names).to_string());
    let rows: Vec<(i64, String, String, Option<i64>)> = statement.bind(true).fetch_all(tx).await?;
    let tag = |(taxonomy, name, expanded, numerical)| {
        let tag = TaxonomyTag {
            name,
            expanded,
            numerical,
        };
        (taxonomy, tag)
    };
    Ok(rows.into_iter().map(tag).collect())
}

db::row! {
    struct GalaxyRow {
        number: i64,
        kind: String,
        uuid: Uuid,
        name: String,
        version: i64,
        cluster_version: i64,
        clusters: i64,
        body: String,
        imported_at: i64,
    }
}

impl TryFrom<GalaxyRow> for Galaxy {
    type Error = DbError;

    fn try_from(row: GalaxyRow) -> Result<Self, DbError> {
        let unreadable = |_cause| Corrupt::new("misp_galaxy", "body", &row.number);
        Ok(Self {
            record: serde_json::from_str(&row.body).map_err(unreadable)?,
            number: row.number,
            kind: row.kind,
            uuid: row.uuid,
            name: row.name,
            version: row.version,
            cluster_version: row.cluster_version,
            clusters: row.clusters,
            imported_at: Timestamp::from_micros(row.imported_at),
        })
    }
}

/// All galaxies, by number.
pub(crate) async fn galaxies(tx: &mut Tx) -> Result<Vec<Galaxy>, DbError> {
    const SQL: &str = "SELECT number, type AS kind, uuid, name, version, cluster_version, \
                       clusters, body, imported_at FROM misp_galaxy ORDER BY number";
    let rows: Vec<GalaxyRow> = query(SQL).fetch_all(tx).await?;
    rows.into_iter().map(Galaxy::try_from).collect()
}

/// Writes a galaxy without its clusters, or what is newer of it.
pub(crate) async fn put_galaxy(tx: &mut Tx, galaxy: &Galaxy) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_galaxy (number, type, uuid, name, version, \
                       cluster_version, clusters, body, imported_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                       ON CONFLICT (number) DO UPDATE SET uuid = excluded.uuid, \
                       name = excluded.name, version = excluded.version, \
                       cluster_version = excluded.cluster_version, clusters = excluded.clusters, \
                       body = excluded.body, imported_at = excluded.imported_at";
    query(SQL)
        .bind(galaxy.number)
        .bind(&galaxy.kind)
        .bind(galaxy.uuid)
        .bind(&galaxy.name)
        .bind(galaxy.version)
        .bind(galaxy.cluster_version)
        .bind(galaxy.clusters)
        .bind(json!(galaxy.record).to_string())
        .bind(galaxy.imported_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes a galaxy out with its clusters.
pub(crate) async fn delete_galaxy(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_galaxy WHERE number = $1";
    delete_clusters(tx, number).await?;
    query(SQL).bind(number).execute(tx).await?;
    Ok(())
}

/// Takes all clusters of a galaxy out.
pub(crate) async fn delete_clusters(tx: &mut Tx, galaxy: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_cluster WHERE galaxy = $1";
    query(SQL).bind(galaxy).execute(tx).await?;
    Ok(())
}

/// The UUIDs and numbers of the clusters of a galaxy.
pub(crate) async fn cluster_numbers(tx: &mut Tx, galaxy: i64) -> Result<Vec<(Uuid, i64)>, DbError> {
    const SQL: &str = "SELECT uuid, number FROM misp_cluster WHERE galaxy = $1";
    query(SQL).bind(galaxy).fetch_all(tx).await
}

/// Writes clusters of a galaxy.
pub(crate) async fn insert_clusters(tx: &mut Tx, clusters: &[Cluster]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_cluster (number, galaxy, uuid, tag, body) \
                 SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 unhex(json_extract(value, '$[2]')), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]') FROM json_each($1)",
        postgres: "INSERT INTO misp_cluster (number, galaxy, uuid, tag, body) \
                   SELECT CAST(value->>0 AS bigint), CAST(value->>1 AS bigint), \
                   CAST(value->>2 AS uuid), value->>3, value->>4 \
                   FROM json_array_elements(CAST($1 AS json)) AS t(value)",
    };
    for some in clusters.chunks(ROWS_MAX) {
        let row = |one: &Cluster| {
            let body = json!(one.record).to_string();
            let uuid = one.uuid.simple().to_string();
            json!([one.number, one.galaxy, uuid, one.tag, body])
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        let statement = query(SQL.on(tx)).bind(json!(rows).to_string());
        statement.execute(tx).await?;
    }
    Ok(())
}

/// A cluster as it is stored: number, galaxy, UUID, tag, body.
type ClusterRow = (i64, i64, Uuid, String, String);

fn cluster((number, galaxy, uuid, tag, body): ClusterRow) -> Result<Cluster, DbError> {
    let unreadable = |_cause| Corrupt::new("misp_cluster", "body", &number);
    let record: full::GalaxyCluster = serde_json::from_str(&body).map_err(unreadable)?;
    Ok(Cluster {
        number,
        galaxy,
        uuid,
        tag,
        record,
    })
}

/// Clusters of a galaxy behind a number.
pub(crate) async fn clusters(
    tx: &mut Tx,
    galaxy: i64,
    (after, most): (i64, i64),
) -> Result<Vec<Cluster>, DbError> {
    const SQL: &str = "SELECT number, galaxy, uuid, tag, body FROM misp_cluster \
                       WHERE galaxy = $1 AND number > $2 ORDER BY number LIMIT $3";
    let statement = query(SQL).bind(galaxy).bind(after).bind(most);
    let rows: Vec<ClusterRow> = statement.fetch_all(tx).await?;
    rows.into_iter().map(cluster).collect()
}

/// The cluster with this number.
pub(crate) async fn cluster_by_number(
    tx: &mut Tx,
    number: i64,
) -> Result<Option<Cluster>, DbError> {
    const SQL: &str = "SELECT number, galaxy, uuid, tag, body FROM misp_cluster WHERE number = $1";
    let row: Option<ClusterRow> = query(SQL).bind(number).fetch_optional(tx).await?;
    row.map(cluster).transpose()
}

/// A cluster with this UUID.
pub(crate) async fn cluster_by_uuid(tx: &mut Tx, uuid: Uuid) -> Result<Option<Cluster>, DbError> {
    const SQL: &str = "SELECT number, galaxy, uuid, tag, body FROM misp_cluster WHERE uuid = $1 \
                       ORDER BY number LIMIT 1";
    let row: Option<ClusterRow> = query(SQL).bind(uuid).fetch_optional(tx).await?;
    row.map(cluster).transpose()
}

/// Those of these tags that name a cluster.
pub(crate) async fn named(tx: &mut Tx, tags: &[&str]) -> Result<Vec<String>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT c.tag FROM json_each($1) AS w CROSS JOIN misp_cluster AS c \
                 ON c.tag = w.value",
        postgres: "SELECT c.tag FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN misp_cluster AS c ON c.tag = w.value",
    };
    let statement = query(SQL.on(tx)).bind(json!(tags).to_string());
    let rows: Vec<(String,)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(tag,)| tag).collect())
}
