//! Which versions are affected, as files say it; and what that comes to.

use audit::Ground;
use db::Tx;
use kernel::{Mode, Viewer, boxed};
use serde::Serialize;

use super::may_edit;
use crate::{
    Error,
    cve::{self, Judged, Named, Origin},
    model::{Affected, COUNT_MAX, Match, Tally},
    store::{named as sql, vulnerability},
    version::{Range, Verdict},
};

/// So many times versions are held against what a record says, for one match of a list.
const JUDGED_MAX: i64 = 20_000;

/// Vulnerabilities of one transaction.
const BATCH: usize = 500;

/// What an import of affected versions did.
#[derive(Clone, Debug, Serialize)]
pub struct Ranges {
    /// Whether the file was a table; else records.
    pub is_table: bool,
    /// Vulnerabilities of which the file says something else than the last one.
    pub taken: usize,
    /// Vulnerabilities of which it says the same.
    pub unchanged: usize,
    /// Vulnerabilities of which it names no product.
    pub empty: usize,
    /// Products that it names.
    pub products: usize,
    /// What cannot be read: its place, from 1 (a record, or a line), and the field.
    pub refused: Vec<(i64, String)>,
}

impl Ranges {
    /// What the places count.
    pub const fn unit(&self) -> &'static str {
        if self.is_table { "line" } else { "record" }
    }
}

/// Takes in which versions are affected: records of the CVE Program in JSON, or a table. What the file
/// says of a vulnerability takes the place of what the last file of its kind said; of others, all stays.
#[boxed]
pub async fn import_ranges(
    ground: &Ground,
    viewer: &Viewer,
    bytes: &[u8],
) -> Result<Ranges, Error> {
    may_edit(viewer)?;
    let read = cve::read(bytes)?;
    let mut done = Ranges {
        is_table: read.origin == Origin::Table,
        taken: 0,
        unchanged: 0,
        empty: 0,
        products: 0,
        refused: read.refused,
    };
    for some in read.vulnerabilities.chunks(BATCH) {
        let mut tx = ground.db.begin().await?;
        for (cve, products) in some {
            done.products += products.len();
            done.empty += usize::from(products.is_empty());
            if sql::of_origin(&mut tx, cve, read.origin).await? == *products {
                done.unchanged += 1;
                continue;
            }
            done.taken += 1;
            sql::replace(&mut tx, (cve, read.origin), products).await?;
        }
        tx.commit().await?;
    }
    let mut tx = ground.db.begin().await?;
    let said = (read.origin.as_str(), done.taken, done.refused.len());
    let (act, about) = ("vulnerability.ranges_imported", "cve");
    audit::act(&mut tx, ground, viewer, act, about, &said).await?;
    tx.commit().await?;
    Ok(done)
}

/// All that is known of the versions of a match's product.
pub(super) struct Known {
    pub(super) stated: Vec<Affected>,
    pub(super) named: Vec<Named>,
}

pub(super) async fn known(tx: &mut Tx, matched: &Match) -> Result<Known, Error> {
    let (vendor, product) = sql::keys(tx, matched.product.number).await?;
    // A product whose maker nobody states may be another one of that name.
    let named = if vendor.is_empty() {
        Vec::new()
    } else {
        sql::of_product(tx, &matched.cve, (&vendor, &product)).await?
    };
    let stated = vulnerability::affected(tx, &matched.cve, matched.product.number).await?;
    Ok(Known { stated, named })
}

impl Known {
    /// Of a version as somebody wrote it: what people here stated of the product, and what files say.
    pub(super) fn verdict(&self, ranges: &[Range], version: &str) -> Verdict {
        let said = cve::together(self.named.iter().map(|one| one.judge(version)));
        match (Verdict::of(version, ranges), said) {
            (Verdict::InRange, _) | (_, Judged::Affected) => Verdict::InRange,
            (Verdict::Outside, _) | (_, Judged::Unaffected) => Verdict::Outside,
            (Verdict::Unknown, Judged::Doubt | Judged::Silent) => Verdict::Unknown,
        }
    }

    pub(super) fn ranges(&self) -> Vec<Range> {
        self.stated.iter().map(Affected::range).collect()
    }
}

/// How many assets of a match are affected, not affected, and neither, as far as anything is known of
/// the versions; of the first thousand, or of fewer where a record says very much. Nothing where nothing
/// is known.
pub(super) async fn tally(
    tx: &mut Tx,
    mode: Mode,
    (matched, organisation): (&Match, Option<i64>),
) -> Result<Option<Tally>, Error> {
    let known = known(tx, matched).await?;
    if known.stated.is_empty() && known.named.is_empty() {
        return Ok(None);
    }
    let ranges = known.ranges();
    let of = (matched.product.number, organisation);
    let said = known.named.iter().map(|one| one.entries.len());
    let said = i64::try_from(said.sum::<usize>() + ranges.len()).unwrap_or(i64::MAX);
    let most = (JUDGED_MAX / said.max(1)).clamp(1, COUNT_MAX);
    let mut tally = Tally::default();
    for (version, count) in sql::versions(tx, mode, of, most).await? {
        match known.verdict(&ranges, &version) {
            Verdict::InRange => tally.affected += count,
            Verdict::Unknown => tally.unknown += count,
            Verdict::Outside => tally.unaffected += count,
        }
    }
    Ok(Some(tally))
}
