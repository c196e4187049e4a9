//! `comity restore`: a node out of its backup, which knows that it is one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Component, Path, PathBuf},
};

use age::{Decryptor, Identity, scrypt};
use anyhow::{Context, bail};
use db::Address;
use federation::post::RESTORED;
use kernel::{Mode, Viewer};
use seal::HybridIdentity;
use serde_json::json;
use server::{
    config::{Config, FILE_NAME},
    folder::{self, Folder},
};

use super::{
    backup::{DATABASE, DUMP, FORMAT, MANIFEST, Manifest, VAULT, passphrase},
    config, ground,
};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
    postgres,
};

const AFTER: &str = "\
Examples:
  comity restore /backup/comity-2026-11-21.age --archive-key /media/usb/archive.secret --data /var/lib/comity
  comity restore /backup/comity.age --with-passphrase-file /root/backup.pass --data /var/lib/comity

The data folder must be empty. The vault stays locked as it was: put its key file back, or keep its
passphrase at hand. The restored node is marked as one: once it serves, it asks its peers how far
it had come and what it had sent and received since the backup, before it signs or sends anything.
On PostgreSQL, make an empty database and name it with --database: pg_restore, which has to be on this
machine, brings the copy back into it. Where the backup was made --without-database, bring your own
copy back first.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// The longest manifest that is read.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024;

/// Bring a node back from its backup.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Restore {
    /// The backup.
    file: PathBuf,
    /// The file with the private half of the archive key.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "with_passphrase_file"
    )]
    archive_key: Option<PathBuf>,
    /// The file with the passphrase that the backup was sealed with.
    #[arg(long, value_name = "FILE", conflicts_with = "archive_key")]
    with_passphrase_file: Option<PathBuf>,
}

impl Restore {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let settings = config(args)?;
        let folder = Folder::at(&settings.data);
        let occupied = settings.data.is_dir() && fs::read_dir(&settings.data)?.next().is_some();
        if occupied {
            return Err(anyhow::anyhow!("{} is not empty", settings.data.display()))
                .hint("restore into a folder of its own: what is there is never written over");
        }
        folder.make()?;
        let manifest = self
            .unpack(&settings.data)
            .hint("nothing was started; remove the folder before the next try")?;
        // The configuration of the backup counts from here on.
        let settings = config(args)?;
        bring_back(&settings)?;
        let ground = ground(&settings).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("bring the database back first")?;
        let viewer = Viewer::node("restore", party.clone(), Mode::Real);
        let mut tx = ground.db.begin().await?;
        db::setting::write(&mut tx, RESTORED, &manifest.at).await?;
        let body = json!({ "backup_of": manifest.at });
        audit::act(
            &mut tx,
            &ground,
            &viewer,
            "node.restored",
            party.as_str(),
            &body,
        )
        .await?;
        tx.commit().await?;
        ground.db.close().await;
        if args.json {
            output::json(&json!({ "party": manifest.party, "backup_of": manifest.at }))?;
        } else {
            output::line(format_args!(
                "The node of {} is back, as it was at {}.",
                manifest.party, manifest.at
            ));
            output::line("Put the vault's key file back, then: comity doctor, comity serve.");
        }
        Ok(0)
    }

    fn unpack(&self, data: &Path) -> Result<Manifest, Failure> {
        let file = File::open(&self.file)
            .with_context(|| format!("{} cannot be read", self.file.display()))?;
        let decryptor = Decryptor::new_buffered(BufReader::new(file))?;
        let identity = self.identity()?;
        let reader = decryptor
            .decrypt(std::iter::once(&*identity))
            .hint("the backup was sealed to another key or with another passphrase")?;
        let mut archive = tar::Archive::new(reader);
        let mut manifest = None;
        for entry in archive.entries()? {
            let mut entry = entry?;
            let name = entry.path()?.into_owned();
            if manifest.is_none() {
                manifest = Some(read_manifest(&name, &mut entry)?);
                continue;
            }
            let path = data.join(allowed(&name)?);
            if let Some(parent) = path.parent() {
                folder::make_private(parent)?;
            }
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            let copied = io::copy(&mut entry, &mut file)?;
            if copied != entry.size() {
                return Err(anyhow::anyhow!("{} is cut short", name.display()).into());
            }
            file.sync_all()?;
        }
        // Read to the end, so that a backup that was cut short does not pass for a whole one.
        io::copy(&mut archive.into_inner(), &mut io::sink())?;
        manifest
            .context("the backup is empty")
            .map_err(Failure::from)
    }

    fn identity(&self) -> Result<Box<dyn Identity>, Failure> {
        if let Some(path) = &self.with_passphrase_file {
            return Ok(Box::new(scrypt::Identity::new(passphrase(path)?)));
        }
        let path = self
            .archive_key
            .as_deref()
            .context("no archive key was given")?;
        let bytes = folder::read_private(path).hint("chmod 600 the file with the archive key")?;
        let identity: HybridIdentity = std::str::from_utf8(&bytes)?.trim().parse()?;
        Ok(Box::new(identity))
    }
}

/// Brings the copy of a PostgreSQL database back, if the backup held one.
fn bring_back(settings: &Config) -> Result<(), Failure> {
    let dump = settings.data.join(DUMP);
    if !dump.is_file() {
        return Ok(());
    }
    let Address::Postgres(address) = &settings.database else {
        return Err(anyhow::anyhow!("the backup is of a node with PostgreSQL")).hint(
            "make an empty database and name it with --database; remove the data folder before the \
             next try",
        );
    };
    postgres::restore(address, &dump)?;
    Ok(fs::remove_file(&dump)?)
}

fn read_manifest(name: &Path, entry: &mut impl Read) -> anyhow::Result<Manifest> {
    if name != Path::new(MANIFEST) {
        bail!("the file is no backup of this program");
    }
    let manifest: Manifest = serde_json::from_reader(entry.take(MANIFEST_BYTES_MAX))?;
    if manifest.format != FORMAT {
        bail!(
            "the backup is of the form {}, not {FORMAT}",
            manifest.format
        );
    }
    Ok(manifest)
}

/// The names that a backup may hold; none leads out of the folder.
fn allowed(name: &Path) -> anyhow::Result<&Path> {
    let plain = name
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let top = name.components().next();
    let top = top
        .and_then(|part| part.as_os_str().to_str())
        .unwrap_or_default();
    let alone = name.components().count() == 1;
    let known = match top {
        DATABASE | DUMP | VAULT | FILE_NAME => alone,
        "keys" | "blobs" => !alone,
        _ => false,
    };
    if plain && known {
        Ok(name)
    } else {
        bail!(
            "the backup holds {}, which has no place in a node",
            name.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_to_a_node_is_unpacked() {
        for good in [
            "comity.db",
            "comity.pgdump",
            "vault.age",
            "comity.toml",
            "keys/a",
            "blobs/ab/cd",
        ] {
            assert!(allowed(Path::new(good)).is_ok(), "{good}");
        }
        for bad in [
            "../comity.db",
            "/etc/passwd",
            "keys",
            "keys/../../x",
            "vault.key",
            "a/b",
        ] {
            assert!(allowed(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
