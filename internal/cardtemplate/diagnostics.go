// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file words what people read about templates.

// explain says what an error of a call about a template means and what to do. doing completes
// "… failed" ("reading the card template").
func explain(err error, doing string) framework.Diagnostic { return callContext(doing).Explain(err) }

// explainWrite is explain for a call that changes a template.
func explainWrite(err error, doing string) framework.Diagnostic {
	c := callContext(doing)
	c.IfUnknown = "The next plan reads the template and shows what is left to do."
	return c.Explain(err)
}

func callContext(doing string) framework.CallContext {
	attributes := validity.Fields()
	for _, name := range []string{"brand_id", "card_id"} {
		attributes[name] = path.Root(name)
	}
	for _, f := range fields() {
		if _, ok := attributes[f.name]; !ok {
			attributes[f.name] = path.Root(f.name)
		}
	}
	return framework.CallContext{
		Doing:      doing,
		Attributes: attributes,
		Kinds: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindNotFound: {Summary: "WeChat Pay knows no such card template",
				Detail: "the brand has no such template. Check card_id and brand_id, also the provider's."},
			wechatpay.KindTemplateNotOfBrand: {Summary: "The card template is not of this brand",
				Detail: "the brand has no such template. Check card_id and brand_id, also the provider's."},
		},
	}
}

// isOfAnotherBrand reports whether WeChat Pay says that the brand has no such template.
func isOfAnotherBrand(err error) bool {
	e, ok := errors.AsType[*wechatpay.Error](err)
	return ok && e.Kind == wechatpay.KindTemplateNotOfBrand
}

// resourceID is the resource's id, and the id of an import: brand_id/card_id.
func resourceID(brandID, cardID string) string { return brandID + "/" + cardID }

// nameOf names a template to people, which may have no id yet.
func nameOf(t *template) string {
	if id := framework.Text(t.ID); id != "" {
		return id
	}
	if title := framework.Text(t.CardTitle); title != "" {
		return fmt.Sprintf("%q", title)
	}
	return "without a known title"
}

func deletionPolicy(m *model) string {
	if framework.Known(m.DeletionPolicy) {
		return framework.Text(m.DeletionPolicy)
	}
	return deletionPrevent
}

// isProtected reports whether a template may be neither destroyed nor replaced. One that is invalid
// already needs no protection.
func isProtected(state *model) bool {
	return deletionPolicy(state) == deletionPrevent && framework.Text(state.State) != string(wechatpay.CardTemplateStateInvalid)
}

// prevented is the error of a template that may not be destroyed.
func prevented(state *model) framework.Diagnostic {
	return framework.Detailf(path.Root("deletion_policy"), "The card template is protected from being destroyed",
		"The template %s has deletion_policy = \"prevent\" in the state (the default). Destroying it would leave its members without a resource that manages their template. "+
			"To destroy it, set deletion_policy to \"abandon\" or \"invalidate\" and apply that first: the policy in the state counts. If the resource was only renamed or moved, write a moved block instead.", nameOf(&state.template))
}

// replacementPrevented is the error of a change that needs another template.
func replacementPrevented(state *model, names []string) framework.Diagnostic {
	return framework.Detailf(path.Root(names[0]), "This change needs another card template",
		"WeChat Pay cannot change %s of a template. Another template would get another card_id: every member of %s would have to be imported again under it, and the old cards would stay as they are. "+
			"Undo the change. If you want a new template, add a second resource (with an out_request_no of its own, where the title is the same), move the members, and then remove this one.", strings.Join(names, ", "), nameOf(&state.template))
}

// warnInvalid warns of a template that was invalidated.
func warnInvalid(t *wechatpay.CardTemplate, diags *diag.Diagnostics) {
	if t.State != wechatpay.CardTemplateStateInvalid {
		return
	}
	framework.Detailf(path.Root("state"), "The card template is invalid",
		"The template %s was invalidated, which cannot be undone: nobody can get a card of it. It stays in the state, and no new one is made without being asked for. "+
			"Remove the resource (its deletion_policy does not matter), or replace it for a new template: terraform apply -replace=ADDRESS.", resourceID(t.BrandID, t.CardID)).AddWarning(diags)
}

// warnUnread warns of the parts of an answer that could not be read.
func warnUnread(t *wechatpay.CardTemplate, diags *diag.Diagnostics) {
	if len(t.Unread) == 0 {
		return
	}
	diags.AddWarning("A part of WeChat Pay's answer could not be read",
		fmt.Sprintf("The answer about the card template %s could not be read in: %s. These attributes keep the state's value. WeChat Pay may have changed the field: please report it.",
			resourceID(t.BrandID, t.CardID), strings.Join(t.Unread, ", ")))
}

// goneElsewhere is the warning of a template that WeChat Pay does not know any more.
func goneElsewhere(state *model, err error) framework.Diagnostic {
	return framework.Detailf(path.Empty(), "The card template does not exist any more",
		"WeChat Pay has no card template %s, so it leaves the state, and the next apply makes a new one. Should it exist after all: %s", nameOf(&state.template), framework.ImportCommand(nameOf(&state.template))).WithAPIDetails(err)
}

// outcomeUnknown is the warning of a create that nobody knows the outcome of.
func outcomeUnknown(plan *model, err error) framework.Diagnostic {
	d := explain(err, "creating the card template")
	d.Attribute = path.Empty()
	d.Summary = "It is not known whether the card template was created: " + d.Summary
	d.Detail = fmt.Sprintf("WeChat Pay may have created the template with out_request_no = %q, and its templates could not be looked through for it. "+
		"The resource is in the state without card_id. The next plan looks for it again: if it is there, it is filled in; if not, it is created. No second template is made. "+
		"Members that refer to its card_id fail meanwhile with \"Missing Configuration for Required Attribute\"; apply again.\n\n", framework.Text(plan.OutRequestNo)) + d.Detail
	return d
}

// numberUnknown is the error of a create that might make a second template.
func numberUnknown(existing *wechatpay.CardTemplate) framework.Diagnostic {
	id := resourceID(existing.BrandID, existing.CardID)
	return framework.Detailf(path.Empty(), "A card template with these settings exists already",
		"The brand's template %s has all configured settings, and WeChat Pay does not tell its out_request_no: an earlier run that was interrupted may have created it. No second one was made. "+
			"To manage it, import it (after terraform state rm ADDRESS, where the resource is in the state): %s\n\nTo make another one, give it another card_title or other benefits.", id, framework.ImportCommand(id))
}

// numberTaken is the error of an out_request_no that another template has. why says it where the
// template has all settings as configured.
func numberTaken(number string, existing *wechatpay.CardTemplate, changed []string, why string) framework.Diagnostic {
	id := resourceID(existing.BrandID, existing.CardID)
	if existing.State == wechatpay.CardTemplateStateInvalid {
		return framework.Detailf(path.Root("out_request_no"), "An invalid card template has this out_request_no",
			"The invalid template %s has out_request_no = %q. Give another out_request_no, or leave it out.", id, number)
	}
	if len(changed) > 0 {
		why = "it has other settings than configured: " + strings.Join(changed, ", ")
	}
	return framework.Detailf(path.Root("out_request_no"), "Another card template has this out_request_no",
		"The brand's template %s has out_request_no = %q, and %s. It may be yours: an earlier run may have made it and was interrupted, or it was given up in a replacement. "+
			"To manage it, import it: %s\n\nTo make another template, set an out_request_no of its own.", id, number, why, framework.ImportCommand(id))
}

// adopted is the warning of a template that was there before.
func adopted(existing *wechatpay.CardTemplate) framework.Diagnostic {
	return framework.Detailf(path.Root("out_request_no"), "The card template existed already",
		"The brand's template %s has this out_request_no and all configured settings, so it was adopted and no second one was made. An earlier run that was interrupted leaves such a template. "+
			"If it belongs to another resource, set an out_request_no of its own here.", resourceID(existing.BrandID, existing.CardID))
}
