// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image_test

import (
	"bytes"
	"encoding/base64"
	stdimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// pngBytes is a picture of a size; shade makes its bytes differ.
func pngBytes(t *testing.T, width, height int, shade uint8) []byte {
	t.Helper()
	picture := stdimage.NewGray(stdimage.Rect(0, 0, width, height))
	picture.SetGray(0, 0, color.Gray{Y: shade})
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, stdimage.NewGray(stdimage.Rect(0, 0, 716, 320)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// env is a mock and the resource of a provider that talks to it.
type env struct {
	t *testing.T
	m *mockserver.Server
	p *tfdriver.Process
	r *tfdriver.Resource
}

func newEnv(t *testing.T) *env {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, nil)
	return &env{t, m, p, p.Resource("wechatpay_image")}
}

// uploads checks how many pictures WeChat Pay has.
func (e *env) uploads(want int) {
	e.t.Helper()
	if got := len(e.m.Pictures()); got != want {
		e.t.Errorf("WeChat Pay has %d pictures, want %d", got, want)
	}
}

// The bytes are uploaded once, whatever happens to path and name, and again when they change.
func TestSameBytesAreUploadedOnce(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	content := pngBytes(t, 716, 320, 1)
	state := e.r.MustRun(tfdriver.State{}, map[string]any{"source": write(t, "card.png", content)})
	if state.Get("url") == nil || state.Get("format") != "png" || state.Get("filename") != "card.png" || state.Get("content_base64") != nil {
		t.Errorf("the state is %v", state.Values())
	}
	url := state.Get("url")
	for name, config := range map[string]map[string]any{
		"another path":   {"source": write(t, "other.png", content)},
		"another name":   {"source": write(t, "card.png", content), "filename": "vip.png"},
		"as base64":      {"content_base64": base64.StdEncoding.EncodeToString(content)},
		"the first path": {"source": state.Get("source")},
	} {
		e.p.NewRun()
		if state = e.r.MustRun(state, config); state.Get("url") != url {
			t.Errorf("%s: the url is %v", name, state.Get("url"))
		}
	}
	e.uploads(1)
	e.p.NewRun()
	changed := map[string]any{"source": write(t, "card.png", pngBytes(t, 716, 320, 2))}
	if plan := e.r.Plan(state, changed); plan.Action != tfdriver.Replace {
		t.Errorf("other bytes are planned as %q", plan.Action)
	}
	if state = e.r.MustRun(state, changed); state.Get("url") == url {
		t.Error("other bytes have the same url")
	}
	e.uploads(2)
}

// A file that is gone matters only where something would be uploaded.
func TestMissingFile(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := write(t, "card.png", pngBytes(t, 716, 320, 1))
	config := map[string]any{"source": file}
	state := e.r.MustRun(tfdriver.State{}, config)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	e.p.NewRun()
	plan := e.r.Plan(state, config)
	if plan.Action != tfdriver.NoOp || !plan.Diagnostics.Warnings().Contains("cannot be read") {
		t.Errorf("%q\n%s", plan.Action, plan.Diagnostics)
	}
	if plan = e.r.Plan(tfdriver.State{}, config); !plan.Diagnostics.Errors().At("source").Contains("no such file") {
		t.Errorf("a new one: %s", plan.Diagnostics)
	}
	if plan = e.r.Plan(state, nil); plan.Diagnostics.HasErrors() || !plan.Diagnostics.Warnings().Contains("WeChat Pay keeps the picture") {
		t.Errorf("destroy: %s", plan.Diagnostics)
	}
}

// What is no picture for a card is refused while planning, with what it is.
func TestBadPictures(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	good := pngBytes(t, 716, 320, 1)
	for name, c := range map[string]struct {
		config map[string]any
		want   string
	}{
		"nothing":             {map[string]any{}, "Give source"},
		"both":                {map[string]any{"source": write(t, "a.png", good), "content_base64": "aGk="}, "Give either"},
		"empty":               {map[string]any{"source": write(t, "a.png", nil)}, "it is empty"},
		"a folder":            {map[string]any{"source": t.TempDir()}, "not a regular file"},
		"text":                {map[string]any{"source": write(t, "a.png", []byte("hello"))}, "not a JPEG or PNG"},
		"a GIF":               {map[string]any{"source": write(t, "a.png", []byte("GIF89a"))}, "it is a GIF"},
		"an LFS pointer":      {map[string]any{"source": write(t, "a.png", []byte("version https://git-lfs.github.com/spec/v1"))}, "git lfs pull"},
		"a damaged PNG":       {map[string]any{"source": write(t, "a.png", good[:20])}, "cannot be decoded"},
		"too many pixels":     {map[string]any{"source": write(t, "a.png", pngBytes(t, 5001, 1, 1))}, "5001×1"},
		"too many bytes":      {map[string]any{"source": write(t, "a.png", append(good, make([]byte, 1<<20)...))}, "1 MiB"},
		"no base64":           {map[string]any{"content_base64": "{}"}, "filebase64"},
		"a name of another":   {map[string]any{"source": write(t, "a.png", good), "filename": "card.jpg"}, "must end in .png"},
		"a name with a slash": {map[string]any{"source": write(t, "a.png", good), "filename": "a/card.png"}, "must end in .png"},
		"a name too long":     {map[string]any{"source": write(t, "a.png", good), "filename": strings.Repeat("a", 125) + ".png"}, "128"},
		"a blank, no space":   {map[string]any{"source": write(t, "a.png", good), "filename": "a\u3000b.png"}, "must end in .png"},
		"a hidden character":  {map[string]any{"source": write(t, "a.png", good), "filename": "a\u200bb.png"}, "must end in .png"},
		"only an ending":      {map[string]any{"source": write(t, "a.png", good), "filename": ".png"}, "must end in .png"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := e.r.Validate(c.config)
			if !diags.HasErrors() {
				diags = e.r.Plan(tfdriver.State{}, c.config).Diagnostics
			}
			if !diags.Errors().Contains(c.want) || len(diags.Errors()) != 1 {
				t.Errorf("want one error with %q, got:\n%s", c.want, diags)
			}
		})
	}
	t.Cleanup(func() { e.uploads(0) })
}

// Formats are told by the bytes, and another size than suggested is a warning.
func TestFormatsAndSizes(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	state, diags := e.r.Run(tfdriver.State{}, map[string]any{"source": write(t, "card.JPEG", jpegBytes(t))})
	if state.Get("format") != "jpeg" || state.Get("filename") != "card.jpg" || len(diags) > 0 {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	plan := e.r.Plan(tfdriver.State{}, map[string]any{"content_base64": base64.StdEncoding.EncodeToString(pngBytes(t, 10, 10, 1))})
	if plan.Diagnostics.HasErrors() || !plan.Diagnostics.Warnings().Contains("716×320") {
		t.Errorf("%s", plan.Diagnostics)
	}
}

// A file name that WeChat Pay does not take is no reason to fail: it only is the default.
func TestDefaultFilename(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	for name, want := range map[string]string{
		"card.png": "card.png", "会员卡 2.PNG": "会员卡 2.png", "card": "card.png", "card.jpeg": "card.png",
		"截屏 9.41\u202fAM.png": "picture.png", "a\u3000b.png": "picture.png", "a\u00a0b.png": "picture.png", "a\u200bb.png": "picture.png",
		"😀.png": "picture.png", ".png": "picture.png", strings.Repeat("a", 126) + ".x": "picture.png",
	} {
		e.p.NewRun()
		state, diags := e.r.Run(tfdriver.State{}, map[string]any{"source": write(t, name, pngBytes(t, 716, 320, 1))})
		if diags.HasErrors() || state.Get("filename") != want {
			t.Errorf("%q: %v\n%s", name, state.Get("filename"), diags)
		}
	}
}

// Who asks for a replacement wants another URL.
func TestForcedReplacementUploadsAgain(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	config := map[string]any{"source": write(t, "card.png", pngBytes(t, 716, 320, 1))}
	state := e.r.MustRun(tfdriver.State{}, config)
	url := state.Get("url")
	state.Tainted = true // -replace is planned like that, too.
	if state = e.r.MustRun(state, config); state.Get("url") == url {
		t.Error("the URL is the old one")
	}
	e.uploads(2)
}
