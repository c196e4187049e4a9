//! `comity backup`: one sealed file with everything that a node needs to come back.
//!
//! The file is an age file around a tar archive. The database is copied first, in one consistent
//! state while the node goes on; files are copied after it. They are named by their content and
//! only ever added, so the copy holds every file that the copied database knows of.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use age::{Encryptor, Recipient, scrypt};
use anyhow::Context;
use db::Address;
use kernel::{Mode, Viewer};
use seal::{HybridRecipient, keys::Purpose};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::{
    config::Config,
    folder::{self, Folder},
};

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
    postgres,
};

const AFTER: &str = "\
Examples:
  comity backup /backup/comity-2026-11-21.age
  comity backup /backup/comity.age --with-passphrase-file /root/backup.pass

The file is sealed to the archive key, whose private half is not on this machine, unless a
passphrase is given. The vault inside stays locked as it is; its key file is not in the backup.
On PostgreSQL, pg_dump copies the database; it has to be on this machine, of the server's version or
newer. With --without-database the copy is left to you.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// The form of the archive; restore refuses others.
pub(crate) const FORMAT: &str = "comity/backup/v1";
/// The names at the top of the archive.
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const DATABASE: &str = "comity.db";
/// The copy of a PostgreSQL database, as `pg_dump` writes it.
pub(crate) const DUMP: &str = "comity.pgdump";
pub(crate) const VAULT: &str = "vault.age";

/// Write a sealed, consistent copy of the node while it runs.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Backup {
    /// The file to write; it must not be there yet.
    file: PathBuf,
    /// Seal with the passphrase in this file instead of to the archive key.
    #[arg(long, value_name = "FILE")]
    with_passphrase_file: Option<PathBuf>,
    /// Leave the database out.
    #[arg(long)]
    without_database: bool,
}

/// What the archive says of itself.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) format: String,
    pub(crate) party: String,
    pub(crate) at: String,
    pub(crate) program: String,
    pub(crate) database: bool,
}

impl Backup {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let folder = Folder::at(&config.data);
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("backup", party.clone(), Mode::Real);
        access::policy::check_house(&viewer, access::policy::Act::Backup)?;
        // Recorded first, so that the copy itself says that it was made.
        let mut tx = ground.db.begin().await?;
        let body = json!({ "without_database": self.without_database });
        audit::act(
            &mut tx,
            &ground,
            &viewer,
            "node.backed_up",
            party.as_str(),
            &body,
        )
        .await?;
        tx.commit().await?;
        let scratch = tempfile::Builder::new()
            .prefix(".backup-")
            .tempdir_in(&config.data)?;
        let database = !self.without_database;
        let name = match &config.database {
            Address::Sqlite(_) => DATABASE,
            Address::Postgres(_) => DUMP,
        };
        let copy = scratch.path().join(name);
        if let Address::Postgres(address) = &config.database
            && database
        {
            postgres::dump(address, &copy)?;
        } else if database && !ground.db.copy_to(&copy).await? {
            return Err(anyhow::anyhow!("the database cannot be copied").into());
        }
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            party: party.to_string(),
            at: ground.now().to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database,
        };
        ground.db.close().await;
        let copy = database.then_some((name, copy.as_path()));
        self.write(&config, &folder, &manifest, copy)?;
        let bytes = fs::metadata(&self.file)?.len();
        if args.json {
            output::json(&json!({ "file": self.file, "bytes": bytes, "at": manifest.at }))?;
        } else {
            output::line(format_args!(
                "{} holds {bytes} bytes, sealed.",
                self.file.display()
            ));
        }
        Ok(0)
    }

    /// Writes beside and moves into place, so that no half backup looks like one.
    fn write(
        &self,
        config: &Config,
        folder: &Folder,
        manifest: &Manifest,
        database: Option<(&str, &Path)>,
    ) -> Result<(), Failure> {
        if self.file.exists() {
            return Err(anyhow::anyhow!("{} is there already", self.file.display()))
                .hint("a backup is never written over: choose another name");
        }
        let beside = self.file.with_extension("unfinished");
        let to = self.recipient(folder)?;
        let encryptor = Encryptor::with_recipients(std::iter::once(&*to))?;
        let file = File::create_new(&beside)
            .with_context(|| format!("{} cannot be written", beside.display()))?;
        let writer = encryptor.wrap_output(file)?;
        let mut archive = tar::Builder::new(writer);
        append(&mut archive, MANIFEST, &serde_json::to_vec(manifest)?)?;
        append(&mut archive, VAULT, &folder.read_vault()?)?;
        if let Some((name, copy)) = database {
            archive.append_path_with_name(copy, name)?;
        }
        let configuration = config.data.join(server::config::FILE_NAME);
        if configuration.is_file() {
            archive.append_path_with_name(&configuration, server::config::FILE_NAME)?;
        }
        for (name, path) in [("keys", folder.keys()), ("blobs", folder.blobs())] {
            append_folder(&mut archive, name, &path)?;
        }
        let file = archive.into_inner()?.finish()?;
        file.sync_all()?;
        fs::rename(&beside, &self.file)?;
        Ok(())
    }

    fn recipient(&self, folder: &Folder) -> Result<Box<dyn Recipient>, Failure> {
        if let Some(path) = &self.with_passphrase_file {
            return Ok(Box::new(scrypt::Recipient::new(passphrase(path)?)));
        }
        let sets = folder.key_sets(Purpose::Real)?;
        let set = sets.last().context("the data folder holds no key set")?;
        let archive: HybridRecipient = set.set().archive_recipient.clone();
        Ok(Box::new(archive))
    }
}

/// The passphrase in a file that its owner alone can read.
pub(crate) fn passphrase(path: &Path) -> Result<SecretString, Failure> {
    let bytes = folder::read_private(path).hint("chmod 600 the file with the passphrase")?;
    let text = String::from_utf8(bytes)?;
    Ok(SecretString::from(text.trim_end().to_owned()))
}

fn append<W: Write>(
    archive: &mut tar::Builder<W>,
    name: &str,
    bytes: &[u8],
) -> Result<(), Failure> {
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(bytes.len())?);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)?;
    Ok(())
}

/// All files below a folder. One that vanishes meanwhile was removed on purpose.
fn append_folder<W: Write>(
    archive: &mut tar::Builder<W>,
    name: &str,
    folder: &Path,
) -> Result<(), Failure> {
    let mut waiting = vec![(name.to_owned(), folder.to_owned())];
    let mut files = Vec::new();
    while let Some((name, path)) = waiting.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                waiting.push((name, entry.path()));
            } else {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    let bar = output::progress("files", u64::try_from(files.len())?);
    for (name, path) in files {
        if let Ok(file) = File::open(&path) {
            let size = file.metadata()?.len();
            let mut header = tar::Header::new_gnu();
            header.set_size(size);
            header.set_mode(0o600);
            archive.append_data(&mut header, &name, file.take(size))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
