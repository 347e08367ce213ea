// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// causes remembers what was reported in full, so that one cause is one error.
type causes struct {
	mu sync.Mutex
	// first is the object that each cause was reported for.
	first map[string]string
}

// report notes a cause for an object. It returns the object for which the cause was reported
// first; isFirst is true when that is this one.
func (c *causes) report(cause, object string) (first string, isFirst bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first, ok := c.first[cause]; ok {
		return first, false
	}
	if c.first == nil {
		c.first = map[string]string{}
	}
	c.first[cause] = object
	return object, true
}

// ReportError adds d, which explains err, as an error of an object. What concerns the whole run,
// such as a credential or a permission, is said in full once: Terraform demands an error of
// every object, so the others get one line that names the first.
func (d *Data) ReportError(err error, diagnostic framework.Diagnostic, object string, diags *diag.Diagnostics) {
	d.ReportCause(framework.RunCause(err), err, diagnostic, object, diags)
}

// ReportCause is ReportError for a cause that the caller names, such as one card template. An empty
// cause is that of one object only.
func (d *Data) ReportCause(cause string, err error, diagnostic framework.Diagnostic, object string, diags *diag.Diagnostics) {
	if d == nil || cause == "" {
		diagnostic.AddError(diags)
		return
	}
	first, isFirst := d.causes.report(cause, object)
	if isFirst {
		diagnostic.AddError(diags)
		return
	}
	diags.AddError("Same cause as before: "+diagnostic.Summary,
		fmt.Sprintf("%s: see the error of %s.%s", object, first, framework.UnknownOutcomeNote(err)))
}

// ReportWhilePlanning is ReportError for a plan and its refresh. One error ends them, so the other
// objects say nothing.
func (d *Data) ReportWhilePlanning(err error, diagnostic framework.Diagnostic, object string, diags *diag.Diagnostics) {
	if cause := framework.RunCause(err); d == nil || cause == "" || d.FirstReport(cause, object) {
		diagnostic.AddError(diags)
	}
}

// FirstReport is true the first time that it is called for a cause.
func (d *Data) FirstReport(cause, object string) bool {
	_, isFirst := d.causes.report(cause, object)
	return isFirst
}
