//! TLS 1.3 between nodes: certificates of our own making, peers known by their key alone.
//!
//! No authority vouches for anybody. Each side shows a self-signed certificate and proves that it
//! holds its key; what counts is the SHA-256 of the `SubjectPublicKeyInfo`, which stands in the
//! party's key set, signed by its root. Names and dates in the certificate mean nothing. Sessions
//! are not resumed, so that every connection proves the key again.

use std::sync::{Arc, OnceLock};

use federation::transport::Pins;
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error as TlsError,
    PeerIncompatible, ServerConfig, SignatureScheme,
    client::{
        Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime},
    server::{
        NoServerSessionStorage, ParsedCertificate,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    version::TLS13,
};
use seal::Digest;
use zeroize::Zeroizing;

use crate::renewal::{Sighting, Sightings};

/// The name in every certificate and in every greeting: who is meant, the key says.
pub(crate) const NAME: &str = "node.comity.invalid";
/// HTTP/2 (RFC 9113 §3.2).
const PROTOCOL: &[u8] = b"h2";

/// The key of this node's connections, with its certificate.
#[derive(Clone, Debug)]
pub struct TlsKey {
    pkcs8: Zeroizing<Vec<u8>>,
    certificate: CertificateDer<'static>,
    sha256: Digest,
    sightings: Sightings,
}

/// A TLS key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsKeyError {
    /// No key or certificate could be made of it.
    #[error("the TLS key cannot be used")]
    Key(#[source] rcgen::Error),
    /// The key does not fit TLS 1.3.
    #[error("the TLS key does not fit TLS 1.3")]
    Tls(#[source] TlsError),
}

impl TlsKey {
    /// Makes a new key (ECDSA on P-256), as PKCS #8.
    pub fn generate() -> Result<Zeroizing<Vec<u8>>, TlsKeyError> {
        let key = KeyPair::generate().map_err(TlsKeyError::Key)?;
        Ok(Zeroizing::new(key.serialize_der()))
    }

    /// Takes a key out of the vault and makes its certificate.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, TlsKeyError> {
        let key = KeyPair::try_from(pkcs8).map_err(TlsKeyError::Key)?;
        let certificate = CertificateParams::new([NAME.to_owned()])
            .and_then(|params| params.self_signed(&key))
            .map_err(TlsKeyError::Key)?;
        let certificate = certificate.der().clone();
        let sha256 = key_sha256(&certificate).map_err(TlsKeyError::Tls)?;
        Ok(Self {
            pkcs8: Zeroizing::new(pkcs8.to_vec()),
            certificate,
            sha256,
            sightings: Sightings::default(),
        })
    }

    /// The keys that others showed where another one is pinned, or none.
    pub(crate) fn sightings(&self) -> Sightings {
        self.sightings.clone()
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`, as it stands in the key set.
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }

    /// How the listener for nodes speaks: a key that is shown must be one of `pins`. Whoever shows
    /// none is told from a peer by that.
    pub fn listener(&self, pins: Pins) -> Result<ServerConfig, TlsKeyError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(PinnedClients {
            pins,
            sightings: self.sightings.clone(),
            provider: Arc::clone(&provider),
        });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(TlsKeyError::Tls)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![self.certificate.clone()], self.private())
            .map_err(TlsKeyError::Tls)?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(config)
    }

    /// How this node speaks to the peer with this key, and to nobody else.
    pub fn connector(&self, peer: Digest) -> Result<ClientConfig, TlsKeyError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(PinnedServer {
            peer: Expected::Pinned(peer, self.sightings.clone()),
            provider: Arc::clone(&provider),
        });
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(TlsKeyError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_auth_cert(vec![self.certificate.clone()], self.private())
            .map_err(TlsKeyError::Tls)?;
        config.resumption = Resumption::disabled();
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(config)
    }

    /// How a node that is not known yet is spoken to: any key is taken and remembered in `seen`, to be
    /// compared with what the party's root has signed. Nothing is shown of this node.
    pub fn stranger(seen: Arc<OnceLock<Digest>>) -> Result<ClientConfig, TlsKeyError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(PinnedServer {
            peer: Expected::Any(seen),
            provider: Arc::clone(&provider),
        });
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(TlsKeyError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(config)
    }

    fn private(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.pkcs8.to_vec()).into()
    }
}

/// SHA-256 of the `SubjectPublicKeyInfo` of a certificate.
pub(crate) fn key_sha256(certificate: &CertificateDer<'_>) -> Result<Digest, TlsError> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(Digest::of(parsed.subject_public_key_info().as_ref()))
}

const UNKNOWN: TlsError =
    TlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure);

/// Whose key a server may show.
#[derive(Debug)]
enum Expected {
    /// This one; any other is a sighting.
    Pinned(Digest, Sightings),
    /// Any; it is remembered.
    Any(Arc<OnceLock<Digest>>),
}

#[derive(Debug)]
struct PinnedServer {
    peer: Expected,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let shown = key_sha256(certificate)?;
        let right = match &self.peer {
            Expected::Pinned(peer, sightings) => {
                if shown != *peer {
                    sightings.note(Sighting::Instead(*peer));
                }
                shown == *peer
            }
            Expected::Any(seen) => *seen.get_or_init(|| shown) == shown,
        };
        if right {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(UNKNOWN)
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

#[derive(Debug)]
struct PinnedClients {
    pins: Pins,
    sightings: Sightings,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedClients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, TlsError> {
        if self.pins.contains(&key_sha256(certificate)?) {
            Ok(ClientCertVerified::assertion())
        } else {
            self.sightings.note(Sighting::Caller);
            Err(UNKNOWN)
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
