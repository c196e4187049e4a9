//! What can be done with the mailbox.

mod check;
mod fetch;
mod file;
mod list;
mod overview;
mod remind;
mod reply;
mod send;
mod take;
mod tell;
mod trust;

use std::sync::Arc;

use access::policy::{self, Act};
use db::Tx;
use kernel::{MailId, Mode, Viewer};
use mail::{Keys, Letter, MailKey, SenderKey};
use tokio::task::spawn_blocking;

use crate::{Error, Mailbox, model::Item, store};

pub use check::{Came, Step, Tried, check, test};
pub use fetch::{run, visit};
pub use file::{file, set_aside};
pub use list::{count_new, list, mail, matter, status, view, waiting, whole};
pub(crate) use overview::without_addresses;
pub use overview::{discard, overview, retry};
pub use remind::{Write, remind, remind_at, reminded_at};
pub use reply::{reply, settle};
pub use send::send;
pub use take::take;
pub use tell::tell;
pub use trust::{distrust, plan, public_key, trust, trusted};

/// The most keys of senders that are looked through.
const SENDERS_MAX: i64 = 2_000;
/// Mails are real: whoever looks at the exercise sees none.
const MODE: Mode = Mode::Real;

/// Whether this viewer may, and looks at what is real.
fn check_real(viewer: &Viewer, act: Act) -> Result<(), Error> {
    policy::check_house(viewer, act)?;
    if viewer.mode == MODE {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The keys with which mails are read.
#[derive(Clone)]
struct Ring {
    own: Option<MailKey>,
    senders: Arc<[SenderKey]>,
}

async fn ring(tx: &mut Tx, mailbox: &Mailbox) -> Result<Ring, Error> {
    let mut own = None;
    if let Some(settings) = mailbox.settings.as_deref() {
        let address = settings.address.as_str();
        if let Some((_, _, sealed)) = store::key(tx, address).await? {
            let opened = mailbox
                .data_key
                .open(&sealed, &key_place(address))
                .map_err(Error::Sealed)?;
            own = Some(MailKey::from_bytes(&opened).map_err(Error::Key)?);
        }
    }
    let trusted = store::trusted(tx, SENDERS_MAX).await?;
    // One that has become unusable, such as after a change of the library, is worth nothing.
    let senders = trusted
        .iter()
        .filter_map(|one| SenderKey::from_armored(one.address.parse().ok()?, &one.public_key).ok());
    Ok(Ring {
        own,
        senders: senders.collect(),
    })
}

/// Reads a mail where it keeps nobody waiting. If the reader panics, that is an error of this mail.
async fn read(mailbox: &Mailbox, ring: &Ring, mail: Vec<u8>) -> Result<(Vec<u8>, Letter), Error> {
    let (ring, now) = (ring.clone(), mailbox.ground.now());
    let read = spawn_blocking(move || {
        let keys = Keys {
            own: ring.own.as_ref(),
            senders: &ring.senders,
            now,
        };
        let letter = mail::read(&mail, &keys);
        (mail, letter)
    });
    read.await.map_err(Error::Reader)
}

fn item(mailbox: &Mailbox, row: store::Row) -> Result<Item, Error> {
    let id = MailId::from_uuid(row.id);
    let head = mailbox
        .data_key
        .open(&row.head, &head_place(id))
        .map_err(Error::Sealed)?;
    Ok(Item {
        reference: row.reference()?,
        state: row.state()?,
        id,
        is_incoming: row.incoming,
        at: kernel::Timestamp::from_micros(row.at),
        bytes: row.bytes,
        head: serde_json::from_slice(&head).map_err(Error::Record)?,
        by: row.by_whom,
        changed_at: kernel::Timestamp::from_micros(row.changed_at),
    })
}

fn key_place(address: &str) -> String {
    format!("mail.key/{address}")
}

fn head_place(id: MailId) -> String {
    format!("mail.head/{}", id.uuid())
}

fn mail_place(id: MailId) -> String {
    format!("mail.mail/{}", id.uuid())
}
