//! What stands within objects of every family.

use super::rules;
use crate::{
    Id,
    schema::{Hashes, List, Rule, Url, nested},
};

nested! {
    /// Where more is found outside STIX (STIX 2.1 §2.5).
    ExternalReference "external-reference", "2.5" {
        required {
            /// Whose it is: `cve`, `mitre-attack`.
            source_name: String,
        }
        optional {
            /// What it is.
            description: String,
            /// Where it is.
            url: Url,
            /// The digests of what `url` leads to.
            hashes: Hashes,
            /// What it is called there: `CVE-2017-0144`.
            external_id: String,
        }
    }
    rules [
        Rule::AtLeastOne(&["description", "url", "external_id"]),
        Rule::Code(rules::external_reference),
    ]
}

nested! {
    /// A phase of an attack (STIX 2.1 §2.11).
    KillChainPhase "kill-chain-phase", "2.11" {
        required {
            /// Whose model: `lockheed-martin-cyber-kill-chain`.
            kill_chain_name: String,
            /// The phase in it: `exploitation`.
            phase_name: String,
        }
    }
}

nested! {
    /// A marking, or a language, of parts of an object (STIX 2.1 §7.2.3).
    GranularMarking "granular-marking", "7.2.3" {
        required {
            /// The parts, each as a path such as `description` or `labels.[0]`.
            selectors: List<String>,
        }
        optional {
            /// The language of the parts (RFC 5646).
            lang: String,
            /// The marking of the parts.
            marking_ref: Id => ["marking-definition"],
        }
    }
    rules [
        Rule::AtLeastOne(&["lang", "marking_ref"]),
        Rule::AtMostOne(&["lang", "marking_ref"]),
    ]
}
