//! `comity init`: a new node.

use std::{fs, path::PathBuf};

use access::{
    model::{Label, UserName},
    ops::{self, NewUser},
    secret::OneTimeCode,
};
use directory::{model::Line, ops::OwnEntry};
use kernel::{Language, Mode, OsRng, PartyCode, Role, Roles, Viewer};
use seal::{HybridIdentity, vault::Lock};
use serde::Serialize;
use server::{
    config::{Config, Unlock},
    folder::{self, Folder},
    keys::NewNode,
    node,
};

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity init --party XA --data /var/lib/comity
  COMITY_PASSPHRASE='…' comity init --party regional-hub --admin amina

Without a passphrase, of 12 characters or more, the vault is locked with a new key file,
DATA/vault.key.
The root key and the archive key are written to DATA/take-offline: move them to a medium that stays
away from this machine. Compare the fingerprint with your peers over another channel.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Make a new node: its keys, its database, its first administrator.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Init {
    /// Whose node: the code of a State, such as FR, or a name such as regional-hub.
    #[arg(long)]
    party: PartyCode,
    /// What the party calls itself; a State has its names already.
    #[arg(long, value_name = "TEXT")]
    name: Option<Line>,
    /// The name with which the first administrator signs in.
    #[arg(long, default_value = "admin")]
    admin: UserName,
    /// Where the keys to be taken offline are written.
    #[arg(long, value_name = "DIR")]
    offline: Option<PathBuf>,
}

#[derive(Serialize)]
struct Made {
    party: PartyCode,
    fingerprint: String,
    words: String,
    admin: String,
    one_time_code: String,
    offline: PathBuf,
}

impl Init {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let folder = Folder::at(&config.data);
        if folder.vault().exists() {
            let there = anyhow::anyhow!("there is a node in {} already", config.data.display());
            return Err(there).hint("choose another --data; a node is never written over");
        }
        folder.make()?;
        let ground = ground(&config).await?;
        let made = NewNode::make(&self.party, ground.now(), &OsRng)?;
        let lock = new_lock(&config, &folder)?;
        let offline = self.offline.clone().unwrap_or_else(|| folder.offline());
        take_offline(&made, &offline)?;
        let code = self.first_admin(&ground, &config, &made).await?;
        made.write(&folder, &lock)?;
        ground.db.close().await;
        let fingerprint = made.root.fingerprint();
        let made = Made {
            party: self.party,
            fingerprint: fingerprint.to_string(),
            words: fingerprint.words(),
            admin: self.admin.to_string(),
            one_time_code: code.to_text(),
            offline,
        };
        show(&made, &config, args.json)?;
        Ok(0)
    }

    async fn first_admin(
        &self,
        ground: &audit::Ground,
        config: &Config,
        made: &NewNode,
    ) -> Result<OneTimeCode, Failure> {
        let title = match &self.name {
            Some(title) => title.clone(),
            None => match self.party.country() {
                Some(country) => country.name(Language::En).parse()?,
                None => self.party.as_str().parse()?,
            },
        };
        let own = OwnEntry {
            code: self.party.clone(),
            title,
            fingerprint: made.root.fingerprint(),
            key_sets: made.key_sets.to_vec(),
            federation: Some(config.federation_address.parse()?),
            web: Some(config.web_url.parse()?),
        };
        let viewer = Viewer::node("init", self.party.clone(), Mode::Real);
        directory::ops::set_up_own(ground, &viewer, own).await?;
        let display: Label = self.admin.as_str().parse()?;
        let new = NewUser {
            name: self.admin.clone(),
            display,
            roles: Roles::default().with(Role::Admin),
            language: Language::En,
            password: None,
        };
        let (_user, code) = ops::create_user(ground, &viewer, new)
            .await
            .hint("an earlier init did not end: remove the data folder and begin again")?;
        code.ok_or_else(|| anyhow::anyhow!("no one-time code was made").into())
    }
}

fn new_lock(config: &Config, folder: &Folder) -> Result<Lock, Failure> {
    if config.unlock != Unlock::Unsaid {
        return match node::lock_of(config)? {
            Some(lock) => Ok(lock),
            None => Err(anyhow::anyhow!("nothing says how the vault is locked").into()),
        };
    }
    let rng = OsRng;
    let identity =
        HybridIdentity::generate(&mut |bytes: &mut [u8]| kernel::Rng::fill(&rng, bytes))?;
    let text = Lock::key_file_text(&identity);
    folder::write_new_private(&folder.vault_key(), text.as_bytes())?;
    Ok(Lock::KeyFile(identity))
}

/// Writes the two keys that do not stay, with a sheet that says what they are for.
fn take_offline(made: &NewNode, offline: &std::path::Path) -> Result<(), Failure> {
    folder::make_private(offline)?;
    let root = made.root.to_secret_text();
    folder::write_new_private(&offline.join("root.secret"), root.as_bytes())?;
    let archive = made.archive.to_secret_text();
    folder::write_new_private(&offline.join("archive.secret"), archive.as_bytes())?;
    let sheet = format!(
        "root.secret signs the key sets of this party. archive.secret opens the archive copy of \
         every message, and sealed backups.\nMove both away from this machine, and keep a copy.\n\
         Fingerprint: {}\n{}\n",
        made.root.fingerprint(),
        made.root.fingerprint().words(),
    );
    fs::write(offline.join("READ-ME.txt"), sheet)?;
    Ok(())
}

fn show(made: &Made, config: &Config, json: bool) -> Result<(), Failure> {
    if json {
        return output::json(made);
    }
    output::line(format_args!(
        "The node of {} is ready in {}.",
        made.party,
        config.data.display()
    ));
    output::line(format_args!("Fingerprint   {}", made.fingerprint));
    output::line(format_args!("  in words    {}", made.words));
    output::line(format_args!("Administrator {}", made.admin));
    output::line(format_args!("One-time code {}", made.one_time_code));
    output::line(format_args!("Take offline  {}", made.offline.display()));
    output::line("Next: comity serve, then set the administrator's password with the code.");
    Ok(())
}
