// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// snapshot is one set of archives.
type snapshot struct {
	root, dir string
	address   terraformcli.Address
	version   string
	files     []string // what the checksums cover
}

// name is the name of a file of this version.
func (s *snapshot) name(suffix string) string {
	return fmt.Sprintf("terraform-provider-%s_%s_%s", s.address.Type, s.version, suffix)
}

// archive builds the provider for one platform and packs it with what a user may want to read.
func (s *snapshot) archive(ctx context.Context, platform string) (_ string, err error) {
	goos, goarch, ok := strings.Cut(platform, "_")
	if !ok {
		return "", fmt.Errorf("%q is not os_arch", platform)
	}
	target := terraformcli.Target{Version: s.version, OS: goos, Arch: goarch, Release: true}
	temporary, err := os.MkdirTemp("", "snapshot-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	binary := filepath.Join(temporary, target.Binary(s.address))
	if err := terraformcli.Build(ctx, target, binary); err != nil {
		return "", err
	}

	content := []string{binary}
	for _, pattern := range []string{"LICENSE*", "README*", "CHANGELOG*"} {
		found, err := filepath.Glob(filepath.Join(s.root, pattern))
		if err != nil {
			return "", err
		}
		content = append(content, found...)
	}
	s.files = append(s.files, s.name(platform+".zip"))
	file := filepath.Join(s.dir, s.name(platform+".zip"))
	return file, pack(file, content)
}

// pack writes a zip archive that depends on nothing but the files' content.
func pack(file string, content []string) (err error) {
	f, err := os.Create(file) //nolint:gosec // the caller's folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	archive := zip.NewWriter(f)
	for i, source := range content {
		text, err := os.ReadFile(source) //nolint:gosec // the project's own files
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: filepath.Base(source), Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		header.SetMode(0o644)
		if i == 0 { // the provider
			header.SetMode(0o755)
		}
		w, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return archive.Close()
}

// manifest copies the file that tells the Registry the protocol.
func (s *snapshot) manifest() error {
	text, err := os.ReadFile(filepath.Join(s.root, "terraform-registry-manifest.json"))
	if err != nil {
		return err
	}
	s.files = append(s.files, s.name("manifest.json"))
	return os.WriteFile(filepath.Join(s.dir, s.name("manifest.json")), text, 0o644) //nolint:gosec // for everybody
}

// checksums writes SHA256SUMS as sha256sum does.
func (s *snapshot) checksums() error {
	slices.Sort(s.files)
	var sums strings.Builder
	for _, name := range s.files {
		content, err := os.ReadFile(filepath.Join(s.dir, name)) //nolint:gosec // just written
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	return os.WriteFile(filepath.Join(s.dir, s.name("SHA256SUMS")), []byte(sums.String()), 0o644) //nolint:gosec // for everybody
}
