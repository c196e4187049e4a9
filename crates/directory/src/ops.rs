//! What can be done with the directory.

mod contact;
mod keys;
mod look;
mod party;
mod peer;
mod transfer;

pub use contact::{NewContact, add_contact, edit_contact};
pub use keys::{Peer, accept_key_set, chain_in, peers_for_federation, renew};
pub use look::look;
pub use party::{contact_in, find_in, list_parties, read_in, read_party};
pub use peer::{OwnEntry, add_peer, own_card, remove_peer, set_addresses, set_trust, set_up_own};
pub use transfer::{TakenCard, export_cards, take_card};
