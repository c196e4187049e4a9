//! What OpenPGP protects is opened, and signatures are judged.

use std::io::Read as _;

use kernel::Timestamp;
use pgp::{
    composed::{CleartextSignedMessage, Deserializable as _, DetachedSignature, Message},
    packet::Signature as Packet,
    types::{Duration as PgpDuration, KeyDetails as _, Password, Timestamp as PgpTime},
};

use crate::{
    Address, MAIL_BYTES_MAX, MailKey, SenderKey, Signature,
    openpgp::{Part, pgp_time},
};

/// So many layers of compression are unpacked.
const LAYERS_MAX: usize = 2;
/// So many signatures of one mail are looked at.
const SIGNATURES_MAX: usize = 8;
/// How far another clock may be ahead of ours, in seconds.
const SKEW: u32 = 24 * 60 * 60;

/// What was in an OpenPGP message.
pub(crate) struct Opened {
    pub(crate) text: Vec<u8>,
    pub(crate) was_encrypted: bool,
    pub(crate) signature: Verdict,
}

/// What became of a signature, before it is asked who the mail says it is from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    None,
    Unverified,
    Good(Address),
    Wrong,
}

/// What a message in ASCII armor holds. Nothing that failed its check comes out.
pub(crate) fn open(
    armored: &[u8],
    own: Option<&MailKey>,
    senders: &[SenderKey],
    now: Timestamp,
) -> Option<Opened> {
    let (mut message, _) = Message::from_armor(armored).ok()?;
    let was_encrypted = message.is_encrypted();
    if was_encrypted {
        message = message.decrypt(&Password::empty(), &own?.0).ok()?;
    }
    for _ in 0..LAYERS_MAX {
        if message.is_compressed() {
            message = message.decompress().ok()?;
        }
    }
    let max = u64::try_from(MAIL_BYTES_MAX).unwrap_or(u64::MAX);
    let mut text = Vec::new();
    // One byte more than is taken, so that what is too long is not mistaken for what ends there.
    (&mut message).take(max + 1).read_to_end(&mut text).ok()?;
    if text.len() > MAIL_BYTES_MAX {
        return None;
    }
    let mut verdict = Verdict::None;
    if let Message::Signed { reader, .. } = &message {
        for at in 0..reader.num_signatures().min(SIGNATURES_MAX) {
            let found = reader
                .signature(at)
                .map_or(Verdict::Unverified, |signature| {
                    judge(signature, senders, now, |key| {
                        key.fits_message(&message, at)
                    })
                });
            verdict = verdict.or(found);
        }
    }
    Some(Opened {
        text,
        was_encrypted,
        signature: verdict,
    })
}

/// What a signature that stands beside its text is worth.
pub(crate) fn check_detached(
    texts: &[Vec<u8>],
    armored: &[u8],
    senders: &[SenderKey],
    now: Timestamp,
) -> Verdict {
    let Ok((signature, _)) = DetachedSignature::from_armor_single(armored) else {
        return Verdict::Unverified;
    };
    let signature = &signature.signature;
    judge(signature, senders, now, |key| {
        texts.iter().any(|text| key.fits_bytes(signature, text))
    })
}

/// The text of a message that is signed in place, and what its signature is worth.
pub(crate) fn check_cleartext(
    text: &str,
    senders: &[SenderKey],
    now: Timestamp,
) -> Option<(String, Verdict)> {
    let (message, _) = CleartextSignedMessage::from_string(text).ok()?;
    let signed = message.signed_text();
    let mut verdict = Verdict::Unverified;
    for signature in message.signatures().iter().take(SIGNATURES_MAX) {
        verdict = verdict.or(judge(signature, senders, now, |key| {
            key.fits_bytes(signature, signed.as_bytes())
        }));
    }
    Some((signed, verdict))
}

fn judge(
    signature: &Packet,
    senders: &[SenderKey],
    now: Timestamp,
    fits: impl Fn(&Part<'_>) -> bool,
) -> Verdict {
    let mut verdict = Verdict::Unverified;
    for sender in senders {
        for key in sender
            .signers()
            .iter()
            .filter(|key| key.is_named_by(signature))
        {
            if is_current(signature, sender, now) && fits(key) {
                return Verdict::Good(sender.address.clone());
            }
            verdict = Verdict::Wrong;
        }
    }
    verdict
}

/// Whether neither the signature nor the key has run out.
fn is_current(signature: &Packet, sender: &SenderKey, now: Timestamp) -> bool {
    let now = pgp_time(now).as_secs();
    let Some(made) = signature.created().map(PgpTime::as_secs) else {
        return false;
    };
    // Zero stands for "never" (RFC 9580 §5.2.3.13).
    let is_over = |from: u32, lasts: u32, at: u32| lasts != 0 && from.saturating_add(lasts) < at;
    let runs_out = signature
        .signature_expiration_time()
        .map_or(0, PgpDuration::as_secs);
    let selves = sender
        .key
        .details
        .users
        .iter()
        .flat_map(|user| &user.signatures);
    let newest = selves
        .chain(&sender.key.details.direct_signatures)
        .max_by_key(|of| of.created());
    let key_lasts = newest
        .and_then(Packet::key_expiration_time)
        .map_or(0, PgpDuration::as_secs);
    made <= now.saturating_add(SKEW)
        && !is_over(made, runs_out, now)
        && !is_over(sender.key.created_at().as_secs(), key_lasts, made)
}

impl Verdict {
    /// The better of two signatures of one text.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Good(address), _) | (_, Self::Good(address)) => Self::Good(address),
            (Self::Wrong, _) | (_, Self::Wrong) => Self::Wrong,
            (Self::Unverified, _) | (_, Self::Unverified) => Self::Unverified,
            (Self::None, Self::None) => Self::None,
        }
    }

    /// Seen beside the address that the mail says it is from.
    pub(crate) fn beside(self, from: Option<&Address>) -> Signature {
        match self {
            Self::None => Signature::None,
            Self::Unverified => Signature::Unverified,
            Self::Wrong => Signature::Wrong,
            Self::Good(address) if from.is_some_and(|from| from.is_same(&address)) => {
                Signature::Good
            }
            Self::Good(address) => Signature::Other(address),
        }
    }
}
