// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pageFields are the fields that the page of each call defines: query parameters as "?name", fields
// of the body, or of an upload's meta, as a dotted path. WeChat Pay refuses any other field.
var pageFields = map[string]map[Operation]string{
	"service provider": {
		OperationImport:         "brand_id card_id user_card_code phone_number " + lookFields + " pickup_time " + infoFields + dateFields,
		OperationImportByOpenID: "brand_id card_id user_card_code openid phone_number " + lookFields + " pickup_time " + infoFields + dateFields,
		OperationGet:            "?brand_id ?card_id ?openid",
		OperationModify:         "?card_id brand_id openid phone_number attach " + lookFields + infoFields + dateFields,
		OperationInvalidate:     "?brand_id ?card_id openid invalid_reason",
		OperationList:           "?brand_id ?openid ?user_card_state ?offset ?limit",
		OperationTemplate:       "?brand_id",

		OperationCreateTemplate:     "brand_id out_request_no appid card_type code_mode code_type init_level legal_agreement " + templateFields,
		OperationListTemplates:      "?brand_id ?state ?offset ?limit",
		OperationModifyTemplate:     "brand_id " + templateFields,
		OperationInvalidateTemplate: "brand_id",

		OperationUploadImage: "filename sha256",
		OperationEcho:        "echo_message encrypted_echo_message",
	},
	"brand": {
		OperationImportByOpenID: "card_id user_card_code openid phone_number " + lookFields + " pickup_time " + infoFields + dateFields,
		OperationGet:            "?card_id ?openid",
		OperationModify:         "card_id openid phone_number attach " + lookFields + infoFields + dateFields,
		OperationInvalidate:     "card_id openid invalid_reason",
		OperationList:           "?openid ?user_card_state ?offset ?limit",
		OperationTemplate:       "",

		OperationCreateTemplate:     "out_request_no appid card_type code_mode code_type init_level legal_agreement " + templateFields,
		OperationListTemplates:      "?state ?offset ?limit",
		OperationModifyTemplate:     templateFields,
		OperationInvalidateTemplate: "",

		OperationUploadImage: "filename file_digest",
	},
}

const (
	lookFields = "card_color card_picture_url level "
	infoFields = " user_information.common_field_list.name user_information.common_field_list.value" +
		" user_information.custom_field_list.name user_information.custom_field_list.user_chosen_values "
	templateFields = "card_title card_color card_picture_url code_jump_information.jump_appid code_jump_information.jump_path" +
		" benefits notify_url need_pinned need_display_level service_phone" +
		" member_information.jump_appid member_information.jump_path points_information.jump_appid points_information.jump_path" +
		" balance_information.jump_appid balance_information.jump_path" +
		" purchase_information.price purchase_information.jump_appid purchase_information.jump_path" +
		" user_information.common_field_list user_information.custom_field_list.type user_information.custom_field_list.name" +
		" user_information.custom_field_list.values" + dateFields
	dateFields = " valid_date_information.type valid_date_information.available_begin_time" +
		" valid_date_information.available_end_time valid_date_information.available_day_after_receive "
)

// fullCalls makes every call with every field of its request set.
func fullCalls(t *testing.T) map[Operation]func(context.Context, *Client) error {
	information := &UserInformation{
		CommonFields: []CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "张三"}},
		CustomFields: []CustomField{{Name: "运动", UserChosenValues: []Personal{"游泳"}}},
	}
	date := &ValidDateInformation{Type: ValidDateFixTerm, AvailableBeginTime: testTime, AvailableEndTime: testTime, AvailableDayAfterReceive: 1}
	byOpenID := ImportRequest{
		CardRef: cardRef(), PhoneNumber: testPhone, CardColor: "#FFFFFF", CardPictureURL: "https://a/b", Level: "1",
		UserInformation: information, ValidDateInformation: date, PickupTime: testTime,
	}
	byPhone := byOpenID
	byPhone.OpenID = ""
	modify := ModifyUserCardRequest{
		CardRef: cardRef(), PhoneNumber: testPhone, CardColor: "#FFFFFF", CardPictureURL: "https://a/b", Level: "1",
		UserInformation: information, ValidDateInformation: date, Attach: "a",
	}
	invalidate := InvalidateUserCardRequest{CardRef: cardRef(), InvalidReason: "离职"}
	list := ListUserCardsRequest{BrandID: testBrand, OpenID: testOpenID, UserCardState: UserCardStateEffective}
	create := fullTemplateRequest()
	modifyTemplate := ModifyCardTemplateRequest{BrandID: testBrand, CardID: testCard, CardTemplateSettings: create.CardTemplateSettings}
	templates := ListCardTemplatesRequest{BrandID: testBrand, State: CardTemplateStateEffective}
	// A field that is added to a request and not to this test is found here.
	for _, request := range []any{
		byOpenID, modify, invalidate, list, *information, *date, create, modifyTemplate, templates,
		*create.CodeJumpInformation, *create.PurchaseInformation, *create.UserInformation, create.UserInformation.CustomFields[0],
	} {
		requireNoZeroField(t, request)
	}
	return map[Operation]func(context.Context, *Client) error{
		OperationImport:         func(ctx context.Context, c *Client) error { _, err := c.ImportByPhone(ctx, byPhone); return err },
		OperationImportByOpenID: func(ctx context.Context, c *Client) error { _, err := c.ImportByOpenID(ctx, byOpenID); return err },
		OperationGet:            func(ctx context.Context, c *Client) error { _, err := c.GetUserCard(ctx, cardRef()); return err },
		OperationModify:         func(ctx context.Context, c *Client) error { _, err := c.ModifyUserCard(ctx, modify); return err },
		OperationInvalidate: func(ctx context.Context, c *Client) error {
			_, err := c.InvalidateUserCard(ctx, invalidate)
			return err
		},
		OperationList: func(ctx context.Context, c *Client) error {
			for _, err := range c.ListUserCards(ctx, list) {
				return err
			}
			return nil
		},
		OperationCreateTemplate: func(ctx context.Context, c *Client) error { _, err := c.CreateCardTemplate(ctx, create); return err },
		OperationListTemplates: func(ctx context.Context, c *Client) error {
			for _, err := range c.ListCardTemplates(ctx, templates) {
				return err
			}
			return nil
		},
		OperationModifyTemplate: func(ctx context.Context, c *Client) error {
			_, err := c.ModifyCardTemplate(ctx, modifyTemplate)
			return err
		},
		OperationInvalidateTemplate: func(ctx context.Context, c *Client) error {
			_, err := c.InvalidateCardTemplate(ctx, testBrand, testCard)
			return err
		},
		OperationUploadImage: func(ctx context.Context, c *Client) error {
			_, err := c.UploadImage(ctx, UploadImageRequest{Filename: "card.png", Content: testPNG()})
			return err
		},
		OperationEcho: func(ctx context.Context, c *Client) error { _, err := c.Echo(ctx); return err },
		OperationTemplate: func(ctx context.Context, c *Client) error {
			_, err := c.GetCardTemplate(ctx, testBrand, testCard)
			return err
		},
	}
}

func requireNoZeroField(t *testing.T, request any) {
	t.Helper()
	v := reflect.ValueOf(request)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			requireNoZeroField(t, v.Field(i).Interface())
		} else if v.Field(i).IsZero() {
			t.Fatalf("%s.%s is not set: set it, and add its field to pageFields if the page has it", v.Type(), field.Name)
		}
	}
}

// sentFields are the fields of a request as pageFields writes them.
func sentFields(t *testing.T, r *received) []string {
	t.Helper()
	var fields []string
	for name := range r.query {
		fields = append(fields, "?"+name)
	}
	if len(r.body) > 0 {
		var body any
		if err := json.Unmarshal([]byte(signedPart(&http.Request{Header: r.header}, r.body)), &body); err != nil {
			t.Fatal(err)
		}
		fields = appendJSONFields(fields, "", body)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

func appendJSONFields(fields []string, path string, value any) []string {
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			fields = appendJSONFields(fields, strings.TrimPrefix(path+"."+name, "."), v)
		}
		return fields
	case []any:
		for _, v := range value {
			fields = appendJSONFields(fields, path, v)
		}
		return fields
	default:
		return append(fields, path)
	}
}

func TestEachCallSendsExactlyTheFieldsOfItsPage(t *testing.T) {
	t.Parallel()
	for mode, routes := range map[string]routes{"service provider": serviceProviderRoutes(), "brand": brandRoutes()} {
		if len(routes) != len(pageFields[mode]) {
			t.Errorf("%s: %d calls, and %d pages", mode, len(routes), len(pageFields[mode]))
		}
		for operation, call := range fullCalls(t) {
			t.Run(mode+" "+string(operation), func(t *testing.T) {
				t.Parallel()
				s := newService(t, replies(refused(400, "INVALID_REQUEST", "x")))
				c := newTestClient(t, s)
				c.routes = routes
				err := asError(t, call(t.Context(), c))
				if _, offered := routes[operation]; !offered {
					if operation == OperationEcho {
						// It makes another call of the mode.
						return
					}
					if err.Kind != KindNotOffered || s.count() != 0 {
						t.Errorf("%d requests: %v", s.count(), err)
					}
					return
				}
				if err.Kind != KindRequest || s.count() != 1 {
					t.Fatalf("%d requests: %v", s.count(), err)
				}
				want := strings.Fields(pageFields[mode][operation])
				slices.Sort(want)
				if diff := cmp.Diff(want, sentFields(t, s.all()[0]), cmp.Transformer("", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}
