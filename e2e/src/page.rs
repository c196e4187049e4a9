//! What must hold of every page, whoever reads it on whatever screen.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{Browser, Scheme, variable};

/// Styles, scripts and pictures included, as they travel.
const BYTES_MAX: u64 = 60_000;

/// A telephone, a tablet, a desk.
pub const WIDTHS: [u32; 3] = [360, 768, 1440];
/// Of the window.
pub const HEIGHT: u32 = 900;

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Names the picture.
    pub name: &'a str,
    pub language: &'a str,
    pub width: u32,
    pub scheme: Scheme,
}

/// Checks the page that is shown and saves a picture of it: it is there, axe-core finds nothing, nothing lies
/// beyond the right edge, the language is declared, the page is light.
pub fn check(browser: &Browser, visit: Visit<'_>) -> Result<()> {
    let Visit {
        name,
        language,
        width,
        scheme,
    } = visit;
    let seen = format!("{name}, {language}, {width} px, {}", scheme.word());
    let file = format!(
        "screenshots/{name}-{language}-{width}-{}.png",
        scheme.word()
    );
    browser.picture(&variable("COMITY_TEST_OUTPUT")?.join(file), true)?;
    is_there(browser).with_context(|| seen.clone())?;
    fits(browser, width).with_context(|| seen.clone())?;
    speaks(browser, language).with_context(|| seen.clone())?;
    is_light(browser).with_context(|| seen.clone())?;
    is_accessible(browser).with_context(|| seen)
}

/// How pages are looked at: language, width, colours.
pub type Look = (&'static str, u32, Scheme);

/// Looks at pages, each with the name of its picture, in every way; returns what is wrong with them.
pub fn look_at(
    browser: &Browser,
    web: &str,
    pages: &[(String, String)],
    looks: &[Look],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (language, width, scheme) in looks.iter().copied() {
        browser.resize(width, HEIGHT)?;
        browser.prefer(scheme)?;
        speak(browser, web, language)?;
        for (name, path) in pages {
            browser.open(&format!("{web}{path}"))?;
            let visit = Visit {
                name,
                language,
                width,
                scheme,
            };
            let found = check(browser, visit).err();
            wrong.extend(found.map(|error| format!("{error:#}")));
        }
    }
    Ok(wrong)
}

/// Chooses the language in the account's menu.
fn speak(browser: &Browser, web: &str, language: &str) -> Result<()> {
    browser.open(&format!("{web}/desk"))?;
    browser.click("details.menu summary")?;
    browser.follow(&format!("button[name=language][value={language}]"))
}

fn is_there(browser: &Browser) -> Result<()> {
    let status =
        browser.run("return performance.getEntriesByType('navigation')[0].responseStatus")?;
    if status.as_u64() != Some(200) {
        bail!("{} answers {status}", browser.url()?);
    }
    Ok(())
}

fn fits(browser: &Browser, width: u32) -> Result<()> {
    let needed = browser.run("return document.documentElement.scrollWidth")?;
    if needed
        .as_u64()
        .is_some_and(|needed| needed <= u64::from(width))
    {
        return Ok(());
    }
    let culprits = browser.run(
        "const edge = document.documentElement.clientWidth;
         return [...document.querySelectorAll('body *')]
             .filter(e => e.getBoundingClientRect().right > edge + 1)
             .slice(0, 5).map(e => e.outerHTML.slice(0, 120));",
    )?;
    bail!("the page is {needed} px wide on a screen of {width} px: {culprits}");
}

fn speaks(browser: &Browser, language: &str) -> Result<()> {
    let declared = browser.run("return document.documentElement.lang")?;
    if declared
        .as_str()
        .is_none_or(|declared| !declared.starts_with(language))
    {
        bail!("the page declares the language {declared}");
    }
    Ok(())
}

fn is_light(browser: &Browser) -> Result<()> {
    let weights = browser.run(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
             .map(e => [e.name, e.encodedBodySize]);",
    )?;
    let parts = weights.as_array().context("no list of resources")?;
    let bytes: u64 = parts.iter().filter_map(|part| part.get(1)?.as_u64()).sum();
    if bytes == 0 || bytes > BYTES_MAX {
        bail!("the page weighs {bytes} bytes, {BYTES_MAX} at most: {weights}");
    }
    let outside = browser.run(
        "return performance.getEntriesByType('resource').map(e => e.name)
             .filter(name => new URL(name).origin !== location.origin);",
    )?;
    if outside.as_array().is_none_or(|outside| !outside.is_empty()) {
        bail!("the page fetches from elsewhere: {outside}");
    }
    Ok(())
}

fn is_accessible(browser: &Browser) -> Result<()> {
    let axe = fs::read_to_string(variable("COMITY_TEST_AXE")?)?;
    let result = browser.run_async(&format!(
        "{axe}\nconst done = arguments[arguments.length - 1];
         axe.run(document, {{resultTypes: ['violations']}}).then(
             found => done(found.violations.map(v => [v.id, v.help,
                 v.nodes.slice(0, 3).map(n => [n.html, n.failureSummary])])),
             error => done(String(error)));"
    ))?;
    match &result {
        Value::Array(violations) if violations.is_empty() => Ok(()),
        found => bail!("axe-core found: {found:#}"),
    }
}
