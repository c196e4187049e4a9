//! The preview: who will see a message, what of it leaves the house, and the confirmation.

use exchange::model::Preview;
use kernel::PartyCode;

use super::{
    Answer, House, Reader,
    draft::{Draft, carried},
    draw,
    forms::{Answers, sentences},
    incident::tabs::size,
    names,
    thread::parts::{Names, Outside, Teller},
};
use crate::{
    views::{
        compose::{Leaf, Preview as Page},
        form::{Control, Field, Form},
        frame::Section,
        incident::Attachment,
        thread::{Mark, MarkState},
    },
    words::{WRITTEN, Words, key},
};

/// The page, with everything that was typed unseen in it.
pub(super) async fn page(
    house: &House,
    reader: &Reader,
    (draft, answers): (&Draft, &Answers),
    preview: Preview,
    wrong: Option<String>,
) -> Answer {
    let w = reader.w;
    let names = names::both(house, reader, &draft.to).await;
    let teller = Teller {
        w,
        names: &names,
        requests: &[],
        may_look: false,
        may_send: false,
        seen: None,
    };
    let outside = Outside {
        id: draft.id.to_string(),
        ours: true,
        kind: preview.kind.as_str(),
        at: w.now(),
        tlp: preview.tlp,
        urgency: super::saying::urgency(answers).unwrap_or_default(),
    };
    let mut message = teller.written(
        Some(&preview.statement),
        (&preview.from, &preview.to),
        &outside,
    );
    message.marks = marks(&preview);
    message.files = preview
        .files
        .iter()
        .map(|file| Attachment {
            name: file.name.clone(),
            url: String::new(),
            size: file.size.map_or_else(String::new, size),
            media_type: file.media_type.clone(),
            sha256: String::new(),
            tlp: preview.tlp,
            added: None,
        })
        .collect();
    let to = names.party(w, &preview.to.party);
    let desk = names.desk(preview.to.contact);
    let forbidden = preview.refused.as_ref().map(|refused| {
        let problem = kernel::Problem::from(*refused);
        sentences(w, problem.status(), problem.code, &problem.params).0
    });
    draw(&Page {
        w,
        shell: reader.shell(house, Section::Exchange).await?,
        seers: seers(w, &preview, &to.name, &desk),
        leaves: leaves(w, &preview, &to.name),
        open: preview
            .leaves_open
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        forbidden: forbidden.unwrap_or_default(),
        confirm: confirm(reader, answers, &to.name, wrong),
        change_url: "/compose/write",
        to,
        message,
    })
}

/// By when the other side is asked to react.
fn marks(preview: &Preview) -> Vec<Mark> {
    let waits = |step, at| Mark {
        step,
        state: MarkState::Waiting,
        at: Some(at),
        proof_url: String::new(),
        note: String::new(),
    };
    let ack = preview.ack_due.map(|at| waits("acknowledged", at));
    let answer = preview.answer_due.map(|at| waits("answered", at));
    ack.into_iter().chain(answer).collect()
}

fn seers(w: Words, preview: &Preview, party: &str, desk: &str) -> Vec<String> {
    let tlp = format!("TLP:{}", preview.tlp);
    let audience = key("audience", preview.readers_there.as_str());
    vec![
        w.t2("preview-seal-sentence", &("party", party), &("desk", desk)),
        w.t2(&audience, &("party", party), &("desk", desk)),
        w.t2("preview-own-sentence", &("tlp", tlp), &("party", party)),
        w.t("preview-witness-sentence"),
    ]
}

fn leaves(w: Words, preview: &Preview, party: &str) -> Vec<Leaf> {
    let leaf = |what: String, sealed: bool, bytes: String| Leaf {
        what,
        sealed,
        readers: w.t1(
            if sealed {
                "leaf-readers-sealed"
            } else {
                "leaf-readers-node"
            },
            "party",
            party,
        ),
        size: bytes,
    };
    let mut leaves = vec![
        leaf(w.t("leaf-header"), false, String::new()),
        leaf(w.t("leaf-body"), true, String::new()),
    ];
    leaves.extend(preview.files.iter().map(|file| {
        let bytes = file
            .size
            .map(|bytes| w.t1("leaf-padded", "size", size(bytes)));
        leaf(
            w.t1("leaf-attachment", "name", &file.name),
            true,
            bytes.unwrap_or_default(),
        )
    }));
    leaves
}

fn confirm(reader: &Reader, answers: &Answers, party: &str, wrong: Option<String>) -> Form {
    let w = reader.w;
    let mut fields = carried(answers);
    let field = Field::new(
        "confirm",
        w.t1("field-confirm", "party", party),
        Control::Text,
    );
    fields.push(
        field
            .required()
            .short()
            .longest(200)
            .wrong(wrong.unwrap_or_default()),
    );
    Form {
        action: "/compose/send".to_owned(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t1("preview-send", "party", party),
        cancel: String::new(),
    }
}

/// True where the name of the addressee was typed, in any language of the pages, or its code.
pub(super) fn is_confirmed(to: &PartyCode, names: &Names, typed: &str) -> bool {
    let same = |name: &str| !typed.is_empty() && name.to_lowercase() == typed.to_lowercase();
    let now = kernel::Timestamp::from_micros(0);
    same(to.as_str())
        || names.parties.get(to).is_some_and(|name| same(name))
        || WRITTEN
            .iter()
            .any(|(language, _)| same(&Words::new(*language, now).state(to.as_str())))
}

#[cfg(test)]
mod tests {
    use exchange::model::Audience;

    use super::*;

    #[test]
    fn the_addressee_is_confirmed_by_name_or_code_and_by_nothing_else() {
        let to: PartyCode = "XB".parse().unwrap();
        let names = Names::default();
        for typed in ["XB", "xb", "Brevonia", "布雷沃尼亚"] {
            assert!(is_confirmed(&to, &names, typed), "{typed}");
        }
        for typed in ["", "Cardova", "B"] {
            assert!(!is_confirmed(&to, &names, typed), "{typed}");
        }
    }

    #[test]
    fn every_audience_has_its_sentence() {
        let w = Words::new(kernel::Language::Zh, kernel::Timestamp::from_micros(0));
        for tlp in kernel::Tlp::ALL {
            let key = key("audience", Audience::of(tlp).as_str());
            assert!(
                w.find(&key, &[("party", &"XB"), ("desk", &"d")]).is_some(),
                "{key}"
            );
        }
    }
}
