//! Files on disk that cannot be stored, on two servers: remembered, set aside, forgotten when they are fine.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support"
)]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fullhold_ingest::{Error, Importer, Summary, Wanted};
use fullhold_maintenance::{AskedFile, Maintenance, Selection};
use fullhold_repository::dump;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use support::{config, open, query, server_importer};
use time::OffsetDateTime;

type File = (String, Vec<u8>);

/// Rounds of an evening and one day more, all different.
fn files(seed: u64) -> Vec<File> {
    let evenings = Simulation::new(Config::community(seed, 24, "UTC", Disturbances::none())).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

fn put(folder: &Path, files: &[File]) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// What a stranger sees in the table, by server and name: kind and state.
async fn left_out(url: &str) -> Vec<[String; 4]> {
    let sql = "SELECT s.name, l.filename, l.kind, l.state FROM left_out_files l JOIN servers s ON s.id = l.server_id \
               ORDER BY 1, 2";
    let rows = query(url, sql).await;
    rows.into_iter().map(|row| [0, 1, 2, 3].map(|at: usize| row[at].clone().unwrap())).collect()
}

async fn run(importer: &Importer, folder: &Path) -> Summary {
    importer.run(vec![folder.to_owned()], &()).await.unwrap()
}

struct Scene {
    one: Importer,
    two: Importer,
    maintenance: Maintenance,
    folder: tempfile::TempDir,
    files: Vec<File>,
}

impl Scene {
    /// Two servers in turn, and a file of the first that came late.
    async fn new(url: &str) -> Self {
        let db = open(url).await;
        let (one, two) = (server_importer(&db, "one", "UTC").await, server_importer(&db, "two", "UTC").await);
        let maintenance = Maintenance::new(db, config(), OffsetDateTime::now_utc);
        let scene = Self { one, two, maintenance, folder: tempfile::tempdir().unwrap(), files: files(31) };
        let late = &scene.files[3..4];
        for (index, file) in scene.files.iter().enumerate() {
            put(&scene.of_one(), if index == 3 { &[] } else { std::slice::from_ref(file) });
            put(&scene.of_two(), std::slice::from_ref(file));
        }
        run(&scene.one, &scene.of_one()).await;
        run(&scene.two, &scene.of_two()).await;
        put(&scene.of_one(), late);
        assert_eq!(run(&scene.one, &scene.of_one()).await.imported, 1);
        scene
    }

    fn of_one(&self) -> PathBuf {
        self.folder.path().join("one")
    }

    fn of_two(&self) -> PathBuf {
        self.folder.path().join("two")
    }

    async fn asked(&self, server: &str, name: &str, path: Option<PathBuf>) -> [AskedFile; 1] {
        let servers = self.maintenance.db().servers().await.unwrap();
        let server = servers.into_iter().find(|one| one.name == server).unwrap();
        [AskedFile { server, name: name.to_owned(), path }]
    }

    async fn is_clean(&self) {
        assert_eq!(self.maintenance.validate(&()).await.unwrap().problems, Vec::new());
    }
}

/// Other bytes that parse: a player's name is another one.
fn other(file: &File) -> Vec<u8> {
    let text = String::from_utf8(file.1.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut swapped = vec![lines[0], lines[2], lines[1]];
    swapped.extend(&lines[3..]);
    swapped.concat().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_and_what_cannot_be_read_are_remembered_until_they_are_fine() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let before = dump(scene.maintenance.db()).await.unwrap();
        assert!(left_out(url).await.is_empty(), "nothing was wrong so far");
        let [conflict, large] = [0, 1].map(|index: usize| scene.files[index].0.clone());
        let (pipe, nowhere) = ("2031-05-01-200000-supply-round-1.txt", "2031-05-01-201500-supply-round-2.txt");
        let there = |name: &str| scene.of_one().join(name);
        fs::write(there(&conflict), other(&scene.files[0])).unwrap();
        fs::write(there(&large), vec![b'x'; 2 << 20]).unwrap();
        assert!(Command::new("mkfifo").arg(there(pipe)).status().unwrap().success());
        std::os::unix::fs::symlink("/nowhere/at/all", there(nowhere)).unwrap();
        let expected = |state: &str| {
            let mut rows =
                [(&*conflict, "conflict"), (&large, "unreadable"), (pipe, "unreadable"), (nowhere, "unreadable")]
                    .map(|(name, kind)| [name, kind])
                    .map(|[name, kind]| ["one", name, kind, state].map(str::to_owned));
            rows.sort();
            rows.to_vec()
        };
        // Twice: they are told each time, and remembered once.
        for _ in 0..2 {
            let summary = run(&scene.one, &scene.of_one()).await;
            assert_eq!((summary.rejected.len(), summary.unreadable.len()), (4, 0), "{summary:?}");
            assert_eq!(left_out(url).await, expected("open"));
        }
        // The other server's files of the same names are fine, and do not concern these.
        assert!(run(&scene.two, &scene.of_two()).await.rejected.is_empty());
        assert_eq!(left_out(url).await, expected("open"));
        for name in [&conflict, &large, pipe, nowhere] {
            let done = scene.maintenance.ignore(&scene.asked("one", name, None).await, "known", "alice").await.unwrap();
            assert_eq!(done.done, [name]);
        }
        assert_eq!(left_out(url).await, expected("ignored"));
        let summary = run(&scene.one, &scene.of_one()).await;
        assert_eq!((summary.rejected.len(), summary.set_aside), (0, 4), "{summary:?}");
        assert_eq!(left_out(url).await, expected("ignored"));
        // Fine again, or gone.
        put(&scene.of_one(), &scene.files[..2]);
        fs::remove_file(there(pipe)).unwrap();
        fs::remove_file(there(nowhere)).unwrap();
        assert!(run(&scene.one, &scene.of_one()).await.rejected.is_empty());
        assert!(left_out(url).await.is_empty());
        assert_eq!(dump(scene.maintenance.db()).await.unwrap(), before);
        scene.is_clean().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_from_files_takes_a_conflict_in_and_forgets_it() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let name = scene.files[0].0.clone();
        fs::write(scene.of_one().join(&name), other(&scene.files[0])).unwrap();
        run(&scene.one, &scene.of_one()).await;
        assert_eq!(left_out(url).await.len(), 1);
        let server = scene.asked("one", &name, None).await[0].server.clone();
        let selection = Selection::FromFiles(vec![scene.of_one()], server);
        let done = scene.maintenance.rebuild(selection, &()).await.unwrap();
        assert_eq!(done.changed_files, [name]);
        assert!(left_out(url).await.is_empty());
        scene.is_clean().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_heals_from_the_file_on_disk() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let before = dump(scene.maintenance.db()).await.unwrap();
        let db = scene.maintenance.db();
        let [damaged, failed] = [2, 3].map(|index: usize| scene.files[index].0.clone());
        let value = if url.starts_with("sqlite") { "x'00112233'" } else { "'\\x00112233'" };
        let one = "server_id = (SELECT id FROM servers WHERE name = 'one')";
        db.execute_raw(&format!("UPDATE processed_files SET content = {value} WHERE filename = '{damaged}' AND {one}"))
            .await
            .unwrap();
        // Without the file there is nothing to heal from, and the answer says what is missing.
        let done = scene.maintenance.retry(&scene.asked("one", &damaged, None).await, "me").await.unwrap();
        assert!(done.not_done[0].reason.contains("files retry PATH"), "{done:?}");
        let path = Some(scene.of_one().join(&damaged));
        let done = scene.maintenance.retry(&scene.asked("one", &damaged, path.clone()).await, "me").await.unwrap();
        assert_eq!(done.done, std::slice::from_ref(&damaged), "{done:?}");
        assert_eq!(dump(db).await.unwrap(), before);
        scene.is_clean().await;
        let again = scene.maintenance.retry(&scene.asked("one", &damaged, path).await, "me").await.unwrap();
        assert!(again.not_done[0].reason.contains("bytes that are on disk"), "{again:?}");

        // A file that came cut, failed, and is whole on disk now; the round of the other server stays what it is.
        scene.maintenance.remove_server("one").await.unwrap();
        let one = server_importer(db, "one", "UTC").await;
        let whole = scene.files[3].1.clone();
        fs::write(scene.of_one().join(&failed), &whole[..whole.len() / 3]).unwrap();
        assert_eq!(run(&one, &scene.of_one()).await.rejected.len(), 1);
        fs::write(scene.of_one().join(&failed), &whole).unwrap();
        let path = Some(scene.of_one().join(&failed));
        let done = scene.maintenance.retry(&scene.asked("one", &failed, path).await, "me").await.unwrap();
        assert_eq!(done.done, [failed], "{done:?}");
        assert_eq!(dump(db).await.unwrap(), before);
        scene.is_clean().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_takes_in_what_could_not_be_read_and_keeps_a_conflict() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let (name, bytes) = files(32).remove(0);
        let path = scene.of_one().join(&name);
        fs::write(&path, vec![b'x'; 2 << 20]).unwrap();
        run(&scene.one, &scene.of_one()).await;
        let asked = scene.asked("one", &name, Some(path.clone())).await;
        let done = scene.maintenance.retry(&asked, "me").await.unwrap();
        assert!(done.not_done[0].reason.contains("allowed are"), "{done:?}");
        fs::write(&path, &bytes).unwrap();
        let done = scene.maintenance.retry(&asked, "me").await.unwrap();
        assert_eq!(done.done, [name]);
        assert!(left_out(url).await.is_empty());
        scene.is_clean().await;

        let before = dump(scene.maintenance.db()).await.unwrap();
        let name = scene.files[0].0.clone();
        let path = scene.of_one().join(&name);
        fs::write(&path, other(&scene.files[0])).unwrap();
        run(&scene.one, &scene.of_one()).await;
        let asked = scene.asked("one", &name, Some(path)).await;
        let done = scene.maintenance.retry(&asked, "me").await.unwrap();
        assert!(done.not_done[0].reason.contains("rebuild --from-files"), "{done:?}");
        assert_eq!(left_out(url).await.len(), 1);
        assert_eq!(dump(scene.maintenance.db()).await.unwrap(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_import_goes_on_where_the_one_before_ended() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let folder = scene.folder.path().join("new");
        let new = files(33);
        put(&folder, &new);
        // What cannot be stored must not stand in the way for ever.
        fs::write(folder.join("2001-05-01-200000-supply-round-1.txt"), "no stats file").unwrap();
        fs::write(folder.join("2001-05-01-201500-supply-round-1.txt"), vec![b'x'; 2 << 20]).unwrap();
        let wanted = Wanted { limit: Some(5), ..Wanted::default() };
        let mut imported = 0;
        for run in 0..=new.len() / 5 + 1 {
            let summary = scene.two.run_selected(vec![folder.clone()], &wanted, &()).await.unwrap();
            assert!(summary.imported <= 5, "{summary:?}");
            assert!(summary.imported > 0 || imported == new.len(), "run {run}: {summary:?}");
            imported += summary.imported;
        }
        assert_eq!(imported, new.len());
        scene.is_clean().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_importer_at_work_takes_no_other_server_for_its_own() {
    each_backend(async |url| {
        let scene = Scene::new(url).await;
        let folder = scene.folder.path().join("new");
        put(&folder, &files(33));
        let before = dump(scene.maintenance.db()).await.unwrap();
        scene.maintenance.remove_server("two").await.unwrap();
        // Numbers of what is gone are not given away again, so the importer's number means nothing now.
        let three = server_importer(scene.maintenance.db(), "three", "UTC").await;
        assert_ne!(three.server_id(), scene.two.server_id());
        let refused =
            |error: Result<Summary, Error>| assert!(matches!(error, Err(Error::ServerChanged(_))), "{error:?}");
        refused(scene.two.run(vec![folder.clone()], &()).await);
        scene.maintenance.set_timezone("one", "Europe/Ljubljana", &()).await.unwrap();
        refused(scene.one.run(vec![folder.clone()], &()).await);
        scene.is_clean().await;
        scene.maintenance.set_timezone("one", "UTC", &()).await.unwrap();
        scene.maintenance.rename_server("three", "two").await.unwrap();
        refused(three.run(vec![folder.clone()], &()).await);
        let two = server_importer(scene.maintenance.db(), "two", "UTC").await;
        run(&two, &scene.of_two()).await;
        assert_eq!(dump(scene.maintenance.db()).await.unwrap(), before);
        assert_eq!(run(&scene.one, &folder).await.imported, files(33).len());
        scene.is_clean().await;
    })
    .await;
}
