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
	key := lookup.Key{BrandID: framework.Text(plan.BrandID), CardID: framework.Text(plan.CardID)}
	result := r.templates.Get(ctx, r.data.Client, key)
	var e *wechatpay.Error
	switch {
	case result.Err != nil && !result.ReportOnce():
	case errors.As(result.Err, &e) && (e.Kind == wechatpay.KindNotFound || e.Kind == wechatpay.KindTemplateNotOfBrand):
		framework.At(path.Root("card_id"), "The card template is not of this brand",
			fmt.Sprintf("WeChat Pay knows no card template %s of the brand %s. Check card_id and brand_id, also the provider's. Other members with this card_id are not named again.%s",
				key.CardID, key.BrandID, framework.APIErrorDetails(e))).AddError(diags)
	case result.Err != nil:
		r.reportLookup(result.Err, plan, diags)
	default:
		// Whether a card is adopted is open only until it is imported.
		importing := plan.Adopted.IsUnknown()
		found := templateFindings(result.Template, plan, importing)
		if importing {
			found = append(found, expiredFindings(result.Template.ValidDateInformation, plan, r.data.Now())...)
		}
		for _, d := range found {
			d.AddError(diags)
		}
	}
}

// reportLookup reports a look-up that failed. Where no member could be imported either, it is an
// error; where only the connection or the permission to read is missing, a warning: a plan must
// not need more than an apply does.
func (r *importResource) reportLookup(err error, plan *model, diags *diag.Diagnostics) {
	d := explainRead(err, "looking up the card template", phonePath(plan))
	d.Attribute = path.Root("card_id")
	d.Summary = "The card template could not be looked up: " + d.Summary
	if e, ok := errors.AsType[*wechatpay.Error](err); ok && (e.Kind == wechatpay.KindSign || e.Kind == wechatpay.KindSignature) {
		d.Attribute = path.Empty()
		d.Detail += "\n\nNo member can be imported like this."
		d.AddError(diags)
		return
	}
	d.Detail += "\n\nThe plan goes on without it. Set check_templates = false in the provider to do without the look-up."
	d.AddWarning(diags)
}

// templateFindings is what a template says against a member: one that is about to be
// imported, or one that changes. It is pure. Where the template's answer carries no form, or
// no list of one kind of field, nothing is said against such fields: the official page does
// not say that an import may then carry none.
func templateFindings(template *wechatpay.CardTemplate, member *model, importing bool) []framework.Diagnostic {
	var found []framework.Diagnostic
	if importing && template.State == wechatpay.CardTemplateStateInvalid {
		found = append(found, framework.Detailf(path.Root("card_id"), "The card template is invalid",
			"The card template %s has the state %s: no member can be imported into it.", template.CardID, template.State))
	}
	if want := template.ValidDateInformation; want != nil && want.Type != "" {
		found = append(found, validityFindings(want.Type, member, importing)...)
	}
	info, ok := userInformationOf(member.UserInformation)
	if form := template.UserInformation; ok && form != nil {
		found = append(found, commonFieldFindings(form.CommonFields, info)...)
		found = append(found, customFieldFindings(form.CustomFields, info)...)
	}
	return found
}

func validityFindings(want wechatpay.ValidDateType, member *model, importing bool) []framework.Diagnostic {
	date, configured := validity.Of(member.ValidDateInformation)
	switch {
	case configured && framework.Known(date.Type) && framework.Text(date.Type) != string(want):
		return []framework.Diagnostic{framework.Detailf(validity.TypePath(), "The validity is of another type than the template's",
			"The card template has valid_date_information of type %s, and this member's has %s. Use the template's type.", want, framework.Text(date.Type))}
	case importing && want == wechatpay.ValidDateFixTerm && member.PickupTime.IsNull() && !configured:
		return []framework.Diagnostic{framework.At(path.Root(attrPickupTime), "The template needs pickup_time",
			"The card template has a validity of type FIX_TERM, which counts its days from pickup_time: set it to the time when the member received the card.")}
	}
	return nil
}

// expiredFindings is what a template's own validity says against a member that names none,
// and so gets it.
func expiredFindings(template *wechatpay.ValidDateInformation, member *model, now time.Time) []framework.Diagnostic {
	if template == nil || !member.ValidDateInformation.IsNull() {
		return nil
	}
	const summary = "The card would already have expired"
	switch template.Type {
	case wechatpay.ValidDateFixTimeRange:
		if end, ok := framework.ParseInstant(template.AvailableEndTime); ok && !end.After(now) {
			return []framework.Diagnostic{framework.Detailf(path.Root("card_id"), summary,
				"The validity of the template card_id ended at %s, and WeChat Pay imports no expired card. "+
					"Set valid_date_information to a range that ends later, or use another template.", template.AvailableEndTime)}
		}
	case wechatpay.ValidDateFixTerm:
		days := template.AvailableDayAfterReceive
		pickup, ok := framework.ParseInstant(framework.Text(member.PickupTime))
		if ok && 0 < days && days <= validity.MaxDays && !validity.EndOfTerm(pickup, days).After(now) {
			return []framework.Diagnostic{framework.Detailf(path.Root(attrPickupTime), summary,
				"The card template's validity of %d days from pickup_time on has ended, and WeChat Pay imports no expired card. "+
					"Set valid_date_information to a longer validity of the same type, or leave the member out.", days)}
		}
	}
	return nil
}

// The findings about user_information name the attribute in words only: Terraform prints the
// configuration's lines at an error's attribute, and those are the member's own words. Names
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
	return fmt.Sprintf(" It has: %s.", join(names))
}
