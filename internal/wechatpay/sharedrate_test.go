// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bufio"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// helperVariable tells the test program to be another process.
const helperVariable = "WECHATPAY_TEST_HELPER"

// helper starts this test program once more, as another process that does what name says.
func helper(tb testing.TB, name string, environment ...string) *exec.Cmd {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	command := exec.CommandContext(tb.Context(), program, "-test.run=^TestHelperProcess$", "-test.v")
	command.Env = append(os.Environ(), append(environment, helperVariable+"="+name)...)
	return command
}

// TestHelperProcess is no test: it is what another process does.
func TestHelperProcess(t *testing.T) {
	switch os.Getenv(helperVariable) {
	case "":
		t.Skip("for other tests")
	case "hold the lock":
		if locked, err := flock.New(os.Getenv("LOCK")).TryLock(); err != nil || !locked {
			t.Fatal(locked, err)
		}
		fmt.Println("locked")
		// Until it is killed.
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	case "import":
		importAsAnotherProcess(t)
	}
}

func TestProcessesTakeTurns(t *testing.T) {
	t.Parallel()
	// Two clients have two handles of the files, as two processes have.
	folder, begun := t.TempDir(), time.Now()
	const interval, each = 50 * time.Millisecond, 20
	var (
		mu      sync.Mutex
		moments []time.Time
		wg      sync.WaitGroup
	)
	for range 4 {
		s := newSharedRate(folder, "mchid-1900000001", MainEndpoint)
		wg.Go(func() {
			for range each {
				at := s.reserve(t.Context(), stageTurn, interval)
				mu.Lock()
				moments = append(moments, at)
				mu.Unlock()
			}
			if s.disabled {
				t.Error("the rate is not shared")
			}
		})
	}
	wg.Wait()
	slices.SortFunc(moments, time.Time.Compare)
	for i := 1; i < len(moments); i++ {
		if between := moments[i].Sub(moments[i-1]); between < interval {
			t.Errorf("%v between two requests", between)
		}
	}
	// A stage, a merchant and an endpoint each count for themselves.
	for name, s := range map[string]struct {
		rate *sharedRate
		st   stage
	}{
		"stage":    {newSharedRate(folder, "mchid-1900000001", MainEndpoint), stageSend},
		"merchant": {newSharedRate(folder, "brand-1900000001", MainEndpoint), stageTurn},
		"endpoint": {newSharedRate(folder, "mchid-1900000001", "https://elsewhere.example"), stageTurn},
	} {
		if at := s.rate.reserve(t.Context(), s.st, interval); at.After(time.Now()) {
			t.Errorf("another %s waits %v after %v", name, time.Until(at), time.Since(begun))
		}
	}
}

func TestRateIsNotSharedWhereThatIsNotPossible(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*sharedRate{
		"no folder": newSharedRate(filepath.Join(file, "below"), "mchid-1", MainEndpoint),
	} {
		for range 3 {
			if at := s.reserve(t.Context(), stageTurn, time.Hour); !at.IsZero() {
				t.Errorf("%s: waits until %v", name, at)
			}
		}
		s.delay(t.Context(), stageTurn, time.Hour)
	}
	if newSharedRate("", "mchid-1", MainEndpoint) != nil {
		t.Error("shared without a folder")
	}
	s := newService(t, replies(done()))
	client := newTestClient(t, s, func(c *Config) { c.RateFolder = filepath.Join(file, "below") })
	importTogether(t, client, 2)
}

func TestContentOfTheSharedRate(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"nothing": {}, "cut": {1, 2, 3}, "longer": make([]byte, 100),
		"a clock that was set back": {255, 255, 255, 255, 255, 255, 255, 127, 255, 255, 255, 255, 255, 255, 255, 127},
	} {
		folder := t.TempDir()
		s := newSharedRate(folder, "mchid-1", MainEndpoint)
		if err := os.WriteFile(filepath.Join(folder, "mchid-1.next"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if at := s.reserve(t.Context(), stageTurn, time.Second); at.After(time.Now()) || at.IsZero() {
			t.Errorf("%s: waits until %v", name, at)
		}
		if at := s.reserve(t.Context(), stageTurn, time.Second); !at.After(time.Now()) {
			t.Errorf("%s: the next one does not wait", name)
		}
	}
}

// The system releases a lock when its process dies; one that lives but does nothing is passed by.
func TestLockOfAnotherProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	holder := helper(t, "hold the lock", "LOCK="+filepath.Join(folder, "mchid-1.lock"))
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "locked" {
		continue
	}
	stuck := newSharedRate(folder, "mchid-1", MainEndpoint)
	if at := stuck.reserve(t.Context(), stageTurn, time.Hour); !at.IsZero() || !stuck.disabled {
		t.Errorf("waits until %v for a process that does nothing", at)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	s := newSharedRate(folder, "mchid-1", MainEndpoint)
	if at := s.reserve(t.Context(), stageTurn, time.Second); at.IsZero() || at.After(time.Now()) || s.disabled {
		t.Errorf("the lock of a killed process is in the way: %v", at)
	}
}

func TestSharedRateLeavesNoHandleAndNoLock(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("counts handles in /proc")
	}
	folder := t.TempDir()
	s := newSharedRate(folder, "mchid-1", MainEndpoint)
	for range 10 {
		s.reserve(t.Context(), stageTurn, time.Nanosecond)
	}
	handles, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, handle := range handles {
		if target, err := os.Readlink("/proc/self/fd/" + handle.Name()); err == nil && strings.HasPrefix(target, folder) {
			t.Errorf("%s is open", target)
		}
	}
	other := flock.New(filepath.Join(folder, "mchid-1.lock"))
	if locked, err := other.TryLock(); err != nil || !locked {
		t.Errorf("the lock is held: %v", err)
	}
	_ = other.Close()
}

func TestWaitForOtherProcessesEndsWithItsContext(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	newSharedRate(folder, "mchid-1", MainEndpoint).reserve(t.Context(), stageTurn, 20*time.Second)
	l := newLimiter(5)
	l.shared = newSharedRate(folder, "mchid-1", MainEndpoint)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := l.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		t.Errorf("got %v, and %v", err, ctx.Err())
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if err := l.sleep(ctx, time.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// importAsAnotherProcess imports as BenchmarkSharedRate asks in the environment.
func importAsAnotherProcess(t *testing.T) {
	text, err := os.ReadFile(os.Getenv("KEYS"))
	if err != nil {
		t.Fatal(err)
	}
	merchant, rest := pem.Decode(text)
	wechat, _ := pem.Decode(rest)
	private, err := x509.ParsePKCS8PrivateKey(merchant.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.ParsePKIXPublicKey(wechat.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		MchID: testMchID, CertificateSerialNo: testMchSerial, PublicKeyID: testKeyID, MaxRetries: DefaultMaxRetries,
		UserAgent: "test", Endpoint: os.Getenv("ENDPOINT"), RateFolder: os.Getenv("FOLDER"),
	}
	cfg.PrivateKey, _ = private.(*rsa.PrivateKey)
	cfg.PublicKey, _ = public.(*rsa.PublicKey)
	client, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(os.Getenv("IMPORTS"))
	if err != nil {
		t.Fatal(err)
	}
	queue := make(chan struct{}, n)
	for range n {
		queue <- struct{}{}
	}
	close(queue)
	var wg sync.WaitGroup
	// As many at a time as Terraform has by default.
	for range 10 {
		wg.Go(func() {
			for range queue {
				if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkSharedRate reports how long several processes take for 40 imports each against a
// service that enforces five requests a second, as a multiple of the ideal time, and how many
// requests were refused. Without a folder to share, each process has the rate for itself.
func BenchmarkSharedRate(b *testing.B) {
	const imports, limit = 40, 5
	for _, processes := range []int{1, 2, 4} {
		for _, shared := range []bool{true, false} {
			b.Run(fmt.Sprintf("processes=%d/shared=%t", processes, shared), func(b *testing.B) {
				var (
					mu       sync.Mutex
					accepted []time.Time
					refusals int
				)
				body := cardJSON(nil)
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					mu.Lock()
					now := time.Now()
					accepted = slices.DeleteFunc(accepted, func(at time.Time) bool { return now.Sub(at) >= time.Second })
					refuse := len(accepted) >= limit
					if refuse {
						refusals++
					} else {
						accepted = append(accepted, now)
					}
					mu.Unlock()
					if refuse {
						w.WriteHeader(http.StatusTooManyRequests)
						return
					}
					sign(w.Header(), body, nil, "", now)
					_, _ = w.Write([]byte(body))
				}))
				defer server.Close()
				keys := filepath.Join(b.TempDir(), "keys")
				if err := os.WriteFile(keys, []byte(pkcs8PEM(merchantKey())+pkixPEM(&wechatKey().PublicKey)), 0o600); err != nil {
					b.Fatal(err)
				}
				folder := ""
				if shared {
					folder = b.TempDir()
				}
				for b.Loop() {
					begun := time.Now()
					var wg sync.WaitGroup
					for range processes {
						command := helper(b, "import", "KEYS="+keys, "ENDPOINT="+server.URL, "FOLDER="+folder, "IMPORTS="+strconv.Itoa(imports))
						wg.Go(func() {
							if out, err := command.CombinedOutput(); err != nil {
								b.Errorf("%v: %s", err, out)
							}
						})
					}
					wg.Wait()
					ideal := time.Duration(processes*imports-1) * time.Second / limit
					b.ReportMetric(float64(time.Since(begun))/float64(ideal), "×ideal")
					b.ReportMetric(float64(refusals), "refusals")
				}
			})
		}
	}
}

// Each mock has an endpoint of its own, and nobody uses its files again.
func TestUnusedFilesOfOtherEndpointsAreRemoved(t *testing.T) {
	t.Parallel()
	folder, key := t.TempDir(), "mchid-"+testMchID
	old := time.Now().Add(-unusedFor - time.Minute)
	for name, at := range map[string]time.Time{
		key + ".next": old, key + ".lock": old, // of WeChat Pay itself
		key + "-0a1b2c3d.next": old, key + "-0a1b2c3d.lock": old,
		key + "-0a1b2c3e.next": time.Now(), key + "-0a1b2c3e.lock": old,
		"mchid-1900000002-0a1b2c3d.next": old,
	} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	names := func() (names []string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	before := names()
	if newSharedRate(folder, key, MainEndpoint); len(names()) != len(before) {
		t.Errorf("WeChat Pay's own endpoint leaves %v", names())
	}
	newSharedRate(folder, key, "http://127.0.0.1:8080")
	want := []string{key + "-0a1b2c3e.lock", key + "-0a1b2c3e.next", key + ".lock", key + ".next", "mchid-1900000002-0a1b2c3d.next"}
	if got := names(); !slices.Equal(got, want) {
		t.Errorf("left: %v, want %v", got, want)
	}
}
