//! Team names: set by people, else the clan tag that most of a team wear, else Team A and Team B.

/// A tag that fewer wear is only a name.
const WEARERS: usize = 2;

/// Characters between a tag and the rest of a name.
const SEPARATORS: &[char] =
    &['-', '_', '.', '|', ':', '~', '·', '•', '*', '=', '+', '/', '\\', ',', ';', '^', '>', '»', '\''];

/// The names of two teams, as far as there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamNames {
    /// Of team A.
    pub team_a: Option<String>,
    /// Of team B.
    pub team_b: Option<String>,
}

impl TeamNames {
    /// The names by what people set, and else by the clan tags of the clean names that each team wore last.
    #[must_use]
    pub fn of(set_by_people: Self, worn_by_a: &[&str], worn_by_b: &[&str]) -> Self {
        Self {
            team_a: set_by_people.team_a.or_else(|| clan_tag(worn_by_a)),
            team_b: set_by_people.team_b.or_else(|| clan_tag(worn_by_b)),
        }
    }

    /// What is shown: two teams of one clan cannot be told apart by its tag, so they are Team A and Team B.
    #[must_use]
    pub fn shown(&self) -> (&str, &str) {
        match (self.team_a.as_deref(), self.team_b.as_deref()) {
            (Some(a), Some(b)) if a.to_lowercase() == b.to_lowercase() => ("Team A", "Team B"),
            (a, b) => (a.unwrap_or("Team A"), b.unwrap_or("Team B")),
        }
    }
}

/// The clan tag of a team, by the clean name of each player: the longest beginning or end that at least two thirds
/// share in any case, as most of them write it. A tag has at least two visible characters, one of them a letter or a
/// digit; separators at the cut are not part of it.
#[must_use]
pub fn clan_tag(names: &[&str]) -> Option<String> {
    let forwards: Vec<Vec<char>> = names.iter().map(|name| name.trim().chars().collect()).collect();
    let backwards: Vec<Vec<char>> = forwards.iter().map(|name| name.iter().rev().copied().collect()).collect();
    let beginning = shared(&forwards);
    let end = shared(&backwards).map(|tag| tag.chars().rev().collect::<String>());
    match (beginning, end) {
        (Some(beginning), Some(end)) if end.chars().count() > beginning.chars().count() => Some(end),
        (beginning, end) => beginning.or(end),
    }
}

/// The longest beginning that two thirds share, without separators at its end.
fn shared(names: &[Vec<char>]) -> Option<String> {
    let longest = |name: &Vec<char>| {
        (1..=name.len()).rev().find_map(|length| {
            let tag = name.get(..length)?;
            let wearers: Vec<&[char]> =
                names.iter().filter_map(|other| other.get(..length)).filter(|other| same(other, tag)).collect();
            let enough = wearers.len() >= WEARERS && wearers.len() * 3 >= names.len() * 2;
            let cut = if enough { without_separators(tag) } else { &[] };
            is_tag(cut).then(|| most_worn(&wearers, cut.len()))
        })
    };
    // Of equally long ones the first in the alphabet, so that the order of names is no matter.
    names.iter().filter_map(longest).max_by(|a, b| a.chars().count().cmp(&b.chars().count()).then(b.cmp(a)))
}

fn same(a: &[char], b: &[char]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_lowercase().eq(b.to_lowercase()))
}

fn without_separators(tag: &[char]) -> &[char] {
    let kept = tag.iter().rposition(|c| !c.is_whitespace() && !SEPARATORS.contains(c)).map_or(0, |last| last + 1);
    tag.get(..kept).unwrap_or_default()
}

fn is_tag(tag: &[char]) -> bool {
    tag.iter().filter(|c| !c.is_whitespace()).count() >= 2 && tag.iter().any(|c| c.is_alphanumeric())
}

/// The spelling that most wear; of equals the first in the alphabet.
fn most_worn(wearers: &[&[char]], length: usize) -> String {
    let mut spellings: Vec<String> = wearers.iter().map(|name| name.iter().take(length).collect()).collect();
    spellings.sort();
    let most = spellings.chunk_by(|a, b| a == b).rev().max_by_key(|same| same.len());
    most.and_then(<[String]>::first).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: Option<&str>) {
        assert_eq!(clan_tag(names).as_deref(), expected, "{names:?}");
        let reversed: Vec<&str> = names.iter().rev().copied().collect();
        assert_eq!(clan_tag(&reversed).as_deref(), expected, "{reversed:?}");
    }

    #[test]
    fn a_tag_is_what_two_thirds_share() {
        check(&[".oG bronze", ".oG lagger", ".oG squaze"], Some(".oG"));
        check(&[".oG bronze", ".oG lagger", "guest"], Some(".oG"));
        check(&[".oG bronze", "stranger", "guest"], None);
        check(&["///M wolf", "///M fox"], Some("///M"));
        check(&["bronze.slo", "lagger.slo", "wolf.slo"], Some("slo"));
        check(&["[AB]one", "[AB]two"], Some("[AB]"));
        check(&["ABC-|-one", "abc-|-two", "ABC-|-dog"], Some("ABC"));
        check(&["abc one", "ABC two"], Some("ABC"));
        check(&["x one", "x two"], None);
        check(&[".x one", ".x two"], Some(".x"));
        check(&["one", "two", "three"], None);
        check(&["alone"], None);
        check(&[], None);
        check(&["", "  "], None);
        check(&["--one", "--two"], None);
        check(&["ČŽ one", "čž two", "čž dog"], Some("čž"));
        check(&["AB one xyzw", "AB two xyzw"], Some("xyzw"));
    }

    #[test]
    fn names_that_people_set_stand_above_tags() {
        let set = TeamNames { team_a: Some("slomix".to_owned()), team_b: None };
        let names = TeamNames::of(set, &["oG a", "oG b"], &["oG c", "oG d"]);
        assert_eq!(names.shown(), ("slomix", "oG"));
        let names = TeamNames::of(TeamNames::default(), &["oG a", "oG b"], &["og c", "og d"]);
        assert_eq!(names.team_b.as_deref(), Some("og"));
        assert_eq!(names.shown(), ("Team A", "Team B"), "two halves of one clan");
        assert_eq!(TeamNames::of(TeamNames::default(), &[], &["c"]).shown(), ("Team A", "Team B"));
    }
}
