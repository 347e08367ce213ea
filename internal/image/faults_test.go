// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"os"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// What only an upload can be refused for is told in words of its own, once, and without the picture.
// (The fault matrix has all other failures, and the next run after each.)
func TestUploadFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault mockserver.Fault
		want  string
	}{
		"no URL":         {mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"media_url": nil}}, "could not be used"},
		"digest":         {mockserver.Fault{Status: http.StatusBadRequest, Code: "INVALID_REQUEST", Message: "图片摘要错误"}, "arrived with other bytes"},
		"format":         {mockserver.Fault{Status: http.StatusBadRequest, Code: "INVALID_REQUEST", Message: "图片格式无效"}, "does not accept the picture's format"},
		"name":           {mockserver.Fault{Status: http.StatusBadRequest, Code: "INVALID_REQUEST", Message: "文件名错误"}, "file name"},
		"no permission":  {mockserver.Fault{Status: http.StatusForbidden, Code: "NO_AUTH", Message: "商户暂无权限使用此功能"}, "give its URL in card_picture_url"},
		"forbidden":      {mockserver.Fault{Status: http.StatusForbidden, Code: "FORBIDDEN", Message: "无权限"}, "give its URL in card_picture_url"},
		"no such upload": {mockserver.Fault{Status: http.StatusNotFound, Code: "RESOURCE_NOT_EXISTS", Message: "不存在"}, "does not know the upload"},
		"size":           {mockserver.Fault{Status: http.StatusBadRequest, Code: "INVALID_REQUEST", Message: "上传的图片大小大于2M"}, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			c.fault.Operation = mockserver.OperationUploadImage
			e.m.Inject(c.fault)
			content := base64.StdEncoding.EncodeToString(pngBytes(t, 716, 320, 1))
			state, diags := e.r.Run(tfdriver.State{}, map[string]any{"content_base64": content})
			if state.Exists() || len(diags) != 1 || !diags.Errors().Contains(c.want) || diags.Contains(content[:40]) {
				t.Errorf("want an error with %q and without the picture; got %v:\n%s", c.want, state.Values(), diags)
			}
		})
	}
}

// Two pictures of one configuration with the same bytes are uploaded once.
func TestSameBytesInOneRun(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	content := pngBytes(t, 716, 320, 1)
	first := e.r.Plan(tfdriver.State{}, map[string]any{"source": write(t, "a.png", content)})
	second := e.r.Plan(tfdriver.State{}, map[string]any{"source": write(t, "b.png", content)})
	a, diags := e.r.Apply(first)
	b, more := e.r.Apply(second)
	if diags.HasErrors() || more.HasErrors() || a.Get("url") != b.Get("url") {
		t.Errorf("%v, %v", a.Values(), b.Values())
	}
	e.uploads(1)
}

// A checkout without pictures has a Git LFS pointer at the file's place; that is no other picture.
// A file that is another, wrong picture is a mistake also where WeChat Pay has the former one.
func TestFileThatIsNoPictureAnyMore(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := write(t, "card.png", pngBytes(t, 716, 320, 1))
	config := map[string]any{"source": file}
	state := e.r.MustRun(tfdriver.State{}, config)
	for content, refused := range map[string]bool{"version https://git-lfs.github.com/spec/v1": false, "GIF89a": true, "": true} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		e.p.NewRun()
		plan := e.r.Plan(state, config)
		if plan.Diagnostics.HasErrors() != refused || !refused && (plan.Action != tfdriver.NoOp || len(plan.Diagnostics.Warnings()) != 1) {
			t.Errorf("%q: %q\n%s", content, plan.Action, plan.Diagnostics)
		}
	}
	e.uploads(1)
}

// What is not known while planning is uploaded in the apply, and not again where it is the same.
func TestUnknownPicture(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	config := map[string]any{"content_base64": base64.StdEncoding.EncodeToString(pngBytes(t, 716, 320, 1))}
	plan := e.r.Plan(tfdriver.State{}, map[string]any{"content_base64": tfdriver.Unknown})
	state, diags := e.r.ApplyConfig(plan, config)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	e.p.NewRun()
	plan = e.r.Plan(state, map[string]any{"content_base64": tfdriver.Unknown})
	again, diags := e.r.ApplyConfig(plan, config)
	if diags.HasErrors() || again.Get("url") != state.Get("url") {
		t.Errorf("%v, was %v\n%s", again.Values(), state.Values(), diags)
	}
	e.uploads(1)
}

// A person who interrupts an upload loses nothing: its answer is awaited, or the next run uploads again.
func TestInterruptedUpload(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, map[string]any{"max_retries": 0, "request_timeout": "1s"})
	pictures := p.Resource("wechatpay_image")
	config := map[string]any{"content_base64": base64.StdEncoding.EncodeToString(pngBytes(t, 716, 320, 1))}
	plan := pictures.Plan(tfdriver.State{}, config)
	m.Inject(mockserver.Fault{Operation: mockserver.OperationUploadImage, AfterWork: true, Kind: mockserver.FaultHang})
	done := make(chan tfdriver.State, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		state, _ := pictures.WithContext(ctx).Apply(plan)
		done <- state
	}()
	if err := m.WaitForRequests(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	p.Interrupt()
	cancel()
	state := <-done
	if state.Tainted {
		t.Error("the picture is tainted")
	}
	m.ClearFaults()
	if state = pictures.MustRun(state, config); state.Get("url") == nil {
		t.Errorf("the state is %v", state.Values())
	}
}
