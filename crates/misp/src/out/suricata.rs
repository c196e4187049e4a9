//! Attributes as rules of Suricata.

use std::fmt::Write as _;

use intel::events::model::Attribute;

/// Numbers of rules begin here, above those of the lists that are in use.
const SID: i64 = 4_000_000;

/// Writes the rules of an attribute, where its type can be seen on a network.
pub(super) fn rule(out: &mut String, row: &Attribute) {
    let parts = formats_misp::composite(&row.kind, &row.value);
    let (kind, value, port) = match (row.kind.as_str(), parts) {
        ("ip-dst|port" | "ip-src|port" | "hostname|port", Some([(kind, value), (_, port)])) => {
            (kind, value, port)
        }
        ("domain|ip", Some([(kind, value), _])) => (kind, value, "any"),
        (kind, _) => (kind, row.value.as_str(), "any"),
    };
    let value = value.trim();
    let is_port = port == "any" || port.parse::<u16>().is_ok();
    let is_address = value.split('/').next().is_some_and(|one| {
        let length = value
            .split_once('/')
            .is_none_or(|(_, bits)| bits.parse::<u8>().is_ok());
        one.parse::<std::net::IpAddr>().is_ok() && length
    });
    let head = match kind {
        "ip-dst" | "ip-src" if !is_address || !is_port => return,
        "ip-dst" => format!("alert ip $HOME_NET any -> {value} {port}"),
        "ip-src" => format!("alert ip {value} {port} -> $HOME_NET any"),
        "domain" | "hostname" => "alert dns $HOME_NET any -> any any".to_owned(),
        "url" | "uri" | "user-agent" => "alert http $HOME_NET any -> $EXTERNAL_NET any".to_owned(),
        _ => return,
    };
    let seen = match kind {
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
    };
    if value.is_empty() {
        return;
    }
    let _written = writeln!(
        out,
        "{head} (msg:\"MISP e{} {kind}: {}\";{seen} classtype:trojan-activity; sid:{}; rev:1; \
         priority:2;)",
        row.event,
        message(value),
        SID + row.id
    );
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(kind: &str, value: &str) -> String {
        let mut out = String::new();
        let row = Attribute {
            id: 7,
            event: 3,
            object: 0,
            slot: 1,
            uuid: uuid::Uuid::nil(),
            tlp: 1,
            kind: kind.to_owned(),
            category: "Network activity".to_owned(),
            relation: String::new(),
            value: value.to_owned(),
            to_ids: true,
            deleted: false,
            timestamp: 0,
            body: "{}".to_owned(),
            data: None,
        };
        rule(&mut out, &row);
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
