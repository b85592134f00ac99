//! What people say of players, teams and servers: it is heeded at once, in everything derived, and
//! whenever it was said, the database is the same.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod keeping;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use fullhold_ingest::Importer;
use fullhold_maintenance::{Error, Maintenance, MergeRequest, Roster, Selection};
use fullhold_repository::{RoundId, RoundKey, ServerId, TeamSource, Verdict, dump};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use keeping::asked;
use support::{import, importer, open, query, server_importer};
use time::OffsetDateTime;

type Files = Vec<(String, Vec<u8>)>;

fn files(seed: u64, rounds: usize) -> Files {
    let config = Config::community(seed, rounds, "UTC", Disturbances::all());
    let evenings = Simulation::new(config).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

async fn fresh(url: &str) -> (Importer, Maintenance) {
    open(url).await.recreate().await.unwrap();
    let importer = importer(url, "UTC").await;
    let maintenance = Maintenance::new(open(url).await, importer.config().clone(), OffsetDateTime::now_utc);
    (importer, maintenance.acting_for("alice"))
}

async fn dumped(maintenance: &Maintenance) -> Vec<String> {
    dump(maintenance.db()).await.unwrap()
}

async fn clean(maintenance: &Maintenance) {
    assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
}

async fn texts(url: &str, sql: &str) -> Vec<String> {
    query(url, sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
}

async fn one(url: &str, sql: &str) -> String {
    texts(url, sql).await.remove(0)
}

fn merge<'a>(from: &'a str, into: &'a str) -> MergeRequest<'a> {
    MergeRequest { from, into, force: true, dry_run: false }
}

/// The two people with most rounds in the last evening.
async fn busiest(url: &str) -> (String, String) {
    let guids = texts(
        url,
        "SELECT p.player_guid FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id \
         WHERE NOT p.is_bot AND r.gaming_session_id = (SELECT max(id) FROM gaming_sessions) \
         GROUP BY p.player_guid ORDER BY count(*) DESC, p.player_guid LIMIT 2",
    )
    .await;
    (guids[0].clone(), guids[1].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_players_are_one_person_whenever_they_were_merged() {
    each_backend(async |url| {
        let files = files(11, 40);
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &files).await;
        let apart = dumped(&maintenance).await;
        let (from, into) = busiest(url).await;
        let heads = "SELECT players FROM gaming_sessions ORDER BY id DESC LIMIT 1";
        let before: usize = one(url, heads).await.parse().unwrap();
        let dry = maintenance.merge_players(MergeRequest { dry_run: true, ..merge(&from, &into) }).await.unwrap();
        assert!(dry.shared.rounds > 0 && dry.shared.together + dry.shared.against >= dry.shared.rounds);
        assert!(dry.from.rounds > 0 && dry.from.kills > 0 && !dry.from.names.is_empty());
        assert_eq!(dumped(&maintenance).await, apart);
        let unforced = maintenance.merge_players(MergeRequest { force: false, ..merge(&from, &into) }).await;
        assert!(matches!(unforced, Err(Error::SharedRounds { .. })), "{unforced:?}");
        assert_eq!(dumped(&maintenance).await, apart);
        let merged = maintenance.merge_players(merge(&from, &into)).await.unwrap();
        assert!(merged.evenings > 0);
        assert_eq!(one(url, heads).await.parse::<usize>().unwrap(), before - 1);
        let named = format!("SELECT count(*) FROM session_teams WHERE player_guid = '{from}'");
        assert_eq!(one(url, &named).await, "0");
        let mvps = format!("SELECT count(*) FROM gaming_sessions WHERE mvp_guid = '{from}'");
        assert_eq!(one(url, &mvps).await, "0");
        clean(&maintenance).await;
        let together = dumped(&maintenance).await;
        maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(dumped(&maintenance).await, together);
        let done = maintenance.rebuild_sessions(&()).await.unwrap();
        assert_eq!((done.rounds, done.evenings), (0, 0));
        assert_eq!(dumped(&maintenance).await, together);

        // Merged in the middle of the history: the same.
        let (importer, maintenance) = fresh(url).await;
        let (late, early): (Vec<_>, Vec<_>) = files.iter().cloned().enumerate().partition(|(at, _)| at % 3 == 0);
        let only = |files: Vec<(usize, (String, Vec<u8>))>| files.into_iter().map(|(_, file)| file).collect::<Files>();
        import(&importer, &only(early)).await;
        maintenance.merge_players(merge(&from, &into)).await.unwrap();
        import(&importer, &only(late)).await;
        clean(&maintenance).await;
        assert_eq!(dumped(&maintenance).await, together);

        let done = maintenance.unmerge_player(&from, false).await.unwrap();
        assert_eq!((done.was.as_str(), done.stay.len()), (into.as_str(), 0));
        clean(&maintenance).await;
        assert_eq!(dumped(&maintenance).await, apart);
        let log = texts(url, "SELECT actor || ' ' || action FROM audit_log ORDER BY id").await;
        assert_eq!(log, ["alice merge-players", "alice unmerge"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_cannot_be_is_told_and_mended() {
    each_backend(async |url| {
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &files(12, 12)).await;
        let apart = dumped(&maintenance).await;
        let guids = texts(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
        let (a, b, c) = (guids[0].as_str(), guids[1].as_str(), guids[2].as_str());
        let same = maintenance.merge_players(merge(a, a)).await;
        assert!(matches!(same, Err(Error::Oneself(_))), "{same:?}");
        maintenance.merge_players(merge(a, b)).await.unwrap();
        let again = maintenance.merge_players(merge(a, b)).await;
        assert!(matches!(again, Err(Error::SamePlayer { .. })), "{again:?}");
        let back = maintenance.merge_players(merge(b, a)).await;
        assert!(matches!(back, Err(Error::Backwards { .. })), "{back:?}");
        maintenance.merge_players(merge(b, c)).await.unwrap();
        let done = maintenance.unmerge_player(b, false).await.unwrap();
        let stay: Vec<&str> = done.stay.iter().map(|one| one.guid.as_str()).collect();
        assert_eq!((done.was.as_str(), stay), (c, vec![a]), "A came with B and stays");
        maintenance.unmerge_player(a, false).await.unwrap();
        assert_eq!(dumped(&maintenance).await, apart);

        // Planted: into nobody, and a ring.
        let plant = async |sql: String| maintenance.db().execute_raw(&sql).await.unwrap();
        for planted in [
            format!("UPDATE players SET canonical_guid = 'NOBODY' WHERE guid = '{a}'"),
            format!(
                "UPDATE players SET canonical_guid = CASE guid WHEN '{a}' THEN '{b}' ELSE '{a}' END \
                     WHERE guid IN ('{a}', '{b}')"
            ),
        ] {
            plant(planted).await;
            let found = maintenance.validate(&()).await.unwrap().problems;
            assert!(!found.is_empty());
            assert!(found.iter().all(|one| one.column == "canonical_guid"), "{found:?}");
            assert!(found.iter().all(|one| one.expected.contains("dbadmin unmerge")), "{found:?}");
            for guid in [a, b] {
                match maintenance.unmerge_player(guid, false).await {
                    Ok(_) | Err(Error::NotMerged(_)) => {}
                    Err(error) => assert_eq!(error.to_string(), "no error"),
                }
            }
            clean(&maintenance).await;
            assert_eq!(dumped(&maintenance).await, apart);
        }
    })
    .await;
}

/// The last evening: its key, and its teams as found.
async fn last_evening(url: &str) -> (String, Roster) {
    let key =
        one(url, "SELECT session_key FROM gaming_sessions WHERE matches > 1 ORDER BY started_at DESC LIMIT 1").await;
    let team = async |team: &str| {
        let sql = format!(
            "SELECT t.player_guid FROM session_teams t JOIN gaming_sessions s ON s.id = t.session_id \
             WHERE s.session_key = '{key}' AND t.team = '{team}'"
        );
        texts(url, &sql).await.into_iter().collect::<BTreeSet<String>>()
    };
    let (team_a, team_b) = (team("A").await, team("B").await);
    (key, Roster { team_a, team_b, name_a: Some("Reds".to_owned()), name_b: Some("Blues".to_owned()) })
}

async fn score(url: &str, key: &str) -> (String, String) {
    let sql = format!(
        "SELECT score_a || ' : ' || score_b, score_b || ' : ' || score_a FROM gaming_sessions WHERE session_key = '{key}'"
    );
    let row = query(url, &sql).await.remove(0);
    (row[0].clone().unwrap(), row[1].clone().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_that_people_set_win_and_stay_whenever_files_come() {
    each_backend(async |url| {
        let files = files(13, 30);
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &files).await;
        let detected = dumped(&maintenance).await;
        let (key, found) = last_evening(url).await;
        let (before, swapped) = score(url, &key).await;
        let roster = Roster { team_a: found.team_b.clone(), team_b: found.team_a.clone(), ..found };
        // Kept by the evening's second round, whatever comes before it.
        let second = one(
            url,
            &format!(
                "SELECT r.server_stamp || '-' || r.map_name || '-' || r.round_number FROM rounds r JOIN gaming_sessions s \
                 ON s.id = r.gaming_session_id WHERE s.session_key = '{key}' ORDER BY r.ended_at LIMIT 1 OFFSET 1"
            ),
        )
        .await;
        let round = RoundKey::of_session(ServerId(1), &second).unwrap();
        let done = maintenance.set_teams(&round, &roster).await.unwrap();
        assert_eq!(format!("{} : {}", done.after.score_a, done.after.score_b), swapped);
        assert!(!done.is_stale && done.teams.iter().any(|row| row.source == TeamSource::Manual), "{done:?}");
        clean(&maintenance).await;
        let set = dumped(&maintenance).await;
        assert_ne!(set, detected);
        for selection in [Selection::Everything, Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned())] {
            maintenance.rebuild(selection, &()).await.unwrap();
            assert_eq!(dumped(&maintenance).await, set);
        }
        let names = texts(url, "SELECT DISTINCT team || team_name FROM session_teams WHERE source = 'manual' ORDER BY 1");
        assert_eq!(names.await, ["AReds", "BBlues"]);

        // The evening's first file comes late, and takes its key with it.
        let first = format!("{}-round-", key.rsplit_once('-').unwrap().0);
        let (late, early): (Files, Files) = files.iter().cloned().partition(|(name, _)| name.starts_with(&first));
        assert!(!late.is_empty());
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &early).await;
        if maintenance.set_teams(&round, &roster).await.is_ok() {
            import(&importer, &late).await;
            clean(&maintenance).await;
            assert_eq!(dumped(&maintenance).await, set);
        } else {
            // The second round is the first one's other half: it is late itself.
            import(&importer, &late).await;
            maintenance.set_teams(&round, &roster).await.unwrap();
        }
        let done = maintenance.clear_teams(&RoundKey::of_session(ServerId(1), &key).unwrap()).await.unwrap();
        assert_eq!(format!("{} : {}", done.after.score_a, done.after.score_b), before);
        assert_eq!(dumped(&maintenance).await, detected);
        let again = maintenance.clear_teams(&round).await;
        assert!(matches!(again, Err(Error::NoRoster(_))), "{again:?}");
        let both = Roster { team_b: roster.team_a.clone(), ..roster };
        assert!(matches!(maintenance.set_teams(&round, &both).await, Err(Error::BothTeams(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_zone_is_corrected_and_a_server_removed_with_everything() {
    each_backend(async |url| {
        let (ours, theirs) = (files(14, 24), files(15, 24));
        // As it should be: alone, and with another server beside it.
        let (_, maintenance) = fresh(url).await;
        import(&server_importer(&open(url).await, "ours", "Europe/Ljubljana").await, &ours).await;
        maintenance.remove_server("default").await.unwrap();
        let alone = dumped(&maintenance).await;
        import(&server_importer(&open(url).await, "theirs", "UTC").await, &theirs).await;
        let expected = dumped(&maintenance).await;

        // Imported with a wrong zone and a wrong name, in turn with the other, and some of it late.
        let (_, maintenance) = fresh(url).await;
        let typo = server_importer(&open(url).await, "typo", "UTC").await;
        let other = server_importer(&open(url).await, "theirs", "UTC").await;
        let (late, early): (Vec<_>, Vec<_>) = ours.iter().cloned().enumerate().partition(|(at, _)| at % 4 == 1);
        let only = |files: Vec<(usize, (String, Vec<u8>))>| files.into_iter().map(|(_, file)| file).collect::<Files>();
        for (mine, beside) in only(early).chunks(2).zip(theirs.chunks(3)) {
            import(&typo, mine).await;
            import(&other, beside).await;
        }
        import(&other, &theirs).await;
        import(&typo, &only(late)).await;
        import(&typo, &ours).await;
        maintenance.remove_server("default").await.unwrap();
        let wrong = maintenance.set_timezone("typo", "Europe/Atlantis", &()).await;
        assert!(matches!(wrong, Err(Error::Zone(_))), "{wrong:?}");
        let unknown = maintenance.set_timezone("nosuch", "Europe/Ljubljana", &()).await;
        assert!(matches!(unknown, Err(Error::NoServer { .. })), "{unknown:?}");
        let taken = maintenance.rename_server("typo", "theirs").await;
        assert!(matches!(taken, Err(Error::ServerName(_))), "{taken:?}");
        maintenance.set_timezone("typo", "Europe/Ljubljana", &()).await.unwrap();
        maintenance.rename_server("typo", "ours").await.unwrap();
        clean(&maintenance).await;
        assert_eq!(dumped(&maintenance).await, expected);
        maintenance.remove_server("theirs").await.unwrap();
        clean(&maintenance).await;
        assert_eq!(dumped(&maintenance).await, alone);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuilding_sessions_leaves_files_alone_that_failed() {
    each_backend(async |url| {
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &files(16, 12)).await;
        let db = maintenance.db();
        // As if an older parser had refused it.
        db.execute_raw("DELETE FROM matches").await.unwrap();
        db.execute_raw("DELETE FROM rounds WHERE id = 4").await.unwrap();
        db.execute_raw(
            "UPDATE processed_files SET state = 'failed', success = false, error_message = 'old parser' \
             WHERE id NOT IN (SELECT file_id FROM rounds)",
        )
        .await
        .unwrap();
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert_eq!(one(url, "SELECT count(*) FROM rounds WHERE id = 4").await, "0");
        assert_eq!(one(url, "SELECT state FROM processed_files WHERE error_message = 'old parser'").await, "failed");
        let name = one(url, "SELECT filename FROM processed_files WHERE state = 'failed'").await;
        let done = maintenance.retry(&asked(db, &[name]).await, "alice").await.unwrap();
        assert_eq!(done.done.len(), 1);
        clean(&maintenance).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn match_totals_are_those_of_rounds_that_count() {
    each_backend(async |url| {
        let (importer, maintenance) = fresh(url).await;
        import(&importer, &files(17, 20)).await;
        let id: RoundId =
            one(url, "SELECT min(r1_round_id) FROM matches WHERE match_state = 'complete'").await.parse().unwrap();
        let sums = async || {
            let sql = format!(
                "SELECT sum(m.kills), (SELECT sum(p.kills) FROM player_comprehensive_stats p JOIN valid_rounds r \
                 ON r.id = p.round_id WHERE r.match_id = (SELECT match_id FROM rounds WHERE id = {id})) \
                 FROM player_match_stats m WHERE m.match_id = (SELECT match_id FROM rounds WHERE id = {id})"
            );
            let row = query(url, &sql).await.remove(0);
            (row[0].clone(), row[1].clone())
        };
        let (before, expected) = sums().await;
        assert_eq!(before, expected);
        maintenance.override_round(id, Some(Verdict::Ignore), "test", "alice").await.unwrap();
        let (after, expected) = sums().await;
        assert_eq!(after, expected);
        assert_ne!(after, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_called_a_bot_is_one_in_players_as_in_every_line() {
    each_backend(async |url| {
        let (importer, maintenance) = fresh(url).await;
        let mut all = files(18, 12);
        for (_, bytes) in &mut all {
            // The first player of each file, under an ordinary guid.
            let text = String::from_utf8(std::mem::take(bytes)).unwrap();
            let line = text.lines().nth(1).unwrap();
            let name = line.split('\\').nth(1).unwrap();
            let bot = line.replacen(&format!("\\{name}\\"), &format!("\\^1[bot]^7{name}\\"), 1);
            *bytes = text.replacen(line, &bot, 1).into_bytes();
        }
        import(&importer, &all).await;
        let bots = "SELECT count(*) FROM players WHERE is_bot";
        assert_ne!(one(url, bots).await, "0");
        let differ = "SELECT count(*) FROM players p WHERE p.is_bot <> EXISTS (SELECT 1 FROM player_comprehensive_stats l \
                      WHERE l.player_guid = p.guid AND l.is_bot)";
        assert_eq!(one(url, differ).await, "0");
        clean(&maintenance).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_the_reference_bot_knew_are_counted_on() {
    each_backend(async |url| {
        let (importer, maintenance) = fresh(url).await;
        let files = files(19, 30);
        import(&importer, &files[..10]).await;
        // It had seen each name a little more often, or less often, than our lines have.
        let taken = "INSERT INTO reference_aliases SELECT guid, alias, times_seen + 2, first_seen, last_seen \
                     FROM player_aliases WHERE times_seen > 1";
        let less = "INSERT INTO reference_aliases SELECT guid, alias, 1, first_seen, last_seen \
                    FROM player_aliases WHERE times_seen = 1";
        maintenance.db().execute_raw(taken).await.unwrap();
        maintenance.db().execute_raw(less).await.unwrap();
        maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        clean(&maintenance).await;
        for file in &files[10..] {
            import(&importer, std::slice::from_ref(file)).await;
        }
        clean(&maintenance).await;
    })
    .await;
}
