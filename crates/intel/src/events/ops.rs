//! What can be done with events.

mod browse;
mod change;
mod curtain;
mod delete;
mod detail;
mod exchange;
mod feed;
mod galaxy;
mod masks;
mod org;
mod part;
mod put;
mod refs;
mod relate;
mod search;
mod sight;
mod stix;
mod tag;
mod view;

pub use browse::{BROWSED_MAX, behind, newest, with_value};
pub use change::{publish, tag_with, untag};
pub use delete::{delete, delete_attribute, delete_object, restore};
pub use detail::{DETAILS_MAX, details, found_in, objects};
pub use exchange::{INDEX_MAX, changed, index, may_sync};
pub(crate) use feed::next_in;
pub use feed::{begin_feed, feed_event};
pub use galaxy::{
    CLUSTERS_PAGE_MAX, ClustersFrom, SeenCluster, SeenGalaxy, seen_cluster, seen_clusters,
    seen_galaxies,
};
pub use org::is_of_house as sees_house;
pub(crate) use org::{Hand, guest};
pub use org::{OWN_OWNER, org, orgs, own_org};
pub use part::{attribute, default_place, object, objects_by_id, place_of};
pub(crate) use put::{By, Given, Outlook, foresee_in, given, take_in};
pub use put::{EVENT_PARTS_MAX, extend, put};
pub use relate::{RELATED_MAX, related};
pub use search::{PAGE_MAX, attributes, attributes_after, events, events_after};
pub use sight::{SIGHTED_MAX, Said, sight, sightings, sightings_of};
pub use stix::mark;
pub(crate) use stix::{Expressing, Withdrawing, express_on, withdraw_on};
pub(crate) use tag::number_in;
pub use tag::{TAGS_PAGE_MAX, add_tag, tags};
pub use view::{Asking, Further, PARTS_PAGE_MAX, Parts, Seen, WholeObject, event, head, parts};
