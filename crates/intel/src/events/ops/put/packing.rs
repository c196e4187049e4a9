//! Samples that come as they are.

use formats_misp::full::{Attribute, Object};
use tokio::task::spawn_blocking;

use crate::Error;

/// Packs the files of malware samples that came as they are, as MISP does. What cannot be packed stays,
/// and is refused later.
pub(super) async fn pack(
    mut attributes: Vec<Attribute>,
    mut objects: Vec<Object>,
) -> Result<(Vec<Attribute>, Vec<Object>), Error> {
    let within = objects.iter().flat_map(|object| &object.attributes);
    if !attributes
        .iter()
        .chain(within)
        .any(Attribute::is_to_be_packed)
    {
        return Ok((attributes, objects));
    }
    let packed = spawn_blocking(move || {
        let within = objects.iter_mut().flat_map(|object| &mut object.attributes);
        for attribute in attributes.iter_mut().chain(within) {
            let _refused_later = attribute.pack();
        }
        (attributes, objects)
    });
    packed.await.map_err(|_ended| Error::Unreadable {
        detail: "the program ended while a sample was packed".to_owned(),
    })
}
