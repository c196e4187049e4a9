use access::policy::Act;
use kernel::{MailId, Viewer, boxed, hex};
use mail::Letter;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    check_real, item,
    list::view,
    take::{Draft, send_off},
};
use crate::{
    Error, Mailbox,
    model::{Item, State},
    store,
};

/// The longest answer.
const TEXT_CHARS_MAX: usize = 50_000;

#[derive(Serialize)]
struct Answered {
    reference: String,
    text_sha256: String,
}

/// Answers a mail, which is settled by that. The answer goes to whom the mail names, with the
/// reference in its subject.
#[boxed]
pub async fn reply(
    mailbox: &Mailbox,
    viewer: &Viewer,
    id: MailId,
    text: &str,
) -> Result<Item, Error> {
    check_real(viewer, Act::MailAnswer)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > TEXT_CHARS_MAX {
        return Err(Error::Invalid {
            field: "text",
            rule: "1 to 50,000 characters",
        });
    }
    let settings = mailbox.settings()?;
    if settings.smtp.is_none() {
        return Err(Error::Unset {
            what: "server of SMTP",
        });
    }
    let shown = view(mailbox, viewer, id).await?;
    if !shown.item.is_incoming {
        return Err(Error::Ours);
    }
    let Letter {
        answer_to,
        id: answered,
        mut thread,
        ..
    } = shown.letter;
    let to = answer_to
        .filter(|to| !to.is_same(&settings.address))
        .ok_or(Error::NoReader)?;
    thread.extend(answered);
    let (reference, by) = (&shown.item.reference, viewer.label());
    let mut tx = mailbox.ground.db.begin().await?;
    let draft = Draft {
        to,
        subject: format!(
            "Re: [{reference}]{}",
            without(&shown.item.head.subject, reference.as_str())
        ),
        text: text.to_owned(),
        thread,
        reference,
        by: Some(&by),
        name: None,
    };
    let sent = send_off(&mut tx, mailbox, settings, draft).await?;
    store::advance(
        &mut tx,
        id,
        (State::New, State::Settled),
        (Some(&by), mailbox.ground.now()),
    )
    .await?;
    let answered = Answered {
        reference: reference.to_string(),
        text_sha256: hex(&Sha256::digest(text)),
    };
    audit::act(
        &mut tx,
        &mailbox.ground,
        viewer,
        "mail.answered",
        &id,
        &answered,
    )
    .await?;
    let row = store::find(&mut tx, sent).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    item(mailbox, row)
}

/// Says that a mail was dealt with. A second time changes nothing.
#[boxed]
pub async fn settle(mailbox: &Mailbox, viewer: &Viewer, id: MailId) -> Result<Item, Error> {
    check_real(viewer, Act::MailAnswer)?;
    let by = viewer.label();
    let mut tx = mailbox.ground.db.begin().await?;
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !row.incoming {
        return Err(Error::Ours);
    }
    let at = mailbox.ground.now();
    if store::advance(&mut tx, id, (State::New, State::Settled), (Some(&by), at)).await? {
        audit::act(&mut tx, &mailbox.ground, viewer, "mail.settled", &id, &()).await?;
    }
    let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    item(mailbox, row)
}

/// A subject without "Re:" and the reference, which stand before it anyway.
fn without(subject: &str, reference: &str) -> String {
    let subject = subject.replace(&format!("[{reference}]"), "");
    let mut rest = subject.trim();
    while let Some(after) = rest
        .get(..3)
        .filter(|re| re.eq_ignore_ascii_case("re:"))
        .and_then(|_| rest.get(3..))
    {
        rest = after.trim_start();
    }
    if rest.is_empty() {
        String::new()
    } else {
        format!(" {rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn a_subject_says_the_reference_once() {
        assert_eq!(
            without("Re: RE: [R-A] Help", "R-A"),
            " [R-A] Help".replace("[R-A] ", "")
        );
        assert_eq!(without("[R-A]", "R-A"), "");
        assert_eq!(without("医院", "R-A"), " 医院");
    }
}
