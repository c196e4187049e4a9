//! Whom the register names, why, and that nobody locks everybody out.

use access::ops::{self as access_ops, UserChange};
use db::Db;
use infrastructure::{
    Error, Register,
    model::Rights,
    ops::{self, READERS_MAX},
};
use kernel::{Role, UserId, Viewer};

use crate::house::{node, person, register};

db::contract! {
    each_naming_has_a_reason_that_is_kept,
    nobody_locks_everybody_out,
    very_few_are_named,
    who_could_read_is_offered_and_who_cannot_is_told,
}

const ALL: Rights = Rights {
    is_named: true,
    may_edit: true,
    may_export: true,
};
const READS: Rights = Rights {
    is_named: true,
    may_edit: false,
    may_export: false,
};

async fn name(
    register: &Register,
    by: &Viewer,
    (user, rights): (UserId, Rights),
    reason: &str,
) -> Result<(), Error> {
    ops::grant(register, by, user, (rights, reason)).await
}

async fn each_naming_has_a_reason_that_is_kept(db: Db) {
    let register = register(db).await;
    let admin = person(&register, "ada", Role::Admin).await;
    let rosa = person(&register, "rosa", Role::Analyst)
        .await
        .user()
        .unwrap();
    let long = "x".repeat(501);
    for reason in ["", "  ", "a\u{0}", &long] {
        let refused = name(&register, &admin, (rosa, READS), reason).await;
        assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "reason"));
        let refused = ops::revoke(&register, &admin, rosa, reason).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    name(&register, &admin, (rosa, READS), " keeps it ")
        .await
        .unwrap();
    name(&register, &admin, (rosa, ALL), "stands in")
        .await
        .unwrap();
    let named = ops::grants(&register, &admin).await.unwrap();
    assert_eq!(
        (named[0].reason.as_str(), named[0].rights),
        ("stands in", ALL)
    );
    ops::revoke(&register, &node(), rosa, "left").await.unwrap();
    let said = ops::namings(&register, &admin).await.unwrap();
    let said: Vec<_> = said
        .iter()
        .map(|one| (one.user.as_str(), one.reason.as_str(), one.rights))
        .collect();
    let none = Rights::default();
    let expected = [
        ("rosa", "left", none),
        ("rosa", "stands in", ALL),
        ("rosa", "keeps it", READS),
    ];
    assert_eq!(said, expected);
    let reader = person(&register, "amir", Role::Analyst).await;
    assert!(ops::namings(&register, &reader).await.is_err());
    assert!(ops::candidates(&register, &reader).await.is_err());
    let mut tx = register.ground.db.begin_read().await.unwrap();
    let sql = "SELECT code, body FROM act WHERE subject = $1 ORDER BY leaf";
    let acts: Vec<(String, String)> = db::query(sql)
        .bind(rosa.to_string())
        .fetch_all(&mut tx)
        .await
        .unwrap();
    let (code, body) = acts.last().unwrap();
    assert_eq!(code, "infrastructure.revoked");
    assert!(body.contains("left"), "{body}");
}

async fn nobody_locks_everybody_out(db: Db) {
    let register = register(db).await;
    let admin = person(&register, "ada", Role::Admin).await;
    let [rosa, amir] = [
        person(&register, "rosa", Role::DutyOfficer)
            .await
            .user()
            .unwrap(),
        person(&register, "amir", Role::Analyst)
            .await
            .user()
            .unwrap(),
    ];
    // One who is named and has no role that reaches it keeps nothing open.
    let boris = person(&register, "boris", Role::Diplomat)
        .await
        .user()
        .unwrap();
    name(&register, &admin, (boris, ALL), "wrong role")
        .await
        .unwrap();
    name(&register, &admin, (rosa, ALL), "first").await.unwrap();
    for done in [
        name(&register, &admin, (rosa, READS), "less").await,
        ops::revoke(&register, &admin, rosa, "gone").await,
    ] {
        assert!(matches!(done, Err(Error::LastReader)));
    }
    // A reader who changes nothing is not enough; one who does is.
    name(&register, &admin, (amir, READS), "second")
        .await
        .unwrap();
    let last = ops::revoke(&register, &admin, rosa, "gone").await;
    assert!(matches!(last, Err(Error::LastReader)));
    name(&register, &admin, (amir, ALL), "second")
        .await
        .unwrap();
    ops::revoke(&register, &admin, rosa, "gone").await.unwrap();
    let last = ops::revoke(&register, &admin, amir, "gone").await;
    assert!(matches!(last, Err(Error::LastReader)));
    ops::revoke(&register, &admin, boris, "wrong role")
        .await
        .unwrap();
    // Whoever has the machine can.
    ops::revoke(&register, &node(), amir, "gone").await.unwrap();
    assert!(ops::grants(&register, &admin).await.unwrap().is_empty());
    let none = ops::revoke(&register, &admin, amir, "gone").await;
    assert!(matches!(none, Err(Error::NotFound)));
}

async fn very_few_are_named(db: Db) {
    let register = register(db).await;
    let mut first = None;
    for number in 0..READERS_MAX {
        let user = person(&register, &format!("reader{number}"), Role::Analyst).await;
        let user = user.user().unwrap();
        name(&register, &node(), (user, READS), "one of few")
            .await
            .unwrap();
        first.get_or_insert(user);
    }
    let more = person(&register, "more", Role::Analyst)
        .await
        .user()
        .unwrap();
    let refused = name(&register, &node(), (more, READS), "too many").await;
    assert!(matches!(refused, Err(Error::Named { max }) if max == READERS_MAX));
    // Somebody who is named already gets other rights.
    name(&register, &node(), (first.unwrap(), ALL), "more")
        .await
        .unwrap();
}

async fn who_could_read_is_offered_and_who_cannot_is_told(db: Db) {
    let register = register(db).await;
    let admin = person(&register, "ada", Role::Admin).await;
    let rosa = person(&register, "rosa", Role::PolicyOfficer)
        .await
        .user()
        .unwrap();
    let boris = person(&register, "boris", Role::Diplomat)
        .await
        .user()
        .unwrap();
    let offered = ops::candidates(&register, &admin).await.unwrap();
    let offered: Vec<UserId> = offered.into_iter().map(|person| person.id).collect();
    assert_eq!(offered, [rosa]);
    for user in [rosa, boris] {
        name(&register, &admin, (user, READS), "named")
            .await
            .unwrap();
    }
    let reaches = async || {
        let named = ops::grants(&register, &admin).await.unwrap();
        let of = |one: &infrastructure::model::Grant| (one.user.clone(), one.reaches);
        named.iter().map(of).collect::<Vec<_>>()
    };
    let (boris_is, rosa_is) = ("boris".to_owned(), "rosa".to_owned());
    assert_eq!(
        reaches().await,
        [(boris_is.clone(), false), (rosa_is.clone(), true)]
    );
    let change = UserChange {
        status: Some(access::model::Status::Disabled),
        ..UserChange::default()
    };
    access_ops::change_user(&register.ground, &admin, rosa, 1, change)
        .await
        .unwrap();
    assert_eq!(reaches().await, [(boris_is, false), (rosa_is, false)]);
}
