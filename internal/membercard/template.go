// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// checkTemplate looks the planned member's template up, once a run, and refuses what the
// template would refuse. When the look-up itself fails, that is one warning: a plan must not
// need more than an apply does.
func (r *importResource) checkTemplate(ctx context.Context, plan *model, diags *diag.Diagnostics) {
	if !r.data.CheckTemplates || r.data.Client == nil || !known(plan.BrandID) || !known(plan.CardID) {
		return
	}
	lookup := r.data.run.template(ctx, r.data.Client, templateKey{text(plan.BrandID), text(plan.CardID)})
	var e *wechatpay.Error
	switch {
	case errors.As(lookup.err, &e) && (e.Kind == wechatpay.KindNotFound || e.Kind == wechatpay.KindTemplateNotOfBrand):
		problem{path.Root("card_id"), "The card template is not of this brand",
			fmt.Sprintf("WeChat Pay knows no card template %s of the brand %s. Check card_id and brand_id, also the provider's.%s",
				text(plan.CardID), text(plan.BrandID), ownWords(e))}.addTo(diags)
	case lookup.err != nil:
		if lookup.firstWarning() {
			p := explain(lookup.err, "looking up the card template", phonePath(plan))
			p.attribute = path.Root("card_id")
			p.summary = "The card template could not be looked up: " + p.summary
			p.detail += "\n\nThe plan goes on without it. Set check_templates = false in the provider to do without the look-up."
			p.warn(diags)
		}
	default:
		for _, p := range templateFindings(lookup.template, plan) {
			p.addTo(diags)
		}
	}
}

// templateFindings is what a template says against a planned member. It is pure.
func templateFindings(template *wechatpay.CardTemplate, plan *model) []problem {
	var found []problem
	add := func(at path.Path, summary, format string, args ...any) {
		found = append(found, problem{at, summary, fmt.Sprintf(format, args...)})
	}
	if template.State == wechatpay.CardTemplateStateInvalid {
		add(path.Root("card_id"), "The card template is invalid",
			"The card template %s has the state %s: no member can be imported into it.", template.CardID, template.State)
	}
	date, configured := validDateOf(plan.ValidDateInformation)
	if want := template.ValidDateInformation; want != nil && want.Type != "" {
		if configured && known(date.Type) && text(date.Type) != string(want.Type) {
			add(path.Root(attrValidDate).AtName("type"), "The validity is of another type than the template's",
				"The card template has a validity of type %s, and a member's card must have the same.", want.Type)
		}
		if want.Type == wechatpay.ValidDateFixTerm && plan.PickupTime.IsNull() && !configured {
			add(path.Root(attrPickupTime), "The template needs the time of receipt",
				"The card template has a validity of type FIX_TERM, which counts its days from pickup_time: set it to the time when the member received the card.")
		}
	}
	info, ok := userInformationOf(plan.UserInformation)
	if !ok {
		return found
	}
	at := path.Root(attrUserInformation)
	var form wechatpay.TemplateUserInformation
	if template.UserInformation != nil {
		form = *template.UserInformation
	}
	for _, name := range sortedKeys(info.CommonFields.Elements()) {
		if !slices.Contains(form.CommonFields, name) {
			add(at.AtName("common_fields").AtMapKey(name), "The template has no such field",
				"The card template does not ask members for %s.%s", name, offers(form.CommonFields))
		}
	}
	for _, name := range sortedKeys(info.CustomFields.Elements()) {
		here := at.AtName("custom_fields").AtMapKey(name)
		i := slices.IndexFunc(form.CustomFields, func(f wechatpay.TemplateCustomField) bool { return f.Name == name })
		if i < 0 {
			var names []string
			for _, f := range form.CustomFields {
				names = append(names, f.Name)
			}
			add(here, "The template has no such field", "The card template has no custom field %q.%s", name, offers(names))
			continue
		}
		field, values := form.CustomFields[i], choices(info.CustomFields)[name]
		if field.Type == "RADIO" && len(values) > 1 {
			add(here, "Only one value may be chosen", "The custom field %q of the card template takes one value.", name)
		}
		for j, value := range values {
			if len(field.Values) > 0 && !slices.Contains(field.Values, value) {
				add(here, "The template has no such choice", "Value %d of the custom field %q is not one that the card template offers.%s", j+1, name, offers(field.Values))
			}
		}
	}
	return found
}

func offers(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(" It has: %s.", join(names))
}
