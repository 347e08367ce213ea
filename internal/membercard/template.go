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
		// Whether a card is adopted is open only until it is imported.
		importing := plan.Adopted.IsUnknown()
		found := templateFindings(lookup.template, plan, importing)
		if importing {
			found = append(found, expiredFindings(lookup.template.ValidDateInformation, plan, r.data.Now())...)
		}
		for _, p := range found {
			p.addTo(diags)
		}
	}
}

// templateFindings is what a template says against a member: one that is about to be
// imported, or one that changes. It is pure. Where the template's answer carries no form, or
// no list of one kind of field, nothing is said against such fields: the official page does
// not say that an import may then carry none.
func templateFindings(template *wechatpay.CardTemplate, member *model, importing bool) []problem {
	var found []problem
	if importing && template.State == wechatpay.CardTemplateStateInvalid {
		found = append(found, problem{path.Root("card_id"), "The card template is invalid",
			fmt.Sprintf("The card template %s has the state %s: no member can be imported into it.", template.CardID, template.State)})
	}
	if want := template.ValidDateInformation; want != nil && want.Type != "" {
		found = append(found, validDateFindings(want.Type, member, importing)...)
	}
	info, ok := userInformationOf(member.UserInformation)
	if form := template.UserInformation; ok && form != nil {
		found = append(found, commonFieldFindings(form.CommonFields, info)...)
		found = append(found, customFieldFindings(form.CustomFields, info)...)
	}
	return found
}

func validDateFindings(want wechatpay.ValidDateType, member *model, importing bool) []problem {
	date, configured := validDateOf(member.ValidDateInformation)
	switch {
	case configured && known(date.Type) && text(date.Type) != string(want):
		return []problem{{path.Root(attrValidDate).AtName("type"), "The validity is of another type than the template's",
			fmt.Sprintf("The card template has a validity of type %s, and a member's card must have the same.", want)}}
	case importing && want == wechatpay.ValidDateFixTerm && member.PickupTime.IsNull() && !configured:
		return []problem{{path.Root(attrPickupTime), "The template needs the time of receipt",
			"The card template has a validity of type FIX_TERM, which counts its days from pickup_time: set it to the time when the member received the card."}}
	}
	return nil
}

// expiredFindings is what a template's own validity says against a member that names none,
// and so gets it.
func expiredFindings(validity *wechatpay.ValidDateInformation, member *model, now time.Time) []problem {
	if validity == nil || !member.ValidDateInformation.IsNull() {
		return nil
	}
	switch validity.Type {
	case wechatpay.ValidDateFixTimeRange:
		if end, ok := parseInstant(validity.AvailableEndTime); ok && !end.After(now) {
			return []problem{{path.Root("card_id"), "The card would already have expired",
				fmt.Sprintf("The card template's validity ended at %s, and WeChat Pay imports no expired card. "+
					"Set valid_date_information to a range that ends later, or use another template.", validity.AvailableEndTime)}}
		}
	case wechatpay.ValidDateFixTerm:
		days := validity.AvailableDayAfterReceive
		pickup, ok := parseInstant(text(member.PickupTime))
		if ok && 0 < days && days <= maxTermDays && !endOfTerm(pickup, days).After(now) {
			return []problem{{path.Root(attrPickupTime), "The card would already have expired",
				fmt.Sprintf("The card template's validity of %d days from pickup_time on has ended, and WeChat Pay imports no expired card. "+
					"Set valid_date_information to a longer validity of the same type, or leave the member out.", days)}}
		}
	}
	return nil
}

func commonFieldFindings(asked []string, info userInformation) []problem {
	if len(asked) == 0 {
		return nil
	}
	var found []problem
	for _, name := range sortedKeys(info.CommonFields.Elements()) {
		if !slices.Contains(asked, name) {
			found = append(found, problem{path.Root(attrUserInformation).AtName("common_fields").AtMapKey(name), "The template has no such field",
				fmt.Sprintf("The card template does not ask members for %s.%s", name, offers(asked))})
		}
	}
	return found
}

func customFieldFindings(fields []wechatpay.TemplateCustomField, info userInformation) []problem {
	if len(fields) == 0 {
		return nil
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	var found []problem
	for _, name := range sortedKeys(info.CustomFields.Elements()) {
		here := path.Root(attrUserInformation).AtName("custom_fields").AtMapKey(name)
		i := slices.Index(names, name)
		if i < 0 {
			found = append(found, problem{here, "The template has no such field",
				fmt.Sprintf("The card template has no custom field %q.%s", name, offers(names))})
			continue
		}
		found = append(found, choiceFindings(fields[i], here, elementsOf(info.CustomFields.Elements()[name]))...)
	}
	return found
}

// choiceFindings does not repeat the value that is not offered: it may be personal.
func choiceFindings(field wechatpay.TemplateCustomField, here path.Path, chosen []attr.Value) []problem {
	var found []problem
	if field.Type == "RADIO" && len(chosen) > 1 {
		found = append(found, problem{here, "Only one value may be chosen",
			fmt.Sprintf("The custom field %q of the card template takes one value.", field.Name)})
	}
	for i, value := range chosen {
		s, ok := value.(types.String)
		if ok && known(s) && len(field.Values) > 0 && !slices.Contains(field.Values, text(s)) {
			found = append(found, problem{here.AtListIndex(i), "The template has no such choice",
				fmt.Sprintf("Value %d of the custom field %q is not one that the card template offers.%s", i+1, field.Name, offers(field.Values))})
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
