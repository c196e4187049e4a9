//! A whole instance, and the folder of a feed, brought over.

use db::Db;
use kernel::{Tlp, Viewer};
use misp::sync::{Account, Destination, from_folder, from_instance, limits};
use outward::{Address, Client, Credentials};
use serde_json::json;

use crate::{
    house::{House, event, uuid},
    stub::{Fault, Stub},
};

db::contract! {
    a_whole_instance_comes_and_goes_on_where_it_stopped,
    a_folder_is_taken_in,
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
