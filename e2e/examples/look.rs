//! Looks at pages as the journeys do, at every width and in both colour schemes, and says what is
//! wrong with them; pictures go to `target/screenshots`. For pages under construction:
//!
//! ```text
//! cargo run -p e2e --example look -- en http://127.0.0.1:8099/en/desk.html
//! ```
//!
//! The tools are named in the environment, as `cargo xtask test` does.
#![expect(
    clippy::print_stdout,
    reason = "a developer's tool that says what it sees"
)]

use anyhow::{Context, Result, bail};
use e2e::{Browser, HEIGHT, Scheme, Visit, WIDTHS, check};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let language = args
        .next()
        .context("the language of the pages, then their addresses")?;
    let browser = Browser::start()?;
    let mut wrong = 0;
    for url in args {
        let name = url
            .rsplit('/')
            .next()
            .unwrap_or("page")
            .replace(".html", "");
        for width in WIDTHS {
            for scheme in [Scheme::Light, Scheme::Dark] {
                browser.resize(width, HEIGHT)?;
                browser.prefer(scheme)?;
                browser.open(&url)?;
                let visit = Visit {
                    name: &name,
                    language: &language,
                    width,
                    scheme,
                };
                if let Err(error) = check(&browser, visit) {
                    println!("{error:#}\n");
                    wrong += 1;
                }
            }
        }
    }
    if wrong > 0 {
        bail!("{wrong} views are not as they should be");
    }
    Ok(())
}
