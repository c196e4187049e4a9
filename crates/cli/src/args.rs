//! What can be typed. Shell completions and manual pages are made of it too.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use server::config::Settings;

use crate::commands::{
    backup, completions, constituency, demo, doctor, evidence, export, import, incident,
    infrastructure, init, key, mail, man, matching, peer, restore, retention, serve, stix,
    taxonomy, user, verify,
};

const AFTER: &str = "\
Examples:
  comity demo
  comity init --party XA --data /var/lib/comity
  comity serve --data /var/lib/comity
  comity doctor

Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable input, 3 done in part (verify:
consistent but not anchored; import: something was kept or left out and is listed).

Settings stand on the command line, in the environment (COMITY_DATA, COMITY_WEB, …) and in
DATA/comity.toml, in this order. `comity COMMAND --help` shows examples.";

/// Two States exchange incidents, with receipts that hold up.
#[derive(Debug, Parser)]
#[command(name = "comity", version, after_help = AFTER, propagate_version = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which node is meant.
#[derive(clap::Args, Debug)]
pub(crate) struct NodeArgs {
    /// The configuration file; without it, comity.toml in the data folder.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The database: `postgres://USER@HOST/NAME` or `sqlite:PATH`.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) database: Option<String>,
    /// The key file that opens the vault.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The file with the passphrase that opens the vault.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "key_file")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Print data as JSON.
    #[arg(long, global = true, action = ArgAction::SetTrue)]
    pub(crate) json: bool,
}

impl NodeArgs {
    /// What the command line says of the configuration.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            data: self.data.clone(),
            database: self.database.clone(),
            key_file: self.key_file.clone(),
            passphrase_file: self.passphrase_file.clone(),
            ..Settings::default()
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Serve(serve::Serve),
    Demo(demo::Demo),
    Export(export::Export),
    Import(import::Import),
    #[command(subcommand, after_help = incident::AFTER)]
    Incident(incident::Incident),
    #[command(subcommand, after_help = peer::AFTER)]
    Peer(peer::Peer),
    #[command(subcommand, after_help = user::AFTER)]
    User(user::User),
    #[command(subcommand, after_help = key::AFTER)]
    Key(key::Key),
    Mail(mail::Mail),
    Constituency(constituency::Constituency),
    Infrastructure(infrastructure::Infrastructure),
    Retention(retention::Retention),
    #[command(subcommand, after_help = taxonomy::AFTER)]
    Taxonomy(taxonomy::TaxonomyCommand),
    Verify(verify::Verify),
    #[command(subcommand, after_help = evidence::AFTER)]
    Evidence(evidence::Evidence),
    #[command(subcommand, after_help = stix::AFTER)]
    Stix(stix::Stix),
    Match(matching::Match),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Real traffic or exercises.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Purpose {
    /// Real traffic.
    Real,
    /// Exercises.
    Exercise,
}

impl From<Purpose> for seal::keys::Purpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Real => Self::Real,
            Purpose::Exercise => Self::Exercise,
        }
    }
}
