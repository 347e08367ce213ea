// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package terraformcli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A go command that makes a temporary folder as the real one does, and removes it when interrupted.
const slowGo = `#!/bin/sh
mkdir "$TMPDIR/go-build"
trap 'rmdir "$TMPDIR/go-build"; kill $!; exit 1' INT
sleep 300 >/dev/null 2>&1 &
echo begun >"$BEGUN"
wait
`

// Not parallel: the build finds go, and the folder for what is temporary, by the environment.
func TestAnInterruptedBuildCleansUp(t *testing.T) {
	dir, temporary := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(slowGo), 0o700); err != nil {
		t.Fatal(err)
	}
	begun := filepath.Join(dir, "begun")
	if err := syscall.Mkfifo(begun, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("TMPDIR", temporary)
	t.Setenv("BEGUN", begun)

	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	go func() {
		_, err := os.ReadFile(begun) // waits for the writer
		cancel(errors.Join(enough, err))
	}()
	if err := Build(ctx, Module, Unreleased, filepath.Join(dir, "provider")); !errors.Is(err, enough) {
		t.Errorf("the error is %v", err)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
