//! One event of a collection.

mod rows;

use axum::extract::{Path, Query, State};
use formats_misp::full;
use intel::{
    events::{
        model::{Detail, Scope, Which, Whole},
        ops::{self as events, Seen},
    },
    ops,
};
use kernel::Tlp;
use uuid::Uuid;

use super::{
    Answer, House, Reader,
    collection::head,
    collections::url,
    draw,
    events::{analysis, moment, threat},
    forms::Answers,
    nothing,
    object::stix_text::{plain, shortened},
    reader::escaped,
};
use crate::views::{
    event::{
        AttributeRow, Event, EventHead, EventPart, ObjectPanel, ProposalRow, Related, RelatedRow,
        ReportPanel,
    },
    frame::{Link, Pager, Section, Tab},
};

use rows::{distribution, number, row, short, tags};

/// The longest text of a report.
const REPORT_CHARS_MAX: usize = 20_000;
/// Reports, and proposals, that are shown.
const PARTS_MAX: usize = 200;
/// Values of a related event.
const VALUES_MAX: usize = 5;
/// Common values that are named.
const COMMON_MAX: usize = 50;

/// What a page is made from.
struct Page<'p> {
    house: &'p House,
    reader: &'p Reader,
    scope: Scope,
    which: Which,
    seen: Seen,
    says: full::Event,
    url: String,
}

/// `GET /collections/{root}/{name}/events/{uuid}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, name, uuid)): Path<(String, String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let shown = ops::collection(ground, viewer, &root, &name).await?;
    let head = head(&reader, &shown);
    let scope = Scope {
        place: Some((root, name)),
    };
    let which = Which::Uuid(Uuid::try_parse(&uuid).map_err(|_no_uuid| nothing())?);
    let seen = events::event(ground, viewer, &scope, which).await?;
    let page = Page {
        says: events::head(&seen)?,
        url: format!("{}/events/{}", head.url, seen.event.uuid),
        which: Which::Id(seen.event.id),
        house: &house,
        reader: &reader,
        scope,
        seen,
    };
    let (tab, part) = page.part(&query).await?;
    let extended = page.extended(&head.url).await?;
    draw(&Event {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        event: page.head(extended),
        tabs: page.tabs(tab),
        part,
        head,
    })
}

impl Page<'_> {
    fn head(&self, extends: Option<Link>) -> EventHead {
        let (row, says) = (&self.seen.event, &self.says);
        let cluster =
            |cluster: &full::GalaxyCluster| plain(cluster.value.as_deref().unwrap_or_default());
        let galaxy = |galaxy: &full::Galaxy| {
            let name = plain(galaxy.name.as_deref().unwrap_or_default());
            (name, galaxy.clusters.iter().map(cluster).collect())
        };
        EventHead {
            url: self.url.clone(),
            uuid: row.uuid.to_string(),
            number: row.id.to_string(),
            info: plain(&row.info),
            date: row.date.clone(),
            tlp: Tlp::from_code(row.tlp),
            org: plain(&self.seen.orgc.name),
            owner: plain(&self.seen.org.name),
            threat: threat(row.threat_level),
            analysis: analysis(row.analysis),
            distribution: distribution(says.distribution),
            published: (row.publish_timestamp > 0).then(|| moment(row.publish_timestamp)),
            is_published: row.published,
            changed: moment(row.timestamp),
            is_locked: row.locked,
            extends,
            tags: tags(&says.tags),
            galaxies: says.galaxies.iter().map(galaxy).collect(),
            attributes: number(self.seen.attributes),
            objects: number(self.seen.objects),
        }
    }

    /// The event that this one extends, with a link where the reader sees it in this collection.
    async fn extended(&self, collection: &str) -> Result<Option<Link>, intel::Error> {
        let extends = self.says.extends_uuid.as_deref().unwrap_or_default();
        let Ok(uuid) = Uuid::try_parse(extends) else {
            return Ok(None);
        };
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let found = events::event(ground, viewer, &self.scope, Which::Uuid(uuid)).await;
        Ok(Some(match found {
            Ok(seen) => Link {
                text: plain(&seen.event.info),
                url: format!("{collection}/events/{uuid}"),
            },
            Err(intel::Error::NotFound { .. }) => Link {
                text: uuid.to_string(),
                url: String::new(),
            },
            Err(error) => return Err(error),
        }))
    }

    fn tabs(&self, here: &str) -> Vec<Tab> {
        let w = self.reader.w;
        let tab = |name: &str, text: String, count| Tab {
            text,
            url: format!("{}?tab={name}", self.url),
            count,
            here: name == here,
        };
        let many = |count: usize| Some(u64::try_from(count).unwrap_or_default());
        let (reports, proposals) = (self.says.reports.len(), self.says.proposals.len());
        vec![
            tab("attributes", w.t("misp-attributes"), None),
            tab(
                "objects",
                w.t("misp-objects"),
                Some(number(self.seen.objects)),
            ),
            tab("reports", w.t("misp-reports"), many(reports)),
            tab("proposals", w.t("misp-proposals"), many(proposals)),
            tab("related", w.t("misp-related"), None),
        ]
    }

    /// The part that is asked for: attributes, if nothing is said.
    async fn part(
        &self,
        query: &Answers,
    ) -> Result<(&'static str, EventPart), access::http::Refusal> {
        let after = query.of("after").parse().unwrap_or_default();
        Ok(match query.of("tab") {
            "objects" => {
                let part = match query.given("object") {
                    Some(object) => self.object(&object, after).await?,
                    None => self.objects(after).await?,
                };
                ("objects", part)
            }
            "reports" => ("reports", self.reports()),
            "proposals" => ("proposals", self.proposals()),
            "related" => ("related", self.related().await?),
            _ => ("attributes", self.attributes(query.of("q"), after).await?),
        })
    }

    /// The pages of a list.
    fn pager(&self, kept: &str, after: i64, next: Option<i64>) -> Pager {
        Pager {
            first: (after > 0).then(|| format!("{}?{kept}", self.url)),
            next: next.map(|next| format!("{}?{kept}&after={next}", self.url)),
        }
    }

    async fn attributes(&self, text: &str, after: i64) -> Result<EventPart, intel::Error> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let which = (&self.scope, self.which);
        let text: String = text.chars().take(2_000).collect();
        let (page, kept) = if text.is_empty() {
            let page = events::details(ground, viewer, which, (0, after)).await?;
            (page, "tab=attributes".to_owned())
        } else {
            let page = events::found_in(ground, viewer, which, (&text, after)).await?;
            (page, format!("tab=attributes&q={}", escaped(&text)))
        };
        Ok(EventPart::Attributes {
            rows: self.rows(&page.rows),
            pager: self.pager(&kept, after, page.next),
            text,
        })
    }

    async fn objects(&self, after: i64) -> Result<EventPart, intel::Error> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let page = events::objects(ground, viewer, (&self.scope, self.which), after).await?;
        let panel = |whole: &Whole| {
            let all = format!("{}?tab=objects&object={}", self.url, whole.object.uuid);
            ObjectPanel {
                all: whole.more.then_some(all),
                ..self.panel(&whole.record, &whole.attributes)
            }
        };
        Ok(EventPart::Objects {
            panels: page.rows.iter().map(panel).collect(),
            is_one: false,
            pager: self.pager("tab=objects", after, page.next),
        })
    }

    /// All attributes of one object, page by page.
    async fn object(&self, uuid: &str, after: i64) -> Result<EventPart, access::http::Refusal> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let object = Uuid::try_parse(uuid).map_err(|_no_uuid| nothing())?;
        let which = Which::Uuid(object);
        let ((object, _), _) = events::object(ground, viewer, &self.scope, which).await?;
        if object.event != self.seen.event.id {
            return Err(nothing());
        }
        let at = (object.id, after);
        let page = events::details(ground, viewer, (&self.scope, self.which), at).await?;
        let record = serde_json::from_str(&object.body).unwrap_or_default();
        let kept = format!("tab=objects&object={}", object.uuid);
        Ok(EventPart::Objects {
            panels: vec![self.panel(&record, &page.rows)],
            is_one: true,
            pager: self.pager(&kept, after, page.next),
        })
    }

    fn panel(&self, record: &full::Object, rows: &[Detail]) -> ObjectPanel {
        let text = |text: &Option<String>| short(text.as_deref().unwrap_or_default());
        let reference = |one: &full::ObjectReference| {
            format!(
                "{} {}",
                text(&one.relationship_type),
                text(&one.referenced_uuid)
            )
        };
        let live = record
            .references
            .iter()
            .filter(|one| one.deleted != Some(true));
        ObjectPanel {
            name: text(&record.name),
            category: text(&record.meta_category),
            comment: text(&record.comment),
            references: live.map(reference).collect(),
            rows: self.rows(rows),
            all: None,
        }
    }

    fn rows(&self, rows: &[Detail]) -> Vec<AttributeRow> {
        let event = Tlp::from_code(self.seen.event.tlp);
        rows.iter().map(|detail| row(event, detail)).collect()
    }

    fn reports(&self) -> EventPart {
        let live = self
            .says
            .reports
            .iter()
            .filter(|one| one.deleted != Some(true));
        let panel = |report: &full::EventReport| {
            let text = report.content.as_deref().unwrap_or_default();
            ReportPanel {
                name: short(report.name.as_deref().unwrap_or_default()),
                is_cut: text.chars().nth(REPORT_CHARS_MAX).is_some(),
                text: shortened(text, REPORT_CHARS_MAX),
                changed: report.timestamp.map(moment),
            }
        };
        EventPart::Reports(live.take(PARTS_MAX).map(panel).collect())
    }

    fn proposals(&self) -> EventPart {
        let live = self
            .says
            .proposals
            .iter()
            .filter(|one| one.deleted != Some(true));
        let text = |text: &Option<String>| short(text.as_deref().unwrap_or_default());
        let row = |proposal: &full::ShadowAttribute| ProposalRow {
            kind: text(&proposal.kind),
            category: text(&proposal.category),
            value: text(&proposal.value),
            comment: text(&proposal.comment),
            org: proposal
                .org
                .as_ref()
                .map(|org| text(&org.name))
                .unwrap_or_default(),
            is_deletion: proposal.proposal_to_delete == Some(true),
        };
        EventPart::Proposals(live.take(PARTS_MAX).map(row).collect())
    }

    async fn related(&self) -> Result<EventPart, intel::Error> {
        let (ground, viewer) = (&self.house.ground, &self.reader.viewer);
        let found = events::related(ground, viewer, &self.scope, self.which).await?;
        let many = |count: usize| u64::try_from(count).unwrap_or_default();
        let rows = found.events.iter().map(|kin| {
            let place = url(&kin.root, &kin.collection.uuid().to_string());
            RelatedRow {
                url: super::events::url_of(&place, &kin.event),
                info: plain(&kin.event.info),
                date: kin.event.date.clone(),
                org: plain(&kin.orgc),
                tlp: Tlp::from_code(kin.event.tlp),
                values: kin
                    .values
                    .iter()
                    .take(VALUES_MAX)
                    .map(|value| short(value))
                    .collect(),
                more_values: many(kin.values.len().saturating_sub(VALUES_MAX)),
            }
        });
        let common = found.common.iter().take(COMMON_MAX);
        Ok(EventPart::Related(Related {
            rows: rows.collect(),
            more: many(found.more),
            common: common.map(|value| short(value)).collect(),
            more_common: many(found.common.len().saturating_sub(COMMON_MAX)),
            left_out: number(found.left_out),
        }))
    }
}
