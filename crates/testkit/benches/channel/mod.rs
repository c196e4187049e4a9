//! Two nodes, one of which sends to the other, and who waits for the receipts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use db::{Engine, dialect::Sql, query};
use exchange::{
    model::{Kind, NewMessage, Statement},
    ops,
};
use federation::model::Urgency;
use kernel::{FileId, MessageId, OsRng, Tlp};
use serde_json::json;
use testkit::fleet::Fleet;
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};
use uuid::Uuid;

const FROM: &str = "XA";
const TO: &str = "XB";
/// How long a receipt may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// A request for mitigation has about this much text.
const TEXT_BYTES: usize = 2_000;

pub(crate) struct Channel {
    pub(crate) fleet: Fleet,
    waiting: Mutex<HashMap<MessageId, oneshot::Sender<()>>>,
    /// Rings when somebody begins to wait: the receipt may be there already.
    begun: Notify,
}

impl Channel {
    /// Starts both nodes.
    pub(crate) async fn open() -> Arc<Self> {
        Arc::new(Self {
            fleet: Fleet::start(Engine::Sqlite, &[FROM, TO], false).await,
            waiting: Mutex::default(),
            begun: Notify::new(),
        })
    }

    /// Seals and sends a request that opens a thread of its own, and waits until its receipt is kept.
    pub(crate) async fn deliver(&self, files: Vec<FileId>) {
        let details = json!({
            "assets": [{ "kind": "ipv4", "value": "198.51.100.23" }],
            "measures": ["takedown"],
        });
        let statement = json!({
            "title": "Please act",
            "text": "x".repeat(TEXT_BYTES),
            "details": details,
        });
        let id = MessageId::random(&OsRng);
        let new = NewMessage {
            id: Some(id),
            thread: None,
            to: TO.parse().unwrap(),
            to_desk: None,
            from_desk: None,
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            statement: Statement::read(Kind::Rfm, statement).unwrap(),
            files,
        };
        let (exchange, viewer) = (self.fleet.exchange(FROM), self.fleet.viewer(FROM));
        ops::send(&exchange, &viewer, new).await.unwrap();
        let (tell, told) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, tell);
        self.begun.notify_one();
        let receipt = timeout(PATIENCE, told).await;
        receipt.expect("a receipt in time").unwrap();
    }

    /// Puts a file to be sent.
    pub(crate) async fn put_file(&self, bytes: usize) -> FileId {
        let content = vec![7; bytes];
        self.fleet.put_file(FROM, "capture.pcap", &content).await
    }

    /// Tells those who wait for receipts, until it is dropped.
    pub(crate) async fn watch(&self) {
        const SQL: Sql = Sql {
            sqlite: "SELECT id FROM receipt WHERE id IN (SELECT unhex(value) FROM json_each($1))",
            postgres: "SELECT id FROM receipt WHERE id IN \
                       (SELECT value::uuid FROM json_array_elements_text($1::json))",
        };
        let db = &self.fleet.node(FROM).ground().db;
        loop {
            let woken = db.woken();
            tokio::pin!(woken);
            woken.as_mut().enable();
            let waiting: Vec<String> = {
                let waiting = self.waiting.lock().unwrap();
                let ids = waiting.keys();
                ids.map(|id| id.uuid().simple().to_string()).collect()
            };
            if !waiting.is_empty() {
                let list = serde_json::to_string(&waiting).unwrap();
                let mut tx = db.begin_read().await.unwrap();
                let sql = SQL.on(&tx);
                let rows: Vec<(Uuid,)> = query(sql).bind(&list).fetch_all(&mut tx).await.unwrap();
                drop(tx);
                let mut waiting = self.waiting.lock().unwrap();
                for (id,) in rows {
                    if let Some(tell) = waiting.remove(&MessageId::from_uuid(id)) {
                        tell.send(()).unwrap();
                    }
                }
            }
            tokio::select! {
                () = woken => {}
                () = self.begun.notified() => {}
            }
        }
    }

    /// What either side was alarmed about.
    pub(crate) async fn alarms(&self) -> Vec<String> {
        let mut alarms = self.fleet.alarms(FROM).await;
        alarms.extend(self.fleet.alarms(TO).await);
        alarms
    }
}
