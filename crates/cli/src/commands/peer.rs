//! `comity peer`: whom this node speaks to.

use std::{fs, path::PathBuf};

use directory::{Card, ops};
use kernel::{Mode, PartyCode, Viewer};
use seal::keys::Fingerprint;
use serde_json::json;
use server::{folder::Folder, keys::NodeKeys};

use super::{config, ground, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity peer card > aldoria.card.json
  comity peer add brevonia.card.json --fingerprint 3f0c…
  comity peer list --json
  comity peer remove XB

A card is what a party says of itself. Read the fingerprint of its root key to each other over
another channel, as words or digits, before you add it.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Whom this node speaks to.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Peer {
    Add(Add),
    List(List),
    Remove(Remove),
    Card(OwnCard),
}

/// Add a party from its card, after its fingerprint was compared.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Add {
    /// The card.
    card: PathBuf,
    /// The fingerprint of its root key, as it was compared over another channel.
    #[arg(long)]
    fingerprint: Fingerprint,
}

/// List the parties of the directory.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct List {
    /// Those of exercises.
    #[arg(long)]
    exercise: bool,
}

/// Remove a party; its key no longer opens a connection.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Remove {
    /// The party.
    party: PartyCode,
    /// In exercises.
    #[arg(long)]
    exercise: bool,
}

/// Print this node's own card, for others to add.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct OwnCard {}

impl Peer {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = |exercise| {
            let mode = Mode::from_exercise(exercise);
            Viewer::node("peer", party.clone(), mode)
        };
        match self {
            Self::Add(add) => {
                let keys = NodeKeys::open(&Folder::at(&config.data), &lock(&config)?)?;
                let card = Card::parse(&fs::read(&add.card)?)?;
                let key = &keys.secrets.data_key;
                let added = ops::add_peer(&ground, key, &viewer(false), &card, &add.fingerprint)
                    .await
                    .hint("compare the fingerprint with the party again, over another channel")?;
                for party in added {
                    let mode = party.mode.as_str();
                    output::note(format_args!("{} is a peer for {mode} traffic.", party.code));
                }
            }
            Self::List(list) => {
                let parties = ops::list_parties(&ground, &viewer(list.exercise)).await?;
                show(&parties, args.json)?;
            }
            Self::Remove(remove) => {
                ops::remove_peer(&ground, &viewer(remove.exercise), &remove.party).await?;
                output::note(format_args!("{} is removed.", remove.party));
            }
            Self::Card(OwnCard {}) => {
                let card = ops::own_card(&ground, &viewer(false), None).await?;
                output::bytes(&card.to_bytes()?)?;
            }
        }
        ground.db.close().await;
        Ok(0)
    }
}

fn show(parties: &[directory::model::Party], json: bool) -> Result<(), Failure> {
    if json {
        let rows: Vec<_> = parties
            .iter()
            .map(|party| {
                json!({
                    "party": party.code,
                    "title": party.title.as_str(),
                    "mode": party.mode,
                    "own": party.own,
                    "fingerprint": party.fingerprint,
                    "federation": party.federation.as_ref().map(directory::model::Address::as_str),
                })
            })
            .collect();
        return output::json(&rows);
    }
    for party in parties {
        let address = party
            .federation
            .as_ref()
            .map_or("-", |address| address.as_str());
        let own = if party.own { " (this node)" } else { "" };
        output::line(format_args!(
            "{:12} {address:28} {} {}{own}",
            party.code.as_str(),
            party.fingerprint,
            party.title.as_str()
        ));
    }
    Ok(())
}
