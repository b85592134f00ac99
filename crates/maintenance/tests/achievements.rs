//! The ledger of achievements against plain sums of the stored lines, in any order of import; and each unlock is
//! announced once at most.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::Verdict;
use fullhold_maintenance::{Maintenance, MergeRequest, Selection};
use fullhold_repository::{AchievementRow, Db, RoundId, ServerId};
use fullhold_simulator::{World, WorldFile};
use fullhold_testkit::each_backend;
use support::{config, import_arriving, open, query, world_importers};
use time::OffsetDateTime;

/// Player, badge and tier.
type Unlock = (String, String, i32);

fn maintenance(db: &Db) -> Maintenance {
    Maintenance::new(db.clone(), config(), OffsetDateTime::now_utc)
}

async fn ledger(db: &Db, url: &str) -> Vec<AchievementRow> {
    let mut rows = Vec::new();
    for guid in query(url, "SELECT DISTINCT player_guid FROM achievements").await {
        rows.extend(db.achievements(guid[0].as_ref().unwrap(), &[]).await.unwrap());
    }
    rows.sort_by(|a, b| (&a.player_guid, &a.badge, a.tier).cmp(&(&b.player_guid, &b.badge, b.tier)));
    rows
}

/// Sessions whose unlocks are posted.
async fn sessions(url: &str) -> Vec<(ServerId, String)> {
    let rows = query(url, "SELECT server_id, session_key FROM gaming_sessions").await;
    rows.into_iter().map(|row| (row[0].clone().unwrap().parse().unwrap(), row[1].clone().unwrap())).collect()
}

/// Announces what is due everywhere, and fails when something was announced before.
async fn announce(db: &Db, url: &str, announced: &mut BTreeSet<Unlock>) {
    for (server, key) in sessions(url).await {
        let at = maintenance_clock();
        for row in db.announce_achievements(server, &key, at).await.unwrap() {
            let unlock = (format!("{server} {}", row.player_guid), row.badge, row.tier);
            assert!(announced.insert(unlock.clone()), "{unlock:?} was announced twice");
        }
        assert_eq!(db.announce_achievements(server, &key, at).await.unwrap(), Vec::new());
    }
}

fn maintenance_clock() -> time::PrimitiveDateTime {
    fullhold_ingest::utc(OffsetDateTime::now_utc())
}

/// A player's line in a match, in the order of play.
struct Line {
    person: String,
    session: String,
    match_id: String,
    numbers: [i64; 3],
}

/// When the tiers of kills, rounds and K/D were reached, by adding up lines from the first on.
fn by_hand(lines: &[Line]) -> BTreeMap<Unlock, (String, String)> {
    let (kills, rounds) = ([100, 500, 1000, 2500, 5000, 10_000, 20_000], [10, 50, 100, 250, 500, 1000, 5000]);
    let mut sums: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    let mut found: BTreeMap<Unlock, (String, String)> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let sum = sums.entry(&line.person).or_default();
        for (all, number) in sum.iter_mut().zip(line.numbers) {
            *all += number;
        }
        // What is reached is reached at the end of the match.
        let goes_on = |later: &Line| (&later.person, &later.match_id) == (&line.person, &line.match_id);
        if lines[index + 1..].iter().any(goes_on) {
            continue;
        }
        let [all_rounds, all_kills, deaths] = *sum;
        let mut reach = |badge: &str, tier: usize| {
            let unlock = (line.person.clone(), badge.to_owned(), i32::try_from(tier + 1).unwrap());
            found.entry(unlock).or_insert_with(|| (line.session.clone(), line.match_id.clone()));
        };
        (0..7).filter(|tier| all_kills >= kills[*tier]).for_each(|tier| reach("kills", tier));
        (0..7).filter(|tier| all_rounds >= rounds[*tier]).for_each(|tier| reach("rounds", tier));
        // Twice K/D, so that all thresholds are whole.
        let times = [2, 3, 4, 6];
        let is_reached = |tier: &usize| all_rounds >= 20 && 2 * all_kills >= times[*tier] * deaths.max(1);
        (0..4).filter(is_reached).for_each(|tier| reach("kd", tier));
    }
    found
}

async fn lines(url: &str, server: i32) -> Vec<Line> {
    let sql = format!(
        "SELECT l.person, g.session_key, r.match_id, sum(l.kills), sum(l.deaths) FROM counted_lines l \
         JOIN rounds r ON r.id = l.round_id JOIN gaming_sessions g ON g.id = r.gaming_session_id \
         WHERE r.server_id = {server} GROUP BY l.person, g.session_key, r.match_id, r.id, r.ended_at \
         ORDER BY r.ended_at, r.match_id"
    );
    let text = |value: &Option<String>| value.clone().unwrap();
    let line = |row: &Vec<Option<String>>| Line {
        person: text(&row[0]),
        session: text(&row[1]),
        match_id: text(&row[2]),
        numbers: [1, text(&row[3]).parse().unwrap(), text(&row[4]).parse().unwrap()],
    };
    query(url, &sql).await.iter().map(line).collect()
}

async fn assert_by_hand(url: &str, ledger: &[AchievementRow], what: &str) {
    for server in [1, 2] {
        let expected = by_hand(&lines(url, server).await);
        let of_server = ledger.iter().filter(|row| row.server_id == ServerId(server));
        let counted = of_server.filter(|row| ["kills", "rounds", "kd"].contains(&row.badge.as_str()));
        let found: BTreeMap<Unlock, (String, String)> = counted
            .map(|row| {
                let unlock = (row.player_guid.clone(), row.badge.clone(), row.tier);
                (unlock, (row.session_key.clone(), row.match_id.clone()))
            })
            .collect();
        assert!(expected.len() > 10, "{} unlocks show nothing", expected.len());
        assert_eq!(found, expected, "{what}, server {server}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_the_same_after_any_order_and_announces_nothing_twice() {
    let world = World::rough(3, 2, 70).unwrap();
    let whole: Vec<&WorldFile> = world.deliveries.iter().filter(|file| file.is_whole).collect();
    let mut backwards = whole.clone();
    backwards.reverse();
    let mut mixed: Vec<(usize, &WorldFile)> = whole.iter().copied().enumerate().collect();
    mixed.sort_by_key(|(index, _)| (index * 7919 + 3) % 997);
    let mixed: Vec<&WorldFile> = mixed.into_iter().map(|(_, file)| file).collect();
    let all = std::sync::Mutex::new(Vec::new());
    for (what, order) in [("in order", whole), ("backwards", backwards), ("mixed", mixed)] {
        each_backend(async |url| {
            let db = open(url).await;
            let importers = world_importers(&db, &world, &config()).await;
            let mut announced = BTreeSet::new();
            for files in order.chunks(60) {
                import_arriving(&importers, files).await;
                announce(&db, url, &mut announced).await;
            }
            let before = ledger(&db, url).await;
            assert_by_hand(url, &before, what).await;
            maintenance(&db).rebuild(Selection::Everything, &()).await.unwrap();
            announce(&db, url, &mut announced).await;
            assert_eq!(ledger(&db, url).await, before, "{what}, rebuilt");
            let round = query(url, "SELECT min(id) FROM rounds WHERE is_valid").await[0][0].clone().unwrap();
            let round: RoundId = round.parse().unwrap();
            maintenance(&db).override_round(round, Some(Verdict::Cancelled), "lag", "me").await.unwrap();
            announce(&db, url, &mut announced).await;
            assert_by_hand(url, &ledger(&db, url).await, &format!("{what}, judged")).await;
            maintenance(&db).override_round(round, None, "no lag", "me").await.unwrap();
            announce(&db, url, &mut announced).await;
            assert_eq!(ledger(&db, url).await, before, "{what}, the verdict taken back");
            let due: BTreeSet<Unlock> = before
                .iter()
                .map(|row| (format!("{} {}", row.server_id, row.player_guid), row.badge.clone(), row.tier))
                .collect();
            assert!(due.is_subset(&announced), "{what}: not everything was announced");
            assert_eq!(maintenance(&db).validate(&()).await.unwrap().problems, Vec::new(), "{what}");
            all.lock().unwrap().push((what, before));
        })
        .await;
    }
    let all = all.into_inner().unwrap();
    for (what, found) in &all {
        assert_eq!(*found, all[0].1, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_merged_is_not_announced_again() {
    let world = World::rough(3, 2, 40).unwrap();
    each_backend(async |url| {
        let db = open(url).await;
        let importers = world_importers(&db, &world, &config()).await;
        let files: Vec<&WorldFile> = world.deliveries.iter().filter(|file| file.is_whole).collect();
        import_arriving(&importers, &files).await;
        let mut announced = BTreeSet::new();
        announce(&db, url, &mut announced).await;
        let best = "SELECT player_guid FROM achievements GROUP BY player_guid ORDER BY count(*) DESC, player_guid";
        let guids = query(url, best).await;
        let (from, into) = (guids[0][0].clone().unwrap(), guids[1][0].clone().unwrap());
        let request = MergeRequest { from: &from, into: &into, force: true, dry_run: false };
        maintenance(&db).merge_players(request).await.unwrap();
        let mut again = Vec::new();
        for (server, key) in sessions(url).await {
            again.extend(db.announce_achievements(server, &key, maintenance_clock()).await.unwrap());
        }
        // What neither of both had reached alone may be new.
        let known = |row: &AchievementRow| {
            let of = |guid: &str| (format!("{} {guid}", row.server_id), row.badge.clone(), row.tier);
            announced.contains(&of(&from)) || announced.contains(&of(&into))
        };
        assert!(again.iter().all(|row| row.player_guid == into && !known(row)), "{again:?}");
        assert_eq!(maintenance(&db).validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}
