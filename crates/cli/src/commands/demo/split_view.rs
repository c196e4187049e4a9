//! Somebody shows Aldoria another history of Brevonia's ledger.

use std::fs;

use anyhow::anyhow;
use audit::Log;
use federation::{
    own::origin,
    protocol::{Head, Standing},
    state::{Delivery, Grade},
    store,
};
use kernel::Mode;
use ledger::{Checkpoint, Hash, LedgerKeys, Note, verify_consistency};
use seal::{Digest, keys::SignedKeySet};
use server::{loopback::SecondHistory, thaw::thaw};

use super::{
    cast::{ALDORIA, BREVONIA, HUB},
    faults::alarmed,
    messages::{from_aldoria, from_brevonia, say, send, show},
    stage::Stage,
    words,
    world::{Letter, World, code},
};
use crate::output::Failure;

/// Has Aldoria catch it, freeze what it believed, and thaw on the hub's word.
pub(super) async fn catch(world: &mut World, stage: &mut Stage) -> Result<(), Failure> {
    // Nothing else is under way while the line leads elsewhere.
    world.all_witnessed().await?;
    stage
        .step("Somebody with Brevonia's keys shows Aldoria another history")
        .await?;
    let (letter, asked, (known, shown)) = show_other_history(world, stage).await?;
    keep_evidence(world, stage).await?;
    alarmed(world, ALDORIA, "split_view").await?;
    let held = world.delivery(ALDORIA, letter.id).await?.outgoing.delivery;
    ensure!(
        !matches!(held, Delivery::Receipted { .. }),
        "a receipt of the second history was believed"
    );
    stage.fact(
        "frozen",
        "receipts of Brevonia count for nothing at Aldoria until a person decides",
    );
    stage.proof(
        "Aldoria can prove to anybody that two histories were signed with Brevonia's keys: each \
         checkpoint bears both of its signatures, and no tree has both roots.",
    );

    stage
        .step("The hub says which history is the true one; Aldoria thaws it")
        .await?;
    let true_head = ask_the_hub(world, known).await?;
    stage.fact("hub saw", head_words(true_head));
    stage.fact("forged", head_words(shown));
    let (post, admin) = (world.node(ALDORIA)?.post(), world.viewer(ALDORIA, "admin")?);
    let reason = "compared with the hub's checkpoint and by telephone with Brevonia";
    thaw(post, &admin, &code(BREVONIA)?, known, reason).await?;
    post.retry_now(letter.id).await?;
    show(world, stage, &letter, Grade::Own).await?;
    stage.proof(
        "Who thawed it, when and why is a leaf of Aldoria's ledger of acts. The evidence stays.",
    );
    let draft = from_brevonia("jun", asked.thread, words::pong(asked.id)?);
    say(world, stage, draft, Grade::Own).await?;
    Ok(())
}

/// Leads the line to a listener with Brevonia's keys and another ledger, and checks the channel.
async fn show_other_history(
    world: &mut World,
    stage: &mut Stage,
) -> Result<(Letter, super::messages::Asked, (Head, Head)), Failure> {
    let (here, there) = (code(ALDORIA)?, code(BREVONIA)?);
    let brevonia = world.node(BREVONIA)?;
    let ground = brevonia.ground();
    let mut tx = ground.db.begin_read().await?;
    let size = audit::size(&mut tx, ground, Log::Exercise).await?;
    drop(tx);
    let folder = world.folder.join("second-history");
    fs::create_dir_all(&folder)?;
    let leaves = size.saturating_add(3);
    let forged = SecondHistory::forge(brevonia.post(), &folder, &["PING"], leaves).await?;
    world.fleet.line(&here, &there)?.lead_to(forged.address());
    stage.fault("the line leads to a listener with Brevonia's keys and a ledger of its own");
    let (letter, asked) = send(world, from_aldoria("ilva", None, words::ping()?)).await?;
    stage.fact("message", format_args!("{} · {}", letter.kind, letter.id));
    let frozen = world
        .until(ALDORIA, "the freeze", async || {
            let mut tx = world.ground(ALDORIA)?.db.begin_read().await?;
            let peers = store::peers(&mut tx, Mode::Exercise).await?;
            let row = peers.into_iter().find(|row| row.party == there);
            Ok(row.and_then(|row| match row.standing {
                Standing::Frozen { known, shown } => Some((known, shown)),
                Standing::Believed => None,
            }))
        })
        .await?;
    let true_place = world.member(BREVONIA)?.serving()?.federation;
    world.fleet.line(&here, &there)?.lead_to(true_place);
    forged.end().await;
    fs::remove_dir_all(&folder)?;
    Ok((letter, asked, frozen))
}

/// Checks both checkpoints as a third party would, and writes them to files.
async fn keep_evidence(world: &World, stage: &mut Stage) -> Result<(), Failure> {
    let there = code(BREVONIA)?;
    let mut tx = world.ground(ALDORIA)?.db.begin_read().await?;
    let kept = store::evidence(&mut tx, &there, Mode::Exercise).await?;
    drop(tx);
    let kept = kept.into_iter().find(|one| one.code == "split_view");
    let (held, shown) = kept
        .and_then(|kept| kept.held.zip(kept.shown))
        .ok_or_else(|| anyhow!("no evidence of the second history was kept"))?;
    let keys = ledger_keys(world)?;
    let folder = world.folder.join("evidence");
    fs::create_dir_all(&folder)?;
    let mut roots = Vec::new();
    for (name, bytes) in [("held", held), ("shown", shown)] {
        let (checkpoint, _time) = keys.verify(&Note::parse(&bytes)?)?;
        stage.fact(name, head_words(head(&checkpoint)));
        roots.push(*checkpoint.root());
        fs::write(folder.join(format!("split-view-{name}.checkpoint")), bytes)?;
    }
    ensure!(roots.first() != roots.last(), "the two histories are one");
    Ok(())
}

/// The hub's last checkpoint of Brevonia's ledger, which must be of one history with what Aldoria
/// believed before.
async fn ask_the_hub(world: &World, known: Head) -> Result<Head, Failure> {
    let name = origin(&code(BREVONIA)?, Log::Exercise);
    let mut tx = world.ground(HUB)?.db.begin_read().await?;
    let seen = audit::last_seen(&mut tx, &name).await?;
    drop(tx);
    let note = seen.ok_or_else(|| anyhow!("the hub has seen no checkpoint of Brevonia"))?;
    let (checkpoint, _time) = ledger_keys(world)?.verify(&note)?;
    let head = head(&checkpoint);
    let (old, new) = if head.size <= known.size {
        (head, known)
    } else {
        (known, head)
    };
    let ground = world.ground(BREVONIA)?;
    let mut tx = ground.db.begin_read().await?;
    let proof = audit::consistency(&mut tx, ground, Log::Exercise, old.size, new.size).await?;
    verify_consistency(old.size, &hash(old), new.size, &hash(new), &proof)?;
    Ok(head)
}

/// The public keys of Brevonia's ledger, out of its newest key set as Aldoria holds it.
fn ledger_keys(world: &World) -> Result<LedgerKeys, Failure> {
    let there = code(BREVONIA)?;
    let peer = world.node(ALDORIA)?.post().peer(&there, Mode::Exercise);
    let peer = peer.ok_or_else(|| anyhow!("Aldoria does not know Brevonia"))?;
    let name = origin(&there, Log::Exercise);
    let of = SignedKeySet::set(peer.chain.latest()).ledger_keys.iter();
    let of = of.clone().find(|of| of.origin == name);
    let of = of.ok_or_else(|| anyhow!("the key set names no ledger {name}"))?;
    Ok(LedgerKeys::new(
        &of.origin,
        &of.ed25519,
        of.ml_dsa_44.as_slice(),
    )?)
}

/// A head in words; the whole root stands in the evidence.
fn head_words(head: Head) -> String {
    let root: String = head.root.to_string().chars().take(32).collect();
    format!("{} leaves, root {root}…", head.size)
}

fn head(checkpoint: &Checkpoint) -> Head {
    Head {
        size: checkpoint.size(),
        root: digest(checkpoint.root()),
    }
}

fn hash(head: Head) -> Hash {
    Hash::new(*head.root.as_bytes())
}

fn digest(hash: &Hash) -> Digest {
    Digest::from_bytes(*hash.as_bytes())
}
