//! What a mail may cost before it is taken apart.
//!
//! Parts and headers take many times the memory of their text, and a part inside a part is looked
//! for to the end of the mail. So the text is counted first, in one pass that allocates nothing:
//! lines of base64, in which large mails are large, become no headers and no parts.

/// Longest text besides base64. Of three bytes of it a header could be made.
const TEXT_BYTES_MAX: usize = 3 << 20;
/// Boundaries that are declared, which is as deep as parts can stand in parts.
const BOUNDARIES_MAX: usize = 60;
/// Lines that may be the beginning of a part.
const PARTS_MAX: usize = 4_000;
/// A line of base64 is at least so long, but for the last one.
const BASE64_LINE_MIN: usize = 40;
/// The longest header of a mail that is taken apart.
const HEAD_BYTES_MAX: usize = 256 << 10;

/// Whether a mail can be taken apart at a bounded cost.
pub(crate) fn is_simple(mail: &[u8]) -> bool {
    let nested = contains(mail, b"message/") || contains(mail, b"multipart/digest");
    let (mut text, mut boundaries, mut parts) = (0, 0, 0);
    for line in mail.split(|byte| *byte == b'\n') {
        let is_base64 = line.len() >= BASE64_LINE_MIN
            && line
                .trim_ascii_end()
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
        // A mail inside a mail may be in base64, and has headers in it.
        if nested || !is_base64 {
            text += line.len() + 1;
            boundaries += usize::from(contains(line, b"boundary"));
            parts += usize::from(line.starts_with(b"--"));
        }
        if text > TEXT_BYTES_MAX || boundaries > BOUNDARIES_MAX || parts > PARTS_MAX {
            return false;
        }
    }
    head(mail).len() < HEAD_BYTES_MAX
}

/// The header, or as much of it as is looked at.
pub(crate) fn head(mail: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        end += line.len();
        if end >= HEAD_BYTES_MAX {
            break;
        }
    }
    mail.get(..end.min(HEAD_BYTES_MAX)).unwrap_or_default()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_told_from_large_attachments() {
        let attachment = format!(
            "Subject: a\r\n\r\n{}",
            format!("{}\r\n", "QUJD".repeat(19)).repeat(100_000)
        );
        assert!(is_simple(attachment.as_bytes()));
        assert!(!is_simple(
            format!("Content-Type: message/rfc822\r\n{attachment}").as_bytes()
        ));
        let nested: String = (0..100)
            .flat_map(|at| {
                [
                    "--".to_owned(),
                    at.to_string(),
                    "\r\nBoundary=a\r\n\r\n".to_owned(),
                ]
            })
            .collect();
        assert!(!is_simple(nested.as_bytes()));
        assert!(!is_simple("a:\n".repeat(2 << 20).as_bytes()));
        assert!(!is_simple("a:\n".repeat(100_000).as_bytes()));
        assert!(!is_simple("--\n".repeat(5_000).as_bytes()));
        assert_eq!(head(b"a: b\r\nc: d\r\n\r\ne: f\r\n"), b"a: b\r\nc: d\r\n");
        assert_eq!(head(b""), b"");
    }
}
