//! Ratings as they are stored: whatever the order of import, and whatever people decide in between, they are those of a
//! replay from the first match on, to the last bit.
#![expect(clippy::unwrap_used, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use std::sync::Mutex;

use fullhold_analytics::{LOG_LOSS_OF_A_COIN, Ratings, Verdict};
use fullhold_maintenance::{Maintenance, MergeRequest, Selection};
use fullhold_repository::{Db, PlayerRating, PredictedMatch, RatingPoint, RoundId, Scope, ServerId};
use fullhold_simulator::{Config, Disturbances, Habits, Simulation};
use fullhold_testkit::{corpus, each_backend};
use support::{config, import, import_written_at, importer, open, query};
use time::OffsetDateTime;

/// Name, bytes, instant of writing.
type File = (String, Vec<u8>, Option<i64>);

fn files(seed: u64, rounds: usize) -> Vec<File> {
    let habits = Habits { strength_decides: true, guests: 300, ..Habits::plain() };
    let config = Config { habits, ..Config::community(seed, rounds, "Europe/Ljubljana", Disturbances::all()) };
    let evenings = Simulation::new(config).unwrap().flat_map(|evening| {
        let at: Vec<i64> = evening.truth.rounds.iter().map(|round| round.ended_at).collect();
        evening.files.into_iter().zip(at).map(|(file, at)| (file.name, file.bytes, Some(at)))
    });
    evenings.collect()
}

/// All that is stored of ratings.
#[derive(Clone, Debug, PartialEq)]
struct History {
    predictions: Vec<PredictedMatch>,
    ratings: Vec<PlayerRating>,
    points: Vec<RatingPoint>,
    community: Ratings,
}

async fn history(db: &Db) -> History {
    let all = Scope::default();
    let ratings = db.ratings(&all).await.unwrap();
    let mut points = Vec::new();
    for one in &ratings {
        points.extend(db.rating_history(one.guid, &all, i64::MAX).await.unwrap());
    }
    History {
        predictions: db.predictions(&all).await.unwrap(),
        points,
        community: db.community(&[]).await.unwrap(),
        ratings,
    }
}

async fn import_batches(url: &str, batches: &[Vec<&File>]) -> Db {
    let importer = importer(url, "Europe/Ljubljana").await;
    for batch in batches {
        let batch: Vec<_> = batch.iter().map(|(name, bytes, at)| (name.as_str(), bytes.as_slice(), *at)).collect();
        import_written_at(&importer, &batch).await;
    }
    open(url).await
}

fn maintenance(db: &Db) -> Maintenance {
    Maintenance::new(db.clone(), config(), OffsetDateTime::now_utc)
}

/// Deterministic, and no order that anybody would choose.
fn shuffled(files: &[File]) -> Vec<&File> {
    let mut order: Vec<(usize, &File)> = files.iter().enumerate().collect();
    order.sort_by_key(|(index, _)| (index * 7919 + 17) % 1009);
    order.into_iter().map(|(_, file)| file).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_of_import_gives_the_ratings_of_a_replay_to_the_last_bit() {
    let files = files(5, 150);
    let found: Mutex<Vec<(String, History)>> = Mutex::new(Vec::new());
    let in_order: Vec<Vec<&File>> = files.chunks(9).map(|batch| batch.iter().collect()).collect();
    let one_by_one: Vec<Vec<&File>> = shuffled(&files).chunks(4).map(<[&File]>::to_vec).collect();
    let backwards: Vec<Vec<&File>> = files.rchunks(13).map(|batch| batch.iter().collect()).collect();
    for (what, batches) in [("in order", in_order), ("shuffled", one_by_one), ("backwards", backwards)] {
        each_backend(async |url| {
            let db = import_batches(url, &batches).await;
            let before = history(&db).await;
            maintenance(&db).rebuild(Selection::Everything, &()).await.unwrap();
            let after = history(&db).await;
            assert_eq!(before, after, "{what}, rebuilt");
            // Nothing is stored any more, as after an upgrade: the replay begins with the first match.
            db.execute_raw("DELETE FROM ratings").await.unwrap();
            db.execute_raw("DELETE FROM rated_matches").await.unwrap();
            db.replay_ratings().await.unwrap();
            let history = history(&db).await;
            found.lock().unwrap().push((what.to_owned(), history));
            assert_eq!(maintenance(&db).validate(&()).await.unwrap().problems, Vec::new(), "{what}");
            found.lock().unwrap().push((what.to_owned(), before));
        })
        .await;
    }
    let found = found.into_inner().unwrap();
    let (_, first) = &found[0];
    assert!(first.predictions.len() > 40 && first.points.len() > 400, "{} matches", first.predictions.len());
    for (what, history) in &found {
        assert_eq!(history, first, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_or_a_merge_replays_what_follows_and_comes_undone() {
    let files = files(6, 90);
    each_backend(async |url| {
        let db = import_batches(url, &[files.iter().collect()]).await;
        let (before, maintenance) = (history(&db).await, maintenance(&db));
        let early = before.predictions[before.predictions.len() / 3].ended_at;
        let sql = "SELECT m.r2_round_id, r.ended_at FROM rated_matches t JOIN matches m ON m.match_id = t.match_id \
                   JOIN rounds r ON r.id = m.r2_round_id ORDER BY t.ended_at, t.match_id";
        let rows = query(url, sql).await;
        let round: RoundId = rows[rows.len() / 3][0].clone().unwrap().parse().unwrap();
        maintenance.override_round(round, Some(Verdict::Ignore), "lag", "me").await.unwrap();
        let judged = history(&db).await;
        assert_eq!(judged.predictions.len(), before.predictions.len() - 1);
        let until = |history: &History| -> Vec<PredictedMatch> {
            history.predictions.iter().filter(|one| one.ended_at < early).copied().collect()
        };
        assert_eq!(until(&judged), until(&before), "what was before it stays");
        assert_ne!(judged.ratings, before.ratings);
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
        maintenance.override_round(round, None, "no lag", "me").await.unwrap();
        assert_eq!(history(&db).await, before, "the verdict was taken back");
        let (from, into) = (before.ratings[0].guid, before.ratings[1].guid);
        let request = MergeRequest { from: from.as_str(), into: into.as_str(), force: true, dry_run: false };
        maintenance.merge_players(request).await.unwrap();
        let merged = history(&db).await;
        assert!(merged.ratings.iter().all(|one| one.guid != from), "{from} is somebody else now");
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
        maintenance.unmerge_player(from.as_str(), false).await.unwrap();
        assert_eq!(history(&db).await, before, "taken apart again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_community_read_back_says_what_its_replay_says() {
    let files = files(8, 60);
    each_backend(async |url| {
        let db = import_batches(url, &[files.iter().collect()]).await;
        let community = db.community(&[ServerId(1)]).await.unwrap();
        let ratings = db.ratings(&Scope::default()).await.unwrap();
        assert!(ratings.len() > 8);
        for one in &ratings {
            let point = &db.rating_history(one.guid, &Scope::default(), 1).await.unwrap()[0];
            assert_eq!((point.skill, &point.match_id), (one.skill, &one.match_id), "the newest comes first");
            assert_eq!(community.skill(one.guid, one.skill.last_at).mean.to_bits(), one.skill.mean.to_bits());
        }
        let guids: Vec<_> = ratings.iter().map(|one| one.guid).take(8).collect();
        let (a, b) = guids.split_at(4);
        let (there, back) = (community.predict(a, b, 0).chance, community.predict(b, a, 0).chance);
        assert!((there + back - 1.0).abs() < 1e-9, "{there} and {back}");
        // As it stood before the last evening.
        let last = query(url, "SELECT max(session_key) FROM gaming_sessions").await[0][0].clone().unwrap();
        let day: Vec<u16> = last.split('-').take(3).map(|part| part.parse().unwrap()).collect();
        let month = time::Month::try_from(u8::try_from(day[1]).unwrap()).unwrap();
        let day = time::Date::from_calendar_date(day[0].into(), month, u8::try_from(day[2]).unwrap()).unwrap();
        let until = fullhold_repository::Period { from: None, to: day.previous_day() };
        let earlier = db.ratings(&Scope { period: until, ..Scope::default() }).await.unwrap();
        let points = db.predictions(&Scope { period: until, ..Scope::default() }).await.unwrap();
        assert!(points.len() < db.predictions(&Scope::default()).await.unwrap().len());
        let newest = points.last().unwrap().ended_at.assume_utc().unix_timestamp();
        assert!(earlier.iter().all(|one| one.skill.last_at <= newest) && earlier.len() > 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_evenings_show_no_chance_in_numbers() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        let importer = importer(url, "Europe/Ljubljana").await;
        import(&importer, &corpus.files()).await;
        let predictions = open(url).await.predictions(&Scope::default()).await.unwrap();
        assert!(predictions.len() > 70, "{} matches", predictions.len());
        assert!(predictions.iter().all(|one| !one.is_shown));
        let losses = predictions.iter().map(|one| one.predicted.log_loss());
        let mean = losses.sum::<f64>() / f64::from(u32::try_from(predictions.len()).unwrap());
        assert!((mean - LOG_LOSS_OF_A_COIN).abs() < 0.05, "{mean}");
    })
    .await;
}
