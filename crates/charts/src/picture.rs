//! A finished picture: its drawing, what it is called, and what a person would see in it.

use crate::canvas::{Canvas, Scene, WIDTH};
use crate::check::{self, Finding};
use crate::raster::{self, RenderError};
use crate::svg;

/// A card or a chart, composed and measured but not yet drawn. Composing takes little; [`Picture::png`] is the work.
#[derive(Debug, Clone)]
pub struct Picture {
    title: String,
    alt: String,
    scene: Scene,
}

impl Picture {
    pub(crate) fn new(title: String, alt: String, canvas: Canvas, height: f64) -> Self {
        Self { title, alt, scene: canvas.finished(height.round()) }
    }

    /// A short title, such as `Evening 39`.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What a person would see, in at most 300 characters: for the `description` of an attachment. Characters that
    /// mean something to Discord are escaped, so that a name cannot mention anybody.
    #[must_use]
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Pixels from left to right.
    #[must_use]
    pub fn width(&self) -> f64 {
        WIDTH
    }

    /// Pixels from top to bottom.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.scene.height
    }

    /// The picture as SVG, complete in itself: letters are outlines, title and alt text are inside.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::document(&self.scene, &self.title, &self.alt)
    }

    /// The picture as PNG, 1080 pixels wide. Takes tens of milliseconds of one core: not on a thread that must not
    /// block; [`Gate`](crate::Gate) limits how many are drawn at once.
    ///
    /// # Errors
    /// None that depends on the data; see [`RenderError`].
    pub fn png(&self) -> Result<Vec<u8>, RenderError> {
        raster::png(&self.svg())
    }

    /// What is wrong with the drawing: text over text, text out of its column or off the card, too little contrast,
    /// a meaning that only a hue carries. Nothing, for every picture this crate makes; its tests and the fuzzer look.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        check::scene(&self.scene)
    }

    /// Every text of the drawing as it is shown, in the order it is painted.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        check::words(&self.scene).map(|words| words.setting.text.as_str()).collect()
    }
}
