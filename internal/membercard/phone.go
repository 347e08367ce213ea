// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file is about the phone number: it may be in the state or write-only, WeChat Pay returns it
// only sometimes, and people see it masked.

// phoneNumber is the rule for a phone number.
func phoneNumber() validator.String {
	return framework.TextRule(
		"eleven digits (mainland China), or + country code and digits. provider::wechatpay::normalize_phone converts what people type",
		func(value string) string {
			if value != "" && strings.TrimSpace(value) == "" {
				return "The phone number has only spaces."
			}
			if err := phonenumber.Validate(value); err != nil {
				return framework.Capitalize(err.Error()) + "."
			}
			return ""
		})
}

// configuredPhone is the configuration's phone number, by either attribute.
func configuredPhone(config *model) wechatpay.Personal {
	if framework.Known(config.PhoneNumberWO) {
		return wechatpay.Personal(framework.Text(config.PhoneNumberWO))
	}
	return wechatpay.Personal(framework.Text(config.PhoneNumber))
}

// canonicalPhone is the phone number as an attribute would have it, so that a spelling
// which WeChat Pay prefers (with a country code, say) does not show as a change.
func canonicalPhone(text string) string {
	if normalized, err := phonenumber.Normalize(text); err == nil {
		return normalized
	}
	return text
}

// maskedPhone is what a reviewer may see of a phone number; null where there is none.
func maskedPhone(phone wechatpay.Personal) types.String {
	if phone == "" {
		return types.StringNull()
	}
	return types.StringValue(phonenumber.Mask(canonicalPhone(phone.Reveal())))
}

// phonePath is the attribute that the phone number is configured by.
func phonePath(m *model) path.Path {
	if m != nil && !m.PhoneNumberWOVersion.IsNull() {
		return path.Root("phone_number_wo")
	}
	return path.Root(attrPhoneNumber)
}

// phoneDiffers reports whether a card certainly has another phone number than the configured
// one: an answer carries it only sometimes.
func phoneDiffers(configured wechatpay.Personal, card *wechatpay.UserCard) bool {
	return configured != "" && card.PhoneNumber != "" && canonicalPhone(configured.Reveal()) != canonicalPhone(card.PhoneNumber.Reveal())
}

// phoneChanged reports whether the phone number is to be sent: another one, or, for a
// write-only one, another version. A state without a version (an import)
// stores the configured number without sending it.
func phoneChanged(state, plan *model) bool {
	// ignore_changes may keep either attribute in the plan although the other is configured.
	if !plan.PhoneNumber.IsNull() && !plan.PhoneNumber.Equal(state.PhoneNumber) {
		return true
	}
	return !plan.PhoneNumberWOVersion.IsNull() && !state.PhoneNumberWOVersion.IsNull() && !state.PhoneNumberWOVersion.Equal(plan.PhoneNumberWOVersion)
}

// validatePhone checks that the member can be imported by something, and the phone number is
// given once. What is unknown may become null.
func validatePhone(config *model, diags *diag.Diagnostics) {
	switch plain, writeOnly := config.PhoneNumber, config.PhoneNumberWO; {
	case plain.IsUnknown() || writeOnly.IsUnknown():
	case !plain.IsNull() && !writeOnly.IsNull():
		diags.AddAttributeError(path.Root(attrPhoneNumber), "The phone number is given twice",
			"Give either phone_number, which is kept in the state, or phone_number_wo, which is not.")
	case config.OpenID.IsUnknown():
	case plain.IsNull() && writeOnly.IsNull() && config.OpenID.IsNull():
		framework.At(path.Empty(), "The member has neither openid nor phone number",
			"WeChat Pay imports a member by openid or by phone number. Give openid, or phone_number (which is kept in the state), "+
				"or phone_number_wo with phone_number_wo_version (which is not).").AddError(diags)
	}
}

func (p *planning) plannedMask() types.String {
	writeOnly := !p.config.PhoneNumberWO.IsNull()
	configured := writeOnly || !p.config.PhoneNumber.IsNull()
	if !configured {
		return types.StringNull()
	}
	if p.state != nil && !p.state.PhoneNumberMasked.IsNull() && writeOnly && !phoneChanged(p.state, p.plan) {
		return p.state.PhoneNumberMasked
	}
	if p.config.PhoneNumber.IsUnknown() || p.config.PhoneNumberWO.IsUnknown() {
		return types.StringUnknown()
	}
	return maskedPhone(configuredPhone(p.config))
}

// warnPhoneNotSent warns when a write-only phone number is stored without being sent
// although the state shows that the card has another one.
func (p *planning) warnPhoneNotSent() {
	phone := configuredPhone(p.config)
	if p.state.PhoneNumberWOVersion.IsNull() && framework.Known(p.config.PhoneNumberWO) && framework.Known(p.state.PhoneNumber) &&
		canonicalPhone(phone.Reveal()) != canonicalPhone(framework.Text(p.state.PhoneNumber)) {
		p.diags.AddAttributeWarning(path.Root("phone_number_wo"), "The card has another phone number",
			fmt.Sprintf("The card %s has the phone number %s, not the configured one. A state without phone_number_wo_version stores the configured number without sending it: "+
				"change the version once more after this apply to send it.", framework.Text(p.plan.ID), framework.Text(p.state.PhoneNumberMasked)))
	}
}

// otherMask reports whether the card's phone number does not even look like the one that
// the state shows of a write-only one.
func otherMask(state *model, card *wechatpay.UserCard) bool {
	got := maskedPhone(card.PhoneNumber)
	return !got.IsNull() && framework.Known(state.PhoneNumberMasked) && !got.Equal(state.PhoneNumberMasked)
}

// phoneMayBeRefused is the warning of a phone number that is imported again.
func phoneMayBeRefused(at path.Path, what string) framework.Diagnostic {
	return framework.At(at, "WeChat Pay may refuse the phone number", what+" WeChat Pay may refuse a phone number it has seen before, even after the old card ended. "+
		"Then the old card is no longer in the state and no new one exists. Keep the old code or use another number.")
}

// showsPhone reports whether a code tells everybody who reads it a phone number: the member's
// own, or one that looks like somebody's.
func showsPhone(code string, phone wechatpay.Personal) bool {
	return phonenumber.LooksLike(code) || phonenumber.Contains(code, phone.Reveal())
}
