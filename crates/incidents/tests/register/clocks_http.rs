//! The JSON routes of the clocks of an incident.

use axum::http::StatusCode;
use db::Db;
use serde_json::json;

use crate::http::{Client, READ_WRITE, client, hospital};

db::contract! {
    what_has_to_be_reported_is_told_with_its_time,
}

async fn what_has_to_be_reported_is_told_with_its_time(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (_, regimes) = client.get("/reporting-regimes").await;
    let first = &regimes[0];
    assert_eq!(
        first["stages"][2]["limits"],
        json!(["promptly from request"])
    );
    assert_eq!(
        (&first["key"], &first["verified"]),
        (&json!("nis2"), &json!(false))
    );
    assert_eq!(first["stages"][0]["limits"], json!(["24h from awareness"]));
    let (_, entered) = client.post("/incidents", hospital()).await;
    let path = format!("/incidents/{}", entered["id"].as_str().unwrap());
    for (part, body) in [
        (
            "moments",
            json!({ "moment": "awareness", "at": "2026-11-20T09:00:00Z" }),
        ),
        (
            "duties",
            json!({ "regime": "nis2", "zone": "Europe/Dublin" }),
        ),
        (
            "filings",
            json!({ "regime": "nis2", "stage": "early-warning", "at": "2026-11-20T10:00:00Z",
                    "authority": "National CSIRT", "reference": null }),
        ),
        (
            "report-requests",
            json!({ "regime": "nis2", "stage": "intermediate", "at": "2026-11-20T12:00:00Z",
                    "authority": "National CSIRT", "due_at": "2026-11-24T12:00:00Z" }),
        ),
    ] {
        let (status, told) = client.post(&format!("{path}/{part}"), body).await;
        assert_eq!(status, StatusCode::CREATED, "{part} {told}");
    }
    refused(&client, &path).await;
    let (_, case) = client.get(&path).await;
    let due = &case["clocks"]["due"];
    assert_eq!(due[0]["due_at"], "2026-11-21T09:00:00.000Z");
    assert_eq!(due[0]["filed_at"], "2026-11-20T10:00:00.000Z");
    assert_eq!(
        (&due[1]["due_at"], &due[1]["filed_at"]),
        (&json!("2026-11-23T09:00:00.000Z"), &json!(null))
    );
    assert_eq!(due[2]["due_at"], "2026-11-24T12:00:00.000Z");
    assert_eq!(due[3]["waits_for"], json!(["filed:notification"]));
    let asked = &case["clocks"]["requests"][0];
    assert_eq!(
        (&asked["stage"], &asked["by"]),
        (&json!("intermediate"), &json!("key:amina/test"))
    );
    assert_eq!(case["clocks"]["filings"][0]["by"], "key:amina/test");
}

/// What is no moment, no duty and no request of it.
async fn refused(client: &Client, path: &str) {
    for (part, body, field) in [
        (
            "moments",
            json!({ "moment": "payment", "at": "2027-01-01T00:00:00Z" }),
            "at",
        ),
        ("duties", json!({ "regime": "x", "zone": "UTC" }), "regime"),
        (
            "report-requests",
            json!({ "regime": "nis2", "stage": "final", "at": "2026-11-20T12:00:00Z",
                    "authority": "National CSIRT" }),
            "stage",
        ),
    ] {
        let (status, told) = client.post(&format!("{path}/{part}"), body).await;
        assert_eq!(
            (status, &told["field"]),
            (StatusCode::BAD_REQUEST, &json!(field))
        );
    }
}
