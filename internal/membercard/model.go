// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// cardModel is a card as WeChat Pay holds it, in Terraform's shapes: what the resource and the
// data sources have in common.
type cardModel struct {
	ID                   types.String `tfsdk:"id"`
	BrandID              types.String `tfsdk:"brand_id"`
	CardID               types.String `tfsdk:"card_id"`
	UserCardCode         types.String `tfsdk:"user_card_code"`
	OpenID               types.String `tfsdk:"openid"`
	PhoneNumber          types.String `tfsdk:"phone_number"`
	PhoneNumberMasked    types.String `tfsdk:"phone_number_masked"`
	CardColor            types.String `tfsdk:"card_color"`
	CardPictureURL       types.String `tfsdk:"card_picture_url"`
	Level                types.String `tfsdk:"level"`
	Attach               types.String `tfsdk:"attach"`
	PickupTime           types.String `tfsdk:"pickup_time"`
	ValidDateInformation types.Object `tfsdk:"valid_date_information"`
	UserInformation      types.Object `tfsdk:"user_information"`
	CardType             types.String `tfsdk:"card_type"`
	UserCardState        types.String `tfsdk:"user_card_state"`
	InvalidReason        types.String `tfsdk:"invalid_reason"`
	InvalidTime          types.String `tfsdk:"invalid_time"`
	CreateTime           types.String `tfsdk:"create_time"`
	ModifyTime           types.String `tfsdk:"modify_time"`
}

// model is the resource as Terraform holds it: a configuration, a plan or a state.
type model struct {
	cardModel
	PhoneNumberWO        types.String   `tfsdk:"phone_number_wo"`
	PhoneNumberWOVersion types.Number   `tfsdk:"phone_number_wo_version"`
	OnExisting           types.String   `tfsdk:"on_existing"`
	DeletionPolicy       types.String   `tfsdk:"deletion_policy"`
	InvalidateReason     types.String   `tfsdk:"invalidate_reason"`
	Adopted              types.Bool     `tfsdk:"adopted"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
}

// attributes are the model's fields by the names of their attributes.
func (m *model) attributes() map[string]framework.Field {
	return map[string]framework.Field{
		"id":                      framework.FieldOf(&m.ID),
		"brand_id":                framework.FieldOf(&m.BrandID),
		"card_id":                 framework.FieldOf(&m.CardID),
		"user_card_code":          framework.FieldOf(&m.UserCardCode),
		"phone_number":            framework.FieldOf(&m.PhoneNumber),
		"phone_number_wo":         framework.FieldOf(&m.PhoneNumberWO),
		"phone_number_wo_version": framework.FieldOf(&m.PhoneNumberWOVersion),
		"phone_number_masked":     framework.FieldOf(&m.PhoneNumberMasked),
		"openid":                  framework.FieldOf(&m.OpenID),
		"card_color":              framework.FieldOf(&m.CardColor),
		"card_picture_url":        framework.FieldOf(&m.CardPictureURL),
		"level":                   framework.FieldOf(&m.Level),
		"attach":                  framework.FieldOf(&m.Attach),
		"pickup_time":             framework.FieldOf(&m.PickupTime),
		"valid_date_information":  framework.FieldOf(&m.ValidDateInformation),
		"user_information":        framework.FieldOf(&m.UserInformation),
		"on_existing":             framework.FieldOf(&m.OnExisting),
		"deletion_policy":         framework.FieldOf(&m.DeletionPolicy),
		"invalidate_reason":       framework.FieldOf(&m.InvalidateReason),
		"adopted":                 framework.FieldOf(&m.Adopted),
		"card_type":               framework.FieldOf(&m.CardType),
		"user_card_state":         framework.FieldOf(&m.UserCardState),
		"invalid_reason":          framework.FieldOf(&m.InvalidReason),
		"invalid_time":            framework.FieldOf(&m.InvalidTime),
		"create_time":             framework.FieldOf(&m.CreateTime),
		"modify_time":             framework.FieldOf(&m.ModifyTime),
		"timeouts":                framework.FieldOf(&m.Timeouts),
	}
}

// identity are the fields that are the resource's identity.
func (m *model) identity() map[string]framework.Field {
	return map[string]framework.Field{
		"brand_id":       framework.FieldOf(&m.BrandID),
		"card_id":        framework.FieldOf(&m.CardID),
		"user_card_code": framework.FieldOf(&m.UserCardCode),
		"openid":         framework.FieldOf(&m.OpenID),
	}
}

// readModel reads a configuration, a plan or a state. It returns nil after an error.
func readModel(ctx context.Context, raw tftypes.Value, diags *diag.Diagnostics) *model {
	m := emptyModel()
	m.Timeouts = framework.NoTimeouts()
	framework.ReadFields(ctx, raw, m.attributes(), diags)
	if diags.HasError() {
		return nil
	}
	return m
}

// value is m as a state or a plan; raw is any value of the same schema.
func (m *model) value(ctx context.Context, raw tftypes.Value, diags *diag.Diagnostics) tftypes.Value {
	return framework.WriteFields(ctx, raw, m.attributes(), diags)
}

// onExisting is on_existing, or its default.
func onExisting(m *model) string {
	if framework.Known(m.OnExisting) {
		return framework.Text(m.OnExisting)
	}
	return onExistingAdopt
}

// deletionPolicy is deletion_policy, or its default.
func deletionPolicy(m *model) string {
	if framework.Known(m.DeletionPolicy) {
		return framework.Text(m.DeletionPolicy)
	}
	return deletionAbandon
}

// isInvalid reports whether the card of m was invalidated.
func isInvalid(m *model) bool {
	return framework.Text(m.UserCardState) == string(wechatpay.UserCardStateInvalid)
}

// userInformation is the attribute user_information.
type userInformation struct {
	CommonFields types.Map `tfsdk:"common_fields"`
	CustomFields types.Map `tfsdk:"custom_fields"`
}

func customFieldType() attr.Type { return types.ListType{ElemType: types.StringType} }

func userInformationTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"common_fields": types.MapType{ElemType: types.StringType},
		"custom_fields": types.MapType{ElemType: customFieldType()},
	}
}

func (u userInformation) object() types.Object {
	return types.ObjectValueMust(userInformationTypes(), map[string]attr.Value{
		"common_fields": u.CommonFields,
		"custom_fields": u.CustomFields,
	})
}
