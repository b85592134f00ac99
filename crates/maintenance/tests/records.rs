//! Records with who held them before, champions and recaps: from roll-ups and from lines they are the same.
#![expect(clippy::unwrap_used, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{FactKind, RECAP_FACTS, RECORDS, Season, Totals, champions};
use fullhold_maintenance::{Maintenance, MergeRequest};
use fullhold_repository::{Champion, Counters, Db, Period, RecordHolder, Scope, ServerId, SessionId, Span};
use fullhold_simulator::{Config, Disturbances, Habits, Simulation};
use fullhold_stats_file::Guid;
use fullhold_testkit::each_backend;
use support::{config, import, importer, open, query};
use time::OffsetDateTime;

async fn filled(url: &str, seed: u64) -> Db {
    let habits = Habits { guests: 300, strength_decides: true, ..Habits::plain() };
    // Two evenings a month, so that there are several seasons.
    let config = Config { habits, days_between: 16, ..Config::community(seed, 260, "UTC", Disturbances::all()) };
    let files: Vec<(String, Vec<u8>)> = Simulation::new(config)
        .unwrap()
        .flat_map(|evening| evening.files)
        .map(|file| (file.name, file.bytes))
        .collect();
    let importer = importer(url, "UTC").await;
    for batch in files.chunks(60) {
        import(&importer, batch).await;
    }
    open(url).await
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_roll_ups_are_those_of_the_lines() {
    each_backend(async |url| {
        let db = filled(url, 31).await;
        let maintenance = Maintenance::new(db.clone(), config(), OffsetDateTime::now_utc);
        let guids = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
        let (from, into) = (guids[0][0].as_ref().unwrap(), guids[1][0].as_ref().unwrap());
        maintenance.merge_players(MergeRequest { from, into, force: true, dry_run: false }).await.unwrap();
        let maps: Vec<String> = query(url, "SELECT DISTINCT map_name FROM rounds")
            .await
            .into_iter()
            .map(|row| row[0].clone().unwrap())
            .collect();
        let everywhere = Scope { maps: maps.clone(), ..Scope::default() };
        let mut seen = 0;
        for span in [Span::Round, Span::Match, Span::Evening] {
            let by_lines = db.map_records(span, &everywhere).await.unwrap();
            for record in RECORDS {
                let best = db.record_holders(span, record.value.id, &Scope::default(), 1).await.unwrap();
                let history = db.record_history(span, record, &Scope::default()).await.unwrap();
                let lines = by_lines.get(record.value.id).cloned().unwrap_or_default();
                assert_eq!(history.last(), best.first(), "{span:?} {}", record.value.id);
                assert_eq!(lines.last(), best.first(), "{span:?} {}", record.value.id);
                let rises = |held: &[RecordHolder]| {
                    held.is_sorted_by(|a, b| a.value < b.value && (a.ended_at, a.round_id) <= (b.ended_at, b.round_id))
                };
                assert!(rises(&history) && rises(&lines), "{span:?} {}", record.value.id);
                // The best of an evening is one of those that its lines tell.
                assert!(history.iter().all(|one| lines.contains(one)), "{span:?} {}", record.value.id);
                seen += usize::from(history.len() > 1);
            }
        }
        assert!(seen > 20, "{seen} records have predecessors");
        let kills = RECORDS.iter().find(|record| record.value.id == "kills").unwrap();
        for map in maps {
            let scope = Scope { maps: vec![map.clone()], ..Scope::default() };
            let held = db.record_history(Span::Round, kills, &scope).await.unwrap();
            assert!(held.iter().all(|one| one.map_name == map));
        }
    })
    .await;
}

fn shown(champions: &[Champion]) -> Vec<(&'static str, Guid)> {
    champions.iter().map(|one| (one.board.id, one.guid)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn champions_are_the_first_of_their_boards_in_each_season() {
    each_backend(async |url| {
        let db = filled(url, 32).await;
        let seasons = db.seasons(&[]).await.unwrap();
        assert!(seasons.len() >= 2 && seasons.is_sorted(), "{seasons:?}");
        let all = db.champions(&[], Period::default()).await.unwrap();
        assert_eq!(all.iter().map(|one| one.board.id).collect::<Vec<_>>(), ["rating", "dpm", "kills"]);
        let last = *seasons.last().unwrap();
        let past = db.past_champions(&[ServerId(1)], last, 8).await.unwrap();
        let expected: Vec<Season> = seasons.iter().rev().skip(1).take(8).copied().collect();
        assert_eq!(past.iter().map(|(season, _)| *season).collect::<Vec<_>>(), expected);
        for (season, champions_of) in &past {
            let scope =
                Scope { period: Period { from: season.first_day(), to: season.last_day() }, ..Scope::default() };
            let sums: BTreeMap<Guid, Totals> = db
                .totals(&scope, &Counters::all())
                .await
                .unwrap()
                .into_iter()
                .map(|(guid, totals)| (Guid::new(&guid).unwrap(), totals))
                .collect();
            let first = champions(&sums, &BTreeMap::new());
            let of_sums: Vec<_> =
                first.into_iter().filter_map(|(board, ranked)| Some((board.id, ranked?.guid))).collect();
            let found: Vec<_> = shown(champions_of).into_iter().filter(|(board, _)| *board != "rating").collect();
            assert_eq!(found, of_sums, "{season}");
            // The best skill at the end of the season, told by the history of everybody.
            let end = scope.period.to.unwrap().next_day().unwrap().midnight();
            let mut skills: BTreeMap<Guid, f64> = BTreeMap::new();
            for guid in sums.keys().filter(|guid| sums[guid].matches() > 9) {
                let points = db.rating_history(*guid, &Scope::default(), i64::MAX).await.unwrap();
                let before = points.into_iter().find(|point| point.ended_at < end);
                if let Some(point) = before.filter(|point| !point.skill.is_provisional()) {
                    skills.insert(*guid, point.skill.at_least());
                }
            }
            let best = skills.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(guid, _)| *guid);
            let found = shown(champions_of).into_iter().find(|(board, _)| *board == "rating").map(|(_, guid)| guid);
            assert_eq!(found, best, "{season}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recaps_are_short_and_not_the_same_every_evening() {
    each_backend(async |url| {
        let db = filled(url, 33).await;
        let mut said: BTreeMap<FactKind, usize> = BTreeMap::new();
        let ids = query(url, "SELECT id FROM gaming_sessions WHERE valid_rounds > 0 ORDER BY started_at").await;
        for row in &ids {
            let facts = db.recap(row[0].as_ref().unwrap().parse().unwrap()).await.unwrap();
            let kinds: BTreeSet<FactKind> = facts.iter().map(|fact| fact.kind).collect();
            assert!(facts.len() <= RECAP_FACTS && kinds.len() == facts.len(), "{facts:?}");
            kinds.into_iter().for_each(|kind| *said.entry(kind).or_default() += 1);
        }
        assert!(said.len() >= 4, "{said:?}");
        // What every second evening had is not said of most: the first evenings have nothing to be compared with.
        let most = said.values().max().unwrap();
        assert!(most * 2 < ids.len(), "{said:?} of {} evenings", ids.len());
        assert_eq!(db.recap(SessionId(i32::MAX)).await.unwrap(), Vec::new());
    })
    .await;
}
