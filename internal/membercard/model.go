// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// model is the resource as Terraform holds it: a configuration, a plan or a state.
type model struct {
	ID                   types.String   `tfsdk:"id"`
	BrandID              types.String   `tfsdk:"brand_id"`
	CardID               types.String   `tfsdk:"card_id"`
	UserCardCode         types.String   `tfsdk:"user_card_code"`
	PhoneNumber          types.String   `tfsdk:"phone_number"`
	PhoneNumberWO        types.String   `tfsdk:"phone_number_wo"`
	PhoneNumberWOVersion types.Number   `tfsdk:"phone_number_wo_version"`
	PhoneNumberMasked    types.String   `tfsdk:"phone_number_masked"`
	OpenID               types.String   `tfsdk:"openid"`
	CardColor            types.String   `tfsdk:"card_color"`
	CardPictureURL       types.String   `tfsdk:"card_picture_url"`
	Level                types.String   `tfsdk:"level"`
	Attach               types.String   `tfsdk:"attach"`
	PickupTime           types.String   `tfsdk:"pickup_time"`
	ValidDateInformation types.Object   `tfsdk:"valid_date_information"`
	UserInformation      types.Object   `tfsdk:"user_information"`
	OnExisting           types.String   `tfsdk:"on_existing"`
	DeletionPolicy       types.String   `tfsdk:"deletion_policy"`
	InvalidateReason     types.String   `tfsdk:"invalidate_reason"`
	Adopted              types.Bool     `tfsdk:"adopted"`
	CardType             types.String   `tfsdk:"card_type"`
	UserCardState        types.String   `tfsdk:"user_card_state"`
	InvalidReason        types.String   `tfsdk:"invalid_reason"`
	InvalidTime          types.String   `tfsdk:"invalid_time"`
	CreateTime           types.String   `tfsdk:"create_time"`
	ModifyTime           types.String   `tfsdk:"modify_time"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
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
