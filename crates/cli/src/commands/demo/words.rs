//! What the people of the story write. All of it is invented; addresses and names are those set
//! aside for documentation (RFC 5737, RFC 2606).

use exchange::model::{Kind, Statement};
use kernel::{IncidentRef, MessageId, Timestamp};
use serde_json::{Value, json};

use crate::output::Failure;

pub(super) const CASE_TITLE: &str = "Ransomware at St Maren General Hospital";
pub(super) const CASE_REPORT: &str = "For three hours staff have not been able to open patient records. \
    Files on 412 workstations and 38 servers have the new ending .velk, and a note asks for money. \
    Ambulances are sent to two neighbouring hospitals; radiotherapy is put off. Nobody has come to \
    harm so far. The backups of the night before are intact and off the network.";
pub(super) const CASE_FINDING: &str = "Confirmed by CSIRT Aldoria: the intruders came in through a \
    maintenance account and take commands from two servers abroad. The hospital works on paper.";
pub(super) const CASE_FOUND: &str =
    "Network traces show 41 machines calling 198.51.100.23 and 203.0.113.77 on TCP 8443";
pub(super) const CASE_CONTAINED: &str =
    "Both command servers are off the network; infected machines call into nothing";

/// The attachment of the request: a STIX bundle, as an analyst's tool writes it.
pub(super) const INDICATORS_NAME: &str = "st-maren-indicators.stix.json";
pub(super) const INDICATORS_TYPE: &str = "application/stix+json";

/// Its content.
pub(super) fn indicators(now: Timestamp) -> Result<Vec<u8>, Failure> {
    let patterns = [
        ("command server", "[ipv4-addr:value = '198.51.100.23']"),
        ("command server", "[ipv4-addr:value = '203.0.113.77']"),
        (
            "name of the command servers",
            "[domain-name:value = 'update-velk.example']",
        ),
        (
            "loader",
            "[file:hashes.'SHA-256' = \
            '7f3b1c5e9a20d4468be1f6a3905c7d82e4b6f1039c8a5d27e61b40f8d9237a5c']",
        ),
    ];
    let at = now.to_string();
    let objects: Vec<Value> = patterns
        .iter()
        .map(|(name, pattern)| {
            json!({
                "type": "indicator",
                "spec_version": "2.1",
                "id": format!("indicator--{}", kernel::uuid_v4(&kernel::OsRng)),
                "created": at,
                "modified": at,
                "name": name,
                "pattern": pattern,
                "pattern_type": "stix",
                "valid_from": at,
                "object_marking_refs": ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"],
            })
        })
        .collect();
    let id = format!("bundle--{}", kernel::uuid_v4(&kernel::OsRng));
    let bundle = json!({"type": "bundle", "id": id, "objects": objects});
    Ok(serde_json::to_vec_pretty(&bundle)?)
}

fn servers() -> Value {
    json!([
        {"kind": "ipv4", "value": "198.51.100.23", "note": "takes commands, TCP 8443"},
        {"kind": "ipv4", "value": "203.0.113.77", "note": "shared host; one virtual machine of many"},
        {"kind": "domain", "value": "update-velk.example"},
    ])
}

pub(super) fn notice(incident: IncidentRef, since: Timestamp) -> Result<Statement, Failure> {
    read(
        Kind::NotifyOrig,
        json!({
            "title": "Activity through your territory against a hospital",
            "text": "A hospital in Aldoria treats its patients on paper for the time being. The machines \
                that were encrypted take commands from two servers in Brevonia. We tell you so in good \
                faith, as norm 13 (c) asks, and would be glad of your help in finding out what happened.",
            "languages": ["en"],
            "incidents": [incident],
            "sector": "health",
            "critical_infrastructure": true,
            "health": true,
            "confidence": {"likelihood": "very_likely", "analytic": "moderate"},
            "norms": ["N-C", "N-F", "N-H"],
            "details": {
                "indicators": servers(),
                "window": {"from": since},
                "victim_sector": "health",
                "no_attribution_implied": true,
            },
        }),
    )
}

pub(super) fn request(incident: IncidentRef) -> Result<Statement, Failure> {
    read(
        Kind::Rfm,
        json!({
            "title": "Please take two command servers off the network",
            "text": "As long as these two servers answer, machines that we clean are taken again. The \
                indicators are attached for your providers.",
            "languages": ["en"],
            "incidents": [incident],
            "sector": "health",
            "critical_infrastructure": true,
            "health": true,
            "norms": ["N-C", "N-H"],
            "details": {
                "assets": servers(),
                "measures": ["takedown", "notify_owner", "investigate"],
                "urgency_basis": "Emergency admissions are diverted; each hour lengthens the way of \
                    patients to a doctor.",
                "least_harm": "203.0.113.77 serves others as well: one virtual machine is enough.",
            },
        }),
    )
}

pub(super) fn acknowledgement(
    request: MessageId,
    received: Timestamp,
    next: Timestamp,
    (title, handler): (&str, &str),
) -> Result<Statement, Failure> {
    read(
        Kind::Ack,
        json!({
            "title": title,
            "details": {
                "refers_to": request,
                "received_at": received,
                "handler": handler,
                "next_update_by": next,
            },
        }),
    )
}

pub(super) fn question(request: MessageId) -> Result<Statement, Failure> {
    read(
        Kind::Clarify,
        json!({
            "title": "Two questions before we act",
            "details": {
                "refers_to": request,
                "part": "question",
                "items": [
                    "Which account rents the virtual machine at 203.0.113.77, as far as your traces show?",
                    "May we tell the provider that a hospital is concerned?",
                ],
            },
        }),
    )
}

pub(super) fn answer(request: MessageId, question: MessageId) -> Result<Statement, Failure> {
    read(
        Kind::Clarify,
        json!({
            "title": "Answers to your two questions",
            "details": {
                "refers_to": request,
                "part": "answer",
                "question": question,
                "items": [
                    "The certificate on port 8443 names the customer cust-40912.",
                    "Yes, without its name: a hospital abroad.",
                ],
            },
        }),
    )
}

pub(super) fn progress(request: MessageId, at: Timestamp) -> Result<Statement, Failure> {
    read(
        Kind::Update,
        json!({
            "title": "The first server is off the network",
            "details": {
                "refers_to": request,
                "state": "acting",
                "actions": [
                    {"what": "198.51.100.23 was taken off the network", "status": "done", "at": at},
                    {"what": "The provider of 203.0.113.77 isolates the machine of cust-40912",
                     "status": "under_way"},
                ],
                "impact_change": "Infected machines can no longer be commanded from the first address.",
            },
        }),
    )
}

pub(super) fn response(request: MessageId, at: Timestamp) -> Result<Statement, Failure> {
    read(
        Kind::Resp,
        json!({
            "title": "Both servers are off the network",
            "text": "We have acted within our law. The disks are kept as evidence for sixty days; a \
                request for legal assistance will find them.",
            "details": {
                "refers_to": request,
                "decision": "accept",
                "actions": [
                    {"what": "198.51.100.23 was taken off the network", "status": "done", "at": at},
                    {"what": "The virtual machine at 203.0.113.77 was isolated; its neighbours go on",
                     "status": "done", "at": at},
                    {"what": "The owners of both were told", "status": "done", "at": at},
                    {"what": "Where the commands came from is being looked into", "status": "under_way"},
                ],
                "restrictions": "Please do not publish the name of the provider.",
            },
        }),
    )
}

pub(super) fn closing(covers: &[MessageId], lessons: &str) -> Result<Statement, Failure> {
    read(
        Kind::Close,
        json!({
            "title": "The matter is settled",
            "details": {"outcome": "resolved", "covers": covers, "lessons": lessons, "publish": false},
        }),
    )
}

pub(super) fn enquiry(incident: IncidentRef) -> Result<Statement, Failure> {
    read(
        Kind::Rfi,
        json!({
            "title": "How the hospital cleaned its machines",
            "text": "Two clinics of ours rent from the same provider. We would rather learn from you than \
                from the intruders.",
            "languages": ["en"],
            "incidents": [incident],
            "sector": "health",
            "details": {
                "questions": [
                    "In which order were the machines cleaned and taken back into use?",
                    "Which of the indicators showed machines that nobody had reported?",
                ],
                "why": "To look through the clinics before anything is encrypted there.",
                "permitted_use": "Within our CERT and the two clinics.",
            },
        }),
    )
}

pub(super) fn ping() -> Result<Statement, Failure> {
    read(
        Kind::Ping,
        json!({
            "title": "Communication check",
            "details": {"test": true, "task": "Please name the colour of today's duty sheet."},
        }),
    )
}

pub(super) fn pong(ping: MessageId) -> Result<Statement, Failure> {
    read(
        Kind::Pong,
        json!({
            "title": "We are here",
            "details": {"refers_to": ping, "task_result": "Green."},
        }),
    )
}

fn read(kind: Kind, value: Value) -> Result<Statement, Failure> {
    Ok(Statement::read(kind, value)?)
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    #[test]
    fn every_text_keeps_the_rules_of_its_kind() {
        let (incident, id) = (IncidentRef::random(&OsRng), MessageId::random(&OsRng));
        let now = Timestamp::from_micros(1_795_000_000_000_000);
        let all = [
            notice(incident, now),
            request(incident),
            acknowledgement(id, now, now, ("Seen", "the watch")),
            question(id),
            answer(id, MessageId::random(&OsRng)),
            progress(id, now),
            response(id, now),
            closing(&[id], "Telephone first."),
            enquiry(incident),
            ping(),
            pong(id),
        ];
        for statement in all {
            statement.unwrap();
        }
    }
}
