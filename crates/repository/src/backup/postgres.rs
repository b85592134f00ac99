//! `pg_dump`, and its archives put back through `psql`: `pg_restore --clean` drops only what the archive knows, so that
//! an older archive would leave newer tables in its way.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread::JoinHandle;

use fullhold_database_url::PostgresUrl;

use super::client::{Client, failed, verdict};
use super::no_backup;
use crate::feed;
use crate::migrate::{self, MIGRATIONS, Migration};
use crate::models::AuditRow;
use crate::writer_lock::LOCK;
use crate::{Error, Result};

/// What `psql` prints when it has come so far.
const LOCKED: &str = "locked";

/// Everything in our schema: for a schema that this program does not know.
const DROP_EVERYTHING: &str = "DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT format('%I.%I', c.relnamespace::regnamespace, c.relname) AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind
        FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY array_position(ARRAY['v', 'm', 'r', 'p', 'f', 'S'], c.relkind::text)
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', found.kind, found.name);
    END LOOP;
END $$;\n";

/// Variables of `psql` for a line of the audit log: it quotes their values itself.
const RECORDED: [&str; 5] = ["audit_at", "audit_actor", "audit_action", "audit_detail", "audit_result"];
const RECORD: &str = "INSERT INTO audit_log (id, happened_at, actor, action, detail, result) \
     SELECT COALESCE(max(id), 0) + 1, CAST(:'audit_at' AS timestamptz) AT TIME ZONE 'UTC', :'audit_actor', \
     :'audit_action', :'audit_detail', :'audit_result' FROM audit_log;\n";

/// An archive's triggers come after its rows, so that they have not looked at these. The foreign key of older schemas
/// has been checked by then, and this is a second look.
const NO_STRAY_WEAPONS: &str = "DO $$ BEGIN IF EXISTS (SELECT FROM weapon_stats w WHERE NOT EXISTS (SELECT
        FROM player_comprehensive_stats p WHERE p.round_id = w.round_id AND p.player_guid = w.player_guid))
    THEN RAISE foreign_key_violation USING MESSAGE = 'the backup has weapon lines without a player''s line';
    END IF; END $$;\n";

/// Dumps a database to a file, and reads that.
pub(super) fn save(url: &PostgresUrl, to: &Path) -> Result<()> {
    let mut dump = Client::of("pg_dump", url)?;
    // Level 1: half the size of none at little more time.
    dump.command.args(["--format=custom", "--compress=1", "--no-owner", "--no-privileges"]);
    dump.command.arg("--lock-wait-timeout=60s").arg("--file").arg(to);
    dump.run()?;
    read_through(to)
}

/// Unpacks all of an archive to nowhere.
fn read_through(archive: &Path) -> Result<()> {
    let mut restore = Client::offline("pg_restore");
    restore.command.arg("--file=/dev/null").arg(archive);
    restore.run().map(drop)
}

/// Migrations that an archive's schema has; an error when it is no archive of ours, damaged or newer than we are.
pub(super) fn examine(archive: &Path) -> Result<Vec<(i32, String)>> {
    let unreadable = |error: Error| match error {
        Error::Program { reason, .. } if !reason.starts_with("not installed") => {
            no_backup(archive, format!("pg_restore cannot read it, it is damaged or cut ({reason})"))
        }
        other => other,
    };
    read_through(archive).map_err(unreadable)?;
    let mut restore = Client::offline("pg_restore");
    restore.command.args(["--data-only", "--table=schema_migrations", "--file=-"]).arg(archive);
    restore.command.stdout(Stdio::piped());
    let script = restore.run().map_err(unreadable)?;
    let applied = versions(&String::from_utf8_lossy(&script));
    migrate::restorable(&applied).map_err(|reason| no_backup(archive, reason))?;
    Ok(applied)
}

/// The rows of `COPY … schema_migrations (version, name, checksum, …) FROM stdin`.
fn versions(script: &str) -> Vec<(i32, String)> {
    let mut lines = script.lines().skip_while(|line| !line.starts_with("COPY "));
    let head = lines.next().unwrap_or_default();
    let columns = head.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(columns, _)| columns);
    let place = |name: &str| columns.split(", ").position(|column| column == name);
    let (Some(version), Some(checksum)) = (place("version"), place("checksum")) else { return Vec::new() };
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        Some((fields.get(version)?.parse().ok()?, (*fields.get(checksum)?).to_owned()))
    };
    let mut applied: Vec<(i32, String)> = lines.take_while(|line| *line != "\\.").filter_map(row).collect();
    applied.sort();
    applied
}

/// What comes into the database's place.
pub(super) struct Content<'a> {
    /// None is an empty database.
    pub(super) archive: Option<&'a Path>,
    /// Migrations that the archive has.
    pub(super) applied: &'a [(i32, String)],
    /// A line for the audit log.
    pub(super) audit: Option<&'a AuditRow>,
}

/// Puts content into the place of a database's, in one transaction, under the writer's lock. `there` is the schema
/// that was seen in it. What `save` saves is what was there when nobody could write any more.
pub(super) fn replace(
    url: &PostgresUrl,
    content: &Content<'_>,
    there: &[(i32, String)],
    save: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut session = Session::start(url, content.audit)?;
    let result = fill(&mut session, content, there, save);
    match result {
        // Its end without a commit takes everything back; what it said is nearer to the cause.
        Err(error) => match session.finish() {
            Err(said) if matches!(error, Error::Program { program: "psql", .. }) => Err(said),
            _ => Err(error),
        },
        Ok(()) => session.finish(),
    }
}

fn fill(
    session: &mut Session,
    content: &Content<'_>,
    there: &[(i32, String)],
    save: impl FnOnce() -> Result<()>,
) -> Result<()> {
    session.send("\\o /dev/null\nSET client_min_messages = warning;\nBEGIN ISOLATION LEVEL READ COMMITTED;\n")?;
    session.send("SET LOCAL lock_timeout = '60s';\n")?;
    // `\!` and not `\echo`: psql keeps what it prints itself until it has enough of it.
    session.send(&format!("SELECT pg_advisory_xact_lock({LOCK});\n\\! echo {LOCKED}\n"))?;
    session.wait_for(LOCKED)?;
    save()?;
    session.send(&drop_ours(there))?;
    let pending: Vec<&Migration> = match content.archive {
        Some(archive) => {
            session.send_archive(archive)?;
            // The archive's script has emptied it.
            session.send("RESET search_path;\n")?;
            session.send(NO_STRAY_WEAPONS)?;
            MIGRATIONS.iter().filter(|m| !content.applied.iter().any(|(version, _)| *version == m.version)).collect()
        }
        None => MIGRATIONS.iter().collect(),
    };
    session.send(&format!("{};\n", migrate::CREATE))?;
    for migration in pending {
        session.send(migration.postgres.0)?;
        let (version, name, checksum) = (migration.version, migration.name, migrate::checksum(migration));
        session.send(&format!(
            "\nINSERT INTO schema_migrations (version, name, checksum) VALUES ({version}, '{name}', '{checksum}');\n"
        ))?;
    }
    if content.archive.is_some() {
        // Caches and watchers see by it that the content is another one.
        session.send(&format!("{}\n", feed::RESTORED_POSTGRES))?;
    }
    if content.audit.is_some() {
        session.send(RECORD)?;
    }
    session.send("COMMIT;\n")
}

/// Takes back what was applied, newest first, if it is still what was seen; for a schema that we do not know, drops
/// everything.
fn drop_ours(there: &[(i32, String)]) -> String {
    if there.is_empty() {
        return String::new();
    }
    let seen: Vec<String> = there.iter().map(|(version, checksum)| format!("{version}:{checksum}")).collect();
    let mut sql = format!(
        "DO $$ BEGIN IF (SELECT string_agg(version || ':' || checksum, ',' ORDER BY version) FROM schema_migrations) \
         IS DISTINCT FROM '{}' THEN RAISE 'the schema was changed by somebody else just now; try again'; END IF; END $$;\n",
        seen.join(",").replace('\'', "''")
    );
    let known = migrate::pending(there).is_ok();
    if !known {
        sql.push_str(DROP_EVERYTHING);
        return sql;
    }
    for migration in MIGRATIONS.iter().rev().filter(|m| there.iter().any(|(version, _)| *version == m.version)) {
        sql.push_str(migration.postgres.1);
        sql.push('\n');
    }
    sql.push_str("DROP TABLE schema_migrations;\n");
    sql
}

/// A `psql` that reads what we write: when we are killed its input ends, and nothing is committed.
struct Session {
    psql: Child,
    // The certificates that it reads.
    _client: Client,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    errors: Option<JoinHandle<Vec<u8>>>,
}

impl Session {
    fn start(url: &PostgresUrl, audit: Option<&AuditRow>) -> Result<Self> {
        let mut client = Client::of("psql", url)?;
        client.command.args(["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"]);
        if let Some(line) = audit {
            let at = crate::instant_text(line.happened_at);
            let values = [&at, &line.actor, &line.action, &line.detail, &line.result];
            for (name, value) in RECORDED.iter().zip(values) {
                client.command.arg(format!("--set={name}={value}"));
            }
        }
        client.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut psql = client.spawn()?;
        let (Some(input), Some(output), Some(mut errors)) = (psql.stdin.take(), psql.stdout.take(), psql.stderr.take())
        else {
            return Err(failed("psql", "its input and output are not to be had"));
        };
        let reading = std::thread::spawn(move || {
            let mut said = Vec::new();
            drop(errors.read_to_end(&mut said));
            said
        });
        Ok(Self { psql, _client: client, input: Some(input), output: BufReader::new(output), errors: Some(reading) })
    }

    fn send(&mut self, sql: &str) -> Result<()> {
        let input = self.input.as_mut().ok_or_else(|| failed("psql", "it has ended"))?;
        input.write_all(sql.as_bytes()).and_then(|()| input.flush()).map_err(|e| failed("psql", &e.to_string()))
    }

    /// The script of an archive, as `pg_restore` writes it.
    fn send_archive(&mut self, archive: &Path) -> Result<()> {
        let mut restore = Client::offline("pg_restore");
        // What people added of their own is in the archive too.
        restore.command.args(["--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-"]).arg(archive);
        restore.command.stdout(Stdio::piped());
        let mut child = restore.spawn()?;
        let copied = match (child.stdout.take(), self.input.as_mut()) {
            (Some(mut script), Some(input)) => io::copy(&mut script, input).map(drop),
            _ => Ok(()),
        };
        let output = child.wait_with_output().map_err(|e| failed("pg_restore", &e.to_string()))?;
        copied.map_err(|e| failed("psql", &e.to_string()))?;
        verdict("pg_restore", output).map(drop)
    }

    fn wait_for(&mut self, word: &str) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            match self.output.read_line(&mut line) {
                Ok(0) => return Err(failed("psql", "it has ended")),
                Ok(_) if line.trim() == word => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(failed("psql", &error.to_string())),
            }
        }
    }

    /// Ends its input; how it ended.
    fn finish(mut self) -> Result<()> {
        drop(self.input.take());
        let status = self.psql.wait().map_err(|e| failed("psql", &e.to_string()))?;
        let stderr = self.errors.take().and_then(|reading| reading.join().ok()).unwrap_or_default();
        verdict("psql", std::process::Output { status, stdout: Vec::new(), stderr }).map(drop)
    }
}

/// Whether a file begins like an archive.
pub(super) fn is_archive(file: &Path) -> io::Result<bool> {
    begins_with(file, b"PGDMP")
}

/// Whether a file begins with these bytes.
pub(super) fn begins_with(file: &Path, wanted: &[u8]) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(file)?.take(wanted.len() as u64).read_to_end(&mut start)?;
    Ok(start == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_an_archives_script() {
        let script = "--\nSET x;\nCOPY public.schema_migrations (version, name, checksum, applied_at) FROM stdin;\n\
                      2\t0002_watching\tbb\t2026-01-01\n1\t0001_first_schema\taa\t2026-01-01\n\\.\n\n3\tno\tcc\t-\n";
        assert_eq!(versions(script), [(1, "aa".to_owned()), (2, "bb".to_owned())]);
        assert!(versions("").is_empty());
    }
}
