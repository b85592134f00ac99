//! Boards, awards, MVPs, series and team names of hundreds of simulated matches, with guests, substitutes, merges, verdicts
//! and rosters that people set: from the files, from the stored lines and from the roll-ups they are the same, and the
//! series are those that were played.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod from_files;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use from_files::{Files, from_files};
use fullhold_analytics::{BOARDS, Standing, Team, Totals, Value, Verdict, awards, mvp_of, rank};
use fullhold_maintenance::{Maintenance, MergeRequest, Roster};
use fullhold_repository::{Counters, Db, Evening, RoundKey, Scope};
use fullhold_simulator::{Config, Disturbances, Evening as Played, Habits, Simulation, TrueSeries};
use fullhold_stats_file::Guid;
use fullhold_testkit::{corpus, each_backend};
use support::{config, import, importer, open, query};
use time::OffsetDateTime;

/// More than 500 matches: a match is at most two rounds.
const ROUNDS: usize = 1_150;

fn simulated(seed: u64, disturbances: Disturbances) -> Vec<Played> {
    let habits = Habits { guests: 300, clan_tags: 700, map_returns: 250, strength_decides: true, ..Habits::plain() };
    let config = Config { habits, ..Config::community(seed, ROUNDS, "UTC", disturbances) };
    let evenings: Vec<Played> = Simulation::new(config).unwrap().collect();
    let matches: usize = evenings.iter().map(|evening| evening.truth.matches.len()).sum();
    assert!(matches >= 500, "{matches} matches");
    evenings
}

fn files_of(evenings: &[Played]) -> Files {
    let files = evenings.iter().flat_map(|evening| &evening.files);
    files.map(|file| (file.name.clone(), file.bytes.clone())).collect()
}

async fn imported(url: &str, files: &Files) -> Db {
    let importer = importer(url, "UTC").await;
    for batch in files.chunks(250) {
        import(&importer, batch).await;
    }
    open(url).await
}

async fn evenings(db: &Db, url: &str) -> Vec<Evening> {
    let mut all = Vec::new();
    for row in query(url, "SELECT id FROM gaming_sessions ORDER BY started_at").await {
        all.push(db.evening(row[0].as_ref().unwrap().parse().unwrap()).await.unwrap().unwrap());
    }
    all
}

fn by_guid(sums: BTreeMap<String, Totals>) -> BTreeMap<Guid, Totals> {
    sums.into_iter().map(|(guid, totals)| (Guid::new(&guid).unwrap(), totals)).collect()
}

/// Results of decided matches by session key and person.
async fn standings(url: &str) -> BTreeMap<(String, String), Standing> {
    let sql =
        "SELECT s.session_key, r.person, r.margin FROM counted_results r JOIN gaming_sessions s ON s.id = r.session_id";
    let mut found: BTreeMap<(String, String), Standing> = BTreeMap::new();
    for row in query(url, sql).await {
        let text = |i: usize| row[i].clone().unwrap();
        let standing = found.entry((text(0), text(1))).or_default();
        let margin: i32 = text(2).parse().unwrap();
        standing.won += i64::from(margin > 0);
        standing.drawn += i64::from(margin == 0);
        standing.lost += i64::from(margin < 0);
    }
    found
}

/// What an evening's numbers come to, as text.
fn summary(sums: &BTreeMap<Guid, Totals>) -> String {
    let won: Vec<String> =
        awards(sums).iter().map(|won| format!("{} {} {}", won.award.id, won.guid, won.value)).collect();
    format!("{:?} {won:?}", mvp_of(sums))
}

async fn assert_agreement(url: &str, db: &Db, files: &Files, when: &str) {
    let from_files = from_files(url, &[("default".to_owned(), files.clone())].into()).await;
    let mut of_evenings: BTreeMap<String, BTreeMap<Guid, Totals>> = BTreeMap::new();
    for ((_, key, guid, _), totals) in &from_files.sessions {
        of_evenings.entry(key.clone()).or_default().insert(Guid::new(guid).unwrap(), *totals);
    }
    for evening in evenings(db, url).await {
        let key = evening.session.session_key.clone();
        let expected = of_evenings.get(&key).cloned().unwrap_or_default();
        let lines = evening.sums(|_| true);
        let scope = Scope { sessions: vec![evening.session.id], ..Scope::default() };
        let rolled_up = by_guid(db.totals(&scope, &Counters::all()).await.unwrap());
        assert_eq!(summary(&lines), summary(&expected), "{when}: lines of {key}");
        assert_eq!(summary(&rolled_up), summary(&expected), "{when}: roll-ups of {key}");
        let mvp = mvp_of(&expected).map(|guid| guid.to_string());
        assert_eq!(evening.session.mvp_guid, mvp, "{when}: {key}");
        let points: usize = evening.series().iter().map(|one| one.series.points_a).sum();
        assert_eq!(i32::try_from(points).unwrap(), evening.session.score_a, "{when}: series of {key}");
    }
    let standings = standings(url).await;
    let mut careers: BTreeMap<Guid, Totals> = BTreeMap::new();
    for ((_, key, guid, _), totals) in &from_files.sessions {
        let standing = standings.get(&(key.clone(), guid.clone())).copied().unwrap_or_default();
        let sum = careers.entry(Guid::new(guid).unwrap()).or_default();
        *sum = *sum + totals.as_evening(standing);
    }
    for board in BOARDS.iter().filter(|board| matches!(board.value, Value::Of(_))) {
        let stored = by_guid(db.totals(&Scope::default(), &Counters::of_board(board)).await.unwrap());
        let shown = |sums: &BTreeMap<Guid, Totals>| -> Vec<String> {
            let ranking = rank(board, sums, &BTreeMap::new());
            ranking.iter().map(|row| format!("{} {} {:?}", row.place, row.guid, row.value)).collect()
        };
        let expected = shown(&careers);
        assert!(!expected.is_empty(), "{when}: nobody is on {}", board.id);
        assert_eq!(shown(&stored), expected, "{when}: {}", board.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_agree_between_files_lines_and_roll_ups_whatever_people_decide() {
    let files = files_of(&simulated(21, Disturbances::all()));
    each_backend(async |url| {
        let db = imported(url, &files).await;
        let maintenance = Maintenance::new(db.clone(), config(), OffsetDateTime::now_utc);
        let ids = query(url, "SELECT id FROM rounds WHERE is_valid ORDER BY id").await;
        for row in ids.iter().step_by(90) {
            let id = row[0].as_ref().unwrap().parse().unwrap();
            maintenance.override_round(id, Some(Verdict::Ignore), "a test", "me").await.unwrap();
        }
        let guids = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
        for pair in guids.chunks_exact(2).take(3) {
            let (from, into) = (pair[0][0].as_ref().unwrap(), pair[1][0].as_ref().unwrap());
            let request = MergeRequest { from, into, force: true, dry_run: false };
            maintenance.merge_players(request).await.unwrap();
        }
        for evening in evenings(&db, url).await.iter().step_by(12) {
            let team = |name: Team| -> BTreeSet<String> {
                evening.teams.iter().filter(|row| row.team == name).map(|row| row.player_guid.clone()).collect()
            };
            let (a, b) = (team(Team::A), team(Team::B));
            // The strangest roster that can be: everybody where he was not.
            let roster =
                Roster { team_a: b, team_b: a, name_a: Some("reds".to_owned()), name_b: Some("blues".to_owned()) };
            let round = RoundKey::of_session(evening.session.server_id, &evening.session.session_key).unwrap();
            maintenance.set_teams(&round, &roster).await.unwrap();
        }
        assert_agreement(url, &db, &files, "decided").await;
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}

/// The text of a tag without colours and without what stands between it and the name.
fn plain(tag: &str) -> String {
    let mut text = String::new();
    let mut letters = tag.chars();
    while let Some(letter) = letters.next() {
        if letter == '^' {
            letters.next();
        } else {
            text.push(letter);
        }
    }
    text.trim_end_matches(['|', '.', '-', '_']).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn series_and_team_names_are_those_that_were_played() {
    let quiet = Disturbances { substitute: 60, rename: 0, ..Disturbances::none() };
    let played = simulated(22, quiet);
    let files = files_of(&played);
    each_backend(async |url| {
        let db = imported(url, &files).await;
        let stored: BTreeMap<String, Evening> =
            evenings(&db, url).await.into_iter().map(|one| (one.session.session_key.clone(), one)).collect();
        let (mut several, mut named) = (0, 0);
        for evening in played.iter().filter(|evening| !evening.truth.series.is_empty()) {
            let key = evening.truth.rounds[0].file.replace("-round-", "-").replace(".txt", "");
            let found = &stored[&key];
            let series = found.series();
            let expected: Vec<&TrueSeries> =
                evening.truth.series.iter().filter(|one| !one.matches.is_empty()).collect();
            let matches = |one: &fullhold_repository::NamedSeries| -> Vec<String> {
                one.series.matches.iter().map(|index| found.matches[*index].match_id.clone()).collect()
            };
            let found_matches: Vec<Vec<String>> = series.iter().map(matches).collect();
            assert_eq!(found_matches, expected.iter().map(|one| one.matches.clone()).collect::<Vec<_>>(), "{key}");
            several += usize::from(series.len() > 1);
            for (one, truth) in series.iter().zip(&expected) {
                let is_home = |team: &[Guid]| team.iter().filter(|guid| truth.home.contains(&guid.to_string())).count();
                let home_is_a = is_home(&one.series.team_a) > is_home(&one.series.team_b);
                let (a, b) = (u32::try_from(one.series.points_a).unwrap(), u32::try_from(one.series.points_b).unwrap());
                assert_eq!(if home_is_a { (a, b) } else { (b, a) }, truth.score, "{key}");
                let (name_a, name_b) = (one.names.team_a.clone(), one.names.team_b.clone());
                let names = if home_is_a { [name_a, name_b] } else { [name_b, name_a] };
                for (name, tag) in names.iter().zip(&truth.tags).filter(|(_, tag)| !tag.is_empty()) {
                    let name = name.clone().unwrap_or_default();
                    assert!(name.starts_with(&plain(tag)), "{key}: {name:?} is not {tag:?}");
                    named += 1;
                }
            }
        }
        assert!(several > 10 && named > 20, "{several} evenings with several series, {named} tags");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_real_files_are_as_expected_from_lines_and_roll_ups() {
    let Some(corpus) = corpus() else { return };
    let expected = corpus.expected_json("answers.json");
    each_backend(async |url| {
        let importer = importer(url, "Europe/Ljubljana").await;
        import(&importer, &corpus.files()).await;
        let db = open(url).await;
        let mut seen = 0;
        for evening in evenings(&db, url).await {
            let key = &evening.session.session_key;
            let Some(expected) = expected["evenings"].get(key) else { continue };
            seen += 1;
            let scope = Scope { sessions: vec![evening.session.id], ..Scope::default() };
            let rolled_up = by_guid(db.totals(&scope, &Counters::all()).await.unwrap());
            for (what, sums) in [("lines", evening.sums(|_| true)), ("roll-ups", rolled_up)] {
                let mvp = mvp_of(&sums).map(|guid| guid.to_string());
                assert_eq!(mvp.as_deref(), expected["mvp"].as_str(), "{key}: {what}");
                let won: BTreeMap<String, String> =
                    awards(&sums).iter().map(|won| (won.award.title.to_owned(), won.guid.to_string())).collect();
                let awarded = expected["awards"].as_object().unwrap().iter();
                let awarded: BTreeMap<String, String> =
                    awarded.map(|(title, row)| (title.clone(), row[0].as_str().unwrap().to_owned())).collect();
                assert_eq!(won, awarded, "{key}: {what}");
            }
            let series: Vec<serde_json::Value> = evening
                .series()
                .into_iter()
                .map(|one| {
                    serde_json::json!({
                        "a": one.series.points_a,
                        "b": one.series.points_b,
                        "maps": one.series.matches.len(),
                        "names": {"A": one.names.team_a.unwrap_or_default(), "B": one.names.team_b.unwrap_or_default()},
                    })
                })
                .collect();
            assert_eq!(serde_json::Value::Array(series), expected["series"], "{key}");
        }
        assert_eq!(seen, expected["evenings"].as_object().unwrap().len());
        for (id, rows) in expected["boards"]["all"].as_object().unwrap() {
            let board = BOARDS.iter().find(|board| board.id == *id).unwrap();
            let sums = by_guid(db.totals(&Scope::default(), &Counters::of_board(board)).await.unwrap());
            let found: Vec<String> =
                rank(board, &sums, &BTreeMap::new()).iter().map(|row| row.guid.to_string()).collect();
            let rows: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
            assert_eq!(found, rows, "{id}");
        }
    })
    .await;
}
