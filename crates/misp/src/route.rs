//! What can be asked for.

/// Something that can be asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Route {
    /// The method: `GET` (and `HEAD`), or `POST` (and `PUT`, `DELETE` where MISP takes them).
    pub method: &'static str,
    /// The controller, as MISP calls it.
    pub controller: &'static str,
    /// The action.
    pub action: &'static str,
    /// What the policy is asked: the word of an act.
    pub act: &'static str,
    pub(crate) endpoint: Endpoint,
}

impl Route {
    /// Where it stands, with a place for what comes behind.
    pub fn path(&self) -> String {
        format!("/misp/{}/{}", self.controller, self.action)
    }
}

macro_rules! routes {
    ($($endpoint:ident $method:ident $controller:literal $action:literal $act:literal)+) => {
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum Endpoint {
            $($endpoint,)+
        }

        /// Everything that can be asked for.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            controller: $controller,
            action: $action,
            act: $act,
            endpoint: Endpoint::$endpoint,
        },)+];
    };
}

routes! {
    Version GET "servers" "getVersion" "intel.read"
    PymispVersion GET "servers" "getPyMISPVersion" "intel.read"
    Servers GET "servers" "index" "intel.read"
    User GET "users" "view" "intel.read"
    Roles GET "roles" "index" "intel.read"
    Organisations GET "organisations" "index" "intel.read"
    Organisation GET "organisations" "view" "intel.read"
    SharingGroups GET "sharingGroups" "index" "intel.read"
    Taxonomies GET "taxonomies" "index" "intel.read"
    Taxonomy GET "taxonomies" "view" "intel.read"
    Galaxies GET "galaxies" "index" "intel.read"
    SearchGalaxies POST "galaxies" "index" "intel.read"
    Galaxy GET "galaxies" "view" "intel.read"
    Clusters GET "galaxy_clusters" "index" "intel.read"
    SearchClusters POST "galaxy_clusters" "index" "intel.read"
    Cluster GET "galaxy_clusters" "view" "intel.read"
    Feeds GET "feeds" "index" "intel.read"
    Warninglists GET "warninglists" "index" "intel.read"
    CheckValue POST "warninglists" "checkValue" "intel.read"
    DescribeTypes GET "attributes" "describeTypes" "intel.read"
    Events GET "events" "index" "intel.read"
    SearchIndex POST "events" "index" "intel.read"
    Event GET "events" "view" "intel.read"
    EventWith POST "events" "view" "intel.read"
    AddEvent POST "events" "add" "intel.write"
    EditEvent POST "events" "edit" "intel.write"
    DeleteEvent POST "events" "delete" "intel.write"
    Publish POST "events" "publish" "intel.write"
    Alert POST "events" "alert" "intel.write"
    Unpublish POST "events" "unpublish" "intel.write"
    SearchEvents POST "events" "restSearch" "intel.read"
    SearchEventsBy GET "events" "restSearch" "intel.read"
    UploadStix POST "events" "upload_stix" "intel.write"
    Attributes GET "attributes" "index" "intel.read"
    Attribute GET "attributes" "view" "intel.read"
    AddAttribute POST "attributes" "add" "intel.write"
    EditAttribute POST "attributes" "edit" "intel.write"
    DeleteAttribute POST "attributes" "delete" "intel.write"
    RestoreAttribute POST "attributes" "restore" "intel.write"
    SearchAttributes POST "attributes" "restSearch" "intel.read"
    SearchAttributesBy GET "attributes" "restSearch" "intel.read"
    Object GET "objects" "view" "intel.read"
    AddObject POST "objects" "add" "intel.write"
    EditObject POST "objects" "edit" "intel.write"
    DeleteObject POST "objects" "delete" "intel.write"
    SearchObjects POST "objects" "restSearch" "intel.read"
    Tags GET "tags" "index" "intel.read"
    Tag GET "tags" "view" "intel.read"
    SearchTags POST "tags" "search" "intel.read"
    AddTag POST "tags" "add" "intel.write"
    AttachTag POST "tags" "attachTagToObject" "intel.write"
    RemoveTag POST "tags" "removeTagFromObject" "intel.write"
    FilterEvents POST "events" "filterEventIdsForPush" "intel.write"
    FilterSightings POST "sightings" "filterSightingUuidsForPush" "intel.write"
    SaveSightings POST "sightings" "bulkSaveSightings" "intel.write"
    PostTest POST "servers" "postTest" "intel.read"
    Proposals GET "shadow_attributes" "index" "intel.read"
    ProposalsOf POST "shadow_attributes" "getProposalsByUuidList" "intel.read"
    FeedManifest GET "feed" "manifest" "intel.read"
    FeedHashes GET "feed" "hashes.csv" "intel.read"
    FeedEvent GET "feed" "view" "intel.read"
    AddSighting POST "sightings" "add" "intel.write"
    ListSightings POST "sightings" "listSightings" "intel.read"
    SearchSightings POST "sightings" "restSearch" "intel.read"
}

/// What a controller and an action lead to.
pub(crate) enum Found {
    Route(&'static Route),
    /// It is there by another method.
    Method,
    Nothing,
}

/// The route of a request. Names are compared as MISP does, without regard to case and underscores.
pub(crate) fn find(method: &str, controller: &str, action: &str) -> Found {
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "");
    let (controller, action) = (plain(controller), plain(action));
    let method = match method {
        "GET" | "HEAD" => "GET",
        "POST" | "PUT" | "DELETE" => "POST",
        other => other,
    };
    let fits =
        |route: &&Route| plain(route.controller) == controller && plain(route.action) == action;
    let mut all = ROUTES.iter().filter(fits).peekable();
    if all.peek().is_none() {
        return Found::Nothing;
    }
    all.find(|route| route.method == method)
        .map_or(Found::Method, Found::Route)
}
