//! `comity key`: the next key set.

use std::{path::PathBuf, str};

use kernel::{Mode, OsRng, Viewer};
use seal::keys::RootKey;
use serde_json::json;
use server::{
    folder::{self, Folder},
    keys::{Change, NodeKeys},
};

use super::{config, ground, lock};
use crate::{
    args::{NodeArgs, Purpose},
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity key rotate --root /media/usb/root.secret
  comity key revoke --root /media/usb/root.secret --purpose exercise

The root key is read, signs the next key set and is not kept. Restart the node afterwards: peers
fetch the new set from it. Revoking says that signatures by the old keys prove nothing from now on,
unless a witness saw them before.

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
            new_keys: true,
            revoke_old,
            witnesses: None,
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
        // The vault first: a set that names keys which no vault holds would lock the node out.
        folder.write_vault(&secrets.lock(&lock)?)?;
        let path = folder.write_key_set(&signed)?;
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
