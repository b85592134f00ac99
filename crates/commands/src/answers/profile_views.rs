//! Views of a player that go evening by evening and match by match, his best, and his pictures.

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Measure, Skill, Totals, worn};
use fullhold_charts::cards::{
    MapWins, Measure as CardMeasure, Profile as Card, Skill as CardSkill, SkillPoint, WeaponUse,
};
use fullhold_charts::charts::{Form, FormLine, FormPoint};
use fullhold_charts::{Name, Picture};
use time::Date;

use super::evening::seconds;
use super::pictures::{drawn_day, in_pool, percentile, style_of};
use super::profile::Profile;
use super::records::RecordLines;
use super::sheet;
use super::weapons::best;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Reply, Table, Text};

/// Evenings and matches that a view shows.
const SHOWN: usize = 20;

const EVENING: &[&Formula] = &[&f::ROUNDS, &f::KD, &f::DPM, &f::KILLS, &f::ACCURACY];

/// An evening of a player.
#[derive(Clone, Debug)]
pub struct EveningOf {
    /// Its key.
    pub key: String,
    /// The day on which it began.
    pub day: Option<Date>,
    /// His sums.
    pub totals: Totals,
}

/// A decided match of a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchOf {
    /// The match's name, which begins with its day.
    pub key: String,
    /// Map.
    pub map: String,
    /// Points of his team above those of the other.
    pub margin: i64,
}

impl Profile<'_> {
    /// His evenings, the newest first.
    #[must_use]
    pub fn form_view(&self, evenings: &[EveningOf], texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        if evenings.is_empty() {
            return self.with_views(reply.text(texts.say("player-no-rounds", &[])), "form", texts);
        }
        let mut table = Table::new("evenings", Text::default()).column("day", texts.say("column-day", &[]));
        for formula in EVENING {
            table = table.column(formula.id, sheet::short(formula, texts));
        }
        let table = evenings.iter().take(SHOWN).fold(table, |table, one| {
            let mut row = vec![day_cell(one)];
            row.extend(EVENING.iter().map(|formula| Cell::of(formula, &one.totals)));
            table.row(row)
        });
        let said = match self.form {
            Some(form) => {
                let form = Cell::number(Some(form), Measure::Index).shown();
                texts.say("form-is", &[("form", form.as_str().into())])
            }
            None => texts.say("form-none", &[]),
        };
        self.with_views(reply.text(said).table(table), "form", texts)
    }

    /// His best rounds and matches, each with a link.
    #[must_use]
    pub fn best(&self, best: &RecordLines, texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        if best.is_empty() {
            return self.with_views(reply.text(texts.say("player-no-whole-match", &[])), "records", texts);
        }
        best.own(self.with_views(reply, "records", texts), texts)
    }

    /// His last matches with their results.
    #[must_use]
    pub fn match_view(&self, matches: &[MatchOf], texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        if matches.is_empty() {
            return self.with_views(reply.text(texts.say("player-no-matches", &[])), "matches", texts);
        }
        let table = Table::new("matches", Text::default())
            .column("evening", texts.say("column-day", &[]))
            .column("map", texts.say("column-map", &[]))
            .column("result", texts.say("column-result", &[]));
        let table = matches.iter().take(SHOWN).fold(table, |table, one| {
            let id = match one.margin {
                margin if margin > 0 => "match-won",
                0 => "match-drawn",
                _ => "match-lost",
            };
            let day = one.key.get(..10).unwrap_or(&one.key);
            table.row(vec![Cell::Text(Text::plain(day)), Cell::name(&one.map), Cell::Text(texts.say(id, &[]))])
        });
        self.with_views(reply.table(table), "matches", texts)
    }

    /// The form over his evenings as a chart.
    #[must_use]
    pub fn form_chart(&self, evenings: &[EveningOf], texts: &Catalogue) -> Picture {
        let point = |one: &EveningOf| Some(FormPoint { day: drawn_day(one.day?)?, value: f::DPM.of(&one.totals) });
        let points = evenings.iter().rev().filter_map(point).collect();
        let lines = vec![FormLine { name: self.drawn(), points }];
        Form { quantity: sheet::short(&f::DPM, texts).to_plain(), places: 0, lines }.draw()
    }

    /// The profile as a card that people share. `way` is his skill after each of his matches, the newest first.
    #[must_use]
    pub fn card(&self, pool: &[&Totals], last_day: Option<Date>, way: &[Skill], texts: &Catalogue) -> Picture {
        let totals = self.totals;
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let others = in_pool(pool);
        let better = |formula: &Formula| {
            let rail = percentile(formula, totals, &others);
            let note = rail.map_or_else(String::new, |share| {
                let share = format!("{share:.0} %");
                texts.say("card-better", &[("share", share.as_str().into())]).to_plain()
            });
            CardMeasure { value: formula.of(totals), rail, note }
        };
        let results = texts.say(
            "card-results",
            &[
                ("won", totals.matches_won.into()),
                ("drawn", totals.matches_drawn.into()),
                ("lost", totals.matches_lost.into()),
            ],
        );
        let mut maps: Vec<_> = self.maps.iter().collect();
        maps.sort_by(|(a_name, a), (b_name, b)| b.rounds.cmp(&a.rounds).then_with(|| a_name.cmp(b_name)));
        let map = |(map, totals): &(String, Totals)| MapWins {
            map: map.clone(),
            won: count(totals.matches_won),
            played: count(totals.matches()),
        };
        let weapon = |sums: &super::weapons::WeaponSums| WeaponUse {
            weapon: sums.weapon.name().to_owned(),
            kills: u64::try_from(sums.kills).ok(),
            accuracy: sums.accuracy().filter(|_| sums.weapon.is_aimed()),
        };
        Card {
            name: self.drawn(),
            rounds: count(totals.rounds),
            evenings: count(totals.evenings),
            hours: Some(seconds(totals.seconds) / 3_600.0),
            last_seen: last_day.and_then(drawn_day),
            badges: worn(self.career).iter().map(|tier| tier.title.to_owned()).collect(),
            skill: self.skill.map(|(skill, _)| CardSkill {
                matches: skill.matches.into(),
                curve: way.iter().rev().map(drawn_skill).collect(),
            }),
            kd: better(&f::KD),
            dpm: better(&f::DPM),
            match_win: CardMeasure {
                value: f::WIN_RATE.of(totals),
                rail: f::WIN_RATE.of(totals),
                note: results.to_plain(),
            },
            head_hit: better(&f::HEAD_HIT_PERCENT),
            style: style_of(totals, &others),
            pool: u64::try_from(others.len()).unwrap_or(u64::MAX),
            maps: maps.into_iter().map(map).collect(),
            weapons: best(self.weapons, usize::MAX).into_iter().map(weapon).collect(),
        }
        .draw()
    }

    fn drawn(&self) -> Name {
        Name::plain(&self.people.name(self.guid).to_plain())
    }
}

fn drawn_skill(skill: &Skill) -> SkillPoint {
    SkillPoint { value: skill.mean, spread: 2.0 * skill.deviation }
}

fn day_cell(one: &EveningOf) -> Cell {
    Cell::Text(Text::plain(&one.day.map_or_else(|| one.key.clone(), |day| day.to_string())))
}
