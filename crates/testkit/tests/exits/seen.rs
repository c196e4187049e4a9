//! Questions about what the asker sees.

use serde_json::json;

use crate::{
    asks::Ask,
    house::ROOT,
    world::{MANY, World},
};

impl World {
    /// Questions that find something, with what has to stand in the answer.
    pub(crate) fn visible(&self) -> Vec<(Ask, String)> {
        let (event, value) = (self.uuid(1, 60), self.value(60));
        let look_up = json!({ "values": [value] }).to_string();
        let get = |path: &str| Ask::get(path.to_owned());
        let post = |path: &str, body: &str| Ask::post(path.to_owned(), body.to_owned());
        let (objects, found) = ("/taxii2/exercise/collections/open/objects/", "visible");
        vec![
            (get(objects), found.to_owned()),
            (get("/collections/search?q=visible"), found.to_owned()),
            (
                get("/collections/exercise/open?q=visible"),
                found.to_owned(),
            ),
            (post("/api/v1/intel/values/look-up", &look_up), value),
            (
                get(&format!("/misp/events/view/{event}")),
                "visible event".to_owned(),
            ),
            (post("/misp/attributes/restSearch", "{}"), self.uuid(2, 60)),
        ]
    }

    /// Questions about one thing that he sees, and values that it has.
    pub(crate) fn about_visible(&self) -> Vec<Ask> {
        let api = format!("/api/v1/intel/roots/{ROOT}/collections/open/objects");
        let mut asks = Vec::new();
        for (at, form) in (0..).zip(&self.visible) {
            let id = self.id(form.kind, at);
            for path in [
                format!("{api}/{id}/life"),
                format!("{api}/{id}/related"),
                format!("{api}/{id}/sightings"),
                format!("/collections/{ROOT}/open/objects/{id}"),
                format!("/taxii2/{ROOT}/collections/open/objects/{id}/"),
                format!("/taxii2/{ROOT}/collections/open/objects/{id}/versions/"),
                format!("/collections/search?q={id}"),
            ] {
                asks.push(Ask::get(path));
            }
        }
        for at in (0..MANY).chain([60]) {
            let value = self.value(at);
            let asked = json!({ "values": [value] }).to_string();
            let look_up = "/api/v1/intel/values/look-up".to_owned();
            asks.push(Ask::post(look_up, asked));
            asks.push(Ask::get(format!("/collections/search?q={value}")));
        }
        let (event, attribute) = (self.uuid(1, 60), self.uuid(2, 60));
        for path in [
            format!("/misp/events/view/{event}"),
            format!("/misp/events/view/{event}?includeEventCorrelations=1"),
            format!("/misp/feed/{event}.json"),
            format!("/misp/attributes/view/{attribute}"),
            format!("/collections/{ROOT}/misp/events/{event}"),
            format!("/collections/{ROOT}/misp/objects/indicator--{attribute}"),
        ] {
            asks.push(Ask::get(path));
        }
        asks
    }
}
