//! The commands, one file each, and what they share.

pub(crate) mod backup;
pub(crate) mod collection;
pub(crate) mod completions;
pub(crate) mod constituency;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod incident;
pub(crate) mod infrastructure;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod mail;
pub(crate) mod man;
pub(crate) mod matching;
pub(crate) mod peer;
pub(crate) mod restore;
pub(crate) mod retention;
pub(crate) mod serve;
pub(crate) mod stix;
pub(crate) mod taxonomy;
pub(crate) mod user;
pub(crate) mod verify;

use std::{future::Future, sync::Arc};

use audit::Ground;
use kernel::{OsRng, SystemClock};
use seal::vault::Lock;
use server::{config::Config, node};

use crate::{
    args::{Args, Command, NodeArgs},
    output::{Failure, Hint},
};

/// Runs what was typed and gives the exit code.
pub(crate) fn run(args: Args) -> Result<u8, Failure> {
    let Args { node, command } = args;
    match command {
        Command::Init(command) => wait(command.run(&node)),
        Command::Serve(command) => wait(command.run(&node)),
        Command::Export(command) => wait(command.run(&node)),
        Command::Demo(command) => wait(command.run(&node)),
        Command::Import(command) => wait(command.run(&node)),
        Command::Incident(command) => wait(command.run(&node)),
        Command::Peer(command) => wait(command.run(&node)),
        Command::User(command) => wait(command.run(&node)),
        Command::Key(command) => wait(command.run(&node)),
        Command::Mail(command) => wait(command.run(&node)),
        Command::Constituency(command) => wait(command.run(&node)),
        Command::Infrastructure(command) => wait(command.run(&node)),
        Command::Retention(command) => wait(command.run(&node)),
        Command::Taxonomy(command) => wait(command.run(&node)),
        Command::Verify(command) => command.run(&node),
        Command::Evidence(command) => wait(command.run(&node)),
        Command::Stix(command) => command.run(&node),
        Command::Match(command) => command.run(&node),
        Command::Backup(command) => wait(command.run(&node)),
        Command::Restore(command) => wait(command.run(&node)),
        Command::Doctor(command) => wait(command.run(&node)),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    }
}

pub(crate) fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// The configuration of the node that is meant.
pub(crate) fn config(node: &NodeArgs) -> Result<Config, Failure> {
    Config::load(node.config.as_deref(), node.settings())
        .hint("comity --help says where settings stand; docs/operators lists them")
}

/// The node's database, opened.
pub(crate) async fn ground(config: &Config) -> Result<Ground, Failure> {
    node::open_ground(config, Arc::new(SystemClock), Arc::new(OsRng))
        .await
        .hint("comity doctor looks for what is wrong")
}

/// What opens the vault.
pub(crate) fn lock(config: &Config) -> Result<Lock, Failure> {
    let locked = || anyhow::anyhow!("the vault in {} is locked", config.data.display());
    node::lock_of(config)
        .hint("the file must be readable by its owner alone: chmod 600")?
        .ok_or_else(locked)
        .hint("put vault.key back, or give --key-file, --passphrase-file or COMITY_PASSPHRASE")
}
