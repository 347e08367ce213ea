// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// Sample numbers beside 13800138000, which the provider's own descriptions show.
const (
	firstPhone = 13800140000
	maxMembers = 90000
)

// configuration takes the members from a file, as people do.
const configuration = `
provider "wechatpay" {}

locals {
  members = jsondecode(file("${path.module}/members.json"))
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = %q
  user_card_code = each.key
  phone_number   = each.value.phone_number
  openid         = try(each.value.openid, null)
  level          = "金卡会员"
  attach         = try(each.value.attach, null)
}
`

// How members are imported.
const (
	byPhone  = "phone"
	byOpenID = "openid"
	byBoth   = "both"
)

// member is one member of the roster.
type member struct {
	code        string
	PhoneNumber string `json:"phone_number"`
	OpenID      string `json:"openid,omitempty"`
	Attach      string `json:"attach,omitempty"`
}

// newRoster has members of whom every fifth needs a second call, and of whom all, every second
// or none has an openid.
func newRoster(n int, by string, openID func(phone string) string) []*member {
	roster := make([]*member, n)
	for i := range roster {
		roster[i] = &member{code: fmt.Sprintf("VIP-%05d", i), PhoneNumber: strconv.Itoa(firstPhone + i)}
		if by == byOpenID || by == byBoth && i%2 == 0 {
			roster[i].OpenID = openID(roster[i].PhoneNumber)
		}
		if i%5 == 0 {
			roster[i].Attach = "门店" + strconv.Itoa(i%7)
		}
	}
	return roster
}

// module is one root module.
type module struct {
	workspace *terraformcli.Workspace
	roster    []*member
	fresh     bool
	// killAfter is at how many members the first apply is killed; 0: never.
	killAfter int
	// killDelay is how long after that.
	killDelay time.Duration
	// told are the codes of members of which Terraform was told before it was killed.
	told map[string]bool
}

// newModule makes a root module whose state is in the workspace or, where there is an address,
// on a server.
func newModule(t *sandbox.Sandbox, roster []*member, stateAddress string) (*module, error) {
	w, err := t.Workspace("soak")
	if err != nil {
		return nil, err
	}
	m := &module{workspace: w, roster: roster, fresh: true, told: map[string]bool{}}
	w.Setenv("WECHATPAY_JOURNAL_PATH", filepath.Join(w.Dir(), "journal"))
	if stateAddress != "" {
		backend := fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", stateAddress)
		if err := w.WriteFile("backend.tf", backend); err != nil {
			return nil, err
		}
	}
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("WECHATPAY_REQUEST_TIMEOUT", "3s")
	w.Trace(true)
	if err := w.WriteFile("main.tf", t.CLI.Address().RequiredProviders()+fmt.Sprintf(configuration, mockserver.TemplatePermanent)); err != nil {
		return nil, err
	}
	if err := m.write(); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *module) write() error {
	members := map[string]*member{}
	for _, wanted := range m.roster {
		members[wanted.code] = wanted
	}
	text, err := json.Marshal(members)
	if err != nil {
		return err
	}
	return m.workspace.WriteFile("members.json", string(text))
}

// instance is a member as the state has it.
type instance struct {
	code, phone, openID, attach, level, cardState string
	adopted                                       bool
}

// instances are the members in the state by their code.
func (m *module) instances(ctx context.Context) (map[string][]instance, error) {
	m.workspace.Trace(false)
	defer m.workspace.Trace(true)
	state, err := m.workspace.State(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string][]instance{}
	if state.Values == nil || state.Values.RootModule == nil {
		return found, nil
	}
	for _, r := range state.Values.RootModule.Resources {
		text := func(name string) string { s, _ := r.AttributeValues[name].(string); return s }
		i := instance{
			code: text("user_card_code"), phone: text("phone_number"), openID: text("openid"), attach: text("attach"),
			level: text("level"), cardState: text("user_card_state"), adopted: r.AttributeValues["adopted"] == true,
		}
		found[i.code] = append(found[i.code], i)
	}
	return found, nil
}

// setOpenIDs puts the openids that the state lacks into the roster, and returns how many.
func (m *module) setOpenIDs(ctx context.Context, mock *mockserver.Server) (int, error) {
	instances, err := m.instances(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, wanted := range m.roster {
		for _, i := range instances[wanted.code] {
			if i.openID == "" {
				wanted.OpenID = mock.OpenID(wanted.PhoneNumber)
				n++
			}
		}
	}
	if n == 0 {
		return 0, nil
	}
	return n, m.write()
}
