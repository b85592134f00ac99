//! kill -9 at random moments: afterwards everything stored is right, and doing it again reaches
//! what an undisturbed run reaches. `cargo xtask kill` runs the long form.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "test support"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use fullhold_testkit::each_backend_blocking;
use support::{Admin, Files, Kept, PlayedServer, played, same_kind};

/// Moments per command and database in the short form.
const MOMENTS: u32 = 3;

/// The long form hands the number over.
fn moments() -> u32 {
    std::env::var("FULLHOLD_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(MOMENTS)
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    /// Between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Starts the command and kills it after a while; says whether it was still at work.
fn killed(admin: &Admin<'_>, arguments: &[&str], after: Duration) -> bool {
    let mut child = admin.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + after;
    while Instant::now() < until && child.try_wait().unwrap().is_none() {
        std::thread::park_timeout(Duration::from_micros(200));
    }
    let at_work = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    at_work
}

fn timed(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

fn clean(admin: &Admin<'_>, what: &str) {
    let (code, out, err) = admin.run(&["validate"]);
    assert_eq!(code, 0, "after {what}: {out}{err}");
}

/// Kills a command again and again on a database that is made anew by `prepare` where it has to be.
fn batter(
    name: &str,
    url: &str,
    arguments: &[&str],
    whole: Duration,
    prepare: impl Fn() -> (String, Kept),
    check: impl Fn(&Admin<'_>, &str),
) {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ name.len() as u64);
    let mut at_work = 0;
    for _ in 0..moments() {
        let (url, _keep) = prepare();
        let admin = Admin::new(&url);
        let after = whole.mul_f64(chance.next());
        at_work += u32::from(killed(&admin, arguments, after));
        check(&admin, &format!("{name} killed after {after:?}"));
    }
    let kind = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    println!("{name} on {kind}: {} moments, {at_work} of them in the middle of its work", moments());
}

struct Scene {
    _folder: tempfile::TempDir,
    servers: Vec<PlayedServer>,
    backup: String,
    dump: Vec<String>,
    half_dump: Vec<String>,
}

/// Imports what both servers have written, junk and all.
fn import(admin: &Admin<'_>, servers: &[PlayedServer], files: Files) {
    for server in servers {
        assert_eq!(server.import(admin, files), 3, "the junk is rejected each time");
    }
}

/// Files of two servers, a backup of the whole, and what undisturbed runs reach. What came late lies between
/// what came in time, so that the ids of rounds are in no order.
fn scene(url: &str) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let servers = played(&folder.path().join("files"), 11, 50);
    servers.iter().for_each(PlayedServer::add_junk);
    let (there, _keep) = same_kind(url);
    let admin = Admin::new(&there);
    admin.fine(&["create"]);
    import(&admin, &servers, Files::InTime);
    let half_dump = admin.dump();
    import(&admin, &servers, Files::All);
    let backup = folder.path().join("whole").display().to_string();
    admin.fine(&["backup", &backup]);
    Scene { servers, backup, dump: admin.dump(), half_dump, _folder: folder }
}

fn with_files(url: &str, scene: &Scene, files: Files) -> (String, Kept) {
    let (there, keep) = same_kind(url);
    let admin = Admin::new(&there);
    admin.fine(&["create"]);
    import(&admin, &scene.servers, Files::InTime);
    if files == Files::All {
        import(&admin, &scene.servers, Files::All);
    }
    (there, keep)
}

#[test]
fn an_import_killed_at_any_moment_is_completed_by_the_next() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let server = &scene.servers[0];
        let files = server.folder(Files::All);
        let arguments = ["import", files.as_str(), "--server", server.name.as_str()];
        let half = || with_files(url, &scene, Files::InTime);
        let (there, _keep) = half();
        let whole = timed(|| drop(Admin::new(&there).run(&arguments)));
        batter("import", url, &arguments, whole, half, |admin, what| {
            clean(admin, what);
            import(admin, &scene.servers, Files::All);
            assert_eq!(admin.dump(), scene.dump, "{what}");
        });
    });
}

#[test]
fn a_rebuild_killed_at_any_moment_leaves_the_old_state_or_the_new() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let (there, _keep) = with_files(url, &scene, Files::All);
        let commands: [&[&str]; 2] = [
            &["rebuild", "--yes", "--backup-folder", "saved"],
            &["fix-range", "2000-01-01", "2100-01-01", "--yes", "--no-backup"],
        ];
        for arguments in commands {
            let whole = timed(|| {
                // The junk is told each time.
                let (code, out, err) = Admin::new(&there).run(arguments);
                assert!(matches!(code, 0 | 3), "{arguments:?}: {out}{err}");
            });
            let same = || (there.clone(), Kept::Nothing);
            batter(arguments[0], url, arguments, whole, same, |admin, what| {
                clean(admin, what);
                assert_eq!(admin.dump(), scene.dump, "{what}");
                admin.run(arguments);
                assert_eq!(admin.dump(), scene.dump, "{what}, done again");
            });
        }
    });
}

#[test]
fn a_restore_killed_at_any_moment_leaves_the_old_state_or_the_new() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let arguments = ["restore", scene.backup.as_str(), "--yes", "--no-backup"];
        let half = || with_files(url, &scene, Files::InTime);
        let (there, _keep) = half();
        let whole = timed(|| drop(Admin::new(&there).fine(&arguments)));
        batter("restore", url, &arguments, whole, half, |admin, what| {
            clean(admin, what);
            let now = admin.dump();
            assert!(now == scene.half_dump || now == scene.dump, "{what}: neither the old state nor the new");
            admin.fine(&arguments);
            assert_eq!(admin.dump(), scene.dump, "{what}, done again");
        });
    });
}

#[test]
fn a_copy_killed_at_any_moment_leaves_nothing_or_everything() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let (from, _from) = with_files(url, &scene, Files::All);
        let (target, _target) = same_kind(url);
        let whole = timed(|| drop(Admin::new(&from).fine(&["copy", "--to", &target])));
        let mut chance = Chance(77);
        let mut at_work = 0;
        for _ in 0..moments() {
            let (to, _to) = same_kind(url);
            let source = Admin::new(&from);
            let arguments = ["copy", "--to", to.as_str()];
            let after = whole.mul_f64(chance.next());
            at_work += u32::from(killed(&source, &arguments, after));
            let target = Admin::new(&to);
            clean(&target, "copy");
            let (code, _, err) = source.run(&arguments);
            assert!(code == 0 || err.contains("only an empty database"), "{err}");
            assert_eq!(target.dump(), scene.dump, "copy killed after {after:?}, done again");
        }
        println!("copy: {} moments, {at_work} of them in the middle of its work", moments());
    });
}

/// Backups in a folder by their names, which have the time in them.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.')).collect();
    paths.sort();
    paths
}

#[test]
fn a_backup_killed_at_any_moment_is_whole_or_absent_and_rotation_keeps_a_good_one() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let (there, _keep) = with_files(url, &scene, Files::All);
        let saved = tempfile::tempdir().unwrap();
        let folder = saved.path().display().to_string();
        let arguments = ["backup", "--keep", "2", "--folder", folder.as_str()];
        let admin = Admin::new(&there);
        let whole = timed(|| drop(admin.fine(&arguments)));
        let mut chance = Chance(99);
        let mut at_work = 0;
        for _ in 0..moments() {
            let before = backups(saved.path());
            let after = whole.mul_f64(chance.next());
            at_work += u32::from(killed(&admin, &arguments, after));
            let now = backups(saved.path());
            // Whole ones stay, a new one may have come; one too many is removed by the next run.
            assert!((1..=3).contains(&now.len()) && now.last() >= before.last(), "{before:?} {now:?}");
            let newest = now.last().unwrap().display().to_string();
            admin.fine(&["restore", &newest, "--yes", "--no-backup"]);
            clean(&admin, "restore");
            assert_eq!(admin.dump(), scene.dump, "the newest backup after a kill after {after:?}");
            admin.fine(&arguments);
            assert!((1..=2).contains(&backups(saved.path()).len()));
        }
        println!("backup: {} moments, {at_work} of them in the middle of its work", moments());
    });
}
