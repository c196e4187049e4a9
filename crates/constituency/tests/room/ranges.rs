//! Which versions are affected, as files say it, and what that says of assets.

use std::path::PathBuf;

use constituency::{
    Error,
    cve::{Judged, Named, Status},
    model::{Detail, Tally},
    ops::{self, Stated},
    version::Verdict,
};
use db::Db;
use kernel::{PageRequest, Role, Viewer};
use serde_json::json;

use crate::house::{ground, take, user};

db::contract! {
    a_version_is_judged_by_what_files_say,
    what_people_state_and_what_files_say_stand_together,
    a_file_takes_the_place_of_the_last_one_of_its_kind,
    a_product_of_another_name_is_not_judged,
    the_records_of_the_programme_are_taken_in,
}

const FILE: &str = "organisation,host,vendor,product,version\n\
    Port,a,Example Inc,Mail Server,1.0\nPort,b,Example,Mail-Server,1.2\n\
    Port,c,Example,Mail Server,latest\nPort,d,Example,Mail Server,\n\
    Ward,e,Example,Mail Server,1.0\nPort,f,Example,Mail Server 2019,1.0\nPort,g,,Mail Server,1.0\n";

fn record(cve: &str, affected: &serde_json::Value) -> Vec<u8> {
    let record = json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": cve, "state": "PUBLISHED"},
        "containers": {"cna": {"providerMetadata": {"shortName": "example"}, "affected": affected}}
    });
    record.to_string().into_bytes()
}

fn mail(fallback: &str) -> serde_json::Value {
    json!([{"vendor": "EXAMPLE", "product": "mail_server", "defaultStatus": fallback,
        "versions": [{"version": "0", "lessThan": "1.1", "status": "affected"}]}])
}

async fn begun(db: Db) -> (audit::Ground, Viewer) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let kev = br#"{"vulnerabilities":[{"cveID":"CVE-2026-1111","vendorProject":"Example",
        "product":"Multiple Products","dateAdded":"2026-01-02"}]}"#;
    ops::import_kev(&ground, &viewer, kev).await.unwrap();
    take(&ground, &viewer, FILE.as_bytes()).await;
    (ground, viewer)
}

/// The match of the product, and what is said of its assets.
async fn look(ground: &audit::Ground, viewer: &Viewer, product: &str) -> (Detail, Vec<Verdict>) {
    let page = ops::matches(ground, viewer, (None, None), PageRequest::default());
    let found = page.await.unwrap().items;
    let one = found
        .iter()
        .find(|one| one.product.name == product)
        .unwrap();
    let detail = ops::look(ground, viewer, one.id, PageRequest::default());
    let detail = detail.await.unwrap();
    let verdicts = detail.assets.items.iter().map(|(_, verdict)| *verdict);
    let verdicts = verdicts.collect();
    (detail, verdicts)
}

async fn tally(
    ground: &audit::Ground,
    viewer: &Viewer,
    organisation: Option<i64>,
) -> Option<Tally> {
    let page = ops::matches(ground, viewer, (None, organisation), PageRequest::default());
    let found = page.await.unwrap().items;
    let one = found.iter().find(|one| one.product.name == "Mail Server");
    one.unwrap().tally
}

use Verdict::{InRange, Outside, Unknown};

async fn a_version_is_judged_by_what_files_say(db: Db) {
    let (ground, viewer) = begun(db).await;
    assert_eq!(look(&ground, &viewer, "Mail Server").await.1, [Unknown; 5]);
    assert_eq!(tally(&ground, &viewer, None).await, None);
    // Where the record does not say what holds of other versions, nothing is not affected.
    let file = record("CVE-2026-1111", &mail("unknown"));
    let done = ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    assert_eq!((done.taken, done.products, done.refused.len()), (1, 1, 0));
    let (detail, verdicts) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(verdicts, [InRange, Unknown, Unknown, Unknown, InRange]);
    assert_eq!(detail.named[0].source, "CVE: example");
    let file = record("CVE-2026-1111", &mail("unaffected"));
    ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    let (_, verdicts) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(verdicts, [InRange, Outside, Unknown, Unknown, InRange]);
    let expected = Tally {
        affected: 2,
        unknown: 2,
        unaffected: 1,
    };
    assert_eq!(tally(&ground, &viewer, None).await, Some(expected));
    let ward = ops::organisations(&ground, &viewer, "ward").await.unwrap()[0].number;
    let of_ward = tally(&ground, &viewer, Some(ward)).await.unwrap();
    assert_eq!((of_ward.affected, of_ward.unknown), (1, 0));
    let reader = user(Role::PolicyOfficer);
    assert!(ops::import_ranges(&ground, &reader, &file).await.is_err());
}

async fn what_people_state_and_what_files_say_stand_together(db: Db) {
    let (ground, viewer) = begun(db).await;
    let (detail, _) = look(&ground, &viewer, "Mail Server").await;
    let stated = Stated {
        since: "1.2".to_owned(),
        until: "1.3".to_owned(),
        source: "the maker".to_owned(),
        ..Stated::default()
    };
    ops::state_versions(&ground, &viewer, detail.matched.id, stated)
        .await
        .unwrap();
    let (_, alone) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(alone, [Outside, InRange, Unknown, Unknown, Outside]);
    // Whoever says that it is affected counts first.
    let file = record("CVE-2026-1111", &mail("unaffected"));
    ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    let (_, both) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(both, [InRange, InRange, Unknown, Unknown, InRange]);
}

async fn a_file_takes_the_place_of_the_last_one_of_its_kind(db: Db) {
    let (ground, viewer) = begun(db).await;
    let file = record("CVE-2026-1111", &mail("unaffected"));
    ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    let again = ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    assert_eq!((again.taken, again.unchanged), (0, 1));
    let table =
        "cve,vendor,product,to,source\nCVE-2026-1111,Example,Mail Server,1.2,maker\nx,a,b,1,\n";
    let done = ops::import_ranges(&ground, &viewer, table.as_bytes());
    let done = done.await.unwrap();
    assert_eq!(
        (done.taken, done.refused, done.is_table),
        (1, vec![(3, "cve".to_owned())], true)
    );
    let (detail, verdicts) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(detail.named.len(), 2);
    assert_eq!(verdicts, [InRange, InRange, Unknown, Unknown, InRange]);
    // The record is withdrawn; the table stays.
    let gone = json!({"dataVersion": "5.1", "cveMetadata": {"cveId": "CVE-2026-1111", "state": "REJECTED"}});
    let gone = gone.to_string();
    let gone = ops::import_ranges(&ground, &viewer, gone.as_bytes()).await;
    assert_eq!(gone.unwrap().empty, 1);
    let (detail, _) = look(&ground, &viewer, "Mail Server").await;
    assert_eq!(detail.named.len(), 1);
    assert_eq!(detail.named[0].fallback, Status::Unknown);
    for bad in [&b"{"[..], b"a,b\n", b"\xff\xfe"] {
        let refused = ops::import_ranges(&ground, &viewer, bad).await;
        assert!(matches!(
            refused,
            Err(Error::Catalogue(_) | Error::Invalid(_) | Error::Encoding)
        ));
    }
}

async fn a_product_of_another_name_is_not_judged(db: Db) {
    let (ground, viewer) = begun(db).await;
    let file = record("CVE-2026-1111", &mail("unaffected"));
    ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    // The maker is the same, the product only similar: nobody said anything of it.
    let (detail, verdicts) = look(&ground, &viewer, "Mail Server 2019").await;
    assert_eq!((verdicts, detail.named.len()), (vec![Unknown], 0));
}

async fn the_records_of_the_programme_are_taken_in(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let folder = std::env::var_os("COMITY_TEST_DATA");
    let folder = folder.map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(),
        PathBuf::from,
    );
    let path = folder.join("cve/vulnrichment-2024-2-sample.tar.gz");
    let list = unpacked(&path, 400);
    let file = serde_json::to_vec(&list).unwrap();
    let done = ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    assert_eq!((done.taken + done.unchanged, done.refused.len()), (400, 0));
    assert!(done.products > 400, "{}", done.products);
    let again = ops::import_ranges(&ground, &viewer, &file).await.unwrap();
    assert_eq!((again.taken, again.unchanged), (0, 400));
    // Whatever they say: where any version is affected, one that nobody can read is never said not to be.
    let read = constituency::cve::read(&file).unwrap();
    let affects = |one: &&Named| {
        let mut entries = one.entries.iter();
        entries.any(|entry| entry.status == Status::Affected)
    };
    for (cve, products) in &read.vulnerabilities {
        for one in products.iter().filter(affects) {
            assert_ne!(
                one.judge("latest"),
                Judged::Unaffected,
                "{cve} {}",
                one.product
            );
        }
    }
}

/// The records of an archive.
fn unpacked(path: &std::path::Path, most: usize) -> Vec<serde_json::Value> {
    let file = std::fs::File::open(path).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut found = Vec::new();
    for entry in archive.entries().unwrap().take(most) {
        found.push(serde_json::from_reader(entry.unwrap()).unwrap());
    }
    found
}
