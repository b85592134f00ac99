//! Sessions, teams, scores and what their numbers mean.
#![doc = include_str!("../README.md")]

mod awards;
mod badges;
mod boards;
mod calibration;
mod et_rating;
mod form;
mod formula;
pub mod formula_table;
pub mod formulas;
mod ledger;
mod lineup;
mod matches;
mod measure;
mod mvp;
mod ranking;
mod rating;
mod recap;
mod records;
mod restarts;
mod score;
mod season;
mod series;
mod sessions;
mod synergy;
mod tags;
mod team_split;
mod teams;
mod timeline;
mod totals;
mod validity;
mod words;

pub use awards::{AWARDS, Award, Threshold, Won, awards, rarest};
pub use badges::{BADGES, Badge, Progress, Tier, progress, unlocked, worn};
pub use boards::{BOARDS, Board, Gate, Order, Value};
pub use calibration::{CalibrationState, Features, LOG_LOSS_OF_A_COIN, Precision, log_loss};
pub use et_rating::{
    ET_METRICS, ET_RATING_VERSION, ET_ROUNDS, ET_SHRINKAGE, EtMetric, EtPart, EtTier, et_parts, et_ratings,
};
pub use form::{FORM_EVENINGS, FORM_METRICS, FormMetric, FormPart, form, form_parts};
pub use formula::{Formula, Part, formula};
pub use formula_table::{FORMULAS, PARTS};
pub use ledger::{Ledger, Reached};
pub use lineup::{Lineup, Presence, SidesOfMatch, Since, Stood, lineup_changes, lineup_changes_of, since};
pub use measure::Measure;
pub use mvp::{evening_mvp, mvp_of, player_totals, round_mvp, team_mvp};
pub use ranking::{Missing, Place, Ranked, UnknownBoard, board, place, rank};
pub use rating::{
    Learned, MatchOutcome, PREDICTIONS_KEPT, PROVISIONAL_MATCHES, Played, Predicted, Prediction, RATING_VERSION,
    RatedMatch, Ratings, Skill, SkillChange, replay_ratings,
};
pub use recap::{
    Fact, FactKind, PlayedEvening, PlayedMatch, RECAP_FACTS, Subject, evening_facts, form_fact, match_facts, recap,
    recap_of_last,
};
pub use records::{Held, Performance, RECORDS, Record, best_performances, record_history, record_holder};
pub use season::{NoSeason, Season, champions};
pub use series::{MatchTeams, Series, series, series_of};
pub use synergy::{Estimate, NotEnough, SYNERGY_MATCHES, Synergy, synergy, win_share};
pub use tags::{TeamNames, clan_tag};
pub use team_split::{SPLIT_PLAYERS, Split, SplitError, split_teams};
pub use teams::ManualRoster;
pub use timeline::{
    DayStart, MatchResult, RosterEntry, RoundResult, SessionResult, Timeline, TimelineConfig, TimelineRound, timeline,
};
pub use totals::{Peak, RoundMark, Standing, Totals};
pub use words::{Confidence, MatchId, MatchState, Reason, RoundStatus, Team, Undecided, Verdict};
