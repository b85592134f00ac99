//! An SFTP server that lies: names no file system would allow, files that are not as announced, answers
//! without end, and no answers at all.
//!
//! A small Perl program that `sshd` runs in place of its own; Perl belongs to every Debian.

use std::fmt::Write as _;

/// What the lying server shows and gives.
#[derive(Clone, Debug, Default)]
pub struct Hostile {
    files: Vec<(Vec<u8>, u64, Vec<u8>)>,
    most_open: Option<usize>,
    lie: Option<Lie>,
}

/// How the server lies, beyond the files it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// A listing without end, of names of stats files.
    EndlessListing,
    /// A listing without end, of names that are not taken.
    EndlessRefused,
    /// Every read of a file that is not as announced brings 32 KiB, however little was asked for.
    EndlessRead,
    /// Every read of a file that is not as announced brings 200 KB.
    LongRead,
    /// A listing says nothing of its files but their names.
    NoAttributes,
    /// A listing announces 2^32 - 1 names.
    Count,
    /// Every answer is rubbish.
    Rubbish,
    /// Every answer announces a length of 2^32 - 1.
    HugeLength,
    /// Every answer announces a length of 2^28 and goes on for ever.
    LargeLength,
    /// Packets of no length, without end.
    Empty,
    /// Every answer has a number that nobody asked with.
    WrongId,
    /// Answers to nothing, without end.
    EndlessAnswers,
    /// Standard error, without end, and no answer.
    Noise,
    /// A listing of 99,999 names of stats files, and no more; none of them can be opened.
    ManyNames,
    /// A listing of 500 stats files of 1,000,000 bytes of nonsense each, which can all be read.
    LargeFiles,
    /// The same, of a header and half a million lines that are none.
    ManyLines,
    /// A text in place of a greeting, then the end.
    Text,
    /// The end in place of a greeting.
    Nothing,
}

impl Lie {
    const fn name(self) -> &'static str {
        match self {
            Self::EndlessListing => "listing",
            Self::EndlessRefused => "refused",
            Self::EndlessRead => "read",
            Self::LongRead => "long",
            Self::NoAttributes => "bare",
            Self::Count => "count",
            Self::Rubbish => "rubbish",
            Self::HugeLength => "huge",
            Self::LargeLength => "large",
            Self::Empty => "empty",
            Self::WrongId => "id",
            Self::EndlessAnswers => "answers",
            Self::Noise => "noise",
            Self::ManyNames => "many",
            Self::LargeFiles => "files",
            Self::ManyLines => "lines",
            Self::Text => "text",
            Self::Nothing => "nothing",
        }
    }
}

impl Hostile {
    /// Adds a file: its name, the size it is announced with, and what is read from it.
    #[must_use]
    pub fn file(mut self, name: &[u8], announced: u64, bytes: &[u8]) -> Self {
        self.files.push((name.to_vec(), announced, bytes.to_vec()));
        self
    }

    /// Refuses to have more files open than this, with the answer that says nothing (4, failure).
    #[must_use]
    pub fn most_open(mut self, files: usize) -> Self {
        self.most_open = Some(files);
        self
    }

    /// Lies in this way, too.
    #[must_use]
    pub fn lie(mut self, lie: Lie) -> Self {
        self.lie = Some(lie);
        self
    }

    pub(super) fn script(&self) -> String {
        let hex = |bytes: &[u8]| {
            bytes.iter().fold(String::new(), |mut text, byte| {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
        };
        let files: Vec<String> = self
            .files
            .iter()
            .map(|(name, size, bytes)| format!("[pack('H*','{}'),{size},pack('H*','{}')]", hex(name), hex(bytes)))
            .collect();
        let most_open = self.most_open.unwrap_or(1_000_000).to_string();
        SCRIPT
            .replace("FILES", &files.join(",\n"))
            .replace("MOST_OPEN", &most_open)
            .replace("LIE", self.lie.map_or("", Lie::name))
    }
}

/// SFTP version 3, as little of it as a client needs that lists and reads.
const SCRIPT: &str = r#"use strict; use warnings;
binmode STDIN; binmode STDOUT; $| = 1;
my @files = (FILES);
my ($listed, $opened, %open, %lies) = (0, 0);
my ($lie, $number) = ('LIE', 0);
if ($lie eq 'text') { syswrite(STDOUT, "This account is currently not available.\n"); exit 1 }
exit 1 if $lie eq 'nothing';
sub forever { my ($to, $bytes) = @_; while (1) { exit 0 unless syswrite($to, $bytes) } }
sub take { my ($n) = @_; my $b = ''; while (length $b < $n) { my $r = sysread(STDIN, $b, $n - length $b, length $b); exit 0 unless $r; } $b }
sub answer {
    my ($b) = @_;
    my $type = unpack('C', $b);
    forever(*STDOUT, pack('C*', map { int rand 256 } 1 .. 8192)) if $lie eq 'rubbish' && $type != 2;
    forever(*STDOUT, pack('N', 0xffffffff) . $b) if $lie eq 'huge' && $type != 2;
    forever(*STDOUT, pack('N', 1 << 28) . 'x' x 65536) if $lie eq 'large' && $type != 2;
    forever(*STDOUT, "\0" x 8192) if $lie eq 'empty' && $type != 2;
    forever(*STDOUT, pack('NCNNNN', 17, 101, 4000000000, 0, 0, 0) x 400) if $lie eq 'answers' && $type != 2;
    forever(*STDERR, 'noise' x 2000) if $lie eq 'noise' && $type != 2;
    substr($b, 1, 4) = pack('N', 4000000000) if $lie eq 'id' && $type != 2;
    whole($b);
}
sub whole { my ($b) = @_; syswrite(STDOUT, pack('N', length $b) . $b) }
sub text { pack('N/a*', $_[0]) }
sub status { my ($id, $code) = @_; answer(pack('CNN', 101, $id, $code) . text('as told') . text('')) }
my $mtime = $lie =~ /^(files|lines)$/ ? time : 1700000000;
sub attributes { my ($size, $mode) = @_; pack('N', 13) . pack('NN', $size >> 32, $size & 0xffffffff) . pack('N', $mode) . pack('NN', $mtime, $mtime) }
sub find { my ($path) = @_; for my $f (@files) { return $f if substr($path, -length $f->[0]) eq $f->[0] } undef }
while (1) {
    my $packet = take(unpack('N', take(4)));
    my $type = unpack('C', $packet);
    if ($type == 1) { answer(pack('CN', 2, 3)); next }
    my $id = unpack('N', substr($packet, 1, 4));
    my $path = length $packet > 8 ? unpack('N/a*', substr($packet, 5)) : '';
    if ($type == 11) { $listed = 0; answer(pack('CN', 102, $id) . text('d')) }
    elsif ($type == 12 && $lie =~ /^(listing|refused)$/) {
        my $start = $lie eq 'listing' ? '2025-01-07-200000-m' : '.m';
        my $names = join '', map { text($start . ++$number . '-round-1.txt') . text('long') . attributes(1000, 0100644) } 1 .. 100;
        answer(pack('CNN', 104, $id, 100) . $names);
    }
    elsif ($type == 12 && $lie =~ /^(many|files|lines)$/) {
        my ($most, $size) = $lie eq 'many' ? (99999, 1000) : (500, 1000000);
        my $count = $most - $listed > 100 ? 100 : $most - $listed;
        if (!$count) { status($id, 1); next }
        my $names = join '', map { text(sprintf('2025-01-07-200000-m%06d-round-1.txt', $_)) . text('long') . attributes($size, 0100644) } $listed + 1 .. $listed + $count;
        $listed += $count;
        answer(pack('CNN', 104, $id, $count) . $names);
    }
    elsif ($type == 12) {
        if ($listed++) { status($id, 1); next }
        my $names = join '', map { text($_->[0]) . text('long') . ($lie eq 'bare' ? pack('N', 0) : attributes($_->[1], 0100644)) } @files;
        answer(pack('CNN', 104, $id, $lie eq 'count' ? 0xffffffff : scalar @files) . $names);
    }
    elsif ($type == 3 && $lie eq 'many') { status($id, 3) }
    elsif ($type == 3 && $lie =~ /^(files|lines)$/) { answer(pack('CN', 102, $id) . text(substr($path, -20))) }
    elsif ($type == 5 && $lie =~ /^(files|lines)$/) {
        my ($handle, $high, $low, $length) = unpack('N/a*NNN', substr($packet, 5));
        my $left = 1000000 - $low;
        $length = $left if $length > $left;
        my $bytes = 'x' x ($length > 0 ? $length : 0);
        if ($lie eq 'lines') {
            my ($map) = $handle =~ /^(m[0-9]+)/;
            my $header = "host\\$map\\config\\1\\1\\1\\10:00\\5:00\n";
            $bytes = substr($header . "x\n" x (($low + $length) / 2 + 1), $low, $length);
        }
        $length > 0 ? answer(pack('CN', 103, $id) . text($bytes)) : status($id, 1);
    }
    elsif ($type == 3) {
        my $f = find($path);
        if (!$f) { status($id, 2); next }
        if (keys %open >= MOST_OPEN) { status($id, 4); next }
        $open{++$opened} = $f->[2];
        $lies{$opened} = $f->[1] != length $f->[2];
        answer(pack('CN', 102, $id) . text($opened));
    }
    elsif ($type == 5) {
        my ($handle, $high, $low, $length) = unpack('N/a*NNN', substr($packet, 5));
        if ($lies{$handle} && $lie =~ /^(read|long)$/) { answer(pack('CN', 103, $id) . text('x' x ($lie eq 'read' ? 32768 : 200000))); next }
        my $bytes = $low < length $open{$handle} ? substr($open{$handle}, $low, $length) : '';
        length $bytes ? answer(pack('CN', 103, $id) . text($bytes)) : status($id, 1);
    }
    elsif ($type == 4) { delete $open{$path}; status($id, 0) }
    elsif ($type == 7 || $type == 17) {
        my $f = find($path);
        if ($lie =~ /^(many|files|lines)$/ && $path =~ /round-1.txt$/) { answer(pack('CN', 105, $id) . attributes($lie eq 'many' ? 1000 : 1000000, 0100644)); next }
        answer(pack('CN', 105, $id) . ($f ? attributes($f->[1], 0100644) : attributes(4096, 040755)));
    }
    else { status($id, 8) }
}
"#;
