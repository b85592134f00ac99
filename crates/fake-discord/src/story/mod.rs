//! What a test does and sees: the fake, its guilds and channels, people who act, and what they are shown.

mod acting;
mod asked;
mod fake;
mod gateway;
mod interacting;
mod person;
mod places;
mod shown;

pub use asked::{Asked, Choice};
pub use fake::FakeDiscord;
pub use gateway::GatewayHandle;
pub use person::Person;
pub use places::{Channel, Guild, Role};
pub use shown::{Button, File, Shown};
