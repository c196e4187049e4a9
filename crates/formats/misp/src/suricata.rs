//! Values as rules of Suricata.

use std::fmt::Write as _;

/// A value that becomes a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen<'v> {
    /// Its type, as MISP names it.
    pub kind: &'v str,
    /// The value.
    pub value: &'v str,
    /// What the message of the rule begins with.
    pub about: &'v str,
    /// The number of the rule; no two rules of a file may have the same.
    pub sid: u32,
}

/// Writes the rule of a value, where its type can be seen on a network. False where it cannot.
pub fn rule(out: &mut String, seen: &Seen<'_>) -> bool {
    let parts = crate::composite(seen.kind, seen.value);
    let (kind, value, port) = match (seen.kind, parts) {
        ("ip-dst|port" | "ip-src|port" | "hostname|port", Some([(kind, value), (_, port)])) => {
            (kind, value, port)
        }
        ("domain|ip", Some([(kind, value), _])) => (kind, value, "any"),
        (kind, _) => (kind, seen.value, "any"),
    };
    let value = value.trim();
    let is_port = port == "any" || port.parse::<u16>().is_ok();
    let head = match kind {
        _ if value.is_empty() => return false,
        "ip-dst" | "ip-src" if !is_address(value) || !is_port => return false,
        "ip-dst" => format!("alert ip $HOME_NET any -> {value} {port}"),
        "ip-src" => format!("alert ip {value} {port} -> $HOME_NET any"),
        "domain" | "hostname" => "alert dns $HOME_NET any -> any any".to_owned(),
        "url" | "uri" | "user-agent" => "alert http $HOME_NET any -> $EXTERNAL_NET any".to_owned(),
        _ => return false,
    };
    // Writing into a string cannot fail.
    let _written = writeln!(
        out,
        "{head} (msg:\"{} {kind}: {}\";{} classtype:trojan-activity; sid:{}; rev:1; priority:2;)",
        about(seen.about),
        message(value),
        options(kind, value),
        seen.sid
    );
    true
}

fn is_address(value: &str) -> bool {
    let length = value
        .split_once('/')
        .is_none_or(|(_, bits)| bits.parse::<u8>().is_ok());
    let address = value.split('/').next().unwrap_or_default();
    length && address.parse::<std::net::IpAddr>().is_ok()
}

/// What is looked for in the traffic.
fn options(kind: &str, value: &str) -> String {
    match kind {
        "domain" => format!(
            " dns.query; content:\"{}\"; nocase; endswith;",
            content(value)
        ),
        "hostname" => format!(
            " dns.query; content:\"{}\"; nocase; bsize:{};",
            content(value),
            value.len()
        ),
        "url" | "uri" => {
            let path = value.split_once("://").map_or(value, |(_, rest)| rest);
            let (host, path) = path.find('/').map_or((path, ""), |at| path.split_at(at));
            let mut seen = String::new();
            if kind == "url" && !host.is_empty() {
                let _written = write!(
                    seen,
                    " http.host; content:\"{}\";",
                    content(&host.to_ascii_lowercase())
                );
            }
            let path = if kind == "uri" { value } else { path };
            if !path.is_empty() {
                let _written = write!(seen, " http.uri; content:\"{}\";", content(path));
            }
            seen
        }
        "user-agent" => format!(" http.user_agent; content:\"{}\";", content(value)),
        _ => String::new(),
    }
}

/// Bytes of a content: what means something in a rule, or is not plain, stands in hexadecimal.
fn content(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b" .-_/?&=%+~#@!*(),[]{}<>^$'".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            let _written = write!(out, "|{byte:02X}|");
        }
    }
    out
}

/// A text for people, in which nothing ends the rule.
fn message(value: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | ';' | '\\' | '|' | ':');
    let text = value.chars().take(120);
    text.map(|c| if plain(c) { c } else { '_' }).collect()
}

/// The same with its blanks.
fn about(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(message).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(kind: &str, value: &str) -> String {
        let mut out = String::new();
        let seen = Seen {
            kind,
            value,
            about: "MISP e3",
            sid: 7,
        };
        assert_eq!(rule(&mut out, &seen), !out.is_empty());
        out
    }

    #[test]
    fn a_value_cannot_end_its_rule() {
        let rule = rules("user-agent", "a\"; drop; \\|x");
        assert_eq!(rule.matches('\n').count(), 1);
        assert!(
            rule.contains("content:\"a|22||3B| drop|3B| |5C||7C|x\";"),
            "{rule}"
        );
        assert_eq!(rules("ip-dst", "any any (msg:x;)"), "");
        assert_eq!(rules("md5", "00"), "");
    }

    #[test]
    fn rules_say_what_is_seen_where() {
        let rule = rules("ip-dst|port", "198.51.100.7|443");
        assert!(
            rule.starts_with("alert ip $HOME_NET any -> 198.51.100.7 443 (msg:"),
            "{rule}"
        );
        assert!(rules("domain", "evil.example").contains("dns.query; content:\"evil.example\";"));
        let rule = rules("url", "http://evil.example/a");
        assert!(
            rule.contains("http.host; content:\"evil.example\"; http.uri; content:\"/a\";"),
            "{rule}"
        );
    }
}
