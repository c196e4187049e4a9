//! The objects of STIX 2.1, typed.
//!
//! Each is declared once: the declaration makes the type, what reads and writes it, and the
//! [`Schema`] that [`crate::check`] holds input to. Properties that the specification does not know
//! are kept in `custom` and written back as they came.

mod common;
mod contact;
mod custom;
mod incident;
mod meta;
mod observable_id;
mod parts;
mod rules;
mod rules_meta;
mod sco_files;
mod sco_hosts;
mod sco_network;
mod sdo_context;
mod sdo_threats;
mod vocabularies;

pub use common::{Common, Domain, Marking, Meta, Observable};
pub use contact::{
    ContactNumber, ContactNumberType, DigitalContactType, EmailContact, IDENTITY_CONTACT,
    IdentityContact, SocialMediaContact,
};
pub use custom::{Custom, CustomObject, Extensions, Observables};
pub use incident::{
    ActivityCondition, ActivityTransition, AssetType, AvailabilityImpact, ConfidentialityImpact,
    ConfidentialityLoss, DetectionMethod, EVENT, Event, EventEntry, EventSequenceEntry,
    EventStatus, EventType, ExternalImpact, ExternalImpactType, IMPACT, INCIDENT_CORE, Impact,
    IncidentCore, IncidentDetermination, IncidentScore, InformationType, IntegrityAlteration,
    IntegrityImpact, InvestigationStatus, MonetaryImpact, MonetaryImpactType, NewType,
    PhysicalImpact, PhysicalImpactType, Recoverability, StateChange, StateChangeType, TASK, Task,
    TaskEntry, TaskOutcome, TaskSequenceEntry, TaskType, TimestampFidelity, Traceability,
    TraceabilityImpact,
};
pub use meta::{
    ExtensionDefinition, LanguageContent, MarkingContent, MarkingDefinition, StatementMarking,
    TlpMarking,
};
pub use observable_id::observable_id;
pub use parts::{ExternalReference, GranularMarking, KillChainPhase};
pub use sco_files::{
    AlternateDataStream, ArchiveExt, Artifact, Directory, File, NtfsExt, PdfExt, RasterImageExt,
    WindowsPeBinaryExt, WindowsPeOptionalHeader, WindowsPeSection, WindowsRegistryKey,
    WindowsRegistryValue,
};
pub use sco_hosts::{
    EmailAddress, EmailMessage, EmailMimePart, Mutex, Process, Software, UnixAccountExt,
    UserAccount, WindowsProcessExt, WindowsServiceExt,
};
pub use sco_network::{
    AutonomousSystem, DomainName, HttpRequestExt, IcmpExt, Ipv4Address, Ipv6Address, MacAddress,
    NetworkTraffic, SocketExt, TcpExt, Url, X509Certificate, X509V3Extensions,
};
pub use sdo_context::{
    CourseOfAction, Grouping, Identity, Incident, Location, Note, ObservedData, Opinion,
    Relationship, Report, Sighting,
};
pub use sdo_threats::{
    AttackPattern, Campaign, Indicator, Infrastructure, IntrusionSet, Malware, MalwareAnalysis,
    ThreatActor, Tool, Vulnerability,
};
pub use vocabularies::{
    AccountType, AttackMotivation, AttackResourceLevel, EncryptionAlgorithm, ExtensionType,
    GroupingContext, HashAlgorithm, IdentityClass, ImplementationLanguage, IndicatorType,
    IndustrySector, InfrastructureType, MalwareCapability, MalwareResult, MalwareType,
    OpinionValue, PatternType, ProcessorArchitecture, Region, ReportType, SocketAddressFamily,
    SocketType, ThreatActorRole, ThreatActorSophistication, ThreatActorType, TlpLevel, ToolType,
    WindowsIntegrityLevel, WindowsPeBinaryType, WindowsRegistryDatatype, WindowsServiceStartType,
    WindowsServiceStatus, WindowsServiceType,
};

use crate::{
    Id,
    json::Value,
    schema::{Family, ReadError, Schema, Time, ValueType},
};

/// Declares [`Object`] and what finds a type by its name.
macro_rules! objects {
    ($($kind:ident $label:literal,)+) => {
        /// One object.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Object {
            $(#[doc = concat!("`", $label, "`")] $kind(Box<$kind>),)+
            /// Of a type that the specification does not know.
            Custom(CustomObject),
        }

        impl Object {
            /// The object that `value` is. Nothing of it is lost, whatever the specification knows.
            pub fn read(value: Value<'_>) -> Result<Self, ReadError> {
                let object_type = value.get("type").ok_or_else(|| ReadError::missing("type"))?;
                let object_type = ReadError::text(object_type).map_err(|e| e.within("type"))?;
                Ok(match object_type {
                    $($label => Self::$kind(Box::new($kind::read(value)?)),)+
                    other => Self::Custom(CustomObject::from_value(other, value)?),
                })
            }

            /// Appends it as JSON.
            pub fn write(&self, out: &mut String) {
                match self {
                    $(Self::$kind(object) => object.write(out),)+
                    Self::Custom(object) => out.push_str(object.as_json()),
                }
            }

            /// Its type.
            pub fn object_type(&self) -> &str {
                match self {
                    $(Self::$kind(_) => $label,)+
                    Self::Custom(object) => object.object_type(),
                }
            }

            /// What identifies it.
            pub fn id(&self) -> &Id {
                match self {
                    $(Self::$kind(object) => &object.common.id,)+
                    Self::Custom(object) => object.id(),
                }
            }

            /// The common properties, if the specification knows its type.
            pub fn common(&self) -> Option<Common<'_>> {
                Some(match self {
                    $(Self::$kind(object) => Common::from(&object.common),)+
                    Self::Custom(_) => return None,
                })
            }
        }

        $(impl From<$kind> for Object {
            fn from(object: $kind) -> Self {
                Self::$kind(Box::new(object))
            }
        })+

        /// What the specification says about objects of this type.
        pub fn schema_of(object_type: &str) -> Option<&'static Schema> {
            match object_type {
                $($label => Some(&$kind::SCHEMA),)+
                _ => None,
            }
        }

        /// What the specification says about objects, in its own order.
        pub fn schemas() -> &'static [&'static Schema] {
            &[$(&$kind::SCHEMA),+]
        }
    };
}

objects! {
    AttackPattern "attack-pattern",
    Campaign "campaign",
    CourseOfAction "course-of-action",
    Grouping "grouping",
    Identity "identity",
    Incident "incident",
    Indicator "indicator",
    Infrastructure "infrastructure",
    IntrusionSet "intrusion-set",
    Location "location",
    Malware "malware",
    MalwareAnalysis "malware-analysis",
    Note "note",
    ObservedData "observed-data",
    Opinion "opinion",
    Report "report",
    ThreatActor "threat-actor",
    Tool "tool",
    Vulnerability "vulnerability",
    Relationship "relationship",
    Sighting "sighting",
    Artifact "artifact",
    AutonomousSystem "autonomous-system",
    Directory "directory",
    DomainName "domain-name",
    EmailAddress "email-addr",
    EmailMessage "email-message",
    File "file",
    Ipv4Address "ipv4-addr",
    Ipv6Address "ipv6-addr",
    MacAddress "mac-addr",
    Mutex "mutex",
    NetworkTraffic "network-traffic",
    Process "process",
    Software "software",
    Url "url",
    UserAccount "user-account",
    WindowsRegistryKey "windows-registry-key",
    X509Certificate "x509-certificate",
    LanguageContent "language-content",
    MarkingDefinition "marking-definition",
    ExtensionDefinition "extension-definition",
}

impl Object {
    /// It as JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// When its first version was made; observables have none.
    pub fn created(&self) -> Option<&Time> {
        match self {
            Self::Custom(object) => object.created(),
            _ => self.common()?.created(),
        }
    }

    /// When this version was made; observables and marking definitions have no versions.
    pub fn modified(&self) -> Option<&Time> {
        match self {
            Self::Custom(object) => object.modified(),
            _ => self.common()?.modified(),
        }
    }
}

/// What the specification, or one of the extensions that this crate knows, says about the extension
/// of objects of this type under this key.
pub fn extension_schema(object_type: &str, key: &str) -> Option<&'static Schema> {
    match (object_type, key) {
        ("incident", INCIDENT_CORE) => Some(&IncidentCore::SCHEMA),
        ("identity", IDENTITY_CONTACT) => Some(&IdentityContact::SCHEMA),
        ("event", EVENT) | ("impact", IMPACT) | ("task", TASK) => Some(&NewType::SCHEMA),
        ("impact", _) => incident::impact_extension(key),
        _ => {
            let extensions = schema_of(object_type)?.extensions;
            extensions.iter().copied().find(|schema| schema.name == key)
        }
    }
}

/// What an extension that this crate knows says about an object of a type that it defines: of
/// `object_type`, with the extension among its `extensions`.
pub fn new_type_schema(object_type: &str, extensions: Value<'_>) -> Option<&'static Schema> {
    let (key, schema) = match object_type {
        "event" => (EVENT, &Event::SCHEMA),
        "impact" => (IMPACT, &Impact::SCHEMA),
        "task" => (TASK, &Task::SCHEMA),
        _ => return None,
    };
    extensions.get(key).map(|_| schema)
}

/// Whether a reference to an object of this type may stand where [`Property::targets`] are
/// `targets`: types, or `sdo`, `sro` and `sco` for all of a kind, which include types of others.
///
/// [`Property::targets`]: crate::schema::Property::targets
pub fn is_target(object_type: &str, targets: &[&str]) -> bool {
    targets
        .iter()
        .any(|target| *target == object_type || *target == kind_of(object_type))
        || (schema_of(object_type).is_none()
            && object_type != "bundle"
            && targets
                .iter()
                .any(|target| matches!(*target, "sdo" | "sro" | "sco")))
}

fn kind_of(object_type: &str) -> &'static str {
    match (
        object_type,
        schema_of(object_type).map(|schema| schema.family),
    ) {
        ("relationship" | "sighting", _) => "sro",
        (_, Some(Family::Domain)) => "sdo",
        (_, Some(Family::Observable)) => "sco",
        _ => "",
    }
}
