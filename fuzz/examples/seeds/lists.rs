//! Lists of indicators of each format, and what MISP writes.

use std::{error::Error, ops::ControlFlow};

use formats_misp::{
    Limits, SampleLimits, read_clusters, read_events, read_manifest, read_sample, read_taxonomy,
    read_warninglist, write_sample,
};
use indicators::{Format, Item, Options, Problem, Sink, SinkError, read};
use kernel::Timestamp;

use super::Seeds;

const EVENTS: [&str; 4] = [
    r#"{"Event":{"uuid":"5bad26c1-6a48-46be-aee5-50d70a016219","info":"A case","date":"2026-01-31",
"timestamp":"1539269725","distribution":"3","published":true,"Orgc":{"name":"An organisation"},
"Attribute":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016219","type":"domain|ip","category":"Network activity",
"to_ids":true,"value":"evil.example|198.51.100.3","comment":"c2","timestamp":1538074364,"deleted":false,
"first_seen":"2026-01-01T00:00:00+00:00","last_seen":null,"Tag":[{"name":"tlp:red"},"PAP:AMBER"],"ShadowAttribute":[]},
{"type":"malware-sample","value":"a.exe|44d88612fea8a8f36de82e1278abb02f","to_ids":"1"},
{"type":"ip-dst|port","value":"198.51.100.4:443","to_ids":1},{"type":"regkey|value","value":"HKLM\\Software\\E|x"}],
"Object":[{"name":"file","Attribute":[{"type":"sha1","value":"98fbd545b5c1b1fe185730ba9b1cd4bebfae4476",
"object_relation":"sha1","to_ids":true}]}],"Tag":[{"name":"tlp:amber+strict"}]}}"#,
    r#"{"response":[{"Event":{"info":"a"}},{"Event":{"Attribute":null,"Object":{}}}]}"#,
    r#"{"response":{"Attribute":[{"type":"yara","value":"rule x {}","to_ids":true}]}}"#,
    r#"[{"Event":{"Attribute":[{"type":"url","value":"http://evil.example/a"}]}}]"#,
];

const MAILS: [&str; 4] = [
    "From: a@example.net\r\nSubject: =?UTF-8?B?2YXYs9iq2LTZgdmJ?= [R-A1]\r\nMessage-ID: <1@example.net>\r\n\r\nx\r\n",
    "From: a@example.net\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/html; charset=gb18030\r\n\r\n<p>x</p>\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz\r\n--a--\r\n",
    "From: a@example.net\r\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n--a--\r\n",
    "From: a@example.net\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhF4D\r\n-----END PGP MESSAGE-----\r\n",
];

const MANIFEST: &str = r#"{"5bad26c1-6a48-46be-aee5-50d70a016219":{"info":"A case","date":"2026-01-31",
"timestamp":"1539269725","Orgc":{"name":"An organisation"},"Tag":[{"name":"tlp:green"}]}}"#;

/// An event with all kinds of parts, and objects of STIX.
const FULL: [&str; 2] = [
    r##"{"Event":{"uuid":"5bad26c1-6a48-46be-aee5-50d70a016219","id":"7","info":"A case","timestamp":"1539269725",
"published":true,"distribution":"4","SharingGroup":{"SharingGroupOrg":[{"extend":true,"Organisation":{"name":"a"}}]},
"Orgc":{"uuid":"55f6ea5e-2c60-40e5-964f-47a8950d210f","name":"An organisation"},"Tag":[{"name":"tlp:red","local":0}],
"Attribute":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016219","type":"ip-dst|port","category":"Network activity","to_ids":1,
"value":"198.51.100.3|443","first_seen":"2026-01-01T00:00:00.5+02:00","last_seen":null,"x":[1.10],
"Sighting":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016220","type":"1","date_sighting":"1539269725"}],
"Galaxy":[{"type":"mitre-malware","GalaxyCluster":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016221","value":"X",
"meta":{"synonyms":["Y"],"refs":["https://a.example"]},"authors":["a"]}]}]},
{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016222","type":"filename|md5","value":"a|44d88612fea8a8f36de82e1278abb02f"}],
"Object":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016223","name":"file","ObjectReference":[{
"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016224","referenced_uuid":"5bad26fc-a2cc-4372-9c97-50d70a016222","relationship_type":"a b"}]}],
"EventReport":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016225","name":"R","content":"# T"}],
"Note":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016226","note":"n","language":"en"}],
"Opinion":[{"uuid":"5bad26fc-a2cc-4372-9c97-50d70a016227","opinion":"70","created":"2026-01-01 00:00:00"}]}}"##,
    r#"[{"type":"indicator","id":"indicator--5bad26fc-a2cc-4372-9c97-50d70a016219","created":"2026-01-01T00:00:00Z",
"modified":"2026-01-01T00:00:00Z","pattern_type":"stix","pattern":"[network-traffic:src_ref.value = '198.51.100.3']",
"valid_from":"2026-01-01T00:00:00Z","labels":["misp:type=\"ip-src\"","a"]},
{"type":"observed-data","id":"observed-data--5bad26fc-a2cc-4372-9c97-50d70a016220","object_refs":["domain-name--1","ipv4-addr--2"]},
{"type":"domain-name","id":"domain-name--1","value":"a.example","resolves_to_refs":["ipv4-addr--2"]},
{"type":"ipv4-addr","id":"ipv4-addr--2","value":"198.51.100.3"},
{"type":"sighting","id":"sighting--5bad26fc-a2cc-4372-9c97-50d70a016221","sighting_of_ref":"indicator--5bad26fc-a2cc-4372-9c97-50d70a016219"}]"#,
];

const WARNINGLISTS: [&str; 5] = [
    r#"{"name":"a","version":1,"type":"string","matching_attributes":["domain|ip","md5"],"list":["a.example","198.51.100.3"]}"#,
    r#"{"name":"b","type":"substring","list":["good.","a+b"]}"#,
    r#"{"name":"c","type":"hostname","matching_attributes":["domain","url","email-src"],"list":[".good.example","198.51.100.3"]}"#,
    r#"{"name":"d","type":"cidr","description":"x","list":["198.51.100.0/24","2001:db8::/32","198.51.101.1"]}"#,
    r#"{"name":"e","type":"regex","list":["/^(soc|abuse)\\@.*\\..*$/i","/(/"]}"#,
];

/// Hashes of a feed, a taxonomy, and clusters of a galaxy.
const LIBRARY: [&str; 3] = [
    "44d88612fea8a8f36de82e1278abb02f,5bad26c1-6a48-46be-aee5-50d70a016219\n",
    r##"{"namespace":"rsit","version":1003,"exclusive":true,"predicates":[{"value":"fraud","colour":"#fff"}],
"values":[{"predicate":"fraud","entry":[{"value":"phishing","numerical_value":5}]}]}"##,
    r#"{"uuid":"u","name":"n","type":"kind","version":3,"authors":["a"],"values":[{"uuid":"1","value":"A name",
"meta":{"country":"XX","synonyms":["B"]},"related":[{"dest-uuid":"2","type":"uses","tags":["likely"]}]}]}"#,
];

const LISTS: [&str; 12] = [
    "# a\n198.51.100.3\t10\nevil.example\r\nhxxp://evil[.]example/a\n198.51.100.3-198.51.100.9\n198.51.100.3:80\nevil.example/a\n",
    "127.0.0.1 localhost\n0.0.0.0 a.example b.example # c\n::1 c.example\n",
    "[Adblock Plus 2.0]\n! a\n||evil.example^$third-party\n||part.example^$script\n@@||good.example^\n",
    "address=/evil.example/0.0.0.0\nserver=/a.example/b.example/\n",
    "# \"first_seen_utc\",\"ioc_value\",\"ioc_type\",\"confidence_level\",\"tlp\",\"valid_until\"\n\"2026-01-01\", \"198.51.100.3:443\", \"ip:port\", \"75\", \"amber\", \"2027-01-01 00:00:00\"\n",
    "Type;Value;To_IDs\ndomain;\"evil\n.example\";1\nfilename|md5;a.exe|44d88612fea8a8f36de82e1278abb02f;0\n",
    "2026-01-01,198.51.100.3,80\n2026-01-02,198.51.100.4,80\n",
    "[ipv4-addr:value = '198.51.100.3'] OR [file:hashes.MD5 IN ('44d88612fea8a8f36de82e1278abb02f')]\n[process:pid = 3] WITHIN 3 SECONDS\n{\"id\":\"a\",\"pattern\":\"[mutex:name = 'abcd']\"}\n",
    r#"{"type":"bundle","id":"bundle--1","objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--1","pattern_type":"stix","pattern":"[url:value = 'http://a.example']","valid_from":"2026-01-01T00:00:00Z","confidence":70,"object_marking_refs":["marking-definition--own"]},{"type":"marking-definition","id":"marking-definition--own","definition_type":"tlp","definition":{"tlp":"green"}}]}"#,
    r#"["198.51.100.3","evil.example",{"ioc":"a@evil.example","id":"x"},["b.example"]]"#,
    "{\"indicator\":\"198.51.100.3\",\"type\":\"ip\"}\n{\"domains\":[\"a.example\"]}\n{\n",
    "<?xml version=\"1.0\"?><ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\"></ioc>",
];

/// Counts nothing.
struct Nobody;

impl Sink for Nobody {
    fn item(&mut self, _item: Item<'_>) -> Result<(), SinkError> {
        Ok(())
    }

    fn problem(&mut self, _problem: &Problem) {}

    fn warning(&mut self, _warning: &Problem) {}
}

pub(super) fn list_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let limits = Limits::default();
    for event in EVENTS {
        read_events(event.as_bytes(), &limits, |_, _| ControlFlow::Continue(()))?;
    }
    read_manifest(MANIFEST.as_bytes(), &limits)?;
    for list in WARNINGLISTS {
        read_warninglist(list.as_bytes(), &limits)?;
    }
    let [_, taxonomy, clusters] = LIBRARY;
    read_taxonomy(taxonomy.as_bytes(), &limits)?;
    read_clusters(clusters.as_bytes(), &limits)?;
    let sample = write_sample("evil.exe", b"MZ of no harm")?;
    read_sample(&sample, &SampleLimits::default())?;
    let options = Options::new(Timestamp::from_micros(0));
    let lists = LISTS.into_iter().chain(EVENTS).chain(WARNINGLISTS);
    let mut found_out = Vec::new();
    for list in lists.chain([MANIFEST]) {
        match read("list", list.as_bytes(), &options, &mut Nobody) {
            Ok(_) => {}
            // One format is recognised and not read.
            Err(error) if list.starts_with('<') && error.code() == "list.not_read" => {}
            Err(error) => return Err(error.into()),
        }
        // The first byte says that no format is given.
        let mut seed = vec![u8::try_from(Format::ALL.len())?];
        seed.extend_from_slice(list.as_bytes());
        found_out.push(seed);
    }
    let bytes =
        |texts: &[&str]| -> Vec<_> { texts.iter().map(|text| text.as_bytes().to_vec()).collect() };
    let events = [EVENTS.as_slice(), &[MANIFEST]].concat();
    Ok(vec![
        Seeds {
            target: "lists",
            documents: found_out,
        },
        Seeds {
            target: "mail_read",
            documents: bytes(&MAILS),
        },
        Seeds {
            target: "misp_event",
            documents: bytes(&events),
        },
        Seeds {
            target: "misp_full",
            documents: bytes(&[EVENTS.as_slice(), &FULL].concat()),
        },
        Seeds {
            target: "misp_sample",
            documents: [bytes(&LIBRARY), vec![sample]].concat(),
        },
        Seeds {
            target: "misp_warninglist",
            documents: bytes(&WARNINGLISTS),
        },
    ])
}
