//! How fresh each server is and what was done, as Prometheus reads it. Everything comes from this
//! process, so that it goes on while the database is away.

use std::fmt::Write as _;

use time::OffsetDateTime;

use crate::{Handle, ServerState};

/// A figure of a server.
struct Figure {
    name: &'static str,
    help: &'static str,
    /// None where it is not known.
    of: fn(&ServerState, OffsetDateTime) -> Option<f64>,
}

#[rustfmt::skip]
const GAUGES: [Figure; 11] = [
    Figure { name: "fullhold_last_look_age_seconds", help: "Seconds since the last look that worked", of: |s, now| age(s.last_look_at, now) },
    Figure { name: "fullhold_newest_file_age_seconds", help: "Age of the newest stats file on the server, by its clock", of: |s, now| age(s.newest_at, now) },
    Figure { name: "fullhold_newest_file_imported", help: "Whether that file is stored", of: |s, _| s.newest_file.as_ref().map(|_| f64::from(u8::from(s.newest_stored))) },
    Figure { name: "fullhold_failures_in_a_row", help: "Looks in a row that did not work", of: |s, _| Some(f64::from(s.failures)) },
    Figure { name: "fullhold_needs_person", help: "1 where looks fail for a reason that no time heals", of: |s, _| Some(f64::from(u8::from(s.trouble.as_ref().is_some_and(|t| t.needs_person)))) },
    Figure { name: "fullhold_files_on_server", help: "Files on the server that could be stored", of: |s, _| count(s.files) },
    Figure { name: "fullhold_files_waiting", help: "Files that are being written, or fetched", of: |s, _| count(s.waiting) },
    Figure { name: "fullhold_files_failed", help: "Files that failed and are tried again soon", of: |s, _| count(s.failed) },
    Figure { name: "fullhold_files_dead", help: "Files that were tried often enough, and are tried again in hours", of: |s, _| count(s.dead) },
    Figure { name: "fullhold_files_left_alone", help: "Files older than the look-back that are not stored", of: |s, _| count(s.left_alone) },
    Figure { name: "fullhold_watcher_running", help: "Whether the server's watcher is at work", of: |s, _| Some(f64::from(u8::from(s.running))) },
];

fn age(at: Option<OffsetDateTime>, now: OffsetDateTime) -> Option<f64> {
    at.map(|at| (now - at).as_seconds_f64())
}

fn count(files: usize) -> Option<f64> {
    u32::try_from(files).ok().map(f64::from)
}

/// All figures in Prometheus' text format.
#[must_use]
pub fn render(handle: &Handle, now: OffsetDateTime) -> String {
    let servers = handle.servers();
    let mut text = String::new();
    // Writing to a String cannot fail.
    for Figure { name, help, of } in &GAUGES {
        let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} gauge");
        for state in &servers {
            if let Some(value) = of(state, now) {
                let _ = writeln!(text, "{name}{{server=\"{}\"}} {value}", label(&state.server));
            }
        }
    }
    let (name, help) = ("fullhold_events_total", "What was told, since the process began");
    let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} counter");
    for (server, events) in handle.events() {
        for (event, count) in events {
            let _ = writeln!(text, "{name}{{server=\"{}\",event=\"{event}\"}} {count}", label(&server));
        }
    }
    let (name, help) = ("fullhold_watcher_restarts_total", "Times that a watcher died and was started again");
    let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} counter");
    for state in &servers {
        let _ = writeln!(text, "{name}{{server=\"{}\"}} {}", label(&state.server), state.deaths);
    }
    text
}

/// A label's value: what the format wants escaped.
fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_end_itself() {
        assert_eq!(label("a\"b\\c\nd"), r#"a\"b\\c\nd"#);
    }

    #[test]
    fn names_of_figures_are_unique() {
        let mut names: Vec<_> = GAUGES.iter().map(|figure| figure.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), GAUGES.len());
    }
}
