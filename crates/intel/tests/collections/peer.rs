//! A node that exchanges with a server of which a test says what it does.

use std::{
    io::Cursor,
    sync::{Arc, Mutex},
    time::Duration,
};

use db::Db;
use intel::{
    intake::Reader,
    jobs::remote_jobs,
    model::{Direction, Note, NoteKind, Remote, RemoteKind, RemoteSettings, Run, Tally},
    ops::{self, NewRemote, RemoteChange},
    remotes::{Ended, Handler, Remotes, Step, Trouble, Visit},
};
use kernel::{ManualClock, PageRequest, SharedClock, Tlp};
use outward::{Client, Credentials, Secret};
use queue::Runner;
use seal::data::DataKey;
use serde_json::{Map, json};

use crate::house::{House, NAME, ROOT, START, malware, name_of};

type Script = Arc<dyn Fn(usize) -> Told + Send + Sync>;

/// What the handler of a test does on a run.
pub(crate) enum Told {
    /// Takes these objects, with this cursor, and ends so.
    Takes(Vec<(u32, Option<Tlp>)>, Result<Ended, Trouble>),
    /// Takes an object and is killed before it says how it ended.
    Dies(u32),
    /// Notes so many refusals.
    Notes(u32),
    /// Reads what is to go out.
    Looks,
}

/// A node with a handler that does what a script says.
pub(crate) struct Peer {
    pub(crate) house: House,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) remotes: Remotes,
    pub(crate) runner: Runner,
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    pub(crate) async fn new(
        db: Db,
        script: impl Fn(usize) -> Told + Send + Sync + 'static,
    ) -> Self {
        let mut house = House::open(db).await;
        let clock = Arc::new(ManualClock::new(START));
        let shared: SharedClock = clock.clone();
        house.ground.clock = shared;
        let script: Script = Arc::new(script);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        let handler = Handler {
            check: |_, _| Ok(()),
            run: Arc::new(move |visit| {
                Box::pin(play(visit, Arc::clone(&script), Arc::clone(&told)))
            }),
            test: Arc::new(|_| Box::pin(async { Vec::new() })),
        };
        let key = DataKey::from_bytes(zeroize::Zeroizing::new([7; 32]));
        let node = (house.ground.clone(), "XA".parse().unwrap(), key);
        let remotes = Remotes::new(node, Client::default(), [(RemoteKind::Taxii, handler)]);
        Self {
            runner: runner(&house, &remotes),
            house,
            clock,
            remotes,
            seen,
        }
    }

    /// The program has ended and was started again: what it held is another's.
    pub(crate) fn restart(&mut self) {
        self.runner = runner(&self.house, &self.remotes);
    }

    pub(crate) async fn add(&self, direction: Direction, label: Tlp) -> Remote {
        let new = remote(direction, label);
        let added = ops::add_remote(&self.remotes, &self.house.analyst, new).await;
        added.unwrap()
    }

    pub(crate) async fn runs(&self, remote: &Remote) -> Vec<Run> {
        let page = PageRequest::default();
        let runs = ops::runs(&self.remotes, &self.house.analyst, remote.id, page).await;
        runs.unwrap().items
    }

    pub(crate) async fn now(&self, remote: &Remote) -> Remote {
        let found = ops::remote(&self.remotes, &self.house.analyst, remote.id).await;
        found.unwrap()
    }

    /// Runs what is due after so long.
    pub(crate) async fn after(&self, wait: Duration) {
        self.clock.advance(wait);
        while self.runner.run_due().await.unwrap() > 0 {}
    }
}

fn runner(house: &House, remotes: &Remotes) -> Runner {
    let ground = &house.ground;
    let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
    remote_jobs(runner, remotes)
}

/// The run of a handler: the state is how many runs there were before.
async fn play(
    mut visit: Visit,
    script: Script,
    seen: Arc<Mutex<Vec<String>>>,
) -> Result<Ended, Trouble> {
    let before: usize = visit.state();
    seen.lock().unwrap().push(format!("run {before}"));
    let batch = |objects: &[(u32, Option<Tlp>)]| {
        let objects: Vec<_> = objects
            .iter()
            .map(|(number, tlp)| malware(*number, 0, *tlp))
            .collect();
        let text = json!({ "objects": objects }).to_string();
        let mut reader = Reader::new(Cursor::new(text.into_bytes()));
        reader.next(1_000).unwrap().unwrap_or_default()
    };
    match script(before) {
        Told::Takes(objects, ended) => {
            visit
                .take(batch(&objects), &(before + 1), Vec::new())
                .await?;
            ended
        }
        Told::Dies(number) => {
            visit
                .take(batch(&[(number, None)]), &(before + 1), Vec::new())
                .await?;
            std::future::pending().await
        }
        Told::Notes(count) => {
            let note = |number: u32| Note {
                what: NoteKind::Refused,
                subject: format!("object {number}"),
                code: "test.refused".to_owned(),
                detail: "a nul: \0".to_owned(),
            };
            let tally = Tally {
                refused: i64::from(count),
                ..Tally::default()
            };
            let notes: Vec<_> = (0..count).map(note).collect();
            for notes in notes.chunks(400) {
                let tally = if notes.len() == 400 {
                    Tally::default()
                } else {
                    tally
                };
                let notes = notes.to_vec();
                visit.note(Step { tally, notes }, &(before + 1)).await?;
            }
            Ok(Ended::Complete)
        }
        Told::Looks => {
            let page = visit.outgoing(0, (100, 1 << 20)).await?;
            let text = format!("[{}]", page.content);
            let objects: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            let mut told: Vec<_> = objects.iter().map(name_of).collect();
            told.push(format!("withheld {}", visit.withheld().await?));
            *seen.lock().unwrap() = told;
            Ok(Ended::Complete)
        }
    }
}

/// A remote to be added.
pub(crate) fn remote(direction: Direction, label: Tlp) -> NewRemote {
    NewRemote {
        kind: RemoteKind::Taxii,
        direction,
        here: (ROOT.to_owned(), NAME.to_owned()),
        settings: RemoteSettings {
            name: "Brevonia".parse().unwrap(),
            address: "https://taxii.example/taxii2/".parse().unwrap(),
            selection: Map::new(),
            label,
            every: Duration::from_hours(1),
            enabled: true,
            authority: None,
        },
        credentials: Credentials::Bearer(Secret::from("opensesame".to_owned())),
    }
}

/// A change of nothing.
pub(crate) fn change(remote: &Remote) -> RemoteChange {
    RemoteChange {
        version: remote.version,
        here: (ROOT.to_owned(), NAME.to_owned()),
        settings: remote.settings.clone(),
        credentials: None,
    }
}
