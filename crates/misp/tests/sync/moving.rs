//! A whole instance, and the folder of a feed, brought over.

use db::Db;
use kernel::{Tlp, Viewer};
use misp::sync::{
    Account, Destination, FeedError, Published, from_folder, from_instance, limits, to_folder,
};
use outward::{Address, Client, Credentials};
use serde_json::json;

use crate::{
    house::{House, event, uuid},
    stub::{Fault, Stub},
};

db::contract! {
    a_whole_instance_comes_and_goes_on_where_it_stopped,
    a_folder_is_taken_in,
    a_collection_is_written_as_a_feed,
    a_feed_follows_its_collection_and_is_read_back,
    a_feed_of_others_is_not_written_over,
}

fn into(house: &House) -> Destination {
    Destination {
        ground: house.ground.clone(),
        viewer: Viewer::node("import", "XA".parse().unwrap(), house.analyst.mode),
        place: ("feeds".to_owned(), "misp".to_owned()),
        label: Tlp::Amber,
    }
}

fn numbers(account: &Account) -> [u64; 5] {
    let Account {
        listed,
        taken,
        known,
        refused,
        missed,
        ..
    } = account;
    [*listed, *taken, *known, *refused, *missed]
}

async fn a_whole_instance_comes_and_goes_on_where_it_stopped(db: Db) {
    let house = House::open(db).await;
    let draft = event(2, 2, json!({"published": false, "distribution": "1"}));
    let red = event(4, 4, json!({"Tag": [{"name": "tlp:red"}]}));
    let stub = Stub::new([event(1, 1, json!({})), draft, event(3, 3, json!({})), red]);
    stub.inside().faults.insert(uuid(3), Fault::Cut);
    let address: Address = format!("http://{}", stub.start().await).parse().unwrap();
    let client = Client::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let moved = async || {
        let session = client.session(&address, &Credentials::None, None, limits());
        let session = session.await.unwrap();
        let moved = from_instance(into(&house), (session, &address), false, |_, _| {});
        moved.await.unwrap()
    };
    let account = moved().await;
    assert_eq!(numbers(&account), [4, 2, 0, 1, 1]);
    assert!(!account.is_whole());
    // How far it may go stays as it was.
    let draft = house.event(&uuid(2)).await.unwrap();
    assert_eq!(
        (&draft["distribution"], &draft["published"]),
        (&json!("1"), &json!(false))
    );
    stub.inside().faults.clear();
    assert_eq!(numbers(&moved().await), [4, 1, 2, 1, 0]);
}

async fn a_folder_is_taken_in(db: Db) {
    let house = House::open(db).await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &serde_json::Value| {
        std::fs::write(folder.path().join(name), text.to_string()).unwrap();
    };
    let mut manifest = json!({});
    for number in 1..=3 {
        manifest[uuid(number)] = json!({"timestamp": (1_700_000_000 + number).to_string()});
        let event = event(number, number, json!({}));
        if number < 3 {
            write(&format!("{}.json", uuid(number)), &json!({"Event": event}));
        }
    }
    write("manifest.json", &manifest);
    let taken = from_folder(into(&house), folder.path(), |_, _| {});
    let account = taken.await.unwrap();
    assert_eq!(numbers(&account), [3, 2, 0, 1, 0]);
    assert_eq!(house.event(&uuid(1)).await.unwrap()["info"], "event 1 at 1");
    let again = from_folder(into(&house), folder.path(), |_, _| {});
    assert_eq!(numbers(&again.await.unwrap()), [3, 0, 2, 1, 0]);
}

fn feed(house: &House, label: Tlp) -> Destination {
    Destination {
        label,
        ..into(house)
    }
}

/// A collection with two events for a feed, and three that stay.
async fn with_events(db: Db) -> House {
    let house = House::open(db).await;
    let strict = json!({"type": "domain", "value": "strict.example",
        "uuid": uuid(99), "Tag": [{"name": "tlp:amber"}]});
    let mut first = event(
        1,
        1,
        json!({"Tag": [{"name": "tlp:green"}, {"name": "own", "local": true}]}),
    );
    first["Attribute"].as_array_mut().unwrap().push(strict);
    house.published(&first).await;
    house
        .published(&event(2, 2, json!({"Tag": [{"name": "tlp:amber"}]})))
        .await;
    house
        .published(&event(3, 3, json!({"distribution": "1"})))
        .await;
    house.own(&event(4, 4, json!({"published": false}))).await;
    house.published(&event(5, 5, json!({}))).await;
    house
}

async fn a_collection_is_written_as_a_feed(db: Db) {
    let house = with_events(db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed");
    let written = async |label| {
        to_folder(feed(&house, label), &path, |_, _| {})
            .await
            .unwrap()
    };
    let expected = Published {
        events: 2,
        written: 2,
        removed: 0,
        stricter: 1,
        withheld: 2,
    };
    assert_eq!(written(Tlp::Green).await, expected);
    let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    let file: serde_json::Value =
        serde_json::from_str(&read(&format!("{}.json", uuid(1)))).unwrap();
    let tags: Vec<_> = file["Event"]["Tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    assert_eq!(tags, ["tlp:green"]);
    assert_eq!(file["Event"]["Attribute"].as_array().unwrap().len(), 1);
    let hash = "d8a8cbfbc76d3c5f95d24e9f9ba1d1b5".len();
    let hashes = read("hashes.csv");
    assert_eq!(hashes.lines().count(), 2, "{hashes}");
    assert!(hashes.lines().all(|line| line.len() == hash + 37));
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!(manifest.as_object().unwrap().len(), 2);
    assert_eq!(manifest[uuid(1)]["info"], "event 1 at 1");
}

async fn a_feed_follows_its_collection_and_is_read_back(db: Db) {
    let house = with_events(db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed");
    let written = async |label| {
        let written = to_folder(feed(&house, label), &path, |_, _| {});
        written.await.unwrap()
    };
    let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    let expected = written(Tlp::Green).await;
    // Without a change nothing is written but the lists; a change is written, what left is taken away.
    assert_eq!(
        written(Tlp::Green).await,
        Published {
            written: 0,
            ..expected
        }
    );
    house
        .change(&event(1, 1_000_000_000, json!({"info": "changed"})))
        .await;
    house.delete(&uuid(5)).await;
    // A line of a run that was cut is of no use and does no harm.
    let mut log = read(".comity-feed");
    log.push_str("10000000");
    std::fs::write(path.join(".comity-feed"), log).unwrap();
    let expected = Published {
        events: 1,
        written: 1,
        removed: 1,
        stricter: 1,
        withheld: 2,
    };
    assert_eq!(written(Tlp::Green).await, expected);
    assert!(!path.join(format!("{}.json", uuid(5))).exists());
    assert!(read(&format!("{}.json", uuid(1))).contains("changed"));
    // Another label makes other files.
    let more = written(Tlp::Amber).await;
    assert_eq!((more.events, more.written, more.stricter), (2, 2, 0));
    assert!(read(&format!("{}.json", uuid(1))).contains("strict.example"));

    house.delete(&uuid(2)).await;
    let taken = from_folder(into(&house), &path, |_, _| {}).await.unwrap();
    // What was deleted here is refused, as from everywhere.
    assert_eq!(numbers(&taken), [2, 0, 1, 1, 0]);
}

async fn a_feed_of_others_is_not_written_over(db: Db) {
    let house = House::open(db).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    let refused = to_folder(feed(&house, Tlp::Green), folder.path(), |_, _| {}).await;
    assert!(matches!(refused, Err(FeedError::Foreign)));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("manifest.json")).unwrap(),
        "{}"
    );
}
