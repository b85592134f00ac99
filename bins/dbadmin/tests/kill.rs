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

use std::process::Stdio;
use std::time::{Duration, Instant};

use fullhold_testkit::each_backend_blocking;
use support::{Admin, Kept, same_kind, simulated};

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
    files: String,
    half: String,
    backup: String,
    dump: Vec<String>,
    half_dump: Vec<String>,
}

/// Files, a backup of the whole, and what undisturbed runs reach.
fn scene(url: &str) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    let days = simulated(&files, 11, 120);
    let half = days[days.len() / 2].clone();
    let files = files.display().to_string();
    let (there, _keep) = same_kind(url);
    let admin = Admin::new(&there);
    admin.fine(&["create"]);
    admin.run(&["import", &files, "--to", &half]);
    let half_dump = admin.dump();
    admin.run(&["import", &files]);
    let backup = folder.path().join("whole").display().to_string();
    admin.fine(&["backup", &backup]);
    Scene { files, half, backup, dump: admin.dump(), half_dump, _folder: folder }
}

fn with_files(url: &str, scene: &Scene, half: bool) -> (String, Kept) {
    let (there, keep) = same_kind(url);
    let admin = Admin::new(&there);
    admin.fine(&["create"]);
    let to = ["--to", scene.half.as_str()];
    let all = ["import", scene.files.as_str()];
    admin.run(&if half { [&all[..], &to].concat() } else { all.to_vec() });
    (there, keep)
}

#[test]
fn an_import_killed_at_any_moment_is_completed_by_the_next() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let import = ["import", scene.files.as_str()];
        let empty = || {
            let (there, keep) = same_kind(url);
            Admin::new(&there).fine(&["create"]);
            (there, keep)
        };
        let (there, _keep) = empty();
        let whole = timed(|| drop(Admin::new(&there).run(&import)));
        batter("import", url, &import, whole, empty, |admin, what| {
            clean(admin, what);
            admin.run(&import);
            assert_eq!(admin.dump(), scene.dump, "{what}");
        });
    });
}

#[test]
fn a_rebuild_killed_at_any_moment_leaves_the_old_state_or_the_new() {
    each_backend_blocking(|url| {
        let scene = scene(url);
        let (there, _keep) = with_files(url, &scene, false);
        let commands: [&[&str]; 2] = [
            &["rebuild", "--yes", "--backup-folder", "saved"],
            &["fix-range", "2000-01-01", "2100-01-01", "--yes", "--no-backup"],
        ];
        for arguments in commands {
            let whole = timed(|| drop(Admin::new(&there).run(arguments)));
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
        let half = || with_files(url, &scene, true);
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
        let (from, _from) = with_files(url, &scene, false);
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
