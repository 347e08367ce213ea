// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package injection

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Retries is max_retries, by which Tries of the tables is counted.
const Retries = 1

// mayHaveWorked is what an error says of a call that may have been carried out.
const mayHaveWorked = "may have been carried out"

// Result is what comes of a fault, with the number of requests of its call.
type Result struct {
	failures.Outcome
	Tries int
}

// ResultOf is what diagnostics and requests tell of a result: all but what is stored and held.
func ResultOf(call failures.Call, requests map[mockserver.Operation]int, diags tfdriver.Diagnostics) Result {
	got := Result{}
	got.Unknown = diags.Contains(mayHaveWorked)
	for _, d := range diags {
		got.At = d.Path
		if d.Severity == tfdriver.SeverityError {
			got.Error = d.Summary
		} else {
			got.Warning = d.Summary
		}
	}
	for operation, n := range requests {
		switch operation {
		case Operation(call):
			got.Tries = n
		case mockserver.OperationGet:
			got.Reads = n
		case mockserver.OperationTemplate:
			got.Lookups = n
		case mockserver.OperationList:
			got.Lists = n
		}
	}
	return got
}

// CheckComplete checks that each table has each fault exactly once, and that each can be made.
func CheckComplete(t *testing.T, tables []failures.Table) {
	t.Helper()
	for _, table := range tables {
		seen := map[failures.Fault]int{}
		for _, row := range table.Rows {
			for _, f := range row.Faults {
				seen[f]++
			}
			if (row.Tries == 1 && row.Once != failures.Outcome{}) {
				t.Errorf("%s, %s: there is no second try", table.Call, row.Faults[0])
			}
		}
		for _, f := range All() {
			if IsOf(table.Call, f.Name) && seen[f.Name] != 1 {
				t.Errorf("%s: %q is in %d rows, want 1", table.Call, f.Name, seen[f.Name])
			}
			delete(seen, f.Name)
		}
		for f := range seen {
			t.Errorf("%s: no fault is called %q", table.Call, f)
		}
	}
}

// ForEach runs a test for each fault of each table, lasting and, where there is another try, once.
func ForEach(t *testing.T, tables []failures.Table, test func(t *testing.T, call failures.Call, fault Fault, lasts bool, want Result)) {
	t.Helper()
	for _, table := range tables {
		for _, row := range table.Rows {
			for _, name := range row.Faults {
				t.Run(string(table.Call)+", "+string(name)+", lasting", func(t *testing.T) {
					t.Parallel()
					test(t, table.Call, Named(t, name), true, Result{row.Lasts, row.Tries})
				})
				if row.Tries == 1 {
					continue
				}
				t.Run(string(table.Call)+", "+string(name)+", once", func(t *testing.T) {
					t.Parallel()
					test(t, table.Call, Named(t, name), false, Result{row.Once, row.Tries})
				})
			}
		}
	}
}
