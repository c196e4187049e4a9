//! One node of a fleet.

use std::{fmt, path::PathBuf};

use audit::Ground;
use directory::{
    Card,
    model::Line as Title,
    ops::{self, NewContact, OwnEntry},
};
use kernel::{Mode, PartyCode, Problem, SharedClock, SharedRng, Timestamp, Viewer};
use seal::{
    HybridIdentity,
    data::DataKey,
    keys::{Fingerprint, Purpose, RootKey, SignedKeySet, Witness, WitnessPolicy},
    vault::Lock,
};

use super::LoopbackError;
use crate::{
    config::{Config, Settings},
    folder::{self, Folder},
    keys::{Change, KeysError, NewNode, NodeKeys},
    node::{self, Node, Serving},
    rooms::Book,
};

/// What a node of a fleet is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whose node.
    pub party: PartyCode,
    /// What the party calls itself.
    pub title: Title,
    /// Its data folder, which must not hold a node yet.
    pub data: PathBuf,
    /// Its database; SQLite in the folder if nothing is said.
    pub database: Option<String>,
    /// The address of its pages as people type it, without a port; that of the listener if nothing
    /// is said.
    pub web_host: Option<String>,
    /// Its own desks, for exercises.
    pub desks: Vec<NewContact>,
    /// The parties whose nodes cosign its ledger of exercises, all of them.
    pub witnesses: Vec<PartyCode>,
}

/// A node of a fleet, running or not.
pub struct Member {
    party: PartyCode,
    config: Config,
    lock: Lock,
    root: RootKey,
    data_key: DataKey,
    source: (SharedClock, SharedRng),
    running: Option<(Node, Serving)>,
}

/// A node whose keys are made and whose database is open, before it serves.
pub(super) struct Founded {
    pub(super) member: Member,
    pub(super) ground: Ground,
    plan: Plan,
}

impl Member {
    /// Whose node.
    pub const fn party(&self) -> &PartyCode {
        &self.party
    }

    /// The fingerprint of its root key.
    pub fn fingerprint(&self) -> Fingerprint {
        self.root.fingerprint()
    }

    /// The root key, which a real party keeps offline.
    pub const fn root(&self) -> &RootKey {
        &self.root
    }

    /// Opens what the node keeps sealed at rest.
    pub const fn data_key(&self) -> &DataKey {
        &self.data_key
    }

    /// The data folder.
    pub fn folder(&self) -> Folder {
        Folder::at(&self.config.data)
    }

    /// The configuration.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The node, while it runs.
    pub fn node(&self) -> Result<&Node, LoopbackError> {
        let running = self.running.as_ref();
        running
            .map(|(node, _)| node)
            .ok_or_else(|| self.is_stopped())
    }

    /// Where it can be reached, while it runs.
    pub fn serving(&self) -> Result<Serving, LoopbackError> {
        let running = self.running.as_ref();
        running
            .map(|(_, serving)| *serving)
            .ok_or_else(|| self.is_stopped())
    }

    /// The address of its pages as people type it.
    pub fn web_url(&self) -> Result<String, LoopbackError> {
        Ok(self.config.reached_at(self.serving()?.web))
    }

    /// Replaces every key of the stopped node, as after its machine was stolen, and revokes what it
    /// signed with since then.
    pub fn replace_keys(&self, since: Timestamp) -> Result<(), LoopbackError> {
        let (clock, rng) = &self.source;
        let folder = self.folder();
        let change = Change {
            revoke_since: Some(since),
            ..Change::default()
        };
        let keys = NodeKeys::open(&folder, &self.lock)?;
        let (secrets, signed) = keys.replace_all(&self.root, &change, clock.now(), &**rng)?;
        NodeKeys::replace(&folder, &self.lock, &secrets, &signed)?;
        Ok(())
    }

    fn is_stopped(&self) -> LoopbackError {
        LoopbackError::Stopped {
            party: self.party.clone(),
        }
    }

    pub(super) async fn start(&mut self) -> Result<Serving, LoopbackError> {
        if let Some((_, serving)) = &self.running {
            return Ok(*serving);
        }
        let node = Node::open(
            self.config.clone(),
            &self.lock,
            self.source.clone(),
            Book::of,
        )
        .await?;
        let serving = node.serve().await?;
        self.running = Some((node, serving));
        Ok(serving)
    }

    pub(super) async fn stop(&mut self) -> Result<(), LoopbackError> {
        let Some((node, _)) = self.running.take() else {
            return Ok(());
        };
        let in_time = node.shutdown().finish().await;
        node.ground().db.close().await;
        let party = self.party.clone();
        in_time.then_some(()).ok_or(LoopbackError::Late { party })
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("party", &self.party)
            .field("running", &self.running.is_some())
            .finish_non_exhaustive()
    }
}

impl Founded {
    /// Makes folder, keys and vault, and opens the database.
    pub(super) async fn make(
        plan: Plan,
        source: (SharedClock, SharedRng),
    ) -> Result<Self, LoopbackError> {
        let (clock, rng) = &source;
        let database = plan.database.clone();
        let config = Config::of(Settings {
            database: database.or_else(|| Some(sqlite(&plan))),
            data: Some(plan.data.clone()),
            web: Some("127.0.0.1:0".to_owned()),
            federation: Some("127.0.0.1:0".to_owned()),
            web_url: plan.web_host.as_ref().map(|host| format!("http://{host}")),
            // What a fleet asks besides its own nodes is on this machine too.
            remote_networks: Some(vec!["127.0.0.0/8".to_owned()]),
            ..Settings::default()
        })?;
        let folder = Folder::at(&config.data);
        folder.make().map_err(KeysError::from)?;
        let made = NewNode::make(&plan.party, clock.now(), &**rng)?;
        let entropy = &mut |bytes: &mut [u8]| rng.fill(bytes);
        let identity = HybridIdentity::generate(entropy).map_err(KeysError::from)?;
        let text = Lock::key_file_text(&identity);
        let lock = Lock::KeyFile(identity);
        let offline = folder.offline();
        folder::make_private(&offline).map_err(KeysError::from)?;
        for (path, secret) in [
            (folder.vault_key(), text),
            (offline.join("root.secret"), made.root.to_secret_text()),
            (
                offline.join("archive.secret"),
                made.archive.to_secret_text(),
            ),
        ] {
            folder::write_new_private(&path, secret.as_bytes()).map_err(KeysError::from)?;
        }
        made.write(&folder, &lock)?;
        let ground = node::open_ground(&config, source.0.clone(), source.1.clone()).await?;
        Ok(Self {
            member: Member {
                party: plan.party.clone(),
                config,
                lock,
                root: made.root,
                data_key: made.secrets.data_key,
                source,
                running: None,
            },
            ground,
            plan,
        })
    }

    pub(super) const fn party(&self) -> &PartyCode {
        &self.plan.party
    }

    pub(super) fn witnesses(&self) -> &[PartyCode] {
        &self.plan.witnesses
    }

    fn keys(&self) -> Result<NodeKeys, LoopbackError> {
        Ok(NodeKeys::open(&self.member.folder(), &self.member.lock)?)
    }

    /// As what this node cosigns the ledgers of others: one entry for each of its two keys.
    pub(super) fn as_witness(&self) -> Result<Vec<Witness>, LoopbackError> {
        let own = self.keys()?.own()?;
        let keys = own.witness(Mode::Exercise).keys();
        let witness = |key: &ledger::VerifierKey| Witness {
            name: self.plan.party.to_string(),
            key: key.to_string(),
            region: None,
        };
        Ok(keys.iter().map(witness).collect())
    }

    /// Signs a next key set for exercises, which names the witnesses.
    pub(super) fn name_witnesses(
        &self,
        of: Vec<Witness>,
        threshold: u16,
    ) -> Result<(), LoopbackError> {
        let (clock, rng) = &self.member.source;
        let change = Change {
            witnesses: Some(WitnessPolicy {
                threshold,
                regions: 0,
                of,
            }),
            ..Change::default()
        };
        let keys = self.keys()?;
        let (_unchanged, signed) = keys.rotate(
            Purpose::Exercise,
            &self.member.root,
            &change,
            clock.now(),
            &**rng,
        )?;
        let written = self.member.folder().write_key_set(&signed);
        written.map_err(KeysError::from)?;
        Ok(())
    }

    /// Enters the own party and its desks.
    pub(super) async fn set_up(&self) -> Result<(), LoopbackError> {
        let keys = self.keys()?;
        let key_sets: Vec<SignedKeySet> = keys.real.into_iter().chain(keys.exercise).collect();
        let own = OwnEntry {
            code: self.plan.party.clone(),
            title: self.plan.title.clone(),
            fingerprint: self.member.fingerprint(),
            key_sets,
            federation: None,
            web: None,
        };
        let viewer = self.viewer();
        ops::set_up_own(&self.ground, &viewer, own)
            .await
            .map_err(Problem::from)?;
        for desk in &self.plan.desks {
            let (key, desk) = (&self.member.data_key, desk.clone());
            ops::add_contact(&self.ground, key, &viewer, &self.plan.party, desk)
                .await
                .map_err(Problem::from)?;
        }
        Ok(())
    }

    /// The card that it hands to others, with how its desks are reached.
    pub(super) async fn card(&self) -> Result<Card, LoopbackError> {
        let key = Some(&self.member.data_key);
        let card = ops::own_card(&self.ground, &self.viewer(), key).await;
        Ok(card.map_err(Problem::from)?)
    }

    /// Takes another's card, as if its fingerprint had been compared by telephone.
    pub(super) async fn meet(&self, card: &Card) -> Result<(), LoopbackError> {
        let key = &self.member.data_key;
        ops::add_peer(&self.ground, key, &self.viewer(), card, &card.fingerprint)
            .await
            .map_err(Problem::from)?;
        Ok(())
    }

    fn viewer(&self) -> Viewer {
        Viewer::node("init", self.plan.party.clone(), Mode::Exercise)
    }
}

fn sqlite(plan: &Plan) -> String {
    format!("sqlite:{}", plan.data.join("comity.db").display())
}
