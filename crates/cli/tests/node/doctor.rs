//! What the doctor says of a node that something is wrong with.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::command::{comity, done, found, text};

/// The one finding of a thing, which is bad: what was found and what to do.
fn wrong(data: &Path, what: &str) -> String {
    let found = found(data, what);
    let bad: Vec<_> = found.iter().filter(|row| row["ok"] == false).collect();
    assert_eq!(bad.len(), 1, "{what}: {found:?}");
    let bad = bad.first().unwrap();
    format!("{} / {}", bad["found"], bad["hint"])
}

#[test]
fn each_part_that_is_missing_or_wrong_is_named_with_what_to_do() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (data, other) = (at("xa"), at("xb"));
    done(&data, &["init", "--party", "XA"]);
    done(&other, &["init", "--party", "XB"]);
    let aside = at("aside");
    let without = |name: &str, what: &str| {
        fs::rename(data.join(name), &aside).unwrap();
        let said = wrong(&data, what);
        assert!(!data.join(name).exists(), "{name} was made anew");
        fs::rename(&aside, data.join(name)).unwrap();
        said
    };
    assert!(without("vault.key", "vault").contains("--key-file"));
    assert!(without("vault.age", "vault").contains("comity restore"));
    assert!(without("keys", "vault").contains("newest backup"));
    assert!(without("comity.db", "database").contains("comity restore"));

    let key = data.join("vault.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(wrong(&data, "vault").contains("chmod 600"));
    let ours = fs::read(&key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::copy(other.join("vault.key"), &key).unwrap();
    assert!(wrong(&data, "vault").contains("right passphrase or key file"));
    fs::write(&key, ours).unwrap();

    let older = fs::read(data.join("vault.age")).unwrap();
    let root = data.join("take-offline/root.secret");
    done(&data, &["key", "rotate", "--root", text(&root)]);
    let newer = fs::read(data.join("vault.age")).unwrap();
    fs::write(data.join("vault.age"), older).unwrap();
    assert!(wrong(&data, "vault").contains("--all-keys"));
    fs::write(data.join("vault.age"), newer).unwrap();

    let foreign = format!("sqlite:{}", other.join("comity.db").display());
    let said = comity(&data, &["doctor", "--database", &foreign]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("vault is that of XA, the database that of XB"),
        "{said}"
    );
    let none = at("none");
    fs::write(&none, "no database").unwrap();
    let none = format!("sqlite:{}", none.display());
    let said = comity(&data, &["doctor", "--database", &none]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("not a database") && said.contains("comity restore"),
        "{said}"
    );
    let nobody = [
        "doctor",
        "--database",
        "postgres://comity@127.0.0.1:1/comity",
    ];
    let said = comity(&data, &nobody);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("the server up"), "{said}");

    fs::write(data.join("comity.toml"), "dta = 1").unwrap();
    assert!(wrong(&data, "configuration").contains("dta"));
    fs::remove_file(data.join("comity.toml")).unwrap();
    assert!(wrong(&data, "root key").contains("take-offline"));
    fs::remove_dir_all(data.join("take-offline")).unwrap();
    assert!(!done(&data, &["doctor"]).contains("FAIL"));
}
