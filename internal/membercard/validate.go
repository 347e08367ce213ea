// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ValidateConfig implements resource.ResourceWithValidateConfig: what the attributes say of
// one another. What is unknown is checked while planning.
func (r *importResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer framework.RecoverPanic("validating the configuration", &resp.Diagnostics)
	config := readModel(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	validatePhone(config, &resp.Diagnostics)
	validity.Validate(config.ValidDateInformation, &resp.Diagnostics)
	validatePickupTimeGiven(config, &resp.Diagnostics)
	validateUserInformation(config, &resp.Diagnostics)
	framework.ValidateTimeouts(config.Timeouts, &resp.Diagnostics)
	if framework.Known(config.InvalidateReason) && !config.DeletionPolicy.IsUnknown() && deletionPolicy(config) != deletionInvalidate {
		resp.Diagnostics.AddAttributeWarning(path.Root("invalidate_reason"), "invalidate_reason has no effect",
			"invalidate_reason is sent only with deletion_policy = \"invalidate\", and this member has another policy.")
	}
}

// validatePickupTimeGiven checks that a validity that counts its days from pickup_time has one.
func validatePickupTimeGiven(config *model, diags *diag.Diagnostics) {
	date, ok := validity.Of(config.ValidDateInformation)
	if ok && framework.Text(date.Type) == string(wechatpay.ValidDateFixTerm) && config.PickupTime.IsNull() {
		diags.AddAttributeError(path.Root(attrPickupTime), "A validity needs pickup_time",
			"valid_date_information of type FIX_TERM counts its days from pickup_time: set it to the time when the member received the card.")
	}
}

// validateUserInformation checks the values that the member filled in. Terraform prints the
// configuration's lines at an error's attribute, and those are personal: errors name the
// attribute in words.
func validateUserInformation(config *model, diags *diag.Diagnostics) {
	info, ok := userInformationOf(config.UserInformation)
	if !ok {
		return
	}
	refuse := func(summary, format string, args ...any) {
		diags.AddError(summary, fmt.Sprintf(format, args...))
	}
	if info.CommonFields.IsNull() && info.CustomFields.IsNull() {
		refuse("User information is empty", "user_information is given without values. Give common_fields, custom_fields or both, or leave user_information out.")
	}
	for name, fields := range map[string]types.Map{"common_fields": info.CommonFields, "custom_fields": info.CustomFields} {
		if framework.Known(fields) && len(fields.Elements()) == 0 {
			refuse("User information is empty", "user_information.%s is an empty map. Give a value, or leave it out.", name)
		}
	}
	for i, name := range framework.SortedKeys(info.CommonFields.Elements()) {
		if !slices.Contains(wechatpay.CommonFieldNames(), name) {
			refuse("Unknown name in user_information", "Name %d (in alphabetical order) of user_information.common_fields is not one that WeChat Pay has: %s.", i+1, join(wechatpay.CommonFieldNames()))
			continue
		}
		checkUserValue(info.CommonFields.Elements()[name], fmt.Sprintf("user_information.common_fields[%q]", name), "leave the name out", refuse)
	}
	for i, name := range framework.SortedKeys(info.CustomFields.Elements()) {
		where := fmt.Sprintf("custom field %d (in alphabetical order) of user_information.custom_fields", i+1)
		if mistake := framework.NameMistake(name); name == "" || mistake != "" {
			refuse("Invalid name in user_information", "%s: %s Use the field's name as the card template has it.", framework.Capitalize(where), cmp.Or(mistake, "The name is empty."))
		}
		checkUserList(info.CustomFields.Elements()[name], where, refuse)
	}
}

// checkUserList checks the chosen values of one custom field. where names the field in the middle
// of a sentence.
func checkUserList(value attr.Value, where string, refuse func(summary, format string, args ...any)) {
	list, ok := value.(types.List)
	switch {
	case !ok || list.IsUnknown():
		return
	case list.IsNull():
		checkUserValue(types.StringNull(), framework.Capitalize(where), "leave the name out", refuse)
		return
	case len(list.Elements()) == 0:
		refuse("User information is empty", "%s has an empty list. Give a value, or leave the name out.", framework.Capitalize(where))
	}
	if first, again, twice := framework.FirstRepeated(list); twice {
		refuse("A value is chosen twice", "Values %d and %d of %s are the same. Give each value once.", first+1, again+1, where)
	}
	for i, chosen := range list.Elements() {
		checkUserValue(chosen, fmt.Sprintf("Value %d of %s", i+1, where), "leave it out of the list", refuse)
	}
}

// checkUserValue checks one value. Null would not be sent, and would show as a change in every plan.
func checkUserValue(value attr.Value, where, otherwise string, refuse func(summary, format string, args ...any)) {
	s, ok := value.(types.String)
	switch {
	case !ok || s.IsUnknown():
	case s.IsNull():
		refuse("A value is missing", "%s has no value, and WeChat Pay cannot be told to clear one. Give a value, or %s.", where, otherwise)
	case framework.Text(s) == "":
		refuse("A value is empty", "%s is empty. Give a value, or %s.", where, otherwise)
	default:
		if mistake := framework.CharacterMistake(framework.Text(s)); mistake != "" {
			refuse("Invalid value of user_information", "%s: %s", where, mistake)
		}
	}
}

// validatePlanned checks what depends on the clock and on the key: when a member is about to
// be imported, or when the attributes in question are about to change.
func (r *importResource) validatePlanned(plan *model, changes []string, create bool, diags *diag.Diagnostics) {
	touched := func(name string) bool { return create || slices.Contains(changes, name) }
	if touched(attrPickupTime) {
		r.validatePickupTime(plan, diags)
	}
	if touched(attrPickupTime) || touched(validity.Attribute) {
		r.validateNotExpired(plan, diags)
	}
	if touched(attrUserInformation) {
		r.validateBlockSize(plan, diags)
	}
}

func (r *importResource) validatePickupTime(plan *model, diags *diag.Diagnostics) {
	if pickup, ok := framework.ParseInstant(framework.Text(plan.PickupTime)); ok && !pickup.Before(r.data.Now()) {
		diags.AddAttributeError(path.Root(attrPickupTime), "pickup_time is not in the past",
			"pickup_time must be before now: WeChat Pay imports cards that members have already received.")
	}
}

func (r *importResource) validateNotExpired(plan *model, diags *diag.Diagnostics) {
	now := r.data.Now()
	date, ok := validity.Of(plan.ValidDateInformation)
	if !ok {
		return
	}
	if end, okEnd := framework.ParseInstant(framework.Text(date.End)); okEnd && !end.After(now) {
		diags.AddAttributeError(validity.EndPath(), "The card would already have expired",
			"valid_date_information.available_end_time is in the past, and WeChat Pay imports no expired card.")
	}
	pickup, okPickup := framework.ParseInstant(framework.Text(plan.PickupTime))
	if okPickup && framework.Text(date.Type) == string(wechatpay.ValidDateFixTerm) && framework.Known(date.Days) &&
		!validity.EndOfTerm(pickup, framework.Int(date.Days)).After(now) {
		diags.AddAttributeError(validity.DaysPath(), "The card would already have expired",
			"pickup_time and valid_date_information.available_day_after_receive together end in the past, and WeChat Pay imports no expired card.")
	}
}

// validateBlockSize checks that every value fits one encrypted block.
func (r *importResource) validateBlockSize(plan *model, diags *diag.Diagnostics) {
	most := r.data.MaxPlaintextBytes
	info, ok := userInformationOf(plan.UserInformation)
	if most == 0 || !ok {
		return
	}
	check := func(where, value string) {
		if len(value) > most {
			diags.AddError("A value is too long to be encrypted",
				fmt.Sprintf("%s has %d bytes of UTF-8, and one encrypted value holds at most %d with the configured WeChat Pay key. A Chinese character takes three.", where, len(value), most))
		}
	}
	for name, value := range framework.TextMap(info.CommonFields) {
		check(fmt.Sprintf("user_information.common_fields[%q]", name), value)
	}
	for i, name := range framework.SortedKeys(info.CustomFields.Elements()) {
		for n, value := range framework.Elements(info.CustomFields.Elements()[name]) {
			check(fmt.Sprintf("Value %d of custom field %d (in alphabetical order) of user_information.custom_fields", n+1, i+1), framework.TextOf(value))
		}
	}
}
