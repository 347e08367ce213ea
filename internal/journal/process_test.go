// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package journal

import (
	"bufio"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The variables that make this test binary a process that appends without end.
const (
	journalVariable = "JOURNAL_TEST_PATH"
	keyVariable     = "JOURNAL_TEST_KEY"
	startVariable   = "JOURNAL_TEST_START"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(journalVariable); path != "" {
		if err := appendForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// appendForever prints the number of each entry after it was appended.
func appendForever(path string) error {
	der, err := os.ReadFile(os.Getenv(keyVariable))
	if err != nil {
		return err
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(os.Getenv(startVariable))
	if err != nil {
		return err
	}
	j, err := Open(path, key)
	if err != nil {
		return err
	}
	for ; ; n++ {
		if err := j.Append(entry(n)); err != nil {
			return err
		}
		if _, err := fmt.Println(n); err != nil {
			return err
		}
	}
}

// Several processes append to one file and are killed. No entry whose Append has returned is lost.
func TestProcessesShareAFileAndMayBeKilled(t *testing.T) {
	t.Parallel()
	const (
		processes = 4
		each      = 25
		rounds    = 3
	)
	dir := t.TempDir()
	path, keyFile := filepath.Join(dir, "journal"), filepath.Join(dir, "key")
	writeFile(t, keyFile, x509.MarshalPKCS1PrivateKey(merchantKey()))
	var (
		mu       sync.Mutex
		appended []Entry
	)
	for round := range rounds {
		var wg sync.WaitGroup
		for p := range processes {
			wg.Go(func() {
				start := (round*processes + p) * 100_000
				cmd := exec.CommandContext(t.Context(), os.Args[0])
				cmd.Env = append(os.Environ(), journalVariable+"="+path, keyVariable+"="+keyFile, startVariable+"="+strconv.Itoa(start))
				var stderr strings.Builder
				cmd.Stderr = &stderr
				out, err := cmd.StdoutPipe()
				if err == nil {
					err = cmd.Start()
				}
				if err != nil {
					t.Error(err)
					return
				}
				var numbers []int
				scanner := bufio.NewScanner(out)
				for len(numbers) < each && scanner.Scan() {
					n, err := strconv.Atoi(scanner.Text())
					if err != nil {
						t.Error(err)
					}
					numbers = append(numbers, n)
				}
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				if len(numbers) < each {
					t.Errorf("the process ended: %s", stderr.String())
				}
				mu.Lock()
				defer mu.Unlock()
				for _, n := range numbers {
					appended = append(appended, entry(n))
				}
			})
		}
		wg.Wait()
	}
	if len(appended) != processes*each*rounds {
		t.Errorf("%d entries", len(appended))
	}
	wantFound(t, open(t, path, merchantKey()), appended...)
}

func TestConcurrentUseInOneProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	journals := []*Journal{open(t, path, merchantKey()), open(t, path, merchantKey())}
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			j := journals[n%len(journals)]
			if err := j.Append(entry(n)); err != nil {
				t.Error(err)
			}
			wantFound(t, j, entry(n))
		})
	}
	wg.Wait()
	for n := range 40 {
		wantFound(t, journals[0], entry(n))
		wantFound(t, journals[1], entry(n))
	}
}
