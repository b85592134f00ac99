//! Who is who for the viewer: only people of the servers that are shown, and nobody's name against his will.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use fullhold_analytics::{Totals, worn};
use fullhold_repository::{EveningPlayer, Listed, Privacy};
use fullhold_stats_file::Guid;

use super::failure::Failure;
use super::kept::{Listing, Lists};
use super::{Answerer, Context};
use crate::answers::{People, Shown};
use crate::catalogue::Catalogue;
use crate::words::similar;

/// Everybody whom the viewer may hear of.
pub(super) struct Directory {
    listing: Arc<Listing>,
    /// What stands for the names of those who are anonymous, by guid.
    stand_ins: HashMap<String, String>,
    /// The viewer's own guid.
    own: Option<String>,
}

/// What stands for the name of an anonymous player.
fn stand_in(one: &Listed, texts: &Catalogue) -> Option<String> {
    let number = one.player.anonymous_number.unwrap_or_default().to_string();
    let is_anonymous = one.privacy == Privacy::Anonymous;
    is_anonymous.then(|| texts.say("anonymous-player", &[("number", number.as_str().into())]).to_plain())
}

impl Directory {
    /// Who is who for who asks, by these lists.
    pub(super) async fn read(context: Context<'_>, lists: &Lists) -> Result<Self, Failure> {
        Self::seen_by(context.answerer, lists, context.question.asker.player).await
    }

    /// Who is who for a player.
    pub(super) async fn seen_by(answerer: &Answerer, lists: &Lists, viewer: Option<Guid>) -> Result<Self, Failure> {
        let listing = lists.people(&answerer.db, &answerer.config.servers).await?;
        let own = viewer.and_then(|viewer| listing.of(viewer.as_str())).map(|one| one.player.guid.clone());
        let stand_in = |one: &Listed| Some((one.player.guid.clone(), stand_in(one, &answerer.texts)?));
        let stand_ins = listing.people.iter().filter_map(stand_in).collect();
        Ok(Self { listing, stand_ins, own })
    }

    /// Everybody.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.listing.people.iter()
    }

    /// The person that a guid belongs to.
    pub(super) fn of(&self, guid: &str) -> Option<&Listed> {
        self.listing.of(guid)
    }

    /// The viewer.
    pub(super) fn own(&self) -> Option<&Listed> {
        self.own.as_deref().and_then(|guid| self.of(guid))
    }

    /// Whether somebody is the viewer.
    pub(super) fn is_own(&self, one: &Listed) -> bool {
        self.own.as_deref() == Some(&one.player.guid)
    }

    /// Whether somebody's name is not to be seen.
    pub(super) fn is_anonymous(&self, one: &Listed) -> bool {
        self.stand_ins.contains_key(&one.player.guid)
    }

    /// The name that others see.
    pub(super) fn name<'a>(&'a self, one: &'a Listed) -> &'a str {
        self.stand_ins.get(&one.player.guid).unwrap_or(&one.name)
    }

    /// How everybody is shown to everybody. Badges are worn where careers are given.
    pub(super) fn people(&self, careers: &BTreeMap<Guid, Totals>) -> People {
        self.shown(careers, None)
    }

    /// As [`Directory::people`], but the viewer sees himself in what is about him alone.
    pub(super) fn people_about(&self, careers: &BTreeMap<Guid, Totals>, about: Guid) -> People {
        self.shown(careers, self.own.as_deref().filter(|own| *own == about.as_str()))
    }

    fn shown(&self, careers: &BTreeMap<Guid, Totals>, unveiled: Option<&str>) -> People {
        let mut shown = BTreeMap::new();
        let mut veiled = BTreeSet::new();
        for one in &self.listing.people {
            let Some(guid) = Guid::new(&one.player.guid) else { continue };
            let is_veiled = self.is_anonymous(one) && unveiled != Some(one.player.guid.as_str());
            let name = if is_veiled { self.name(one) } else { &one.name };
            let badges = careers.get(&guid).map(|career| worn(career).into_iter().map(|tier| tier.emoji).collect());
            shown.insert(guid, Shown { name: name.to_owned(), badges: badges.unwrap_or_default() });
            if is_veiled {
                veiled.insert(guid);
            }
        }
        People::new(shown).veiling(veiled)
    }

    /// The people whom a text may mean: by a guid, by a whole name, or by a part of one; the first of these that fits
    /// anybody decides.
    pub(super) fn meant(&self, text: &str) -> Vec<&Listed> {
        let is_guid = |one: &&Listed| one.guids.iter().any(|guid| guid.eq_ignore_ascii_case(text));
        let by_guid: Vec<&Listed> =
            self.listing.people.iter().filter(|one| self.may_be_found(one)).filter(is_guid).collect();
        if !by_guid.is_empty() {
            return by_guid;
        }
        let wanted = text.to_lowercase();
        let whole = self.fitting(|name| name == wanted);
        if whole.is_empty() { self.fitting(|name| name.contains(&wanted)) } else { whole }
    }

    /// The people one of whose names contains a text, whatever its case.
    pub(super) fn like(&self, text: &str) -> Vec<&Listed> {
        let wanted = text.to_lowercase();
        let is_listed = |one: &&Listed| one.privacy == Privacy::Public;
        self.fitting(|name| name.contains(&wanted)).into_iter().filter(is_listed).collect()
    }

    /// People for whose names a beginning or a part was typed, and whether the name begins with it. They are found as in
    /// [`Directory::like`], and those who are private by the name that is shown; bots are not.
    pub(super) fn named_like(&self, typed: &str) -> Vec<(bool, &Listed)> {
        let wanted = typed.to_lowercase();
        let found = self.fitting(|name| name.contains(&wanted)).into_iter().filter(|one| !one.player.is_bot);
        found.map(|one| (self.name(one).to_lowercase().starts_with(&wanted), one)).collect()
    }

    fn fitting(&self, fits: impl Fn(&str) -> bool) -> Vec<&Listed> {
        let has = |one: &&Listed| {
            if !self.may_be_found(one) {
                return fits(&self.name(one).to_lowercase());
            }
            let names = one.names.iter().map(|name| name.alias.as_str());
            let all = one.guids.iter().map(String::as_str).chain([one.name.as_str()]).chain(names);
            all.into_iter().any(|name| fits(&name.to_lowercase()))
        };
        self.listing.people.iter().filter(has).collect()
    }

    /// Names that look like a text, the likeliest first.
    pub(super) fn similar<'a>(&'a self, text: &str, most: usize) -> Vec<&'a str> {
        similar(text, self.listing.people.iter().filter(|one| !one.player.is_bot).map(|one| self.name(one)), most)
    }

    /// Whether the viewer finds somebody by guid and names.
    fn may_be_found(&self, one: &Listed) -> bool {
        !self.is_anonymous(one) || self.is_own(one)
    }

    /// Lines with the names that may be seen in place of those that are stored.
    pub(super) fn veil(&self, lines: &mut [EveningPlayer]) {
        for line in lines {
            let Some(one) = self.of(&line.person_guid) else { continue };
            self.name(one).clone_into(&mut line.display_name);
            if self.is_anonymous(one) {
                // No clan is found by the name either.
                line.line.clean_name.clear();
                line.line.player_name.clear();
            }
        }
    }
}
