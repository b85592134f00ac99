//! What can be computed about a drawing: whether all of it can be read, by everybody.

pub mod distance;
mod hue;
mod layout;

use std::fmt;

use crate::canvas::{Item, Scene, Words};

/// Something wrong with a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, with the texts or tones concerned.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

pub(crate) fn scene(scene: &Scene) -> Vec<Finding> {
    let mut findings = Vec::new();
    layout::check(scene, &mut findings);
    hue::check(scene, &mut findings);
    findings
}

pub(crate) fn words(scene: &Scene) -> impl Iterator<Item = &Words> {
    scene.items.iter().filter_map(|item| if let Item::Words(words) = item { Some(words) } else { None })
}
