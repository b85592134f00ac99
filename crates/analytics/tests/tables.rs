//! The tables of formulas, boards, awards and badges: complete, unambiguous, and right at their edges.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{
    AWARDS, BADGES, BOARDS, FORMULAS, Measure, PARTS, Place, Totals, Value, awards, board, formula, mvp_of, place,
    progress, rank, rarest, team_mvp, unlocked, worn,
};
use fullhold_stats_file::Guid;

fn guid(text: &str) -> Guid {
    Guid::new(text).unwrap()
}

fn people<const N: usize>(sums: [(&str, Totals); N]) -> BTreeMap<Guid, Totals> {
    sums.into_iter().map(|(name, totals)| (guid(name), totals)).collect()
}

/// A line of one round in which every counter is this.
fn every_counter(n: i64) -> Totals {
    let some = Some(n);
    Totals {
        rounds: 1,
        seconds: n,
        kills: n,
        deaths: n,
        hits: n,
        shots: n,
        head_hits: n,
        aimed_hits: n,
        aimed_shots: n,
        aimed_head_hits: n,
        grenade_kills: n,
        grenade_hits: n,
        grenade_throws: n,
        grenade_rounds: 1,
        damage_given: n,
        damage_received: n,
        team_damage_given: n,
        team_damage_received: n,
        gibs: n,
        self_kills: n,
        team_kills: n,
        team_gibs: n,
        xp: some,
        alive_ms: some,
        seconds_beside_alive: n,
        kill_assists: some,
        kill_steals: some,
        headshot_kills: some,
        kills_beside_headshot_kills: n,
        objectives_stolen: some,
        objectives_returned: some,
        dynamites_planted: some,
        dynamites_defused: some,
        constructions: some,
        times_revived: some,
        revives_given: some,
        rounds_beside_revives: 1,
        useful_kills: some,
        kills_beside_useful: n,
        useless_kills: some,
        full_selfkills: some,
        denied_seconds: some,
        seconds_beside_denied: n,
        multikills_2: some,
        multikills_3: some,
        multikills_4: some,
        multikills_5: some,
        multikills_6: some,
        ..Totals::default()
    }
}

/// What the oldest files carry: nothing of the optional counters.
fn old_era() -> Totals {
    let all = every_counter(7);
    Totals {
        rounds: 1,
        seconds: all.seconds,
        kills: all.kills,
        deaths: all.deaths,
        aimed_hits: 3,
        aimed_shots: 9,
        aimed_head_hits: 1,
        damage_given: all.damage_given,
        damage_received: all.damage_received,
        ..Totals::default()
    }
}

#[test]
fn no_formula_is_ever_not_a_number_infinite_or_negative() {
    let huge = every_counter(i64::MAX / 2);
    let cases = [
        ("zero", Totals::default()),
        ("one line", every_counter(7)),
        ("one line of nothing", every_counter(0)),
        ("an old era", old_era()),
        ("huge", huge),
        ("two huge ones", huge + huge + huge),
    ];
    for (what, totals) in cases {
        for formula in FORMULAS {
            let value = formula.of(&totals);
            assert!(value.is_none_or(|value| value.is_finite() && value >= 0.0), "{} of {what}: {value:?}", formula.id);
            let share =
                formula.measure == Measure::Percent && !["team_damage", "grenade_hit_percent"].contains(&formula.id);
            assert!(!share || value.is_none_or(|value| value <= 100.0), "{} of {what}: {value:?}", formula.id);
            assert!(!formula.explain(&totals).contains(['{', '}']), "{}", formula.explain(&totals));
        }
    }
}

#[test]
fn what_no_file_carries_is_unknown_not_zero() {
    let unknown = [
        "revives",
        "revives_per_round",
        "denied",
        "denied_per_minute",
        "constructions",
        "multikills",
        "survival",
        "useful_kill_percent",
        "headshot_kill_percent",
        "objectives",
        "objectives_per_round",
    ];
    for id in unknown {
        let formula = formula(id).unwrap();
        assert_eq!(formula.of(&old_era()), None, "{id}");
        assert_eq!(formula.show(&old_era()), "–", "{id}");
    }
    for id in ["dpm", "kd", "accuracy", "head_hit_percent", "efficiency", "adr", "mvp"] {
        assert!(formula(id).unwrap().of(&old_era()).is_some(), "{id}");
    }
}

#[test]
fn a_ratio_counts_only_rounds_that_carry_both_parts() {
    let new = Totals { rounds: 1, revives_given: Some(4), rounds_beside_revives: 1, ..Totals::default() };
    let career = old_era() + old_era() + old_era() + new;
    assert_eq!(formula("revives_per_round").unwrap().of(&career), Some(4.0));
    assert_eq!(formula("revives_per_round").unwrap().explain(&career), "4 / 1 = 4.00");
}

#[test]
fn formulas_explain_themselves() {
    let totals = Totals { damage_given: 12_345, seconds: 3600, kills: 7, ..Totals::default() };
    let explain = |id| formula(id).unwrap().explain(&totals);
    assert_eq!(explain("dpm"), "60 · 12,345 / 3,600 = 206");
    assert_eq!(explain("kd"), "7 / 0 = 7.00");
    assert_eq!(explain("kills"), "7");
    assert_eq!(explain("revives_per_round"), "– / 0 = –");
}

/// The value of a text such as `100 · 3 / (3 + 1)`, without any knowledge of formulas.
fn compute(text: &str) -> f64 {
    fn sum(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> f64 {
        let mut value = product(tokens);
        while tokens.next_if(|t| t == "+").is_some() {
            value += product(tokens);
        }
        value
    }
    fn product(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> f64 {
        let mut value = atom(tokens);
        while let Some(operator) = tokens.next_if(|t| t == "·" || t == "/") {
            let by = atom(tokens);
            value = if operator == "·" { value * by } else { value / by };
        }
        value
    }
    fn atom(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> f64 {
        let token = tokens.next().unwrap();
        if token != "(" {
            return token.parse().unwrap();
        }
        let value = sum(tokens);
        assert_eq!(tokens.next().unwrap(), ")");
        value
    }
    let spaced = text.replace('(', "( ").replace(')', " )");
    let tokens: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    sum(&mut tokens.into_iter().peekable())
}

#[test]
fn the_text_of_a_formula_computes_its_value() {
    let totals = Totals {
        seconds: 611,
        alive_ms: Some(401_000),
        seconds_beside_alive: 523,
        deaths: 13,
        kills: 17,
        kills_beside_headshot_kills: 29,
        kills_beside_useful: 31,
        rounds: 5,
        rounds_beside_revives: 3,
        matches_won: 2,
        matches_lost: 5,
        damage_given: 4001,
        aimed_hits: 50,
        aimed_shots: 190,
        aimed_head_hits: 11,
        ..every_counter(19)
    };
    for formula in FORMULAS {
        let Some(value) = formula.of(&totals) else { continue };
        let mut text = formula.text.to_owned();
        for part in PARTS {
            let number = (part.of)(&totals).map_or_else(|| "unknown".to_owned(), |n| n.to_string());
            text = text.replace(&format!("{{{}}}", part.name), &number);
        }
        assert!((compute(&text) - value).abs() < 1e-9, "{}: {text} is not {value}", formula.id);
    }
}

#[test]
fn names_are_unique_and_every_part_is_used() {
    fn all_differ<'a>(names: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        names.for_each(|name| assert!(seen.insert(name), "{name} stands twice"));
    }
    all_differ(FORMULAS.iter().map(|formula| formula.id));
    all_differ(PARTS.iter().map(|part| part.name));
    all_differ(BOARDS.iter().flat_map(|board| std::iter::once(board.id).chain(board.synonyms.iter().copied())));
    all_differ(AWARDS.iter().map(|award| award.id));
    all_differ(AWARDS.iter().map(|award| award.title));
    all_differ(BADGES.iter().map(|badge| badge.id));
    all_differ(BADGES.iter().flat_map(|badge| badge.tiers).map(|tier| tier.emoji));
    all_differ(BADGES.iter().flat_map(|badge| badge.tiers).map(|tier| tier.title));
    for part in PARTS {
        assert!(
            FORMULAS.iter().any(|f| f.text.contains(&format!("{{{}}}", part.name))) || part.name == "shots",
            "{}",
            part.name
        );
    }
    for badge in BADGES {
        assert!(badge.tiers.is_sorted_by(|a, b| a.from < b.from), "{}", badge.id);
    }
}

#[test]
fn a_board_is_found_by_its_names_and_never_guessed() {
    for one in BOARDS {
        for name in std::iter::once(&one.id).chain(one.synonyms) {
            assert_eq!(board(&name.to_uppercase()).unwrap().id, one.id);
        }
    }
    assert_eq!(board("kils").unwrap_err().suggestions, ["kills", "rating"], "the latter because of its synonym skill");
    assert_eq!(board("acuracy").unwrap_err().suggestions, ["accuracy"]);
    assert!(board("").unwrap_err().suggestions.is_empty());
    assert!(board("xyzzy").unwrap_err().suggestions.is_empty());
}

#[test]
fn places_are_a_total_order_and_gates_say_what_is_missing() {
    let played = |kills, rounds| Totals { kills, rounds, ..Totals::default() };
    let sums = people([
        ("A", played(50, 11)),
        ("B", played(50, 11)),
        ("C", played(50, 20)),
        ("D", played(90, 30)),
        ("E", played(999, 4)),
    ]);
    let kills = board("kills").unwrap();
    let ranking = rank(kills, &sums, &BTreeMap::new());
    let order: Vec<(usize, &str)> = ranking.iter().map(|row| (row.place, row.guid.as_str())).collect();
    assert_eq!(order, [(1, "D"), (2, "C"), (3, "A"), (4, "B")]);
    let of = |name| place(kills, &ranking, &sums, guid(name));
    assert!(matches!(of("B"), Place::Listed(row) if row.place == 4));
    let Place::Below(missing) = of("E") else { panic!("below the gate") };
    assert_eq!((missing[0].has, missing[0].to_go, missing.len()), (4, 7, 1));
    assert!(matches!(of("Z"), Place::Absent));
}

#[test]
fn the_last_board_is_ranked_by_given_values() {
    let sums = people([("A", Totals::default()), ("B", Totals::default()), ("C", Totals::default())]);
    let given = [(guid("A"), 1.0), (guid("B"), 2.0)].into_iter().collect();
    let form = board("form").unwrap();
    assert!(matches!(form.value, Value::Given(_)));
    let ranking = rank(form, &sums, &given);
    assert_eq!(ranking.iter().map(|row| row.guid.as_str()).collect::<Vec<_>>(), ["B", "A"]);
    assert!(matches!(place(form, &ranking, &sums, guid("C")), Place::Unknown));
}

#[test]
fn team_damage_is_good_when_low() {
    let hurt = |team_damage_given| Totals { rounds: 51, damage_given: 1000, team_damage_given, ..Totals::default() };
    let sums =
        people([("A", hurt(50)), ("B", hurt(0)), ("C", hurt(2000)), ("D", Totals { damage_given: 0, ..hurt(0) })]);
    let ranking = rank(board("team").unwrap(), &sums, &BTreeMap::new());
    let order: Vec<(&str, f64)> = ranking.iter().map(|row| (row.guid.as_str(), row.value.unwrap())).collect();
    assert_eq!(order, [("B", 0.0), ("A", 5.0), ("C", 200.0)]);
}

#[test]
fn awards_need_half_of_the_rounds_and_ties_go_to_more_rounds() {
    let gibs = |gibs, rounds| Totals { gibs, rounds, ..Totals::default() };
    let winner = |sums: &BTreeMap<Guid, Totals>| {
        awards(sums).into_iter().find(|won| won.award.id == "wrecking_ball").map(|won| won.guid.to_string())
    };
    assert_eq!(winner(&people([("A", gibs(9, 8))])), None, "below ten");
    assert_eq!(winner(&people([("A", gibs(10, 8)), ("B", gibs(99, 3))])).unwrap(), "A");
    assert_eq!(winner(&people([("A", gibs(10, 8)), ("B", gibs(99, 4))])).unwrap(), "B");
    assert_eq!(winner(&people([("A", gibs(12, 6)), ("B", gibs(12, 8))])).unwrap(), "B");
    assert_eq!(winner(&people([("B", gibs(12, 8)), ("A", gibs(12, 8))])).unwrap(), "A");
    assert!(awards(&BTreeMap::new()).is_empty());
    assert_eq!(mvp_of(&BTreeMap::new()), None);
}

#[test]
fn the_rarest_awards_are_those_that_beat_the_past() {
    let sums = people([(
        "A",
        Totals { rounds: 1, gibs: 30, team_kills: 5, self_kills: 3, kills: 10, aimed_shots: 100, ..Totals::default() },
    )]);
    let won = awards(&sums);
    let shown = |past: &BTreeMap<&str, Vec<f64>>, most| {
        rarest(&won, past, most).into_iter().map(|won| won.award.id).collect::<Vec<_>>()
    };
    let table_order: Vec<&str> = won.iter().map(|won| won.award.id).collect();
    assert_eq!(shown(&BTreeMap::new(), 99), table_order, "nothing is rare without a past");
    let past = [
        ("wrecking_ball", vec![10.0, 20.0, 40.0, 50.0]),
        ("team_killer", vec![3.0, 4.0, 5.0]),
        ("self_destruct", vec![9.0, 9.0]),
        // Fewer shots are better here.
        ("patience", vec![12.0, 15.0]),
    ];
    let past = past.into_iter().collect();
    assert_eq!(shown(&past, 2), ["patience", "team_killer"]);
    assert_eq!(shown(&past, 3)[2], "wrecking_ball");
}

#[test]
fn badges_begin_at_their_threshold() {
    let career = |kills, deaths, rounds| Totals { kills, deaths, rounds, ..Totals::default() };
    let earned =
        |totals: &Totals, id: &str| progress(totals).into_iter().find(|one| one.badge.id == id).unwrap().earned.len();
    for (at, tier) in BADGES[0].tiers.iter().enumerate() {
        let from = format!("{:.0}", tier.from).parse().unwrap();
        assert_eq!(earned(&career(from - 1, 1_000_000, 1), "kills"), at);
        assert_eq!(earned(&career(from, 1_000_000, 1), "kills"), at + 1);
    }
    for (kills, deaths, rounds, tiers) in
        [(300, 100, 19, 0), (300, 100, 20, 4), (299, 100, 20, 3), (149, 100, 20, 1), (99, 100, 20, 0), (2, 0, 20, 3)]
    {
        assert_eq!(earned(&career(kills, deaths, rounds), "kd"), tiers, "{kills} / {deaths} in {rounds}");
    }
    assert_eq!(progress(&Totals::default()).iter().map(|one| one.earned.len()).sum::<usize>(), 0);
}

#[test]
fn progress_says_what_is_lacking() {
    let totals = Totals { kills: 450, deaths: 100, rounds: 12, ..Totals::default() };
    let all = progress(&totals);
    let of = |id: &str| all.iter().find(|one| one.badge.id == id).unwrap();
    assert_eq!((of("kills").next.unwrap().from, of("kills").to_go), (500.0, Some(50.0)));
    assert_eq!((of("kd").earned.len(), of("kd").rounds_to_go, of("kd").to_go), (0, 8, Some(0.0)));
    assert_eq!((of("revives").next.unwrap().from, of("revives").to_go), (100.0, None), "not known");
    assert_eq!((of("wins").to_go, of("evenings").to_go), (Some(10.0), Some(10.0)));
}

#[test]
fn three_badges_are_worn_the_highest_first() {
    let totals = Totals { kills: 1000, deaths: 400, rounds: 60, matches_won: 10, evenings: 9, ..Totals::default() };
    let titles: Vec<&str> = worn(&totals).into_iter().map(|tier| tier.title).collect();
    assert_eq!(titles, ["Killer", "Dominant", "Player"]);
    assert!(worn(&Totals::default()).is_empty());
}

#[test]
fn an_unlock_is_what_was_not_earned_before() {
    let career = |kills, rounds| Totals { kills, deaths: 10_000, rounds, ..Totals::default() };
    let new = |before, after| unlocked(&before, &after).into_iter().map(|(_, tier)| tier.title).collect::<Vec<_>>();
    assert_eq!(new(career(99, 9), career(520, 10)), ["Recruit", "Fighter", "Newcomer"]);
    assert!(new(career(100, 10), career(101, 11)).is_empty());
    assert!(new(career(100, 10), career(99, 9)).is_empty(), "nothing is unlocked by losing");
}

#[test]
fn the_team_mvp_is_measured_by_the_rounds_of_his_team() {
    let played = |kills, rounds| Totals { kills, deaths: 10, rounds, ..Totals::default() };
    let sums = people([("A", played(50, 8)), ("B", played(20, 3)), ("C", played(30, 2)), ("D", played(90, 1))]);
    assert_eq!(mvp_of(&sums), Some(guid("A")));
    assert_eq!(team_mvp(&sums, &[guid("B"), guid("C"), guid("D")]), Some(guid("C")), "half of three rounds");
    assert_eq!(team_mvp(&sums, &[guid("Z")]), None);
}
