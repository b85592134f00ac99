//! `import-reference`.

use fullhold_settings::Exit;

use crate::args::ServerArgs;
use crate::context::{Context, Outcome};

pub(crate) async fn run(_context: &Context, _url: String, _server: &ServerArgs) -> Outcome {
    Ok(Exit::Failed)
}
