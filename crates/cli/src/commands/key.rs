//! `comity key`: the next key set.

use std::{path::PathBuf, str};

use audit::Ground;
use kernel::{Mode, OsRng, PartyCode, Timestamp, Viewer};
use seal::{
    HybridIdentity, HybridRecipient,
    keys::{RootKey, SignedKeySet, WitnessPolicy},
};
use serde_json::json;
use server::{
    folder::{self, Folder},
    introduction,
    keys::{Change, NodeKeys, as_witness},
};

use super::{config, ground, lock};
use crate::{
    args::{NodeArgs, Purpose},
    output::{self, Failure, Hint},
};

pub(crate) const AFTER: &str = "\
Examples:
  comity key rotate --root /media/usb/root.secret
  comity key rotate --root /media/usb/root.secret --witness regional-hub --keep-keys
  comity key rotate --root /media/usb/root.secret --new-archive /media/usb/archive-2026
  comity key revoke --root /media/usb/root.secret --purpose exercise
  comity key revoke --root /media/usb/root.secret --all-keys --since 2026-11-19T22:00:00Z

The root key is read, signs the next key set and is not kept. Restart the node afterwards: peers
take the new set from it. Revoking says that signatures by the old keys prove nothing since then,
unless a witness saw them before. Witnesses are peers whose nodes cosign this one's ledger: a receipt
from here is complete when --witnesses-needed of them have. Without --witness they stay as they are.
A rotation that is cut off has either happened or not when the node opens again.

Where the machine was stolen, --all-keys replaces what else the thief has: the key of the connections
between nodes, and those of the ledgers, which go on where they were. A party that names this one as
its witness has to name it again. Make a backup afterwards: an older one holds the old keys.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Change the node's keys.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Key {
    Rotate(Rotate),
    Revoke(Revoke),
}

/// Make new keys for signing and sealing, and sign the next key set.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Rotate {
    #[command(flatten)]
    next: Next,
    /// Keep the keys for signing and sealing: the next key set changes its witnesses or archive alone.
    #[arg(long, conflicts_with = "all_keys")]
    keep_keys: bool,
}

/// The same, and revoke the signing keys that are replaced.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Revoke {
    #[command(flatten)]
    next: Next,
    /// Since when the old keys are not to be believed, such as 2026-11-19T22:00:00Z; without it, now.
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
}

/// Which key set, signed by what.
#[derive(clap::Args, Debug)]
pub(crate) struct Next {
    /// The file that holds the root key.
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// Whose keys.
    #[arg(long, value_enum, default_value = "real", conflicts_with = "all_keys")]
    purpose: Purpose,
    /// Replace the keys of both purposes, of the ledgers and of the connections between nodes.
    #[arg(long, conflicts_with_all = ["witnesses", "no_witness"])]
    all_keys: bool,
    /// A peer that cosigns the ledger from now on; can be given more than once.
    #[arg(long = "witness", value_name = "PARTY")]
    witnesses: Vec<PartyCode>,
    /// How many of the witnesses must have cosigned.
    #[arg(long, value_name = "N", default_value = "1", requires = "witnesses")]
    witnesses_needed: u16,
    /// Name no witnesses from now on.
    #[arg(long, conflicts_with = "witnesses")]
    no_witness: bool,
    /// Make a new archive key and write its private half into this folder, to be taken offline.
    #[arg(long, value_name = "DIR")]
    new_archive: Option<PathBuf>,
}

impl Next {
    /// Says what there is now, and what is left to do.
    fn say(&self, signed: &[SignedKeySet], paths: &[PathBuf], json: bool) -> Result<(), Failure> {
        let sets = signed.iter().map(SignedKeySet::set).zip(paths);
        if json {
            let sets = sets
                .map(|(set, path)| json!({ "purpose": set.purpose, "seq": set.seq, "file": path }));
            return output::json(&json!({ "key_sets": sets.collect::<Vec<_>>() }));
        }
        for (set, path) in sets {
            let (seq, purpose) = (set.seq, set.purpose);
            output::line(format_args!(
                "Key set {seq} for {purpose} traffic: {}",
                path.display()
            ));
        }
        output::line("Restart the node; peers take the new set from it. Then make a backup.");
        if self.all_keys {
            output::line(
                "Tell your peers over another channel to run `comity peer update` for your party: \
                 until they have the new set, they take whoever holds the old keys for you.",
            );
        }
        Ok(())
    }

    /// The new archive key, if one was asked for. It is written before any key set names it.
    fn archive(&self) -> Result<Option<HybridRecipient>, Failure> {
        let Some(offline) = &self.new_archive else {
            return Ok(None);
        };
        let mut entropy = |bytes: &mut [u8]| kernel::Rng::fill(&OsRng, bytes);
        let archive = HybridIdentity::generate(&mut entropy)?;
        folder::make_private(offline)?;
        let text = archive.to_secret_text();
        folder::write_new_private(&offline.join("archive.secret"), text.as_bytes())
            .hint("an archive key is never written over: name another folder")?;
        Ok(Some(archive.recipient()))
    }

    /// The witness policy that was asked for, if any.
    async fn policy(&self, ground: &Ground) -> Result<Option<WitnessPolicy>, Failure> {
        if self.no_witness {
            return Ok(Some(WitnessPolicy::default()));
        }
        if self.witnesses.is_empty() {
            return Ok(None);
        }
        if !(1..=self.witnesses.len()).contains(&usize::from(self.witnesses_needed)) {
            let named = self.witnesses.len();
            let wrong = anyhow::anyhow!("{} of {named} witnesses", self.witnesses_needed);
            return Err(wrong).hint("--witnesses-needed is 1 to the number of witnesses");
        }
        let mode = Mode::from_exercise(self.purpose == Purpose::Exercise);
        let mut tx = ground.db.begin_read().await?;
        let mut of = Vec::new();
        for party in &self.witnesses {
            let listed = directory::ops::find_in(&mut tx, party, mode).await?;
            let chain = directory::ops::chain_in(&mut tx, party, mode).await?;
            let peer = listed.filter(|party| !party.own).zip(chain);
            let (_party, chain) = peer
                .ok_or_else(|| anyhow::anyhow!("{party} is no peer for {} traffic", mode.as_str()))
                .hint("comity peer list shows the peers; comity peer add adds one")?;
            let keys = as_witness(party, chain.latest().set());
            let keys = keys.ok_or_else(|| anyhow::anyhow!("{party} has no keys to cosign with"))?;
            of.extend(keys);
        }
        Ok(Some(WitnessPolicy {
            threshold: self.witnesses_needed,
            regions: 0,
            of,
        }))
    }
}

impl Key {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let (folder, lock) = (Folder::at(&config.data), lock(&config)?);
        let ground = ground(&config).await?;
        let now = ground.now();
        let (next, new_keys, revoke_since) = match self {
            Self::Rotate(rotate) => (rotate.next, !rotate.keep_keys, None),
            Self::Revoke(revoke) => (revoke.next, true, Some(revoke.since.unwrap_or(now))),
        };
        if let Some(since) = revoke_since.filter(|since| *since > now) {
            return Err(anyhow::anyhow!("{since} is still to come"))
                .hint("--since is when the keys were lost, or may have been");
        }
        let keys = if next.all_keys {
            NodeKeys::open_to_replace(&folder, &lock)?
        } else {
            NodeKeys::open(&folder, &lock)?
        };
        let secret = folder::read_private(&next.root)
            .hint("the root key must be readable by its owner alone: chmod 600")?;
        let root: RootKey = str::from_utf8(&secret)?.parse()?;
        let change = Change {
            new_keys,
            revoke_since,
            witnesses: next.policy(&ground).await?,
            archive: next.archive()?,
        };
        let (secrets, signed) = if next.all_keys {
            let (secrets, signed) = keys.replace_all(&root, &change, now, &OsRng)?;
            (secrets, signed.to_vec())
        } else {
            let purpose = next.purpose.into();
            let (secrets, signed) = keys.rotate(purpose, &root, &change, now, &OsRng)?;
            (secrets, vec![signed])
        };
        let own = keys.party()?;
        let mut tx = ground.db.begin().await?;
        let viewer = Viewer::node("key", own.clone(), Mode::Real);
        for set in signed.iter().map(SignedKeySet::set) {
            let subject = format!("keyset/{}/{}", set.purpose, set.seq);
            let body = json!({
                "all_keys": next.all_keys,
                "purpose": set.purpose,
                "revoked_since": revoke_since,
                "seq": set.seq,
            });
            audit::act(&mut tx, &ground, &viewer, "key.rotated", &subject, &body).await?;
        }
        let paths = NodeKeys::replace(&folder, &lock, &secrets, &signed)?;
        tx.commit().await?;
        introduction::tell_key_sets(&ground, &own, &NodeKeys::open(&folder, &lock)?).await?;
        ground.db.close().await;
        next.say(&signed, &paths, args.json)?;
        Ok(0)
    }
}
