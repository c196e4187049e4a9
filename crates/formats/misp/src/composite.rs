//! Values of two parts.

/// Types and values of the parts of a composite such as `domain|ip`; nothing where it is none, or the
/// value has not two parts.
///
/// A malware sample is a file name and an MD5 hash. The second part of `filename|…` is behind the
/// last bar, that of others behind the first; an old `ip-dst|port` may have a colon instead.
pub fn split<'t>(kind: &'t str, value: &'t str) -> Option<[(&'t str, &'t str); 2]> {
    let (first, second) = kinds(kind)?;
    let (left, right) = match (first, second) {
        ("filename", _) => value.rsplit_once('|'),
        (_, "port") => value.split_once('|').or_else(|| {
            let one_colon = value.bytes().filter(|byte| *byte == b':').count() == 1;
            value.split_once(':').filter(|_| one_colon)
        }),
        _ => value.split_once('|'),
    }?;
    Some([(first, left), (second, right)])
}

/// The types of both parts.
pub(crate) fn kinds(kind: &str) -> Option<(&str, &str)> {
    if kind == "malware-sample" {
        return Some(("filename", "md5"));
    }
    kind.split_once('|')
}
