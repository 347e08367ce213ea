// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	wechatpay "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// BenchmarkMember measures what Terraform asks a provider about one member, in this process and
// without the network, of both providers. Allocations tell more than times: they do not depend on
// what else the machine does.
func BenchmarkMember(b *testing.B) {
	for _, p := range []struct {
		name string
		new  func() provider.Provider
	}{{"idle", newProvider}, {"real", wechatpay.New("bench")}} {
		b.Run(p.name, func(b *testing.B) {
			m := newMembers(b, p.new)
			b.Run("validate", m.validate)
			b.Run("plan new", m.planNew)
			b.Run("read nothing", m.read)
			b.Run("plan unchanged", m.planUnchanged)
		})
	}
}

const memberType = "wechatpay_member_card_import"

// members are the calls about as many members as one server plans.
type members struct {
	new      func() provider.Provider
	config   *tfprotov6.DynamicValue
	null     *tfprotov6.DynamicValue
	configs  []*tfprotov6.DynamicValue
	proposed []*tfprotov6.DynamicValue
	states   []state
}

// state is a member in Terraform's state.
type state struct {
	value    *tfprotov6.DynamicValue
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

const benchmarked = 100

func newMembers(b *testing.B, newProvider func() provider.Provider) *members {
	b.Helper()
	mock := acctest.StartMock(b, mockserver.Options{})
	block := acctest.ProviderConfig(mock)
	block["check_templates"], block["refresh_interval"] = false, "24h"
	m := &members{new: newProvider}
	_, schemas := m.server(b, nil)
	m.config = tfdriver.DynamicValue(b, schemas.Provider.ValueType(), block)
	server, _ := m.server(b, m.config)

	typ := schemas.ResourceSchemas[memberType].ValueType()
	m.null = tfdriver.DynamicValue(b, typ, nil)
	for i := range benchmarked {
		config := map[string]any{
			"card_id": mockserver.TemplatePermanent, "user_card_code": fmt.Sprintf("VIP-%05d", i), "phone_number": fmt.Sprint(13800138000 + i),
			"level": "gold", "valid_date_information": map[string]any{"type": "PERMANENT"},
		}
		m.configs = append(m.configs, tfdriver.DynamicValue(b, typ, config))
		for _, computed := range []string{
			"id", "brand_id", "phone_number_masked", "openid", "card_color", "card_picture_url", "attach", "pickup_time", "adopted",
			"card_type", "user_card_state", "invalid_reason", "invalid_time", "create_time", "modify_time",
		} {
			config[computed] = tfdriver.Unknown
		}
		m.proposed = append(m.proposed, tfdriver.DynamicValue(b, typ, config))
		planned, err := server.PlanResourceChange(b.Context(), m.plan(i))
		called(b, err, planned.Diagnostics)
		applied, err := server.ApplyResourceChange(b.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: memberType, PriorState: m.null, PlannedState: planned.PlannedState, Config: m.configs[i],
			PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
		})
		called(b, err, applied.Diagnostics)
		m.states = append(m.states, state{applied.NewState, applied.Private, applied.NewIdentity})
	}
	return m
}

// server starts a provider, which is configured unless config is nil.
func (m *members) server(b *testing.B, config *tfprotov6.DynamicValue) (tfprotov6.ProviderServer, *tfprotov6.GetProviderSchemaResponse) {
	b.Helper()
	server, err := launch(m.new())()
	called(b, err, nil)
	schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	called(b, err, schemas.Diagnostics)
	if config != nil {
		configured, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
		called(b, err, configured.Diagnostics)
	}
	return server, schemas
}

func (m *members) plan(i int) *tfprotov6.PlanResourceChangeRequest {
	return &tfprotov6.PlanResourceChangeRequest{TypeName: memberType, PriorState: m.null, ProposedNewState: m.proposed[i], Config: m.configs[i]}
}

// each makes one call for each member, with a new server after all of them: a run plans a member once.
func (m *members) each(b *testing.B, call func(server tfprotov6.ProviderServer, i int) ([]*tfprotov6.Diagnostic, error)) {
	b.Helper()
	b.ReportAllocs()
	var server tfprotov6.ProviderServer
	for n := 0; b.Loop(); n++ {
		if n%benchmarked == 0 {
			b.StopTimer()
			server, _ = m.server(b, m.config)
			b.StartTimer()
		}
		diags, err := call(server, n%benchmarked)
		called(b, err, diags)
	}
}

func (m *members) validate(b *testing.B) {
	m.each(b, func(server tfprotov6.ProviderServer, i int) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: memberType, Config: m.configs[i]})
		return resp.Diagnostics, err
	})
}

func (m *members) planNew(b *testing.B) {
	m.each(b, func(server tfprotov6.ProviderServer, i int) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.PlanResourceChange(b.Context(), m.plan(i))
		return resp.Diagnostics, err
	})
}

func (m *members) read(b *testing.B) {
	m.each(b, func(server tfprotov6.ProviderServer, i int) ([]*tfprotov6.Diagnostic, error) {
		s := m.states[i]
		resp, err := server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: memberType, CurrentState: s.value, Private: s.private, CurrentIdentity: s.identity})
		return resp.Diagnostics, err
	})
}

func (m *members) planUnchanged(b *testing.B) {
	m.each(b, func(server tfprotov6.ProviderServer, i int) ([]*tfprotov6.Diagnostic, error) {
		s := m.states[i]
		resp, err := server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: memberType, PriorState: s.value, ProposedNewState: s.value, Config: m.configs[i], PriorPrivate: s.private, PriorIdentity: s.identity,
		})
		return resp.Diagnostics, err
	})
}

func called(b *testing.B, err error, diags []*tfprotov6.Diagnostic) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range diags {
		b.Fatalf("%s: %s", d.Summary, d.Detail)
	}
}
