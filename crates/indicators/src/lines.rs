//! Lines of text, in memory bounded by the longest that is kept.

use std::io::BufRead;

use super::{ReadError, Reason};

/// Bytes of the longest line that is read: no value is as long.
pub(super) const LINE_BYTES_MAX: usize = 64 << 10;

/// Shows each line without its end, with its number from 1, where so many lines are before the input.
/// One that is too long is shown as such.
pub(super) fn each_line(
    input: &mut dyn BufRead,
    before: u64,
    mut look: impl FnMut(u64, Result<&[u8], Reason>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut number = before;
    // The beginning of a line whose end is not read yet.
    let mut begun: Vec<u8> = Vec::new();
    let mut too_long = false;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        let taken = buffer.len();
        let mut rest = buffer;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, behind) = rest.split_at(end);
            rest = behind.get(1..).unwrap_or_default();
            number += 1;
            if too_long || begun.len() + line.len() > LINE_BYTES_MAX {
                look(number, Err(Reason::LongLine(LINE_BYTES_MAX)))?;
            } else if begun.is_empty() {
                look(number, Ok(bare(line)))?;
            } else {
                begun.extend_from_slice(line);
                look(number, Ok(bare(&begun)))?;
            }
            begun.clear();
            too_long = false;
        }
        too_long |= begun.len() + rest.len() > LINE_BYTES_MAX;
        if !too_long {
            begun.extend_from_slice(rest);
        }
        input.consume(taken);
    }
    if too_long {
        look(number + 1, Err(Reason::LongLine(LINE_BYTES_MAX)))?;
    } else if !begun.is_empty() {
        look(number + 1, Ok(bare(&begun)))?;
    }
    Ok(())
}

/// Without the carriage return of other systems.
fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lines(text: &[u8], buffer_bytes: usize) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut seen = Vec::new();
        let mut input = BufReader::with_capacity(buffer_bytes, text);
        each_line(&mut input, 0, |number, line| {
            seen.push((number, line.ok().map(<[u8]>::to_vec)));
            Ok(())
        })
        .unwrap();
        seen
    }

    #[test]
    fn lines_are_the_same_wherever_the_buffer_ends() {
        let text = b"one\r\n\ntwo\nthree";
        let expected: Vec<_> = [b"one".to_vec(), vec![], b"two".to_vec(), b"three".to_vec()]
            .into_iter()
            .zip(1..)
            .map(|(line, number)| (number, Some(line)))
            .collect();
        for buffer_bytes in 1..20 {
            assert_eq!(lines(text, buffer_bytes), expected);
        }
        assert_eq!(lines(b"", 8), []);
        assert_eq!(lines(b"\n", 8), [(1, Some(vec![]))]);
    }

    #[test]
    fn a_long_line_is_one_that_is_passed_over() {
        let mut text = vec![b'x'; LINE_BYTES_MAX + 1];
        text.extend_from_slice(b"\nshort\n");
        text.extend(vec![b'y'; LINE_BYTES_MAX * 3]);
        let expected = [(1, None), (2, Some(b"short".to_vec())), (3, None)];
        for buffer_bytes in [7, 4096, 1 << 20] {
            assert_eq!(lines(&text, buffer_bytes), expected);
        }
    }
}
