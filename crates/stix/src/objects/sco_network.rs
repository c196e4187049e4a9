//! The observable objects of STIX 2.1 §6 that stand on networks, and their extensions.

use super::{SocketAddressFamily, SocketType, rules};
use crate::{
    Id,
    schema::{
        Dictionary, Hashes, Hex, List, Natural, Port, Raw, Rule, Time, Url as UrlText, nested,
        object,
    },
};

object! {
    /// An autonomous system (STIX 2.1 §6.2).
    AutonomousSystem "autonomous-system", "6.2", Observable {
        required {
            /// Its number.
            number: i64,
        }
        optional {
            /// Its name.
            name: String,
            /// The registry that gave the number.
            rir: String,
        }
    }
    id ["number"]
}

object! {
    /// A domain name (STIX 2.1 §6.4).
    DomainName "domain-name", "6.4", Observable {
        required {
            /// The name.
            value: String,
        }
        optional {
            /// What it resolves to; deprecated, a relationship says it.
            resolves_to_refs: List<Id> => ["ipv4-addr", "ipv6-addr", "domain-name"],
        }
    }
    rules [Rule::Code(rules::domain_name)]
    id ["value"]
}

object! {
    /// One address of IP version 4, or a block of them (STIX 2.1 §6.8).
    Ipv4Address "ipv4-addr", "6.8", Observable {
        required {
            /// The address, or the block as CIDR writes it.
            value: String,
        }
        optional {
            /// The hardware that it leads to; deprecated, a relationship says it.
            resolves_to_refs: List<Id> => ["mac-addr"],
            /// Its autonomous systems; deprecated, a relationship says it.
            belongs_to_refs: List<Id> => ["autonomous-system"],
        }
    }
    rules [Rule::Code(rules::ipv4_address)]
    id ["value"]
}

object! {
    /// One address of IP version 6, or a block of them (STIX 2.1 §6.9).
    Ipv6Address "ipv6-addr", "6.9", Observable {
        required {
            /// The address, or the block as CIDR writes it.
            value: String,
        }
        optional {
            /// The hardware that it leads to; deprecated, a relationship says it.
            resolves_to_refs: List<Id> => ["mac-addr"],
            /// Its autonomous systems; deprecated, a relationship says it.
            belongs_to_refs: List<Id> => ["autonomous-system"],
        }
    }
    rules [Rule::Code(rules::ipv6_address)]
    id ["value"]
}

object! {
    /// A hardware address (STIX 2.1 §6.10).
    MacAddress "mac-addr", "6.10", Observable {
        required {
            /// Six octets in lower case between colons.
            value: String,
        }
    }
    rules [Rule::Code(rules::mac_address)]
    id ["value"]
}

object! {
    /// What went from one end of a connection to the other (STIX 2.1 §6.12).
    NetworkTraffic "network-traffic", "6.12", Observable {
        required {
            /// The protocols, the outermost first: `ipv4`, `tcp`, `http`.
            protocols: List<String>,
        }
        optional {
            /// When it began.
            start: Time,
            /// When it ended.
            end: Time,
            /// Whether it still goes on.
            is_active: bool,
            /// Where it came from.
            src_ref: Id => ["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"],
            /// Where it went.
            dst_ref: Id => ["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"],
            /// The port that it came from.
            src_port: Port,
            /// The port that it went to.
            dst_port: Port,
            /// Bytes from the source.
            src_byte_count: Natural,
            /// Bytes from the destination.
            dst_byte_count: Natural,
            /// Packets from the source.
            src_packets: Natural,
            /// Packets from the destination.
            dst_packets: Natural,
            /// Its IPFIX elements: numbers and texts.
            ipfix: Dictionary<Raw>,
            /// The bytes from the source.
            src_payload_ref: Id => ["artifact"],
            /// The bytes from the destination.
            dst_payload_ref: Id => ["artifact"],
            /// The traffic within it.
            encapsulates_refs: List<Id> => ["network-traffic"],
            /// The traffic that it is within.
            encapsulated_by_ref: Id => ["network-traffic"],
        }
    }
    rules [
        Rule::AtLeastOne(&["src_ref", "dst_ref"]),
        Rule::NotBefore("start", "end"),
        Rule::Code(rules::network_traffic),
    ]
    id [
        "start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions",
    ]
    extensions [
        &HttpRequestExt::SCHEMA,
        &IcmpExt::SCHEMA,
        &SocketExt::SCHEMA,
        &TcpExt::SCHEMA,
    ]
}

nested! {
    /// What traffic has more if it is an HTTP request (STIX 2.1 §6.12.2).
    HttpRequestExt "http-request-ext", "6.12.2", Extension {
        required {
            /// The method.
            request_method: String,
            /// What was asked for.
            request_value: String,
        }
        optional {
            /// The version of HTTP.
            request_version: String,
            /// The fields of the head, each with all its values.
            request_header: Dictionary<List<String>>,
            /// Bytes of the body.
            message_body_length: i64,
            /// The body.
            message_body_data_ref: Id => ["artifact"],
        }
    }
}

nested! {
    /// What traffic has more if it is ICMP (STIX 2.1 §6.12.3).
    IcmpExt "icmp-ext", "6.12.3", Extension {
        required {
            /// The type.
            icmp_type_hex: Hex,
            /// The code.
            icmp_code_hex: Hex,
        }
    }
}

nested! {
    /// What traffic has more if its socket is known (STIX 2.1 §6.12.4).
    SocketExt "socket-ext", "6.12.4", Extension {
        required {
            /// What addresses it speaks.
            address_family: SocketAddressFamily,
        }
        optional {
            /// Whether it waits.
            is_blocking: bool,
            /// Whether it listens.
            is_listening: bool,
            /// Its options by their names.
            options: Dictionary<i64>,
            /// How it speaks.
            socket_type: SocketType,
            /// Its descriptor.
            socket_descriptor: Natural,
            /// Its handle.
            socket_handle: i64,
        }
    }
    rules [Rule::Code(rules::socket)]
}

nested! {
    /// What traffic has more if it is TCP (STIX 2.1 §6.12.5).
    TcpExt "tcp-ext", "6.12.5", Extension {
        optional {
            /// All flags from the source.
            src_flags_hex: Hex,
            /// All flags from the destination.
            dst_flags_hex: Hex,
        }
    }
    rules [Rule::AtLeastOne(&["src_flags_hex", "dst_flags_hex"])]
}

object! {
    /// A URL (STIX 2.1 §6.15).
    Url "url", "6.15", Observable {
        required {
            /// The URL.
            value: UrlText,
        }
    }
    id ["value"]
}

object! {
    /// An X.509 certificate (STIX 2.1 §6.18).
    X509Certificate "x509-certificate", "6.18", Observable {
        optional {
            /// Whether its own key signed it.
            is_self_signed: bool,
            /// The digests of the whole certificate.
            hashes: Hashes,
            /// The version of X.509.
            version: String,
            /// Its number.
            serial_number: String,
            /// How it was signed.
            signature_algorithm: String,
            /// Who issued it.
            issuer: String,
            /// From when on it is valid.
            validity_not_before: Time,
            /// Until when it is valid.
            validity_not_after: Time,
            /// Whose it is.
            subject: String,
            /// What the key is for.
            subject_public_key_algorithm: String,
            /// The modulus of the key.
            subject_public_key_modulus: String,
            /// The exponent of the key.
            subject_public_key_exponent: i64,
            /// Its extensions.
            x509_v3_extensions: X509V3Extensions,
        }
    }
    rules [Rule::AtLeastOne(&[
        "is_self_signed", "hashes", "version", "serial_number", "signature_algorithm", "issuer",
        "validity_not_before", "validity_not_after", "subject", "subject_public_key_algorithm",
        "subject_public_key_modulus", "subject_public_key_exponent", "x509_v3_extensions",
    ])]
    id ["hashes", "serial_number"]
}

nested! {
    /// The extensions of an X.509 certificate, each in its own text form (STIX 2.1 §6.18.2).
    X509V3Extensions "x509-v3-extensions-type", "6.18.2" {
        optional {
            /// Whether it may issue others, and how deep.
            basic_constraints: String,
            /// What names it may issue for.
            name_constraints: String,
            /// What policies bind those below.
            policy_constraints: String,
            /// What the key may do.
            key_usage: String,
            /// What else the key may do.
            extended_key_usage: String,
            /// What names the subject's key.
            subject_key_identifier: String,
            /// What names the issuer's key.
            authority_key_identifier: String,
            /// Other names of the subject.
            subject_alternative_name: String,
            /// Other names of the issuer.
            issuer_alternative_name: String,
            /// More about the subject.
            subject_directory_attributes: String,
            /// Where to see whether it was revoked.
            crl_distribution_points: String,
            /// How deep any policy will do.
            inhibit_any_policy: String,
            /// From when on the private key may sign.
            private_key_usage_period_not_before: Time,
            /// Until when the private key may sign.
            private_key_usage_period_not_after: Time,
            /// The policies that it was issued under.
            certificate_policies: String,
            /// What policies count as the same.
            policy_mappings: String,
        }
    }
    rules [Rule::AtLeastOne(&[
        "basic_constraints",
        "name_constraints",
        "policy_constraints",
        "key_usage",
        "extended_key_usage",
        "subject_key_identifier",
        "authority_key_identifier",
        "subject_alternative_name",
        "issuer_alternative_name",
        "subject_directory_attributes",
        "crl_distribution_points",
        "inhibit_any_policy",
        "private_key_usage_period_not_before",
        "private_key_usage_period_not_after",
        "certificate_policies",
        "policy_mappings",
    ])]
}
