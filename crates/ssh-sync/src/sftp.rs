//! The few SFTP version 3 packets a download takes (draft-ietf-secsh-filexfer-02), as bytes. Pure.
//!
//! libssh2 has one file operation under way at a time; with packets of our own many files share the
//! round trips.

/// Bytes asked for in one read: every server gives so many.
pub(crate) const MOST_DATA: u32 = 32_768;
/// A longer packet than any answer to what we ask.
const MOST_PACKET: usize = 256 * 1024;

const INIT: u8 = 1;
const VERSION: u8 = 2;
const OPEN: u8 = 3;
const CLOSE: u8 = 4;
const READ: u8 = 5;
const STATUS: u8 = 101;
const HANDLE: u8 = 102;
const DATA: u8 = 103;

/// It did not work, for no reason that is told.
pub(crate) const STATUS_FAILURE: u32 = 4;
/// End of the file.
pub(crate) const STATUS_EOF: u32 = 1;

/// Requests, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Requests(Vec<u8>);

impl Requests {
    /// Must come first. The answer is [`Reply::Version`].
    pub(crate) fn init(&mut self) {
        self.packet(INIT, |packet| packet.number(3));
    }

    /// Opens for reading. The answer is [`Reply::Handle`] or [`Reply::Status`].
    pub(crate) fn open(&mut self, id: u32, path: &[u8]) {
        const FOR_READING: u32 = 1;
        const NO_ATTRIBUTES: u32 = 0;
        self.packet(OPEN, |packet| {
            packet.number(id);
            packet.string(path);
            packet.number(FOR_READING);
            packet.number(NO_ATTRIBUTES);
        });
    }

    /// Reads. The answer is [`Reply::Data`] or [`Reply::Status`].
    pub(crate) fn read(&mut self, id: u32, handle: &[u8], offset: u64, length: u32) {
        self.packet(READ, |packet| {
            packet.number(id);
            packet.string(handle);
            packet.0.extend(offset.to_be_bytes());
            packet.number(length);
        });
    }

    /// Closes. The answer is [`Reply::Status`].
    pub(crate) fn close(&mut self, id: u32, handle: &[u8]) {
        self.packet(CLOSE, |packet| {
            packet.number(id);
            packet.string(handle);
        });
    }

    /// What is to be sent; then nothing is left to send.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    fn packet(&mut self, kind: u8, body: impl FnOnce(&mut Self)) {
        let start = self.0.len();
        self.number(0);
        self.0.push(kind);
        body(self);
        let length = u32::try_from(self.0.len().saturating_sub(start + 4)).unwrap_or(u32::MAX);
        if let Some(place) = self.0.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }

    fn number(&mut self, number: u32) {
        self.0.extend(number.to_be_bytes());
    }

    fn string(&mut self, bytes: &[u8]) {
        self.number(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.0.extend(bytes);
    }
}

/// What a server answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply<'a> {
    /// The version it speaks.
    Version(u32),
    /// Done, or why not.
    Status { id: u32, code: u32 },
    /// A file is open.
    Handle { id: u32, handle: &'a [u8] },
    /// A part of a file.
    Data { id: u32, data: &'a [u8] },
}

/// No answer to anything we ask.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Garbled;

/// The first answer in the bytes, and how long it is; `None` while a part of it is missing.
pub(crate) fn reply(bytes: &[u8]) -> Result<Option<(Reply<'_>, usize)>, Garbled> {
    let Some((head, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*head)).map_err(|_large| Garbled)?;
    if length > MOST_PACKET {
        return Err(Garbled);
    }
    let Some(mut body) = rest.get(..length) else { return Ok(None) };
    let body = &mut body;
    let [kind, ..] = *take(body, 1)? else { return Err(Garbled) };
    let id = number(body)?;
    let reply = match kind {
        VERSION => Reply::Version(id),
        STATUS => Reply::Status { id, code: number(body)? },
        HANDLE => Reply::Handle { id, handle: string(body)? },
        DATA => Reply::Data { id, data: string(body)? },
        _ => return Err(Garbled),
    };
    Ok(Some((reply, length + 4)))
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], Garbled> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(Garbled)?;
    *bytes = rest;
    Ok(taken)
}

fn number(bytes: &mut &[u8]) -> Result<u32, Garbled> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(Garbled)?;
    *bytes = rest;
    Ok(u32::from_be_bytes(*number))
}

fn string<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], Garbled> {
    let length = usize::try_from(number(bytes)?).map_err(|_large| Garbled)?;
    take(bytes, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_as_the_draft_draws_them() {
        let mut requests = Requests::default();
        requests.init();
        requests.open(7, b"/a");
        requests.read(8, b"h", 5, 9);
        requests.close(9, b"h");
        let expected: [&[u8]; 4] = [
            &[0, 0, 0, 5, 1, 0, 0, 0, 3],
            &[0, 0, 0, 19, 3, 0, 0, 0, 7, 0, 0, 0, 2, b'/', b'a', 0, 0, 0, 1, 0, 0, 0, 0],
            &[0, 0, 0, 22, 5, 0, 0, 0, 8, 0, 0, 0, 1, b'h', 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 9],
            &[0, 0, 0, 10, 4, 0, 0, 0, 9, 0, 0, 0, 1, b'h'],
        ];
        assert_eq!(requests.take(), expected.concat());
        assert_eq!(requests.take(), b"");
    }

    #[test]
    fn answers_are_read_when_they_are_whole() {
        let answers: [(&[u8], Reply<'_>); 4] = [
            // A version may name extensions, a status explains itself: neither matters.
            (&[0, 0, 0, 7, 2, 0, 0, 0, 3, b'x', b'y'], Reply::Version(3)),
            (&[0, 0, 0, 13, 101, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0], Reply::Status { id: 8, code: STATUS_EOF }),
            (&[0, 0, 0, 10, 102, 0, 0, 0, 7, 0, 0, 0, 1, b'h'], Reply::Handle { id: 7, handle: b"h" }),
            (&[0, 0, 0, 11, 103, 0, 0, 0, 8, 0, 0, 0, 2, b'o', b'k'], Reply::Data { id: 8, data: b"ok" }),
        ];
        for (bytes, expected) in answers {
            for cut in 0..bytes.len() {
                assert_eq!(reply(&bytes[..cut]), Ok(None));
            }
            let more = [bytes, &[0, 0]].concat();
            assert_eq!(reply(&more).unwrap().unwrap(), (expected, bytes.len()));
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let garbled: [&[u8]; 5] = [
            &[0, 0, 0, 0],
            &[0xff, 0xff, 0xff, 0xff],
            &[0, 0, 0, 5, 200, 0, 0, 0, 1],
            &[0, 0, 0, 5, 101, 0, 0, 0, 1],
            &[0, 0, 0, 10, 103, 0, 0, 0, 8, 0, 0, 0, 9, b'x'],
        ];
        for bytes in garbled {
            assert_eq!(reply(bytes), Err(Garbled), "{bytes:?}");
        }
    }
}
