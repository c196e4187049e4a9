use kernel::{MessageId, PartyCode, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A digest of a set: how many things, and the sum of their hashes.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::TallyBody)]
pub struct TallyBody {
    /// How many.
    pub items: u64,
    /// The sum modulo 2^256, in hexadecimal.
    pub sum: String,
}

/// A peer in the list.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::PeerRowBody)]
pub struct PeerRowBody {
    /// Whose node.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// How many collections it is told of.
    pub outgoing: usize,
    /// How many it shares.
    pub incoming: usize,
    /// How many wait for a decision of this party.
    pub offered: usize,
    /// How many differ.
    pub differing: usize,
    /// How many removals it has not stated.
    pub unconfirmed: usize,
    /// How many messages of the whole traffic differ.
    pub gaps: usize,
}

/// The peers.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::PeersBody)]
pub struct PeersBody {
    /// By code.
    pub items: Vec<PeerRowBody>,
}

/// Everything about one peer.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::PeerBody)]
pub struct PeerBody {
    /// Whose node.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// All messages between the two.
    pub traffic: TrafficBody,
    /// What it is told of.
    pub outgoing: Vec<OutgoingBody>,
    /// What it shares.
    pub incoming: Vec<IncomingBody>,
}

/// All messages between two nodes.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::TrafficBody)]
pub struct TrafficBody {
    /// When the peer last answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub heard_at: Option<Timestamp>,
    /// Messages of this node that the peer gave a receipt for.
    pub sent: TallyBody,
    /// Messages of the peer that this node gave a receipt for.
    pub received: TallyBody,
    /// The messages in which the two differ, with how: `they_miss`, `we_miss`, `we_forgot`,
    /// `differs`.
    pub gaps: Vec<(String, String)>,
}

/// A collection of which a party is told.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::OutgoingBody)]
pub struct OutgoingBody {
    /// The share.
    pub id: String,
    /// The party.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The collection.
    pub collection: String,
    /// What it is called.
    pub title: String,
    /// `active`, `ended` or `declined`.
    pub state: String,
    /// The circle by which the party gets it.
    pub via: Option<String>,
    /// The number of the newest message.
    pub sequence: i64,
    /// What the party should hold.
    pub digest: TallyBody,
    /// What it stated that it holds.
    pub theirs: Option<TallyBody>,
    /// The newest message that it stated to have carried out.
    pub their_sequence: Option<i64>,
    /// `unknown`, `agrees`, `behind`, `since`, `waits`, `differs` or `not_known`.
    pub verdict: String,
    /// When the two were last compared.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub compared_at: Option<Timestamp>,
    /// The newest messages, newest first.
    pub sent: Vec<SentBody>,
    /// What differs.
    pub differences: Vec<DifferingBody>,
}

/// A message about a collection.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::SentBody)]
pub struct SentBody {
    /// Its number.
    pub sequence: i64,
    /// `share`, `remove` or `remove_all`.
    pub kind: String,
    /// The message.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// How many objects it gives or names.
    pub items: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// How its delivery stands.
    pub delivery: Option<String>,
    /// When the party stated that it removed what was named.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub confirmed_at: Option<Timestamp>,
    /// How many objects it says that it removed.
    pub removed: Option<i64>,
    /// What it says of those to whom it had passed them on: `nobody`, `asked` or `confirmed`.
    pub onward: Option<String>,
}

/// An object in which two sides differ.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::DifferingBody)]
pub struct DifferingBody {
    /// Its id.
    pub object: String,
    /// SHA-256 of its canonical form.
    pub sha256: String,
    /// `they_miss` or `they_keep`.
    pub difference: String,
    /// Since when that is known.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// A collection that a party shares.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::IncomingBody)]
pub struct IncomingBody {
    /// The share.
    pub id: String,
    /// Whose collection it is.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// Its id there.
    pub collection: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The strictest label that it takes there.
    pub ceiling: String,
    /// Whether it may be passed on, as far as labels let it.
    pub onward: bool,
    /// `offered`, `accepted`, `declined` or `ended`.
    pub state: String,
    /// The circle by which it comes.
    pub via: Option<String>,
    /// The root and the collection in which it is kept here.
    pub kept_in: Option<(String, String)>,
    /// The newest message that was carried out.
    pub sequence: i64,
    /// How many messages wait.
    pub waiting: usize,
    /// What is held here.
    pub digest: TallyBody,
    /// What its steward says should be held.
    pub stated: TallyBody,
    /// `agrees`, `waits` or `differs`.
    pub verdict: String,
    /// When the two were last compared.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub compared_at: Option<Timestamp>,
    /// What was given and is not kept.
    pub not_kept: Vec<UnkeptBody>,
}

/// An object that was given and is not kept.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::UnkeptBody)]
pub struct UnkeptBody {
    /// Its id.
    pub object: String,
    /// Its version.
    pub version: String,
    /// Why, such as `intel.ceiling`.
    pub code: String,
}

/// The decision to keep what a party shares.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = share::AcceptBody)]
pub struct AcceptBody {
    /// The strictest label that is kept, from GREEN to AMBER+STRICT.
    #[serde(default = "amber_strict")]
    pub ceiling: String,
}

/// Readers to be looked at.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = share::PreviewQueryBody)]
pub struct PreviewQueryBody {
    /// `party--CODE` or `circle--UUID`.
    pub readers: Vec<String>,
}

/// Who will see a collection.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::PreviewBody)]
pub struct PreviewBody {
    /// The parties that will get it.
    pub parties: Vec<ReachedBody>,
    /// What of it goes, by label.
    pub labels: Vec<LabelBody>,
}

/// A party that will get a collection.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::ReachedBody)]
pub struct ReachedBody {
    /// Which.
    #[schema(value_type = String)]
    pub party: PartyCode,
    /// The circle by which; null where the collection names it.
    pub via: Option<String>,
    /// False if it gets it already.
    pub new: bool,
    /// Why it gets nothing for the time being.
    pub waits: Option<String>,
}

/// What of a label goes.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::LabelBody)]
pub struct LabelBody {
    /// The label.
    pub tlp: String,
    /// How many versions of objects have it.
    pub versions: i64,
    /// Why they stay, such as `share.newer_stays`: the newest version of the object has a label that does
    /// not go; null for those that go.
    pub stays: Option<String>,
}

/// Who is told of a collection.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = share::SharedBody)]
pub struct SharedBody {
    /// By party.
    pub items: Vec<OutgoingBody>,
}

/// Whether a collection may be passed on.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = share::OnwardBody)]
pub struct OnwardBody {
    /// The version of the collection that the caller has seen.
    pub version: i64,
    /// Whether those who get it may pass it on.
    pub onward: bool,
}

fn amber_strict() -> String {
    kernel::Tlp::AmberStrict.to_string()
}
