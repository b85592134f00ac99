//! Raw bytes as they are kept: Zstandard, one frame per file.

use crate::{Error, FileId, Result};

/// Level 3: the library's default; higher ones cost more time than they save bytes on 4 KiB files.
const LEVEL: i32 = 3;

/// Compresses the bytes of a file. The context is reused: setting one up costs more than a file.
#[derive(Default)]
struct Contexts {
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

thread_local! {
    static CONTEXTS: std::cell::RefCell<Contexts> = std::cell::RefCell::default();
}

/// Compresses the bytes of a file.
///
/// # Errors
/// The compressor could not be set up (memory).
pub fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    CONTEXTS.with_borrow_mut(|contexts| {
        let compressor = match contexts.compressor.as_mut() {
            Some(compressor) => compressor,
            None => contexts.compressor.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        compressor.compress(bytes)
    })
}

/// Unpacks the bytes of a file.
///
/// # Errors
/// The bytes are no Zstandard frame, or do not unpack to `size`.
pub fn decompress(file_id: FileId, bytes: &[u8], size: i32) -> Result<Vec<u8>> {
    let fail = |reason: String| Error::Content { file_id, reason };
    let expected = usize::try_from(size).map_err(|e| fail(e.to_string()))?;
    let unpacked = zstd::bulk::decompress(bytes, expected).map_err(|e| fail(e.to_string()))?;
    if unpacked.len() == expected {
        Ok(unpacked)
    } else {
        Err(fail(format!("{} bytes, expected {size}", unpacked.len())))
    }
}
