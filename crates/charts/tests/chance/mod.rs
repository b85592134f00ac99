//! Data by chance for every card and chart: hostile texts, strange numbers, lists of any length.

use fullhold_charts::cards::{
    EveningPlayers, EveningResult, MapPlay, MapWins, MatchCard, MatchLine, MatchTeam, Measure, PlayerLine, Profile,
    Record, Records, RoundCard, RoundLine, RoundTeam, Season, Series, Side, Sides, Skill, SkillPoint, Standing,
    TeamSheet, WeaponUse,
};
use fullhold_charts::charts::{
    Accuracy, AccuracyRow, Compared, Comparison, Damage, DamageRow, Form, FormLine, FormPoint, MapRate, MapRates, Met,
    OverRounds, Played, PlayedRow, Playstyle, Quantity, RatedMatch, Rating, RoundsOfPlayer, ScoreChart, ScoreSeries,
    ScoreStep, Style, Tally, TallyRow,
};
use fullhold_charts::{Attack, Day, Honour, Name, Picture, Score, Team, TimeOfDay, When};

/// How many kinds [`Source::picture`] knows.
pub(crate) const KINDS: u64 = 18;

const TEXTS: [&str; 24] = [
    "",
    " ",
    "^",
    "^^",
    "^1",
    "norr",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "etl_sp_delivery",
    "_te",
    "@everyone",
    "<@&123>",
    "שלום עולם",
    "مرحبا بالعالم",
    "漢字",
    "👨\u{200d}👩\u{200d}👧",
    "e\u{301}\u{323}",
    "\u{202e}\u{202d}\u{2066}x",
    "\u{0}\u{1}\u{fffe}\u{ffff}",
    "☠★♥ƒ",
    "a b c d e f g h i j k l m n o p",
    "]]>&lt;\"'",
    "ﷺﷺﷺ",
    "1,234.5",
    "ǅ ŉ ﬁ ß",
];

/// Chance with a seed.
pub(crate) struct Source(fastrand::Rng);

impl Source {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A picture of the kind, or its composition, by chance.
    pub(crate) fn picture(&mut self, kind: u64) -> Picture {
        match kind % KINDS {
            0 => self.profile().draw(),
            1 => self.evening_result().draw(),
            2 => {
                let page = self.0.usize(0..4);
                self.evening_players().draw(page)
            }
            3 => self.match_card().draw(),
            4 => self.round().draw(),
            5 => self.season().draw(),
            6 => self.records().draw(),
            7 => Damage { parts: self.texts(), rows: self.many(Self::damage_row) }.draw(self.0.usize(0..4)),
            8 => Tally {
                title: self.text(),
                unit: self.text(),
                second: self.text(),
                parts: self.texts(),
                rows: self.many(Self::tally_row),
            }
            .draw(self.0.usize(0..4)),
            9 => Played { parts: self.texts(), rows: self.many(Self::played_row) }.draw(self.0.usize(0..4)),
            10 => Accuracy { parts: self.texts(), rows: self.many(Self::accuracy_row) }.draw(self.0.usize(0..4)),
            11 => self.over_rounds().draw(self.0.usize(0..4)),
            12 => Playstyle { players: self.few(Self::style), pool: self.count(), gate: self.text() }.draw(),
            13 => Form { quantity: self.text(), places: self.0.usize(0..4), lines: self.few(Self::form_line) }.draw(),
            14 => {
                MapRates { name: self.maybe(Self::name), parts: self.texts(), maps: self.many(Self::map_rate) }.draw()
            }
            15 => self.rating().draw(),
            16 => ScoreChart { parts: self.texts(), series: self.few(Self::score_series) }.draw(),
            _ => Comparison {
                players: self.few(Self::name),
                rows: self.many(Self::compared),
                met: self.maybe(Self::met),
            }
            .draw(),
        }
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.0.usize(0..4) {
            if self.0.u8(0..8) == 0 {
                text.extend(std::iter::repeat_with(|| self.0.char(..)).take(3));
            } else {
                text += TEXTS[self.0.usize(0..TEXTS.len())];
            }
            if self.0.bool() {
                text.push('^');
                text.push(self.0.char('!'..'z'));
            }
        }
        text
    }

    fn name(&mut self) -> Name {
        Name::new(&self.text())
    }

    fn texts(&mut self) -> Vec<String> {
        self.few(Self::text)
    }

    fn count(&mut self) -> u64 {
        match self.0.u8(0..8) {
            0 => 0,
            1 => u64::MAX,
            2 => self.0.u64(..),
            3 => self.0.u64(..1_000_000),
            _ => self.0.u64(..500),
        }
    }

    fn number(&mut self) -> f64 {
        match self.0.u8(0..12) {
            0 => 0.0,
            1 => f64::NAN,
            2 => f64::INFINITY,
            3 => f64::from_bits(self.0.u64(..)),
            4 => -self.0.f64() * 100.0,
            5 => self.0.f64() * 1e9,
            _ => self.0.f64() * 400.0,
        }
    }

    fn maybe<T>(&mut self, value: fn(&mut Self) -> T) -> Option<T> {
        (self.0.u8(0..5) > 0).then(|| value(self))
    }

    fn number_or_none(&mut self) -> Option<f64> {
        self.maybe(Self::number)
    }

    fn count_or_none(&mut self) -> Option<u64> {
        self.maybe(Self::count)
    }

    fn few<T>(&mut self, value: fn(&mut Self) -> T) -> Vec<T> {
        (0..self.0.usize(0..5)).map(|_| value(self)).collect()
    }

    fn many<T>(&mut self, value: fn(&mut Self) -> T) -> Vec<T> {
        let most = match self.0.u8(0..64) {
            0 => 80,
            1..4 => 24,
            _ => 5,
        };
        (0..self.0.usize(0..=most)).map(|_| value(self)).collect()
    }

    fn team(&mut self) -> Team {
        [Team::A, Team::B, Team::Unknown][self.0.usize(0..3)]
    }

    fn day(&mut self) -> Day {
        let day = Day::new(self.0.i32(1..9999), self.0.u8(1..13), self.0.u8(1..29));
        day.or_else(|| Day::new(2025, 1, 1)).expect("a day")
    }

    fn when(&mut self) -> When {
        let time = |source: &mut Self| TimeOfDay::new(source.0.u8(0..24), source.0.u8(0..60));
        When { day: self.maybe(Self::day), start: time(self), end: if self.0.bool() { time(self) } else { None } }
    }

    fn score(&mut self) -> Score {
        Score { a: self.count(), b: self.count() }
    }

    fn attack(&mut self) -> Attack {
        Attack { team: self.team(), seconds: self.count(), limit: self.count(), is_done: self.0.bool() }
    }

    fn honour(&mut self) -> Honour {
        Honour { title: self.text(), name: self.name(), team: self.team(), value: self.text(), unit: self.text() }
    }

    fn measure(&mut self) -> Measure {
        Measure { value: self.number_or_none(), rail: self.number_or_none(), note: self.text() }
    }

    fn skill_point(&mut self) -> SkillPoint {
        SkillPoint { value: self.number(), spread: self.number() }
    }

    fn skill(&mut self) -> Skill {
        Skill { matches: self.count(), curve: self.many(Self::skill_point) }
    }

    fn profile(&mut self) -> Profile {
        Profile {
            name: self.name(),
            rounds: self.count(),
            evenings: self.count(),
            hours: self.number_or_none(),
            last_seen: self.maybe(Self::day),
            badges: self.texts(),
            skill: self.maybe(Self::skill),
            kd: self.measure(),
            dpm: self.measure(),
            match_win: self.measure(),
            head_hit: self.measure(),
            style: std::array::from_fn(|_| self.number_or_none()),
            pool: self.count(),
            maps: self.many(|source| MapWins { map: source.text(), won: source.count(), played: source.count() }),
            weapons: self.many(|source| WeaponUse {
                weapon: source.text(),
                kills: source.count_or_none(),
                accuracy: source.number_or_none(),
            }),
        }
    }

    fn map_play(&mut self) -> MapPlay {
        MapPlay {
            map: self.text(),
            first: self.maybe(Self::attack),
            second: self.maybe(Self::attack),
            points: self.maybe(Self::score),
            not_counted: self.maybe(Self::text),
        }
    }

    fn side(&mut self) -> Side {
        Side { name: self.name(), players: self.many(Self::name) }
    }

    fn evening_result(&mut self) -> EveningResult {
        let series = |source: &mut Self| {
            let sides = Sides { a: source.side(), b: source.side(), score: source.score() };
            let is_known = source.0.u8(0..4) > 0;
            Series { sides: if is_known { Ok(sides) } else { Err(source.text()) }, maps: source.many(Self::map_play) }
        };
        EveningResult {
            number: self.count(),
            when: self.when(),
            players: self.0.usize(..),
            series: self.few(series),
            best: self.maybe(Self::honour),
            second: self.maybe(Self::honour),
        }
    }

    fn evening_players(&mut self) -> EveningPlayers {
        let line = |source: &mut Self| PlayerLine {
            name: source.name(),
            rounds: source.count(),
            kills: source.count_or_none(),
            deaths: source.count_or_none(),
            kd: source.number_or_none(),
            dpm: source.number_or_none(),
            accuracy: source.number_or_none(),
            head_hit: source.number_or_none(),
            revives: source.count_or_none(),
        };
        let teams = (0..self.0.usize(0..4)).map(|_| TeamSheet {
            team: self.team(),
            name: self.maybe(Self::name),
            tag: self.maybe(Self::text),
            players: self.many(line),
        });
        let teams = teams.collect();
        EveningPlayers {
            number: self.count(),
            when: self.when(),
            rounds: self.0.usize(..),
            teams,
            awards: self.many(Self::honour),
        }
    }

    fn match_card(&mut self) -> MatchCard {
        let line = |source: &mut Self| MatchLine {
            name: source.name(),
            is_mvp: source.0.bool(),
            first: source.maybe(|source| [source.count(), source.count()]),
            second: source.maybe(|source| [source.count(), source.count()]),
            kills: source.count_or_none(),
            deaths: source.count_or_none(),
            kd: source.number_or_none(),
            dpm: source.number_or_none(),
            given: source.count_or_none(),
            received: source.count_or_none(),
        };
        let teams = (0..self.0.usize(0..4)).map(|_| MatchTeam {
            team: self.team(),
            name: self.maybe(Self::name),
            tag: self.maybe(Self::text),
            players: self.many(line),
        });
        let teams = teams.collect();
        MatchCard {
            parts: self.texts(),
            map: self.text(),
            score: self.maybe(Self::score),
            first: self.maybe(Self::attack),
            second: self.maybe(Self::attack),
            teams,
        }
    }

    fn round(&mut self) -> RoundCard {
        let line = |source: &mut Self| RoundLine {
            name: source.name(),
            is_mvp: source.0.bool(),
            kills: source.count_or_none(),
            deaths: source.count_or_none(),
            kd: source.number_or_none(),
            dpm: source.number_or_none(),
            accuracy: source.number_or_none(),
            revives: source.count_or_none(),
            spree: source.count_or_none(),
            given: source.count_or_none(),
        };
        let teams = (0..self.0.usize(0..4)).map(|_| RoundTeam {
            team: self.team(),
            name: self.maybe(Self::name),
            tag: self.maybe(Self::text),
            players: self.many(line),
        });
        let teams = teams.collect();
        RoundCard {
            parts: self.texts(),
            map: self.text(),
            round: self.0.u8(..),
            attack: self.maybe(Self::attack),
            score: self.maybe(Self::score),
            teams,
        }
    }

    fn season(&mut self) -> Season {
        let standing = |source: &mut Self| Standing {
            name: source.name(),
            skill: source.number_or_none(),
            dpm: source.number_or_none(),
            kills: source.count_or_none(),
            kd: source.number_or_none(),
            match_win: source.number_or_none(),
            rounds: source.count(),
        };
        Season {
            name: self.text(),
            days: self.maybe(|source| [source.day(), source.day()]),
            days_left: self.count_or_none(),
            passed: self.number_or_none(),
            champions: self.few(Self::honour),
            standings: self.many(standing),
            players: self.0.usize(..),
            gate: self.text(),
            past: self.many(Self::honour),
        }
    }

    fn records(&mut self) -> Records {
        let record = |source: &mut Self| Record {
            metric: source.text(),
            value: source.maybe(Self::text),
            name: source.name(),
            map: source.text(),
            day: source.maybe(Self::day),
        };
        Records { parts: self.texts(), rounds: self.many(record), matches: self.many(record) }
    }

    fn damage_row(&mut self) -> DamageRow {
        DamageRow {
            name: self.name(),
            team: self.team(),
            given: self.number_or_none(),
            received: self.number_or_none(),
        }
    }

    fn tally_row(&mut self) -> TallyRow {
        TallyRow { name: self.name(), team: self.team(), value: self.number_or_none(), second: self.number_or_none() }
    }

    fn played_row(&mut self) -> PlayedRow {
        let (played, dead, denied) = (self.count_or_none(), self.count_or_none(), self.count_or_none());
        PlayedRow { name: self.name(), team: self.team(), played, dead, denied }
    }

    fn accuracy_row(&mut self) -> AccuracyRow {
        AccuracyRow {
            name: self.name(),
            team: self.team(),
            accuracy: self.number_or_none(),
            head_hit: self.number_or_none(),
        }
    }

    fn over_rounds(&mut self) -> OverRounds {
        let row = |source: &mut Self| RoundsOfPlayer {
            name: source.name(),
            team: source.team(),
            overall: source.number_or_none(),
            rounds: source.many(Self::number_or_none),
        };
        let quantity = if self.0.bool() { Quantity::Kd } else { Quantity::Dpm };
        OverRounds { quantity, parts: self.texts(), rows: self.many(row) }
    }

    fn style(&mut self) -> Style {
        let percentiles = std::array::from_fn(|_| self.number_or_none());
        Style { name: self.name(), percentiles, values: std::array::from_fn(|_| self.number_or_none()) }
    }

    fn form_line(&mut self) -> FormLine {
        let point = |source: &mut Self| FormPoint { day: source.day(), value: source.number_or_none() };
        FormLine { name: self.name(), points: self.many(point) }
    }

    fn map_rate(&mut self) -> MapRate {
        MapRate {
            map: self.text(),
            attack: self.number_or_none(),
            defence: self.number_or_none(),
            played: self.count(),
        }
    }

    fn rating(&mut self) -> Rating {
        let rated = |source: &mut Self| RatedMatch {
            value: source.number(),
            spread: source.number(),
            day: source.maybe(Self::day),
        };
        Rating { name: self.name(), matches: self.many(rated), start: self.number(), provisional: self.0.usize(0..20) }
    }

    fn score_series(&mut self) -> ScoreSeries {
        let step = |source: &mut Self| ScoreStep { map: source.text(), points: source.maybe(Self::score) };
        ScoreSeries { names: self.maybe(|source| [source.name(), source.name()]), steps: self.many(step) }
    }

    fn compared(&mut self) -> Compared {
        Compared {
            label: self.text(),
            values: self.few(Self::number_or_none),
            places: self.0.usize(0..4),
            is_lower_better: self.0.bool(),
        }
    }

    fn met(&mut self) -> Met {
        Met {
            together: self.count(),
            together_won: self.number_or_none(),
            against: self.count(),
            first_won: self.number_or_none(),
        }
    }
}
