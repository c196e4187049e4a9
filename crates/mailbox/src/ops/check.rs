use mail::{Imap, Smtp};

use super::fetch::tls;
use crate::{Error, Mailbox};

/// A step of the test, in the order in which they are done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The server of IMAP answers, over TLS where it has to.
    ImapConnect,
    /// It takes the name and the password.
    ImapLogin,
    /// It has the folder.
    ImapFolder,
    /// The server of SMTP answers, over TLS where it has to.
    SmtpConnect,
    /// It takes the name and the password.
    SmtpLogin,
}

/// Tries what the configuration says, and tells `done` of each step that works. Nothing is read or
/// sent.
pub async fn check(mailbox: &Mailbox, mut done: impl FnMut(Step)) -> Result<(), Error> {
    let settings = mailbox.settings()?;
    let tls = tls(mailbox, settings).await?;
    if let Some(server) = &settings.imap {
        let mut imap = Imap::connect(server, &tls).await?;
        done(Step::ImapConnect);
        if let Some(login) = &settings.login {
            imap.login(login).await?;
            done(Step::ImapLogin);
        }
        imap.select(&settings.folder).await?;
        done(Step::ImapFolder);
        imap.logout().await;
    }
    if let Some(server) = &settings.smtp {
        let mut smtp = Smtp::connect(server, &tls, settings.address.domain()).await?;
        done(Step::SmtpConnect);
        if let Some(login) = &settings.login {
            smtp.login(login).await?;
            done(Step::SmtpLogin);
        }
        smtp.quit().await;
    }
    Ok(())
}
