//! A fleet of real nodes on loopback.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "test code: a surprise ends the test"
)]

mod people;

use std::{
    io::{Cursor, Read},
    sync::Arc,
    time::Duration,
};

use db::{Address, Engine, scratch::Scratch};
use exchange::{
    Exchange,
    model::{Kind, NewMessage, Statement},
    ops::{self, read_thread},
    state::ThreadState,
};
use federation::{
    body::Attachment,
    model::Urgency,
    protocol::{Head, Standing},
    state::{Delivery, Grade},
    store,
    verify::{Report, verify},
    wire::Answer,
};
use kernel::{
    FileId, MessageId, Mode, OsRng, PageRequest, PartyCode, SharedClock, SharedRng, SystemClock,
    ThreadId, Tlp, Viewer,
};
use seal::keys::SignedKeySet;
use serde_json::Value;
use server::{
    loopback::{self, Intruder, Member, Plan, address_past_the_line, alter},
    node::Node,
};
use tempfile::TempDir;
use tokio::time::timeout;

/// How long anything may take to come about.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often is looked, where nothing says that something has changed.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Real nodes that know one another in an exercise, each with one user who has every role that sends
/// or manages.
#[derive(Debug)]
pub struct Fleet {
    nodes: loopback::Fleet,
    viewers: Vec<Viewer>,
    databases: Vec<Scratch>,
    folder: TempDir,
}

/// What is to be said.
#[derive(Clone, Debug)]
pub struct Words {
    /// The kind.
    pub kind: Kind,
    /// The thread; nothing opens a new one.
    pub thread: Option<ThreadId>,
    /// The statement, as JSON.
    pub statement: Value,
    /// Files put before.
    pub files: Vec<FileId>,
}

/// The code of a party.
fn code(party: &str) -> PartyCode {
    party.parse().expect("the code of a party")
}

impl Fleet {
    /// Founds and starts nodes of these parties. The last one cosigns the ledgers of the others if
    /// `witnessed`.
    pub async fn start(engine: Engine, parties: &[&str], witnessed: bool) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let (mut plans, mut databases) = (Vec::new(), Vec::new());
        let last = parties.last().copied().unwrap_or_default();
        for &party in parties {
            let database = match engine {
                Engine::Sqlite => None,
                Engine::Postgres => {
                    let scratch = Scratch::open(engine).await;
                    let address = match &scratch.address {
                        Address::Postgres(address) => Some(address.clone()),
                        Address::Sqlite(_) => None,
                    };
                    databases.push(scratch);
                    address
                }
            };
            plans.push(Plan {
                party: code(party),
                title: party.parse().expect("a title"),
                data: folder.path().join(party),
                database,
                web_host: None,
                desks: people::desks(),
                witnesses: (witnessed && party != last)
                    .then(|| code(last))
                    .into_iter()
                    .collect(),
            });
        }
        let source: (SharedClock, SharedRng) = (Arc::new(SystemClock), Arc::new(OsRng));
        let mut nodes = loopback::Fleet::found(plans, source)
            .await
            .expect("the nodes are made");
        nodes.start_all().await.expect("the nodes start");
        let mut viewers = Vec::new();
        for member in nodes.members() {
            viewers.push(people::enrol(member).await);
        }
        Self {
            nodes,
            viewers,
            databases,
            folder,
        }
    }

    /// The folder in which everything is kept.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A party's node with its folder and keys, running or not.
    pub fn member(&self, party: &str) -> &Member {
        self.nodes
            .member(&code(party))
            .expect("a node of the fleet")
    }

    /// A party's running node.
    pub fn node(&self, party: &str) -> &Node {
        self.member(party).node().expect("the node runs")
    }

    /// What the ops of the exchange take, at that party.
    pub fn exchange(&self, party: &str) -> Exchange {
        self.node(party).exchange()
    }

    /// The user of that party.
    pub fn viewer(&self, party: &str) -> Viewer {
        let viewer = self.viewers.iter().find(|one| one.party == code(party));
        viewer.expect("a node of the fleet").clone()
    }

    /// Cuts the line from one node to another.
    pub fn cut(&self, from: &str, to: &str) {
        self.line(from, to).cut();
    }

    /// Mends it.
    pub fn heal(&self, from: &str, to: &str) {
        self.line(from, to).heal();
    }

    /// The line from one node to another.
    pub fn line(&self, from: &str, to: &str) -> &loopback::Line {
        let line = self.nodes.line(&code(from), &code(to));
        line.expect("a line of the fleet")
    }

    /// Stops a node in order.
    pub async fn stop(&mut self, party: &str) {
        let stopped = self.nodes.stop(&code(party)).await;
        stopped.expect("the node stops in time");
    }

    /// Starts a node that was stopped.
    pub async fn start_again(&mut self, party: &str) {
        let started = self.nodes.start(&code(party)).await;
        started.expect("the node starts again");
    }

    /// Puts a file, to be sent by that party.
    pub async fn put_file(&self, party: &str, name: &str, content: &[u8]) -> FileId {
        let (exchange, viewer) = (self.exchange(party), self.viewer(party));
        let named = Attachment {
            name: name.to_owned(),
            media_type: "application/octet-stream".to_owned(),
        };
        let input = Cursor::new(content.to_vec());
        let put = ops::put_file(&exchange, &viewer, named, input).await;
        put.expect("the file is kept").id
    }

    /// The content of a file of a message, as that party reads it.
    pub async fn read_file(&self, at: &str, id: MessageId, number: u32) -> Vec<u8> {
        let (exchange, viewer) = (self.exchange(at), self.viewer(at));
        let read = ops::read_file(&exchange, &viewer, id, number).await;
        let (_info, mut reader) = read.expect("the file can be read");
        let mut content = Vec::new();
        reader
            .read_to_end(&mut content)
            .expect("the file can be read");
        content
    }

    /// Sends a message, and gives its id and thread.
    pub async fn send(&self, from: &str, to: &str, words: Words) -> (MessageId, ThreadId) {
        let (exchange, viewer) = (self.exchange(from), self.viewer(from));
        let statement = Statement::read(words.kind, words.statement);
        let message = NewMessage {
            id: None,
            thread: words.thread,
            to: code(to),
            to_desk: None,
            from_desk: None,
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            statement: statement.expect("a statement of its kind"),
            files: words.files,
        };
        let sent = ops::send(&exchange, &viewer, message).await;
        let sent = sent.expect("the message is sent");
        (sent.id, sent.thread)
    }

    /// Where a message stands at its sender.
    pub async fn delivery(&self, from: &str, id: MessageId) -> Delivery {
        self.outgoing(from, id).await.delivery
    }

    /// The whole row of it.
    pub async fn outgoing(&self, from: &str, id: MessageId) -> federation::protocol::Outgoing {
        let mut tx = self.read(from).await;
        let row = store::delivery(&mut tx, id).await.expect("the row is read");
        row.expect("a message in the outbox").outgoing
    }

    /// Waits for the receipt of at least that grade.
    pub async fn receipted(&self, from: &str, id: MessageId, least: Grade) {
        self.until(from, "the receipt", async || {
            match self.delivery(from, id).await {
                Delivery::Receipted { grade } if grade >= least => Some(()),
                Delivery::Refused { code } => panic_with(&format!("refused: {}", code.as_str())),
                _ => None,
            }
        })
        .await;
    }

    /// What a third party finds who trusts the root keys of the fleet.
    pub async fn verify(&self, from: &str, id: MessageId) -> Report {
        let mut tx = self.read(from).await;
        let envelope = store::envelope_out(&mut tx, id).await.expect("it is read");
        let receipt = store::receipt(&mut tx, id).await.expect("it is read");
        let (_grade, receipt, _at) = receipt.expect("a receipt");
        let mut sets: Vec<SignedKeySet> = Vec::new();
        for member in self.nodes.members() {
            let keys = member.node().expect("the node runs").post().keys();
            sets.extend(keys.chain(Mode::Exercise).sets().cloned());
        }
        let members = self.nodes.members().iter();
        let trust: Vec<_> = members.map(Member::fingerprint).collect();
        let envelope = envelope.expect("an envelope");
        verify(&envelope, receipt.as_bytes(), &sets, &trust)
    }

    /// How a party sees a thread with another one.
    pub async fn thread(&self, at: &str, thread: ThreadId, with: &str) -> ThreadState {
        let (exchange, viewer) = (self.exchange(at), self.viewer(at));
        let view = read_thread(&exchange, &viewer, thread, Some(&code(with))).await;
        view.expect("the thread is there").state
    }

    /// How many messages of a thread a party has.
    pub async fn messages(&self, at: &str, thread: ThreadId, with: &str) -> usize {
        let (exchange, viewer) = (self.exchange(at), self.viewer(at));
        let view = read_thread(&exchange, &viewer, thread, Some(&code(with))).await;
        view.map_or(0, |view| view.messages.len())
    }

    /// Somebody with the sender's connection key brings an altered copy of a message, and this is
    /// what he is told.
    pub async fn bring_altered(&self, from: &str, to: &str, id: MessageId) -> Answer {
        let mut tx = self.read(from).await;
        let envelope = store::envelope_out(&mut tx, id).await.expect("it is read");
        let envelope = envelope.expect("an envelope");
        drop(tx);
        let tlp = |header: &mut federation::model::Header| header.tlp = Tlp::Clear;
        let altered = alter(&envelope, tlp).expect("an envelope that can be altered");
        let post = self.node(from).post();
        let listener = self.member(to).serving().expect("the node runs").federation;
        let address = address_past_the_line(post, &code(to), listener).expect("a peer");
        let intruder = Intruder::at(post).expect("a connection key");
        let answer = intruder.bring(address, altered).await;
        intruder.end().await;
        answer.expect("an answer")
    }

    /// The codes of a party's alarms, newest first.
    pub async fn alarms(&self, party: &str) -> Vec<String> {
        let mut tx = self.read(party).await;
        let page = store::alarms(&mut tx, Mode::Exercise, PageRequest::default()).await;
        let alarms = page.expect("the alarms are read").items;
        alarms.into_iter().map(|alarm| alarm.code).collect()
    }

    /// What a party believed of another's ledger and what it was shown, once it is frozen.
    pub async fn frozen(&self, at: &str, peer: &str) -> (Head, Head) {
        self.until(at, "the freeze", async || {
            let mut tx = self.read(at).await;
            let peers = store::peers(&mut tx, Mode::Exercise).await;
            let mut peers = peers.expect("the peers are read").into_iter();
            let row = peers.find(|row| row.party == code(peer))?;
            match row.standing {
                Standing::Frozen { known, shown } => Some((known, shown)),
                Standing::Believed => None,
            }
        })
        .await
    }

    /// Looks again whenever the node has written something, until there is something to see.
    pub async fn until<T>(&self, party: &str, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let ground = self.node(party).ground();
        let began = ground.now();
        loop {
            let woken = ground.db.woken();
            tokio::pin!(woken);
            woken.as_mut().enable();
            if let Some(found) = look().await {
                return found;
            }
            if ground.now().since(began) > PATIENCE {
                panic_with(&format!("{what} did not come within {PATIENCE:?}"));
            }
            // Woken or not, it looks.
            drop(timeout(LOOK_AGAIN, woken).await);
        }
    }

    /// Stops everything and removes it.
    pub async fn end(mut self) {
        let stopped = self.nodes.stop_all().await;
        stopped.expect("the nodes stop in time");
        for database in self.databases {
            database.remove().await;
        }
    }

    async fn read(&self, party: &str) -> db::Tx {
        let db = &self.node(party).ground().db;
        db.begin_read().await.expect("the database can be read")
    }
}

#[expect(clippy::panic, reason = "test code: a surprise ends the test")]
fn panic_with(what: &str) -> ! {
    panic!("{what}")
}
