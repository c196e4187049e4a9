//! Believing a peer's ledger again, after it had shown two histories.

use access::policy::{self, Act};
use federation::{post::Post, protocol::Head};
use kernel::{PartyCode, Problem, Viewer};
use serde_json::json;

/// A person, who has looked at the evidence and spoken with the peer and the witnesses, believes the
/// peer's ledger again from `head` on. The evidence stays; who decided, and why, is recorded.
pub async fn thaw(
    post: &Post,
    viewer: &Viewer,
    party: &PartyCode,
    head: Head,
    reason: &str,
) -> Result<(), Problem> {
    policy::check_house(viewer, Act::PeerManage)?;
    let ground = post.ground();
    let reason: String = reason.chars().take(200).collect();
    let detail = json!({ "head": head, "reason": reason });
    let mut tx = ground.db.begin().await?;
    post.thaw_in(&mut tx, (party, viewer.mode), head).await?;
    let code = "federation.thawed";
    audit::act(&mut tx, ground, viewer, code, party.as_str(), &detail).await?;
    tx.wake();
    tx.commit().await?;
    Ok(())
}
