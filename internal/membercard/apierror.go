// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file says what an error of a call means for a member: the attribute that it is about,
// and what to do.

// callContext is the context of a call about one member. doing completes "… failed"
// ("importing the member"); phone is the attribute of the phone number.
func callContext(doing string, phone path.Path) framework.CallContext {
	card := path.Root("card_id")
	code := path.Root(attrUserCardCode)
	return framework.CallContext{
		Doing:      doing,
		Attributes: apiAttributes(phone),
		// Of this many members of a roster may be told at a time.
		Whole: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindPhoneNoWeChat: framework.At(phone, "The phone number has no WeChat account",
				"Ask the member for the number that is bound to WeChat, or remove the line."),
		},
		IfUnknown: "The next plan reads the card and shows what is left to do.",
		Kinds: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindTemplateNotOfBrand: framework.At(card, "The card template is not of this brand",
				"the brand has no such template. Check card_id and brand_id, also the provider's."),
			wechatpay.KindPhoneImported: framework.At(phone, "The phone number was imported before",
				"the phone number already has a card, perhaps under another code."),
			wechatpay.KindPhoneOrCodeExists: framework.At(code, "The phone number or the card code exists",
				"the phone number or the code already has a card under this template."),
			wechatpay.KindUserHasCard: framework.At(code, "The user has a card already",
				"the user has an effective card of this template, perhaps under another code."),
			wechatpay.KindUserCardWaiting: framework.At(code, "The user has opened a card that waits for confirmation",
				"the user has opened a card of this template that the merchant has not confirmed yet. Confirm it first (https://pay.weixin.qq.com/doc/v3/partner/4015336979)."),
			wechatpay.KindOpenIDInvalid: framework.At(path.Root("openid"), "WeChat Pay does not know the openid",
				"there is no such openid under the AppID of the card template. An openid of another mini program or service account of yours is another one: use the one under the template's AppID, which must be bound to the brand."),
			wechatpay.KindNotFound: {Summary: "WeChat Pay knows no such card",
				Detail: "this user has no card with this template and code. Check brand_id, card_id, user_card_code and openid."},
		},
	}
}

// explain says what an error of a call about one member means and what to do.
func explain(err error, doing string, phone path.Path) framework.Diagnostic {
	return callContext(doing, phone).Explain(err)
}

// explainImport is explain for the call that imports the planned member.
func explainImport(err error, plan *model) framework.Diagnostic {
	kinds := map[wechatpay.Kind]framework.Diagnostic{
		wechatpay.KindNotFound: framework.At(path.Root("card_id"), "WeChat Pay knows no such brand or card template",
			"the brand has no such template. Check card_id and brand_id, also the provider's."),
	}
	if !framework.Known(plan.OpenID) {
		kinds[wechatpay.KindNotOpen] = framework.Diagnostic{Summary: "Importing by phone number is not open",
			Detail: "WeChat Pay answers that this call is not open. Its guides say that importing by phone number is not online yet, and offer importing by openid: set openid, or ask WeChat Pay's operations staff."}
		// What a merchant with the product is answered whose import by phone number is not open is not documented.
		kinds[wechatpay.KindNoAuth] = framework.Diagnostic{Summary: "The merchant has no permission for the product",
			Detail: "WeChat Pay answers that the merchant has no permission. If the plan could read the card template, most likely only importing by phone number is not open: set openid. " +
				"Otherwise ask WeChat Pay's operations staff (the 运营 contact of your merchant number) to open the member card product (商家名片会员), and have the brand authorise the service provider."}
	}
	c := callContext("importing the member", phonePath(plan)).With(kinds)
	c.IfUnknown = "Apply again: if the member then exists, on_existing decides."
	return c.Explain(err)
}

// explainRead is explain for a call that changes nothing.
func explainRead(err error, doing string, phone path.Path) framework.Diagnostic {
	c := callContext(doing, phone)
	c.IfUnknown = ""
	return c.Explain(err)
}

// explainList says what an error of listing a user's cards means. openID is its attribute.
func explainList(err error, openID path.Path) framework.Diagnostic {
	return framework.CallContext{
		Doing: "listing the user's cards",
		Attributes: map[string]path.Path{
			"brand_id": path.Root("brand_id"), "user_card_state": path.Root("user_card_state"), "openid": openID,
		},
		Attribute: openID,
		Kinds: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindNotFound: framework.At(openID, "WeChat Pay knows no such brand or user",
				"the brand has no such user. Check openid, which must be the one under the AppID of the brand's card templates, and brand_id."),
		},
	}.Explain(err)
}

// apiAttributes are the attributes of the fields that WeChat Pay names in errors.
func apiAttributes(phone path.Path) map[string]path.Path {
	attributes := validity.Fields()
	for _, name := range []string{"brand_id", "card_id", attrUserCardCode, "openid"} {
		attributes[name] = path.Root(name)
	}
	for _, f := range fields() {
		// Terraform prints the configuration's lines at an error's attribute: those of
		// user_information are what the member entered.
		if f.name != attrUserInformation && f.name != validity.Attribute {
			attributes[f.name] = path.Root(f.name)
		}
	}
	attributes["invalid_reason"] = path.Root("invalidate_reason")
	attributes[attrPhoneNumber] = phone
	return attributes
}
