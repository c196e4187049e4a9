//! Observed data, whose observables become objects.

use stix::{json::Document, lift::lift_object};

use super::{lifted, observed};

#[test]
fn observables_become_objects_with_deterministic_ids() {
    let (objects, changes) = lifted(&observed(
        r#"{"0":{"type":"ipv4-addr","value":"198.51.100.3"},
            "1":{"type":"network-traffic","src_ref":"0","dst_ref":"2","protocols":["tcp"],"encapsulates_by_ref":"1"},
            "2":{"type":"domain-name","value":"a.example","resolves_to_refs":["0"]},
            "3":{"type":"ipv4-addr","value":"198.51.100.3"}}"#,
        "",
    ));
    let address = "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4";
    assert_eq!(objects.len(), 4);
    assert_eq!(
        objects[1],
        format!(
            r#"{{"type":"ipv4-addr","spec_version":"2.1","id":"{address}","value":"198.51.100.3"}}"#
        )
    );
    let id = |object: &str| {
        Document::parse(object.as_bytes())
            .unwrap()
            .root()
            .get("id")
            .unwrap()
            .raw()
            .to_owned()
    };
    let (traffic, domain) = (id(&objects[2]), id(&objects[3]));
    assert!(objects[0].ends_with(&format!(
        r#""object_refs":["{address}","{traffic}","{domain}"]}}"#
    )));
    assert_eq!(
        objects[2],
        format!(
            r#"{{"type":"network-traffic","spec_version":"2.1","id":"{traffic}","src_ref":"{address}","dst_ref":"{domain}","protocols":["tcp"],"encapsulated_by_ref":"{traffic}"}}"#
        )
    );
    // The id is made of the references' ids, not of the keys.
    let traffic_document = Document::parse(objects[2].as_bytes()).unwrap();
    let made = stix::objects::observable_id(traffic_document.root())
        .unwrap()
        .unwrap();
    assert_eq!(made.as_str(), traffic);
    assert!(objects[3].contains(&format!(r#""resolves_to_refs":["{address}"]"#)));
    assert!(changes.contains(&format!("/objects/3: now the object {address}")));
    assert!(
        changes
            .contains(&"/objects/1/encapsulates_by_ref: renamed to encapsulated_by_ref".to_owned())
    );
}

#[test]
fn what_2_1_has_no_place_for_is_kept() {
    let (objects, changes) = lifted(&observed(
        r#"{"a":{"type":"file","name":"f","created":"2016-01-01T00:00:00Z","is_encrypted":true,"hashes":{"ssdeep":"3:a:b"},"extensions":{"x-own-ext":{"k":1},"archive-ext":{"contains_refs":["b"],"version":"7"}}},
            "b":{"type":"file","name":"g","content_ref":"nowhere"},
            "c":{"type":"x-own","id":"mine","created":"then","other_ref":"a","deep":[{"more_refs":["b","x"]}]},
            "d":{"type":"email-message","is_multipart":false,"additional_header_fields":{"X":"1","b_ref":"a"}},
            "e":7}"#,
        "",
    ));
    assert_eq!(objects.len(), 5);
    for part in [
        r#""ctime":"2016-01-01T00:00:00Z","x_is_encrypted":true,"hashes":{"SSDEEP":"3:a:b"},"x_own_ext":{"k":1},"extensions":{"archive-ext":{"contains_refs":["file--"#,
        r#""x_version":"7"}}"#,
    ] {
        assert!(objects[1].contains(part), "{}", objects[1]);
    }
    assert!(objects[2].ends_with(r#""name":"g","x_content_ref":"nowhere"}"#));
    assert!(
        objects[3].contains(r#""x_id":"mine","x_created":"then","other_ref":"file--"#),
        "{}",
        objects[3]
    );
    assert!(objects[3].contains(r#""x_more_refs":["x"]"#));
    assert!(objects[4].contains(r#""additional_header_fields":{"X":["1"],"b_ref":["a"]}"#));
    assert!(objects[0].contains(r#""x_objects":{"e":7}"#));
    for change in [
        "/objects/a/extensions/x-own-ext: kept as x_own_ext",
        "/objects/a/extensions/archive-ext/version: kept as x_version",
        "/objects/a/hashes/ssdeep: renamed to SSDEEP",
        "/objects/b/content_ref: kept as x_content_ref",
        "/objects/c/deep/0/more_refs: kept as x_more_refs",
        "/objects/d/additional_header_fields/X: rewritten as [\"1\"]",
        "/objects/e: kept as x_objects",
    ] {
        assert!(
            changes.contains(&change.to_owned()),
            "{change} in {changes:#?}"
        );
    }
}

#[test]
fn the_name_of_a_process_is_that_of_its_image() {
    let (objects, changes) = lifted(&observed(
        r#"{"0":{"type":"process","pid":1,"name":"a.exe","arguments":["-x"],"created":"2016-01-01T00:00:00Z"},
            "1":{"type":"process","name":"b.exe","binary_ref":"2","parent_ref":"0"},
            "2":{"type":"file","name":"c.exe"}}"#,
        "",
    ));
    assert_eq!(objects.len(), 5);
    let image = r#""image_ref":"file--"#;
    assert!(objects[1].starts_with(r#"{"type":"process","spec_version":"2.1","id":"process--00000000-0000-4000-8000-00000000000"#));
    assert!(
        objects[1].contains(image)
            && objects[1].contains(r#""x_arguments":["-x"],"created_time":"#)
    );
    assert!(objects[2].ends_with(r#""name":"a.exe"}"#));
    assert!(
        objects[3].contains(r#""x_name":"b.exe","image_ref":"file--"#),
        "{}",
        objects[3]
    );
    assert!(changes.contains(&"/objects/0/name: renamed to image_ref.name".to_owned()));
}

#[test]
fn markings_go_with_the_observables() {
    let red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
    let amber = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
    let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    let (objects, _) = lifted(&observed(
        r#"{"0":{"type":"file","name":"f","created":"2016-01-01T00:00:00Z"},"1":{"type":"url","value":"http://a.example/"},"2":{"type":"url","value":"http://a.example/"}}"#,
        &format!(
            r#","object_marking_refs":["{green}"],"granular_markings":[{{"marking_ref":"{red}","selectors":["objects.0.created","objects.2","number_observed"]}},{{"marking_ref":"{amber}","selectors":["objects"]}},{{"marking_ref":"{red}","selectors":["objects.0.name"]}}]"#
        ),
    ));
    assert!(objects[0].ends_with(&format!(
        r#""granular_markings":[{{"marking_ref":"{red}","selectors":["number_observed"]}},{{"marking_ref":"{amber}","selectors":["object_refs"]}}]}}"#
    )), "{}", objects[0]);
    assert!(objects[1].ends_with(&format!(
        r#""object_marking_refs":["{green}","{amber}"],"granular_markings":[{{"marking_ref":"{red}","selectors":["ctime"]}},{{"marking_ref":"{red}","selectors":["name"]}}]}}"#
    )), "{}", objects[1]);
    // Two that say the same are one, with the markings of both.
    assert!(
        objects[2].ends_with(&format!(
            r#""object_marking_refs":["{green}","{amber}","{red}"]}}"#
        )),
        "{}",
        objects[2]
    );
    assert_eq!(objects.len(), 3);
}

#[test]
fn what_differs_beside_the_id_gets_another_id() {
    let (objects, _) = lifted(&observed(
        r#"{"0":{"type":"file","name":"f","size":1},"1":{"type":"file","name":"f","size":2}}"#,
        "",
    ));
    assert_eq!(objects.len(), 3);
    assert!(objects[2].contains("file--00000000-0000-4000-8000-000000000001"));
}

#[test]
fn circles_of_references_end() {
    let (objects, _) = lifted(&observed(
        r#"{"0":{"type":"file","name":"f","extensions":{"archive-ext":{"contains_refs":["1"]}}},"1":{"type":"file","name":"g","extensions":{"archive-ext":{"contains_refs":["0"]}}}}"#,
        "",
    ));
    assert!(
        objects[1].contains(r#""contains_refs":["file--00000000-0000-4000-8000-000000000002"]"#)
    );
}

#[test]
fn hostile_observed_data_ends_soon() {
    let many = 20_000;
    let objects: Vec<String> = (0..many)
        .map(|at| {
            format!(
                r#""{at}":{{"type":"file","name":"{at}","extensions":{{"archive-ext":{{"contains_refs":["{}"]}},"x{at}":{{}}}}}}"#,
                at + 1
            )
        })
        .collect();
    let selectors: Vec<String> = (0..many).map(|at| format!(r#""objects.0.{at}""#)).collect();
    let refs: Vec<String> = (0..many)
        .map(|at| format!(r#""marking-definition--5e57c739-391a-4eb3-b6be-{at:012}""#))
        .collect();
    let chain = observed(
        &format!("{{{}}}", objects.join(",")),
        &format!(
            r#","granular_markings":[{{"marking_ref":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed","selectors":[{}]}}]"#,
            selectors.join(",")
        ),
    );
    let document = Document::parse(chain.as_bytes()).unwrap();
    let result = lift_object(document.root(), &mut || [0; 16]);
    assert_eq!(result.objects.len(), many + 1);
    // So many markings of so many observables would fill memory; they stay where they are.
    let product = observed(
        &format!("{{{}}}", objects.join(",")),
        &format!(r#","object_marking_refs":[{}]"#, refs.join(",")),
    );
    let document = Document::parse(product.as_bytes()).unwrap();
    let result = lift_object(document.root(), &mut || [0; 16]);
    assert_eq!(result.objects.len(), 1);
    assert_eq!(
        result.changes.last().unwrap().to_string(),
        "/objects: kept as x_objects"
    );
}
