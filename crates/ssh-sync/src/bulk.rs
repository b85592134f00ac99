//! Many files at once, over one connection: requests for all of them are under way together, so that
//! a round trip is paid for many files and not for each; other threads wait for the disk.

use std::collections::{HashMap, VecDeque};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use ssh2::ErrorCode;

use crate::fetch::store;
use crate::link::code;
use crate::sftp::{MOST_DATA, Reply, Requests, STATUS_EOF, STATUS_FAILURE, reply};
use crate::{Entry, Error, Fetched, Session, Trouble};

/// Files that are open at a time; servers allow many more.
const MOST_OPEN: usize = 64;
/// So few files are fetched one after the other: a channel of its own takes three round trips.
const FEW: usize = 4;
/// Threads that wait for the disk, which takes what they wait for together.
const WRITERS: usize = 8;

/// What became of one file.
pub type Fetch = (Entry, Result<Fetched, Error>);

impl Session {
    /// Downloads files and hands each to `sink` as it arrives, in any order. Files that cannot be had
    /// are handed over with the reason; the others go on. When the connection, the access or the
    /// local disk fails, everything ends with that error: what was not handed over is still to do.
    ///
    /// # Errors
    /// Not one file's trouble.
    pub fn fetch_all(&self, files: Vec<Entry>, folder: &Path, sink: &mut dyn FnMut(Fetch)) -> Result<(), Error> {
        let channel = if files.len() > FEW { self.open_channel()? } else { None };
        let Some(channel) = channel else {
            return self.fetch_each(files, folder, sink);
        };
        let (arrived, to_write) = mpsc::channel::<(Entry, Vec<u8>)>();
        let (written, results) = mpsc::channel::<Fetch>();
        let to_write = Mutex::new(to_write);
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                let (to_write, written) = (&to_write, written.clone());
                scope.spawn(move || {
                    let next = || to_write.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    while let Ok((entry, bytes)) = next() {
                        let result = store(&entry, bytes, folder);
                        if written.send((entry, result)).is_err() {
                            break;
                        }
                    }
                });
            }
            let mut ended = Ok(());
            let mut settle = |fetch: Fetch| match fetch {
                (_, Err(error)) if error.trouble() != Trouble::File => Err(error),
                fetch => {
                    sink(fetch);
                    Ok(())
                }
            };
            let mut pump = Pump::new(self, channel, files);
            while ended.is_ok() && !pump.is_done() {
                ended = pump.step(&mut |entry, result| match result {
                    // Nobody is gone who could not take it.
                    Ok(bytes) => drop(arrived.send((entry, bytes))),
                    Err(error) => drop(written.send((entry, Err(error)))),
                });
                for fetch in results.try_iter() {
                    let settled = settle(fetch);
                    ended = ended.and(settled);
                }
            }
            drop((arrived, written));
            for fetch in results {
                let settled = settle(fetch);
                ended = ended.and(settled);
            }
            ended.and_then(|()| self.fetch_each(std::mem::take(&mut pump.again), folder, sink))
        })
    }

    fn fetch_each(&self, files: Vec<Entry>, folder: &Path, sink: &mut dyn FnMut(Fetch)) -> Result<(), Error> {
        for entry in files {
            match self.fetch(&entry, folder) {
                Err(error) if error.trouble() != Trouble::File => return Err(error),
                result => sink((entry, result)),
            }
        }
        Ok(())
    }
}

/// A file that is under way.
struct Open {
    entry: Entry,
    announced: usize,
    handle: Vec<u8>,
    bytes: Vec<u8>,
}

enum Request {
    Open(Open),
    Read(Open),
    Close(String),
}

struct Pump<'a> {
    session: &'a Session,
    channel: ssh2::Channel,
    waiting: VecDeque<Entry>,
    requests: Requests,
    under_way: HashMap<u32, Request>,
    /// Requests under way that are not for closing.
    open: usize,
    next_id: u32,
    received: Vec<u8>,
    greeted: bool,
    /// Did not open, perhaps because the server allows fewer open files: to be tried alone.
    again: Vec<Entry>,
}

type Hand<'a> = &'a mut dyn FnMut(Entry, Result<Vec<u8>, Error>);

impl<'a> Pump<'a> {
    fn new(session: &'a Session, channel: ssh2::Channel, files: Vec<Entry>) -> Self {
        let mut requests = Requests::default();
        requests.init();
        Self {
            session,
            channel,
            waiting: files.into(),
            requests,
            under_way: HashMap::new(),
            open: 0,
            next_id: 0,
            received: Vec::new(),
            greeted: false,
            again: Vec::new(),
        }
    }

    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty()
    }

    /// Sends what is to be asked, waits for answers and works them off.
    fn step(&mut self, hand: Hand<'_>) -> Result<(), Error> {
        self.begin_files(hand);
        if self.is_done() {
            return Ok(());
        }
        let requests = self.requests.take();
        self.channel.write_all(&requests).map_err(|error| self.lost(error))?;
        let mut buffer = [0; 65_536];
        let count = self.channel.read(&mut buffer).map_err(|error| self.lost(error))?;
        if count == 0 {
            return Err(self.garbled("the server ended SFTP"));
        }
        self.received.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let received = std::mem::take(&mut self.received);
        let mut rest = received.as_slice();
        while let Some((reply, length)) = reply(rest).map_err(|_garbled| self.garbled("no SFTP answer"))? {
            self.answer(&reply, hand)?;
            rest = rest.get(length..).unwrap_or_default();
        }
        self.received = rest.to_vec();
        Ok(())
    }

    fn begin_files(&mut self, hand: Hand<'_>) {
        while self.open < MOST_OPEN
            && let Some(entry) = self.waiting.pop_front()
        {
            match self.session.announced(&entry) {
                Ok(announced) => {
                    let path = self.session.path(&entry.name);
                    let id = self.ask(Request::Open(Open { entry, announced, handle: Vec::new(), bytes: Vec::new() }));
                    self.requests.open(id, path.as_os_str().as_encoded_bytes());
                }
                Err(error) => hand(entry, Err(error)),
            }
        }
    }

    fn ask(&mut self, request: Request) -> u32 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.open += usize::from(!matches!(request, Request::Close(_)));
        self.under_way.insert(id, request);
        id
    }

    fn answer(&mut self, reply: &Reply<'_>, hand: Hand<'_>) -> Result<(), Error> {
        let id = match *reply {
            Reply::Version(_) if !self.greeted => {
                self.greeted = true;
                return Ok(());
            }
            Reply::Version(_) => return Err(self.garbled("a second greeting")),
            Reply::Status { id, .. } | Reply::Handle { id, .. } | Reply::Data { id, .. } => id,
        };
        let asked = self.under_way.remove(&id);
        self.open -= usize::from(matches!(asked, Some(Request::Open(_) | Request::Read(_))));
        match (asked, reply) {
            (Some(Request::Open(mut file)), Reply::Handle { handle, .. }) => {
                file.handle = handle.to_vec();
                file.bytes.reserve(file.announced + 1);
                self.read_on(file);
            }
            (Some(Request::Open(file)), Reply::Status { code: STATUS_FAILURE, .. }) => self.again.push(file.entry),
            (Some(Request::Open(file)), Reply::Status { code, .. }) => {
                let error = self.session.file_error("opening", &file.entry.name, status(*code));
                return self.failed(file, error, hand);
            }
            (Some(Request::Read(mut file)), Reply::Data { data, .. }) => {
                file.bytes.extend_from_slice(data);
                // All that was announced: the end is not worth another round trip.
                if data.is_empty() || file.bytes.len() >= file.announced {
                    self.finish(file, hand);
                } else {
                    self.read_on(file);
                }
            }
            (Some(Request::Read(file)), Reply::Status { code: STATUS_EOF, .. }) => self.finish(file, hand),
            (Some(Request::Read(file)), Reply::Status { code, .. }) => {
                self.close(&file);
                let error = self.session.file_error("reading", &file.entry.name, status(*code));
                return self.failed(file, error, hand);
            }
            (Some(Request::Close(name)), Reply::Status { code, .. }) => {
                // Its bytes are here; but a connection that is gone is gone.
                let error = (*code != 0).then(|| self.session.file_error("closing", &name, status(*code)));
                return error.filter(|error| error.trouble() != Trouble::File).map_or(Ok(()), Err);
            }
            _ => return Err(self.garbled("an answer to nothing that was asked")),
        }
        Ok(())
    }

    /// Asks for what is missing and one byte more: a file that has grown shows it.
    fn read_on(&mut self, file: Open) {
        let (offset, handle) = (file.bytes.len(), file.handle.clone());
        let length = u32::try_from(file.announced.saturating_sub(offset).saturating_add(1)).unwrap_or(u32::MAX);
        let id = self.ask(Request::Read(file));
        self.requests.read(id, &handle, offset as u64, length.min(MOST_DATA));
    }

    fn finish(&mut self, file: Open, hand: Hand<'_>) {
        self.close(&file);
        let result = Session::check_size(&file.entry, file.bytes.len()).map(|()| file.bytes);
        hand(file.entry, result);
    }

    fn failed(&self, file: Open, error: Error, hand: Hand<'_>) -> Result<(), Error> {
        if error.trouble() != Trouble::File {
            return Err(error);
        }
        hand(file.entry, Err(error));
        Ok(())
    }

    fn close(&mut self, file: &Open) {
        let id = self.ask(Request::Close(file.entry.name.clone()));
        self.requests.close(id, &file.handle);
    }

    fn doing(&self) -> String {
        let name = |request: &Request| match request {
            Request::Open(file) | Request::Read(file) => file.entry.name.clone(),
            Request::Close(name) => name.clone(),
        };
        let first = self.under_way.iter().min_by_key(|(id, _)| **id).map(|(_, request)| name(request));
        format!("reading {}", first.unwrap_or_default())
    }

    fn lost(&self, error: std::io::Error) -> Error {
        self.session.link_error(&self.doing(), crate::fetch::inner(error))
    }

    fn garbled(&self, what: &'static str) -> Error {
        let source = ssh2::Error::new(ErrorCode::Session(code::SFTP_PROTOCOL), what);
        self.session.link_error(&self.doing(), source)
    }
}

fn status(code: u32) -> ssh2::Error {
    ssh2::Error::from_errno(ErrorCode::SFTP(i32::try_from(code).unwrap_or(i32::MAX)))
}
