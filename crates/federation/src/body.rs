//! The plaintext of a message's body.
//!
//! It begins with a copy of the header's names, so that a ciphertext cannot be put under another
//! header, and holds the salts of all commitments, so that whoever holds the plaintext can prove it
//! to a third party. What the kind asks for stands under `content` and is not looked at here.

use seal::commitment::Salt;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{ATTACHMENTS_MAX, Header, HeaderCopy, HeaderError};

/// The longest plaintext of a body, in bytes.
pub const BODY_BYTES_MAX: usize = 255 * 1024;
/// The longest name of an attachment, in characters.
const NAME_CHARS_MAX: usize = 200;
/// The longest media type, in bytes.
const MEDIA_TYPE_BYTES_MAX: usize = 100;

/// The plaintext of a body.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Body {
    /// What is repeated of the header.
    #[serde(flatten)]
    pub copy: HeaderCopy,
    /// The salts of the commitments: of the body first, then of the attachments in their order.
    pub salts: Vec<Salt>,
    /// What the attachments are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What the kind asks for.
    pub content: Value,
}

/// What an attachment is. Its digest and size are in the header, in the same order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Attachment {
    /// The file's name, without a folder.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
}

/// Why a plaintext is no body of its header.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BodyError {
    /// Longer than [`BODY_BYTES_MAX`].
    #[error("a body of {bytes} bytes; {BODY_BYTES_MAX} are allowed")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Not JSON of this shape.
    #[error("not a body: {detail}")]
    Malformed {
        /// What the parser says; it names places and no content.
        detail: String,
    },
    /// The copy in the body is not that of the header.
    #[error(transparent)]
    Copy(#[from] HeaderError),
    /// The header names another number of files than the body.
    #[error(
        "the header has {header} sealed files, the body salts for {salts} and names for {named}"
    )]
    Count {
        /// Files in the header.
        header: usize,
        /// Salts in the body.
        salts: usize,
        /// Attachments in the body, plus the body itself.
        named: usize,
    },
    /// An attachment's name or media type cannot be used.
    #[error("attachment {number}: {problem}")]
    Attachment {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Body {
    /// Reads the plaintext of a body and holds it against its header.
    pub fn parse(plaintext: &[u8], header: &Header) -> Result<Self, BodyError> {
        if plaintext.len() > BODY_BYTES_MAX {
            return Err(BodyError::TooLarge {
                bytes: plaintext.len(),
            });
        }
        let body: Self =
            serde_json::from_slice(plaintext).map_err(|error| BodyError::Malformed {
                // The parser's words may quote a value; the category and place do not.
                detail: format!(
                    "{:?} at line {}, column {}",
                    error.classify(),
                    error.line(),
                    error.column()
                ),
            })?;
        header.check(&body.copy)?;
        let named = body.attachments.len() + 1;
        if header.sealed.len() != body.salts.len() || header.sealed.len() != named {
            return Err(BodyError::Count {
                header: header.sealed.len(),
                salts: body.salts.len(),
                named,
            });
        }
        check_attachments(&body.attachments)?;
        Ok(body)
    }

    /// The plaintext.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BodyError> {
        check_attachments(&self.attachments)?;
        let bytes = serde_json::to_vec(self).map_err(|error| BodyError::Malformed {
            detail: format!("{:?}", error.classify()),
        })?;
        if bytes.len() > BODY_BYTES_MAX {
            return Err(BodyError::TooLarge { bytes: bytes.len() });
        }
        Ok(bytes)
    }
}

fn check_attachments(attachments: &[Attachment]) -> Result<(), BodyError> {
    let at = |number: usize, problem| BodyError::Attachment {
        number: number + 1,
        problem,
    };
    if attachments.len() > ATTACHMENTS_MAX {
        return Err(at(ATTACHMENTS_MAX, "there are too many"));
    }
    for (number, attachment) in attachments.iter().enumerate() {
        attachment.check().map_err(|problem| at(number, problem))?;
    }
    Ok(())
}

impl Attachment {
    /// Whether name and media type can travel; if not, what is wrong with them.
    pub fn check(&self) -> Result<(), &'static str> {
        let name = &self.name;
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err("its name is empty or too long");
        }
        // Control and direction marks make one name look like another.
        let misleading = |c: char| {
            c.is_control()
                || matches!(c, '/' | '\\' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if name.contains(misleading) || name == "." || name == ".." {
            return Err("its name has a character that no file name may have");
        }
        let media_type = &self.media_type;
        let plain = media_type
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if media_type.len() > MEDIA_TYPE_BYTES_MAX || !plain || !media_type.contains('/') {
            return Err("its media type is not one");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, media_type: &str) -> Vec<Attachment> {
        vec![Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
        }]
    }

    #[test]
    fn names_that_could_mislead_are_refused() {
        for name in ["", "..", "a/b", "a\\b", "invoice\u{202e}fdp.exe", "a\0b"] {
            assert!(
                check_attachments(&named(name, "text/plain")).is_err(),
                "{name:?}"
            );
        }
        assert_eq!(
            check_attachments(&named("تقرير 报告.pdf", "application/pdf")),
            Ok(())
        );
    }

    #[test]
    fn a_media_type_is_one() {
        for media_type in ["", "pdf", "text/plain\r\nX: y"] {
            assert!(
                check_attachments(&named("a", media_type)).is_err(),
                "{media_type:?}"
            );
        }
    }
}
