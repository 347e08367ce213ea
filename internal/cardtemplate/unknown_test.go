// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// lost are the ways in which the answer of a create that was carried out does not arrive.
func lost() map[string]mockserver.Fault {
	return map[string]mockserver.Fault{
		"connection cut":   {Kind: mockserver.FaultCutConnection},
		"answer cut":       {Kind: mockserver.FaultTruncated},
		"500":              {Kind: mockserver.FaultStatus, Status: http.StatusInternalServerError},
		"an HTML page":     {Kind: mockserver.FaultStatus, Status: http.StatusBadGateway, Body: []byte("<html>Bad Gateway</html>")},
		"202":              {Kind: mockserver.FaultAccepted},
		"malformed":        {Kind: mockserver.FaultMalformedJSON},
		"another template": {Kind: mockserver.FaultOtherShape},
	}
}

// Whatever WeChat Pay does with a number that it knows, a create whose answer is lost makes one
// template, which the list finds.
func TestLostAnswerOfCreate(t *testing.T) {
	t.Parallel()
	for _, repeated := range []mockserver.OutRequestNo{mockserver.OutRequestNoIdempotent, mockserver.OutRequestNoIgnored, mockserver.OutRequestNoRefused} {
		for name, fault := range lost() {
			t.Run(fmt.Sprintf("%s, %d", name, repeated), func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{OutRequestNo: repeated, NewestTemplatesFirst: true}, nil)
				fault.Operation, fault.AfterWork = mockserver.OperationCreateTemplate, true
				e.m.Inject(fault)
				state, diags := e.r.Run(tfdriver.State{}, sample(nil))
				if diags.HasErrors() || state.Get("card_id") == nil || state.Tainted {
					t.Fatalf("%v\n%s", state.Values(), diags)
				}
				e.templates(1)
				if n := e.m.RequestCounts()[mockserver.OperationCreateTemplate]; n != 1 {
					t.Errorf("%d creates", n)
				}
				e.empty(state, sample(nil))
			})
		}
	}
}

// Where the list fails as well, the template stays in the state without card_id, not tainted, and
// the next refresh finds out.
func TestOutcomeOfCreateStaysUnknown(t *testing.T) {
	t.Parallel()
	for _, worked := range []bool{true, false} {
		for _, omit := range []bool{true, false} {
			t.Run(fmt.Sprintf("carried out %t, no data in empty lists %t", worked, omit), func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoIgnored, OmitEmptyData: omit}, map[string]any{"max_retries": 0})
				e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: worked, Kind: mockserver.FaultCutConnection})
				e.m.Inject(mockserver.Fault{Operation: mockserver.OperationListTemplates, Skip: 1, Count: -1, Status: http.StatusInternalServerError})
				state, diags := e.r.Run(tfdriver.State{}, everything())
				if diags.HasErrors() || !diags.Warnings().Contains("It is not known whether") || !state.Exists() || state.Tainted || state.Get("card_id") != nil {
					t.Fatalf("tainted %t, %v\n%s", state.Tainted, state.Values(), diags)
				}
				// As long as the list fails, the refresh does, and nothing is lost.
				e.p.NewRun()
				state, diags = e.r.Read(state)
				if !state.Exists() || !diags.HasErrors() {
					t.Fatalf("%v\n%s", state.Values(), diags)
				}
				e.m.ClearFaults()
				e.p.NewRun()
				read, diags := e.r.Read(state)
				if diags.HasErrors() || read.Exists() != worked || worked && read.Get("card_id") == nil {
					t.Errorf("%v\n%s", read.Values(), diags)
				}
				read = e.r.MustRun(read, everything())
				e.templates(1)
				e.empty(read, everything())
				// -refresh=false leaves it to the apply.
				e.p.NewRun()
				plan := e.r.Plan(state, everything())
				applied, diags := e.r.Apply(plan)
				if diags.HasErrors() || applied.Get("card_id") == nil {
					t.Errorf("without a refresh: %v\n%s", applied.Values(), diags)
				}
				e.templates(1)
			})
		}
	}
}

// A process that is killed after the template was made leaves no state. Whatever it was doing
// then, the next run finds the one template.
func TestKilledProcessLeadsToOneTemplate(t *testing.T) {
	t.Parallel()
	for try := range 20 {
		t.Run(fmt.Sprint(try), func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNo(try % 3)}, map[string]any{"max_retries": 0})
			config := sample(nil)
			if try%2 == 0 {
				config = everything()
			}
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultCutConnection})
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationListTemplates, Skip: 1, Count: -1, Kind: mockserver.FaultCutConnection})
			e.r.Run(tfdriver.State{}, config) // Its state is lost.
			e.m.ClearFaults()
			state, diags := e.r.Run(tfdriver.State{}, config)
			if diags.HasErrors() || !diags.Warnings().Contains("existed already") {
				t.Fatalf("%v\n%s", state.Values(), diags)
			}
			e.templates(1)
			e.empty(state, config)
		})
	}
}

// Where WeChat Pay does not tell numbers, as the first editions of the pages have it, a template
// with the same settings may be one's own: no second one is made on a guess.
func TestListsWithoutNumbers(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoIgnored}, map[string]any{"max_retries": 0})
	untold := mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"out_request_no": nil}, Count: -1}
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultCutConnection})
	e.m.Inject(untold)
	state, diags := e.r.Run(tfdriver.State{}, sample(nil))
	if diags.HasErrors() || !diags.Warnings().Contains("It is not known whether") || state.Get("card_id") != nil {
		t.Fatalf("%v\n%s", state.Values(), diags)
	}
	e.p.NewRun()
	if state, diags = e.r.Read(state); !state.Exists() || diags.HasErrors() || !diags.Warnings().Contains("terraform import") {
		t.Errorf("refresh: %s", diags)
	}
	if _, diags = e.r.Run(tfdriver.State{}, sample(nil)); !diags.Errors().Contains("A card template with these settings exists already") {
		t.Errorf("again: %s", diags)
	}
	e.templates(1)
	// Other settings are another template.
	if _, diags = e.r.Run(tfdriver.State{}, sample(map[string]any{"benefits": "别的"})); diags.HasErrors() {
		t.Errorf("other settings: %s", diags)
	}
	e.templates(2)
}

// A create that WeChat Pay refused leaves nothing, and what it says is told.
func TestRefusedCreate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{PicturesMustBeUploaded: true}, nil)
	state, diags := e.r.Run(tfdriver.State{}, sample(nil))
	if state.Exists() || len(diags) != 1 || !diags.Errors().Contains("会员卡图片须通过图片上传接口获得") {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	e.templates(0)
}
