// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// everything is a member with every attribute of the API.
func everything() map[string]any {
	return map[string]any{
		"card_color":             `"#FFFF00"`,
		"card_picture_url":       `"https://wxpaylogo.example.com/wxpaylogo/card/0"`,
		"level":                  `"钻石会员"`,
		"attach":                 `"门店 0755"`,
		"pickup_time":            `"2015-05-20T13:29:35+08:00"`,
		"valid_date_information": `{ type = "PERMANENT" }`,
		"user_information": `{
    common_fields = { USER_FORM_FLAG_NAME = "样例", USER_FORM_FLAG_CITY = "深圳" }
    custom_fields = { "喜欢的运动" = ["游泳", "篮球"] }
  }`,
	}
}

// One import costs one request; a refresh costs one GET; a second plan is empty.
func TestAccCreateReadPlan(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := member(m, nil, "check_templates = false")
	run(t,
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_masked"), knownvalue.StringExact("138****8000")),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("1004/"+mockserver.TemplatePermanent+"/VIP-0001")),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("brand_id"), knownvalue.StringExact("1004")),
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("openid")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("openid"), knownvalue.StringExact(m.OpenID("13800138000"))),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_card_state"), knownvalue.StringExact("EFFECTIVE")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("card_type"), knownvalue.StringExact("NORMAL")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("adopted"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number"), knownvalue.StringExact("13800138000")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("create_time"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("level"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("on_existing"), knownvalue.Null()),
			},
			Check: resource.ComposeTestCheckFunc(
				held(m, hasPhone("13800138000")),
				// Terraform's testing library refreshes only after this.
				requested(m, calls(importCall)),
			),
		},
		resource.TestStep{
			PreConfig:    m.ResetRequests,
			RefreshState: true,
			Check:        requested(m, calls(readCall)),
		},
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

func TestAccEveryAttribute(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{TimePrecision: mockserver.TimeMilliseconds, TimeZone: time.UTC})
	run(t,
		resource.TestStep{
			Config: member(m, everything()),
			Check: held(m, func(c mockserver.Card) error {
				want := mockserver.Card{
					CardColor: "#FFFF00", CardPictureURL: "https://wxpaylogo.example.com/wxpaylogo/card/0",
					Level: "钻石会员", Attach: "门店 0755",
				}
				if c.CardColor != want.CardColor || c.CardPictureURL != want.CardPictureURL || c.Level != want.Level || c.Attach != want.Attach {
					return fmt.Errorf("the mock holds %q %q %q %q", c.CardColor, c.CardPictureURL, c.Level, c.Attach)
				}
				if !c.PickupTime.Equal(time.Date(2015, 5, 20, 5, 29, 35, 0, time.UTC)) {
					return fmt.Errorf("the mock holds the pickup time %v", c.PickupTime)
				}
				if len(c.CommonFields) != 2 || len(c.CustomFields) != 1 || len(c.CustomFields[0].Values) != 2 {
					return fmt.Errorf("the mock holds %d common and %d custom fields", len(c.CommonFields), len(c.CustomFields))
				}
				return nil
			}),
		},
		// Times in another zone and precision, and lists in another order, are no change.
		resource.TestStep{
			PreConfig: func() {
				err := m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, "VIP-0001", func(c *mockserver.Card) {
					c.CustomFields[0].Values = []string{"篮球", "游泳"}
					c.CommonFields[0], c.CommonFields[1] = c.CommonFields[1], c.CommonFields[0]
				})
				if err != nil {
					t.Error(err)
				}
			},
			Config:           member(m, everything()),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

// carries checks which fields the body of a request has.
func carries(r mockserver.Request, names ...string) error {
	want := map[string]bool{}
	for _, name := range names {
		want[name] = true
	}
	for name := range r.Plain {
		if !want[name] {
			return fmt.Errorf("the request carries %s beside %v", name, names)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		return fmt.Errorf("the request lacks %v", want)
	}
	return nil
}

// What is changed elsewhere shows as a change and is repaired. (TestDrift has every attribute.)
func TestAccDrift(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	var before mockserver.Card
	run(t,
		resource.TestStep{
			Config: member(m, everything()),
			Check:  held(m, func(c mockserver.Card) error { before = c; return nil }),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, "VIP-0001", func(c *mockserver.Card) {
					c.Level, c.CommonFields = "普通会员", c.CommonFields[:1]
				}); err != nil {
					t.Error(err)
				}
			},
			Config: member(m, everything()),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("modify_time")),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("openid"), knownvalue.NotNull()),
			}},
			Check: resource.ComposeTestCheckFunc(
				func(*terraform.State) error {
					return carries(lastModify(t, m), "brand_id", "openid", "level", "user_information")
				},
				held(m, func(c mockserver.Card) error {
					if c.Level != before.Level || len(c.CommonFields) != len(before.CommonFields) {
						return errors.New("the card was not repaired")
					}
					return nil
				}),
			),
		},
	)
}

// A write-only phone number is in neither plan nor state; it is sent again when its version
// changes, and only then.
func TestAccWriteOnlyPhoneNumber(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := func(phone string, version int) string {
		return member(m, map[string]any{"phone_number": nil, "phone_number_wo": acctest.Quote(phone), "phone_number_wo_version": version})
	}
	nowhere := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number"), knownvalue.Null()),
		statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_wo"), knownvalue.Null()),
	}
	run(t,
		resource.TestStep{
			Config: config("13800138000", 1),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_wo"), knownvalue.Null()),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_masked"), knownvalue.StringExact("138****8000")),
			}},
			ConfigStateChecks: nowhere,
			Check:             held(m, hasPhone("13800138000")),
		},
		// Another number under the same version sends nothing.
		resource.TestStep{
			PreConfig:        m.ResetRequests,
			Config:           config("13800138999", 1),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            held(m, hasPhone("13800138000")),
		},
		resource.TestStep{
			Config: config("13800138999", 2),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_masked"), knownvalue.StringExact("138****8999")),
			}},
			ConfigStateChecks: nowhere,
			Check: resource.ComposeTestCheckFunc(
				held(m, hasPhone("13800138999")),
				func(*terraform.State) error {
					return carries(lastModify(t, m), "brand_id", "openid", "phone_number")
				},
			),
		},
	)
}

func hasPhone(phone string) func(mockserver.Card) error {
	return func(c mockserver.Card) error {
		if c.PhoneNumber != phone {
			return errors.New("the mock holds another phone number")
		}
		return nil
	}
}

// A refused import says why at the attribute, with WeChat Pay's message and the request id.
func TestAccRefusedImport(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{UnboundPhones: []string{"13800138000"}})
	run(t, resource.TestStep{
		Config:      member(m, nil),
		ExpectError: regexp.MustCompile(`(?s)phone_number.*手机号未绑定微信号.*Request-ID`),
	})
	if n := len(m.Cards()); n != 0 {
		t.Errorf("the mock holds %d cards", n)
	}
}

// Another code, template or brand replaces the member.
func TestAccReplace(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	run(t,
		resource.TestStep{Config: member(m, nil)},
		resource.TestStep{
			Config: member(m, map[string]any{"user_card_code": `"VIP-0002"`, "phone_number": `"13800138999"`}),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
			}},
			Check: resource.TestCheckResourceAttr(address, "user_card_code", "VIP-0002"),
		},
	)
}

// A card that is gone at WeChat Pay is out of the state, and planned anew.
func TestAccGoneElsewhere(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	run(t,
		resource.TestStep{Config: member(m, nil)},
		resource.TestStep{
			PreConfig: func() { m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, "VIP-0001") },
			Config:    member(m, nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
			}},
		},
	)
}
