//! Bodies of requests and answers.

mod file;
mod ranges;
mod vulnerability;

use kernel::Cursor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use file::{
    AssetImportBody, AssetImportsBody, AssetPreviewBody, BeginBody, NewAssetImportBody,
    PreviewLineBody, RefusedLineBody, RefusedLinesBody, RetiresBody,
};
pub use ranges::{EntryBody, NamedBody, RangesBody, TallyBody};
pub use vulnerability::{
    AffectedBody, DetailBody, MatchBody, MatchedAssetBody, MatchesBody, NewRemedyBody, PlanBody,
    RemediesBody, RemedyBody, StatedBody, TakenBody, VulnerabilityBody,
};

use crate::model::{Asset, Organisation, Product, Review};

/// A product.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ProductBody {
    /// Its number in this node.
    pub number: i64,
    /// Who makes it; may be empty.
    pub vendor: String,
    /// What it is called.
    pub name: String,
}

/// An organisation whose assets are listed.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OrganisationBody {
    /// Its number in this node.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// The day on which its list was reviewed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<String>,
    /// The day by which it is to be reviewed next.
    pub review_due: String,
    /// The latest reviews, newest first; in the answer about one organisation alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewBody>,
}

/// A review of an organisation's list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ReviewBody {
    /// The day.
    pub held_on: String,
    /// Who recorded it.
    pub by: String,
    /// What was found.
    pub found: String,
}

/// A review to be recorded.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReviewBody {
    /// The day, not in the future.
    pub held_on: String,
    /// What was found, up to 4,000 characters.
    #[serde(default)]
    pub found: String,
}

/// A product in a version that stands somewhere in an organisation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AssetBody {
    /// Its id.
    pub id: String,
    /// The number of the organisation.
    pub organisation: i64,
    /// The name of the organisation.
    pub organisation_name: String,
    /// What it is called there.
    pub name: String,
    /// Its inventory number; may be empty.
    pub tag: String,
    /// The product.
    pub product: ProductBody,
    /// The version; empty if it is not known.
    pub version: String,
    /// The CPE name; may be empty.
    pub cpe: String,
    /// The package URL; may be empty.
    pub purl: String,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// Where it stands; may be empty.
    pub place: String,
    /// When it was last stated otherwise than before.
    pub changed_at: String,
    /// Since when the whole list of its organisation does not name it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<String>,
}

/// A page of assets.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AssetsBody {
    /// By their names.
    pub items: Vec<AssetBody>,
    /// Where the next page begins; nothing if this is the last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
}

/// How many there are.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CountedBody {
    /// How many, counted up to 1,000.
    pub count: i64,
    /// True if there are more.
    pub more: bool,
}

impl From<&Product> for ProductBody {
    fn from(product: &Product) -> Self {
        Self {
            number: product.number,
            vendor: product.vendor.clone(),
            name: product.name.clone(),
        }
    }
}

impl From<&Asset> for AssetBody {
    fn from(asset: &Asset) -> Self {
        Self {
            id: asset.id.to_string(),
            organisation: asset.organisation.0,
            organisation_name: asset.organisation.1.clone(),
            name: asset.name.clone(),
            tag: asset.tag.clone(),
            product: ProductBody::from(&asset.product),
            version: asset.version.clone(),
            cpe: asset.cpe.clone(),
            purl: asset.purl.clone(),
            owner: asset.owner.clone(),
            place: asset.place.clone(),
            changed_at: asset.changed_at.to_string(),
            retired_at: asset.retired_at.map(|at| at.to_string()),
        }
    }
}

impl From<&Organisation> for OrganisationBody {
    fn from(organisation: &Organisation) -> Self {
        Self {
            number: organisation.number,
            name: organisation.name.clone(),
            reviewed_on: organisation.reviewed_on.map(|day| day.to_string()),
            review_due: organisation.review_due.to_string(),
            reviews: Vec::new(),
        }
    }
}

impl From<&Review> for ReviewBody {
    fn from(review: &Review) -> Self {
        Self {
            held_on: review.held_on.to_string(),
            by: review.by.clone(),
            found: review.found.clone(),
        }
    }
}
