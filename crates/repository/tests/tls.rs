//! TLS to a real PostgreSQL, with certificates made here: every `sslmode` with a good, an expired, a foreign and a
//! wrongly named certificate and without any; what a wrong server gets to see; our own certificate; two hosts.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fullhold_database_url::TlsMode;
use fullhold_repository::{Config, Db, Error, OpenMode, backup};
use fullhold_testkit::Postgres;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Somebody who signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A certificate and its key, as PEM.
struct Pair {
    cert: String,
    key: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn signs(&self, name: &str, expired: bool) -> Pair {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        if expired {
            (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        }
        Pair { cert: params.signed_by(&key, &self.issuer).unwrap().pem(), key: key.serialize_pem() }
    }
}

/// A server, and a folder with the certificates of its clients.
struct Scene {
    postgres: Postgres,
    ours: Authority,
    foreign: Authority,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self {
            postgres: Postgres::start().unwrap(),
            ours: Authority::new("ours"),
            foreign: Authority::new("foreign"),
            folder: tempfile::tempdir().unwrap(),
        };
        scene.file("root.pem", &scene.ours.pem);
        scene.postgres.sql("postgres", "CREATE ROLE bot LOGIN SUPERUSER PASSWORD 'secret'").unwrap();
        scene
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Restarts the server with this certificate, or without TLS.
    fn server(&self, pair: Option<&Pair>, access: &str) {
        let on = if let Some(pair) = pair {
            self.postgres.file("server.crt", &pair.cert).unwrap();
            self.postgres.file("server.key", &pair.key).unwrap();
            self.postgres.file("clients.crt", &self.ours.pem).unwrap();
            "on"
        } else {
            "off"
        };
        self.postgres.file("ours.conf", &format!("ssl = {on}\nssl_ca_file = 'clients.crt'\n")).unwrap();
        self.postgres.file("postgresql.conf", "include 'ours.conf'\n").unwrap();
        self.postgres.file("clients.crt", &self.ours.pem).unwrap();
        self.postgres.file("pg_hba.conf", &format!("{access}\n")).unwrap();
        self.postgres.restart().unwrap();
    }

    fn config(&self, hosts: &str, parameters: &str) -> Config {
        let root = self.folder.path().join("root.pem");
        let parameters = parameters.replace("ROOT", &root.display().to_string());
        let url = format!("postgres://bot:secret@{hosts}/postgres?connect_timeout=20&{parameters}");
        Config { max_connections: 1, ..Config::new(url.parse().unwrap()) }
    }

    fn here(&self) -> String {
        format!("localhost:{}", self.postgres.port())
    }

    /// Whether a connection is made, and if so, whether it is encrypted.
    async fn reached(&self, parameters: &str) -> Result<bool, String> {
        reached(&self.config(&self.here(), parameters)).await
    }
}

async fn reached(config: &Config) -> Result<bool, String> {
    let text = |error: Error| error.to_string();
    Ok(Db::open_without_migrating(config, OpenMode::Existing)
        .map_err(text)?
        .encryption()
        .await
        .map_err(text)?
        .is_some())
}

const EVERYBODY: &str = "host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n\
                         host all postgres 127.0.0.1/32 trust";

#[tokio::test(flavor = "multi_thread")]
async fn every_mode_takes_and_refuses_what_libpq_does() {
    let scene = Scene::new();
    let good = scene.ours.signs("localhost", false);
    let expired = scene.ours.signs("localhost", true);
    let foreign = scene.foreign.signs("localhost", false);
    let misnamed = scene.ours.signs("elsewhere.example", false);
    let servers = [
        ("good", Some(&good)),
        ("expired", Some(&expired)),
        ("foreign", Some(&foreign)),
        ("misnamed", Some(&misnamed)),
        ("without TLS", None),
    ];
    for (name, pair) in servers {
        scene.server(pair, EVERYBODY);
        for mode in TlsMode::ALL {
            let root = if mode >= TlsMode::VerifyCa { "&sslrootcert=ROOT" } else { "" };
            let found = scene.reached(&format!("sslmode={}{root}", mode.name())).await;
            let expected = match (mode, name) {
                (TlsMode::Disable | TlsMode::Allow, _) => Some(false),
                (TlsMode::Prefer, _) => Some(pair.is_some()),
                (TlsMode::Require, _) => pair.map(|_| true),
                (TlsMode::VerifyCa, "good" | "misnamed") | (TlsMode::VerifyFull, "good") => Some(true),
                _ => None,
            };
            assert_eq!(found.clone().ok(), expected, "{} with a server {name}: {found:?}", mode.name());
        }
        // A root certificate is checked against in every mode that encrypts.
        let found = scene.reached("sslmode=require&sslrootcert=ROOT").await;
        assert_eq!(found.is_ok(), ["good", "misnamed"].contains(&name), "require with a root, {name}: {found:?}");
        let found = scene.reached("sslmode=prefer&sslrootcert=ROOT").await;
        assert_eq!(
            found.clone().ok(),
            Some(["good", "misnamed"].contains(&name)),
            "prefer with a root, {name}: {found:?}"
        );
        // The system trusts none of these.
        assert!(scene.reached("sslmode=verify-full").await.is_err(), "{name}");
    }
    // Somebody's own, self-signed certificate, given as root.
    let pair = Pair { cert: scene.ours.pem.clone(), key: scene.ours.issuer.key().serialize_pem() };
    scene.server(Some(&pair), EVERYBODY);
    assert_eq!(scene.reached("sslmode=verify-ca&sslrootcert=ROOT").await, Ok(true));
    assert!(scene.reached("sslmode=verify-full&sslrootcert=ROOT").await.is_err());
    // Servers that take one kind of connection only.
    scene.server(Some(&good), "hostssl all all all scram-sha-256");
    assert_eq!(scene.reached("sslmode=allow").await, Ok(true));
    scene.server(Some(&good), "hostnossl all all all scram-sha-256");
    assert_eq!(scene.reached("sslmode=prefer").await, Ok(false));
    assert!(scene.reached("sslmode=require").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_certificate_opens_a_server_that_asks_for_one_and_pg_dump_too() {
    let scene = Scene::new();
    let access = "hostssl all bot all cert clientcert=verify-full\nhost all postgres 127.0.0.1/32 trust";
    scene.server(Some(&scene.ours.signs("localhost", false)), access);
    let place = |name: &str, pair: &Pair| {
        let (cert, key) =
            (scene.file(&format!("{name}.crt"), &pair.cert), scene.file(&format!("{name}.key"), &pair.key));
        format!("sslmode=verify-full&sslrootcert=ROOT&sslcert={}&sslkey={}", cert.display(), key.display())
    };
    let good = place("bot", &scene.ours.signs("bot", false));
    assert_eq!(scene.reached(&good).await, Ok(true));
    assert!(scene.reached(&place("other", &scene.ours.signs("other", false))).await.is_err());
    assert!(scene.reached(&place("foreign", &scene.foreign.signs("bot", false))).await.is_err());
    assert!(scene.reached("sslmode=verify-full&sslrootcert=ROOT").await.is_err());
    let missing = good.replace("bot.key", "nowhere.key");
    assert!(scene.reached(&missing).await.unwrap_err().contains("nowhere.key"));
    // The programs of PostgreSQL get the same.
    let config = scene.config(&scene.here(), &good);
    Db::open(&config, OpenMode::Existing).await.unwrap();
    let file = scene.folder.path().join("saved.dump");
    let saved = {
        let (config, file) = (config.clone(), file.clone());
        tokio::task::spawn_blocking(move || backup(&config, &file, false))
    };
    saved.await.unwrap().unwrap();
    assert!(fs::metadata(&file).unwrap().len() > 1000);
    let strict = scene.config(&scene.here(), &good.replace("bot.", "other."));
    let refused = {
        let file = file.with_extension("no");
        tokio::task::spawn_blocking(move || backup(&strict, &file, false))
    };
    assert!(refused.await.unwrap().is_err());
}

/// A server that shows a certificate, or says that it has no TLS, and keeps what it is told then.
async fn wrong_server(pair: Option<&Pair>) -> (u16, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = pair.map(acceptor);
    let told = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        stream.read_exact(&mut request).await.unwrap();
        assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "a request for TLS, and nothing before it");
        let mut told = Vec::new();
        match acceptor {
            Some(acceptor) => {
                stream.write_all(b"S").await.unwrap();
                if let Ok(mut encrypted) = acceptor.accept(stream).await {
                    drop(encrypted.read_to_end(&mut told).await);
                }
            }
            None => {
                stream.write_all(b"N").await.unwrap();
                drop(stream.read_to_end(&mut told).await);
            }
        }
        told
    });
    (port, told)
}

fn acceptor(pair: &Pair) -> tokio_rustls::TlsAcceptor {
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::{ServerConfig, crypto::ring};
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let chain = vec![CertificateDer::from_pem_slice(pair.cert.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap();
    let config = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    tokio_rustls::TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_server_hears_nothing_and_the_next_host_is_tried() {
    let scene = Scene::new();
    scene.server(Some(&scene.ours.signs("localhost", false)), EVERYBODY);
    let strict = "sslmode=verify-full&sslrootcert=ROOT";
    let wrong = [
        Some(scene.foreign.signs("localhost", false)),
        Some(scene.ours.signs("localhost", true)),
        Some(scene.ours.signs("elsewhere.example", false)),
        None,
    ];
    for pair in wrong {
        let (port, told) = wrong_server(pair.as_ref()).await;
        let alone = reached(&scene.config(&format!("localhost:{port}"), strict)).await;
        assert!(alone.is_err());
        assert_eq!(told.await.unwrap(), b"", "no name, no password: {alone:?}");
        let (port, told) = wrong_server(pair.as_ref()).await;
        let both = scene.config(&format!("localhost:{port},{}", scene.here()), strict);
        assert_eq!(reached(&both).await, Ok(true));
        assert_eq!(told.await.unwrap(), b"");
    }
    assert!(Path::new(scene.folder.path()).exists());
}
