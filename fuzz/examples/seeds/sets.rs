//! Compiled sets of indicators, and chunks of lines to look for them in.

use std::error::Error;

use matcher::{Breadth, Indicator, Provenance, Set, SetBuilder, Value};

use super::{Seeds, seeds};

/// Lines in which something of each kind is written otherwise than in its normal form.
const LINES: [&str; 4] = [
    r#"{"src":"198.51.100.3:443","url":"http:\/\/www.evil.example\/%61","to":"A@Evil.Example","h":"\u0031A1zP1"}
198.51.100.7 - u [14/Nov/2023:22:13:20 +0000] "GET / HTTP/1.0" 200 2 "http://u:p@www.evil.example:80/a#b" "evil/1.0"
src:2001:db8::3 [2001:DB8::7]:443 fe80::1%eth0 ::ffff:198.51.100.3 a.www.evil.example. b\u00fccher.example
"#,
    r#"HKEY_LOCAL_MACHINE\Software\Evil \REGISTRY\MACHINE\SOFTWARE\evil Global\EvilMutex "C:\a\Evil Doc.exe"
"http:\/\/www.evil.example\/a" \x31\x39\x38.51.100.3 xn--bcher-kva.example B\xc3\xbccher.example as64496 cve-2021-44228
"#,
    "D41D8CD98F00B204E9800998ECF8427E\r\n\n198.51.100.3,198.51.100.4;www.evil.example%2F(http://www.evil.example/a),\n\tJA4=T13D1516H2_8daaf6152771_b186095e22b6",
    "http://www.evil.example/a,http://www.evil.example/a;b http://1.2.3.4:080/?\u{2019}evil.example\nevil.example",
];

/// An empty set, and one with all that the target looks for; chunks with all of that, alone and
/// about the end of a window.
pub(super) fn matcher_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let mut builder = SetBuilder::new(3);
    for round in 0..2_u8 {
        for (kind, text) in fuzz::VALUES {
            let value = Value::parse(*kind, text, Breadth::Any)?;
            let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
            let mut indicator = Indicator::new(value, id, "a list");
            indicator.marking = (round == 1).then(|| "TLP:GREEN".into());
            indicator.valid_from_us = Some(1_795_219_200_000_000);
            indicator.confidence = Some(round);
            builder.add(&indicator)?;
        }
    }
    let documents = [
        written(&SetBuilder::new(0).build())?,
        written(&builder.build())?,
    ];
    let values: Vec<_> = fuzz::VALUES.iter().map(|(_, text)| *text).collect();
    let plain = values.join("\n");
    let quoted = format!("{{\"a\":\"{}\"}}", values.join("\",\"b\":\""));
    let texts = LINES.into_iter().chain([&*plain, &*quoted]);
    let chunks = texts.flat_map(|text| [0, 1, 7].map(|place| [&[place], text.as_bytes()].concat()));
    Ok(vec![
        seeds("matcher_set", documents),
        Seeds {
            target: "matcher_scan",
            documents: chunks.collect(),
        },
    ])
}

fn written(set: &Set) -> Result<Vec<u8>, Box<dyn Error>> {
    let provenance = Provenance {
        program: "fuzz".to_owned(),
        notes: vec![("source".to_owned(), "a list".to_owned())],
        ..Provenance::default()
    };
    let mut bytes = Vec::new();
    set.write_to(&mut bytes, &provenance)?;
    Set::from_bytes(bytes.clone())?;
    Ok(bytes)
}
