// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/numbervalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/rules"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
)

// schemaVersion is the version of the state that this schema writes. Raise it together with
// a state upgrader whenever a state written before could not be read any more.
const schemaVersion = 0

// Values of on_existing and deletion_policy.
const (
	onExistingAdopt  = "adopt"
	onExistingVerify = "verify"
	onExistingError  = "error"

	deletionAbandon    = "abandon"
	deletionInvalidate = "invalidate"
	deletionPrevent    = "prevent"
)

// Schema implements resource.Resource. Names are the API's own.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func (r *importResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	stay := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "Imports one existing member of a brand, by `openid` where it is given, by phone number otherwise, and keeps the card in step with the configuration.\n\n" +
			"WeChat Pay's [guide](https://pay.weixin.qq.com/doc/v3/partner/4015274639) says that importing by openid is online, and that **importing by phone number is documented but not online yet**. " +
			"Both need a permission for the member card product (商家名片会员). " +
			"[Which import is open to you](../guides/which-import.md) tells how to find out in five minutes, and where openids and `card_id` come from.\n\n" +
			"WeChat Pay activates the card silently in the background: it does not appear in the member's wallet by itself " +
			"([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336982)). " +
			"Another `brand_id`, `card_id` or `user_card_code` replaces the member's card. Every other change of the card is sent in place, " +
			"all that changed in one modify call. " +
			"An attribute that is removed from the configuration keeps the value that WeChat Pay holds: the API cannot clear it.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The card's id in Terraform, `brand_id/card_id/user_card_code`. An import id has the openid behind it, after another `/`.",
				PlanModifiers:       stay,
			},
			"brand_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "The brand that the card belongs to, 1 to 32 characters. Default: the provider's `brand_id`. " +
					"Another brand replaces the member's card.",
				Validators: []validator.String{framework.BrandID()},
			},
			"card_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The card template of that brand, 1 to 32 characters: the `card_id` of a `wechatpay_member_card_template`, or one that `data.wechatpay_member_card_templates` lists. Another template replaces the member's card.",
				Validators:          []validator.String{framework.CardID()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"user_card_code": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The member's unique code under that template: 1 to 32 digits, English letters and half-width punctuation. " +
					"Another code replaces the member's card.",
				Validators:    []validator.String{rules.UserCardCode()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"phone_number": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The member's phone number: eleven digits of the mainland (`13800138000`), or `+` and country code for others (`+85291234567`); " +
					"`provider::wechatpay::normalize_phone` makes that of what people type. It is encrypted on its way to WeChat Pay and **kept in the state**, " +
					"so that a change made elsewhere is seen. A change is sent to WeChat Pay in place. " +
					"At most one of `phone_number` and `phone_number_wo` may be given; a member needs a phone number or an `openid`.",
				Validators: []validator.String{phoneNumber()},
			},
			"phone_number_wo": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
				MarkdownDescription: "Like `phone_number`, but never stored in plan or state (write-only, Terraform 1.11 and later). " +
					"Because it is not stored, a change is sent only together with another `phone_number_wo_version`.",
				Validators: []validator.String{
					phoneNumber(),
					stringvalidator.AlsoRequires(path.MatchRoot("phone_number_wo_version")),
				},
			},
			"phone_number_wo_version": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "A whole number that goes with `phone_number_wo`: when it changes, the phone number is sent again. " +
					"A member that was imported into the state has none, and its first apply stores the configured number without sending it.",
				Validators: []validator.Number{framework.AnyWholeNumber(), numbervalidator.AlsoRequires(path.MatchRoot("phone_number_wo"))},
			},
			"phone_number_masked": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The phone number as a reviewer may see it: `138****8000`. Known while planning; null without a phone number.",
				PlanModifiers:       stay,
			},
			"openid": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "The user under the template's AppID, at most 128 characters. **Where it is given when the member is imported, the import is by openid**, and a phone number, if there is one, goes along. " +
					"Otherwise the import is by phone number, and its answer has the openid. " +
					"Setting it on a member that was adopted unverified verifies the card in place; another openid than the known one is refused.",
				Validators:    []validator.String{framework.Identifier(maxOpenID)},
				PlanModifiers: stay,
			},
			"card_color": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Background colour of the card, `#RRGGBB`, hexadecimal in upper or lower case.",
				Validators:          []validator.String{rules.CardColor()},
				PlanModifiers:       []planmodifier.String{framework.KeepColor(), stringplanmodifier.UseStateForUnknown()},
			},
			"card_picture_url": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Background picture of the card: a URL that WeChat Pay's image upload returned, at most 256 characters " +
					"(JPG, JPEG or PNG, 716 by 320 pixels suggested, under 1 MB).",
				Validators:    []validator.String{rules.CardPictureURL()},
				PlanModifiers: stay,
			},
			"level": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The member's level as the card shows it, 1 to 10 characters of your choice, for instance `钻石会员`.",
				Validators:          []validator.String{rules.Level()},
				PlanModifiers:       stay,
			},
			"attach": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Your own data with the card, 1 to 256 characters, invisible to the member; it may have line ends and tabs. " +
					"The import call does not take it: a modify call follows the import when it is given.",
				Validators:    []validator.String{rules.Attach()},
				PlanModifiers: stay,
			},
			"pickup_time": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "When the member received the card, RFC 3339 with an offset (`2015-05-20T13:29:35+08:00`). " +
					"Required when the validity is `FIX_TERM`, whose days count from it; it must be in the past. WeChat Pay takes it only with the import: another one on an existing card is refused. The same instant in another zone is no change.",
				Validators:    []validator.String{framework.Instant()},
				PlanModifiers: []planmodifier.String{framework.KeepInstant(), stringplanmodifier.UseStateForUnknown()},
			},
			"valid_date_information": schema.SingleNestedAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "The card's validity. Its type must be the template's. " +
					"Left out, it is WeChat Pay's to decide, and the state holds what it answers. " +
					"A card that would already have expired is refused.",
				PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes:    validity.ResourceAttributes(", and `pickup_time` beside this object"),
			},
			// Sensitive as a whole, too: OpenTofu's TRACE log looks no deeper when an import finds it.
			"user_information": schema.SingleNestedAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "What the member filled in when opening the card. It is encrypted on its way to WeChat Pay and **kept in the state**. " +
					"Only the names that are configured are managed: what else WeChat Pay holds is neither stored nor touched. " +
					"When any configured value changes, all configured ones are sent.",
				Attributes: map[string]schema.Attribute{
					"common_fields": schema.MapAttribute{
						Optional:    true,
						Sensitive:   true,
						ElementType: types.StringType,
						MarkdownDescription: "Values by `USER_FORM_FLAG_SEX`, `USER_FORM_FLAG_NAME`, `USER_FORM_FLAG_BIRTHDAY`, " +
							"`USER_FORM_FLAG_ADDRESS`, `USER_FORM_FLAG_EMAIL` or `USER_FORM_FLAG_CITY`. Each value at most 214 bytes of UTF-8 (with a WeChat Pay key of 2048 bits).",
					},
					"custom_fields": schema.MapAttribute{
						Optional:    true,
						Sensitive:   true,
						ElementType: types.ListType{ElemType: types.StringType},
						MarkdownDescription: "Lists of chosen values by the name of a field that the template defines. The order of the values does not matter. " +
							"Each value at most 214 bytes of UTF-8 (with a WeChat Pay key of 2048 bits).",
						PlanModifiers: []planmodifier.Map{framework.KeepOrder()},
					},
				},
			},
			"on_existing": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What to do when WeChat Pay says that the phone number or the code exists. " +
					"`adopt` (default) adopts the card: verified by reading it where `openid` is given, unverified with a warning where it is not. " +
					"`verify` adopts it only verified. `error` refuses, and names the import command.",
				Validators: []validator.String{stringvalidator.OneOf(onExistingAdopt, onExistingVerify, onExistingError)},
			},
			"deletion_policy": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What destroying does. `abandon` (default) forgets the card, which lives on at WeChat Pay. " +
					"`invalidate` ends it there, **irreversibly**: tell the customer first and have consent. `prevent` refuses. " +
					"The policy in the state counts: apply a change of it before you remove the member.",
				Validators: []validator.String{stringvalidator.OneOf(deletionAbandon, deletionInvalidate, deletionPrevent)},
			},
			"invalidate_reason": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The reason that is sent when destroying with `deletion_policy = \"invalidate\"`, 1 to 32 characters; with another policy it has no effect. The one in the state counts.",
				Validators:          []validator.String{framework.FreeText(maxInvalidReason)},
			},
			"adopted": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the card was adopted, because WeChat Pay said that it exists or by an import into the state, " +
					"and not made by this resource's own answered call.",
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"card_type":       computed("Kind of the card: `PURCHASE`, `NORMAL` or `BALANCE`."),
			"user_card_state": computed("State of the card: `UNACTIVATED`, `EFFECTIVE`, `EXPIRED` or `INVALID`. Null on a member that was adopted unverified."),
			"invalid_reason":  computed("Why the card was invalidated, where it was."),
			"invalid_time":    computed("When the card was invalidated, where it was: RFC 3339."),
			"create_time":     computed("When WeChat Pay made the card, RFC 3339."),
			"modify_time":     computed("When the card was last changed, RFC 3339."),
			"timeouts":        framework.TimeoutsAttribute(ctx),
		},
	}
}

func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity: what names a card at WeChat Pay,
// and never a phone number.
func (r *importResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	part := func(description string) identityschema.StringAttribute {
		return identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"brand_id":       part("The brand that the card belongs to."),
			"card_id":        part("The card template."),
			"user_card_code": part("The member's code under that template."),
			"openid":         part("The user under the template's AppID; null on a member that was adopted unverified."),
		},
	}
}
