//! The questions of `repository::queries` against plain recomputation from the stored sessions, over many scopes; and
//! their plans.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test support"
)]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{BOARDS, Performance, RECORDS, RoundMark, Totals, Value, rank, record_history, record_holder};
use fullhold_maintenance::{Maintenance, MergeRequest};
use fullhold_repository::{
    Counters, Db, PairResults, Period, RoundId, Scope, ServerId, SessionId, SessionRow, SessionSums, Span, Verdict,
};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_stats_file::Guid;
use fullhold_testkit::each_backend;
use support::{config, import, open, query, server_importer};
use time::{Date, Month, OffsetDateTime};

fn simulated(seed: u64, rounds: usize) -> Vec<(String, Vec<u8>)> {
    // Six days between evenings: over several quarters.
    let config = Config { days_between: 17, ..Config::community(seed, rounds, "UTC", Disturbances::all()) };
    let evenings = Simulation::new(config).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

/// Two servers with some of the same people, a verdict and two merges.
async fn filled(url: &str) -> Db {
    let db = open(url).await;
    for (server, seed) in [("one", 5), ("two", 6)] {
        let importer = server_importer(&db, server, "UTC").await;
        import(&importer, &simulated(seed, 60)).await;
    }
    let maintenance = Maintenance::new(db.clone(), config(), OffsetDateTime::now_utc);
    maintenance.override_round(RoundId(3), Some(Verdict::Ignore), "a test", "me").await.unwrap();
    let players = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
    let guids: Vec<String> = players.into_iter().map(|row| row[0].clone().unwrap()).collect();
    for pair in guids.chunks_exact(2).take(2) {
        let request = MergeRequest { from: &pair[0], into: &pair[1], force: true, dry_run: false };
        maintenance.merge_players(request).await.unwrap();
    }
    db
}

/// A stored session with its sums.
struct Stored {
    row: SessionRow,
    sums: SessionSums,
}

async fn stored(db: &Db) -> Vec<Stored> {
    db.read(|tx, _| {
        Box::pin(async move {
            let ids: Vec<SessionId> = (1..1_000).map(SessionId).collect();
            let mut all = Vec::new();
            for row in tx.sessions(&ids).await? {
                let sums = tx.stored_sums(&row).await?;
                all.push(Stored { row, sums });
            }
            Ok::<_, fullhold_repository::Error>(all)
        })
    })
    .await
    .unwrap()
}

fn day(text: &str) -> Date {
    let number = |part: &str| part.parse::<u8>().unwrap();
    let month = Month::try_from(number(&text[5..7])).unwrap();
    Date::from_calendar_date(text[..4].parse().unwrap(), month, number(&text[8..10])).unwrap()
}

impl Stored {
    fn is_in(&self, scope: &Scope) -> bool {
        let began = day(&self.row.session_key);
        (scope.servers.is_empty() || scope.servers.contains(&self.row.server_id))
            && (scope.sessions.is_empty() || scope.sessions.contains(&self.row.id))
            && scope.period.from.is_none_or(|from| from <= began)
            && scope.period.to.is_none_or(|to| began <= to)
    }
}

fn expected(all: &[Stored], scope: &Scope) -> BTreeMap<String, Totals> {
    let mut sums: BTreeMap<String, Totals> = BTreeMap::new();
    for one in all.iter().filter(|one| one.is_in(scope)) {
        let mut of_session: BTreeMap<&String, Totals> = BTreeMap::new();
        if scope.maps.is_empty() {
            of_session.extend(one.sums.players.iter().map(|row| (&row.player_guid, row.counters())));
        } else {
            for row in one.sums.maps.iter().filter(|row| scope.maps.contains(&row.map_name)) {
                let sum = of_session.entry(&row.player_guid).or_default();
                *sum = *sum + row.counters();
            }
        }
        for (guid, sum) in of_session {
            if scope.players.is_empty() || scope.players.contains(guid) {
                let all = sums.entry(guid.clone()).or_default();
                *all = *all + Totals { evenings: 1, ..sum };
            }
        }
    }
    sums
}

/// Many scopes: periods that begin and end anywhere, and everything else with each.
fn scopes(all: &[Stored]) -> Vec<Scope> {
    let mut days: Vec<Date> = all.iter().map(|one| day(&one.row.session_key)).collect();
    days.sort_unstable();
    let (first, last) = (days[0], days[days.len() - 1]);
    let players: BTreeSet<&String> = all.iter().flat_map(|one| &one.sums.players).map(|row| &row.player_guid).collect();
    let maps: BTreeSet<&String> = all.iter().flat_map(|one| &one.sums.maps).map(|row| &row.map_name).collect();
    let some = |from: &BTreeSet<&String>| from.iter().step_by(3).map(|text| (*text).clone()).collect::<Vec<String>>();
    let mut periods = vec![Period::default()];
    for step in 0..12 {
        let (from, to) = (first + time::Duration::days(step * 23), last - time::Duration::days(step * 19));
        periods.push(Period { from: Some(from), to: Some(to) });
        periods.push(Period { from: Some(from), to: None });
        periods.push(Period { from: None, to: Some(to) });
    }
    let whole = |year, from: Month, to: Month, end| Period {
        from: Some(Date::from_calendar_date(year, from, 1).unwrap()),
        to: Some(Date::from_calendar_date(year, to, end).unwrap()),
    };
    periods.push(whole(2025, Month::April, Month::June, 30));
    let mut found = Vec::new();
    for (number, period) in periods.into_iter().enumerate() {
        let plain = Scope { period, ..Scope::default() };
        found.push(plain.clone());
        found.push(Scope { servers: vec![ServerId(1 + i32::try_from(number % 2).unwrap())], ..plain.clone() });
        found.push(Scope { players: some(&players), ..plain.clone() });
        found.push(Scope { maps: some(&maps), ..plain.clone() });
        let sessions = all.iter().step_by(2).map(|one| one.row.id).collect();
        found.push(Scope { sessions, players: some(&players), ..plain });
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_of_any_scope_are_those_of_its_sessions() {
    each_backend(async |url| {
        let db = filled(url).await;
        let all = stored(&db).await;
        for scope in scopes(&all) {
            let found = db.totals(&scope, &Counters::all()).await.unwrap();
            assert_eq!(found, expected(&all, &scope), "{scope:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_of_the_counters_that_it_needs_is_that_of_all() {
    each_backend(async |url| {
        let db = filled(url).await;
        let by_guid = |sums: BTreeMap<String, Totals>| -> BTreeMap<Guid, Totals> {
            sums.into_iter().map(|(guid, totals)| (Guid::new(&guid).unwrap(), totals)).collect()
        };
        let everything = by_guid(db.totals(&Scope::default(), &Counters::all()).await.unwrap());
        for board in BOARDS.iter().filter(|board| matches!(board.value, Value::Of(_))) {
            let some = by_guid(db.totals(&Scope::default(), &Counters::of_board(board)).await.unwrap());
            let shown = |sums: &BTreeMap<Guid, Totals>| -> Vec<(Guid, Option<f64>, Vec<String>)> {
                rank(board, sums, &BTreeMap::new())
                    .into_iter()
                    .map(|row| {
                        let second = board.second_line.iter().map(|formula| formula.show(row.totals)).collect();
                        (row.guid, row.value, second)
                    })
                    .collect()
            };
            assert_eq!(shown(&some), shown(&everything), "{}", board.id);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_career_is_the_sum_of_its_sessions_maps_and_weapons() {
    each_backend(async |url| {
        let db = filled(url).await;
        let all = stored(&db).await;
        let players: BTreeSet<&String> =
            all.iter().flat_map(|one| &one.sums.players).map(|row| &row.player_guid).collect();
        for (number, guid) in players.into_iter().enumerate() {
            let scope =
                Scope { servers: if number % 3 == 0 { vec![ServerId(2)] } else { Vec::new() }, ..Scope::default() };
            let of_player = Scope { players: vec![guid.clone()], ..scope.clone() };
            let career = db.career(guid, &scope).await.unwrap();
            let sum = expected(&all, &of_player).remove(guid).unwrap_or_default();
            assert_eq!(career.totals, sum);
            let in_scope: Vec<&Stored> = all.iter().filter(|one| one.is_in(&scope)).collect();
            let mut maps: BTreeMap<&String, Totals> = BTreeMap::new();
            let mut weapons: BTreeMap<&String, [i64; 6]> = BTreeMap::new();
            for one in &in_scope {
                for row in one.sums.maps.iter().filter(|row| row.player_guid == *guid) {
                    let sum = maps.entry(&row.map_name).or_default();
                    *sum = *sum + Totals { evenings: 1, ..row.counters() };
                }
                for row in one.sums.weapons.iter().filter(|row| row.player_guid == *guid) {
                    let sum = weapons.entry(&row.weapon_name).or_default();
                    let more = [row.rounds, row.kills, row.deaths, row.headshots, row.hits, row.shots];
                    for (sum, more) in sum.iter_mut().zip(more) {
                        *sum += i64::from(more);
                    }
                }
            }
            let found: BTreeMap<&String, Totals> = career.maps.iter().map(|(map, totals)| (map, *totals)).collect();
            assert_eq!(found, maps, "{guid}");
            let found: BTreeMap<&String, [i64; 6]> = career
                .weapons
                .iter()
                .map(|w| (&w.weapon, [w.rounds, w.kills, w.deaths, w.head_hits, w.hits, w.shots]))
                .collect();
            assert_eq!(found, weapons, "{guid}");
            assert!(career.weapons.is_sorted_by(|a, b| a.kills >= b.kills));
            let history = db.player_history(guid, &scope, 1_000).await.unwrap();
            let mut sessions: Vec<(&str, Totals)> = in_scope
                .iter()
                .filter_map(|one| {
                    let row = one.sums.players.iter().find(|row| row.player_guid == *guid)?;
                    Some((one.row.session_key.as_str(), Totals { evenings: 1, ..row.counters() }))
                })
                .collect();
            sessions.sort_by(|a, b| b.0.cmp(a.0));
            let mut found: Vec<(&str, Totals)> =
                history.iter().map(|one| (one.session_key.as_str(), one.totals)).collect();
            assert!(history.is_sorted_by(|a, b| a.started_at >= b.started_at));
            found.sort_by(|a, b| b.0.cmp(a.0));
            assert_eq!(found, sessions, "{guid}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_pairs_names_and_freshness_are_as_the_tables_say() {
    each_backend(async |url| {
        let db = filled(url).await;
        let number = |text: &Option<String>| text.as_ref().unwrap().parse::<i64>().unwrap();
        let maps = db.map_sums(&Scope::default()).await.unwrap();
        let rows = query(
            url,
            "SELECT map_name, count(*), sum(CASE WHEN round_outcome = 'completed' THEN 1 ELSE 0 END),
                min(CASE WHEN round_outcome = 'completed' THEN actual_time_seconds END)
             FROM rounds WHERE is_valid AND match_state = 'complete' GROUP BY map_name",
        )
        .await;
        assert_eq!(maps.len(), rows.len());
        for row in rows {
            let found = &maps[row[0].as_ref().unwrap()];
            assert_eq!(found.completed + found.held + found.unknown, number(&row[1]));
            assert_eq!(found.completed, number(&row[2]));
            assert_eq!(found.best_time().map(|seconds| seconds.to_string()), row[3]);
        }
        let results = query(url, "SELECT session_id, match_id, person, team, margin FROM counted_results").await;
        let people: BTreeSet<&String> = results.iter().map(|row| row[2].as_ref().unwrap()).collect();
        let people: Vec<&&String> = people.iter().collect();
        let mut shared = 0;
        for pair in people.windows(2) {
            let of = |person: &String| -> BTreeMap<(i64, String), (String, i64)> {
                results
                    .iter()
                    .filter(|row| row[2].as_ref() == Some(person))
                    .map(|row| ((number(&row[0]), row[1].clone().unwrap()), (row[3].clone().unwrap(), number(&row[4]))))
                    .collect()
            };
            let (one, other) = (of(pair[0]), of(pair[1]));
            let expected: BTreeSet<(i64, String, bool, i64)> = one
                .iter()
                .filter_map(|(key, (team, margin))| {
                    let (theirs, _) = other.get(key)?;
                    Some((key.0, key.1.clone(), team == theirs, *margin))
                })
                .collect();
            let found = db.together(pair[0], pair[1], &Scope::default()).await.unwrap();
            let found: BTreeSet<(i64, String, bool, i64)> = found
                .into_iter()
                .map(|one| (i64::from(one.session_id.0), one.match_id, one.together, i64::from(one.margin)))
                .collect();
            shared += found.len();
            assert_eq!(found, expected);
        }
        assert!(shared > 20, "{shared}");
        pairs_are_what_each_shares(&db, &results).await;
        let people = db.directory(&[]).await.unwrap();
        let merged: i64 = people.iter().map(|one| i64::try_from(one.guids.len()).unwrap()).sum();
        assert_eq!(vec![vec![Some(merged.to_string())]], query(url, "SELECT count(*) FROM players").await);
        assert_eq!(people.iter().filter(|one| one.guids.len() == 2).count(), 2);
        for one in people.iter().filter(|one| one.guids.len() == 1) {
            let sql = format!("SELECT count(*) FROM player_aliases WHERE guid = '{}'", one.player.guid);
            assert_eq!(query(url, &sql).await, vec![vec![Some(one.names.len().to_string())]]);
            assert_eq!(one.names.first().map(|name| &name.alias), Some(&one.player.display_name));
        }
        let fresh = db.freshness().await.unwrap();
        assert_eq!(fresh.iter().map(|one| one.server.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        assert!(fresh.iter().all(|one| one.newest_round.is_some() && one.last_look.is_none()));
    })
    .await;
}

type Row = Vec<Option<String>>;
/// A team in a match: session, match, team.
type TeamKey<'a> = (&'a Option<String>, &'a Option<String>, &'a Option<String>);

/// Pairs of everybody and of each player against the results of all, row by row.
async fn pairs_are_what_each_shares(db: &Db, results: &[Row]) {
    const LEAST: i64 = 3;
    let mut matches: BTreeMap<TeamKey<'_>, Vec<&Row>> = BTreeMap::new();
    for row in results {
        matches.entry((&row[0], &row[1], &row[3])).or_default().push(row);
    }
    let mut counts: BTreeMap<(String, String), [i64; 3]> = BTreeMap::new();
    for team in matches.values() {
        for (one, other) in team.iter().flat_map(|one| team.iter().map(move |other| (one, other))) {
            if one[2] != other[2] {
                let margin: i64 = one[4].as_ref().unwrap().parse().unwrap();
                let results = counts.entry((one[2].clone().unwrap(), other[2].clone().unwrap())).or_default();
                results[usize::try_from(1 - margin.signum()).unwrap()] += 1;
            }
        }
    }
    counts.retain(|_, results| results.iter().sum::<i64>() >= LEAST);
    let as_found = |pairs: Vec<PairResults>| -> Vec<((String, String), [i64; 3])> {
        pairs.into_iter().map(|pair| ((pair.one, pair.other), [pair.won, pair.drawn, pair.lost])).collect()
    };
    let all = Scope::default();
    let people: BTreeSet<&String> = counts.keys().map(|(one, _)| one).collect();
    for player in people {
        let expected: Vec<_> = counts.clone().into_iter().filter(|((one, _), _)| one == player).collect();
        assert_eq!(as_found(db.pairs(Some(player), LEAST, &all).await.unwrap()), expected, "{player}");
    }
    let expected: Vec<_> = counts.into_iter().filter(|((one, other), _)| one < other).collect();
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(as_found(db.pairs(None, LEAST, &all).await.unwrap()), expected);
    assert_eq!(db.pairs(None, 1, &Scope { servers: vec![ServerId(9_999)], ..all }).await.unwrap(), []);
}

/// When rounds ended, and what everybody did in them, by whom players are counted as.
async fn sums_of_rounds(db: &Db, ids: &[RoundId]) -> BTreeMap<RoundId, (RoundMark, BTreeMap<Guid, Totals>)> {
    db.read(|tx, _| {
        Box::pin(async move {
            let merges: BTreeMap<String, String> = tx.merges().await?.into_iter().collect();
            let (lines, weapons) = (tx.player_lines(ids).await?, tx.weapon_lines(ids).await?);
            let mut found = BTreeMap::new();
            for id in ids {
                let round = tx.round(*id).await?.unwrap();
                let ended_at = round.ended_at.assume_utc().unix_timestamp();
                let mark = RoundMark { ended_at, number: i64::from(id.0) };
                let mut sums: BTreeMap<Guid, Totals> = BTreeMap::new();
                for line in lines.iter().filter(|line| line.round_id == *id && line.counts()) {
                    let guid = Guid::new(merges.get(&line.player_guid).unwrap_or(&line.player_guid)).unwrap();
                    let grenade = weapons.iter().find(|weapon| {
                        (weapon.round_id, weapon.weapon_name.as_str(), &weapon.player_guid)
                            == (*id, "GRENADE", &line.player_guid)
                    });
                    let sum = sums.entry(guid).or_default();
                    *sum = *sum + line.totals(grenade).in_round(RoundMark { ended_at, number: 0 });
                }
                found.insert(*id, (mark, sums));
            }
            Ok::<_, fullhold_repository::Error>(found)
        })
    })
    .await
    .unwrap()
}

/// What somebody did in a round or match: player, sums, instant and round.
type Performed = (Guid, Totals, RoundMark);

#[tokio::test(flavor = "multi_thread")]
async fn records_are_held_by_whoever_did_best_in_a_valid_round_or_match() {
    each_backend(async |url| {
        let db = filled(url).await;
        let rounds = query(
            url,
            "SELECT r.id, r.server_id, r.match_id, r.is_valid FROM rounds r WHERE r.match_state = 'complete'
             ORDER BY r.server_id, r.match_id, r.round_number",
        )
        .await;
        let ids: Vec<RoundId> = rounds.iter().map(|row| row[0].as_ref().unwrap().parse().unwrap()).collect();
        let sums = sums_of_rounds(&db, &ids).await;
        let yes = |text: &Option<String>| matches!(text.as_deref(), Some("1" | "t"));
        let mut rounds_done: Vec<(ServerId, Performed)> = Vec::new();
        let mut matches_done: Vec<(ServerId, Performed)> = Vec::new();
        for halves in rounds.chunk_by(|a, b| a[1..3] == b[1..3]) {
            let server: ServerId = halves[0][1].as_ref().unwrap().parse().unwrap();
            let mut both: BTreeMap<Guid, Totals> = BTreeMap::new();
            let mut last = RoundMark::default();
            for half in halves.iter().filter(|half| yes(&half[3])) {
                let (mark, of_round) = &sums[&half[0].as_ref().unwrap().parse::<RoundId>().unwrap()];
                last = *mark;
                for (guid, totals) in of_round {
                    rounds_done.push((server, (*guid, *totals, *mark)));
                    let sum = both.entry(*guid).or_default();
                    *sum = *sum + *totals;
                }
            }
            if halves.iter().all(|half| yes(&half[3])) {
                matches_done.extend(both.into_iter().map(|(guid, totals)| (server, (guid, totals, last))));
            }
        }
        let (rounds, matches) = (rounds_done, matches_done);
        let mut held = 0;
        for (span, performed) in [(Span::Round, &rounds), (Span::Match, &matches)] {
            for servers in [vec![], vec![ServerId(1)], vec![ServerId(2)]] {
                let scope = Scope { servers: servers.clone(), ..Scope::default() };
                let of_scope: Vec<Performance<'_>> = performed
                    .iter()
                    .filter(|(server, _)| servers.is_empty() || servers.contains(server))
                    .map(|(_, (guid, totals, at))| Performance { guid: *guid, totals, at: *at })
                    .collect();
                for record in RECORDS {
                    let expected = record_history(record, &of_scope).pop();
                    assert_eq!(record_holder(record, &of_scope), expected, "{}", record.value.id);
                    let found = db.record_holders(span, record.value.id, &scope, 5).await.unwrap();
                    let best = found.first().map(|one| (one.player_guid.clone(), one.value, i64::from(one.round_id.0)));
                    let wanted = expected.map(|held| (held.guid.to_string(), held.value, held.at.number));
                    assert_eq!(best, wanted, "{} in a {}", record.value.id, span.name());
                    assert!(found.is_sorted_by(|a, b| a.value >= b.value));
                    held += found.len();
                }
            }
        }
        assert!(held > 200, "{held}");
    })
    .await;
}

/// Tables that may be read as a whole: few rows, or the answer needs all of them.
const MAY_BE_WALKED: [&str; 6] =
    ["player_season_totals", "servers", "server_status", "players", "player_aliases", "gaming_sessions"];

#[tokio::test(flavor = "multi_thread")]
async fn no_question_walks_a_table_that_grows_with_the_rounds() {
    each_backend(async |url| {
        let db = filled(url).await;
        let backend = if url.starts_with("sqlite") { "sqlite" } else { "postgres" };
        let mut text = String::new();
        for plan in db.plans().await.unwrap() {
            text.push_str(&format!("{}\n", plan.question));
            for step in &plan.steps {
                text.push_str(&format!("    {step}\n"));
            }
            for table in plan.walked {
                let allowed =
                    MAY_BE_WALKED.contains(&table.as_str()) || (plan.question, table.as_str()) == ("maps", "rounds");
                assert!(allowed, "{} walks {table}:\n{text}", plan.question);
            }
        }
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/plans/{backend}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&file).unwrap_or_default(),
            text,
            "UPDATE_GOLDEN=1 writes {}",
            file.display()
        );
    })
    .await;
}
