// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// template is a card template as WeChat Pay holds it, in Terraform's shapes: what the resource
// and the data sources have in common. Names are the API's.
type template struct {
	ID                   types.String `tfsdk:"id"`
	BrandID              types.String `tfsdk:"brand_id"`
	CardID               types.String `tfsdk:"card_id"`
	OutRequestNo         types.String `tfsdk:"out_request_no"`
	AppID                types.String `tfsdk:"appid"`
	CardType             types.String `tfsdk:"card_type"`
	CardTitle            types.String `tfsdk:"card_title"`
	CardColor            types.String `tfsdk:"card_color"`
	CardPictureURL       types.String `tfsdk:"card_picture_url"`
	CodeMode             types.String `tfsdk:"code_mode"`
	CodeType             types.String `tfsdk:"code_type"`
	CodeJumpInformation  types.Object `tfsdk:"code_jump_information"`
	Benefits             types.String `tfsdk:"benefits"`
	NotifyURL            types.String `tfsdk:"notify_url"`
	NeedPinned           types.Bool   `tfsdk:"need_pinned"`
	NeedDisplayLevel     types.Bool   `tfsdk:"need_display_level"`
	InitLevel            types.String `tfsdk:"init_level"`
	ServicePhone         types.String `tfsdk:"service_phone"`
	LegalAgreement       types.String `tfsdk:"legal_agreement"`
	ValidDateInformation types.Object `tfsdk:"valid_date_information"`
	MemberInformation    types.Object `tfsdk:"member_information"`
	PointsInformation    types.Object `tfsdk:"points_information"`
	BalanceInformation   types.Object `tfsdk:"balance_information"`
	PurchaseInformation  types.Object `tfsdk:"purchase_information"`
	UserInformation      types.Object `tfsdk:"user_information"`
	State                types.String `tfsdk:"state"`
	CreateTime           types.String `tfsdk:"create_time"`
	ModifyTime           types.String `tfsdk:"modify_time"`
}

// model is the resource: a configuration, a plan or a state.
type model struct {
	template
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// identityModel names a template at WeChat Pay.
type identityModel struct {
	BrandID types.String `tfsdk:"brand_id"`
	CardID  types.String `tfsdk:"card_id"`
}

func jumpTypes() map[string]attr.Type {
	return map[string]attr.Type{"jump_appid": types.StringType, "jump_path": types.StringType}
}

func purchaseTypes() map[string]attr.Type {
	return map[string]attr.Type{"price": types.NumberType, "jump_appid": types.StringType, "jump_path": types.StringType}
}

func customFieldTypes() map[string]attr.Type {
	return map[string]attr.Type{"type": types.StringType, "name": types.StringType, "values": types.ListType{ElemType: types.StringType}}
}

func formTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"common_field_list": types.SetType{ElemType: types.StringType},
		"custom_field_list": types.ListType{ElemType: types.ObjectType{AttrTypes: customFieldTypes()}},
	}
}
