//! Values that a record cannot have.

use db::Db;
use infrastructure::{
    Error,
    model::{Assessment, Category, Contact, Content, Dependency},
    ops,
};

use crate::house::{filled, node, operator, register, service};

db::contract! {
    bad_values_are_refused_with_their_field,
}

fn contact(name: &str, phone: &str, language: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        phones: vec![phone.to_owned()],
        languages: vec![language.to_owned()],
        ..Contact::default()
    }
}

async fn bad_values_are_refused_with_their_field(db: Db) {
    let register = register(db).await;
    let [grid, power, _] = filled(&register, &node()).await;
    let wrong = |edit: &dyn Fn(&mut infrastructure::model::Service)| {
        let Content::Service(mut service) = service("X", grid.id, &[]) else {
            panic!("a service")
        };
        edit(&mut service);
        Content::Service(service)
    };
    let cases: [(&str, Content); 9] = [
        ("name", operator(" ")),
        ("name", operator(&"x".repeat(201))),
        ("sector", wrong(&|one| "magic".clone_into(&mut one.sector))),
        ("note", wrong(&|one| "x\u{0}".clone_into(&mut one.note))),
        (
            "contacts",
            wrong(&|one| one.contacts = vec![contact("", "1", "en")]),
        ),
        (
            "contacts",
            wrong(&|one| one.contacts = vec![contact("x", "=1", "en")]),
        ),
        (
            "contacts",
            wrong(&|one| one.contacts = vec![contact("x", "1", "<b>")]),
        ),
        (
            "depends",
            wrong(&|one| one.depends = vec![Dependency::default()]),
        ),
        (
            "answers",
            wrong(&|one| {
                let answers = [("users".to_owned(), 9)];
                one.assessment = Assessment {
                    answers: answers.into(),
                    ..Assessment::default()
                };
            }),
        ),
    ];
    for (field, content) in cases {
        let refused = ops::create(&register, &node(), content).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == field),
            "{field}: {refused:?}"
        );
    }
    // Itself, and an operator, is nothing to depend on.
    for on in [power.id, grid.id] {
        let content = service("Power", grid.id, &[on]);
        let refused = ops::change(&register, &node(), (power.id, 1), content).await;
        assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "depends"));
    }
    let right = wrong(&|one| {
        one.category = Category::SupraNational;
        one.contacts = vec![contact("وردية", "+000 12-34", "ar")];
        one.depends = vec![Dependency {
            other: "Cable".to_owned(),
            country: "XB".parse().ok(),
            ..Dependency::default()
        }];
    });
    ops::create(&register, &node(), right).await.unwrap();
}
