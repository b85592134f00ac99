//! What a URL asks of TLS. The table of modes; what they do is the driver's matter.

use std::path::PathBuf;

/// How much encryption is asked for, as libpq means it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// Never.
    Disable,
    /// Only if the server takes nothing else.
    Allow,
    /// If the server can; else in the clear.
    #[default]
    Prefer,
    /// Always; whose certificate it is does not matter unless a root certificate is given.
    Require,
    /// Always, and the certificate must be signed by somebody we trust.
    VerifyCa,
    /// Always, and the certificate must be the host's own.
    VerifyFull,
}

impl TlsMode {
    /// Every mode, from the weakest to the strictest.
    pub const ALL: [Self; 6] =
        [Self::Disable, Self::Allow, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// The name, as `sslmode` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What a URL says about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// `sslmode`; none is [`TlsMode::Prefer`].
    pub mode: Option<TlsMode>,
    /// `sslrootcert`: a PEM file with the certificates to trust; none, or `system`, is the system's.
    pub root_cert: Option<PathBuf>,
    /// `sslcert`: our own certificate, a PEM file.
    pub cert: Option<PathBuf>,
    /// `sslkey`: its private key, a PEM file.
    pub key: Option<PathBuf>,
}

impl Tls {
    /// The mode that counts.
    #[must_use]
    pub fn mode(&self) -> TlsMode {
        self.mode.unwrap_or_default()
    }
}
