//! A player: everything about his play, and its views.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Measure, Progress, Skill, Totals, progress};
use fullhold_stats_file::Guid;
use time::Date;

use super::people::People;
use super::rating::{Trend, skill_text};
use super::sheet;
use super::weapons::{WeaponSums, weapon_table};
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

/// What is known of a player in what was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// The player.
    pub guid: Guid,
    /// How he is shown, and others of the answer.
    pub people: &'a People,
    /// His sums.
    pub totals: &'a Totals,
    /// His sums of all time, for achievements.
    pub career: &'a Totals,
    /// His weapons, in any order.
    pub weapons: &'a [WeaponSums],
    /// His sums per map, in any order.
    pub maps: &'a [(String, Totals)],
    /// Other names of his, the most worn first.
    pub other_names: &'a [String],
    /// Skill after his last match, and where it goes.
    pub skill: Option<(Skill, Trend)>,
    /// Rating of his play, which looks at no result.
    pub et_rating: Option<f64>,
    /// His last evening against his own usual, in percent.
    pub form: Option<f64>,
    /// End of his last round, seconds since 1970 UTC.
    pub last_seen: Option<i64>,
    /// The period and map, as they are read; empty for everything.
    pub scope: &'a Text,
    /// One map was asked for. Weapons are then those of all maps: they are not counted map by map.
    pub is_of_map: bool,
}

/// How many weapons and maps the profile shows; the views show all.
const BEST: usize = 5;

const FIGHTING: &[&Formula] = &[
    &f::KD,
    &f::KILLS,
    &f::DEATHS,
    &f::EFFICIENCY,
    &f::DPM,
    &f::DAMAGE,
    &f::DAMAGE_RECEIVED,
    &f::ADR,
    &f::KPR,
    &f::DPR,
    &f::ACCURACY,
    &f::HEAD_HIT_PERCENT,
    &f::HEADSHOT_KILLS,
    &f::HEADSHOT_KILL_PERCENT,
    &f::GIBS,
    &f::BEST_SPREE,
    &f::WORST_SPREE,
    &f::MULTIKILLS,
    &f::USEFUL_KILLS,
    &f::USELESS_KILLS,
];
const TEAM_PLAY: &[&Formula] = &[
    &f::REVIVES,
    &f::TIMES_REVIVED,
    &f::OBJECTIVES,
    &f::PLANTED,
    &f::DEFUSED,
    &f::CONSTRUCTIONS,
    &f::DENIED,
    &f::TEAM_KILLS,
    &f::TEAM_DAMAGE,
    &f::SELF_KILLS,
];

impl Profile<'_> {
    /// The whole profile.
    #[must_use]
    pub fn overview(&self, texts: &Catalogue) -> Reply {
        let mut reply = Reply::new(self.title(texts));
        if self.totals.rounds == 0 {
            return self.with_views(reply.text(texts.say("player-no-rounds", &[])), "overview", texts);
        }
        reply = reply
            .facts(self.played(texts))
            .facts(sheet::facts(texts.say("profile-fighting", &[]), self.totals, FIGHTING, texts))
            .facts(sheet::facts(texts.say("profile-team", &[]), self.totals, TEAM_PLAY, texts))
            .table(self.weapon_table(BEST, texts))
            .table(self.map_table(BEST, texts));
        if !self.other_names.is_empty() {
            let mut names = texts.say("profile-also", &[]);
            for (index, name) in self.other_names.iter().take(BEST).enumerate() {
                names = names.then(&Text::plain(if index == 0 { " " } else { ", " })).then(&Text::name(name));
            }
            reply = reply.text(names);
        }
        self.with_views(reply, "overview", texts)
    }

    /// All weapons.
    #[must_use]
    pub fn weapons(&self, texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        let table = self.weapon_table(usize::MAX, texts);
        let reply =
            if table.rows.is_empty() { reply.text(texts.say("player-no-weapons", &[])) } else { reply.table(table) };
        self.with_views(reply, "weapons", texts)
    }

    fn weapon_table(&self, most: usize, texts: &Catalogue) -> Table {
        let mut table = weapon_table(self.weapons, most, texts);
        if self.is_of_map {
            table.title = texts.say("profile-weapons-all-maps", &[]);
        }
        table
    }

    /// All maps.
    #[must_use]
    pub fn maps(&self, texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        let table = self.map_table(usize::MAX, texts);
        let reply =
            if table.rows.is_empty() { reply.text(texts.say("player-no-rounds", &[])) } else { reply.table(table) };
        self.with_views(reply, "maps", texts)
    }

    /// What he has earned and when, and what comes next. `days` is when each tier of a badge was reached, by the badge's
    /// name and the tier from 1.
    #[must_use]
    pub fn achievements(&self, days: &BTreeMap<(&str, usize), Date>, texts: &Catalogue) -> Reply {
        let name = self.people.with_badges(self.guid);
        let mut reply = Reply::new(texts.say("achievements-title", &[("name", name.into())]));
        let mut table = Table::new("achievements", Text::default())
            .column("what", texts.say("column-achievement", &[]))
            .column("has", texts.say("column-has", &[]))
            .column("next", texts.say("column-next", &[]))
            .column("to_go", texts.say("column-to-go", &[]));
        let mut earned = Text::default();
        for Progress { badge, earned: tiers, next, to_go, rounds_to_go } in progress(self.career) {
            let what = sheet::name(badge.value, texts);
            if let Some(tier) = tiers.last() {
                let line = texts.say(
                    "achievement-earned",
                    &[("emoji", tier.emoji.into()), ("title", tier.title.into()), ("what", what.clone().into())],
                );
                let day = days.get(&(badge.id, tiers.len())).map(|day| Text::plain(&format!(" · {day}")));
                let line = day.map_or(line.clone(), |day| line.then(&day));
                earned = if earned.is_empty() { line } else { earned.then(&Text::plain("\n")).then(&line) };
            }
            let measure = badge.value.measure;
            let distance = if rounds_to_go > 0 {
                Cell::Text(texts.say("rounds-to-go", &[("rounds", rounds_to_go.into())]))
            } else {
                Cell::number(to_go, measure)
            };
            table = table.row(vec![
                Cell::Text(what),
                Cell::of(badge.value, self.career),
                Cell::number(next.map(|tier| tier.from), measure),
                distance,
            ]);
        }
        reply = reply.text(if earned.is_empty() { texts.say("achievements-none", &[]) } else { earned });
        reply.table(table)
    }

    pub(super) fn title(&self, texts: &Catalogue) -> Text {
        let name = self.people.with_badges(self.guid);
        if self.scope.is_empty() {
            name
        } else {
            texts.say("name-in-scope", &[("name", name.into()), ("scope", self.scope.clone().into())])
        }
    }

    fn played(&self, texts: &Catalogue) -> Facts {
        let totals = self.totals;
        let mut facts = sheet::facts(Text::default(), totals, &[&f::ROUNDS, &f::EVENINGS, &f::HOURS], texts);
        let results = texts.say(
            "won-drawn-lost",
            &[
                ("won", totals.matches_won.into()),
                ("drawn", totals.matches_drawn.into()),
                ("lost", totals.matches_lost.into()),
            ],
        );
        facts = facts.with("results", texts.say("label-matches", &[]), results);
        facts = facts.with("win_rate", sheet::name(&f::WIN_RATE, texts), Cell::of(&f::WIN_RATE, totals));
        if let Some((skill, trend)) = self.skill {
            facts = facts.with("rating", texts.say("label-rating", &[]), skill_text(skill, texts)).with(
                "trend",
                texts.say("label-trend", &[]),
                trend.text(texts),
            );
        }
        if let Some(rating) = self.et_rating {
            let rating = Cell::number(Some(rating), Measure::Ratio);
            facts = facts.with("et_rating", texts.say("label-et-rating", &[]), rating);
        }
        if let Some(form) = self.form {
            facts = facts.with("form", texts.say("label-form", &[]), Cell::number(Some(form), Measure::Index));
        }
        match self.last_seen {
            Some(seen) => facts.with("last_seen", texts.say("label-last-seen", &[]), Text::instant(seen)),
            None => facts,
        }
    }

    fn map_table(&self, most: usize, texts: &Catalogue) -> Table {
        let mut maps: Vec<_> = self.maps.iter().collect();
        maps.sort_by(|(a_name, a), (b_name, b)| b.rounds.cmp(&a.rounds).then_with(|| a_name.cmp(b_name)));
        let columns: &[&Formula] = &[&f::ROUNDS, &f::WIN_RATE, &f::KD, &f::DPM];
        let mut table = Table::new("maps", texts.say("profile-maps", &[])).column("map", texts.say("column-map", &[]));
        for formula in columns {
            table = table.column(formula.id, sheet::short(formula, texts));
        }
        for (map, totals) in maps.into_iter().take(most) {
            let mut row = vec![Cell::name(map)];
            row.extend(columns.iter().map(|formula| Cell::of(formula, totals)));
            table = table.row(row);
        }
        table
    }

    /// With a button per view.
    pub(super) fn with_views(&self, reply: Reply, current: &str, texts: &Catalogue) -> Reply {
        let views: [(&str, Text); 6] = [
            ("overview", texts.say("view-overview", &[])),
            ("weapons", texts.say("view-weapons", &[])),
            ("maps", texts.say("view-maps", &[])),
            ("form", texts.say("view-form", &[])),
            ("records", texts.say("view-records", &[])),
            ("matches", texts.say("view-matches", &[])),
        ];
        views.into_iter().fold(reply, |reply, (view, label)| {
            let mut button = Button::new(label, format!("stats {} view:{view}", self.people.word(self.guid)));
            button.is_current = view == current;
            reply.action(Action::Button(button))
        })
    }
}
