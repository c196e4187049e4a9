//! What the benches share: a ledger, and beside it a plain table of the same columns.

use std::sync::Arc;

use audit::{Ground, Leaf, Log, append};
use db::{Db, Engine, Tx, dialect::Sql, query, scratch::Scratch};
use kernel::{OsRng, SystemClock, random_array};
use ledger::{Act, LedgerSigner};
use tokio::runtime::{Builder, Runtime};

/// Microseconds of the time that plain rows state.
const AT: i64 = 1_795_255_200_000_000;

/// A scratch database with its runtime.
pub(crate) struct House {
    pub(crate) runtime: Runtime,
    pub(crate) ground: Ground,
    scratch: Scratch,
    next_plain: i64,
}

impl House {
    pub(crate) fn open(engine: Engine) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (scratch, ground) = runtime.block_on(async {
            let scratch = Scratch::open(engine).await;
            let (clock, rng) = (Arc::new(SystemClock), Arc::new(OsRng));
            let ground = Ground::open(scratch.db.clone(), clock, rng).await.unwrap();
            make_plain(&scratch.db).await;
            (scratch, ground)
        });
        Self {
            runtime,
            ground,
            scratch,
            next_plain: 0,
        }
    }

    /// Appends leaves in one durable transaction.
    pub(crate) fn append(&self, leaves: &[Leaf]) {
        self.runtime.block_on(async {
            let mut tx = self.ground.db.begin().await.unwrap();
            append(&mut tx, &self.ground, Log::Exchange, leaves)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        });
    }

    /// Inserts the same bytes into the plain table, in as many statements, as durably.
    pub(crate) fn insert(&mut self, leaves: &[Leaf]) {
        let first = self.next_plain;
        self.next_plain += i64::try_from(leaves.len()).unwrap();
        self.runtime.block_on(async {
            let mut tx = self.ground.db.begin().await.unwrap();
            match leaves {
                [leaf] => insert_one(&mut tx, first, leaf).await,
                many => insert_many(&mut tx, first, many).await,
            }
            tx.commit().await.unwrap();
        });
    }

    pub(crate) fn close(self) {
        self.runtime.block_on(self.scratch.remove());
    }
}

/// `count` leaves about messages.
pub(crate) fn leaves(count: usize) -> Vec<Leaf> {
    let leaf = || Leaf {
        act: Act::Received,
        subject: format!("message--{}", kernel::uuid_v4(&OsRng)),
        sha256: random_array(&OsRng),
    };
    std::iter::repeat_with(leaf).take(count).collect()
}

pub(crate) fn signer() -> LedgerSigner {
    LedgerSigner::from_seeds("xb.example/exchange", &[1; 32], &[2; 32]).unwrap()
}

async fn make_plain(db: &Db) {
    const SQL: Sql = Sql {
        sqlite: "CREATE TABLE plain (id INTEGER PRIMARY KEY, act INTEGER NOT NULL, \
                 at INTEGER NOT NULL, subject BLOB NOT NULL, sha256 BLOB NOT NULL, \
                 salt BLOB NOT NULL) STRICT",
        postgres: "CREATE TABLE plain (id BIGINT PRIMARY KEY, act BIGINT NOT NULL, \
                   at BIGINT NOT NULL, subject BYTEA NOT NULL, sha256 BYTEA NOT NULL, \
                   salt BYTEA NOT NULL)",
    };
    let mut tx = db.begin().await.unwrap();
    let sql = SQL.on(&tx);
    query(sql).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn insert_one(tx: &mut Tx, id: i64, leaf: &Leaf) {
    const SQL: &str = "INSERT INTO plain (id, act, at, subject, sha256, salt) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    let salt = random_array::<32>(&OsRng);
    query(SQL)
        .bind(id)
        .bind(1_i64)
        .bind(AT)
        .bind(subject(leaf).as_slice())
        .bind(leaf.sha256.as_slice())
        .bind(salt.as_slice())
        .execute(tx)
        .await
        .unwrap();
}

/// The fastest plain insert of many rows that was found, so that the comparison flatters nobody.
async fn insert_many(tx: &mut Tx, first: i64, leaves: &[Leaf]) {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO plain (id, act, at, subject, sha256, salt) \
                 SELECT $1 + n.key, n.value, $2, substr($4, n.key * 81 + 1, 17), \
                 substr($4, n.key * 81 + 18, 32), substr($4, n.key * 81 + 50, 32) \
                 FROM json_each($3) AS n",
        postgres: "INSERT INTO plain (id, act, at, subject, sha256, salt) \
                   SELECT $1 + n.key - 1, n.value, $2, \
                   substr($4, ((n.key - 1) * 81 + 1)::int, 17), \
                   substr($4, ((n.key - 1) * 81 + 18)::int, 32), \
                   substr($4, ((n.key - 1) * 81 + 50)::int, 32) \
                   FROM unnest(string_to_array(btrim($3, '[]'), ',')::bigint[]) \
                   WITH ORDINALITY AS n (value, key)",
    };
    let mut bytes = Vec::with_capacity(leaves.len() * 81);
    for leaf in leaves {
        bytes.extend_from_slice(&subject(leaf));
        bytes.extend_from_slice(&leaf.sha256);
        bytes.extend_from_slice(&random_array::<32>(&OsRng));
    }
    let list = format!("[{}]", vec!["1"; leaves.len()].join(","));
    let sql = SQL.on(tx);
    query(sql)
        .bind(first)
        .bind(AT)
        .bind(&list)
        .bind(bytes.as_slice())
        .execute(tx)
        .await
        .unwrap();
}

/// The 17 bytes that a leaf's subject takes.
fn subject(leaf: &Leaf) -> Vec<u8> {
    let id: kernel::MessageId = leaf.subject.parse().unwrap();
    [&[0][..], id.uuid().as_bytes()].concat()
}
