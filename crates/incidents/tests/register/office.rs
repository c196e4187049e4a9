//! An office that deletes, an incident into which a name was written wherever it can be, and the search
//! for that name.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use audit::{Ground, Log};
use db::{Db, Engine, query};
use federation::files::Files;
use incidents::{
    evidence::{Locker, model::Facts as ItemFacts, ops as evidence},
    hold,
    intake::{
        model::{Answers, Code, Reference},
        ops::{
            officer,
            reporter::{self, Caller, Writing},
        },
    },
    model::{Facts, Link, Statement, TimelineEntry},
    ops,
    retention::{
        Shredder,
        model::{Kind, Since},
        ops as retention,
    },
    severity::{Factor, Opinion, Points, Proposal, Rating, Scale, Stated},
    state::Event,
    work::{TaskFacts, TaskState, parsed, written},
};
use kernel::{IncidentRef, Language, ManualClock, Role, SeededRng, Tlp, Viewer};
use ledger::{Checkpoint, LedgerSigner, verify_consistency};
use seal::data::DataKey;
use serde_json::json;

use crate::{
    harm::figure,
    house::{START, facts, user},
    merge::{line, merged},
};

/// Nobody's name, and no part of any word of the program.
pub(crate) const NAME: &str = "Zephyrine Quillfeather";

fn caller() -> Caller {
    Caller {
        party: "XA".parse().unwrap(),
        address: None,
    }
}

pub(crate) struct Office {
    pub(crate) shredder: Shredder,
    pub(crate) locker: Locker,
    clock: Arc<ManualClock>,
    pub(crate) admin: Viewer,
    pub(crate) amina: Viewer,
    pub(crate) duty: Viewer,
    folder: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn open(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let rng = Arc::new(SeededRng::new(7));
        let ground = Ground::open(db, clock.clone(), rng).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let locker = Locker {
            files: Files::open(folder.path().join("blobs")).unwrap(),
            data_key: DataKey::from_bytes(zeroize::Zeroizing::new([7; 32])),
            ground,
        };
        Self {
            shredder: Shredder::from(&locker),
            locker,
            clock,
            admin: user(9, Role::Admin),
            amina: user(1, Role::Analyst),
            duty: user(2, Role::DutyOfficer),
            folder,
        }
    }

    pub(crate) fn ground(&self) -> &Ground {
        &self.shredder.ground
    }

    pub(crate) fn pass(&self, days: u64) {
        self.clock.advance(Duration::from_hours(24 * days));
    }

    pub(crate) async fn rule(&self, kind: Kind, since: Since, period: &str) {
        let what = (kind, since, period.parse().unwrap());
        retention::set(self.ground(), &self.admin, what, line("Act 7, section 3"))
            .await
            .unwrap();
    }

    pub(crate) async fn run(&self) -> (u64, u64) {
        let done = retention::run(&self.shredder, &self.admin, 1_000).await;
        let done = done.unwrap();
        (done.deleted, done.held)
    }

    pub(crate) async fn closed(&self, id: IncidentRef) {
        let case = ops::view(self.ground(), &self.amina, id).await.unwrap();
        let version = case.incident.version;
        ops::advance(self.ground(), &self.amina, id, version, Event::Close)
            .await
            .unwrap();
    }

    /// The files that lie in the folder of sealed bytes.
    pub(crate) fn lying(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found
    }

    pub(crate) async fn evidence(&self, id: IncidentRef) -> kernel::EvidenceRef {
        let facts = ItemFacts {
            name: format!("{NAME}.log").parse().unwrap(),
            kind: incidents::evidence::model::Kind::Log,
            collected_at: None,
            collected_by: Some(NAME.parse().unwrap()),
            place: Some(format!("office of {NAME}").parse().unwrap()),
            description: NAME.parse().unwrap(),
            tlp: Tlp::Green,
        };
        let mut upload = evidence::begin(&self.locker, &self.amina, id, &facts)
            .await
            .unwrap();
        upload.piece(NAME.as_bytes()).await.unwrap();
        upload.finish(None).await.unwrap().id
    }

    /// A report that holds the name, sent.
    pub(crate) async fn report(&self) -> (Reference, i64, Code) {
        let note = Some(NAME.parse().unwrap());
        let (_, code) = officer::invite(self.ground(), &self.duty, note, Language::En)
            .await
            .unwrap();
        let answers = Answers {
            kind: "incident".into(),
            title: format!("{NAME} cannot work"),
            what: NAME.into(),
            contact: NAME.into(),
            ..Answers::default()
        };
        let writing = Writing {
            code: code.clone(),
            answers,
            language: Language::En,
            send: true,
        };
        let sent = reporter::write(self.ground(), &caller(), writing).await;
        let sent = sent.unwrap();
        (sent.reference, sent.version, code)
    }

    /// An incident into which the name was written wherever it can be, and the report that led to it.
    pub(crate) async fn named(&self) -> IncidentRef {
        let (ground, amina) = (self.ground(), &self.amina);
        let (reference, version, code) = self.report().await;
        let whole = Facts {
            description: NAME.parse().unwrap(),
            organisation: Some(NAME.parse().unwrap()),
            sector_text: Some(NAME.parse().unwrap()),
            sectors: vec!["health".parse().unwrap()],
            ..facts(&format!("{NAME} was locked out"))
        };
        let at = (&reference, version);
        let made = officer::accept(ground, &self.duty, at, whole.clone()).await;
        let id = made.unwrap().public;
        reporter::add(ground, &caller(), &code, NAME).await.unwrap();
        let case = ops::view(ground, amina, id).await.unwrap();
        let version = case.incident.version;
        let next = Facts {
            organisation: Some(format!("{NAME} and sons").parse().unwrap()),
            ..whole
        };
        ops::edit(ground, amina, id, version, next).await.unwrap();
        self.parts(id).await;
        self.work(id).await;
        let other = ops::create(ground, amina, facts("other")).await.unwrap();
        let link = Link {
            kind: "incident".parse().unwrap(),
            target: id.to_string().parse().unwrap(),
            label: NAME.parse().unwrap(),
        };
        ops::link(ground, amina, other.public, &link).await.unwrap();
        let same = ops::create(ground, amina, facts(NAME)).await.unwrap();
        merged(ground, amina, id, same.public).await;
        hold::ops::place(ground, amina, id, (&line(NAME), None))
            .await
            .unwrap();
        hold::ops::lift(ground, amina, (id, 1), &line(NAME))
            .await
            .unwrap();
        id
    }

    async fn parts(&self, id: IncidentRef) {
        let (ground, amina) = (self.ground(), &self.amina);
        let event = TimelineEntry {
            at: "2026-11-20".parse().unwrap(),
            what: NAME.parse().unwrap(),
            source: Some(NAME.parse().unwrap()),
        };
        ops::add_timeline(ground, amina, id, &event).await.unwrap();
        for harm in [
            json!({ "what": NAME, "source": NAME, "note": NAME, "method": NAME }),
            json!({ "what": "again", "corrects": 0, "correction": NAME }),
        ] {
            ops::add_harm(ground, amina, id, &figure(harm))
                .await
                .unwrap();
        }
        let said = Statement {
            kind: "attribution".parse().unwrap(),
            by: NAME.parse().unwrap(),
            country: None,
            role: Some(NAME.parse().unwrap()),
            actor: Some(NAME.parse().unwrap()),
            says: NAME.parse().unwrap(),
            cites: None,
            document: None,
            line: None,
            at: None,
            note: Some(NAME.parse().unwrap()),
        };
        ops::add_statement(ground, amina, id, &said).await.unwrap();
        let link = Link {
            kind: "url".parse().unwrap(),
            target: "https://example.org/1".parse().unwrap(),
            label: NAME.parse().unwrap(),
        };
        ops::link(ground, amina, id, &link).await.unwrap();
        let vendor = json!({ "kind": "vendor", "name": NAME, "state": "attested",
            "at": "2026-11-20", "evidence": NAME, "attested_by": NAME });
        crate::harm::enter(ground, amina, id, vendor).await.unwrap();
        let opinion = Opinion {
            points: Some(Points::new(3).unwrap()),
            reason: Some(NAME.parse().unwrap()),
            evidence: Vec::new(),
        };
        let proposal = Proposal {
            opinions: [(Factor::People, opinion)].into(),
            note: Some(NAME.parse().unwrap()),
            ..Proposal::default()
        };
        ops::assess(ground, amina, id, 0, proposal).await.unwrap();
        let rated = Stated {
            rating: Rating::read(Scale::Own, Some("National scale"), "red").unwrap(),
            said_by: NAME.parse().unwrap(),
            country: None,
            at: None,
            source: Some(NAME.parse().unwrap()),
            note: Some(NAME.parse().unwrap()),
        };
        ops::rate(ground, amina, id, rated).await.unwrap();
        self.evidence(id).await;
    }

    async fn work(&self, id: IncidentRef) {
        let (ground, amina) = (self.ground(), &self.amina);
        let task = TaskFacts {
            title: NAME.parse().unwrap(),
            detail: NAME.parse().unwrap(),
            assignee: None,
            due: None,
            state: TaskState::Open,
        };
        ops::add_task(ground, amina, id, task).await.unwrap();
        let note = written(NAME, "body").unwrap();
        ops::add_note(ground, amina, id, note).await.unwrap();
        let value = parsed("domain", "zephyrine-quillfeather.example").unwrap();
        ops::keep_indicators(ground, amina, id, vec![value])
            .await
            .unwrap();
    }

    /// Where the name still stands in the database: in text, and in bytes.
    pub(crate) async fn found(&self) -> Vec<String> {
        let mut tx = self.ground().db.begin_read().await.unwrap();
        let mut found = Vec::new();
        for (table, column) in columns(&mut tx).await {
            let hex: String = kernel::hex(b"ephyrine");
            let sql: &'static str = match tx.engine() {
                Engine::Sqlite => format!(
                    "SELECT count(*) FROM \"{table}\" WHERE \
                     lower(CAST(\"{column}\" AS TEXT)) LIKE '%ephyrine%' \
                     OR lower(hex(\"{column}\")) LIKE '%{hex}%'"
                ),
                Engine::Postgres => format!(
                    "SELECT count(*) FROM \"{table}\" WHERE \
                     lower(CAST(\"{column}\" AS TEXT)) LIKE '%ephyrine%' \
                     OR CAST(\"{column}\" AS TEXT) LIKE '%{hex}%'"
                ),
            }
            .leak();
            let (count,): (i64,) = query(sql).fetch_one(&mut tx).await.unwrap();
            if count > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
        found
    }

    /// The head of the ledger of acts, signed.
    pub(crate) async fn signed(&self) -> Checkpoint {
        let key = LedgerSigner::from_seeds("xa.example/acts", &[1; 32], &[2; 32]).unwrap();
        let note = audit::checkpoint(self.ground(), Log::Acts, &key).await;
        Checkpoint::parse(note.unwrap().text.as_bytes()).unwrap()
    }

    /// The ledger is what it was, and more: every leaf leads to the tree, and the tree goes on from
    /// what was signed before.
    pub(crate) async fn verified(&self, before: &Checkpoint) {
        let now = self.signed().await;
        let ground = self.ground();
        let mut tx = ground.db.begin_read().await.unwrap();
        let size = audit::check(&mut tx, ground, Log::Acts).await.unwrap();
        assert_eq!(size, now.size());
        let (old, new) = (before.size(), now.size());
        let proof = audit::consistency(&mut tx, ground, Log::Acts, old, new).await;
        verify_consistency(old, before.root(), new, now.root(), &proof.unwrap()).unwrap();
    }
}

/// Every column of every table.
async fn columns(tx: &mut db::Tx) -> Vec<(String, String)> {
    const SQLITE: &str = "SELECT m.name, c.name FROM sqlite_master m \
                          JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
                          AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
    const POSTGRES: &str = "SELECT CAST(table_name AS text), CAST(column_name AS text) \
                            FROM information_schema.columns \
                            WHERE table_schema = current_schema() ORDER BY 1, 2";
    let sql = match tx.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let all: Vec<(String, String)> = query(sql).fetch_all(tx).await.unwrap();
    assert!(all.len() > 300, "{}", all.len());
    all
}
