//! Mail: what came in is read, what goes out is written, and the servers between are spoken to.
//!
//! [`read`] turns the bytes of a mail into a [`Letter`], whoever wrote them; [`Outgoing`] is a mail
//! of ours, which cannot have a header that we did not mean; [`Imap`] and [`Smtp`] speak to the
//! operator's own servers; [`MailKey`] and [`SenderKey`] are OpenPGP's. Nothing here knows a
//! database or a policy: the register of incidents decides what becomes of a mail.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod address;
mod body;
mod bounds;
mod compose;
mod error;
mod imap;
mod line;
mod openpgp;
mod protection;
mod read;
mod server;
mod smtp;
mod verdict;

pub use address::{Address, AddressError, MessageId, Reference};
pub use compose::{Outgoing, encrypted};
pub use error::Error;
pub use imap::{Fetched, Imap, Selected};
pub use line::{Reached, Told};
pub use openpgp::{KeyError, MailKey, SenderKey};
pub use protection::{Protection, Signature};
pub use read::{Keys, Letter, Note, Part, Sender, TEXT_CHARS_MAX, read};
pub use server::{Login, Security, Server, ServerError};
pub use smtp::Smtp;

/// The longest mail that is taken whole.
pub const MAIL_BYTES_MAX: usize = 16 << 20;
