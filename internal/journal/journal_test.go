// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package journal

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

var (
	merchantKey = sync.OnceValue(newKey)
	renewedKey  = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func entry(n int) Entry {
	return Entry{Key{"1004", "pbLatjnrwUUdZI641gKdTMJzHGfc", fmt.Sprintf("VIP-%04d", n)}, fmt.Sprintf("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o-%04d", n)}
}

func open(t *testing.T, path string, key *rsa.PrivateKey) *Journal {
	t.Helper()
	j, err := Open(path, key)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func add(t *testing.T, j *Journal, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := j.Append(e); err != nil {
			t.Fatal(err)
		}
	}
}

func wantFound(t *testing.T, j *Journal, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if got, ok, err := j.Find(e.Key); err != nil || !ok || got != e {
			t.Errorf("%s: got %+v, %v, %v", e.UserCardCode, got, ok, err)
		}
	}
}

func wantMissing(t *testing.T, j *Journal, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if got, ok, err := j.Find(e.Key); err != nil || ok {
			t.Errorf("%s: got %+v, %v, %v", e.UserCardCode, got, ok, err)
		}
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEntriesAreFoundAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	first := open(t, path, merchantKey())
	other := open(t, path, merchantKey())
	add(t, first, entry(1), entry(2))
	for _, j := range []*Journal{first, other, open(t, path, merchantKey())} {
		wantFound(t, j, entry(1), entry(2))
		wantMissing(t, j, entry(3))
	}
	// A card may be imported again after it was invalidated.
	again := entry(1)
	again.OpenID = "oAnother"
	add(t, other, again)
	wantFound(t, first, again, entry(2))
}

// Parts of a key must not run into each other.
func TestEveryPartOfTheKeyCounts(t *testing.T) {
	t.Parallel()
	j := open(t, filepath.Join(t.TempDir(), "journal"), merchantKey())
	add(t, j, Entry{Key{"a", "b", "c"}, "o1"})
	for _, k := range []Key{{"ab", "", "c"}, {"a", "bc", ""}, {"x", "b", "c"}, {"a", "x", "c"}, {"a", "b", "x"}, {"a", "b", ""}} {
		wantMissing(t, j, Entry{Key: k})
	}
}

func TestIncompleteEntriesAreRefused(t *testing.T) {
	t.Parallel()
	j := open(t, filepath.Join(t.TempDir(), "journal"), merchantKey())
	for _, e := range []Entry{{Key{"", "b", "c"}, "o"}, {Key{"a", "", "c"}, "o"}, {Key{"a", "b", ""}, "o"}, {Key{"a", "b", "c"}, ""}} {
		if err := j.Append(e); err == nil {
			t.Errorf("%+v was appended", e)
		}
	}
}

func TestFileShowsNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path, merchantKey())
	add(t, j, entry(1), entry(1))
	data := readFile(t, path)
	for _, part := range []string{entry(1).BrandID, entry(1).CardID, entry(1).UserCardCode, entry(1).OpenID} {
		for start := range 3 {
			// Base64 of the text looks different at each offset; a part of it is enough to find.
			encoded := encode([]byte(strings.Repeat(" ", start) + part))
			if len(part) > 6 && bytes.Contains(data, []byte(encoded[4:len(encoded)-4])) || bytes.Contains(data, []byte(part)) {
				t.Errorf("the file shows %q", part)
			}
		}
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	if len(lines) != 3 || bytes.Equal(lines[1], lines[2]) {
		t.Error("the same entry must look different every time")
	}
	// Another merchant cannot guess which cards are in the file.
	other, err := newLineCrypto(renewedKey())
	if err != nil {
		t.Fatal(err)
	}
	if other.lookup(entry(1).Key) == j.crypto.lookup(entry(1).Key) {
		t.Error("the lookup value does not depend on the private key")
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// Wherever a kill or a full disk cuts the file, the entries before the cut and after it are found.
func TestTornLinesArePassedOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path, merchantKey())
	add(t, j, entry(1))
	before := len(readFile(t, path))
	add(t, j, entry(2))
	whole := readFile(t, path)
	for cut := range whole {
		if cut > len(header) && cut < before-1 || cut > before+1 && cut < len(whole)-2 && cut%50 != 0 {
			continue
		}
		writeFile(t, path, whole[:cut])
		j := open(t, path, merchantKey())
		add(t, j, entry(3))
		for _, j := range []*Journal{j, open(t, path, merchantKey())} {
			wantFound(t, j, entry(3))
			if cut >= before {
				wantFound(t, j, entry(1))
			}
			if cut < len(whole)-1 {
				wantMissing(t, j, entry(2))
			}
			if j.OtherKeys() != 0 {
				t.Errorf("cut at %d: %d lines of another key", cut, j.OtherKeys())
			}
		}
	}
}

func TestDamagedLinesArePassedOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path, merchantKey())
	add(t, j, entry(1), entry(2))
	lines := strings.SplitAfter(string(readFile(t, path)), "\n")
	noise := []string{"\n", "\x00\x00\x00\n", "....\n", "e30.e30.e30.e30.e30\n", strings.Repeat("x", 100_000) + "\n", "\xff\xfe\n"}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimSuffix(line, "\n") + "\r\n") // as an editor on Windows saves it
		b.WriteString(strings.Join(noise, ""))
	}
	writeFile(t, path, []byte(b.String()))
	j = open(t, path, merchantKey())
	wantFound(t, j, entry(1), entry(2))
	if j.OtherKeys() != 0 {
		t.Errorf("%d lines of another key", j.OtherKeys())
	}

	// A changed line is an error: a wrong openid is worse than none.
	line := []byte(lines[1])
	line[len(line)-30] ^= 1
	writeFile(t, path, []byte(lines[0]+string(line)))
	if e, ok, err := open(t, path, merchantKey()).Find(entry(1).Key); err == nil || ok {
		t.Errorf("got %+v", e)
	}
	// So is a line under another card's header.
	parts := strings.Split(lines[1], ".")
	parts[0] = strings.Split(lines[2], ".")[0]
	writeFile(t, path, []byte(lines[0]+strings.Join(parts, ".")))
	if e, ok, err := open(t, path, merchantKey()).Find(entry(2).Key); err == nil || ok {
		t.Errorf("got %+v", e)
	}
}

func TestLinesOfAnotherKeyArePassedOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	add(t, open(t, path, merchantKey()), entry(1), entry(2))
	j := open(t, path, renewedKey())
	if j.OtherKeys() != 2 {
		t.Errorf("%d lines of another key, want 2", j.OtherKeys())
	}
	wantMissing(t, j, entry(1))
	add(t, j, entry(3))
	wantFound(t, j, entry(3))
	old := open(t, path, merchantKey())
	wantFound(t, old, entry(1), entry(2))
	if old.OtherKeys() != 1 {
		t.Errorf("%d lines of another key, want 1", old.OtherKeys())
	}
}

func TestPathThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"members.csv": "会员卡号,手机号\n1001,13800138000\n", "text": "#", "blank": "\n\n", "longer": header[:10] + "x\n"} {
		path := filepath.Join(dir, name)
		writeFile(t, path, []byte(content))
		_, err := Open(path, merchantKey())
		if name == "text" {
			if err != nil {
				t.Errorf("a header that was cut: %v", err)
			}
			continue
		}
		if !errors.Is(err, ErrNotAJournal) {
			t.Errorf("%s: %v", name, err)
		}
		if got := string(readFile(t, path)); got != content {
			t.Errorf("%s was changed", name)
		}
	}
	for name, path := range map[string]string{
		"a folder": dir, "no folder": filepath.Join(dir, "no", "journal"), "below a file": filepath.Join(dir, "text", "journal"),
		"a device": os.DevNull, "no name": "",
	} {
		if _, err := Open(path, merchantKey()); err == nil {
			t.Errorf("%s was opened", name)
		}
	}
	readOnly := filepath.Join(dir, "read-only")
	writeFile(t, readOnly, []byte(header))
	if err := os.Chmod(readOnly, 0o400); err != nil {
		t.Fatal(err)
	}
	if f, err := os.OpenFile(readOnly, os.O_WRONLY, 0); err == nil {
		_ = f.Close()
		t.Skip("this user may write everywhere")
	}
	if _, err := Open(readOnly, merchantKey()); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a file that cannot be written: %v", err)
	}
}

// diskFile is a file on a disk with little space left, which records what is done to it.
type diskFile struct {
	*os.File
	free  int
	calls []string
}

func (f *diskFile) Write(data []byte) (int, error) {
	f.calls = append(f.calls, "write")
	if len(data) > f.free {
		n, _ := f.File.Write(data[:f.free])
		return n, syscall.ENOSPC
	}
	return f.File.Write(data)
}

func (f *diskFile) Sync() error {
	f.calls = append(f.calls, "sync")
	return f.File.Sync()
}

func TestFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path, merchantKey())
	add(t, j, entry(1))
	line, err := j.crypto.encrypt(entry(2))
	if err != nil {
		t.Fatal(err)
	}
	for _, free := range []int{0, 1, len(line) / 2, len(line)} {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		err = appendLine(&diskFile{File: f, free: free}, line)
		_ = f.Close()
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with %d bytes free: %v", free, err)
		}
		add(t, j, entry(3))
		wantFound(t, j, entry(1), entry(3))
	}
}

// An entry is on the disk, in one write, before Append returns.
func TestAppendSyncs(t *testing.T) {
	t.Parallel()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "journal"), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	disk := &diskFile{File: f, free: 1 << 20}
	if err := appendLine(disk, []byte("line")); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(disk.calls, " "); got != "write sync" {
		t.Errorf("got %q", got)
	}
}

// A file that somebody removed or replaced during a run is used as it is now.
func TestReplacedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "journal"), filepath.Join(dir, "other")
	j := open(t, path, merchantKey())
	add(t, j, entry(1))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	add(t, j, entry(2))
	wantFound(t, j, entry(2))
	wantMissing(t, j, entry(1))
	wantFound(t, open(t, path, merchantKey()), entry(2))

	add(t, open(t, other, merchantKey()), entry(3), entry(4))
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	wantFound(t, j, entry(3), entry(4))
	wantMissing(t, j, entry(2))
}

// A process that is stopped while it has the lock holds up nobody without end.
func TestLockThatIsNotReleasedIsAnError(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path, merchantKey())
	add(t, j, entry(1))
	j.wait = 10 * lockPoll
	stopped := flock.New(path + lockSuffix)
	if err := stopped.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(entry(2)); !errors.Is(err, ErrLocked) {
		t.Errorf("append: %v", err)
	}
	j.wait = time.Hour // the first caller has waited for all
	if _, _, err := j.Find(entry(1).Key); !errors.Is(err, ErrLocked) {
		t.Errorf("find: %v", err)
	}
	if err := j.create(); !errors.Is(err, ErrLocked) {
		t.Errorf("open: %v", err)
	}
	if err := stopped.Unlock(); err != nil {
		t.Fatal(err)
	}
	add(t, j, entry(2))
	wantFound(t, j, entry(1), entry(2))
}

// A line counts only for the card that is inside it.
func TestEntryOfAnotherCardIsAnError(t *testing.T) {
	t.Parallel()
	j := open(t, filepath.Join(t.TempDir(), "journal"), merchantKey())
	add(t, j, entry(1), entry(2))
	wantFound(t, j, entry(1), entry(2))
	// Two lookup values that are the same.
	j.index[j.crypto.lookup(entry(1).Key)] = j.index[j.crypto.lookup(entry(2).Key)]
	if e, ok, err := j.Find(entry(1).Key); err == nil || ok {
		t.Errorf("got %+v", e)
	}
}

func FuzzAnyFile(f *testing.F) {
	c, err := newLineCrypto(merchantKey())
	if err != nil {
		f.Fatal(err)
	}
	line, err := c.encrypt(entry(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(""))
	f.Add(line)
	f.Add([]byte("e30.e30.e30.e30.AAAAAAAAAAAAAAAAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		writeFile(t, path, append([]byte(header), content...))
		j := open(t, path, merchantKey())
		if e, ok, err := j.Find(entry(1).Key); ok && e != entry(1) {
			t.Errorf("got %+v, %v", e, err)
		}
		add(t, j, entry(2))
		wantFound(t, j, entry(2))
	})
}
