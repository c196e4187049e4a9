//! What the rooms have as closed lists, the pages have words for.

use kernel::{Language, Timestamp};
use web::words::{Words, key};

/// Asserts that there is a word of the family for the code.
fn named(family: &str, code: &str) {
    let words = Words::new(Language::Zh, Timestamp::from_micros(0));
    let found = words.find(&key(family, code), &[]);
    assert!(found.is_some(), "{family} {code}");
}

macro_rules! listed {
    ($($family:literal $list:path)*) => {
        $(for one in $list.iter() {
            named($family, one.as_str());
        })*
    };
}

#[test]
fn the_closed_lists_of_the_register_have_their_words() {
    for rsit in incidents::model::Rsit::all() {
        named("rsit", &rsit.to_string());
    }
    for sector in incidents::model::Sector::all() {
        named("sector", sector.as_str());
    }
    for regime in incidents::clocks::all().unwrap() {
        named("regime", &regime.key);
        for stage in &regime.stages {
            named("clock-stage", &stage.key);
        }
    }
    listed! {
        "submission-part" incidents::reporting::submission::Part::ALL
        "submission-nature" incidents::reporting::submission::Nature::ALL
        "clock-moment" incidents::clocks::Moment::ALL
        "determination" incidents::model::Determination::ALL
        "statement" incidents::model::StatementKind::ALL
        "investigation" incidents::state::Stage::ALL
        "stage" incidents::state::Event::ALL
        "factor" incidents::severity::Factor::ALL
        "factor-about" incidents::severity::Factor::ALL
        "floor" incidents::severity::FloorRule::ALL
        "scale" incidents::severity::Scale::ALL
        "nciss" incidents::severity::Category::ALL
        "nciss-band" incidents::severity::NcissBand::ALL
        "answer" incidents::severity::YesNo::ALL
        "care" incidents::course::Care::ALL
        "course-event" incidents::course::Event::ALL
        "procedure" incidents::course::Procedure::ALL
        "vendor" incidents::course::VendorState::ALL
        "system" incidents::course::SystemState::ALL
        "shape" incidents::harm::curve::Shape::ALL
        "harm-measure" incidents::harm::Measure::ALL
        "how" incidents::harm::computed::How::ALL
        "apart" incidents::harm::sum::Apart::ALL
        "nature" incidents::harm::Nature::ALL
        "origin" incidents::harm::Origin::ALL
        "harm-confidence" incidents::harm::Confidence::ALL
        "group-by" incidents::harm::groups::Property::ALL
        "task-is" incidents::work::TaskState::ALL
        "lesson" incidents::work::LessonKind::ALL
        "incident-format" incidents::formats::model::Format::ALL
        "incident-format" incidents::formats::model::Written::ALL
        "incident-dates" incidents::formats::model::DateOrder::ALL
        "incident-fate" incidents::formats::model::Fate::ALL
        "incident-why" incidents::formats::model::Why::ALL
        "incident-doubt" incidents::model::Doubt::ALL
        "incident-loss" incidents::formats::Loss::ALL
        "incident-field" incidents::formats::csv::Field::ALL
    }
}

#[test]
fn the_closed_lists_of_the_rooms_have_their_words() {
    listed! {
        "contact-kind" directory::model::ContactKind::ALL
        "hours" directory::model::Duty::ALL
        "role" kernel::Role::ALL
        "scope" kernel::Scope::ALL
        "kind" exchange::model::Kind::ALL
        "kind-purpose" exchange::model::Kind::ALL
        "kind-title" exchange::model::Kind::ALL
        "norm" exchange::model::Norm::ALL
        "measure" exchange::model::Measure::ALL
        "nis2-verdict" incidents::severity::Verdict::ALL
        "decision" exchange::model::Decision::ALL
        "decline" exchange::model::DeclineReason::ALL
        "action" exchange::model::ActionStatus::ALL
        "work" exchange::model::WorkState::ALL
        "withdrawal" exchange::model::WithdrawalReason::ALL
        "outcome" exchange::model::Outcome::ALL
        "asset-column" constituency::line::Column::ALL
        "asset-export" constituency::model::Form::ALL
        "line-refused" constituency::line::Reason::ALL
        "import-stage" constituency::model::Stage::ALL
        "remedy" constituency::model::State::ALL
        "sure" constituency::names::Sure::ALL
        "sure-about" constituency::names::Sure::ALL
        "cve-status" constituency::cve::Status::ALL
        "verdict" constituency::version::Verdict::ALL
        "table-column" infrastructure::table::Column::ALL
        "table-fault" infrastructure::table::Fault::ALL
        "table-row" infrastructure::table::Kind::ALL
        "category" infrastructure::model::Category::ALL
        "strength" infrastructure::model::Strength::ALL
        "confidence" exchange::model::AnalyticConfidence::ALL
        "likelihood" exchange::model::Likelihood::ALL
        "mail-why" mailbox::model::Why::ALL
        "mail-do" mailbox::model::Why::ALL
        "mail-state" mailbox::model::State::ALL
        "mail-step" mailbox::ops::Step::ALL
        "remote-came" mailbox::ops::Came::ALL
    }
}

#[test]
fn what_is_said_of_mails_has_its_words() {
    for word in mail::Protection::WORDS {
        named("mail-protection", word);
    }
    for note in mail::Note::ALL {
        named("mail-note", note.word());
    }
}

#[test]
fn the_answers_of_each_scale_have_their_words() {
    for factor in incidents::severity::Factor::ALL {
        let family = format!("factor-{}", factor.as_str().to_lowercase());
        for points in incidents::severity::Points::all() {
            named(&family, &points.number().to_string());
        }
    }
    for regime in incidents::clocks::all().unwrap() {
        for stage in &regime.stages {
            named("clock-stage", &stage.key);
        }
    }
    for moment in incidents::clocks::Moment::ALL {
        named("clock-moment", moment.as_str());
    }
    for level in incidents::severity::Level::all() {
        named("level", &level.number().to_string());
        named("cisss", &level.number().to_string());
    }
    for category in incidents::severity::Ncsc::all() {
        named("ncsc", &category.to_string());
    }
    for category in incidents::severity::Category::ALL {
        for choice in category.choices() {
            named(&format!("nciss-{category}"), choice.word);
        }
    }
}
