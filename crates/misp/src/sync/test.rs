//! Whether an exchange would work, step by step.

use intel::{
    model::{Direction, TestStep},
    remotes::Visit,
};
use outward::Stage;

use super::{
    missed::Missed,
    peer::{Peer, limits},
    rules::Rules,
};

/// The steps that come before any question is answered, in their order.
const WAY: [(&str, Stage); 5] = [
    ("name", Stage::Name),
    ("network", Stage::Network),
    ("connect", Stage::Connect),
    ("tls", Stage::Tls),
    ("answer", Stage::Answer),
];

/// Tries everything that an exchange with an instance would need, and changes nothing.
pub(super) async fn instance(visit: Visit) -> Vec<TestStep> {
    let peer = match open(&visit).await {
        Ok(peer) => peer,
        Err(steps) => return steps,
    };
    let (mut steps, version) = match peer.version().await {
        Ok(version) => (way(&visit), version),
        Err(missed) => return failed(&visit, &missed, "version"),
    };
    steps.push(said("authentication", Some(true), ""));
    let shown = format!("MISP {}", version.number);
    steps.push(said("version", Some(true), &shown));
    if visit.remote.direction == Direction::Push {
        let detail = "our account there needs a role with sync";
        let may = version.perm_sync;
        steps.push(said("perm_sync", Some(may), if may { "" } else { detail }));
        return steps;
    }
    let rules = match Rules::of(&visit.remote.settings) {
        Ok(rules) => rules.of_index(true),
        Err(invalid) => {
            steps.push(said("selection", Some(false), &invalid.to_string()));
            return steps;
        }
    };
    steps.push(match peer.index(&rules, None).await {
        Ok(index) => {
            let events = index.map_or(0, |index| index.list.len());
            said("index", Some(true), &format!("{events} events"))
        }
        Err(missed) => said("index", Some(false), &missed.detail()),
    });
    steps
}

/// Tries whether a feed can be read, and changes nothing.
pub(super) async fn feed(visit: Visit) -> Vec<TestStep> {
    let peer = match open(&visit).await {
        Ok(peer) => peer,
        Err(steps) => return steps,
    };
    match peer.manifest(None).await {
        Ok(manifest) => {
            let events = manifest.map_or(0, |manifest| manifest.list.len());
            let mut steps = way(&visit);
            steps.push(said("authentication", Some(true), ""));
            steps.push(said("manifest", Some(true), &format!("{events} events")));
            steps
        }
        Err(missed) => failed(&visit, &missed, "manifest"),
    }
}

async fn open(visit: &Visit) -> Result<Peer, Vec<TestStep>> {
    let session = match visit.session(limits()).await {
        Ok(session) => session,
        Err(error) => return Err(failed(visit, &error.into(), "answer")),
    };
    let address = &visit.remote.settings.address;
    let peer = Peer::new(session, address, visit.remotes.ground.now());
    peer.map_err(|missed| failed(visit, &missed, "answer"))
}

/// The steps on the way, which all worked.
fn way(visit: &Visit) -> Vec<TestStep> {
    let plain = !visit.remote.settings.address.is_secure();
    let step = |(step, stage)| {
        if plain && stage == Stage::Tls {
            said(step, None, "the address asks for none")
        } else {
            said(step, Some(true), "")
        }
    };
    WAY.into_iter().map(step).collect()
}

/// The steps as far as it came; `last` is the step of the question that was asked.
fn failed(visit: &Visit, missed: &Missed, last: &'static str) -> Vec<TestStep> {
    let detail = missed.detail();
    if let Missed::Outward(error) = missed {
        let mut steps = Vec::new();
        if error.stage() == Stage::Ours {
            steps.push(said("ours", Some(false), &detail));
        }
        steps.extend(WAY.map(|(step, stage)| match error.stage().cmp(&stage) {
            std::cmp::Ordering::Greater => said(step, Some(true), ""),
            std::cmp::Ordering::Equal => said(step, Some(false), &detail),
            std::cmp::Ordering::Less => said(step, None, ""),
        }));
        steps.push(said("authentication", None, ""));
        steps.push(said(last, None, ""));
        return steps;
    }
    let mut steps = way(visit);
    let is_refused = missed.code() == "misp.not_allowed";
    let (authentication, asked) = if is_refused {
        (Some(false), None)
    } else {
        (None, Some(false))
    };
    let words = |worked: Option<bool>| if worked == Some(false) { &*detail } else { "" };
    let shown = words(authentication);
    steps.push(said("authentication", authentication, shown));
    steps.push(said(last, asked, words(asked)));
    steps
}

fn said(step: &'static str, worked: Option<bool>, detail: &str) -> TestStep {
    TestStep {
        step,
        worked,
        detail: detail.trim().to_owned(),
    }
}
