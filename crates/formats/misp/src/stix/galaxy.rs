//! Which type of STIX the clusters of a galaxy are.

/// The type, by the galaxy's; nothing where it is none of STIX.
pub(super) fn stix_type(galaxy: &str) -> Option<&'static str> {
    const TYPES: &[&str] = &[
        "attack-pattern",
        "campaign",
        "course-of-action",
        "intrusion-set",
        "malware",
        "threat-actor",
        "tool",
        "vulnerability",
    ];
    // Those of MITRE are `mitre-attack-pattern`, ours for foreign ones `stix-2.1-malware`.
    let by_name = TYPES.iter().copied().find(|name| {
        let before = galaxy.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with('-'))
    });
    by_name.or_else(|| {
        Some(match galaxy {
            "android" | "backdoor" | "banker" | "botnet" | "cryptominers" | "malpedia"
            | "ransomware" | "stealer" => "malware",
            "exploit-kit" | "rat" | "tds" => "tool",
            "microsoft-activity-group" => "threat-actor",
            "country" => "location",
            "sector" => "identity",
            _ => return None,
        })
    })
}

/// The galaxy of an object that was none before.
pub(super) fn foreign(stix_type: &str) -> Option<String> {
    let known = self::stix_type(stix_type) == Some(stix_type);
    known.then(|| format!("stix-2.1-{stix_type}"))
}

/// Whether objects of this type have the property `aliases`.
pub(super) fn has_aliases(stix_type: &str) -> bool {
    matches!(
        stix_type,
        "attack-pattern" | "campaign" | "intrusion-set" | "malware" | "threat-actor" | "tool"
    )
}
