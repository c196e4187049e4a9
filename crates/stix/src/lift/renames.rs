//! What is called otherwise in STIX 2.1, or is no more.

/// Properties by type, the name in 2.0 and that in 2.1. The 2.0 text has both `encapsulates_by_ref`
/// and `encapsulated_by_ref`.
const RENAMED: [(&str, &str, &str); 11] = [
    ("directory", "created", "ctime"),
    ("directory", "modified", "mtime"),
    ("directory", "accessed", "atime"),
    ("file", "created", "ctime"),
    ("file", "modified", "mtime"),
    ("file", "accessed", "atime"),
    (
        "network-traffic",
        "encapsulates_by_ref",
        "encapsulated_by_ref",
    ),
    ("process", "created", "created_time"),
    ("process", "binary_ref", "image_ref"),
    (
        "user-account",
        "password_last_changed",
        "credential_last_changed",
    ),
    ("windows-registry-key", "modified", "modified_time"),
];

/// Properties by type or extension that 2.1 does not have.
const REMOVED: [(&str, &str); 7] = [
    ("file", "is_encrypted"),
    ("file", "encryption_algorithm"),
    ("file", "decryption_key"),
    ("process", "arguments"),
    ("archive-ext", "version"),
    ("raster-image-ext", "image_compression_algorithm"),
    ("socket-ext", "protocol_family"),
];

/// Properties by type that 2.0 does not have. What stands there in 2.0 is of one's own.
const NEW: [(&str, &[&str]); 15] = [
    ("attack-pattern", &["aliases"]),
    ("artifact", &["encryption_algorithm", "decryption_key"]),
    ("directory", &["ctime", "mtime", "atime"]),
    ("email-message", &["message_id"]),
    ("file", &["ctime", "mtime", "atime"]),
    ("identity", &["roles"]),
    (
        "indicator",
        &["indicator_types", "pattern_type", "pattern_version"],
    ),
    (
        "malware",
        &[
            "malware_types",
            "is_family",
            "aliases",
            "first_seen",
            "last_seen",
            "operating_system_refs",
            "architecture_execution_envs",
            "implementation_languages",
            "capabilities",
            "sample_refs",
        ],
    ),
    ("process", &["created_time", "image_ref"]),
    ("relationship", &["start_time", "stop_time"]),
    ("report", &["report_types"]),
    ("software", &["swid"]),
    (
        "threat-actor",
        &["threat_actor_types", "first_seen", "last_seen"],
    ),
    ("tool", &["tool_types", "aliases"]),
    ("user-account", &["credential", "credential_last_changed"]),
];

/// What is new in all objects, or in all observables.
const NEW_IN_ALL: [&str; 4] = ["confidence", "lang", "extensions", "defanged"];

/// The name in 2.1 of a property of this type or extension, if it has another.
pub(super) fn renamed(owner: &str, name: &str) -> Option<&'static str> {
    RENAMED
        .iter()
        .find(|(of, old, _)| *of == owner && *old == name)
        .map(|(_, _, new)| *new)
}

/// Whether 2.1 has this property no longer.
pub(super) fn is_removed(owner: &str, name: &str) -> bool {
    REMOVED.contains(&(owner, name))
}

/// Whether 2.1 gives a meaning to a property that 2.0 does not know.
pub(super) fn is_new(object_type: &str, name: &str) -> bool {
    NEW_IN_ALL.contains(&name)
        || NEW
            .iter()
            .any(|(of, names)| *of == object_type && names.contains(&name))
}

/// The name of one's own for what has none: `x_` and what §3.1 lets stand in names.
pub(super) fn custom_name(name: &str) -> String {
    const NAME_BYTES_MAX: usize = 250;
    let plain = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9') => c,
        _ => '_',
    };
    let clean: String = name.chars().map(plain).take(NAME_BYTES_MAX - 2).collect();
    if clean.starts_with("x_") {
        clean
    } else {
        format!("x_{clean}")
    }
}
