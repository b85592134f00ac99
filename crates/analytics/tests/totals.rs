//! `Totals` is a commutative monoid, made of lines: what is added in any order and grouping is the same.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_analytics::{Peak, RoundMark, Standing, Totals};
use fullhold_differential::{PlayerRound, round_one, totals};
use fullhold_stats_file::{
    Era, FIELDS, Field, FileName, Guid, Header, PlayerLine, RoundNumber, Seconds, Side, Slot, Stamp, StatsFile, Weapon,
    WeaponCounts,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A round of these lines.
fn round(lines: Vec<PlayerLine>) -> fullhold_differential::RoundStats {
    let name = FileName { stamp: Stamp::EPOCH, map: "supply".to_owned(), round: RoundNumber::One };
    let header = Header {
        server_name: String::new(),
        map: "supply".to_owned(),
        config: String::new(),
        round: RoundNumber::One,
        defender: Side::Axis,
        winner: None,
        time_limit: Seconds(600),
        next_time_limit: Seconds(600),
        play_time: None,
        has_play_time: false,
    };
    round_one(&StatsFile { name, header, players: lines, rejected: Vec::new() })
}

fn player(line: PlayerLine) -> PlayerRound {
    round(vec![line]).players.remove(0)
}

/// A line of an era with these numbers in its fields and in the weapon slots.
fn line(era: Era, fields: &[i32], weapons: &[[i32; 5]]) -> PlayerLine {
    let mut line = PlayerLine::new(Guid::new("A").unwrap(), "A", 0, Slot::Playing(Side::Axis), era);
    for (field, value) in era.fields().zip(fields) {
        line.set(field, *value);
    }
    for (weapon, [hits, shots, kills, deaths, headshots]) in Weapon::ALL.into_iter().zip(weapons) {
        let counts = WeaponCounts { hits: *hits, shots: *shots, kills: *kills, deaths: *deaths, headshots: *headshots };
        line.set_weapon(weapon, counts);
    }
    line
}

fn any_era() -> impl Strategy<Value = Era> {
    prop::sample::select([Era::KNOWN.as_slice(), &[Era::Prefix28]].concat())
}

prop_compose! {
    fn any_line()(
        era in any_era(),
        fields in vec(0..5000_i32, FIELDS.len()),
        weapons in vec(prop::array::uniform5(0..90_i32), Weapon::ALL.len()),
    ) -> PlayerLine {
        line(era, &fields, &weapons)
    }
}

prop_compose! {
    fn any_totals()(
        line in any_line(),
        ended_at in 0..4_i64,
        number in 0..3_i64,
        evening in prop::option::of(prop::array::uniform3(0..9_i64)),
    ) -> Totals {
        let one = Totals::of(&player(line)).in_round(RoundMark { ended_at, number });
        evening.map_or(one, |[won, drawn, lost]| one.as_evening(Standing { won, drawn, lost }))
    }
}

proptest! {
    #[test]
    fn order_and_grouping_do_not_matter(a in any_totals(), b in any_totals(), c in any_totals()) {
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!((a + b) + c, a + (b + c));
    }

    #[test]
    fn nothing_added_changes_nothing(a in any_totals()) {
        prop_assert_eq!(a + Totals::default(), a);
        prop_assert_eq!(Totals::default() + a, a);
    }

    #[test]
    fn an_evening_added_twice_counts_twice(a in any_totals()) {
        let twice = a + a;
        prop_assert_eq!(twice.rounds, 2);
        prop_assert_eq!(twice.damage_given, 2 * a.damage_given);
        prop_assert_eq!(twice.denied_seconds, a.denied_seconds.map(|n| 2 * n));
        prop_assert_eq!((twice.best_spree, twice.worst_spree), (a.best_spree, a.worst_spree));
        prop_assert_eq!(twice.matches(), 2 * a.matches());
    }

    /// The halves of a match, added by `differential` as a match or here as rounds, are the same.
    #[test]
    fn a_match_is_the_sum_of_its_rounds(era in any_era(), r1 in any_line(), r2 in any_line()) {
        let of_era = |from: &PlayerLine| {
            let fields: Vec<i32> = era.fields().map(|field| from.get(field).unwrap_or(7)).collect();
            let weapons = from.weapons.map(|w| [w.hits, w.shots, w.kills, w.deaths, w.headshots]);
            round(vec![line(era, &fields, &weapons)])
        };
        let (r1, r2) = (of_era(&r1), of_era(&r2));
        let rounds = Totals::of(&r1.players[0]) + Totals::of(&r2.players[0]);
        let (guid, counters) = totals(&r1, &r2).remove(0);
        let whole = Totals::of(&PlayerRound { guid, counters, ..r1.players[0].clone() });
        let expected = Totals {
            rounds: 1,
            grenade_rounds: rounds.grenade_rounds.min(1),
            rounds_beside_revives: rounds.rounds_beside_revives.min(1),
            ..rounds
        };
        prop_assert_eq!(whole, expected);
    }

    #[test]
    fn aimed_weapons_are_a_part_of_all(a in any_totals()) {
        prop_assert!(a.aimed_hits <= a.hits && a.aimed_shots <= a.shots && a.aimed_head_hits <= a.head_hits);
        prop_assert!(a.grenade_hits <= a.hits - a.aimed_hits && a.grenade_kills <= a.kills);
    }
}

#[test]
fn what_an_era_does_not_carry_stays_unknown() {
    let of = |era| Totals::of(&player(line(era, &[1; 38], &[])));
    let old = of(Era::Fields33);
    assert_eq!((old.denied_seconds, old.constructions, old.revives_given), (None, None, None));
    assert_eq!((old.multikills(), old.objectives()), (Some(5), Some(4)), "of what there is");
    assert_eq!((old.rounds_beside_revives, old.seconds_beside_denied), (0, 0));
    let new = of(Era::Fields38);
    assert_eq!((new.denied_seconds, new.objectives(), new.revives_given), (Some(1), Some(5), Some(1)));
    let both = old + new;
    assert_eq!((both.rounds, both.rounds_beside_revives, both.revives_given), (2, 1, Some(1)));
    assert_eq!((both.seconds, both.seconds_beside_denied), (2 * new.seconds, new.seconds));
    assert_eq!(of(Era::Prefix28).multikills(), None);
    assert_eq!(Totals::default().objectives(), None);
}

#[test]
fn of_equal_sprees_the_first_is_kept() {
    let spree = |value, ended_at, number| {
        let mut line = line(Era::Fields38, &[], &[]);
        line.set(Field::KillingSpree, value);
        Totals::of(&player(line)).in_round(RoundMark { ended_at, number })
    };
    let all: Totals = [spree(9, 50, 1), spree(12, 40, 2), spree(12, 30, 8), spree(12, 30, 7)].into_iter().sum();
    let round = RoundMark { ended_at: 30, number: 7 };
    assert_eq!(all.best_spree, Some(Peak { value: 12, round }));
}

#[test]
fn only_aimed_weapons_count_for_accuracy() {
    let mut line = line(Era::Fields38, &[], &[]);
    let counts = |hits, shots, kills| WeaponCounts { hits, shots, kills, deaths: 0, headshots: hits / 2 };
    line.set_weapon(Weapon::Mp40, counts(40, 100, 3));
    line.set_weapon(Weapon::Grenade, counts(5, 4, 2));
    line.set_weapon(Weapon::Syringe, counts(7, 9, 0));
    let totals = Totals::of(&player(line));
    assert_eq!((totals.aimed_hits, totals.aimed_shots, totals.aimed_head_hits), (40, 100, 20));
    assert_eq!((totals.hits, totals.shots, totals.kills), (52, 113, 5));
    let grenades = (totals.grenade_kills, totals.grenade_hits, totals.grenade_throws, totals.grenade_rounds);
    assert_eq!(grenades, (2, 5, 4, 1));
}
