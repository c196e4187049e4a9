//! Bytes of a file as text.

use super::model::{FILE_BYTES_MAX, Remark, Why};

/// The text of a file: UTF-8, or UTF-16 with its mark.
pub fn text(bytes: &[u8]) -> Result<String, Remark> {
    if bytes.len() > FILE_BYTES_MAX {
        let detail = format!(
            "{} bytes; at most {FILE_BYTES_MAX} are taken in",
            bytes.len()
        );
        return Err(Remark::new("", Why::TooLarge, detail));
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))?,
    };
    if let Some(at) = text.find('\0') {
        let detail = format!("a zero byte at {at}: this is no text");
        return Err(Remark::new("", Why::Unreadable, detail));
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> Result<String, Remark> {
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let detail = format!("no UTF-8 at byte {at}: save the file as UTF-8");
        Remark::new("", Why::Unreadable, detail)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Remark> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let broken = || Remark::new("", Why::Unreadable, "no UTF-16: save the file as UTF-8");
    if !rest.is_empty() {
        return Err(broken());
    }
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map_err(|_alone| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_encodings_are_understood() {
        let arabic = "عنوان";
        let mut little = vec![0xff, 0xfe];
        little.extend(arabic.encode_utf16().flat_map(u16::to_le_bytes));
        let mut big = vec![0xfe, 0xff];
        big.extend(arabic.encode_utf16().flat_map(u16::to_be_bytes));
        let marked = format!("\u{feff}{arabic}");
        for bytes in [arabic.as_bytes(), marked.as_bytes(), &little, &big] {
            assert_eq!(text(bytes).unwrap(), arabic);
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        // Windows-1256.
        let refused = text(b"title\n\xda\xe4\xe6").unwrap_err();
        assert!(refused.detail.contains("byte 6"), "{refused}");
        assert!(text(b"a\0b").is_err());
        assert!(text(b"\xff\xfea").is_err());
        assert!(text(b"\xff\xfe\x00\xd8").is_err());
    }
}
