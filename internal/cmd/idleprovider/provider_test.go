// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	wechatpay "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func launch(p provider.Provider) tfdriver.Launcher {
	return func() (tfprotov6.ProviderServer, error) { return providerserver.NewProtocol6WithError(p)() }
}

// What is measured against it is worth something only while the schemas are the same.
func TestSchemaIsThatOfTheProvider(t *testing.T) {
	t.Parallel()
	var schemas [2]map[string]*tfprotov6.Schema
	for i, p := range []provider.Provider{newProvider(), wechatpay.New("test")()} {
		server, err := launch(p)()
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		schemas[i] = resp.ResourceSchemas
	}
	if diff := cmp.Diff(schemas[1], schemas[0]); diff != "" {
		t.Error(diff)
	}
}

func TestResourceKeepsWhatWasPlanned(t *testing.T) {
	t.Parallel()
	r := tfdriver.New(t, launch(newProvider()), nil).Resource("wechatpay_member_card_import")
	config := map[string]any{"card_id": "c", "user_card_code": "1001", "phone_number": "13800138000"}
	state := r.MustRun(tfdriver.State{}, config)
	if state.Get("user_card_code") != "1001" || state.Get("openid") != text {
		t.Errorf("the state is %v", state.Values())
	}
	if plan := r.Plan(state, config); plan.Action != tfdriver.NoOp {
		t.Errorf("the second plan is to %s: %s", plan.Action, plan.Diagnostics)
	}
	config["level"] = "gold"
	if state = r.MustRun(state, config); state.Get("level") != "gold" {
		t.Errorf("the state is %v", state.Values())
	}
	if state = r.MustRun(state, nil); state.Exists() {
		t.Errorf("after destroying: %v", state.Values())
	}
}
