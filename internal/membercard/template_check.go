// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cardtemplate/lookup"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// checkTemplate looks the planned member's template up, once a run, and refuses what the
// template would refuse. When the look-up itself fails, that is one warning: a plan must not
// need more than an apply does.
func (r *importResource) checkTemplate(ctx context.Context, plan *model, diags *diag.Diagnostics) {
	if !r.data.CheckTemplates || r.data.Client == nil || !framework.Known(plan.BrandID) || !framework.Known(plan.CardID) {
		return
	}
	result := r.templates.Get(ctx, r.data.Client, templateKey(plan))
	if unusable := unusableTemplate(result, plan, r.data.Now()); unusable != nil {
		if r.data.FirstReport(unusable.cause, framework.Text(plan.ID)) {
			unusable.AddError(diags)
		}
		return
	}
	if result.Err != nil {
		r.reportLookup(result, plan, diags)
		return
	}
	found := templateFindings(result.Template, plan)
	if importing(plan) {
		found = append(found, expiredFindings(result.Template.ValidDateInformation, plan, r.data.Now())...)
	}
	for _, d := range found {
		d.AddError(diags)
	}
}

// isTemplateUsable adds an error where it is known that no member can be imported under the
// template of the planned one. Nothing is sent for that.
func (r *importResource) isTemplateUsable(plan *model, diags *diag.Diagnostics) bool {
	result := r.templates.Known(templateKey(plan))
	if result == nil {
		return true
	}
	unusable := unusableTemplate(result, plan, r.data.Now())
	if unusable != nil {
		r.data.ReportCause(unusable.cause, nil, unusable.Diagnostic, framework.Text(plan.ID), diags)
	}
	return unusable == nil
}

// reportImportError reports an import that failed. An answer about the template concerns every
// member under it: the others are not sent.
func (r *importResource) reportImportError(err error, plan *model, diags *diag.Diagnostics) {
	cause := framework.RunCause(err)
	if saysNoTemplate(err) {
		key := templateKey(plan)
		cause = noTemplateCause(key)
		// A template that this run has read or made exists: "not found" may be about something else.
		if known := r.templates.Known(key); known == nil || known.Template == nil {
			r.templates.SetError(key, err)
		}
	}
	r.data.ReportCause(cause, err, explainImport(err, plan), framework.Text(plan.ID), diags)
}

func templateKey(plan *model) lookup.Key {
	return lookup.Key{BrandID: framework.Text(plan.BrandID), CardID: framework.Text(plan.CardID)}
}

// importing reports whether the planned member is about to be imported: whether a card is adopted
// is open only until then.
func importing(plan *model) bool { return plan.Adopted.IsUnknown() }

// saysNoTemplate reports whether err, of a look-up or an import, says that there is no such template.
func saysNoTemplate(err error) bool {
	e, ok := errors.AsType[*wechatpay.Error](err)
	return ok && (e.Kind == wechatpay.KindNotFound || e.Kind == wechatpay.KindTemplateNotOfBrand)
}

// noTemplateCause names a missing template as the cause of errors.
func noTemplateCause(key lookup.Key) string {
	return "no card template " + key.BrandID + "/" + key.CardID
}

// unusable says why no member can be imported under a template. cause names it, so that it is
// said in full once.
type unusable struct {
	framework.Diagnostic

	cause string
}

// unusableTemplate is what a look-up says against every member under a template; nil where there is
// nothing. It is pure.
func unusableTemplate(result *lookup.Result, plan *model, now time.Time) *unusable {
	key := templateKey(plan)
	if saysNoTemplate(result.Err) {
		return &unusable{framework.At(path.Root("card_id"), "The card template is not of this brand",
			fmt.Sprintf("WeChat Pay knows no card template %s of the brand %s. Check card_id and brand_id, also the provider's. Other members with this card_id are not named again.",
				key.CardID, key.BrandID)).WithAPIDetails(result.Err), noTemplateCause(key)}
	}
	if result.Template == nil || !importing(plan) {
		return nil
	}
	if result.Template.State == wechatpay.CardTemplateStateInvalid {
		return &unusable{framework.Detailf(path.Root("card_id"), "The card template is invalid",
			"The card template of card_id, %s, has the state %s: no member can be imported into it. Use another template of the brand.", key.CardID, result.Template.State), "invalid card template " + key.BrandID + "/" + key.CardID}
	}
	date := result.Template.ValidDateInformation
	if date == nil || date.Type != wechatpay.ValidDateFixTimeRange || !plan.ValidDateInformation.IsNull() {
		return nil
	}
	if end, ok := framework.ParseInstant(date.AvailableEndTime); ok && !end.After(now) {
		return &unusable{framework.Detailf(path.Root("card_id"), summaryExpired,
			"The validity of the template card_id ended at %s, and WeChat Pay imports no expired card. "+
				"Set valid_date_information to a range that ends later, or use another template.", date.AvailableEndTime), "ended card template " + key.BrandID + "/" + key.CardID}
	}
	return nil
}

// reportLookup reports a look-up that failed, once: its cause, or where it has none of the whole
// run, its template. Where no member could be imported either, it is an error; where only the
// connection or the permission to read is missing, a warning: a plan must not need more than an
// apply does.
func (r *importResource) reportLookup(result *lookup.Result, plan *model, diags *diag.Diagnostics) {
	d := explainRead(result.Err, "looking up the card template", phonePath(plan))
	d.Attribute = path.Root("card_id")
	d.Summary = "The card template could not be looked up: " + d.Summary
	cause := framework.RunCause(result.Err)
	if e, ok := errors.AsType[*wechatpay.Error](result.Err); ok && (e.Kind == wechatpay.KindSign || e.Kind == wechatpay.KindSignature) {
		d.Attribute = path.Empty()
		d.Detail += "\nNo member can be imported like this."
		r.data.ReportWhilePlanning(result.Err, d, framework.Text(plan.ID), diags)
		return
	}
	// A warning does not stand for an error of the same cause.
	if !result.ReportOnce() || cause != "" && !r.data.FirstReport("looking up a card template: "+cause, framework.Text(plan.ID)) {
		return
	}
	d.Detail += "\nThe plan goes on without it. Set check_templates = false in the provider to do without the look-up."
	d.AddWarning(diags)
}

// templateFindings is what a template says against one member: one that is about to be
// imported, or one that changes. It is pure. Where the template's answer carries no form, or
// no list of one kind of field, nothing is said against such fields: the official page does
// not say that an import may then carry none.
func templateFindings(template *wechatpay.CardTemplate, member *model) []framework.Diagnostic {
	var found []framework.Diagnostic
	if want := template.ValidDateInformation; want != nil && want.Type != "" {
		found = append(found, validityFindings(want.Type, member)...)
	}
	info, ok := userInformationOf(member.UserInformation)
	if form := template.UserInformation; ok && form != nil {
		found = append(found, commonFieldFindings(form.CommonFields, info)...)
		found = append(found, customFieldFindings(form.CustomFields, info)...)
	}
	return found
}

func validityFindings(want wechatpay.ValidDateType, member *model) []framework.Diagnostic {
	date, configured := validity.Of(member.ValidDateInformation)
	switch {
	case configured && framework.Known(date.Type) && framework.Text(date.Type) != string(want):
		return []framework.Diagnostic{framework.Detailf(validity.TypePath(), "The validity is of another type than the template's",
			"The card template has valid_date_information of type %s, and this member's has %s. Use the template's type.", want, framework.Text(date.Type))}
	case importing(member) && want == wechatpay.ValidDateFixTerm && member.PickupTime.IsNull() && !configured:
		return []framework.Diagnostic{framework.At(path.Root(attrPickupTime), "The template needs pickup_time",
			"The card template has a validity of type FIX_TERM, which counts its days from pickup_time: set it to the time when the member received the card.")}
	}
	return nil
}

const summaryExpired = "The card would already have expired"

// expiredFindings is what a template's own validity, counted from pickup_time, says against a
// member that names none, and so gets it.
func expiredFindings(template *wechatpay.ValidDateInformation, member *model, now time.Time) []framework.Diagnostic {
	if template == nil || template.Type != wechatpay.ValidDateFixTerm || !member.ValidDateInformation.IsNull() {
		return nil
	}
	days := template.AvailableDayAfterReceive
	pickup, ok := framework.ParseInstant(framework.Text(member.PickupTime))
	if !ok || days <= 0 || days > validity.MaxDays || validity.EndOfTerm(pickup, days).After(now) {
		return nil
	}
	return []framework.Diagnostic{framework.Detailf(path.Root(attrPickupTime), summaryExpired,
		"The card template's validity of %d days from pickup_time on has ended, and WeChat Pay imports no expired card. "+
			"Set valid_date_information to a longer validity of the same type, or leave the member out.", days)}
}

// The findings about user_information name the attribute in words only: Terraform prints the
// configuration's lines at an error's attribute, and those are what the member entered. Names
// and values of the configuration are not repeated: people mistake one for the other.

const summaryNoField = "The template has no such field"

func commonFieldFindings(asked []string, info userInformation) []framework.Diagnostic {
	if len(asked) == 0 {
		return nil
	}
	var found []framework.Diagnostic
	for _, name := range framework.SortedKeys(info.CommonFields.Elements()) {
		if !slices.Contains(asked, name) {
			found = append(found, framework.Detailf(path.Empty(), summaryNoField,
				"The card template does not ask members for %s, which user_information.common_fields has.%s", name, listOf(asked)))
		}
	}
	return found
}

func customFieldFindings(fields []wechatpay.TemplateCustomField, info userInformation) []framework.Diagnostic {
	if len(fields) == 0 {
		return nil
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	var found []framework.Diagnostic
	for n, name := range framework.SortedKeys(info.CustomFields.Elements()) {
		i := slices.Index(names, name)
		if i < 0 {
			found = append(found, framework.Detailf(path.Empty(), summaryNoField,
				"The card template has no custom field with the name of field %d (in alphabetical order) of user_information.custom_fields.%s", n+1, listOf(names)))
			continue
		}
		found = append(found, choiceFindings(fields[i], framework.Elements(info.CustomFields.Elements()[name]))...)
	}
	return found
}

func choiceFindings(field wechatpay.TemplateCustomField, chosen []attr.Value) []framework.Diagnostic {
	var found []framework.Diagnostic
	if field.Type == "RADIO" && len(chosen) > 1 {
		found = append(found, framework.Detailf(path.Empty(), "Only one value may be chosen",
			"The custom field %q of the card template takes one value, and user_information.custom_fields has %d.", field.Name, len(chosen)))
	}
	for i, value := range chosen {
		s, ok := value.(types.String)
		if ok && framework.Known(s) && len(field.Values) > 0 && !slices.Contains(field.Values, framework.Text(s)) {
			found = append(found, framework.Detailf(path.Empty(), "The template has no such choice",
				"Value %d of user_information.custom_fields[%q] is not one that the card template offers.%s", i+1, field.Name, listOf(field.Values)))
		}
	}
	return found
}

func listOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(" The template has: %s.", join(names))
}
