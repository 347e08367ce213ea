// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package journal keeps the openids of imported members in a file, so that they survive a
// process or a Terraform state that is lost. WeChat Pay tells an openid only once, in the
// answer to the import.
//
// The file is text. Its first line is a comment; every other line is one entry, encrypted
// to the merchant's own public key. Without the private key the file says how many members
// were imported and nothing about them.
//
// The package must not know Terraform, nor how a member is imported.
package journal

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// header is the first line of a journal.
const header = "# terraform-provider-wechatpay journal 1: encrypted openids of imported members. Do not edit.\n"

// fileMode lets only the owner read a new journal.
const fileMode = 0o600

const (
	// lockSuffix makes the name of the file whose lock the processes that use a journal take.
	lockSuffix = ".lock"
	// lockWait is how long a process waits for the lock. Another one holds it for the time of one
	// write to the disk, and the system releases it when a process dies.
	lockWait = 10 * time.Second
	// lockPoll is how often it tries.
	lockPoll = 2 * time.Millisecond
)

// ErrLocked says that another process holds the journal's lock, and does not release it.
var ErrLocked = errors.New("another process holds the lock of the journal and does not release it: it is stopped, or its disk does not answer. End that process")

// ErrNotAJournal says that a file has other content than a journal's.
var ErrNotAJournal = errors.New("the file exists and is not a journal of this provider")

// Key identifies a member card. All parts are required.
type Key struct {
	BrandID      string
	CardID       string
	UserCardCode string
}

// Entry is one answered import.
type Entry struct {
	Key
	OpenID string
}

// Journal is a journal file. It is safe for concurrent use, and several processes may use
// one file: they take turns by the lock of a file beside it. It keeps no file open between calls.
type Journal struct {
	path   string
	crypto *lineCrypto
	// wait is how long the lock is waited for.
	wait time.Duration
	// stuck is whether the last one who waited for the lock did not get it.
	stuck atomic.Bool

	mu sync.Mutex
	// info tells whether the file is still the same one.
	info os.FileInfo
	// read is how many bytes of the file are in the index.
	read int64
	// index has the position of the newest line for each lookup value.
	index map[string]position
	// otherKeys counts the lines that were encrypted to another key.
	otherKeys int
}

// position is where a line is in the file.
type position struct{ offset, length int64 }

// Open opens the journal at path, and creates it when it does not exist. It returns an
// error when the file cannot be written, so that this is known before a member is imported.
// The key is the private key of the merchant API certificate.
func Open(path string, key *rsa.PrivateKey) (*Journal, error) {
	crypto, err := newLineCrypto(key)
	if err != nil {
		return nil, err
	}
	j := &Journal{path: path, crypto: crypto, wait: lockWait, index: map[string]position{}}
	if err := j.create(); err != nil {
		return nil, err
	}
	unlock, err := j.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	f, err := os.Open(j.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := j.update(f); err != nil {
		return nil, err
	}
	return j, nil
}

// create makes sure that the file exists, can be written and is a journal.
func (j *Journal) create() error {
	switch info, err := os.Stat(j.path); {
	case j.path == "":
		return errors.New("it has no name")
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory, not a file")
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	}
	unlock, err := j.lock()
	if err != nil {
		return err
	}
	defer unlock()
	f, err := j.open()
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() > 0 {
		return checkHeader(f)
	}
	if err := appendAll(f, []byte(header)); err != nil {
		return err
	}
	// Without this a power failure could lose the file itself. Not every system can do it.
	if dir, err := os.Open(filepath.Dir(j.path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
	return nil
}

// checkHeader accepts a header that was cut by a full disk or a kill.
func checkHeader(f io.ReaderAt) error {
	first := make([]byte, len(header))
	n, err := f.ReadAt(first, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line, _, _ := bytes.Cut(first[:n], []byte("\n"))
	if len(line) == 0 || !bytes.HasPrefix([]byte(header), bytes.TrimRight(line, "\r")) {
		return ErrNotAJournal
	}
	return nil
}

// Append writes an entry to the file and returns when it is on the disk. All parts of the
// entry are required.
func (j *Journal) Append(e Entry) error {
	if e.BrandID == "" || e.CardID == "" || e.UserCardCode == "" || e.OpenID == "" {
		return errors.New("the entry is not complete")
	}
	line, err := j.crypto.encrypt(e)
	if err != nil {
		return err
	}
	unlock, err := j.lock()
	if err != nil {
		return err
	}
	defer unlock()
	f, err := j.open()
	if err != nil {
		return err
	}
	if err := appendLine(f, line); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// appendFile is the part of a file that appending needs.
type appendFile interface {
	io.Writer
	io.ReaderAt
	Stat() (os.FileInfo, error)
	Sync() error
}

// appendLine first ends a line that another process left incomplete. In a file that was
// emptied or deleted since Open it begins with the header.
func appendLine(f appendFile, line []byte) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var record []byte
	if size := info.Size(); size == 0 {
		record = []byte(header)
	} else {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			record = []byte("\n")
		}
	}
	return appendAll(f, append(append(record, line...), '\n'))
}

func appendAll(f appendFile, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// open opens the file for appending.
func (j *Journal) open() (*os.File, error) {
	return os.OpenFile(j.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, fileMode)
}

// lock takes the lock of the journal, which is on a file beside it. Other users of the journal, of
// this process and of others, wait until unlock is called. The operating system releases the lock
// of a process that was killed; for one that is stopped, the wait ends with ErrLocked, and later callers do not wait again.
func (j *Journal) lock() (unlock func(), err error) {
	mode := os.FileMode(fileMode)
	if info, err := os.Stat(j.path); err == nil {
		mode = info.Mode().Perm() // who may use the journal may use its lock
	}
	lock := flock.New(j.path+lockSuffix, flock.SetPermissions(mode))
	wait := j.wait
	if j.stuck.Load() {
		wait = 0 // the first caller has waited for all
	}
	timeout, poll := time.NewTimer(wait), time.NewTicker(lockPoll)
	defer timeout.Stop()
	defer poll.Stop()
	for {
		switch locked, err := lock.TryLock(); {
		case err != nil:
			return nil, err
		case locked:
			j.stuck.Store(false)
			return func() { _ = lock.Unlock() }, nil
		}
		select {
		case <-timeout.C:
			j.stuck.Store(true)
			return nil, ErrLocked
		case <-poll.C:
		}
	}
}

// Find returns the newest entry of a card, and false when there is none. It sees what
// other processes have appended.
//
// Anybody who can write to the file can add entries, since the public key is enough for
// that. So read the card at WeChat Pay before you rely on the openid.
func (j *Journal) Find(k Key) (Entry, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	unlock, err := j.lock()
	if err != nil {
		return Entry{}, false, err
	}
	defer unlock()
	f, err := os.Open(j.path)
	if err != nil {
		return Entry{}, false, err
	}
	defer f.Close()
	if err := j.update(f); err != nil {
		return Entry{}, false, err
	}
	at, ok := j.index[j.crypto.lookup(k)]
	if !ok {
		return Entry{}, false, nil
	}
	line := make([]byte, at.length)
	if _, err := f.ReadAt(line, at.offset); err != nil {
		return Entry{}, false, err
	}
	e, err := j.crypto.decrypt(line)
	if err != nil {
		return Entry{}, false, fmt.Errorf("the entry of this card cannot be read: %w", err)
	}
	if e.Key != k {
		// Lookup values are short, and somebody may have written this line by hand.
		return Entry{}, false, errors.New("the entry of this card is about another card")
	}
	return e, true, nil
}

// OtherKeys returns how many entries were encrypted to another key, for instance before
// the merchant API certificate was renewed. They cannot be read.
func (j *Journal) OtherKeys() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.otherKeys
}

// update adds to the index what was appended to the file since the last time.
func (j *Journal) update(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < j.read || j.info != nil && !os.SameFile(j.info, info) {
		// The file was replaced.
		j.read, j.otherKeys = 0, 0
		clear(j.index)
	}
	j.info = info
	data, err := io.ReadAll(io.NewSectionReader(f, j.read, info.Size()-j.read))
	if err != nil {
		return err
	}
	for line := range bytes.Lines(data) {
		j.addToIndex(line)
		j.read += int64(len(line))
	}
	return nil
}

// addToIndex skips comments and damaged lines.
func (j *Journal) addToIndex(line []byte) {
	h, err := parseHeader(line)
	switch {
	case err != nil:
	case h.KeyID != j.crypto.keyID:
		j.otherKeys++
	default:
		j.index[h.Lookup] = position{offset: j.read, length: int64(len(line))}
	}
}
