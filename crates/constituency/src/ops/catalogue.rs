use std::collections::{HashMap, HashSet};

use audit::Ground;
use db::Tx;
use kernel::{Cursor, MatchId, Page, PageRequest, Viewer, boxed};

use super::{may_edit, may_read, ranges};
use crate::{
    Error, kev,
    model::{Affected, Detail, Filter, Invalid, Match, Taken},
    names::{self, Sure},
    store::{self, vulnerability as sql},
    version::Version,
};

/// The most statements of versions for one product and entry.
const STATED_MAX: usize = 100;
/// The longest source, in characters.
const SOURCE_CHARS_MAX: usize = 500;

/// Versions that somebody states to be affected.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stated {
    /// The first version; empty for every one before the end.
    pub since: String,
    /// The end; empty where there is none.
    pub until: String,
    /// Whether the end itself is affected.
    pub inclusive: bool,
    /// Who says so.
    pub source: String,
}

/// Takes the catalogue in. New and changed entries are held against the products that are there; what
/// has not changed is left alone, and an entry that the file no longer has stays.
#[boxed]
pub async fn import_kev(ground: &Ground, viewer: &Viewer, bytes: &[u8]) -> Result<Taken, Error> {
    may_edit(viewer)?;
    let read = kev::read(bytes)?;
    let mut tx = ground.db.begin().await?;
    let there: HashMap<String, i64> = sql::digests(&mut tx).await?.into_iter().collect();
    let products = store::product_keys(&mut tx).await?;
    let mut done = Taken {
        version: read.version,
        refused: read.refused,
        ..Taken::default()
    };
    for entry in &read.entries {
        match there.get(entry.cve.as_str()) {
            Some(digest) if *digest == sql::digest(entry) => {
                done.unchanged += 1;
                continue;
            }
            Some(_) => done.changed += 1,
            None => done.added += 1,
        }
        sql::put(&mut tx, entry).await?;
        sql::unmatch(&mut tx, entry.cve.as_str()).await?;
        let vendor = names::vendor_key(&entry.vendor);
        let product = names::product_key(&vendor, &entry.product);
        let (cve, added) = (entry.cve.as_str(), entry.added_on.number());
        let pairs: Vec<(&str, i64, Sure, i64)> = products
            .iter()
            .filter_map(|(number, of, name)| {
                let sure = names::compare((of, name), (&vendor, &product))?;
                Some((cve, *number, sure, added))
            })
            .collect();
        done.matched += pairs.len();
        sql::put_matches(&mut tx, &pairs).await?;
    }
    audit::act(
        &mut tx,
        ground,
        viewer,
        "vulnerability.imported",
        "kev",
        &done,
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}

/// Holds products that came in against the catalogue.
pub(super) async fn match_products(tx: &mut Tx, new: &HashSet<i64>) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let products = store::product_keys(tx).await?;
    let entries = sql::keys(tx).await?;
    let (mut of_vendor, mut of_product) = (HashMap::new(), HashMap::new());
    for entry in &entries {
        let (_, vendor, product, _) = entry;
        let by_vendor: &mut Vec<_> = of_vendor.entry(vendor.as_str()).or_default();
        by_vendor.push(entry);
        let by_product: &mut Vec<_> = of_product.entry(product.as_str()).or_default();
        by_product.push(entry);
    }
    let mut pairs = Vec::new();
    for (number, vendor, name) in products.iter().filter(|(number, ..)| new.contains(number)) {
        let candidates = if vendor.is_empty() {
            of_product.get(name.as_str())
        } else {
            of_vendor.get(vendor.as_str())
        };
        for (cve, of, called, added) in candidates.into_iter().flatten() {
            if let Some(sure) = names::compare((vendor, name), (of, called)) {
                pairs.push((cve.as_str(), *number, sure, *added));
            }
        }
    }
    sql::put_matches(tx, &pairs).await?;
    Ok(())
}

/// A page of matches, what came last into the catalogue first.
#[boxed]
pub async fn matches(
    ground: &Ground,
    viewer: &Viewer,
    wanted: (Option<Sure>, Option<i64>),
    request: PageRequest,
) -> Result<Page<Match>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let mut rows = sql::matches(&mut tx, viewer.mode, wanted, request).await?;
    for row in &mut rows {
        row.tally = ranges::tally(&mut tx, viewer.mode, (row, wanted.1)).await?;
    }
    Ok(Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.added_on.number(),
        id: last.id.uuid(),
    }))
}

/// A match with a page of its assets, each with whether it is affected.
#[boxed]
pub async fn look(
    ground: &Ground,
    viewer: &Viewer,
    id: MatchId,
    request: PageRequest,
) -> Result<Detail, Error> {
    may_read(viewer)?;
    let missing = || Error::NotFound { what: "match" };
    let mut tx = ground.db.begin_read().await?;
    let matched = shown(&mut tx, viewer, id).await?;
    let vulnerability = sql::find(&mut tx, &matched.cve)
        .await?
        .ok_or_else(missing)?;
    let known = ranges::known(&mut tx, &matched).await?;
    let filter = Filter {
        product: Some(matched.product.number),
        ..Filter::default()
    };
    let rows = store::page(&mut tx, viewer.mode, &filter, request).await?;
    let page = Page::from_probe(rows, request.limit, |last| Cursor {
        key: 0,
        id: last.id.uuid(),
    });
    let stated = known.ranges();
    let assets = page.map(|asset| {
        let verdict = known.verdict(&stated, &asset.version);
        (asset, verdict)
    });
    Ok(Detail {
        matched,
        vulnerability,
        affected: known.stated,
        named: known.named,
        assets,
    })
}

/// A match whose product some organisation runs.
async fn shown(tx: &mut Tx, viewer: &Viewer, id: MatchId) -> Result<Match, Error> {
    let found = sql::one(tx, viewer.mode, id).await?;
    let run = found.filter(|one| one.assets.count > 0);
    run.ok_or(Error::NotFound { what: "match" })
}

/// States which versions of a match's product are affected.
#[boxed]
pub async fn state_versions(
    ground: &Ground,
    viewer: &Viewer,
    id: MatchId,
    stated: Stated,
) -> Result<(), Error> {
    may_edit(viewer)?;
    let stated = checked(&stated)?;
    let mut tx = ground.db.begin().await?;
    let found = shown(&mut tx, viewer, id).await?;
    let of = (&found.cve, found.product.number);
    if sql::affected(&mut tx, of.0, of.1).await?.len() >= STATED_MAX {
        return Err(Error::TooLarge { max: STATED_MAX });
    }
    sql::state(&mut tx, of, &stated).await?;
    let said = (&stated.since, &stated.until, stated.inclusive);
    audit::act(
        &mut tx,
        ground,
        viewer,
        "vulnerability.stated",
        &found.cve,
        &said,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

fn checked(stated: &Stated) -> Result<Affected, Error> {
    let trimmed = |text: &str| text.trim().to_owned();
    let affected = Affected {
        number: 0,
        since: trimmed(&stated.since),
        until: trimmed(&stated.until),
        inclusive: stated.inclusive,
        source: trimmed(&stated.source),
    };
    let rule = "a version with a digit, of up to 100 characters";
    for (field, text) in [("since", &affected.since), ("until", &affected.until)] {
        if !text.is_empty() && text.parse::<Version>().is_err() {
            return Err(Invalid { field, rule }.into());
        }
    }
    if affected.since.is_empty() && affected.until.is_empty() {
        let rule = "given where no first version is";
        return Err(Invalid {
            field: "until",
            rule,
        }
        .into());
    }
    let range = affected.range();
    if let (Some(since), Some(until)) = (&range.since, &range.until)
        && (until < since || (until == since && !affected.inclusive))
    {
        let rule = "after the first version";
        return Err(Invalid {
            field: "until",
            rule,
        }
        .into());
    }
    let source = &affected.source;
    if source.is_empty()
        || source.chars().count() > SOURCE_CHARS_MAX
        || source.chars().any(char::is_control)
    {
        let rule = "a text of 1 to 500 characters that says who stated this";
        return Err(Invalid {
            field: "source",
            rule,
        }
        .into());
    }
    Ok(affected)
}

/// Takes a statement of versions back.
#[boxed]
pub async fn take_back(
    ground: &Ground,
    viewer: &Viewer,
    id: MatchId,
    number: i64,
) -> Result<(), Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let found = shown(&mut tx, viewer, id).await?;
    let of = (&found.cve, found.product.number);
    if !sql::unstate(&mut tx, of, number).await? {
        return Err(Error::NotFound { what: "statement" });
    }
    audit::act(
        &mut tx,
        ground,
        viewer,
        "vulnerability.unstated",
        &found.cve,
        &number,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
