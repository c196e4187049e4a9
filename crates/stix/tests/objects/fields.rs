//! What the examples say arrives in the fields of their types.

use stix::{
    Timestamp,
    json::Document,
    objects::{
        Artifact, AttackPattern, AvailabilityImpact, Campaign, ConfidentialityImpact, Custom,
        EmailMessage, Event, EventStatus, EventType, ExtensionDefinition, ExtensionType,
        Extensions, File, INCIDENT_CORE, Identity, IdentityClass, Impact, Incident, IncidentCore,
        IncidentDetermination, Indicator, IndustrySector, LanguageContent, Location, Malware,
        MalwareCapability, MarkingContent, MarkingDefinition, MonetaryImpact, NetworkTraffic, Note,
        NtfsExt, Object, ObservedData, Opinion, OpinionValue, PatternType, Process, Relationship,
        Sighting, SocketAddressFamily, SocketExt, Task, TimestampFidelity, TlpLevel,
        UnixAccountExt, UserAccount, Vulnerability, WindowsIntegrityLevel, WindowsPeBinaryExt,
        WindowsProcessExt, WindowsRegistryDatatype, WindowsRegistryKey, X509Certificate,
        observable_id,
    },
    schema::ValueType,
};

use crate::examples::{canonical_text, example, read, typed};

#[test]
fn threats_have_their_fields() {
    let pattern: AttackPattern = typed("attack-pattern");
    assert_eq!(pattern.name, "Spear phishing");
    let reference = &pattern.common.external_references.unwrap()[0];
    assert_eq!(
        reference.hashes.as_ref().unwrap().get("MD5").unwrap().len(),
        32
    );
    assert_eq!(pattern.kill_chain_phases.unwrap()[0].phase_name, "delivery");
    assert_eq!(pattern.custom.get("x_house_rank"), Some("1.50"));
    let campaign: Campaign = typed("campaign");
    assert_eq!(
        campaign.last_seen.as_ref().unwrap().as_str(),
        "2016-01-08T12:50:40.123456Z"
    );
    assert!(campaign.first_seen.unwrap().moment() < campaign.last_seen.unwrap().moment());
    let indicator: Indicator = typed("indicator");
    assert_eq!(indicator.pattern_type, PatternType::Stix);
    assert_eq!(
        indicator.valid_from.moment(),
        Timestamp::parse("2016-01-01T00:00:00Z").unwrap()
    );
    assert_eq!(indicator.common.confidence.unwrap().0, 85);
    let markings = indicator.common.granular_markings.unwrap();
    assert_eq!(markings[0].selectors, ["name", "indicator_types.[0]"]);
    assert_eq!(markings[1].lang.as_deref(), Some("en"));
    let malware: Malware = typed("malware");
    assert!(malware.is_family);
    assert_eq!(malware.capabilities.unwrap(), [MalwareCapability::EvadesAv]);
    let vulnerability: Vulnerability = typed("vulnerability");
    let reference = &vulnerability.common.external_references.unwrap()[0];
    assert_eq!(reference.external_id.as_deref(), Some("CVE-2016-1234"));
}

#[test]
fn context_has_its_fields() {
    let identity: Identity = typed("identity");
    assert_eq!(identity.identity_class, Some(IdentityClass::Organization));
    let sectors = [
        IndustrySector::Healthcare,
        IndustrySector::Other("spa".into()),
    ];
    assert_eq!(identity.sectors.unwrap(), sectors);
    let location: Location = typed("location");
    assert_eq!(location.latitude.as_ref().unwrap().as_str(), "48.85660");
    assert!((location.longitude.unwrap().value() - -2.3522).abs() < 1e-9);
    let note: Note = typed("note");
    assert_eq!(
        note.abstract_text.as_deref(),
        Some("Where it was first seen")
    );
    let observed: ObservedData = typed("observed-data");
    assert_eq!(
        (
            observed.number_observed.0,
            observed.objects.unwrap().0.0.len()
        ),
        (50, 2)
    );
    let opinion: Opinion = typed("opinion");
    assert_eq!(opinion.opinion, OpinionValue::StronglyDisagree);
    let relationship: Relationship = typed("relationship");
    assert_eq!(relationship.target_ref.object_type(), "malware");
    let sighting: Sighting = typed("sighting");
    assert_eq!(
        (sighting.count.unwrap().0, sighting.summary),
        (50, Some(true))
    );
}

#[test]
fn meta_objects_have_their_fields() {
    let content: LanguageContent = typed("language-content");
    let (language, texts) = &content.contents.0[1];
    assert_eq!(
        (&**language, texts.0[0].1.as_json()),
        ("fr", "\"Attaque de banque\"")
    );
    let marking: MarkingDefinition = typed("marking-definition");
    let Some(Ok(MarkingContent::Tlp(tlp))) = marking.marking() else {
        panic!("{marking:?}")
    };
    assert_eq!(tlp.tlp, TlpLevel::Green);
    let definition: ExtensionDefinition = typed("extension-definition");
    assert_eq!(definition.extension_types.len(), 5);
    assert_eq!(
        definition.extension_types[3],
        ExtensionType::PropertyExtension
    );
}

#[test]
fn observables_have_their_fields() {
    let artifact: Artifact = typed("artifact");
    assert_eq!(
        artifact.url.unwrap().as_str(),
        "https://example.com/sample.zip"
    );
    let mail: EmailMessage = typed("email-message");
    assert_eq!(
        mail.body_multipart.unwrap()[0].body.as_deref(),
        Some("See below.")
    );
    assert_eq!(
        mail.additional_header_fields.unwrap().0[1].1,
        ["Mutt/1.5.23"]
    );
    let key: WindowsRegistryKey = typed("windows-registry-key");
    let types = key
        .values
        .unwrap()
        .into_iter()
        .map(|value| value.data_type.unwrap());
    let wanted = [
        WindowsRegistryDatatype::Sz,
        WindowsRegistryDatatype::DwordBigEndian,
    ];
    assert_eq!(types.collect::<Vec<_>>(), wanted);
    let certificate: X509Certificate = typed("x509-certificate");
    let extensions = certificate.x509_v3_extensions.unwrap();
    assert_eq!(extensions.key_usage.as_deref(), Some("keyCertSign"));
    let traffic: NetworkTraffic = typed("network-traffic");
    assert_eq!(
        (traffic.src_port.unwrap().0, traffic.dst_port.unwrap().0),
        (2487, 0)
    );
    assert_eq!(traffic.protocols, ["ipv4", "tcp", "http"]);
}

fn extension<T: ValueType>(extensions: Option<&Extensions>, key: &str) -> T {
    extensions.unwrap().get(key).unwrap().unwrap()
}

#[test]
fn predefined_extensions_are_typed() {
    let file: File = typed("file");
    let extensions = file.common.extensions.as_ref();
    let binary: WindowsPeBinaryExt = extension(extensions, "windows-pebinary-ext");
    assert_eq!(
        binary.optional_header.unwrap().magic_hex.unwrap().as_str(),
        "010b"
    );
    assert_eq!(
        binary.sections.unwrap()[0]
            .entropy
            .as_ref()
            .unwrap()
            .as_str(),
        "0.061089"
    );
    let ntfs: NtfsExt = extension(extensions, "ntfs-ext");
    assert_eq!(
        ntfs.alternate_data_streams.unwrap()[0].name,
        "second.stream"
    );
    let traffic: NetworkTraffic = typed("network-traffic");
    let socket: SocketExt = extension(traffic.common.extensions.as_ref(), "socket-ext");
    assert_eq!(socket.address_family, SocketAddressFamily::Inet);
    let process: Process = typed("process");
    let windows: WindowsProcessExt =
        extension(process.common.extensions.as_ref(), "windows-process-ext");
    assert_eq!(windows.integrity_level, Some(WindowsIntegrityLevel::High));
    let account: UserAccount = typed("user-account");
    let unix: UnixAccountExt = extension(account.common.extensions.as_ref(), "unix-account-ext");
    assert_eq!(unix.gid, Some(1001));
    assert!(extensions.unwrap().get::<NtfsExt>("no-ext").is_none());
    let error = extensions
        .unwrap()
        .get::<NtfsExt>("pdf-ext")
        .unwrap()
        .map(|ntfs| ntfs.sid);
    assert_eq!(error, Ok(None));
    let error = extensions
        .unwrap()
        .get::<WindowsPeBinaryExt>("ntfs-ext")
        .unwrap()
        .unwrap_err();
    assert_eq!(error.pointer(), "/ntfs-ext/pe_type");
}

#[test]
fn the_incident_core_is_typed() {
    let mut incident: Incident = typed("incident");
    let mut core: IncidentCore = extension(incident.common.extensions.as_ref(), INCIDENT_CORE);
    assert_eq!(core.determination, IncidentDetermination::Confirmed);
    assert_eq!(core.scores.as_ref().unwrap()[0].value.as_str(), "7.250");
    assert_eq!(core.impacted_entity_counts.as_ref().unwrap().0[0].1.0, 100);
    core.determination = IncidentDetermination::FalsePositive;
    incident
        .common
        .extensions
        .as_mut()
        .unwrap()
        .set(INCIDENT_CORE, &core);
    let before = canonical_text(&example("incident"));
    let after = canonical_text(&Object::from(incident).to_json());
    let wanted = before.replace("\"confirmed\"", "\"false-positive\"");
    assert_eq!(after, wanted);

    let event: Event = typed("event");
    assert_eq!(event.status, EventStatus::Occurred);
    assert_eq!(event.start_time_fidelity, Some(TimestampFidelity::Day));
    let types = [EventType::Ransomware, EventType::Other("picnic".into())];
    assert_eq!(event.event_types.unwrap(), types);
    let task: Task = typed("task");
    assert_eq!(
        (task.priority.unwrap().0, task.subtasks.unwrap().len()),
        (100, 1)
    );
    let impact: Impact = typed("impact");
    let extensions = impact.common.extensions.as_ref();
    let money: MonetaryImpact = extension(extensions, "monetary");
    assert_eq!(money.conversion_rate.unwrap().as_str(), "3.469E-5");
    let availability: AvailabilityImpact = extension(extensions, "availability-ext");
    assert_eq!(availability.availability_impact.0, 70);
    let secrets: ConfidentialityImpact = extension(extensions, "confidentiality");
    assert_eq!(secrets.record_count.unwrap().0, 10);
}

#[test]
fn a_new_object_has_what_is_required() {
    let common = typed::<Campaign>("campaign").common;
    let campaign = Campaign::new(common, "Night".to_owned());
    assert_eq!(campaign.custom, Custom::default());
    let object = Object::from(campaign);
    assert_eq!(read(&object.to_json()).unwrap(), object);
    assert_eq!(object.id().object_type(), "campaign");
    assert_eq!(
        object.modified().unwrap().as_str(),
        "2016-04-06T20:03:23.000Z"
    );
}

#[test]
fn an_id_is_made_of_the_contributing_properties() {
    for (object, id) in [
        (
            r#"{"type":"ipv4-addr","value":"198.51.100.3"}"#,
            "28bb3599-77cd-5a82-a950-b5bc3caf07c4",
        ),
        (
            r#"{"value":"example.com","type":"domain-name"}"#,
            "bedb4899-d24b-5401-bc86-8f6b4cc18ec7",
        ),
        (
            r#"{"type":"email-addr","value":"evil@decryptyourstuff.zip"}"#,
            "872bd204-384b-548b-a2d2-24eee3b48fe8",
        ),
        (
            r#"{"type":"user-account","account_login":"qrzTalker4514","account_type":"fake-app","display_name":"x"}"#,
            "8692770d-34f4-5681-8628-810d62dbfcb6",
        ),
        (
            r#"{"type":"autonomous-system","number":15139.0}"#,
            "3aa27478-50b5-5ab8-9da9-cdc12b657fff",
        ),
        (
            r#"{"type":"file","hashes":{"SHA-1":"c7","MD5":"9e742d0eebff3d5ef8bcf55f243e76f4"}}"#,
            "6a597e24-1209-5e8f-819c-1addce1bb314",
        ),
    ] {
        let document = Document::parse(object.as_bytes()).unwrap();
        let made = observable_id(document.root()).unwrap().unwrap();
        assert_eq!(made.as_str().split_once("--").unwrap().1, id, "{object}");
    }
}

#[test]
fn of_several_digests_the_first_of_the_rank_counts() {
    let id = |hashes: &str| {
        let object = format!(r#"{{"type":"file","hashes":{hashes}}}"#);
        let document = Document::parse(object.as_bytes()).unwrap();
        observable_id(document.root()).unwrap()
    };
    assert_eq!(
        id(r#"{"SHA-512":"d","SHA-256":"c","SHA-1":"b","MD5":"a"}"#),
        id(r#"{"MD5":"a"}"#)
    );
    assert_eq!(
        id(r#"{"SHA-512":"d","SHA-256":"c"}"#),
        id(r#"{"SHA-256":"c"}"#)
    );
    assert_eq!(
        id(r#"{"TLSH":"t","SSDEEP":"s"}"#),
        id(r#"{"SSDEEP":"s","TLSH":"t"}"#)
    );
    assert_ne!(id(r#"{"SSDEEP":"s"}"#), id(r#"{"TLSH":"t"}"#));
    assert_eq!(id("{}"), None);
}

#[test]
fn without_contributing_properties_there_is_no_deterministic_id() {
    for object in [
        r#"{"type":"process","pid":1}"#,
        r#"{"type":"file","size":1}"#,
        r#"{"type":"x-new","value":"a"}"#,
        r#"{"type":"tool","name":"a"}"#,
        "[]",
    ] {
        let document = Document::parse(object.as_bytes()).unwrap();
        assert_eq!(observable_id(document.root()), Ok(None), "{object}");
    }
}
