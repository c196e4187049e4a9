//! What a list calls the kinds of its values: in a type column, by the name of a column or a
//! member, and in MISP.

use std::{collections::HashMap, sync::LazyLock};

use matcher::Kind;

/// What a value is said to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// Nothing is said.
    Any,
    /// An address or a network, perhaps with a port.
    Address,
    /// A domain, or whatever stands where one is expected: an address, a name with a port.
    Domain,
    /// A single host.
    Host,
    /// A URL, perhaps without its scheme.
    Url,
    /// A hash of a file, by its length.
    Hash,
    /// A value of this kind.
    Kind(Kind),
}

/// What a word for a type says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Meaning {
    /// Values of this kind can be looked for.
    Wanted(Wanted),
    /// It is a STIX pattern.
    Pattern,
    /// It is a rule of this kind.
    Rule(&'static str),
    /// Values of this kind cannot be looked for, or say nothing alone.
    Context,
    /// The word is not known.
    Unknown,
}

/// Longer words name nothing.
const WORD_BYTES_MAX: usize = 64;

/// What a word for a type says: words of MISP, STIX, Zeek and common lists, in any case, whatever
/// stands between their letters and digits.
pub(super) fn meaning(word: &str) -> Meaning {
    let mut buffer = [0; WORD_BYTES_MAX];
    let Some(word) = plain(word, &mut buffer) else {
        return Meaning::Unknown;
    };
    MEANINGS.get(word).copied().unwrap_or(Meaning::Unknown)
}

/// What each word says.
static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
    let wanted = WANTED.iter().flat_map(|(wanted, words)| {
        let meaning = Meaning::Wanted(*wanted);
        words.iter().map(move |word| (*word, meaning))
    });
    let others = [
        ("yara", Meaning::Rule("yara")),
        ("yararule", Meaning::Rule("yara")),
        ("sigma", Meaning::Rule("sigma")),
        ("sigmarule", Meaning::Rule("sigma")),
        ("stix", Meaning::Pattern),
        ("stix2pattern", Meaning::Pattern),
        ("stixpattern", Meaning::Pattern),
    ];
    let context = CONTEXT.iter().map(|word| (*word, Meaning::Context));
    context.chain(others).chain(wanted).collect()
});

/// The letters and digits of a word, in lower case.
pub(super) fn plain<'b>(word: &str, buffer: &'b mut [u8; WORD_BYTES_MAX]) -> Option<&'b str> {
    let mut length = 0;
    for byte in word.bytes().filter(u8::is_ascii_alphanumeric) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    str::from_utf8(buffer.get(..length)?).ok()
}

const WANTED: &[(Wanted, &[&str])] = &[
    (
        Wanted::Address,
        &[
            "ip",
            "ipaddress",
            "ipaddr",
            "address",
            "addr",
            "ipv4",
            "ipv6",
            "ipv4address",
            "ipv6address",
            "ipv4addr",
            "ipv6addr",
            "ipsrc",
            "ipdst",
            "srcip",
            "dstip",
            "sourceip",
            "destinationip",
            "ipport",
            "ipsrcport",
            "ipdstport",
            "network",
            "net",
            "cidr",
            "subnet",
            "netblock",
            "ipv4net",
            "ipv6net",
            "ipv4cidr",
            "iprange",
            "inteladdr",
            "intelsubnet",
            "c2ip",
            "c2ipaddress",
        ],
    ),
    (
        Wanted::Domain,
        &[
            "domain",
            "domainname",
            "domains",
            "inteldomain",
            "domaintree",
            "dns",
            "baddomain",
        ],
    ),
    (
        Wanted::Host,
        &[
            "hostname",
            "host",
            "fqdn",
            "hostnameport",
            "dnsname",
            "server",
        ],
    ),
    (
        Wanted::Url,
        &[
            "url",
            "urls",
            "uri",
            "intelurl",
            "maliciousurl",
            "malwareurl",
            "phishingurl",
            "urlvalue",
        ],
    ),
    (
        Wanted::Hash,
        &[
            "hash",
            "hashes",
            "filehash",
            "intelfilehash",
            "checksum",
            "digest",
            "fileid",
        ],
    ),
    (
        Wanted::Kind(Kind::Email),
        &[
            "email",
            "emailaddress",
            "emailaddr",
            "mail",
            "emailsrc",
            "emaildst",
            "emailreplyto",
            "intelemail",
            "sender",
            "emailsender",
        ],
    ),
    (
        Wanted::Kind(Kind::Md5),
        &[
            "md5",
            "md5hash",
            "hashmd5",
            "filehashmd5",
            "filemd5",
            "filehashesmd5",
        ],
    ),
    (
        Wanted::Kind(Kind::Sha1),
        &[
            "sha1",
            "sha1hash",
            "hashsha1",
            "filehashsha1",
            "filesha1",
            "filehashessha1",
        ],
    ),
    (
        Wanted::Kind(Kind::Sha256),
        &[
            "sha256",
            "sha256hash",
            "hashsha256",
            "filehashsha256",
            "filesha256",
            "filehashessha256",
        ],
    ),
    (
        Wanted::Kind(Kind::Sha512),
        &[
            "sha512",
            "sha512hash",
            "hashsha512",
            "filehashsha512",
            "filesha512",
            "filehashessha512",
        ],
    ),
    (
        Wanted::Kind(Kind::Ja3),
        &[
            "ja3",
            "ja3md5",
            "ja3hash",
            "ja3fingerprint",
            "ja3fingerprintmd5",
        ],
    ),
    (
        Wanted::Kind(Kind::Ja3s),
        &["ja3s", "ja3sfingerprint", "ja3sfingerprintmd5"],
    ),
    (Wanted::Kind(Kind::Ja4), &["ja4", "ja4fingerprint"]),
    (Wanted::Kind(Kind::Jarm), &["jarm", "jarmfingerprint"]),
    (
        Wanted::Kind(Kind::Asn),
        &["asn", "as", "autonomoussystem", "asnumber"],
    ),
    (
        Wanted::Kind(Kind::Btc),
        &["btc", "bitcoin", "bitcoinaddress", "xbt"],
    ),
    (
        Wanted::Kind(Kind::Eth),
        &["eth", "ethereum", "ethereumaddress"],
    ),
    (Wanted::Kind(Kind::Xmr), &["xmr", "monero", "moneroaddress"]),
    (Wanted::Kind(Kind::Trx), &["trx", "tron", "tronaddress"]),
    (Wanted::Kind(Kind::Cve), &["cve", "cveid", "vulnerability"]),
    (
        Wanted::Kind(Kind::FileName),
        &["filename", "file", "intelfilename", "filepath"],
    ),
    (
        Wanted::Kind(Kind::UserAgent),
        &["useragent", "httpuseragent", "intelsoftware"],
    ),
    (
        Wanted::Kind(Kind::RegistryKey),
        &["regkey", "registrykey", "registry", "windowsregistrykey"],
    ),
    (Wanted::Kind(Kind::Mutex), &["mutex", "mutexname"]),
];

/// Types that are known and cannot be looked for alone.
const CONTEXT: &[&str] = &[
    "attachment",
    "authentihash",
    "campaignid",
    "comment",
    "cookie",
    "cpe",
    "dash",
    "datetime",
    "emailbody",
    "emailsubject",
    "hex",
    "httpmethod",
    "imphash",
    "link",
    "macaddress",
    "namedpipe",
    "other",
    "patterninfile",
    "patterninmemory",
    "patternintraffic",
    "pdb",
    "pehash",
    "phonenumber",
    "port",
    "sha224",
    "sha384",
    "sizeinbytes",
    "snort",
    "ssdeep",
    "suricata",
    "targetemail",
    "text",
    "threatactor",
    "tlsh",
    "value",
    "vhash",
    "whoisregistrantemail",
    "windowsscheduledtask",
    "windowsservicename",
    "x509fingerprintmd5",
    "x509fingerprintsha1",
    "x509fingerprintsha256",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_house_are_known() {
        for (word, wanted) in [
            ("ip-dst|port", Wanted::Address),
            ("IPv4", Wanted::Address),
            ("ipv4-addr", Wanted::Address),
            ("ip:port", Wanted::Address),
            ("Intel::ADDR", Wanted::Address),
            ("domain-name", Wanted::Domain),
            ("Intel::DOMAIN", Wanted::Domain),
            ("FQDN", Wanted::Host),
            ("FileHash-SHA256", Wanted::Kind(Kind::Sha256)),
            ("SHA-256", Wanted::Kind(Kind::Sha256)),
            ("sha256_hash", Wanted::Kind(Kind::Sha256)),
            ("file:hashes.MD5", Wanted::Kind(Kind::Md5)),
            ("Intel::FILE_HASH", Wanted::Hash),
            ("AS", Wanted::Kind(Kind::Asn)),
        ] {
            assert_eq!(meaning(word), Meaning::Wanted(wanted), "{word}");
        }
        assert_eq!(meaning("YARA"), Meaning::Rule("yara"));
        assert_eq!(meaning("stix2-pattern"), Meaning::Pattern);
        assert_eq!(meaning("pattern-in-file"), Meaning::Context);
        assert_eq!(meaning("botnet_cc"), Meaning::Unknown);
        assert_eq!(meaning(&"x".repeat(1_000)), Meaning::Unknown);
    }

    #[test]
    fn every_kind_has_its_own_name_as_a_word() {
        for kind in Kind::ALL {
            let meaning = meaning(kind.name());
            match meaning {
                Meaning::Wanted(_) => assert!(!kind.is_carried(), "{kind}"),
                Meaning::Rule(_) | Meaning::Pattern => assert!(kind.is_carried(), "{kind}"),
                Meaning::Context | Meaning::Unknown => panic!("{kind}"),
            }
        }
    }
}
