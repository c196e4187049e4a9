//! Files that come into a collection: upload, preview, report.

use access::http::{CsrfForm, Refusal};
use axum::extract::{Multipart, Path, State};
use intel::{
    model::{Fate, Import, Loss, Preview, Refusal as Refused, Stage},
    ops,
};
use kernel::ImportId;

use super::{head, import_row, seers};
use crate::{
    pages::{
        Answer, House, Reader,
        collections::url_of,
        draw,
        forms::{Answers, refuse, sentences, unreadable},
        go, nothing,
        object::stix_text::plain,
        reader::escaped,
        settings::form_of,
    },
    views::{
        files::{Foreseen, ForeseenRow, Import as ImportPage, LossRow, RefusalRow, Upload},
        form::{Control, Field},
        frame::{Flash, Section},
    },
};

/// `GET /collections/{root}/{name}/upload`.
pub(crate) async fn blank(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
) -> Answer {
    page(&house, &reader, (&root, &name), None).await
}

/// `POST /collections/{root}/{name}/upload`.
pub(crate) async fn upload(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
    parts: Multipart,
) -> Answer {
    let place = (root.as_str(), name.as_str());
    match take(&house, &reader, place, parts).await? {
        Ok(import) => {
            let to = format!("/imports/{}/{}", escaped(&root), import.id);
            Ok(go(&reader, &to, "upload-kept"))
        }
        Err(refused) => page(&house, &reader, place, Some(refused)).await,
    }
}

/// Keeps what stands in the form, piece by piece as it comes. The token against forged requests stands
/// before the file.
async fn take(
    house: &House,
    reader: &Reader,
    (root, name): (&str, &str),
    mut parts: Multipart,
) -> Result<Result<Import, intel::Error>, Refusal> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let failed = |error: axum::extract::multipart::MultipartError| -> Refusal {
        unreadable(error.status(), error.body_text()).into()
    };
    let (mut is_ours, mut text) = (false, String::new());
    while let Some(mut part) = parts.next_field().await.map_err(failed)? {
        let field = part.name().unwrap_or_default().to_owned();
        let source = part.file_name().map(str::to_owned);
        match source.filter(|source| !source.is_empty()) {
            Some(_) if !is_ours => return Err(access::Error::Forged.into()),
            Some(source) => {
                let import = match ops::open_upload(ground, viewer, (root, name), &source).await {
                    Ok(import) => import,
                    Err(error) => return Ok(Err(error)),
                };
                let mut pieces = Pieces::new(import.id);
                while let Some(bytes) = part.chunk().await.map_err(failed)? {
                    pieces.add(house, reader, root, &bytes).await?;
                }
                pieces.flush(house, reader, root).await?;
                return Ok(ops::seal(ground, viewer, root, import.id).await);
            }
            None if field == "csrf" => {
                let given = part.text().await.map_err(failed)?;
                is_ours = reader.session.csrf_matches(given.trim());
            }
            None if field == "text" => text = part.text().await.map_err(failed)?,
            None => {}
        }
    }
    if !is_ours {
        return Err(access::Error::Forged.into());
    }
    let import = match ops::open_upload(ground, viewer, (root, name), "").await {
        Ok(import) => import,
        Err(error) => return Ok(Err(error)),
    };
    let mut pieces = Pieces::new(import.id);
    pieces.add(house, reader, root, text.as_bytes()).await?;
    pieces.flush(house, reader, root).await?;
    Ok(ops::seal(ground, viewer, root, import.id).await)
}

/// Bytes that are gathered to pieces.
struct Pieces {
    id: ImportId,
    number: i32,
    waiting: Vec<u8>,
}

impl Pieces {
    const BYTES: usize = 4 << 20;

    const fn new(id: ImportId) -> Self {
        Self {
            id,
            number: 0,
            waiting: Vec::new(),
        }
    }

    async fn add(
        &mut self,
        house: &House,
        reader: &Reader,
        root: &str,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= Self::BYTES {
            self.flush(house, reader, root).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, house: &House, reader: &Reader, root: &str) -> Result<(), Refusal> {
        let bytes = std::mem::take(&mut self.waiting);
        if !bytes.is_empty() || self.number == 0 {
            let piece = (self.number, bytes.as_slice());
            ops::put_part(&house.ground, &reader.viewer, root, self.id, piece).await?;
            self.number = self.number.saturating_add(1);
        }
        Ok(())
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    (root, name): (&str, &str),
    refused: Option<intel::Error>,
) -> Answer {
    let w = reader.w;
    let shown = ops::collection(&house.ground, &reader.viewer, root, name).await?;
    let head = head(reader, &shown);
    if !head.can_write {
        return Err(intel::Error::ReadOnly.into());
    }
    let fields = vec![
        Field::new("files", w.t("upload-file"), Control::File).hint(w.t("hint-upload-file")),
        Field::new("text", w.t("upload-text"), Control::Area(6))
            .hint(w.t("hint-upload-text"))
            .longest(1_000_000),
    ];
    let action = format!("{}/upload", head.url);
    let mut form = form_of(reader, &action, "upload-look", fields);
    let mut shell = reader.shell(house, Section::Intelligence).await?;
    if let Some(error) = refused {
        let text = refuse(w, &mut form, error.into())?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    let alias = shown.collection.settings.alias.as_ref();
    draw(&Upload {
        w,
        shell,
        alias: alias.map_or_else(
            || shown.collection.public.uuid().to_string(),
            ToString::to_string,
        ),
        head,
        form,
    })
}

/// `GET /imports/{root}/{id}`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, id)): Path<(String, String)>,
) -> Answer {
    let id = named(&id)?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let (shown, done) = ops::import_of(ground, viewer, &root, id).await?;
    let preview = match done.import.stage {
        Stage::Waiting => Some(ops::preview(ground, viewer, &root, id).await?),
        Stage::Receiving | Stage::Begun => None,
    };
    let (refusals, refused, losses) = match &preview {
        Some(preview) => {
            let refused = preview.tally.of(Fate::Refused) + preview.tally.of(Fate::Conflict);
            (&preview.refusals, refused, &preview.losses)
        }
        None => (&done.refusals, done.import.refused, &done.import.losses),
    };
    let refusals = refusals.iter().map(|one| refusal(&reader, one)).collect();
    let losses = loss_rows(losses);
    let foreseen = match preview {
        Some(preview) => Some(foreseen(&preview, seers(&house, &reader, &shown).await?)),
        None => None,
    };
    let row = import_row(&root, &done.import);
    draw(&ImportPage {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        head: head(&reader, &shown),
        url: row.url.clone(),
        row,
        preview: foreseen,
        refusals,
        refused: u64::try_from(refused).unwrap_or_default(),
        losses,
    })
}

/// `POST /imports/{root}/{id}/{act}`.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((root, id, act)): Path<(String, String, String)>,
    CsrfForm(_answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    match act.as_str() {
        "begin" => {
            ops::begin(ground, viewer, &root, id).await?;
            let to = format!("/imports/{}/{id}", escaped(&root));
            Ok(go(&reader, &to, "import-begun"))
        }
        "discard" => {
            let (shown, _) = ops::import_of(ground, viewer, &root, id).await?;
            ops::discard(ground, viewer, &root, id).await?;
            Ok(go(&reader, &url_of(&shown), "import-discarded"))
        }
        _ => Err(nothing()),
    }
}

fn named(id: &str) -> Result<ImportId, Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

fn refusal(reader: &Reader, refused: &Refused) -> RefusalRow {
    let why = reader
        .w
        .find(&crate::words::key("error", &refused.code), &[]);
    RefusalRow {
        number: u64::try_from(refused.place.saturating_add(1)).unwrap_or_default(),
        id: refused.stix_id.clone(),
        why: why.unwrap_or_else(|| sentences(reader.w, 422, "intel.invalid", &[]).0),
        detail: refused.detail.clone(),
    }
}

/// What has no place on the other side.
pub(super) fn loss_rows(losses: &[Loss]) -> Vec<LossRow> {
    let row = |loss: &Loss| LossRow {
        place: loss.place.clone(),
        name: loss.name.clone(),
        count: u64::try_from(loss.count).unwrap_or_default(),
    };
    losses.iter().map(row).collect()
}

fn foreseen(preview: &Preview, seers: Vec<String>) -> Foreseen {
    let number =
        |count: Option<&i64>| u64::try_from(count.copied().unwrap_or(0)).unwrap_or_default();
    let mut kinds: Vec<String> = preview
        .tally
        .kinds
        .keys()
        .map(|(kind, _)| kind.clone())
        .collect();
    kinds.dedup();
    let counted = |kind: String| {
        let of = |fate: Fate| {
            let count = preview.tally.kinds.get(&(kind.clone(), fate));
            (fate.as_str(), number(count))
        };
        let counts = Fate::ALL.map(of).to_vec();
        (kind, counts)
    };
    let labels = preview.tally.labels.iter();
    Foreseen {
        is_whole: preview.is_whole,
        broken: preview.broken.clone().unwrap_or_default(),
        fates: Fate::ALL.map(Fate::as_str).to_vec(),
        kinds: kinds.into_iter().map(counted).collect(),
        labels: labels
            .map(|((tlp, is_marked), count)| (*tlp, *is_marked, number(Some(count))))
            .collect(),
        objects: preview
            .objects
            .iter()
            .map(|object| ForeseenRow {
                kind: object.kind.clone(),
                name: plain(&object.name),
                id: object.stix_id.clone(),
                tlp: object.tlp,
                is_marked: object.is_marked,
                fate: object.fate.as_str(),
            })
            .collect(),
        seers,
    }
}
