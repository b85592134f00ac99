//! TLS to PostgreSQL: what `sslmode` asks for, as libpq means it, with rustls.
//!
//! One difference to libpq is wanted: where no root certificate is given, the system's are trusted. Another one comes
//! with rustls: a certificate without subject alternative names has no name, its common name is not looked at.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use fullhold_database_url::{PostgresUrl, TlsMode};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};

/// `sslrootcert=system`, and what no root certificate means to us.
const SYSTEM: &str = "system";

/// How the servers of a URL are talked to.
#[derive(Clone)]
pub(crate) struct Tls {
    mode: TlsMode,
    config: Arc<ClientConfig>,
}

impl Tls {
    /// Reads the certificates; a sentence for people if there is something wrong with them.
    pub(crate) fn of(url: &PostgresUrl) -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let verifier = Arc::new(Verifier::of(url, provider)?);
        let builder = builder.map_err(|e| e.to_string())?.dangerous().with_custom_certificate_verifier(verifier);
        let mut config = match (&url.tls.cert, &url.tls.key) {
            (Some(cert), Some(key)) => {
                let chain = certificates(cert)?;
                let key = PrivateKeyDer::from_pem_file(key)
                    .map_err(|e| format!("{} holds no private key without a passphrase (PEM): {e}", key.display()))?;
                let wrong = |e| format!("{} cannot be used: {e}", cert.display());
                builder.with_client_auth_cert(chain, key).map_err(wrong)?
            }
            _ => builder.with_no_client_auth(),
        };
        // Wanted by PostgreSQL 17 where TLS comes first, and passed over by others.
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(Self { mode: url.tls.mode(), config: Arc::new(config) })
    }

    /// What is tried, one after the other, on a server.
    pub(crate) fn ways(&self, socket: bool) -> &'static [SslMode] {
        match self.mode {
            _ if socket => &[SslMode::Disable],
            TlsMode::Disable => &[SslMode::Disable],
            TlsMode::Allow => &[SslMode::Disable, SslMode::Require],
            // Its own fall back is for servers without TLS; ours is for certificates that are refused.
            TlsMode::Prefer => &[SslMode::Prefer, SslMode::Disable],
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => &[SslMode::Require],
        }
    }
}

/// Every certificate of a PEM file, at least one.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(format!("{} holds no certificate (PEM)", file.display())),
        Ok(found) => Ok(found),
        Err(error) => Err(format!("{} cannot be read as certificates (PEM): {error}", file.display())),
    }
}

/// The certificates to trust where the URL asks for a check.
pub(crate) fn roots(url: &PostgresUrl) -> Result<Vec<CertificateDer<'static>>, String> {
    match url.tls.root_cert.as_deref().filter(|path| *path != Path::new(SYSTEM)) {
        Some(file) => certificates(file),
        None if url.tls.mode() >= TlsMode::VerifyCa => {
            let found = rustls_native_certs::load_native_certs();
            if found.certs.is_empty() {
                let reasons: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
                return Err(format!(
                    "the system has no certificates to trust, give sslrootcert: {}",
                    reasons.join("; ")
                ));
            }
            Ok(found.certs)
        }
        None => Ok(Vec::new()),
    }
}

/// Checks as much of a server's certificate as the mode asks for.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// Signed by somebody we trust? Not asked where the mode wants no more than encryption.
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// Certificates that are trusted themselves: a server's own, self-signed one may be given as root.
    trusted: Vec<CertificateDer<'static>>,
    /// The host's own?
    name: bool,
}

impl Verifier {
    fn of(url: &PostgresUrl, provider: Arc<CryptoProvider>) -> Result<Self, String> {
        let trusted = roots(url)?;
        let name = url.tls.mode() == TlsMode::VerifyFull;
        if trusted.is_empty() {
            return Ok(Self { provider, chain: None, trusted, name });
        }
        let mut store = RootCertStore::empty();
        let (taken, _) = store.add_parsable_certificates(trusted.iter().cloned());
        if taken == 0 {
            return Err("none of the root certificates can be used".to_owned());
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(&provider)).build();
        Ok(Self { provider, chain: Some(chain.map_err(|e| e.to_string())?), trusted, name })
    }

    /// The server's own certificate is trusted, and in time: webpki looks at the time before it says that an authority
    /// cannot be a server.
    fn is_trusted_itself(&self, certificate: &CertificateDer<'_>, error: &rustls::Error) -> bool {
        let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error else { return false };
        let authority = other.0.downcast_ref::<webpki::Error>() == Some(&webpki::Error::CaUsedAsEndEntity);
        authority && self.trusted.iter().any(|root| root.as_ref() == certificate.as_ref())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, intermediates, server, ocsp, now) {
            // The name is looked at last: everything else was right.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.name => Ok(ServerCertVerified::assertion()),
            Err(error) if self.is_trusted_itself(certificate, &error) => {
                if self.name {
                    rustls::client::verify_server_name(&ParsedCertificate::try_from(certificate)?, server)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A handshake that failed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct HandshakeError(io::Error);

impl HandshakeError {
    /// The connection was cut, rather than one side not liking the other.
    pub(crate) fn is_network(&self) -> bool {
        self.0.get_ref().is_none_or(|inner| !inner.is::<rustls::Error>() && !inner.is::<BadName>())
    }
}

/// A host that no certificate can have.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no name that a certificate can have")]
struct BadName(String);

/// The driver's way to TLS.
pub(crate) struct Connector(Result<(ServerName<'static>, Arc<ClientConfig>), BadName>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Connector;
    type Error = HandshakeError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Connector, HandshakeError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_invalid| BadName(host.to_owned()));
        Ok(Connector(name.map(|name| (name, Arc::clone(&self.config)))))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Connector {
    type Stream = Encrypted<S>;
    type Error = HandshakeError;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted<S>, HandshakeError>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let (name, config) = self.0.map_err(|bad| HandshakeError(io::Error::other(bad)))?;
            let connected = tokio_rustls::TlsConnector::from(config).connect(name, stream).await;
            connected.map(Encrypted).map_err(HandshakeError)
        })
    }
}

/// An encrypted connection.
pub(crate) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> tokio_postgres::tls::TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
