//! Where URLs end, and what they are.

use std::fmt::Write as _;

use matcher::{Breadth, Kind, Value};

/// A URL of bytes that may be no text.
pub(super) fn parse_url(bytes: &[u8]) -> Option<Value> {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "%{byte:02X}").unwrap();
        }
    }
    Value::parse(Kind::Url, &text, Breadth::Any).ok()
}

pub(super) fn url_length(text: &[u8]) -> usize {
    let authority = text.windows(3).position(|three| three == b"://").unwrap() + 3;
    let stops = |byte: u8| byte <= b' ' || b"/?#\"'<>\\^`{|}\x7f".contains(&byte);
    let stop = (authority..text.len()).find(|&at| stops(text[at]));
    let stop = stop.unwrap_or(text.len());
    let host = (authority..stop)
        .rfind(|&at| text[at] == b'@')
        .map_or(authority, |at| at + 1);
    let mut bracket_to = 0;
    if host < stop && text[host] == b'[' {
        let inside = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
        let close = (host + 1..stop).find(|&at| !inside(text[at]));
        if let Some(close) = close.filter(|&close| text[close] == b']') {
            bracket_to = close + 1;
        }
    }
    let ends = |at: &usize| {
        let byte = text[*at];
        byte <= b' '
            || b"\"'<>\\^`{|}\x7f".contains(&byte)
            || b"[]".contains(&byte) && *at >= bracket_to
    };
    (0..text.len()).find(ends).unwrap_or(text.len())
}

pub(super) fn core_length(url: &[u8]) -> usize {
    let mut end = url
        .iter()
        .position(|&byte| byte == b'#')
        .unwrap_or(url.len());
    loop {
        let text = &url[..end];
        let count = |wanted: u8| text.iter().filter(|&&byte| byte == wanted).count();
        match text.last() {
            Some(b'.' | b',' | b':' | b';' | b'!' | b'?') => end -= 1,
            Some(b')') if count(b')') > count(b'(') => end -= 1,
            _ => return end,
        }
    }
}
