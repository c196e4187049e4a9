use super::*;
use crate::shipped;

fn body() -> HarmBody {
    serde_json::from_str(
        r#"{"what": "births", "bound": "range", "low": "72000", "high": "78000.5",
            "unit": "birth", "grade": "A", "method": "counted", "as_of": "2024-06",
            "confidence": "high", "origin": "operator", "causality": "caused",
            "causality_evidence": "inquest 4", "baseline": "same weeks of 2023",
            "nature": "exposed", "merge_key": "births-2024", "corrects": 0,
            "correction": "a slip", "cells": [{"sex": "f", "count": 60}, {"sex": "m", "count": 2}],
            "among": [{"sex": "f", "count": 900}, {"sex": "m", "count": 850}]}"#,
    )
    .unwrap()
}

#[test]
fn figures_round_trip() {
    for one in shipped::all().unwrap() {
        for figure in &one.harm {
            let body = HarmBody::from(figure);
            assert_eq!(&HarmFigure::try_from(body).unwrap(), figure);
        }
    }
    let figure = HarmFigure::try_from(body()).unwrap();
    assert_eq!(HarmBody::from(&figure), body());
}

#[test]
fn readers_see_no_small_group() {
    let shown = serde_json::to_value(body().shown()).unwrap();
    assert_eq!(shown["cells"], serde_json::Value::Null);
    assert_eq!(shown["among"], serde_json::Value::Null);
    assert_eq!(shown["ratios"], serde_json::Value::Null);
    let counts: Vec<_> = shown["groups"][0]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["count"].clone())
        .collect();
    assert_eq!(counts, [serde_json::Value::Null, serde_json::Value::Null]);
}

#[test]
fn a_range_keeps_its_ends_and_groups_are_no_more_than_the_whole() {
    let mut body = body();
    body.bound = "exact".to_owned();
    (body.low, body.high) = (None, None);
    body.value = Some("61".to_owned());
    assert_eq!(
        HarmFigure::try_from(body.clone()).unwrap_err().field,
        "cells"
    );
    body.value = Some("62".to_owned());
    assert!(HarmFigure::try_from(body).is_ok());
}

#[test]
fn of_a_figure_that_was_corrected_no_groups_are_shown() {
    let figure = |counts: &str, corrects: &str| -> HarmBody {
        let text = format!(
            r#"{{"what": "patients", "bound": "exact", "value": "60", "unit": "patient", "grade": "B",
                "cells": {counts}{corrects}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let few =
        r#"[{"sex": "f", "count": 40}, {"sex": "m", "count": 3}, {"sex": "other", "count": 17}]"#;
    let more =
        r#"[{"sex": "f", "count": 40}, {"sex": "m", "count": 6}, {"sex": "other", "count": 14}]"#;
    let bodies = vec![
        figure(few, ""),
        figure(more, r#", "corrects": 0, "correction": "counted again""#),
    ];
    let shown = all_shown(bodies);
    assert_eq!(shown[0].groups, []);
    assert_eq!(shown[1].groups[0].groups[1].count, Some(6));
}
