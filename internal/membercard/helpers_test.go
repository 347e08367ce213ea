// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const address = "wechatpay_member_card_import.test"

// sample is the sample member as HCL expressions, with changes.
func sample(changes map[string]any) map[string]any {
	return with(expressions(plain(nil)), changes)
}

// with changes attributes: those that are nil are removed.
func with(attributes, changes map[string]any) map[string]any {
	for name, value := range changes {
		if value == nil {
			delete(attributes, name)
			continue
		}
		attributes[name] = value
	}
	return attributes
}

// member is a whole configuration of one member.
func member(m *mockserver.Server, changes map[string]any, provider ...string) string {
	return acctest.Config(acctest.ProviderBlock(m, provider...), acctest.Member("test", sample(changes)))
}

// run is resource.Test with this provider.
func run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// requested checks how many requests of each call came since the last check, and forgets them.
func requested(m *mockserver.Server, want map[mockserver.Operation]int) resource.TestCheckFunc {
	return func(*terraform.State) error { return countRequests(m, want) }
}

func countRequests(m *mockserver.Server, want map[mockserver.Operation]int) error {
	got := map[mockserver.Operation]int{}
	for _, r := range m.Requests() {
		got[r.Operation]++
	}
	m.ResetRequests()
	if !maps.Equal(got, want) {
		return fmt.Errorf("requests were %v, want %v", got, want)
	}
	return nil
}

// held checks the sample member's card that the mock holds.
func held(m *mockserver.Server, check func(mockserver.Card) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		card, ok := m.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
		if !ok {
			return fmt.Errorf("the mock has no card %s; it has %d", sampleCode, len(m.Cards()))
		}
		return check(card)
	}
}

// lastModify is the latest modify call.
func lastModify(t *testing.T, m *mockserver.Server) mockserver.Request {
	t.Helper()
	requests := m.Requests()
	for _, r := range slices.Backward(requests) {
		if r.Operation == mockserver.OperationModify {
			return r
		}
	}
	t.Fatalf("there was no modify call among %d requests", len(requests))
	return mockserver.Request{}
}
