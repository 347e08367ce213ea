// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package validity

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ResourceAttributes are the names within the attribute of a resource. alsoNeeded completes
// the description of FIX_TERM.
func ResourceAttributes(alsoNeeded string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		fieldType: schema.StringAttribute{
			Required: true,
			MarkdownDescription: "`FIX_TIME_RANGE` (needs `available_begin_time` and `available_end_time`), " +
				"`FIX_TERM` (needs `available_day_after_receive`" + alsoNeeded + ") or `PERMANENT` (needs nothing).",
			Validators: []validator.String{stringvalidator.OneOf(
				string(wechatpay.ValidDateFixTimeRange), string(wechatpay.ValidDateFixTerm), string(wechatpay.ValidDatePermanent))},
		},
		fieldBegin: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Start of the validity, RFC 3339 with an offset; only for `FIX_TIME_RANGE`.",
			Validators:          []validator.String{framework.Instant()},
			PlanModifiers:       []planmodifier.String{framework.KeepInstant()},
		},
		fieldEnd: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "End of the validity, RFC 3339 with an offset, after the start and in the future; only for `FIX_TIME_RANGE`.",
			Validators:          []validator.String{framework.Instant()},
			PlanModifiers:       []planmodifier.String{framework.KeepInstant()},
		},
		fieldDays: schema.NumberAttribute{
			Optional:            true,
			MarkdownDescription: "Days of validity from the day of receipt on, 1 to 10958 (30 years); only for `FIX_TERM`.",
			Validators:          []validator.Number{framework.WholeNumber(1, MaxDays)},
		},
	}
}

// DataSourceAttributes are the names within the attribute of a data source.
func DataSourceAttributes() map[string]dataschema.Attribute {
	text := func(description string) dataschema.Attribute {
		return dataschema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]dataschema.Attribute{
		fieldType:  text("`FIX_TIME_RANGE`, `FIX_TERM` or `PERMANENT`."),
		fieldBegin: text("Start of the validity, RFC 3339; with `FIX_TIME_RANGE`."),
		fieldEnd:   text("End of the validity, RFC 3339; with `FIX_TIME_RANGE`."),
		fieldDays:  dataschema.NumberAttribute{Computed: true, MarkdownDescription: "Days of validity from the day of receipt on; with `FIX_TERM`."},
	}
}
