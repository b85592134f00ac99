//! `doctor`: what is in order, what is not, and what to do.

use std::path::Path;

use fullhold_repository::{
    Backend, BackupFolder, Condition, Db, Error, FileState, OpenMode, Permission, RemoteFileState, ServerRow, Status,
};
use fullhold_settings::{Exit, Server};
use fullhold_ssh_sync::Step;
use fullhold_stats_file::FileKind;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::context::{Context, Outcome, backend_name, size};

/// Less free space than this is a worry.
const LITTLE_SPACE: u64 = 512 << 20;
/// A clock before this day (2025-01-01) was never set.
const LONG_AGO: i64 = 1_735_689_600;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fine,
    /// Works, but somebody should look.
    Worry,
    Broken,
}

/// What was looked at, what was found, what to do.
struct Line {
    state: State,
    what: String,
    found: String,
    remedy: String,
}

#[derive(Default)]
struct Report(Vec<Line>);

impl Report {
    fn add(&mut self, state: State, what: &str, found: impl Into<String>, remedy: &str) {
        self.0.push(Line { state, what: what.to_owned(), found: found.into(), remedy: remedy.to_owned() });
    }

    fn fine(&mut self, what: &str, found: impl Into<String>) {
        self.add(State::Fine, what, found, "");
    }
}

pub(crate) async fn run(context: &Context) -> Outcome {
    let mut report = Report::default();
    let servers = context.settings.servers.len();
    report.fine("configuration", format!("understood, {servers} game server{}", if servers == 1 { "" } else { "s" }));
    database(context, &mut report).await;
    backups(context, &mut report);
    folders(context, &mut report);
    for server in &context.settings.servers {
        ssh(context, server, &mut report).await;
    }
    token(context, &mut report);
    clock(context, &mut report);
    print(context, &report);
    let broken = report.0.iter().any(|line| line.state == State::Broken);
    Ok(if broken { Exit::Failed } else { Exit::Fine })
}

/// What helps against an error of the database.
fn remedy_of(error: &Error) -> &'static str {
    match error {
        Error::NoRight => "give this user rights on the schema and its tables",
        Error::Foreign { .. } => "correct DATABASE_URL: it names somebody else's database",
        Error::Damaged { .. } => "restore a backup: `dbadmin restore FILE`",
        Error::Connect { .. } => "start the server, or correct DATABASE_URL",
        _ => "correct DATABASE_URL, or give this user rights on the tables",
    }
}

/// Whether the file is whole, and what killed backups left.
fn backups(context: &Context, report: &mut Report) {
    let what = "leftovers of backups";
    match BackupFolder::of(&context.settings.database.url, None).leftovers() {
        Ok(found) if found.is_empty() => report.fine(what, "none"),
        Ok(found) => {
            let names: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
            report.add(State::Worry, what, names.join(", "), "the next `dbadmin backup` removes them");
        }
        Err(error) => report.add(State::Worry, what, fullhold_console::chain(&error), "check the folder's rights"),
    }
}

async fn database(context: &Context, report: &mut Report) {
    let what = "database";
    if let Ok(Condition::Broken { reason }) = Condition::of(&context.config()).await {
        let remedy = "restore a backup: `dbadmin restore FILE`";
        return report.add(State::Broken, what, format!("it is damaged: {reason}"), remedy);
    }
    let opened = Db::open_without_migrating(&context.config(), OpenMode::Existing);
    let status = match &opened {
        Ok(db) => db.status().await,
        Err(error) => {
            let remedy = "run `dbadmin create`, or set DATABASE_URL to the one that exists";
            return report.add(State::Broken, what, error.to_string(), remedy);
        }
    };
    let status = match status {
        Ok(status) => status,
        Err(error) => {
            return report.add(State::Broken, what, fullhold_console::chain(&error), remedy_of(&error));
        }
    };
    report.fine(what, format!("{} {}, {}", backend_name(status.backend), status.software, size(status.size_bytes)));
    match (&status.drift, status.pending.as_slice()) {
        (Some(drift), _) => report.add(State::Broken, "schema", drift.clone(), "use the version that wrote it"),
        (None, []) => report.fine("schema", format!("version {}", status.schema_version)),
        (None, pending) => {
            report.add(State::Worry, "schema", format!("not applied: {}", pending.join(", ")), "run `dbadmin migrate`");
        }
    }
    if let Ok(db) = &opened {
        let remedy = "give this user the right to write, or see who holds the writer's lock";
        match db.permission().await {
            Ok(Permission::Granted) => match db.check_writable().await {
                Ok(()) => report.fine("permission to write", "granted"),
                Err(error) => {
                    report.add(State::Broken, "permission to write", fullhold_console::chain(&error), remedy);
                }
            },
            Ok(Permission::ReadOnly { user }) => {
                let found = format!("{user} is a read-only role: it may read every table and write to none");
                let remedy = "fine for reading; for import and repair use a user with the right to write";
                report.add(State::Broken, "permission to write", found, remedy);
            }
            Ok(Permission::Refused { why }) => report.add(State::Broken, "permission to write", why, remedy),
            Err(error) => {
                report.add(State::Broken, "permission to write", fullhold_console::chain(&error), remedy);
            }
        }
    }
    files(&status, report);
    if let (Ok(db), [], None) = (&opened, status.pending.as_slice(), &status.drift) {
        watched(db, report).await;
        zones(context, db, report).await;
        rules(context, db, report).await;
    }
    if let Some(newest) = status.newest.iter().find(|newest| newest.ended_at > context.now()) {
        let found = format!("{} of {} ends in the future", newest.round, newest.server);
        report.add(State::Worry, "newest round", found, "check SERVER_TIMEZONE and the server's clock");
    }
    if status.backend == Backend::Postgres {
        match std::process::Command::new("pg_dump").arg("--version").output() {
            Ok(_) => report.fine("pg_dump", "found"),
            Err(_) if Path::new("/usr/lib/postgresql").exists() => report.fine("pg_dump", "found"),
            Err(_) => {
                let remedy = "apt-get install postgresql-client";
                report.add(State::Worry, "pg_dump", "not found: no backups can be taken", remedy);
            }
        }
    }
}

/// Files that could not be imported, and files on disk that are left out.
fn files(status: &Status, report: &mut Report) {
    let failed = status.files.iter().find(|(state, _)| *state == FileState::Failed).map_or(0, |(_, count)| *count);
    match failed {
        0 => report.fine("files", "none has failed"),
        n => report.add(State::Worry, "files", format!("{n} could not be imported"), "run `dbadmin files failed`"),
    }
    let left_out: i64 = status.left_out.iter().map(|(_, count)| count).sum();
    if left_out > 0 {
        let found = format!("{left_out} on disk are left out: conflicts, or not to be read");
        report.add(
            State::Worry,
            "files on disk",
            found,
            "see `dbadmin files left-out`; `files ignore` sets them aside",
        );
    }
}

/// Whether the rules that are set are those that the database was computed with.
async fn rules(context: &Context, db: &Db, report: &mut Report) {
    let what = "rules";
    match context.maintain(db.clone()).other_rules().await {
        Ok(other) if other.is_empty() => report.fine(what, "those that are set are those that were computed with"),
        Ok(other) => {
            let remedy = "run `dbadmin rebuild`, or set what it was computed with";
            other.iter().for_each(|one| report.add(State::Worry, what, one.to_string(), remedy));
        }
        Err(error) => report.add(State::Broken, what, fullhold_console::chain(&error), "run it again"),
    }
}

/// What the watcher left undone.
async fn watched(db: &Db, report: &mut Report) {
    let what = "files on the servers";
    let (states, servers) = match (db.remote_states().await, db.server_statuses().await) {
        (Ok(states), Ok(servers)) => (states, servers),
        (Err(error), _) | (_, Err(error)) => {
            return report.add(State::Broken, what, fullhold_console::chain(&error), "run it again");
        }
    };
    let count =
        |wanted: RemoteFileState| states.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, count)| *count);
    let mut fine = true;
    let mut worry = |found: String, remedy: &str| {
        fine = false;
        report.add(State::Worry, what, found, remedy);
    };
    if count(RemoteFileState::Dead) > 0 {
        let remedy = "see `dbadmin files failed` for why; `importer sync` tries them at once";
        worry(format!("{} could not be had and are set aside", count(RemoteFileState::Dead)), remedy);
    }
    if count(RemoteFileState::Conflict) > 0 {
        let remedy = "`dbadmin files failed` names them; the stored files stay";
        worry(format!("{} are other ones than those that are stored", count(RemoteFileState::Conflict)), remedy);
    }
    for (server, row) in servers.iter().filter(|(_, row)| row.left_alone > 0) {
        let found = format!("{} on {} are older than the look-back, and not here", row.left_alone, server.name);
        worry(found, "run `importer sync --all`");
    }
    if fine {
        report.fine(what, "none is set aside, none left alone");
    }
}

/// The zones that the servers' stamps are read by, against those that are configured.
async fn zones(context: &Context, db: &Db, report: &mut Report) {
    let servers = match db.servers().await {
        Ok(servers) => servers,
        Err(error) => {
            return report.add(State::Broken, "recorded zones", fullhold_console::chain(&error), "run it again");
        }
    };
    for ServerRow { name, timezone: recorded, .. } in servers {
        let what = format!("recorded zone of {name}");
        if let Some(configured) = super::servers::other_zone(context, &name, &recorded) {
            let found = format!("{recorded}, but {configured} is configured: every import is refused");
            let remedy = format!("run `dbadmin servers set-timezone {name} {configured}`, or correct SERVER_TIMEZONE");
            report.add(State::Broken, &what, found, &remedy);
        } else if super::servers::is_assumed(context, &name, &recorded) {
            let remedy = format!(
                "if its clock shows UTC, say so: SERVER_TIMEZONE=UTC; else `dbadmin servers set-timezone {name} ZONE`"
            );
            report.add(State::Worry, &what, format!("{recorded}, which nobody said: it is assumed"), &remedy);
        } else {
            report.fine(&what, recorded);
        }
    }
}

/// Places that are written to.
fn folders(context: &Context, report: &mut Report) {
    let settings = &context.settings;
    let mut places = vec![("log folder", settings.log.directory.clone())];
    if let Some(file) = settings.database.url.sqlite_path() {
        places.push(("database folder", file.parent().unwrap_or(Path::new("")).to_owned()));
    }
    for server in settings.servers.iter().filter(|server| server.ssh.is_some()) {
        places.push(("stats folder", server.stats_directory.clone()));
    }
    for (what, folder) in places {
        let folder = if folder.as_os_str().is_empty() { Path::new(".").to_owned() } else { folder };
        let shown = folder.display().to_string();
        // What does not exist yet is made beside what does.
        let Some(there) = folder.ancestors().find(|part| part.exists() || part.as_os_str().is_empty()) else {
            continue;
        };
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        if let Err(error) = tempfile::Builder::new().prefix(".fullhold-doctor-").tempfile_in(there) {
            let remedy = format!("let this user write to {}", there.display());
            report.add(State::Broken, what, format!("{shown}: {error}"), &remedy);
            continue;
        }
        match rustix::fs::statvfs(there) {
            Ok(space) => {
                let free = space.f_bavail.saturating_mul(space.f_frsize);
                let found = format!("{shown} can be written, {} free", size(i64::try_from(free).unwrap_or(i64::MAX)));
                if free < LITTLE_SPACE {
                    report.add(State::Worry, what, found, "make room: a full disk stops the import");
                } else {
                    report.fine(what, found);
                }
            }
            Err(error) => report.add(State::Worry, what, format!("{shown}: {error}"), "check the file system"),
        }
    }
}

async fn ssh(context: &Context, server: &Server, report: &mut Report) {
    let what = format!("SSH of {}", server.name);
    if server.ssh.is_none() {
        let remedy = "set SSH_HOST and the other SSH keys, unless files come by other ways";
        let state = if context.settings.automation.ssh_enabled { State::Broken } else { State::Fine };
        return report.add(state, &what, "not configured: files are imported by hand", remedy);
    }
    let config = match fullhold_console::ssh(server) {
        Ok(config) => config,
        Err(missing) => return report.add(State::Broken, &what, missing, "complete the configuration"),
    };
    if let fullhold_ssh_sync::Identity::Key { path, .. } = &config.identity
        && !path.exists()
    {
        let found = format!("key {} does not exist", path.display());
        return report.add(State::Broken, &what, found, "correct SSH_KEY_PATH, or make a key with ssh-keygen");
    }
    let is_stats = |name: &str| matches!(FileKind::of(name), FileKind::Stats(_));
    let probing = tokio::task::spawn_blocking(move || fullhold_ssh_sync::probe(&config, &is_stats)).await;
    let Ok(probe) = probing else {
        return report.add(State::Broken, &what, "the check itself failed", "run it again");
    };
    match probe.failed {
        None => report.fine(&what, format!("logged in, {} stats files in the directory", probe.files)),
        Some((step, error)) => {
            let remedy = match step {
                Step::Connect => "check SSH_HOST, SSH_PORT and the firewall",
                Step::HostKey => "run `dbadmin trust-host`, after comparing the fingerprint",
                Step::LogIn => "check SSH_USER, SSH_KEY_PATH, SSH_KEY_PASSPHRASE; is the key in authorized_keys?",
                Step::Directory => "check REMOTE_STATS_PATH, and that the user may read it",
            };
            report.add(State::Broken, &what, error.chain(), remedy);
        }
    }
}

/// Three parts of base64, the first of which is the bot's id.
fn token(context: &Context, report: &mut Report) {
    let what = "Discord token";
    let Some(token) = &context.settings.discord.token else {
        return report.fine(what, "not set: the bot needs one, import does not");
    };
    let parts: Vec<&str> = token.expose().split('.').collect();
    let plain = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if parts.len() == 3 && parts.iter().all(plain) {
        report.fine(what, "has the form of one");
    } else {
        let found = format!("is no token: {} parts, three are separated by dots", parts.len());
        report.add(State::Broken, what, found, "copy it from the developer portal: Bot, Reset Token");
    }
}

fn clock(context: &Context, report: &mut Report) {
    let now = OffsetDateTime::now_utc();
    if now.unix_timestamp() < LONG_AGO {
        report.add(State::Broken, "clock", format!("says {}", now.date()), "set it: timedatectl set-ntp true");
    } else {
        report.fine("clock", fullhold_repository::instant_text(context.now()));
    }
    for server in &context.settings.servers {
        if !super::servers::says_zone(context, &server.name) {
            // What is recorded is looked at above.
            continue;
        }
        let what = format!("zone of {}", server.name);
        match fullhold_ingest::Zone::new(&server.time_zone) {
            Ok(zone) => {
                let local = zone.local(now.unix_timestamp());
                report.fine(&what, format!("{}, where it is {local} now", server.time_zone));
            }
            Err(error) => report.add(State::Broken, &what, error.to_string(), "correct SERVER_TIMEZONE"),
        }
    }
}

fn print(context: &Context, report: &Report) {
    let mut text = String::new();
    for line in &report.0 {
        let mark = match line.state {
            State::Fine => "ok   ",
            State::Worry => "look ",
            State::Broken => "FAIL ",
        };
        text.push_str(&format!("{mark} {}: {}\n", line.what, line.found));
        if line.state != State::Fine {
            text.push_str(&format!("       -> {}\n", line.remedy));
        }
    }
    let broken = report.0.iter().filter(|line| line.state == State::Broken).count();
    text.push_str(&match broken {
        0 => "nothing is broken\n".to_owned(),
        n => format!("{n} to repair\n"),
    });
    let lines: Vec<Value> = report
        .0
        .iter()
        .map(|line| {
            let state = match line.state {
                State::Fine => "ok",
                State::Worry => "look",
                State::Broken => "fail",
            };
            json!({ "state": state, "check": line.what, "found": line.found, "remedy": line.remedy })
        })
        .collect();
    context.show(&text, &json!({ "broken": broken, "checks": lines }));
}
