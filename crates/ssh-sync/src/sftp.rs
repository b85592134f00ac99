//! The few SFTP version 3 packets a listing and a download take (draft-ietf-secsh-filexfer-02), as
//! bytes. Pure.
//!
//! libssh2 has one file operation under way at a time; with packets of our own many files share the
//! round trips, and nothing a server says is taken that was not asked for.

/// Bytes asked for in one read: every server gives so many.
pub(crate) const MOST_DATA: u32 = 32_768;
/// A longer packet than any answer to what we ask: OpenSSH's have up to 256 KiB.
pub(crate) const MOST_PACKET: usize = 1024 * 1024;

const INIT: u8 = 1;
const VERSION: u8 = 2;
const OPEN: u8 = 3;
const CLOSE: u8 = 4;
const READ: u8 = 5;
const LSTAT: u8 = 7;
const OPENDIR: u8 = 11;
const READDIR: u8 = 12;
const STAT: u8 = 17;
const STATUS: u8 = 101;
const HANDLE: u8 = 102;
const DATA: u8 = 103;
const NAME: u8 = 104;
const ATTRS: u8 = 105;

/// Answers of a server that are not what was asked for.
pub(crate) mod status {
    pub(crate) const EOF: u32 = 1;
    pub(crate) const NO_SUCH_FILE: u32 = 2;
    pub(crate) const PERMISSION_DENIED: u32 = 3;
    /// For no reason that is told.
    pub(crate) const FAILURE: u32 = 4;
    pub(crate) const NO_CONNECTION: u32 = 6;
    pub(crate) const CONNECTION_LOST: u32 = 7;

    /// An answer in words.
    pub(crate) fn words(code: u32) -> String {
        let known = match code {
            NO_SUCH_FILE => return "does not exist".to_owned(),
            PERMISSION_DENIED => return "permission denied".to_owned(),
            EOF => "end of file",
            FAILURE => "failure",
            5 => "bad message",
            8 => "operation unsupported",
            _ => "no",
        };
        format!("the server answers {known} (SFTP status {code})")
    }
}

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
        self.about(CLOSE, id, handle);
    }

    /// Asks for a path's attributes, those of what a link points to. The answer is [`Reply::Attributes`] or
    /// [`Reply::Status`].
    pub(crate) fn stat(&mut self, id: u32, path: &[u8]) {
        self.about(STAT, id, path);
    }

    /// Asks for a path's own attributes. The answer is [`Reply::Attributes`] or [`Reply::Status`].
    pub(crate) fn lstat(&mut self, id: u32, path: &[u8]) {
        self.about(LSTAT, id, path);
    }

    /// Opens a directory. The answer is [`Reply::Handle`] or [`Reply::Status`].
    pub(crate) fn open_directory(&mut self, id: u32, path: &[u8]) {
        self.about(OPENDIR, id, path);
    }

    /// Asks for some more names. The answer is [`Reply::Names`] or [`Reply::Status`].
    pub(crate) fn read_directory(&mut self, id: u32, handle: &[u8]) {
        self.about(READDIR, id, handle);
    }

    /// What is to be sent; then nothing is left to send.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    fn about(&mut self, kind: u8, id: u32, what: &[u8]) {
        self.packet(kind, |packet| {
            packet.number(id);
            packet.string(what);
        });
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
    /// Names of a directory.
    Names { id: u32, names: Names<'a> },
    /// What a path is.
    Attributes { id: u32, attributes: Attributes },
}

/// What is known of a file; a server may leave anything out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// Bytes.
    pub(crate) size: Option<u64>,
    /// Type and permissions, as in Unix.
    pub(crate) mode: Option<u32>,
    /// Seconds since 1970.
    pub(crate) mtime: Option<u32>,
}

/// Names that are still in their packet: read one by one, so that a count that lies costs nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names<'a> {
    left: u32,
    bytes: &'a [u8],
}

impl<'a> Iterator for Names<'a> {
    type Item = Result<(&'a [u8], Attributes), Garbled>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let name = self.name();
        if name.is_err() {
            self.left = 0;
        }
        Some(name)
    }
}

impl<'a> Names<'a> {
    fn name(&mut self) -> Result<(&'a [u8], Attributes), Garbled> {
        let name = string(&mut self.bytes)?;
        let _as_ls_shows_it = string(&mut self.bytes)?;
        Ok((name, attributes(&mut self.bytes)?))
    }
}

/// No answer to anything we ask.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Garbled;

/// The length of the first answer in the bytes, with its head, as soon as that is there.
pub(crate) fn length(bytes: &[u8]) -> Result<Option<usize>, Garbled> {
    let Some(head) = bytes.first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*head)).map_err(|_large| Garbled)?;
    if length > MOST_PACKET { Err(Garbled) } else { Ok(Some(length + 4)) }
}

/// The answer that the bytes are, without its head.
pub(crate) fn reply(body: &[u8]) -> Result<Reply<'_>, Garbled> {
    let mut rest = body;
    let rest = &mut rest;
    let [kind, ..] = *take(rest, 1)? else { return Err(Garbled) };
    let id = number(rest)?;
    Ok(match kind {
        VERSION => Reply::Version(id),
        STATUS => Reply::Status { id, code: number(rest)? },
        HANDLE => Reply::Handle { id, handle: string(rest)? },
        DATA => Reply::Data { id, data: string(rest)? },
        NAME => Reply::Names { id, names: Names { left: number(rest)?, bytes: rest } },
        ATTRS => Reply::Attributes { id, attributes: attributes(rest)? },
        _ => return Err(Garbled),
    })
}

fn attributes(bytes: &mut &[u8]) -> Result<Attributes, Garbled> {
    const SIZE: u32 = 1;
    const OWNER: u32 = 2;
    const MODE: u32 = 4;
    const TIMES: u32 = 8;
    const EXTENDED: u32 = 1 << 31;
    let flags = number(bytes)?;
    let mut known = Attributes::default();
    if flags & SIZE != 0 {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(Garbled)?;
        *bytes = rest;
        known.size = Some(u64::from_be_bytes(*size));
    }
    if flags & OWNER != 0 {
        take(bytes, 8)?;
    }
    if flags & MODE != 0 {
        known.mode = Some(number(bytes)?);
    }
    if flags & TIMES != 0 {
        let _accessed = number(bytes)?;
        known.mtime = Some(number(bytes)?);
    }
    if flags & EXTENDED != 0 {
        for _ in 0..number(bytes)? {
            string(bytes)?;
            string(bytes)?;
        }
    }
    Ok(known)
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
    fn requests_about_names_differ_in_their_kind_only() {
        let mut requests = Requests::default();
        requests.stat(1, b"a");
        requests.lstat(1, b"a");
        requests.open_directory(1, b"a");
        requests.read_directory(1, b"a");
        let expected = [17, 7, 11, 12].map(|kind| [0, 0, 0, 10, kind, 0, 0, 0, 1, 0, 0, 0, 1, b'a']);
        assert_eq!(requests.take(), expected.concat());
    }

    #[test]
    fn answers_are_read_when_they_are_whole() {
        let answers: [(&[u8], Reply<'_>); 5] = [
            // A version may name extensions, a status explains itself: neither matters.
            (&[0, 0, 0, 7, 2, 0, 0, 0, 3, b'x', b'y'], Reply::Version(3)),
            (&[0, 0, 0, 13, 101, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0], Reply::Status { id: 8, code: status::EOF }),
            (&[0, 0, 0, 10, 102, 0, 0, 0, 7, 0, 0, 0, 1, b'h'], Reply::Handle { id: 7, handle: b"h" }),
            (&[0, 0, 0, 11, 103, 0, 0, 0, 8, 0, 0, 0, 2, b'o', b'k'], Reply::Data { id: 8, data: b"ok" }),
            (
                &[0, 0, 0, 9, 105, 0, 0, 0, 8, 0, 0, 0, 0],
                Reply::Attributes { id: 8, attributes: Attributes::default() },
            ),
        ];
        for (bytes, expected) in answers {
            for cut in 0..4 {
                assert_eq!(length(&bytes[..cut]), Ok(None));
            }
            let more = [bytes, &[0, 0]].concat();
            assert_eq!(length(&more), Ok(Some(bytes.len())));
            assert_eq!(reply(&bytes[4..]), Ok(expected));
        }
    }

    /// A NAME packet: everything a server may say of `a`, and nothing of `b`.
    fn names() -> Vec<u8> {
        let mut body = vec![104, 0, 0, 0, 9, 0, 0, 0, 2];
        body.extend([0, 0, 0, 1, b'a', 0, 0, 0, 2, b'-', b'r', 0x80, 0, 0, 15]);
        body.extend([0, 0, 0, 0, 0, 0, 1, 2]);
        body.extend([0; 8]);
        body.extend([0, 0, 0x81, 0xa4, 0, 0, 0, 5, 0, 0, 0, 6]);
        body.extend([0, 0, 0, 1, 0, 0, 0, 1, b'x', 0, 0, 0, 1, b'y']);
        body.extend([0, 0, 0, 1, b'b', 0, 0, 0, 0, 0, 0, 0, 0]);
        body
    }

    #[test]
    fn names_are_read_one_by_one() {
        let body = names();
        let Reply::Names { id: 9, names } = reply(&body).unwrap() else { panic!("{body:?}") };
        let known = Attributes { size: Some(258), mode: Some(0o100_644), mtime: Some(6) };
        let expected: [(&[u8], Attributes); 2] = [(b"a", known), (b"b", Attributes::default())];
        assert_eq!(names.map(Result::unwrap).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_count_that_lies_ends_with_the_packet() {
        let whole = names();
        for cut in 9..whole.len() {
            let Ok(Reply::Names { names, .. }) = reply(&whole[..cut]) else { panic!("{cut}") };
            assert!(names.last().unwrap().is_err(), "{cut}");
        }
        let mut lying = whole;
        lying.splice(5..9, [0xff; 4]);
        let Ok(Reply::Names { names, .. }) = reply(&lying) else { panic!() };
        assert_eq!(names.map(|name| name.is_ok()).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert_eq!(length(&[0xff, 0xff, 0xff, 0xff]), Err(Garbled));
        let garbled: [&[u8]; 5] = [
            &[],
            &[200, 0, 0, 0, 1],
            &[101, 0, 0, 0, 1],
            &[103, 0, 0, 0, 8, 0, 0, 0, 9, b'x'],
            &[105, 0, 0, 0, 8, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
        ];
        for body in garbled {
            assert_eq!(reply(body), Err(Garbled), "{body:?}");
        }
    }
}
