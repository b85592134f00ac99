//! Records and seasons: who held what, and when a season ends.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeMap;

use fullhold_analytics::{
    Held, Performance, RECORDS, Record, RoundMark, Season, Totals, best_performances, champions, record_history,
};
use fullhold_stats_file::Guid;
use proptest::prelude::*;
use time::{Date, Month};

fn guid(name: &str) -> Guid {
    Guid::new(name).unwrap()
}

fn record(id: &str) -> &'static Record {
    RECORDS.iter().find(|record| record.value.id == id).unwrap()
}

fn at(ended_at: i64) -> RoundMark {
    RoundMark { ended_at, number: ended_at }
}

fn kills(kills: i64) -> Totals {
    Totals { rounds: 1, seconds: 600, kills, ..Totals::default() }
}

fn held(history: &[Held]) -> Vec<(&str, i64)> {
    history.iter().map(|held| (held.guid.as_str(), held.at.ended_at)).collect()
}

#[test]
fn a_record_is_taken_by_more_and_kept_against_as_much() {
    let (ten, twelve, none) = (kills(10), kills(12), kills(0));
    let of = |name, totals, ended_at| Performance { guid: guid(name), totals, at: at(ended_at) };
    let all = [
        of("N", &none, 1),
        of("B", &ten, 2),
        of("A", &ten, 2),
        of("C", &ten, 3),
        of("D", &twelve, 4),
        of("A", &twelve, 5),
    ];
    assert_eq!(held(&record_history(record("kills"), &all)), [("A", 2), ("D", 4)]);
    assert_eq!(held(&best_performances(record("kills"), &all, 3)), [("D", 4), ("A", 5), ("A", 2)]);
    assert!(record_history(record("revives"), &all).is_empty(), "what is not known is no record");
}

#[test]
fn a_record_needs_enough_and_must_be_possible() {
    let accuracy = |hits, shots| Totals { rounds: 1, aimed_hits: hits, aimed_shots: shots, ..Totals::default() };
    let denied = |seconds| Totals { denied_seconds: Some(seconds), seconds_beside_denied: 600, ..kills(5) };
    let sets = |id, totals: &Totals| {
        !record_history(record(id), &[Performance { guid: guid("A"), totals, at: at(1) }]).is_empty()
    };
    assert!(sets("accuracy", &accuracy(50, 100)) && !sets("accuracy", &accuracy(99, 99)));
    assert!(sets("denied", &denied(450)) && !sets("denied", &denied(451)), "45 seconds a minute at most");
    assert!(!sets("kills", &denied(451)), "nor is anything else of such a round trusted");
}

proptest! {
    #[test]
    fn the_order_of_import_does_not_matter(values in prop::collection::vec((0..40_i64, 0..9_i64, 0..4_usize), 0..30), seed in any::<u64>()) {
        let names = ["A", "B", "C", "D"];
        let totals: Vec<Totals> = values.iter().map(|(n, _, _)| kills(*n)).collect();
        let mut all: Vec<Performance<'_>> = values.iter().zip(&totals)
            .map(|((_, ended_at, who), totals)| Performance { guid: guid(names[*who]), totals, at: at(*ended_at) })
            .collect();
        let before = record_history(record("kills"), &all);
        let best = best_performances(record("kills"), &all, 5);
        fastrand::Rng::with_seed(seed).shuffle(&mut all);
        prop_assert_eq!(record_history(record("kills"), &all), before.clone());
        prop_assert_eq!(&best_performances(record("kills"), &all, 5), &best);
        prop_assert_eq!(before.last().map(|held| held.value), best.first().map(|held| held.value));
        prop_assert!(before.is_sorted_by(|a, b| a.value < b.value && a.at <= b.at));
    }
}

#[test]
fn seasons_have_days() {
    let season: Season = "2024-q1".parse().unwrap();
    let day = |month, day| Date::from_calendar_date(2024, month, day).unwrap();
    assert_eq!((season.first_day(), season.last_day()), (Some(day(Month::January, 1)), Some(day(Month::March, 31))));
    assert_eq!(season.days_left(day(Month::March, 31)), Some(0), "ends today");
    assert_eq!(season.days_left(day(Month::February, 28)), Some(32), "2024 is a leap year");
    assert_eq!(season.days_left(day(Month::April, 1)), None);
    assert_eq!(
        (season.previous().to_string(), season.next().to_string()),
        ("2023-Q4".to_owned(), "2024-Q2".to_owned())
    );
    assert_eq!("2025-Q4".parse::<Season>().unwrap().next().previous().to_string(), "2025-Q4");
    for wrong in ["", "2025", "2025-Q5", "2025-Q0", "25-Q1", "2025-4", "2025-Q+1", "-2025-Q1", "2025-Qé"] {
        let error = wrong.parse::<Season>().unwrap_err();
        assert!(error.to_string().contains("2025-Q4"), "{error}");
    }
    assert_eq!(Season { year: 2025, quarter: 0 }.first_day(), None);
}

#[test]
fn champions_pass_the_gates_of_their_boards() {
    let much = Totals { rounds: 60, seconds: 36_000, damage_given: 90_000, kills: 700, ..Totals::default() };
    let little =
        Totals { rounds: 11, kills: 900, seconds: 10, damage_given: 90_000, matches_won: 10, ..Totals::default() };
    let sums: BTreeMap<Guid, Totals> = [(guid("A"), much), (guid("B"), little)].into_iter().collect();
    let skills = [(guid("B"), 30.0)].into_iter().collect();
    let found: Vec<(&str, Option<String>)> = champions(&sums, &skills)
        .into_iter()
        .map(|(board, first)| (board.id, first.map(|first| first.guid.to_string())))
        .collect();
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(found, [("rating", some("B")), ("dpm", some("A")), ("kills", some("B"))]);
    assert!(champions(&BTreeMap::new(), &BTreeMap::new()).iter().all(|(_, first)| first.is_none()));
}
