//! What was kept of an import, read batch by batch in bounded memory. Of events there is one at a time:
//! the next is read when the last was let go.

use std::{
    future::Future,
    io::{self, Read},
    ops::ControlFlow,
    pin::Pin,
};

use audit::Ground;
use kernel::ImportId;
use tokio::{
    sync::{
        mpsc::{Receiver, channel},
        oneshot,
    },
    task::{JoinHandle, spawn_blocking},
};

use crate::{
    Error,
    convert::{self, Coming, Context, Form},
    intake,
    model::Loss,
    store,
};

/// How the pieces are read.
pub(super) enum How {
    /// As objects of STIX, as they come.
    AsTheyCome,
    /// As what a file is.
    As(Form, Context),
}

/// What came; an event is held until this is dropped.
pub(crate) struct Next {
    pub(crate) coming: Coming,
    _held: Option<oneshot::Sender<()>>,
}

/// Batches on their way.
pub(crate) struct Batches {
    coming: Receiver<Next>,
    feeding: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
    is_fed: bool,
    reading: JoinHandle<Result<Vec<Loss>, Error>>,
}

impl Batches {
    /// Begins to read an import.
    pub(super) fn of(ground: &Ground, id: ImportId, how: How) -> Self {
        let (pieces_in, pieces) = channel(2);
        let (batches_in, batches) = channel(1);
        let db = ground.db.clone();
        let feeding = Box::pin(async move {
            for number in 0.. {
                let mut tx = db.begin_read().await?;
                let piece = store::import::part(&mut tx, id, number).await?;
                drop(tx);
                let Some(piece) = piece else { break };
                if pieces_in.send(piece).await.is_err() {
                    break;
                }
            }
            Ok(())
        });
        let source = Pieces {
            coming: pieces,
            piece: Vec::new(),
            given: 0,
        };
        let reading = spawn_blocking(move || {
            let mut on = |coming: Coming| {
                let waits = matches!(coming, Coming::Event { .. });
                let (held, let_go) = oneshot::channel();
                let next = Next {
                    coming,
                    _held: waits.then_some(held),
                };
                if batches_in.blocking_send(next).is_err() {
                    return ControlFlow::Break(());
                }
                if waits {
                    let _dropped = let_go.blocking_recv();
                }
                ControlFlow::Continue(())
            };
            match how {
                How::As(form, context) => convert::read(source, form, &context, &mut on),
                How::AsTheyCome => {
                    let mut reader = intake::Reader::new(source);
                    while let Some(batch) = reader.next(super::BATCH)? {
                        if on(Coming::Batch(batch)).is_break() {
                            break;
                        }
                    }
                    Ok(Vec::new())
                }
            }
        });
        Self {
            coming: batches,
            feeding,
            is_fed: false,
            reading,
        }
    }

    /// The next batch; nothing at the end, or where it cannot be read on.
    pub(crate) async fn next(&mut self) -> Result<Option<Next>, Error> {
        loop {
            tokio::select! {
                biased;
                batch = self.coming.recv() => return Ok(batch),
                fed = &mut self.feeding, if !self.is_fed => {
                    self.is_fed = true;
                    fed?;
                }
            }
        }
    }

    /// What was lost; or why it cannot be read on. Nothing where the program ends meanwhile.
    pub(crate) async fn end(self) -> Option<Result<Vec<Loss>, Error>> {
        drop(self.coming);
        drop(self.feeding);
        self.reading.await.ok()
    }
}

/// Pieces as one source.
struct Pieces {
    coming: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    given: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.piece.len() {
            let Some(piece) = self.coming.blocking_recv() else {
                return Ok(0);
            };
            self.piece = piece;
            self.given = 0;
        }
        let mut rest = self.piece.get(self.given..).unwrap_or_default();
        let read = rest.read(into)?;
        self.given += read;
        Ok(read)
    }
}
