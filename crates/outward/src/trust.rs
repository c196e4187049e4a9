//! Whose certificates are believed: those of the system's authorities, and of one more where a
//! server is vouched for by an authority of its own.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::{sync::OnceCell, task::spawn_blocking};

use crate::Error;

/// The longest file of certificates of one's own, in bytes.
const OWN_BYTES_MAX: usize = 256 * 1024;

/// The system's authorities, read when they are needed first.
#[derive(Debug, Default)]
pub(crate) struct Authorities(OnceCell<Arc<RootCertStore>>);

impl Authorities {
    /// How TLS is spoken with a server.
    pub(crate) async fn config(&self, own: Option<&str>) -> Result<Arc<ClientConfig>, Error> {
        let system = self.0.get_or_try_init(read).await?;
        let mut roots = RootCertStore::clone(system);
        if let Some(own) = own {
            for certificate in certificates(own)? {
                roots.add(certificate).map_err(|error| failed(&error))?;
            }
        }
        let mut config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The certificates of a text in PEM, of which there must be one.
pub(crate) fn certificates(text: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    if text.len() > OWN_BYTES_MAX {
        return Err(failed(&"more than 256 KiB"));
    }
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let all = all.map_err(|error| failed(&error))?;
    if all.is_empty() {
        return Err(failed(&"there is no certificate in PEM"));
    }
    Ok(all)
}

async fn read() -> Result<Arc<RootCertStore>, Error> {
    let read = spawn_blocking(|| {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // A system's list has oddities now and then; what is left decides.
        roots.add_parsable_certificates(found.certs);
        roots
    });
    let roots = read.await.map_err(|error| failed(&error))?;
    Ok(Arc::new(roots))
}

fn failed(detail: &dyn std::fmt::Display) -> Error {
    Error::Authorities {
        detail: detail.to_string(),
    }
}
