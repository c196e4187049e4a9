//! `comity peer`: whom this node speaks to.

use std::{fs, path::Path};

use audit::Ground;
use directory::{Card, model::Address, ops};
use kernel::{Mode, PartyCode, Viewer};
use seal::keys::Fingerprint;
use serde_json::json;
use server::{folder::Folder, introduction, keys::NodeKeys, renewal};

use super::{config, ground, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

pub(crate) const AFTER: &str = "\
Examples:
  comity peer card > aldoria.card.json
  comity peer add brevonia.card.json --fingerprint 3f0c…
  comity peer add comity.brevonia.example:8461 --fingerprint 'acid acorn …'
  comity peer add comity.brevonia.example:8461
  comity peer update XB
  comity peer update XB brevonia.card.json
  comity peer list --json
  comity peer remove XB

A card is what a party says of itself; it is read from a file or fetched from the address where its
node listens for nodes. Read the fingerprint of its root key to each other over another channel, as
words or digits, before you add it: without --fingerprint it is shown and nothing is added. A party
that is listed gets what is new on the card when it is added again, such as its address.

A party that has replaced its keys, as after a theft, is updated: the newer key sets of the root that
was compared are taken, and nothing else. Nodes do so by themselves once the new key turns up.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Whom this node speaks to.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Peer {
    Add(Add),
    Update(Update),
    List(List),
    Remove(Remove),
    Card(OwnCard),
}

/// Add a party from its card or address, after its fingerprint was compared.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Add {
    /// The file of its card, or HOST:PORT of its node.
    #[arg(value_name = "CARD|HOST:PORT")]
    card: String,
    /// The fingerprint of its root key, as it was compared over another channel: 64 digits, or the
    /// words.
    #[arg(long)]
    fingerprint: Option<Fingerprint>,
}

impl Add {
    /// The card, if it is that of the root key that was compared.
    async fn card(&self) -> Result<(Card, Fingerprint), Failure> {
        let path = Path::new(&self.card);
        let address = self.card.parse::<Address>();
        let (card, introduction) = match address {
            Ok(address) if !path.exists() => {
                let introduction = introduction::fetch(&address)
                    .await
                    .hint("is it the address where the node listens for nodes, and is it up?")?;
                (introduction.card.clone(), Some(introduction))
            }
            Ok(_) | Err(_) => {
                let bytes = fs::read(path);
                let bytes = bytes.hint("neither the file of a card nor HOST:PORT")?;
                (Card::parse(&bytes)?, None)
            }
        };
        let found = card.fingerprint;
        let of = |what: &str, one: &Fingerprint| format!("{what} {one}\n  {}", one.words());
        let Some(compared) = self.fingerprint else {
            let shown = of(&format!("{} says that its root key is", card.party), &found);
            let nothing = anyhow::anyhow!("nothing was compared, so nothing is added\n{shown}");
            let hint = "read it to each other over another channel, then add --fingerprint";
            return Err(nothing).hint(hint);
        };
        if compared != found {
            let typed = of("typed  ", &compared);
            let shown = of("on card", &found);
            let differs = anyhow::anyhow!(
                "the fingerprint of {} is not the one that was compared\n{typed}\n{shown}",
                card.party
            );
            let hint = "compare it with the party again, over another channel; if it still differs, \
                        somebody stands between you";
            return Err(differs).hint(hint);
        }
        match introduction {
            Some(introduction) => Ok((introduction.accept(&compared)?, compared)),
            None => Ok((card, compared)),
        }
    }
}

/// Take the newer keys of a listed party.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Update {
    /// The party.
    party: PartyCode,
    /// The file of its card, or HOST:PORT of its node; without it, the address that is known.
    #[arg(value_name = "CARD|HOST:PORT")]
    from: Option<String>,
}

impl Update {
    /// Takes them, and gives the modes in which something was new.
    async fn take(&self, ground: &Ground, viewer: &Viewer) -> Result<Vec<Mode>, Failure> {
        let party = &self.party;
        let address = match &self.from {
            Some(from) if Path::new(from).exists() => {
                let card = Card::parse(&fs::read(from)?)?;
                return Ok(ops::renew(ground, viewer, party, &card).await?);
            }
            Some(from) => from
                .parse::<Address>()
                .hint("neither the file of a card nor HOST:PORT")?,
            None => {
                let peers = ops::peers_for_federation(ground).await?;
                let mut listed = peers
                    .into_iter()
                    .filter(|peer| peer.party.code == *party && !peer.party.own);
                listed
                    .find_map(|peer| peer.party.federation)
                    .ok_or_else(|| anyhow::anyhow!("no address of {party} is known"))
                    .hint("comity peer list shows who is known; a card can come as a file too")?
            }
        };
        renewal::renew(ground, viewer, party, &address).await.hint(
            "if their node is up, whoever answers there is not who the root of the party signed for: \
             ask the party over another channel",
        )
    }
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
                let (card, compared) = add.card().await?;
                let key = &keys.secrets.data_key;
                let added = ops::add_peer(&ground, key, &viewer(false), &card, &compared)
                    .await
                    .hint("compare the fingerprint with the party again, over another channel")?;
                for party in added {
                    let mode = party.mode.as_str();
                    output::note(format_args!("{} is a peer for {mode} traffic.", party.code));
                }
            }
            Self::Update(update) => {
                let renewed = update.take(&ground, &viewer(false)).await?;
                let party = &update.party;
                if renewed.is_empty() {
                    output::note(format_args!("{party} has no newer key set."));
                }
                for mode in renewed {
                    let mode = mode.as_str();
                    output::note(format_args!("{party} has new keys for {mode} traffic."));
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
                    "federation": party.federation.as_ref().map(Address::as_str),
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
