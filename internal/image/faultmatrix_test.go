// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file holds the provider to the table of package failures that is about the upload.

// The table has each fault exactly once.
func TestFailuresAreComplete(t *testing.T) {
	t.Parallel()
	injection.CheckComplete(t, failures.PictureTables())
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	injection.ForEach(t, failures.PictureTables(), func(t *testing.T, call failures.Call, fault injection.Fault, lasts bool, want injection.Result) {
		got, diags := runFault(t, call, fault, lasts)
		if got != want {
			t.Errorf("\n got %+v\nwant %+v\n%s", got, want, diags)
		}
	})
}

// runFault makes a fault happen and says what comes of it; then the fault is over, and the next
// apply must do what is left.
func runFault(t *testing.T, call failures.Call, fault injection.Fault, lasts bool) (injection.Result, tfdriver.Diagnostics) {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	transport := injection.NewTransport()
	t.Cleanup(transport.Close)
	options := []provider.Option{provider.WithTransport(transport)}
	if fault.Now != nil {
		options = append(options, provider.WithClock(fault.Now))
	}
	r := acctest.NewProcess(t, m, map[string]any{"max_retries": injection.Retries}, options...).Resource("wechatpay_image")
	config := map[string]any{"content_base64": base64.StdEncoding.EncodeToString(pngBytes(t, 716, 320, 1))}

	fault.Inject(m, transport, call, lasts)
	began := time.Now()
	state, diags := r.Run(tfdriver.State{}, config)
	if took := time.Since(began); took < fault.Pause {
		t.Errorf("Retry-After was not obeyed: done after %v", took)
	}
	if state.Tainted || len(diags) > 1 {
		t.Errorf("tainted: %t, diagnostics:\n%s", state.Tainted, diags)
	}
	got := injection.ResultOf(call, transport.Requests(), diags)
	got.Stored, got.Held = stored(state), held(m)

	m.ClearFaults()
	transport.Repair()
	state, next := r.Run(state, config)
	if next.HasErrors() {
		t.Errorf("the next apply fails although the fault is over:\n%s", next)
	}
	got.NextStored, got.NextHeld = stored(state), held(m)
	return got, diags
}

// stored names what the state holds.
func stored(state tfdriver.State) failures.Stored {
	if state.Get("url") == nil {
		return failures.NoPicture
	}
	return failures.PictureStored
}

// held names what WeChat Pay holds.
func held(m *mockserver.Server) failures.Held {
	switch len(m.Pictures()) {
	case 0:
		return failures.NoPictureHeld
	case 1:
		return failures.OnePicture
	default:
		return failures.SeveralPictures
	}
}
