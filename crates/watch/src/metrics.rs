//! Where `METRICS_ADDR` says so: how fresh each server is and what was done, for Prometheus, and whether
//! we are alive and can work, for whoever restarts us.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use fullhold_console::chain;
use fullhold_repository::{Db, ServerStatusRow};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use time::{OffsetDateTime, PrimitiveDateTime};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Notice;

/// How often the freshness is read from the database.
const REFRESH: Duration = Duration::from_secs(5);
/// How long a question and the database's answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What answers; until it knows a database, it is alive but not ready.
pub struct Endpoint {
    database: watch::Sender<Option<Db>>,
}

impl Endpoint {
    /// Serves `/metrics`, `/healthz` and `/readyz` from now on; without an address nothing.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn serve(address: Option<SocketAddr>) -> Result<Self, String> {
        let (database, known) = watch::channel(None);
        if let Some(address) = address {
            let wrong = |error: &dyn std::error::Error| format!("METRICS_ADDR {address}: {error}");
            let listener = TcpListener::bind(address).await.map_err(|error| wrong(&error))?;
            let figures = PrometheusBuilder::new().install_recorder().map_err(|error| wrong(&error))?;
            tokio::spawn(accept(listener, figures.clone(), known.clone()));
            tokio::spawn(follow(figures, known));
        }
        Ok(Self { database })
    }

    /// From now on this is the database.
    pub fn know(&self, db: Option<Db>) {
        self.database.send_replace(db);
    }
}

async fn accept(listener: TcpListener, figures: PrometheusHandle, database: watch::Receiver<Option<Db>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, say: not to be asked again at once.
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let (figures, database) = (figures.clone(), database.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let (figures, db) = (figures.clone(), database.borrow().clone());
                async move { answer(&request, &figures, db).await }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            // Whoever asks may go away.
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answer(
    request: &Request<Incoming>,
    figures: &PrometheusHandle,
    db: Option<Db>,
) -> Result<Response<String>, Infallible> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => (StatusCode::OK, figures.render()),
        (&Method::GET, "/healthz") => (StatusCode::OK, "alive\n".to_owned()),
        (&Method::GET, "/readyz") => match ready(db).await {
            Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
            Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
        },
        (&Method::GET, _) => (StatusCode::NOT_FOUND, "there are /metrics, /healthz and /readyz\n".to_owned()),
        _ => (StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned()),
    };
    let mut response = Response::new(text);
    *response.status_mut() = status;
    let plain = hyper::header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    Ok(response)
}

async fn ready(db: Option<Db>) -> Result<(), String> {
    let db = db.ok_or("starting")?;
    match tokio::time::timeout(PATIENCE, db.server_statuses()).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(chain(&error)),
        Err(_elapsed) => Err(format!("the database does not answer within {} s", PATIENCE.as_secs())),
    }
}

/// Follows the database until nobody asks any more.
async fn follow(figures: PrometheusHandle, database: watch::Receiver<Option<Db>>) {
    loop {
        let db = database.borrow().clone();
        if let Some(db) = db
            && let Ok(all) = db.server_statuses().await
        {
            for (server, status) in all {
                tell(&server.name, &status, OffsetDateTime::now_utc());
            }
        }
        figures.run_upkeep();
        tokio::time::sleep(REFRESH).await;
    }
}

fn tell(server: &str, status: &ServerStatusRow, now: OffsetDateTime) {
    let age = |at: PrimitiveDateTime| (now - at.assume_utc()).as_seconds_f64();
    let set = |name: &'static str, value: f64| gauge!(name, "server" => server.to_owned()).set(value);
    if let Some(at) = status.newest_at {
        set("fullhold_newest_file_age_seconds", age(at));
    }
    if let Some(at) = status.last_look_at {
        set("fullhold_last_look_age_seconds", age(at));
    }
    set("fullhold_newest_file_imported", f64::from(u8::from(status.newest_imported)));
    set("fullhold_failures_in_a_row", f64::from(status.failures));
    set("fullhold_files_on_server", f64::from(status.files));
    set("fullhold_files_waiting", f64::from(status.waiting));
    set("fullhold_files_failed", f64::from(status.failed));
    set("fullhold_files_left_alone", f64::from(status.left_alone));
}

/// Counts what a watcher tells.
pub fn count(server: &str, notice: &Notice) {
    let event = match notice {
        Notice::Imported { .. } => "imported",
        Notice::Kept { .. } => "kept",
        Notice::Rejected { .. } => "rejected",
        Notice::Conflict { .. } => "conflict",
        Notice::Failed { .. } => "failed",
        Notice::Dead { .. } => "dead",
        Notice::Refused(_) => "refused",
        Notice::Trouble { .. } => "trouble",
        Notice::Began { .. } | Notice::Recovered { .. } => return,
    };
    counter!("fullhold_events_total", "server" => server.to_owned(), "event" => event).increment(1);
}
