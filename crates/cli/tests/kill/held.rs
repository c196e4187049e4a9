//! What stands in the database of a node that does not run.

use std::{collections::BTreeMap, sync::Arc};

use audit::{Ground, Log};
use db::{Db, Options, query};
use federation::{protocol::Stage, store};
use kernel::{MessageId, Mode, OsRng, PageRequest, PartyCode, SystemClock};
use testkit::Node;

/// What a node holds of a peer's messages.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// How often each message stands in the inbox as received.
    pub(crate) inbox: BTreeMap<MessageId, usize>,
    /// How often each was handed up.
    pub(crate) handed_up: BTreeMap<MessageId, usize>,
    /// How many leaves say that it was received.
    pub(crate) leaves: BTreeMap<String, usize>,
}

/// Opens the node's database, which runs what a start runs after a crash.
pub(crate) async fn open(node: &Node) -> Db {
    let options = Options { connections_max: 2 };
    Db::open(&node.config().database, options).await.unwrap()
}

impl Held {
    /// Reads all of it, and checks that the ledger's leaves make the tree that was signed.
    pub(crate) async fn read(db: &Db, peer: &PartyCode) -> Self {
        const INBOX: &str = "SELECT id FROM inbox WHERE party = $1 AND exercise";
        const HANDED_UP: &str = "SELECT id FROM exchange_message WHERE party = $1 AND exercise \
                                 AND NOT ours";
        let ground = Ground::open(db.clone(), Arc::new(SystemClock), Arc::new(OsRng))
            .await
            .unwrap();
        let mut tx = db.begin_read().await.unwrap();
        let mut held = Self::default();
        for (sql, table) in [(INBOX, 0), (HANDED_UP, 1)] {
            let rows: Vec<(uuid::Uuid,)> = query(sql)
                .bind(peer.as_str())
                .fetch_all(&mut tx)
                .await
                .unwrap();
            for (id,) in rows {
                let id = MessageId::from_uuid(id);
                if table == 1 {
                    *held.handed_up.entry(id).or_default() += 1;
                    continue;
                }
                let at = (peer, Mode::Exercise);
                let row = store::incoming(&mut tx, at, id).await.unwrap().unwrap();
                let bound = row.incoming.bound.map(|bound| bound.stage);
                if matches!(bound, Some(Stage::Received { .. })) {
                    *held.inbox.entry(id).or_default() += 1;
                }
            }
        }
        let mut page = PageRequest::default();
        loop {
            let leaves = audit::leaves(&mut tx, &ground, Log::Exercise, page).await;
            let leaves = leaves.unwrap();
            for leaf in leaves.items {
                if leaf.act == ledger::Act::Received {
                    *held.leaves.entry(leaf.subject).or_default() += 1;
                }
            }
            page.after = leaves.next;
            if page.after.is_none() {
                break;
            }
        }
        audit::check(&mut tx, &ground, Log::Exercise).await.unwrap();
        held
    }

    /// True if the message is there, whole, and once.
    pub(crate) fn once(&self, id: MessageId) -> bool {
        self.inbox.get(&id) == Some(&1)
            && self.handed_up.get(&id) == Some(&1)
            && self.leaves.get(&id.to_string()) == Some(&1)
    }

    /// True if nothing at all is there more than once.
    pub(crate) fn nothing_doubled(&self) -> bool {
        let counts = self.inbox.values().chain(self.handed_up.values());
        counts.chain(self.leaves.values()).all(|count| *count == 1)
    }
}
