// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestSmoke(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, nil)
	r := p.Resource("wechatpay_member_card_import")
	cfg := map[string]any{
		"card_id": m.Templates()[0].CardID, "user_card_code": "1001", "phone_number": "13800138000",
	}
	state := r.MustRun(acctest.State{}, cfg)
	t.Log(state.Values(), state.Identity(), string(state.Private))
	plan := r.Plan(state, cfg)
	t.Log(plan.Action, plan.Diagnostics)
	s, d := r.Run(state, map[string]any{
		"card_id": m.Templates()[0].CardID, "user_card_code": "1002", "phone_number": "13800138001",
	})
	t.Log(s.Values(), d)
	s, d = r.Run(s, nil)
	t.Log(s.Exists(), d)
}
