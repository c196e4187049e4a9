//! Whether an exchange would work, step by step.

use intel::{
    model::{Direction, TestStep},
    remotes::{Trouble, Visit},
};
use outward::{Limits, Request, Stage};

use super::{find::find, talk::Talk};

/// The steps that come before any question is answered, in their order.
const WAY: [(&str, Stage); 5] = [
    ("name", Stage::Name),
    ("network", Stage::Network),
    ("connect", Stage::Connect),
    ("tls", Stage::Tls),
    ("answer", Stage::Answer),
];
/// The steps after it.
const TALK: [&str; 4] = ["authentication", "version", "root", "collection"];

/// Tries everything that a run would need, and changes nothing.
pub(super) async fn test(visit: Visit) -> Vec<TestStep> {
    let mut steps = Vec::new();
    if let Err(error) = reach(&visit).await {
        let detail = kernel::chain(&error);
        for (step, stage) in WAY {
            steps.push(match error.stage().cmp(&stage) {
                std::cmp::Ordering::Greater => said(step, Some(true), ""),
                std::cmp::Ordering::Equal => said(step, Some(false), &detail),
                std::cmp::Ordering::Less => said(step, None, ""),
            });
        }
        if error.stage() == Stage::Ours {
            steps.insert(0, said("ours", Some(false), &detail));
        }
        steps.extend(TALK.map(|step| said(step, None, "")));
        return steps;
    }
    let plain = !visit.remote.settings.address.is_secure();
    for (step, stage) in WAY {
        let without = plain && stage == Stage::Tls;
        steps.push(if without {
            said(step, None, "the address asks for none")
        } else {
            said(step, Some(true), "")
        });
    }
    steps.extend(talk(&visit).await);
    steps
}

async fn reach(visit: &Visit) -> Result<(), outward::Error> {
    let session = visit.session(Limits::default()).await?;
    let request = Request::get(visit.remote.settings.address.clone());
    session.send(request).await.map(drop)
}

async fn talk(visit: &Visit) -> Vec<TestStep> {
    let mut talk = match Talk::begin(visit).await {
        Ok(talk) => talk,
        Err(trouble) => return failed(&trouble),
    };
    let target = match find(visit, &mut talk).await {
        Ok(target) => target,
        Err(trouble) => return failed(&trouble),
    };
    let collection = &target.collection;
    let title = collection.title.as_deref().unwrap_or(&collection.id);
    let mut steps = vec![
        said("authentication", Some(true), ""),
        said("version", Some(true), "TAXII 2.1"),
        said(
            "root",
            Some(true),
            &format!("{} {}", target.title, target.root),
        ),
        said("collection", Some(true), title),
    ];
    let (step, may) = match visit.remote.direction {
        Direction::Pull => ("readable", collection.can_read),
        Direction::Push => ("writable", collection.can_write),
    };
    steps.push(said(step, Some(may), ""));
    if visit.remote.direction == Direction::Pull && may {
        let asked = match target.objects().map(|objects| objects.join("?limit=1")) {
            Ok(Ok(address)) => talk.get(address).await,
            Ok(Err(_too_long)) => return steps,
            Err(trouble) => Err(trouble),
        };
        steps.push(match asked {
            Ok(_page) => said("objects", Some(true), ""),
            Err(trouble) => said("objects", Some(false), &trouble.detail),
        });
    }
    let notes = talk.told(&mut Vec::new());
    steps.extend(
        notes
            .iter()
            .map(|note| said("defect", Some(true), &note.detail)),
    );
    steps
}

/// How far the talk came, by what stopped it.
fn failed(trouble: &Trouble) -> Vec<TestStep> {
    let at = match trouble.code {
        "taxii.unauthorised" | "taxii.forbidden" => 0,
        "taxii.version" => 1,
        "taxii.no_collection" | "taxii.which_collection" => 3,
        _ => 2,
    };
    let step = |(number, step): (usize, &'static str)| match number.cmp(&at) {
        std::cmp::Ordering::Less => said(step, Some(true), ""),
        std::cmp::Ordering::Equal => said(step, Some(false), &trouble.detail),
        std::cmp::Ordering::Greater => said(step, None, ""),
    };
    TALK.into_iter().enumerate().map(step).collect()
}

fn said(step: &'static str, worked: Option<bool>, detail: &str) -> TestStep {
    TestStep {
        step,
        worked,
        detail: detail.trim().to_owned(),
    }
}
