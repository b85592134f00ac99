//! Where `METRICS_ADDR` says so: `/metrics` for Prometheus, and `/healthz` and `/readyz` for whoever
//! restarts or asks us. Few are served at a time, and none for long.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use fullhold_console::chain;
use fullhold_repository::Db;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::{Handle, metrics};

/// How long a question and the database's answer may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a connection may take in all.
const LONGEST: Duration = Duration::from_secs(10);
/// Connections at a time: whoever opens more waits, and takes none of our descriptors.
const MOST: usize = 16;

/// What answers.
pub struct Endpoint {
    handle: Handle,
    serving: Option<Serving>,
}

struct Serving {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Endpoint {
    /// Serves from now on; without an address nothing.
    ///
    /// # Errors
    /// The address cannot be listened on: a sentence for people.
    pub async fn serve(address: Option<SocketAddr>, handle: Handle) -> Result<Self, String> {
        let mut endpoint = Self { handle, serving: None };
        endpoint.move_to(address).await?;
        Ok(endpoint)
    }

    /// Serves at another address, if it is another.
    ///
    /// # Errors
    /// It cannot be listened on: a sentence for people. The old one goes on.
    pub async fn move_to(&mut self, address: Option<SocketAddr>) -> Result<(), String> {
        let old = self.serving.as_ref().map(|serving| serving.address);
        if address == old {
            return Ok(());
        }
        // The new one may be part of the old one: `0.0.0.0` and one of our addresses.
        self.end().await;
        let Some(address) = address else { return Ok(()) };
        let Err(error) = self.begin(address).await else { return Ok(()) };
        let mut problem = format!("METRICS_ADDR {address}: {error}");
        if let Some(old) = old {
            problem.push_str(&match self.begin(old).await {
                Ok(()) => format!("; {old} goes on"),
                Err(error) => format!("; nor can {old} be had again: {error}"),
            });
        }
        Err(problem)
    }

    async fn begin(&mut self, address: SocketAddr) -> io::Result<()> {
        let listener = TcpListener::bind(address).await?;
        let task = tokio::spawn(accept(listener, self.handle.clone()));
        self.serving = Some(Serving { address, task });
        Ok(())
    }

    async fn end(&mut self) {
        if let Some(Serving { task, .. }) = self.serving.take() {
            task.abort();
            // The address is free once the task is gone.
            drop(task.await);
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.task.abort();
        }
    }
}

async fn accept(listener: TcpListener, handle: Handle) {
    let places = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, say: not to be asked again at once.
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let handle = handle.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let handle = handle.clone();
                async move { answer(&request, &handle).await }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false);
            // Whoever asks may go away.
            drop(tokio::time::timeout(LONGEST, http.serve_connection(TokioIo::new(stream), service)).await);
            drop(place);
        });
    }
}

async fn answer(request: &Request<Incoming>, handle: &Handle) -> Result<Response<String>, Infallible> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => (StatusCode::OK, metrics::render(handle, OffsetDateTime::now_utc())),
        (&Method::GET, "/healthz") => health(handle),
        (&Method::GET, "/readyz") => readiness(handle).await,
        (&Method::GET, _) => (StatusCode::NOT_FOUND, "there are /metrics, /healthz and /readyz\n".to_owned()),
        _ => (StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned()),
    };
    let mut response = Response::new(text);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Ok(response)
}

/// Alive while every watcher is at work; one that died says so until it is started again.
fn health(handle: &Handle) -> (StatusCode, String) {
    let mut text = String::new();
    let mut status = StatusCode::OK;
    for state in handle.servers().iter().filter(|state| state.deaths > 0) {
        let now = if state.running {
            "runs"
        } else {
            status = StatusCode::SERVICE_UNAVAILABLE;
            "is started again soon"
        };
        text.push_str(&format!("server {}: its watcher died {} times, and {now}\n", state.server, state.deaths));
    }
    let first = if status == StatusCode::OK { "alive\n" } else { "not all there\n" };
    (status, format!("{first}{text}"))
}

/// Ready while the database answers and every server can be fetched from.
async fn readiness(handle: &Handle) -> (StatusCode, String) {
    let mut problems = Vec::new();
    if let Err(reason) = database(handle.database()).await {
        problems.push(reason);
    }
    for state in handle.servers() {
        if let Some(trouble) = state.unreachable() {
            problems.push(format!("server {}: {}", state.server, trouble.reason));
        }
    }
    match problems.as_slice() {
        [] => (StatusCode::OK, "ready\n".to_owned()),
        problems => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", problems.join("\nnot ready: "))),
    }
}

async fn database(db: Option<Db>) -> Result<(), String> {
    let db = db.ok_or("starting")?;
    match tokio::time::timeout(PATIENCE, db.server_statuses()).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(chain(&error)),
        Err(_elapsed) => Err(format!("the database does not answer within {} s", PATIENCE.as_secs())),
    }
}
