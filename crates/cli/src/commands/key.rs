//! `comity key`: the next key set.

use std::{path::PathBuf, str};

use audit::Ground;
use kernel::{Mode, OsRng, PartyCode, Viewer};
use seal::{
    HybridIdentity, HybridRecipient,
    keys::{RootKey, WitnessPolicy},
};
use serde_json::json;
use server::{
    folder::{self, Folder},
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
  comity key revoke --root /media/usb/root.secret --purpose exercise
  comity key rotate --root /media/usb/root.secret --witness regional-hub --keep-keys
  comity key rotate --root /media/usb/root.secret --new-archive /media/usb/archive-2026

The root key is read, signs the next key set and is not kept. Restart the node afterwards: peers
fetch the new set from it. Revoking says that signatures by the old keys prove nothing from now on,
unless a witness saw them before. Witnesses are peers whose nodes cosign this one's ledger: a receipt
from here is complete when --witnesses-needed of them have. Without --witness they stay as they are.
A rotation that is cut off has either happened or not when the node opens again.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Change the node's keys.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Key {
    /// Make new keys for signing and sealing, and sign the next key set.
    #[command(after_help = AFTER)]
    Rotate(Next),
    /// The same, and revoke the signing keys in use.
    #[command(after_help = AFTER)]
    Revoke(Next),
}

/// Which key set, signed by what.
#[derive(clap::Args, Debug)]
pub(crate) struct Next {
    /// The file that holds the root key.
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// Whose keys.
    #[arg(long, value_enum, default_value = "real")]
    purpose: Purpose,
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
    /// Keep the keys for signing and sealing: the next key set changes its witnesses alone.
    #[arg(long)]
    keep_keys: bool,
}

impl Next {
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
        let (next, revoke_old) = match self {
            Self::Rotate(next) => (next, false),
            Self::Revoke(next) => (next, true),
        };
        let config = config(args)?;
        let (folder, lock) = (Folder::at(&config.data), lock(&config)?);
        let keys = NodeKeys::open(&folder, &lock)?;
        let secret = folder::read_private(&next.root)
            .hint("the root key must be readable by its owner alone: chmod 600")?;
        let root: RootKey = str::from_utf8(&secret)?.parse()?;
        let ground = ground(&config).await?;
        let change = Change {
            new_keys: revoke_old || !next.keep_keys,
            revoke_old,
            witnesses: next.policy(&ground).await?,
            archive: next.archive()?,
        };
        let (secrets, signed) =
            keys.rotate(next.purpose.into(), &root, change, ground.now(), &OsRng)?;
        let (set, code) = (
            signed.set(),
            if revoke_old {
                "key.revoked"
            } else {
                "key.rotated"
            },
        );
        let viewer = Viewer::node("key", keys.party()?, Mode::Real);
        let subject = format!("keyset/{}/{}", set.purpose, set.seq);
        let mut tx = ground.db.begin().await?;
        let body = json!({ "purpose": set.purpose, "seq": set.seq });
        audit::act(&mut tx, &ground, &viewer, code, &subject, &body).await?;
        let path = NodeKeys::replace(&folder, &lock, &secrets, &signed)?;
        tx.commit().await?;
        let mode = Mode::from_exercise(set.purpose == seal::keys::Purpose::Exercise);
        let viewer = Viewer::node("key", keys.party()?, mode);
        let own = keys.party()?;
        directory::ops::accept_key_set(&ground, &viewer, &own, signed.clone()).await?;
        ground.db.close().await;
        if args.json {
            output::json(&json!({ "purpose": set.purpose, "seq": set.seq, "file": path }))?;
        } else {
            output::line(format_args!(
                "Key set {} for {} traffic: {}",
                set.seq,
                set.purpose,
                path.display()
            ));
            output::line("Restart the node; peers fetch the new set from it.");
        }
        Ok(0)
    }
}
