// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// maxTermDays is a hundred years; the official page names no limit.
const maxTermDays = 36500

// ValidateConfig implements resource.ResourceWithValidateConfig: what the attributes say of
// one another. What is unknown is checked while planning.
func (r *importResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer recovered("validating the configuration", &resp.Diagnostics)
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	validatePhone(&config, &resp.Diagnostics)
	validateValidDate(&config, &resp.Diagnostics)
	validateUserInformation(&config, &resp.Diagnostics)
	validateTimeouts(&config, &resp.Diagnostics)
	if known(config.InvalidateReason) && !config.DeletionPolicy.IsUnknown() && deletionPolicy(&config) != deletionInvalidate {
		resp.Diagnostics.AddAttributeError(path.Root("invalidate_reason"), "A reason without an invalidation",
			"invalidate_reason is sent with deletion_policy = \"invalidate\" alone. Set that policy, or leave the reason out.")
	}
}

// validatePhone checks that exactly one of the two attributes is given. What is unknown may become null.
func validatePhone(config *model, diags *diag.Diagnostics) {
	switch plain, writeOnly := config.PhoneNumber, config.PhoneNumberWO; {
	case plain.IsUnknown() || writeOnly.IsUnknown():
	case plain.IsNull() && writeOnly.IsNull():
		diags.AddAttributeError(path.Root(attrPhoneNumber), "The phone number is missing",
			"Give phone_number, which is kept in the state, or phone_number_wo with phone_number_wo_version, which is not.")
	case !plain.IsNull() && !writeOnly.IsNull():
		diags.AddAttributeError(path.Root(attrPhoneNumber), "The phone number is given twice",
			"Give either phone_number, which is kept in the state, or phone_number_wo, which is not.")
	}
}

// validateValidDate checks that exactly the fields which the type needs are there.
func validateValidDate(config *model, diags *diag.Diagnostics) {
	date, ok := validDateOf(config.ValidDateInformation)
	if !ok {
		return
	}
	at := path.Root(attrValidDate)
	begin, okBegin := parseInstant(text(date.AvailableBeginTime))
	end, okEnd := parseInstant(text(date.AvailableEndTime))
	if okBegin && okEnd && !begin.Before(end) {
		diags.AddAttributeError(at.AtName("available_end_time"), "A validity ends before it begins",
			"available_end_time must be later than available_begin_time.")
	}
	if !known(date.Type) {
		return
	}
	kind := text(date.Type)
	for _, field := range []struct {
		name   string
		value  attr.Value
		needed bool
	}{
		{"available_begin_time", date.AvailableBeginTime, kind == string(wechatpay.ValidDateFixTimeRange)},
		{"available_end_time", date.AvailableEndTime, kind == string(wechatpay.ValidDateFixTimeRange)},
		{"available_day_after_receive", date.AvailableDayAfterReceive, kind == string(wechatpay.ValidDateFixTerm)},
	} {
		switch {
		case field.needed && field.value.IsNull():
			diags.AddAttributeError(at.AtName(field.name), "A validity is incomplete",
				fmt.Sprintf("A validity of type %s needs %s.", kind, field.name))
		case !field.needed && known(field.value): // What is unknown may become null.
			diags.AddAttributeError(at.AtName(field.name), "A validity has a field too many",
				fmt.Sprintf("A validity of type %s has no %s. Leave it out.", kind, field.name))
		}
	}
	if kind == string(wechatpay.ValidDateFixTerm) && config.PickupTime.IsNull() {
		diags.AddAttributeError(path.Root(attrPickupTime), "A validity needs the time of receipt",
			"A validity of type FIX_TERM counts its days from pickup_time: set it to the time when the member received the card.")
	}
}

func validateUserInformation(config *model, diags *diag.Diagnostics) {
	info, ok := userInformationOf(config.UserInformation)
	if ok && info.CommonFields.IsNull() && info.CustomFields.IsNull() {
		diags.AddAttributeError(path.Root(attrUserInformation), "User information is empty",
			"Give common_fields, custom_fields or both, or leave user_information out.")
	}
	// Null would not be sent, and would show as a change for ever.
	at := path.Root(attrUserInformation)
	missing := func(p path.Path, advice string) {
		diags.AddAttributeError(p, "A value is missing", "There is no value here, and WeChat Pay cannot be told to clear one. Give a value, or "+advice+".")
	}
	for name, value := range info.CommonFields.Elements() {
		if value.IsNull() {
			missing(at.AtName("common_fields").AtMapKey(name), "leave the name out")
		}
	}
	for name, value := range info.CustomFields.Elements() {
		here := at.AtName("custom_fields").AtMapKey(name)
		if value.IsNull() {
			missing(here, "leave the name out")
		}
		for i, chosen := range elementsOf(value) {
			if chosen.IsNull() {
				missing(here.AtListIndex(i), "leave it out of the list")
			}
		}
	}
}

// elementsOf are the elements of a list, unknown ones among them, in their places.
func elementsOf(value attr.Value) []attr.Value {
	list, _ := value.(types.List)
	return list.Elements()
}

// validateTimeouts refuses what leaves no time at all. That each is a duration is checked by
// its own validator.
func validateTimeouts(config *model, diags *diag.Diagnostics) {
	for name, value := range config.Timeouts.Attributes() {
		s, ok := value.(types.String)
		if !ok || !known(s) {
			continue
		}
		if d, err := time.ParseDuration(text(s)); err == nil && d <= 0 {
			diags.AddAttributeError(path.Root("timeouts").AtName(name), "A timeout leaves no time",
				"A timeout must be longer than nothing, for instance \"10m\". Leave it out for the default of 20 minutes.")
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
	if touched(attrPickupTime) || touched(attrValidDate) {
		r.validateNotExpired(plan, diags)
	}
	if touched(attrUserInformation) {
		r.validateBlockSize(plan, diags)
	}
}

func (r *importResource) validatePickupTime(plan *model, diags *diag.Diagnostics) {
	if pickup, ok := parseInstant(text(plan.PickupTime)); ok && !pickup.Before(r.data.Now()) {
		diags.AddAttributeError(path.Root(attrPickupTime), "The time of receipt is not in the past",
			"pickup_time must lie before now: WeChat Pay imports cards that members have already received.")
	}
}

func (r *importResource) validateNotExpired(plan *model, diags *diag.Diagnostics) {
	now := r.data.Now()
	date, ok := validDateOf(plan.ValidDateInformation)
	if !ok {
		return
	}
	at := path.Root(attrValidDate)
	if end, okEnd := parseInstant(text(date.AvailableEndTime)); okEnd && !end.After(now) {
		diags.AddAttributeError(at.AtName("available_end_time"), "The card would already have expired",
			"available_end_time lies in the past, and WeChat Pay imports no expired card.")
	}
	pickup, okPickup := parseInstant(text(plan.PickupTime))
	if okPickup && text(date.Type) == string(wechatpay.ValidDateFixTerm) && known(date.AvailableDayAfterReceive) &&
		!endOfTerm(pickup, daysOf(date.AvailableDayAfterReceive)).After(now) {
		diags.AddAttributeError(at.AtName("available_day_after_receive"), "The card would already have expired",
			"pickup_time and available_day_after_receive together end in the past, and WeChat Pay imports no expired card.")
	}
}

// endOfTerm is when a validity of type FIX_TERM ends; days are maxTermDays at most.
func endOfTerm(pickup time.Time, days int64) time.Time {
	return pickup.Add(time.Duration(days) * 24 * time.Hour)
}

// validateBlockSize checks that every value fits one encrypted block.
func (r *importResource) validateBlockSize(plan *model, diags *diag.Diagnostics) {
	most := r.data.MaxPlaintextBytes
	if most == 0 {
		return
	}
	info, ok := userInformationOf(plan.UserInformation)
	if !ok {
		return
	}
	at := path.Root(attrUserInformation)
	tooLong := func(p path.Path, n int) {
		diags.AddAttributeError(p, "A value is too long to be encrypted",
			fmt.Sprintf("The value has %d bytes of UTF-8, and one encrypted value carries at most %d with the configured WeChat Pay key. A Chinese character takes three.", n, most))
	}
	for name, value := range texts(info.CommonFields) {
		if len(value) > most {
			tooLong(at.AtName("common_fields").AtMapKey(name), len(value))
		}
	}
	for name, values := range info.CustomFields.Elements() {
		for i, value := range elementsOf(values) {
			if s, ok := value.(types.String); ok && len(text(s)) > most {
				tooLong(at.AtName("custom_fields").AtMapKey(name).AtListIndex(i), len(text(s)))
			}
		}
	}
}

// distinctValues refuses a list that has a value twice, without repeating the value.
type distinctValues struct{}

var _ validator.List = distinctValues{}

func (distinctValues) Description(context.Context) string {
	return "each value once"
}

func (v distinctValues) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (distinctValues) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	seen := map[string]int{}
	for i, e := range req.ConfigValue.Elements() {
		s, ok := e.(types.String)
		if !ok || !known(s) || !utf8.ValidString(s.ValueString()) {
			continue
		}
		if first, twice := seen[s.ValueString()]; twice {
			resp.Diagnostics.AddAttributeError(req.Path.AtListIndex(i), "A value is chosen twice",
				fmt.Sprintf("Values %d and %d of the list are the same. Give each value once.", first+1, i+1))
			continue
		}
		seen[s.ValueString()] = i
	}
}
