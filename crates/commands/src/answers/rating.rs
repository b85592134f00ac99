//! Skill: of one player with its way, and of everybody.

use fullhold_analytics::{EtPart, EtTier, MatchOutcome, Measure, Skill};
use fullhold_charts::charts::{RatedMatch, Rating};
use fullhold_charts::{Name, Picture};
use fullhold_stats_file::Guid;
use time::Date;

use super::people::People;
use super::pictures::drawn_day;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

/// Matches of a player's way that are listed; the chart has all.
const LISTED: usize = 15;
/// Places of a page.
const PLACES: usize = 10;
/// Choices of one menu.
const MENU: usize = 25;

/// A match of a player's way.
#[derive(Clone, Debug, PartialEq)]
pub struct RatingStep {
    /// The key of its evening.
    pub session_key: String,
    /// The day on which that began.
    pub day: Option<Date>,
    /// Map.
    pub map: String,
    /// The result, [`MatchOutcome::TeamA`] being his team.
    pub outcome: MatchOutcome,
    /// His skill after it.
    pub skill: Skill,
}

/// Where a skill goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// How much µ has changed.
    pub change: f64,
    /// In how many matches.
    pub matches: usize,
}

impl Trend {
    /// `+1.2 in the last 10 matches`
    #[must_use]
    pub fn text(&self, texts: &Catalogue) -> Text {
        let change = signed(self.change);
        texts.say("rating-trend", &[("change", change.as_str().into()), ("matches", self.matches.into())])
    }
}

/// What is known of a player's ratings.
#[derive(Clone, Debug)]
pub struct RatingAnswer<'a> {
    /// The player.
    pub guid: Guid,
    /// How he is shown.
    pub people: &'a People,
    /// His skill after his last match; none before the first.
    pub skill: Option<Skill>,
    /// His place among those whose rating is no guess, and how many these are.
    pub place: Option<(usize, usize)>,
    /// 2 σ as it is today: it grows while he does not play.
    pub spread_today: Option<f64>,
    /// His way, the newest match first.
    pub steps: &'a [RatingStep],
    /// His ET rating.
    pub et_rating: Option<f64>,
    /// What it is made of.
    pub et_parts: &'a [EtPart],
    /// Where everybody begins.
    pub start: f64,
    /// From so many matches on a rating is no guess.
    pub established: u32,
}

/// µ ± 2 σ, and whether that is a guess.
#[must_use]
pub fn skill_text(skill: Skill, texts: &Catalogue) -> Text {
    let (mean, spread) = (Measure::Index.show(skill.mean), Measure::Index.show(2.0 * skill.deviation));
    let id = if skill.is_provisional() { "skill-provisional" } else { "skill-value" };
    texts.say(id, &[("mean", mean.as_str().into()), ("spread", spread.as_str().into())])
}

impl RatingAnswer<'_> {
    /// The ratings with what they are made of.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let title = texts.say("rating-title", &[("name", self.people.with_badges(self.guid).into())]);
        let mut reply = Reply::new(title).facts(self.facts(texts));
        if self.skill.is_none() {
            reply = reply.text(texts.say("rating-none", &[]));
        }
        reply = reply.table(self.way(texts)).table(self.parts(texts)).footer(texts.say("rating-what", &[]));
        let mut evenings: Vec<&RatingStep> = self.steps.iter().collect();
        evenings.dedup_by(|one, other| one.session_key == other.session_key);
        let open = |step: &&RatingStep| {
            let day = step.day.map_or_else(|| step.session_key.clone(), |day| day.to_string());
            Button::new(Text::plain(&day), format!("session {}", step.session_key))
        };
        let choices: Vec<Button> = evenings.iter().take(MENU).map(open).collect();
        if choices.is_empty() {
            return reply;
        }
        reply.action(Action::Select { label: texts.say("evenings-open", &[]), choices })
    }

    fn facts(&self, texts: &Catalogue) -> Facts {
        let mut facts = Facts::default();
        if let Some(skill) = self.skill {
            let at_least = Cell::number(Some(skill.at_least()), Measure::Index);
            facts = facts
                .with("skill", texts.say("label-rating", &[]), skill_text(skill, texts))
                .with("at_least", texts.say("label-at-least", &[]), at_least)
                .with("matches", texts.say("label-rated-matches", &[]), Cell::count(skill.matches.into()))
                .with("place", texts.say("label-place", &[]), self.place_text(skill, texts));
            let spread = Measure::Index.show(2.0 * skill.deviation);
            if let Some(today) = self.spread_today.map(|today| Measure::Index.show(today)).filter(|now| *now != spread)
            {
                let today = texts.say("rating-today", &[("spread", today.as_str().into())]);
                facts = facts.with("today", texts.say("label-today", &[]), today);
            }
        }
        let Some(rating) = self.et_rating else {
            let from = fullhold_analytics::ET_ROUNDS;
            let none = texts.say("rating-et-none", &[("rounds", from.into())]);
            return facts.with("et_rating", texts.say("label-et-rating", &[]), none);
        };
        let tier = texts.say(&format!("tier-{}", EtTier::of(rating).name()), &[]);
        facts.with("et_rating", texts.say("label-et-rating", &[]), Cell::number(Some(rating), Measure::Ratio)).with(
            "tier",
            texts.say("label-tier", &[]),
            tier,
        )
    }

    fn place_text(&self, skill: Skill, texts: &Catalogue) -> Text {
        match self.place {
            Some((place, of)) => texts.say("rating-place", &[("place", place.into()), ("of", of.into())]),
            None => {
                let to_go = self.established.saturating_sub(skill.matches);
                texts.say("rating-no-place", &[("to_go", i64::from(to_go).into())])
            }
        }
    }

    /// His last matches, the newest first.
    fn way(&self, texts: &Catalogue) -> Table {
        let table = Table::new("matches", texts.say("rating-matches", &[]))
            .column("day", texts.say("column-day", &[]))
            .column("map", texts.say("column-map", &[]))
            .column("result", texts.say("column-result", &[]))
            .column("skill", texts.say("column-skill", &[]))
            .column("spread", texts.say("column-spread", &[]))
            .column("change", texts.say("column-change", &[]));
        self.steps.iter().enumerate().take(LISTED).fold(table, |table, (index, step)| {
            let before = self.steps.get(index + 1).map(|before| before.skill.mean);
            let before = before.or_else(|| (step.skill.matches == 1).then_some(self.start));
            let change = before.map(|before| signed(step.skill.mean - before));
            let id = match step.outcome {
                MatchOutcome::TeamA => "match-won",
                MatchOutcome::Draw => "match-drawn",
                MatchOutcome::TeamB => "match-lost",
            };
            let day = step.day.map_or_else(|| step.session_key.clone(), |day| day.to_string());
            table.row(vec![
                Cell::Text(Text::plain(&day)),
                Cell::name(&step.map),
                Cell::Text(texts.say(id, &[])),
                Cell::number(Some(step.skill.mean), Measure::Index),
                Cell::number(Some(2.0 * step.skill.deviation), Measure::Index),
                change.map_or(Cell::Unknown, |change| Cell::Text(Text::plain(&change))),
            ])
        })
    }

    /// What the ET rating is made of.
    fn parts(&self, texts: &Catalogue) -> Table {
        let table = Table::new("et_parts", texts.say("rating-et-parts", &[]))
            .column("what", texts.say("column-what", &[]))
            .column("value", texts.say("column-value", &[]))
            .column("better_than", texts.say("column-better-than", &[]))
            .column("weight", texts.say("column-weight", &[]));
        self.et_parts.iter().fold(table, |table, part| {
            table.row(vec![
                Cell::Text(sheet::name(part.metric.of, texts)),
                Cell::number(Some(part.value), part.metric.of.measure),
                Cell::number(Some(100.0 * part.percentile), Measure::Percent),
                Cell::number(Some(part.metric.weight), Measure::Ratio),
            ])
        })
    }

    /// His way as a chart.
    #[must_use]
    pub fn chart(&self) -> Picture {
        let point = |step: &RatingStep| RatedMatch {
            value: step.skill.mean,
            spread: 2.0 * step.skill.deviation,
            day: step.day.and_then(drawn_day),
        };
        let known = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        // Of a long way only the end is drawn: what is drawn first is no guess any more.
        let before = self.skill.map_or(0, |skill| skill.matches.saturating_sub(known));
        Rating {
            name: Name::plain(&self.people.name(self.guid).to_plain()),
            matches: self.steps.iter().rev().map(point).collect(),
            start: self.start,
            provisional: usize::try_from(self.established.saturating_sub(before)).unwrap_or_default(),
        }
        .draw()
    }
}

fn signed(change: f64) -> String {
    let shown = Measure::Index.show(change);
    if change > 0.0 && !shown.starts_with('-') { format!("+{shown}") } else { shown }
}

/// Somebody on the list of ratings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatingLine {
    /// The player.
    pub guid: Guid,
    /// His skill.
    pub skill: Skill,
    /// His ET rating.
    pub et_rating: Option<f64>,
}

/// Everybody by what he is at least; behind them those whose rating is a guess.
#[must_use]
pub fn ratings(lines: &[RatingLine], asker: Option<Guid>, page: usize, people: &People, texts: &Catalogue) -> Reply {
    let title = texts.say("ratings-title", &[]);
    if lines.is_empty() {
        return Reply::new(title).text(texts.say("ratings-empty", &[]));
    }
    let pages = lines.len().div_ceil(PLACES).max(1);
    let page = page.min(pages - 1);
    let table = Table::new("ratings", Text::default())
        .column("player", texts.say("column-player", &[]))
        .column("place", Text::plain("#"))
        .column("at_least", texts.say("column-at-least", &[]))
        .column("skill", texts.say("column-skill", &[]))
        .column("spread", texts.say("column-spread", &[]))
        .column("matches", texts.say("short-matches", &[]))
        .column("et_rating", texts.say("column-et", &[]));
    let shown = lines.iter().enumerate().skip(page * PLACES).take(PLACES);
    let table = shown.fold(table, |table, (index, line)| {
        let place = if line.skill.is_provisional() { Cell::Unknown } else { Cell::count(number(index + 1)) };
        table.row(vec![
            people.cell(line.guid),
            place,
            Cell::number(Some(line.skill.at_least()), Measure::Index),
            Cell::number(Some(line.skill.mean), Measure::Index),
            Cell::number(Some(2.0 * line.skill.deviation), Measure::Index),
            Cell::count(line.skill.matches.into()),
            Cell::number(line.et_rating, Measure::Ratio),
        ])
    });
    let own = lines.iter().position(|line| Some(line.guid) == asker).and_then(|place| Some((place, lines.get(place)?)));
    let own = own.map_or_else(Text::default, |(place, line)| {
        let skill = skill_text(line.skill, texts);
        let id = if line.skill.is_provisional() { "ratings-you-guess" } else { "ratings-you" };
        texts.say(id, &[("place", number(place + 1).into()), ("skill", skill.into())])
    });
    let footer = texts.say("ratings-order", &[("page", number(page + 1).into()), ("pages", number(pages).into())]);
    let open = |(_, line): (usize, &RatingLine)| {
        Button::new(people.name(line.guid), format!("rating {}", people.word(line.guid)))
    };
    let choices = lines.iter().enumerate().skip(page * PLACES).take(PLACES).map(open).collect();
    Reply::new(title)
        .table(table)
        .text(own)
        .footer(footer)
        .page(page, pages)
        .action(Action::Select { label: texts.say("ratings-open", &[]), choices })
}

fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
