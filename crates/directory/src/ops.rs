//! What can be done with the directory.

mod circle;
mod contact;
mod keys;
mod look;
mod party;
mod peer;
mod transfer;

pub use circle::{
    Asked, CIRCLES_MAX, CircleCopy, CircleRequest, CircleView, HeldVersion, Issued, NewCircle,
    NewWish, REQUESTS_MAX, RefusedVersion, Wish, answer_in, ask_in, change_in, circle_in,
    circles_of_in, copy_in, create_in, decline_in, is_member_in, judge_in, judge_wish_in,
    list_circles, members_in, read_circle, read_version, sent_copy_in, sent_wish_in, take_in,
    take_wish_in, wish_in,
};
pub use contact::{NewContact, add_contact, edit_contact};
pub(crate) use keys::purpose;
pub use keys::{Peer, accept_key_set, chain_in, peers_for_federation, renew};
pub use look::look;
pub use party::{contact_in, find_in, list_parties, read_in, read_party};
pub use peer::{OwnEntry, add_peer, own_card, remove_peer, set_addresses, set_trust, set_up_own};
pub use transfer::{TakenCard, export_cards, take_card};
