// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// schemaVersion is the version of the state that this schema writes. Raise it together with
// a state upgrader when an older state could not be read any more.
const schemaVersion = 0

// The documented limits; lengths are in characters.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
const (
	maxAppID          = 32
	maxOutRequestNo   = 128
	maxCardTitle      = 10
	maxCardPictureURL = 256
	maxJumpPath       = 128
	maxBenefits       = 32
	maxNotifyURL      = 256
	maxInitLevel      = 10
	maxServicePhone   = 32
	maxLegalAgreement = 20480
	maxCustomFields   = 1
	maxFieldName      = 32
	maxFieldValues    = 10
	maxFieldValue     = 8
	maxPrice          = 1_000_000_000_000
)

// Values of deletion_policy.
const (
	deletionPrevent    = "prevent"
	deletionAbandon    = "abandon"
	deletionInvalidate = "invalidate"
)

var outRequestNoPattern = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)

// Schema implements resource.Resource. Names are the API's own.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
func (r *templateResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := templateAttributes()
	attributes["deletion_policy"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What destroying or replacing does. `prevent` (default) refuses both, also a replacement: it would leave every member behind under the old template. A template that is invalid already is not protected. " +
			"`abandon` forgets the template, which stays effective at WeChat Pay. `invalidate` ends it there, **irreversibly**: nobody can get a card of it any more; " +
			"what becomes of its members' cards is not documented. The policy in the state counts: apply a change of it before you remove the template.",
		Validators: []validator.String{stringvalidator.OneOf(deletionPrevent, deletionAbandon, deletionInvalidate)},
	}
	attributes["timeouts"] = framework.TimeoutsAttribute(ctx)
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "A member card template of a brand ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336970)): what members' cards look like, and what they fill in.\n\n" +
			"Another `brand_id`, `appid`, `card_type`, `code_mode`, `code_type`, `init_level`, `legal_agreement` or `out_request_no` needs another template, because WeChat Pay cannot change them. " +
			"That would leave every member behind, so `deletion_policy = \"prevent\"`, which is the default, refuses it while planning. Every other change is sent in place. " +
			"An attribute that is removed from the configuration, or a part of an object, keeps the value that WeChat Pay holds: whether the API can clear it is not documented. " +
			"Only `need_pinned` and `need_display_level` go back to their default, false.\n\n" +
			"A second template is never made by accident: before a create the brand's templates are listed, and one that an interrupted run has left behind is adopted, with a warning, where it is as configured; otherwise an error asks for an `out_request_no`. " +
			"Where nobody can tell whether a create was carried out, the resource stays in the state without `card_id`, and the next plan looks again; its members fail meanwhile, because `card_id` is missing.\n\n" +
			"A template that gets another address, by another name or in a module, needs a `moved` block: without one Terraform destroys it and makes another one, which is refused while planning. " +
			"With `create_before_destroy` a replacement of the same brand, AppID and title needs an `out_request_no` of its own.\n\n" +
			"WeChat Pay's pages do not say what becomes of the cards of an invalidated template, whether an invalid template can be changed, whether the type of the validity can be changed, " +
			"and how a change appears on cards that members have already. For these the provider sends what is configured and shows WeChat Pay's answer.",
		Attributes: attributes,
	}
}

const needsReplacement = " Another one needs another template."

func templateAttributes() map[string]schema.Attribute {
	stay := stringplanmodifier.UseStateForUnknown()
	replace := stringplanmodifier.RequiresReplaceIfConfigured()
	return map[string]schema.Attribute{
		"id": computed("`brand_id/card_id`: the id in Terraform, and the id of an import."),
		"brand_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: providerdata.BrandDescription + needsReplacement,
			Validators:          []validator.String{framework.BrandID()},
		},
		"card_id": computed("The template's id at WeChat Pay: the `card_id` of its members."),
		"out_request_no": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Your own number of the creation, 1 to 128 digits, letters, `-` and `_`. " +
				"Left out, it is derived from brand, AppID and title, so that a run that was killed finds its template again and never makes a second one." + needsReplacement,
			Validators: []validator.String{framework.TextRule("1 to 128 half-width digits, letters, - and _", func(value string) string {
				if mistake := framework.LengthMistake(value, maxOutRequestNo); mistake != "" {
					return mistake
				}
				if !outRequestNoPattern.MatchString(value) {
					return "The value has a character that WeChat Pay does not accept here."
				}
				return ""
			})},
			PlanModifiers: []planmodifier.String{stay, stringplanmodifier.RequiresReplaceIf(
				func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
				}, "Another number needs another template, unless WeChat Pay did not tell the present one.", "Another number needs another template, unless WeChat Pay did not tell the present one.")},
		},
		"appid": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "The AppID under which members' openids are: of a service account, subscription account, official account or mini program that is bound to the brand. " +
				"At most 32 characters." + needsReplacement,
			Validators:    []validator.String{framework.Identifier(maxAppID).Showing()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"card_type": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Kind of the card. Only `NORMAL` (the default): WeChat Pay's page says that creating a `PURCHASE` or `BALANCE` template returns an error.",
			Default:             stringdefault.StaticString(string(wechatpay.CardTypeNormal)),
			Validators: []validator.String{framework.TextRule("NORMAL", func(value string) string {
				switch wechatpay.CardType(value) {
				case wechatpay.CardTypeNormal:
					return ""
				case wechatpay.CardTypePurchase, wechatpay.CardTypeBalance:
					return "WeChat Pay documents this type, and says that creating a template of it returns an error: paid cards are not online yet (https://pay.weixin.qq.com/doc/v3/partner/4015274639)."
				}
				return "WeChat Pay has no such type."
			})},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"card_title": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Title of the card, as members see it: 1 to 10 characters.",
			Validators:          []validator.String{framework.FreeText(maxCardTitle)},
		},
		"card_color": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Background colour of the card, `#RRGGBB`.",
			Validators:          []validator.String{framework.Color()},
			PlanModifiers:       []planmodifier.String{framework.KeepColor()},
		},
		"card_picture_url": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Background picture: a URL that WeChat Pay's picture upload returned, for instance the `url` of a `wechatpay_image`. At most 256 characters.",
			Validators:          []validator.String{framework.WebURL("the URL that WeChat Pay's picture upload returned", maxCardPictureURL)},
		},
		"code_mode": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Who gives the code of a card that a user opens: `SYSTEM_ALLOCATE` (WeChat Pay, 24 digits) or `MERCHANT_ALLOCATE` (you, when confirming the card). " +
				"An import carries your own code in both modes." + needsReplacement,
			Validators:    []validator.String{stringvalidator.OneOf(string(wechatpay.CodeModeSystem), string(wechatpay.CodeModeMerchant))},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"code_type": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "How the card shows its code: `NONE_CODE`, `BAR_CODE`, `QR_CODE`, `BAR_CODE_AND_QR_CODE` or `JUMP_MINI_PROGRAM` (needs `code_jump_information`)." +
				needsReplacement,
			Validators: []validator.String{stringvalidator.OneOf(string(wechatpay.CodeTypeNone), string(wechatpay.CodeTypeBar),
				string(wechatpay.CodeTypeQR), string(wechatpay.CodeTypeBarAndQR), string(wechatpay.CodeTypeMiniProgram))},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"code_jump_information": jumpAttribute("The mini program page that shows the code; with `code_type = \"JUMP_MINI_PROGRAM\"`."),
		"benefits": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "What members get, one line of 1 to 32 characters.",
			Validators:          []validator.String{framework.FreeText(maxBenefits)},
		},
		"notify_url": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "The https:// URL of yours to which WeChat Pay sends the events of this template's cards (opened, deleted by the user). At most 256 characters.",
			Validators: []validator.String{
				framework.WebURL("the address of your server", maxNotifyURL),
				framework.TextRule("a URL that begins with https://", func(value string) string {
					if len(value) >= 8 && value[:8] == "https://" {
						return ""
					}
					return "WeChat Pay sends events over HTTPS only."
				}),
			},
		},
		"need_pinned": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether this template is on top of the brand's card (商家名片). Default: false.",
		},
		"need_display_level": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the card shows the member's level; a new template needs `init_level` with it. Default: false.",
		},
		"init_level": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The level that new members begin with, 1 to 10 characters; a new template with `need_display_level = true` needs it." + needsReplacement,
			Validators:          []validator.String{framework.FreeText(maxInitLevel)},
			PlanModifiers:       []planmodifier.String{stay, replace},
		},
		"service_phone": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The brand's service number, which members see: 1 to 32 characters.",
			Validators:          []validator.String{framework.FreeText(maxServicePhone)},
			PlanModifiers:       []planmodifier.String{stay},
		},
		"legal_agreement": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The agreement between the member and the brand: plain text, not a link, at most 20480 characters." + needsReplacement,
			Validators:          []validator.String{framework.MultilineText(maxLegalAgreement)},
			PlanModifiers:       []planmodifier.String{stay, replace},
		},
		validity.Attribute: schema.SingleNestedAttribute{
			Required:            true,
			MarkdownDescription: "The validity of members' cards. Whether its type may change is not documented: WeChat Pay decides.",
			Attributes:          validity.ResourceAttributes(""),
		},
		"member_information":  jumpAttribute("The member centre: the mini program page that a tap on the card opens. Whether creating a template requires it is not documented."),
		"points_information":  jumpAttribute("The mini program page of the points; without it the card has no such entry."),
		"balance_information": jumpAttribute("The mini program page of the balance; without it the card has no such entry."),
		"purchase_information": schema.SingleNestedAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The entry to a paid membership; without it the card has none.",
			PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
			Attributes: map[string]schema.Attribute{
				"price": schema.NumberAttribute{
					Optional: true, Computed: true, MarkdownDescription: "Price in fen (1/100 yuan), a whole number.",
					Validators:    []validator.Number{framework.WholeNumber(0, maxPrice)},
					PlanModifiers: []planmodifier.Number{keepState{}},
				},
				"jump_appid": jumpAppID(), "jump_path": jumpPath(),
			},
		},
		"user_information": schema.SingleNestedAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "The form that a new member fills in; without it there is none.",
			PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
			Attributes: map[string]schema.Attribute{
				"common_field_list": schema.SetAttribute{
					Optional: true, Computed: true, ElementType: types.StringType,
					PlanModifiers: []planmodifier.Set{keepState{}},
					MarkdownDescription: "Fields that WeChat Pay knows: `USER_FORM_FLAG_SEX`, `USER_FORM_FLAG_NAME`, `USER_FORM_FLAG_BIRTHDAY`, `USER_FORM_FLAG_ADDRESS`, `USER_FORM_FLAG_EMAIL`, `USER_FORM_FLAG_CITY`. " +
						"They are the keys of a member's `common_fields`.",
					Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(wechatpay.CommonFieldNames()...))},
				},
				"custom_field_list": schema.ListNestedAttribute{
					Optional: true, Computed: true,
					PlanModifiers:       []planmodifier.List{keepState{}},
					MarkdownDescription: "Fields of your own, at most one at present.",
					Validators:          []validator.List{listvalidator.SizeBetween(1, maxCustomFields)},
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"type": schema.StringAttribute{
							Required: true, MarkdownDescription: "`CHECK_BOX` (several values may be chosen) or `RADIO` (one).",
							Validators: []validator.String{stringvalidator.OneOf(string(wechatpay.CustomFieldCheckBox), string(wechatpay.CustomFieldRadio))},
						},
						"name": schema.StringAttribute{
							Required: true, MarkdownDescription: "Name of the field, 1 to 32 characters: a key of a member's `custom_fields`.",
							Validators: []validator.String{framework.FreeText(maxFieldName)},
						},
						"values": schema.ListAttribute{
							Required: true, ElementType: types.StringType,
							MarkdownDescription: "The values to choose from: 1 to 10, each of 1 to 8 characters, each once.",
							Validators: []validator.List{listvalidator.SizeBetween(1, maxFieldValues), framework.DistinctTexts(),
								listvalidator.NoNullValues(), listvalidator.ValueStringsAre(framework.FreeText(maxFieldValue))},
						},
					}},
				},
			},
		},
		"state":       computed("`CARD_EFFECTIVE` or `CARD_INVALID`. An invalid template stays in the state, and no new one is made without being asked for."),
		"create_time": computed("When the template was made, RFC 3339."),
		"modify_time": schema.StringAttribute{Computed: true, MarkdownDescription: "When the template was last changed, RFC 3339.", PlanModifiers: []planmodifier.String{stay}},
	}
}

func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed: true, MarkdownDescription: description,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func jumpAttribute(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: description,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes:          map[string]schema.Attribute{"jump_appid": jumpAppID(), "jump_path": jumpPath()},
	}
}

func jumpAppID() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "AppID of the mini program, at most 32 characters.",
		Validators:    []validator.String{framework.Identifier(maxAppID).Showing()},
		PlanModifiers: []planmodifier.String{keepState{}},
	}
}

func jumpPath() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "Path of the page in the mini program, at most 128 characters.",
		Validators:    []validator.String{framework.FreeText(maxJumpPath)},
		PlanModifiers: []planmodifier.String{keepState{}},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *templateResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"brand_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The brand that the template belongs to."},
		"card_id":  identityschema.StringAttribute{RequiredForImport: true, Description: "The template's id at WeChat Pay."},
	}}
}
