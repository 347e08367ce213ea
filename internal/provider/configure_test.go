// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
)

// configure configures a provider with environment e, and returns the response.
func configure(t *testing.T, e testEnv, block map[string]tftypes.Value) provider.ConfigureResponse {
	t.Helper()
	schema := providerSchema(t).Schema
	typ, ok := schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the provider block is no object")
	}
	values := make(map[string]tftypes.Value, len(typ.AttributeTypes))
	for name, at := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(at, nil)
	}
	maps.Copy(values, block)
	var resp provider.ConfigureResponse
	New("1.2.3", WithEnvironment(func(name string) string { return e.vars[name] }), WithClock(testNow))().
		Configure(t.Context(), provider.ConfigureRequest{
			TerraformVersion: "1.11.4",
			Config:           tfsdk.Config{Schema: schema, Raw: tftypes.NewValue(typ, values)},
		}, &resp)
	return resp
}

func providerData(t *testing.T, resp provider.ConfigureResponse) *providerdata.Data {
	t.Helper()
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	data, ok := resp.ResourceData.(*providerdata.Data)
	if !ok {
		t.Fatalf("resources are handed a %T", resp.ResourceData)
	}
	for what, other := range map[string]any{"data sources": resp.DataSourceData, "list resources": resp.ListResourceData, "actions": resp.ActionData} {
		if other != any(data) {
			t.Errorf("%s are handed something else", what)
		}
	}
	return data
}

func TestConfigureHandsOnOneClient(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	e.vars["WECHATPAY_BRAND_ID"] = "1004"
	e.vars["WECHATPAY_REFRESH_INTERVAL"] = "15m"
	data := providerData(t, configure(t, e, nil))
	if data.Client == nil || data.BrandID != "1004" || data.BrandIDUnknown || data.RefreshInterval != 15*time.Minute ||
		!data.CheckTemplates || data.MaxPlaintextBytes != 214 || !data.Now().Equal(testNow()) {
		t.Errorf("%+v", data)
	}
	if again := providerData(t, configure(t, e, nil)); again == data || again.Client == data.Client {
		t.Error("two configured providers share their data")
	}
}

func TestConfigureWithoutClientWhileUnknown(t *testing.T) {
	t.Parallel()
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	data := providerData(t, configure(t, completeEnv(), map[string]tftypes.Value{"private_key": unknown, "brand_id": unknown}))
	if data.Client != nil {
		t.Error("a client was built without its key")
	}
	if !data.BrandIDUnknown || data.BrandID != "" {
		t.Errorf("the brand is taken to be known: %+v", data)
	}
	if data.MaxPlaintextBytes != 214 {
		t.Errorf("limit %d, but the encrypting key is known", data.MaxPlaintextBytes)
	}
}

func TestConfigureHandsOnNothingWrong(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	e.vars["WECHATPAY_MCHID"] = "x"
	resp := configure(t, e, nil)
	if !resp.Diagnostics.HasError() || resp.ResourceData != nil || resp.DataSourceData != nil {
		t.Errorf("%+v", resp)
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ version, terraform, want string }{
		{"1.2.3", "1.11.4", "terraform-provider-wechatpay/1.2.3 (terraform/1.11.4)"},
		{"dev", "", "terraform-provider-wechatpay/dev (terraform/unknown)"},
	} {
		if got := userAgent(c.version, c.terraform); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// The client logs none of this. It is masked in case it ever does by mistake.
func TestLogMasksWhatNeverBelongsThere(t *testing.T) {
	t.Parallel()
	private := testPEMs().private
	line := strings.Split(private, "\n")[3]
	var out bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &out)
	log := logTo([]string{private})
	log(ctx, "attempt", map[string]any{"operation": "get", "status": 200, "request_id": "08F1D2B3"})
	log(ctx, "key "+private+" and phone 13800138000", map[string]any{
		"reason": "bad " + line, "wrapped": "x" + private + "x", "code": "+8613800138000", "phone_number": "+85291234567",
		"authorization": "WECHATPAY2-SHA256-RSA2048 …",
	})
	entries, err := tflogtest.MultilineJSONDecode(&out)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Fatalf("%d entries", len(entries))
	}
	if e := entries[0]; e["operation"] != "get" || e["request_id"] != "08F1D2B3" || e["@message"] != "attempt" || e["@module"] != "provider.client" {
		t.Errorf("what may be seen is hidden: %v", e)
	}
	for name, value := range entries[1] {
		for _, secret := range []string{private, line, "13800138000", "85291234567", "SHA256"} {
			if s, ok := value.(string); ok && strings.Contains(s, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

func TestLogWithoutALoggerIsSilent(t *testing.T) {
	t.Parallel()
	logTo(nil)(context.WithoutCancel(t.Context()), "attempt", nil)
}

func TestSecretTexts(t *testing.T) {
	t.Parallel()
	got := secretTexts([]string{"", " \n", testPEMs().private})
	lines := strings.Split(strings.TrimSpace(testPEMs().private), "\n")
	for _, line := range lines[1 : len(lines)-2] {
		if !slices.Contains(got, line) {
			t.Errorf("the line %q is not hidden", line)
		}
	}
	if slices.Contains(got, "") || slices.Contains(got, lines[0]) {
		t.Error("innocent text would be masked")
	}
}
