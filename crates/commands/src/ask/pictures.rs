//! Pictures of answers, drawn where blocking is allowed.

use fullhold_charts::Picture;
use tokio::sync::Semaphore;

use super::Context;
use crate::reply::{Attachment, Reply};

/// Pictures that are drawn at once: each takes a core.
static PLACES: Semaphore = Semaphore::const_new(2);

/// The reply with pictures, each with a name for its file. One that cannot be drawn is said to be missing.
pub(super) async fn with(context: Context<'_>, reply: Reply, pictures: Vec<(&'static str, Picture)>) -> Reply {
    let mut reply = reply;
    for (name, picture) in pictures {
        let alt_text = picture.alt().to_owned();
        // The semaphore is never closed.
        let place = PLACES.acquire().await;
        let drawn = tokio::task::spawn_blocking(move || picture.png()).await;
        drop(place);
        reply = match drawn {
            Ok(Ok(bytes)) => reply.file(Attachment { name: format!("{name}.png"), alt_text, bytes }),
            Ok(Err(_)) | Err(_) => {
                reply.text(context.texts.say("picture-failed", &[("alt", alt_text.as_str().into())]))
            }
        };
    }
    reply
}
