//! What a CPE name and a package URL say.

/// Maker, product and version of a CPE name: 2.3 formatted strings and 2.2 URIs.
pub(super) fn cpe(name: &str) -> Option<(String, String, String)> {
    let (parts, is_uri) = if let Some(rest) = name.strip_prefix("cpe:2.3:") {
        (unescaped(rest), false)
    } else {
        let rest = name.strip_prefix("cpe:/")?;
        (rest.split(':').map(decoded).collect::<Option<_>>()?, true)
    };
    let part = parts.first()?;
    let right = if is_uri {
        (3..=7).contains(&parts.len())
    } else {
        parts.len() == 11
    };
    if !right || !matches!(part.as_str(), "a" | "o" | "h" | "*") {
        return None;
    }
    let at = |place: usize| {
        let text = parts.get(place).map_or("", String::as_str);
        if matches!(text, "*" | "-") {
            String::new()
        } else {
            text.replace('_', " ")
        }
    };
    let (vendor, product) = (at(1), at(2));
    (!product.is_empty()).then(|| (vendor, product, at(3).replace(' ', "_")))
}

/// The parts between colons, without the backslashes before signs.
fn unescaped(text: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut chars = text.chars();
    while let Some(one) = chars.next() {
        match one {
            '\\' => part.extend(chars.next()),
            ':' => parts.push(std::mem::take(&mut part)),
            _ => part.push(one),
        }
    }
    parts.push(part);
    parts
}

/// Maker, product and version of a package URL.
pub(super) fn purl(text: &str) -> Option<(String, String, String)> {
    let rest = text.strip_prefix("pkg:")?.trim_start_matches('/');
    let rest = rest.split(['?', '#']).next()?;
    let (rest, version) = match rest.rsplit_once('@') {
        Some((rest, version)) if !rest.ends_with('/') && !rest.is_empty() => (rest, version),
        _ => (rest, ""),
    };
    let (kind, path) = rest.split_once('/')?;
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '+' | '-');
    if kind.is_empty() || !kind.chars().all(plain) {
        return None;
    }
    let (namespace, name) = path
        .trim_matches('/')
        .rsplit_once('/')
        .unwrap_or(("", path));
    let name = decoded(name.trim_matches('/'))?;
    (!name.is_empty()).then_some((decoded(namespace)?, name, decoded(version)?))
}

/// A text without its percent signs.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
