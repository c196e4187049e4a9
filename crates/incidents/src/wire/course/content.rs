//! What an entry says, from and to its body.

use super::{ContentBody, text};
use crate::{
    course::{
        Backlog, Capacity, Content, Effect, Milestone, Service, Step, StepState, System, Vendor,
        done, share,
    },
    model::{Invalid, Line, Quantity},
};

impl From<&Content> for ContentBody {
    fn from(content: &Content) -> Self {
        match content {
            Content::Service(one) => Self::Service {
                name: one.name.to_string(),
                facility: text(one.facility.as_ref()),
                ward: text(one.ward.as_ref()),
                care: one.care,
                people: one.people,
                weight: (one.weight.thousandths() != 1_000).then(|| one.weight.to_string()),
                yearly: one.yearly.as_ref().map(|(number, _)| *number),
                yearly_unit: one
                    .yearly
                    .as_ref()
                    .map(|(_, unit)| unit.as_str().to_owned()),
                shape: one.shape,
            },
            Content::Capacity(one) => Self::Capacity {
                service: one.service,
                at: one.at,
                share: Quantity::from_thousandths(i64::from(one.share.thousandths()) * 100)
                    .to_string(),
            },
            Content::Milestone(one) => Self::Milestone {
                event: one.event,
                service: one.service,
                at: one.at,
                site: text(one.site.as_ref()),
                hospitals: (one.hospitals != 1).then_some(one.hospitals),
            },
            Content::Effect(one) => Self::Effect {
                from: one.from.to_string(),
                from_country: one.from_country,
                to: one.to.to_string(),
                to_country: one.to_country,
                order: one.order,
                lag_hours: one.lag_hours,
            },
            Content::Step(one) => Self::Step {
                procedure: one.procedure,
                text: text(one.text.as_ref()),
                site: text(one.site.as_ref()),
                done_at: done(one.state),
            },
            Content::Vendor(one) => Self::Vendor {
                name: one.name.to_string(),
                service: text(one.service.as_ref()),
                state: one.state,
                evidence: text(one.evidence.as_ref()),
                attested_by: text(one.attested_by.as_ref()),
                at: one.at,
            },
            Content::System(one) => Self::System {
                name: one.name.to_string(),
                site: one.site.to_string(),
                state: one.state,
                at: one.at,
            },
            Content::Backlog(one) => Self::Backlog {
                site: text(one.site.as_ref()),
                pages: one.pages,
                at: one.at,
            },
            Content::Withdrawn => Self::Withdrawn {},
        }
    }
}

impl TryFrom<ContentBody> for Content {
    type Error = Invalid;

    #[expect(clippy::too_many_lines, reason = "one piece for each kind")]
    fn try_from(body: ContentBody) -> Result<Self, Invalid> {
        Ok(match body {
            body @ ContentBody::Service { .. } => Self::Service(service(body)?),
            ContentBody::Capacity {
                service,
                at,
                share: told,
            } => Self::Capacity(Capacity {
                service,
                at,
                share: share(&told)?,
            }),
            ContentBody::Milestone {
                event,
                service,
                at,
                site,
                hospitals,
            } => Self::Milestone(Milestone {
                event,
                service,
                at,
                site: Line::optional(site.as_deref(), "site")?,
                hospitals: hospitals.unwrap_or(1),
            }),
            ContentBody::Effect {
                from,
                from_country,
                to,
                to_country,
                order,
                lag_hours,
            } => Self::Effect(Effect {
                from: Line::required(&from, "from")?,
                from_country,
                to: Line::required(&to, "to")?,
                to_country,
                order,
                lag_hours,
            }),
            ContentBody::Step {
                procedure,
                text,
                site,
                done_at,
            } => Self::Step(Step {
                procedure,
                text: Line::optional(text.as_deref(), "text")?,
                site: Line::optional(site.as_deref(), "site")?,
                state: done_at.map_or(StepState::NotNeeded, StepState::Done),
            }),
            ContentBody::Vendor {
                name,
                service,
                state,
                evidence,
                attested_by,
                at,
            } => Self::Vendor(Vendor {
                name: Line::required(&name, "name")?,
                service: Line::optional(service.as_deref(), "service")?,
                state,
                evidence: Line::optional(evidence.as_deref(), "evidence")?,
                attested_by: Line::optional(attested_by.as_deref(), "attested_by")?,
                at,
            }),
            ContentBody::System {
                name,
                site,
                state,
                at,
            } => Self::System(System {
                name: Line::required(&name, "name")?,
                site: Line::required(&site, "site")?,
                state,
                at,
            }),
            ContentBody::Backlog { site, pages, at } => Self::Backlog(Backlog {
                site: Line::optional(site.as_deref(), "site")?,
                pages,
                at,
            }),
            ContentBody::Withdrawn {} => Self::Withdrawn,
        })
    }
}

fn service(body: ContentBody) -> Result<Service, Invalid> {
    let ContentBody::Service {
        name,
        facility,
        ward,
        care,
        people,
        weight,
        yearly,
        yearly_unit,
        shape,
    } = body
    else {
        return Err(Invalid {
            field: "kind",
            rule: "a service",
        });
    };
    let weight = weight.map(|weight| weight.parse::<Quantity>());
    let weight = weight.transpose().map_err(|broken| broken.at("weight"))?;
    let yearly = match (yearly, yearly_unit) {
        (None, None) => None,
        (Some(number), Some(unit)) => {
            let unit = unit.parse();
            let unit = unit.map_err(|broken: Invalid| broken.at("yearly_unit"))?;
            Some((number, unit))
        }
        _ => {
            return Err(Invalid {
                field: "yearly",
                rule: "how many in a year, and of what",
            });
        }
    };
    Ok(Service {
        name: Line::required(&name, "name")?,
        facility: Line::optional(facility.as_deref(), "facility")?,
        ward: Line::optional(ward.as_deref(), "ward")?,
        care,
        people,
        weight: weight.unwrap_or(Quantity::from_thousandths(1_000)),
        yearly,
        shape,
    })
}
