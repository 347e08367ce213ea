// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	// maxSharedRate is the rate up to which processes look at each other. WeChat Pay's is 5;
	// a far higher one is for a server without a limit, such as the mock.
	maxSharedRate = 100
	// lockWait is how long a process waits for the lock. Another one holds it for well under a
	// millisecond, and the system releases it when a process dies.
	lockWait = 500 * time.Millisecond
	// lockPoll is how often it tries.
	lockPoll = time.Millisecond
	// longestQueue is how far in the future the next free moment can be, beside ten intervals. A
	// later one comes from a clock that was set back, and is ignored.
	longestQueue = 30 * time.Second
	// unusedFor is after how long the files of another endpoint are removed: a mock has a new
	// endpoint each time, and nothing would ever use its files again.
	unusedFor = 24 * time.Hour
)

// stage is one of the two places at which a request waits.
type stage int

const (
	// stageTurn is before a request is signed, stageSend right before it is written.
	stageTurn stage = iota
	stageSend
	stageCount
)

// sharedRate lets the processes of one machine take turns within one rate. A file says at what
// moment the next request may pass each stage; a process that wants to send takes that moment
// and moves it on, under a file lock. Where that is not possible, the process has the rate for
// itself, and WeChat Pay's 429 slows it down.
type sharedRate struct {
	mu       sync.Mutex
	disabled bool
	lock     *flock.Flock
	// nextFile is the name of the file with the next moments, in nanoseconds since 1970.
	nextFile string
}

// newSharedRate makes the shared rate of key at endpoint, or nil where folder is empty.
func newSharedRate(folder, key, endpoint string) *sharedRate {
	if folder == "" {
		return nil
	}
	if endpoint != MainEndpoint {
		// Another endpoint counts for itself.
		removeUnused(folder, key+"-", time.Now().Add(-unusedFor))
		sum := sha256.Sum256([]byte(endpoint))
		key += "-" + hex.EncodeToString(sum[:4])
	}
	path := filepath.Join(folder, key)
	return &sharedRate{lock: flock.New(path+".lock", flock.SetPermissions(0o600)), nextFile: path + ".next"}
}

// removeUnused removes the files whose names begin with prefix and that were not written since a
// time. The lock of a rate is removed with its moments, whose time decides: taking a lock does not
// change its file. What fails
// here only leaves a small file.
func removeUnused(folder, prefix string, since time.Time) {
	files, _ := filepath.Glob(filepath.Join(folder, prefix+"*.next"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.ModTime().Before(since) {
			_ = os.Remove(file)
			_ = os.Remove(strings.TrimSuffix(file, ".next") + ".lock")
		}
	}
}

// reserve takes the next free moment of a stage, and makes the one after it interval later.
// The zero time means now.
func (s *sharedRate) reserve(ctx context.Context, st stage, interval time.Duration) (at time.Time) {
	s.change(ctx, func(next *[stageCount]int64) {
		at = time.Now()
		if first := time.Unix(0, next[st]); first.After(at) && first.Before(at.Add(longestQueue+10*interval)) {
			at = first
		}
		next[st] = at.Add(interval).UnixNano()
	})
	return at
}

// delay makes the next free moment of a stage later, because a request passed it late.
func (s *sharedRate) delay(ctx context.Context, st stage, late time.Duration) {
	s.change(ctx, func(next *[stageCount]int64) { next[st] += late.Nanoseconds() })
}

// change reads, changes and writes the next moments under the lock. After the first failure it
// does nothing any more.
func (s *sharedRate) change(ctx context.Context, change func(next *[stageCount]int64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.disabled {
		return
	}
	// The caller's context may have ended: what it recorded counts all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockWait)
	defer cancel()
	s.disabled = os.MkdirAll(filepath.Dir(s.nextFile), 0o700) != nil
	if s.disabled {
		return
	}
	if locked, err := s.lock.TryLockContext(ctx, lockPoll); err != nil || !locked {
		s.disabled = true
		return
	}
	defer func() { _ = s.lock.Unlock() }()
	var next [stageCount]int64
	// A file that is missing or was cut means that nobody waits.
	if content, err := os.ReadFile(s.nextFile); err == nil {
		_, _ = binary.Decode(content, binary.LittleEndian, &next)
	}
	change(&next)
	content, err := binary.Append(nil, binary.LittleEndian, next)
	s.disabled = err != nil || os.WriteFile(s.nextFile, content, 0o600) != nil
}
