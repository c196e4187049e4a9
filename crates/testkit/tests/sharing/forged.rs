//! Messages that are not what they should be, and messages in another order.

use db::Db;
use federation::{
    body::Attachment,
    compose::{Draft, Keys, SealedAttachment, compose, seal_attachment},
    model::{Desk, Urgency},
    state::Delivery,
};
use intel::{model::Reader, ops::Item};
use kernel::{CollectionRef, ContactId, MessageId, Mode, OsRng, Tlp};
use seal::Digest;
use serde_json::Value;
use share::model::{About, Letter, Said, Tally, Unshared, Verdict};
use testkit::Fleet;

use crate::house::{
    accept, add, collect, delete, fleet, holds, incoming, kept, malware, outgoing, party, set,
    sharing,
};

db::contract! {
    a_collection_is_told_of_by_its_steward_alone,
    what_comes_in_another_order_is_carried_out_in_order,
    what_differs_is_named_and_put_right,
}

/// What a message is to say, with the text of its attachment.
async fn bring(
    fleet: &Fleet,
    (from, to): (&str, &str),
    letter: &Letter,
    text: Option<String>,
) -> MessageId {
    let post = fleet.node(from).post();
    let own = post.keys();
    let peer = post.peer(&party(to), Mode::Exercise).unwrap();
    let set = own.chain(Mode::Exercise).latest().set();
    let recipient = &peer.chain.latest().set().age_recipient;
    let attachments: Vec<SealedAttachment> = text
        .into_iter()
        .map(|text| {
            let named = Attachment {
                name: "objects.json".to_owned(),
                media_type: "application/json".to_owned(),
            };
            let mut sealed = Vec::new();
            let to = (recipient, &set.archive_recipient);
            let done = seal_attachment(named, text.as_bytes(), &mut sealed, to, &OsRng).unwrap();
            post.files().put(&done.file.sha256, &sealed).unwrap();
            done
        })
        .collect();
    let desk = |code| Desk {
        contact: ContactId::random(&OsRng),
        party: party(code),
    };
    let draft = Draft {
        id: MessageId::random(&OsRng),
        thread: letter.thread(),
        kind: letter.kind().unwrap(),
        from: desk(from),
        to: desk(to),
        sent: post.ground().now(),
        parent: None,
        urgency: Urgency::Routine,
        ack_due: None,
        answer_due: None,
        tlp: Tlp::Amber,
        exercise: true,
        content: letter.content(),
        attachments,
    };
    let keys = Keys {
        signing: &own.of(Mode::Exercise).signing,
        keyset: set.seq,
        recipient,
        archive: &set.archive_recipient,
    };
    let message = compose(draft, keys, &OsRng).unwrap();
    let mut tx = post.ground().db.begin().await.unwrap();
    post.submit(&mut tx, &message).await.unwrap();
    tx.commit().await.unwrap();
    post.sent(&message);
    message.header.id
}

/// What became of a message: the code of a refusal, or `receipted`.
async fn outcome(fleet: &Fleet, from: &str, id: MessageId) -> String {
    fleet
        .until(from, "an answer", async || {
            match fleet.delivery(from, id).await {
                Delivery::Refused { code } => Some(code.as_str().to_owned()),
                Delivery::Receipted { .. } => Some("receipted".to_owned()),
                _ => None,
            }
        })
        .await
}

fn item(object: &Value, tlp: Tlp) -> Item {
    let text = object.to_string();
    let document = stix::json::Document::parse(text.as_bytes()).unwrap();
    let canonical = stix::json::canonical(document.root()).unwrap();
    Item {
        stix_id: object["id"].as_str().unwrap().to_owned(),
        sha256: Digest::of(canonical.as_bytes()).as_bytes().to_vec(),
        tlp,
    }
}

fn attachment(objects: &[(Value, Tlp)]) -> String {
    let given: Vec<intel::ops::Given> = objects
        .iter()
        .map(|(object, tlp)| intel::ops::Given {
            place: 0,
            item: item(object, *tlp),
            body: object.to_string(),
        })
        .collect();
    share::model::write_given(&given)
}

fn said(id: CollectionRef, sequence: i64, objects: &[(Value, Tlp)], digest: Tally) -> Letter {
    Letter::Share(Said {
        collection: About {
            id,
            title: "Lakes".to_owned(),
            description: String::new(),
            ceiling: Tlp::Red,
            unmarked: Tlp::AmberStrict,
            onward: false,
        },
        via: None,
        sequence,
        resume: false,
        items: u64::try_from(objects.len()).unwrap(),
        digest,
    })
}

fn tally(objects: &[(Value, Tlp)]) -> Tally {
    let mut tally = Tally::default();
    for (object, tlp) in objects {
        tally.add(&item(object, *tlp));
    }
    tally
}

async fn a_collection_is_told_of_by_its_steward_alone(db: Db) {
    let fleet = fleet(db.engine()).await;
    let ours = collect(&fleet, "XB", "ours").await;
    let theirs = collect(&fleet, "XA", "ports").await;
    add(&fleet, "XA", "ports", &[malware(1, 1, None)]).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1"]).await;
    let forged = [(malware(66, 1, None), Tlp::Clear)];
    let refused = async |id, sequence| {
        let letter = said(id, sequence, &forged, tally(&forged));
        let id = bring(&fleet, ("XC", "XB"), &letter, Some(attachment(&forged))).await;
        outcome(&fleet, "XC", id).await
    };
    // A third party speaks for XA, for XB itself, and for what is kept here.
    for id in [theirs.public, ours.public, at_b] {
        assert_eq!(refused(id, 2).await, "share.foreign");
    }
    let letter = Letter::Unshare(Unshared {
        collection: theirs.public,
        sequence: 9,
        resume: true,
        whole: true,
        items: 0,
        digest: Tally::default(),
    });
    let id = bring(&fleet, ("XC", "XB"), &letter, None).await;
    assert_eq!(outcome(&fleet, "XC", id).await, "share.foreign");
    // Its steward does not use a number twice.
    let letter = said(theirs.public, 1, &forged, tally(&forged));
    let id = bring(&fleet, ("XA", "XB"), &letter, Some(attachment(&forged))).await;
    assert_eq!(outcome(&fleet, "XA", id).await, "share.sequence");
    // Nobody confirms what he was not told.
    let letter = Letter::Confirm(share::model::Confirmation {
        collection: theirs.public,
        sequence: 1,
        removed: 1,
        onward: share::model::Onward::Nobody,
        declined: true,
    });
    let id = bring(&fleet, ("XC", "XA"), &letter, None).await;
    assert_eq!(outcome(&fleet, "XC", id).await, "share.unknown");
    holds(&fleet, "XB", at_b, &["m1v1"]).await;
    assert_eq!(incoming(&fleet, "XB", "XC").await.len(), 0);
    fleet.end().await;
}

async fn what_comes_in_another_order_is_carried_out_in_order(db: Db) {
    let fleet = fleet(db.engine()).await;
    let id = CollectionRef::random(&OsRng);
    let one = [
        (malware(1, 1, None), Tlp::Amber),
        (malware(2, 1, None), Tlp::Red),
    ];
    let two = [(malware(3, 1, Some(Tlp::AmberStrict)), Tlp::Clear)];
    let kept_of_one = [one[0].clone()];
    let mut digest = tally(&kept_of_one);
    // The object's own label is the stricter one, and it counts.
    digest.add(&item(&two[0].0, Tlp::AmberStrict));
    let first = said(id, 1, &one, tally(&kept_of_one));
    let third = said(id, 3, &two, digest);
    let removed = Letter::Unshare(Unshared {
        collection: id,
        sequence: 2,
        resume: false,
        whole: false,
        items: 1,
        digest: tally(&kept_of_one),
    });
    let gone = share::model::write_named(&[item(&two[0].0, Tlp::Clear)]);
    let m3 = bring(&fleet, ("XA", "XB"), &third, Some(attachment(&two))).await;
    assert_eq!(outcome(&fleet, "XA", m3).await, "receipted");
    accept(&fleet, "XB", "XA").await;
    // What is ahead waits.
    assert_eq!(incoming(&fleet, "XB", "XA").await[0].waiting, 1);
    let m1 = bring(&fleet, ("XA", "XB"), &first, Some(attachment(&one))).await;
    assert_eq!(outcome(&fleet, "XA", m1).await, "receipted");
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1"]).await;
    let m2 = bring(&fleet, ("XA", "XB"), &removed, Some(gone)).await;
    assert_eq!(outcome(&fleet, "XA", m2).await, "receipted");
    holds(&fleet, "XB", at_b, &["m1v1", "m3v1"]).await;
    // The objects come in transactions of their own, before the number moves.
    let view = fleet
        .until("XB", "the third message carried out", async || {
            let view = incoming(&fleet, "XB", "XA").await.remove(0);
            ((view.share.sequence, view.waiting) == (3, 0)).then_some(view)
        })
        .await;
    assert_eq!(view.verdict, Verdict::Agrees, "{view:?}");
    let unkept: Vec<_> = view.unkept.iter().map(|(.., code)| code.as_str()).collect();
    assert_eq!(
        unkept,
        ["intel.ceiling"],
        "RED never comes with a collection"
    );
    fleet.end().await;
}

async fn what_differs_is_named_and_put_right(db: Db) {
    const LOSE: &str = "DELETE FROM collection_entry WHERE stix_id = $1";
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let three = [
        malware(1, 1, None),
        malware(2, 1, None),
        malware(3, 1, None),
    ];
    add(&fleet, "XA", "ports", &three).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1", "m3v1"]).await;
    crate::house::agrees(&fleet, "XA", "XB").await;
    // XB's database loses an object.
    let ground = fleet.node("XB").ground().clone();
    let lost = three[1]["id"].as_str().unwrap();
    let mut tx = ground.db.begin().await.unwrap();
    db::query(LOSE).bind(lost).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let differs = async |at: &str, with: &str| {
        let (x, viewer) = (sharing(&fleet, at), fleet.viewer(at));
        share::ops::compare(&x, &viewer, &party(with))
            .await
            .unwrap();
    };
    differs("XB", "XA").await;
    let view = incoming(&fleet, "XB", "XA").await.remove(0);
    assert_eq!(view.verdict, Verdict::Differs);
    differs("XA", "XB").await;
    let view = outgoing(&fleet, "XA", "XB").await.remove(0);
    assert_eq!(view.verdict, Verdict::Differs);
    let gaps: Vec<_> = view
        .gaps
        .iter()
        .map(|one| (one.stix_id.as_str(), one.gap.as_str()))
        .collect();
    assert_eq!(gaps, [(lost, "they_miss")]);
    // People have it sent again.
    let (x, viewer) = (sharing(&fleet, "XA"), fleet.viewer("XA"));
    share::ops::send_again(&x, &viewer, view.share.id)
        .await
        .unwrap();
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1", "m3v1"]).await;
    crate::house::agrees(&fleet, "XA", "XB").await;
    assert_eq!(outgoing(&fleet, "XA", "XB").await[0].gaps.len(), 0);
    delete(&fleet, "XA", "ports", 2).await;
    holds(&fleet, "XB", at_b, &["m1v1", "m3v1"]).await;
    fleet.end().await;
}
