//! What types of MISP attributes are.

use matcher::Kind;

const ADDRESSES: &[Kind] = &[Kind::Ipv4, Kind::Ipv4Net, Kind::Ipv6, Kind::Ipv6Net];
const DOMAINS: &[Kind] = &[
    Kind::Domain,
    Kind::Ipv4,
    Kind::Ipv4Net,
    Kind::Ipv6,
    Kind::Ipv6Net,
];

/// The kinds that values of a type, or of a part of a composite, can be of.
pub(crate) fn kinds(kind: &str) -> &'static [Kind] {
    match kind {
        "ip" | "ip-src" | "ip-dst" => ADDRESSES,
        "domain" | "hostname" | "onion-address" => DOMAINS,
        "url" | "uri" | "link" => &[Kind::Url],
        "email"
        | "email-src"
        | "email-dst"
        | "email-reply-to"
        | "target-email"
        | "whois-registrant-email"
        | "dns-soa-email" => &[Kind::Email],
        "md5" | "x509-fingerprint-md5" => &[Kind::Md5],
        "sha1" | "x509-fingerprint-sha1" => &[Kind::Sha1],
        "sha256" | "x509-fingerprint-sha256" => &[Kind::Sha256],
        "sha512" => &[Kind::Sha512],
        "ja3-fingerprint-md5" => &[Kind::Ja3],
        "jarm-fingerprint" => &[Kind::Jarm],
        "AS" => &[Kind::Asn],
        "btc" => &[Kind::Btc],
        "xmr" => &[Kind::Xmr],
        "vulnerability" => &[Kind::Cve],
        "filename" | "attachment" | "malware-sample" => &[Kind::FileName],
        "user-agent" | "http-user-agent" => &[Kind::UserAgent],
        "regkey" => &[Kind::RegistryKey],
        "mutex" => &[Kind::Mutex],
        _ => &[],
    }
}
