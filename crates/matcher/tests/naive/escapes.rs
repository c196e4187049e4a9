//! The other reading of a record.

/// The bytes with escapes undone, and where each comes from.
pub(super) fn undo_escapes(bytes: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut out, mut places) = (Vec::new(), Vec::new());
    let hex = |from: usize, count: usize| {
        let digits = bytes.get(from..from + count)?;
        let text = str::from_utf8(digits).ok()?;
        let plain = digits.iter().all(u8::is_ascii_hexdigit);
        plain.then(|| u32::from_str_radix(text, 16).unwrap())
    };
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1).copied().unwrap_or(0);
        let (decoded, taken): (Vec<u8>, usize) = match (bytes[at], code) {
            (b'\\', b'\\' | b'/' | b'"') => (vec![code], 2),
            (b'\\', b'b' | b'f' | b'n' | b'r' | b't') => (vec![b' '], 2),
            (b'\\', b'x') if hex(at + 2, 2).is_some() => {
                (vec![u8::try_from(hex(at + 2, 2).unwrap()).unwrap()], 4)
            }
            (b'\\', b'u') if hex(at + 2, 4).is_some() => {
                let first = hex(at + 2, 4).unwrap();
                let second = (bytes.get(at + 6..at + 8) == Some(b"\\u"))
                    .then(|| hex(at + 8, 4))
                    .flatten();
                let units = [first, second.unwrap_or(0)].map(|unit| u16::try_from(unit).unwrap());
                let pair = char::decode_utf16(units).next().unwrap();
                let wide = pair.as_ref().is_ok_and(|letter| letter.len_utf16() == 2);
                let letter = pair.unwrap_or(char::REPLACEMENT_CHARACTER);
                (letter.to_string().into_bytes(), if wide { 12 } else { 6 })
            }
            (byte, _) => (vec![byte], 1),
        };
        for byte in decoded {
            out.push(byte);
            places.push(at);
        }
        at += taken;
    }
    places.push(at);
    (out, places)
}
