//! What an indicator is of.

use std::{fmt, str::FromStr};

/// Declares the kinds once: variant, code in a set, name, sentence.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal $name:literal,)+) => {
        /// What an indicator is of.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The name, which stays.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// The number in a set, which stays.
            pub(crate) fn code(self) -> u8 {
                match self {
                    $(Self::$kind => $code,)+
                }
            }

            pub(crate) fn of_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$kind),)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// An IPv4 address.
    Ipv4 = 1 "ipv4",
    /// A network of IPv4 addresses.
    Ipv4Net = 2 "ipv4-net",
    /// An IPv6 address.
    Ipv6 = 3 "ipv6",
    /// A network of IPv6 addresses.
    Ipv6Net = 4 "ipv6-net",
    /// A domain name, alone.
    Domain = 5 "domain",
    /// A domain name with all names below it.
    DomainTree = 6 "domain-tree",
    /// A URL.
    Url = 7 "url",
    /// An e-mail address.
    Email = 8 "email",
    /// An MD5 hash of a file.
    Md5 = 9 "md5",
    /// A SHA-1 hash of a file.
    Sha1 = 10 "sha1",
    /// A SHA-256 hash of a file.
    Sha256 = 11 "sha256",
    /// A SHA-512 hash of a file.
    Sha512 = 12 "sha512",
    /// A JA3 fingerprint of a TLS client.
    Ja3 = 13 "ja3",
    /// A JA3S fingerprint of a TLS server.
    Ja3s = 14 "ja3s",
    /// A JA4 fingerprint of a TLS client.
    Ja4 = 15 "ja4",
    /// A JARM fingerprint of a TLS server.
    Jarm = 16 "jarm",
    /// The number of an autonomous system.
    Asn = 17 "asn",
    /// A Bitcoin address.
    Btc = 18 "btc",
    /// An Ethereum address.
    Eth = 19 "eth",
    /// A Monero address.
    Xmr = 20 "xmr",
    /// A Tron address.
    Trx = 21 "trx",
    /// The number of a vulnerability.
    Cve = 22 "cve",
    /// A file name without folders, or with some.
    FileName = 23 "file-name",
    /// The user agent of an HTTP client.
    UserAgent = 24 "user-agent",
    /// A key of the Windows registry.
    RegistryKey = 25 "registry-key",
    /// The name of a mutex.
    Mutex = 26 "mutex",
    /// A YARA rule. It is carried: in a set, but never looked for.
    Yara = 27 "yara",
    /// A Sigma rule, carried.
    Sigma = 28 "sigma",
    /// A STIX pattern that is no simple comparison, carried.
    StixPattern = 29 "stix-pattern",
}

impl Kind {
    /// Whether values are carried alone: a set keeps and lists them and never looks for them. Whoever
    /// can evaluate them does so by other means.
    pub fn is_carried(self) -> bool {
        matches!(self, Self::Yara | Self::Sigma | Self::StixPattern)
    }

    /// Whether values are octets that are written as hexadecimal digits and nothing else.
    pub(crate) fn is_hex(self) -> bool {
        matches!(
            self,
            Self::Md5
                | Self::Sha1
                | Self::Sha256
                | Self::Sha512
                | Self::Ja3
                | Self::Ja3s
                | Self::Jarm
        )
    }

    /// Whether values are free text, found by other rules than the rest.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::FileName | Self::UserAgent | Self::RegistryKey | Self::Mutex
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no kind.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is no kind of indicator")]
pub struct KindError(String);

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.name() == text)
            .ok_or_else(|| KindError(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_lead_back() {
        for &kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
        assert_eq!("ip".parse::<Kind>(), Err(KindError("ip".into())));
        assert_eq!(Kind::of_code(0), None);
    }
}
