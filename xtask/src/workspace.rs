//! The workspace as cargo knows it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Its folder, relative to the root.
    pub(crate) folder: PathBuf,
    /// The names of its dependencies, without those for development.
    pub(crate) dependencies: Vec<String>,
    pub(crate) has_library: bool,
}

pub(crate) fn members() -> Result<Vec<Member>> {
    let text = shell::output(shell::cargo().args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages
        .context("cargo metadata lists no packages")?
        .iter()
        .map(member)
        .collect()
}

fn member(package: &Value) -> Result<Member> {
    let name = text(package, "name")?;
    let manifest = PathBuf::from(text(package, "manifest_path")?);
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let folder = folder.strip_prefix(shell::root()).unwrap_or(folder);
    let dependencies = list(package, "dependencies")?
        .iter()
        .filter(|dependency| dependency.get("kind").and_then(Value::as_str) != Some("dev"))
        .map(|dependency| text(dependency, "name"))
        .collect::<Result<_>>()?;
    let has_library = list(package, "targets")?.iter().any(|target| {
        target
            .get("kind")
            .and_then(Value::as_array)
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "lib"))
    });
    Ok(Member {
        name,
        folder: folder.to_owned(),
        dependencies,
        has_library,
    })
}

fn text(value: &Value, key: &str) -> Result<String> {
    let found = value.get(key).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("cargo metadata has no {key}"))?
        .to_owned())
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value
        .get(key)
        .and_then(Value::as_array)
        .with_context(|| format!("cargo metadata has no {key}"))
}
