//! `doctor`.

use fullhold_settings::Exit;

use crate::context::{Context, Outcome};

pub(crate) async fn run(_context: &Context) -> Outcome {
    Ok(Exit::Failed)
}
