//! What the journeys through the pages need: Chromium, its driver, fonts for Chinese, and axe-core.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{debian, shell};

/// The accessibility checks are a matter of record: a new version is a change of its own.
const AXE_VERSION: &str = "4.14.1";

/// Programs and files, each with the variable that names it to the tests.
pub(crate) fn find_or_install() -> Result<Vec<(&'static str, PathBuf)>> {
    let chromium = debian::program(
        &["chromium", "chromium-browser", "google-chrome"],
        &["chromium"],
        "Chromium",
    )?;
    let driver = debian::program(&["chromedriver"], &["chromium-driver"], "ChromeDriver")?;
    find_or_install_fonts()?;
    Ok(vec![
        ("COMITY_TEST_CHROMIUM", chromium),
        ("COMITY_TEST_CHROMEDRIVER", driver),
        ("COMITY_TEST_AXE", find_or_fetch_axe()?),
    ])
}

/// Without them the pages in Chinese are rows of empty boxes, whose width proves nothing.
fn find_or_install_fonts() -> Result<()> {
    let found = shell::output(Command::new("fc-list").arg(":lang=zh"));
    if found.is_ok_and(|fonts| !fonts.trim().is_empty()) {
        return Ok(());
    }
    debian::install(&["fontconfig", "fonts-noto-cjk"], "a font for Chinese")
}

fn find_or_fetch_axe() -> Result<PathBuf> {
    let folder = shell::target().join(format!("axe-core-{AXE_VERSION}"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    let npm = debian::program(&["npm"], &["npm"], "npm, which fetches axe-core")?;
    shell::step("fetch axe-core");
    shell::run(
        Command::new(npm)
            .args([
                "install",
                "--no-save",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ])
            .arg("--prefix")
            .arg(&folder)
            .arg(format!("axe-core@{AXE_VERSION}")),
    )?;
    if !script.is_file() {
        bail!(
            "axe-core was fetched, but {} is not there",
            script.display()
        );
    }
    Ok(script)
}
