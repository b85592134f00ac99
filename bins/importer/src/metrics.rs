//! Figures for Prometheus, where `METRICS_ADDR` says so: how fresh each server is, and what was done.

use std::net::SocketAddr;
use std::time::Duration;

use fullhold_ingest::watch::Notice;
use fullhold_repository::{Db, ServerStatusRow};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::PrometheusBuilder;
use time::{OffsetDateTime, PrimitiveDateTime};

/// How often the freshness is read from the database.
const REFRESH: Duration = Duration::from_secs(5);

/// Serves `/metrics` from now on.
///
/// # Errors
/// The address cannot be listened on.
pub(crate) fn serve(address: SocketAddr) -> Result<(), String> {
    let exporter = PrometheusBuilder::new().with_http_listener(address);
    exporter.install().map_err(|error| format!("METRICS_ADDR {address}: {error}"))
}

/// Follows the database until the task is ended.
pub(crate) async fn follow(db: Db) {
    loop {
        if let Ok(all) = db.server_statuses().await {
            for (server, status) in all {
                tell(&server.name, &status, OffsetDateTime::now_utc());
            }
        }
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
pub(crate) fn count(server: &str, notice: &Notice) {
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
