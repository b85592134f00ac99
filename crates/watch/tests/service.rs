//! Several servers watched by a service: the handle, watchers that die, metrics and health.

mod watching;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fullhold_ingest::Progress;
use fullhold_testkit::{KeyKind, SqliteFile, each_backend, free_port};
use fullhold_watch::{Endpoint, Handle, Notice, Notices, Scope, ServerState, Service, Target, Voice, WatchConfig};
use time::OffsetDateTime;
use watching::{PATIENCE, Site, files, importer_named};

async fn target(url: &str, name: &str, config: WatchConfig) -> Target {
    Target { name: name.to_owned(), importer: Arc::new(importer_named(url, name).await), config }
}

fn silent() -> Service {
    Service::new(Arc::new(|_server: &str| -> Notices { Arc::new(|_notice: &Notice| {}) }))
}

async fn until(handle: &Handle, what: &str, condition: impl Fn(&[ServerState]) -> bool) {
    let began = Instant::now();
    while !condition(&handle.servers()) {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}: {:#?}", handle.servers());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The whole answer, if anybody answers.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    Some(text)
}

fn here(port: u16) -> Option<SocketAddr> {
    Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}

const LONG: Duration = Duration::from_secs(3_600);

#[derive(Default)]
struct Counted {
    begun: AtomicUsize,
    advanced: AtomicUsize,
    ended: AtomicBool,
}

impl Progress for Counted {
    fn begin(&self, files: usize) {
        self.begun.store(files, Ordering::SeqCst);
    }
    fn advance(&self, files: usize) {
        self.advanced.fetch_add(files, Ordering::SeqCst);
    }
    fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_looks_now_syncs_what_was_left_alone_and_hears_who_comes_back() {
    each_backend(async |url| {
        let site = Site::start();
        let hour = Duration::from_secs(3_600);
        let old = files(30, hour);
        for (name, bytes, at) in &old {
            site.write_at(name, bytes, *at);
        }
        // It looks by itself once an hour.
        let config = WatchConfig {
            interval: LONG,
            idle_interval: LONG,
            grace: Duration::ZERO,
            look_back: hour * 10,
            ..site.config(None)
        };
        let mut service = silent();
        let handle = service.handle();
        assert!(handle.servers().is_empty() && handle.look_now(None) == 0);
        service.start(vec![target(url, "one", config).await]);
        until(&handle, "the first look", |all| all[0].caught_up_at.is_some()).await;
        let state = handle.servers().remove(0);
        assert_eq!((state.files, state.left_alone, state.waiting), (30, 19, 0), "{state:#?}");
        assert!(state.running && state.newest_stored && state.trouble.is_none());
        // A file that nobody would look for.
        let write_new = |seconds: u64| {
            let at = OffsetDateTime::now_utc() + Duration::from_secs(seconds);
            let (name, bytes) = (watching::restamped(&old[0].0, at), &old[0].1);
            site.write(&name, bytes);
            name
        };
        let stored = |name: String| {
            move |all: &[ServerState]| all[0].newest_file.as_ref() == Some(&name) && all[0].newest_stored
        };
        let name = write_new(1);
        assert_eq!((handle.look_now(Some("other")), handle.look_now(Some("one"))), (0, 1));
        until(&handle, "a look that was asked for", stored(name)).await;
        // People come back.
        handle.hear(Voice::People(0));
        until(&handle, "idleness", |all| all[0].idle).await;
        let name = write_new(2);
        handle.hear(Voice::People(1));
        until(&handle, "a look because of voice", stored(name)).await;
        assert!(!handle.servers()[0].idle);
        // What was left alone, while watching goes on.
        let progress = Arc::new(Counted::default());
        let summary = handle.sync("one", Scope::Days(1), Arc::<Counted>::clone(&progress)).await.unwrap();
        assert_eq!((summary.imported, summary.older), (13, 6), "{summary:?}");
        assert_eq!((progress.begun.load(Ordering::SeqCst), progress.ended.load(Ordering::SeqCst)), (13, true));
        assert_eq!(progress.advanced.load(Ordering::SeqCst), 13);
        let summary = handle.sync("one", Scope::All, Arc::new(())).await.unwrap();
        assert_eq!((summary.imported, summary.skipped), (6, 26), "{summary:?}");
        assert_eq!(handle.servers()[0].left_alone, 0);
        assert!(handle.sync("other", Scope::All, Arc::new(())).await.is_err());
        assert!(service.end().await);
        assert!(handle.sync("one", Scope::All, Arc::new(())).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_that_dies_is_started_again_and_health_tells() {
    let file = SqliteFile::create();
    let site = Site::start();
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let mut service = Service::new(Arc::new(move |_server: &str| -> Notices {
        let sink = Arc::clone(&sink);
        Arc::new(move |notice: &Notice| {
            sink.lock().unwrap().push(notice.to_string());
            assert!(!notice.to_string().contains("imported"), "a defect");
        })
    }));
    let handle = service.handle();
    let port = free_port();
    let _endpoint = Endpoint::serve(here(port), handle.clone()).await.unwrap();
    service.start(vec![target(&file.url(), "one", site.config(None)).await]);
    until(&handle, "the first look", |all| all[0].last_look_at.is_some()).await;
    assert!(get(port, "/healthz").unwrap().ends_with("\r\n\r\nalive\n"));
    for (name, bytes, at) in files(2, Duration::from_secs(300)) {
        site.write_at(&name, &bytes, at);
    }
    until(&handle, "a death", |all| all[0].deaths > 0).await;
    until(&handle, "life after it", |all| all[0].running && all[0].newest_stored).await;
    let answer = get(port, "/healthz").unwrap();
    assert!(answer.contains("alive\nserver one: its watcher died"), "{answer}");
    assert!(get(port, "/metrics").unwrap().contains("fullhold_watcher_restarts_total{server=\"one\"} "));
    assert!(told.lock().unwrap().iter().any(|text| text.contains("the watcher died and is started again")));
    assert!(service.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn gauges_go_on_while_the_database_is_away_and_counters_begin_at_0() {
    let cluster = fullhold_testkit::Postgres::start().unwrap();
    cluster.create_database("watched").unwrap();
    let url = cluster.url("watched");
    let (one, two) = (Site::start(), Site::start());
    let mut service = silent();
    let handle = service.handle();
    let port = free_port();
    let _endpoint = Endpoint::serve(here(port), handle.clone()).await.unwrap();
    let both = vec![target(&url, "one", one.config(None)).await, target(&url, "two", two.config(None)).await];
    service.start(both);
    until(&handle, "two looks", |all| all.iter().all(|state| state.last_look_at.is_some())).await;
    let text = get(port, "/metrics").unwrap();
    for event in fullhold_watch::EVENTS {
        assert!(text.contains(&format!("fullhold_events_total{{server=\"two\",event=\"{event}\"}} 0\n")), "{text}");
    }
    assert!(get(port, "/readyz").unwrap().starts_with("HTTP/1.1 200"));
    cluster.stop().unwrap();
    let ages = || -> Vec<f64> {
        let text = get(port, "/metrics").unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("fullhold_last_look_age_seconds{server="));
        lines.map(|line| line.split_once("} ").unwrap().1.parse().unwrap()).collect()
    };
    until(&handle, "failures", |all| all.iter().all(|state| state.failures > 0)).await;
    let before = ages();
    until(&handle, "more failures", |all| all.iter().all(|state| state.failures > 3)).await;
    let after = ages();
    assert!(
        before.len() == 2 && after.iter().zip(&before).all(|(after, before)| after > before),
        "{before:?} {after:?}"
    );
    let answer = get(port, "/readyz").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("not ready: server two: "), "{answer}");
    cluster.restart().unwrap();
    until(&handle, "recovery", |all| all.iter().all(|state| state.failures == 0)).await;
    // A server that is not watched any more is not heard of.
    service.replace(vec![target(&url, "one", one.config(None)).await]).await;
    until(&handle, "a look", |all| all[0].running).await;
    assert!(!get(port, "/metrics").unwrap().contains("two"));
    assert!(service.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_answers_nothing_is_told_by_readiness_and_holds_up_no_end() {
    let cluster = fullhold_testkit::Postgres::start().unwrap();
    cluster.create_database("watched").unwrap();
    let relay = fullhold_testkit::Relay::to(cluster.port());
    let behind = format!("127.0.0.1:{}", relay.port());
    let url = cluster.url("watched").replace(&format!("127.0.0.1:{}", cluster.port()), &behind);
    let site = Site::start();
    let mut service = silent();
    let handle = service.handle();
    let port = free_port();
    let _endpoint = Endpoint::serve(here(port), handle.clone()).await.unwrap();
    service.start(vec![target(&url, "one", site.config(None)).await]);
    until(&handle, "a look", |all| all[0].last_look_at.is_some()).await;
    // Neither hangs up nor answers, as a machine that is frozen.
    relay.silent(true);
    let (name, bytes, at) = files(1, Duration::ZERO).remove(0);
    site.write_at(&name, &bytes, at);
    let answer = get(port, "/readyz").unwrap();
    assert!(answer.contains("not ready: the database does not answer within 2 s"), "{answer}");
    // What was swallowed is never answered; the line breaks in the end.
    relay.silent(false);
    relay.cut();
    until(&handle, "recovery", |all| all[0].newest_file.as_ref() == Some(&name) && all[0].newest_stored).await;
    relay.silent(true);
    assert!(service.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_key_changed_is_not_ready_and_a_person_is_needed() {
    let file = SqliteFile::create();
    let mut site = Site::start();
    let config = site.config(None);
    site.server.change_host_key(KeyKind::Ed25519).unwrap();
    let mut service = silent();
    let handle = service.handle();
    let port = free_port();
    let _endpoint = Endpoint::serve(here(port), handle.clone()).await.unwrap();
    service.start(vec![target(&file.url(), "one", config).await]);
    until(&handle, "trouble", |all| all[0].trouble.as_ref().is_some_and(|trouble| trouble.needs_person)).await;
    let answer = get(port, "/readyz").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("not ready: server one: "), "{answer}");
    assert!(answer.contains("CHANGED"), "{answer}");
    assert!(get(port, "/metrics").unwrap().contains("fullhold_needs_person{server=\"one\"} 1\n"));
    // A sync is not tried five times.
    let error = handle.sync("one", Scope::All, Arc::new(())).await.unwrap_err();
    assert!(error.to_string().contains("CHANGED"), "{error}");
    assert!(service.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_move_to_another_address_or_stay_and_half_a_request_holds_nobody_up() {
    let service = silent();
    let (first, second) = (free_port(), free_port());
    let mut endpoint = Endpoint::serve(here(first), service.handle()).await.unwrap();
    assert!(get(first, "/healthz").is_some());
    endpoint.move_to(here(second)).await.unwrap();
    assert!(get(first, "/healthz").is_none() && get(second, "/healthz").is_some());
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let problem = endpoint.move_to(here(taken.local_addr().unwrap().port())).await.unwrap_err();
    assert!(problem.contains("METRICS_ADDR") && problem.ends_with("goes on"), "{problem}");
    // More half requests than there are places: each is cut off, and all get their turn.
    let mut half = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, second)).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost").unwrap();
        half.push(stream);
    }
    let answer = tokio::task::spawn_blocking(move || get(second, "/healthz")).await.unwrap();
    assert!(answer.unwrap().starts_with("HTTP/1.1 200"));
    drop(half);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_server_is_synced_and_watched_again_only_when_it_goes_on() {
    let file = SqliteFile::create();
    let site = Site::start();
    let old = files(4, Duration::from_secs(3_600));
    for (name, bytes, at) in &old {
        site.write_at(name, bytes, *at);
    }
    let mut service = silent().paused(true);
    let handle = service.handle();
    service.start(vec![target(&file.url(), "one", site.config(None)).await]);
    let state = handle.servers().remove(0);
    assert!(state.paused && state.last_look_at.is_none(), "{state:#?}");
    let summary = handle.sync("one", Scope::All, Arc::new(())).await.unwrap();
    assert_eq!(summary.imported, 4, "{summary:?}");
    let name = watching::restamped(&old[0].0, OffsetDateTime::now_utc() + Duration::from_secs(1));
    site.write(&name, &old[0].1);
    // Neither who comes back nor who asks for a look has it go on.
    handle.hear(Voice::People(6));
    assert_eq!(handle.look_now(Some("one")), 1);
    assert!(handle.servers()[0].paused && !handle.pause("other", false));
    assert!(handle.pause("one", false));
    until(&handle, "the new file", |all| all[0].newest_file.as_ref() == Some(&name) && all[0].newest_stored).await;
    assert!(!handle.servers()[0].paused);
    assert!(service.end().await);
}
