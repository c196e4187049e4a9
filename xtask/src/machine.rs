//! The data that tests share.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell;

/// The variable that names the folder of shared data to the tests.
pub(crate) const DATA: &str = "COMITY_TEST_DATA";

/// The folder of shared data as an absolute path, or why there is none.
///
/// Continuous integration has it always: there its absence is a failure. Elsewhere the tests that
/// need it fail by themselves, and this says beforehand why.
pub(crate) fn data() -> Result<Option<PathBuf>> {
    let named = std::env::var_os(DATA).map(PathBuf::from);
    let is_named = named.is_some();
    let folder = shell::root().join(named.unwrap_or_else(|| PathBuf::from("../shared/data")));
    if folder.is_dir() {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("cannot read {}", folder.display()))?;
        return Ok(Some(folder));
    }
    let missing = format!(
        "the shared test data is missing: {} is not a folder\n\
         hint: set {DATA} to where it is",
        folder.display()
    );
    if is_named || is_ci() {
        bail!(missing);
    }
    println!("note: {missing}\nnote: tests that need it will fail");
    Ok(None)
}

/// Whether we run unattended.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
