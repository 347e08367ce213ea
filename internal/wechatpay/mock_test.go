// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"image"
	"image/png"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// The mock shares no code with the client and was written from the pages, not from the client.
// What the two agree on was understood twice.

func mockClient(t *testing.T, options mockserver.Options) (*wechatpay.Client, *mockserver.Server) {
	t.Helper()
	server, err := mockserver.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	credentials := server.Credentials()
	client, err := wechatpay.New(wechatpay.Config{
		MchID: credentials.MchID, CertificateSerialNo: credentials.CertificateSerialNo,
		PrivateKey:  parsePEM[*rsa.PrivateKey](t, credentials.PrivateKeyPEM, x509.ParsePKCS8PrivateKey),
		PublicKeyID: credentials.PublicKeyID, PublicKey: parsePEM[*rsa.PublicKey](t, credentials.PublicKeyPEM, x509.ParsePKIXPublicKey),
		Endpoint: server.URL(), RequestsPerSecond: 1000, UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, server
}

func parsePEM[T any](t *testing.T, text string, parse func([]byte) (any, error)) T {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatal("no PEM")
	}
	key, err := parse(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	typed, ok := key.(T)
	if !ok {
		t.Fatalf("a %T", key)
	}
	return typed
}

func mockRef() wechatpay.CardRef {
	return wechatpay.CardRef{BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: "VIP/0001", OpenID: "oSample"}
}

// wantKind makes sure of the kind of a call's error; "" is none.
func wantKind(t *testing.T, err error, kind wechatpay.Kind) {
	t.Helper()
	var e *wechatpay.Error
	if errors.As(err, &e); e == nil && kind != "" || e != nil && e.Kind != kind {
		t.Errorf("got %v, want kind %q", err, kind)
	}
}

func TestLifeOfACardThatWasImportedByOpenID(t *testing.T) {
	t.Parallel()
	client, _ := mockClient(t, mockserver.Options{})
	ref := mockRef()
	request := wechatpay.ImportRequest{
		CardRef: ref, PhoneNumber: "13800138000", Level: "金卡", CardColor: "#FFFF00",
		UserInformation: &wechatpay.UserInformation{CommonFields: []wechatpay.CommonField{{Name: "USER_FORM_FLAG_CITY", Value: "深圳"}}},
	}
	card, err := client.ImportByOpenID(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if card.CardRef != ref || card.PhoneNumber.Reveal() != "13800138000" || card.Level != "金卡" || len(card.Unread) != 0 {
		t.Errorf("got %+v", card)
	}
	_, err = client.ImportByOpenID(t.Context(), request)
	var e *wechatpay.Error
	if !errors.As(err, &e) || !e.AlreadyExists() {
		t.Errorf("a second import: %v", err)
	}
	if card, err = client.ModifyUserCard(t.Context(), wechatpay.ModifyUserCardRequest{CardRef: ref, Attach: "门店", Level: "银卡"}); err != nil || card.Attach != "门店" || card.Level != "银卡" {
		t.Errorf("modify: %+v and %v", card, err)
	}
	if card, err = client.InvalidateUserCard(t.Context(), wechatpay.InvalidateUserCardRequest{CardRef: ref, InvalidReason: "退会"}); err != nil || card.UserCardState != wechatpay.UserCardStateInvalid {
		t.Errorf("invalidate: %+v and %v", card, err)
	}
	// WeChat Pay's advice for a user who has a card: invalidate it, then import.
	if _, err = client.ImportByOpenID(t.Context(), request); err != nil {
		t.Errorf("import after an invalidation: %v", err)
	}
}

func TestKindsOfTheMocksAnswers(t *testing.T) {
	t.Parallel()
	importOf := func(ref wechatpay.CardRef) func(t *testing.T, c *wechatpay.Client) error {
		return func(t *testing.T, c *wechatpay.Client) error {
			_, err := c.ImportByOpenID(t.Context(), wechatpay.ImportRequest{CardRef: ref})
			return err
		}
	}
	byPhone := func(t *testing.T, c *wechatpay.Client) error {
		ref := mockRef()
		ref.OpenID = ""
		_, err := c.ImportByPhone(t.Context(), wechatpay.ImportRequest{CardRef: ref, PhoneNumber: "13800138000"})
		return err
	}
	modify := func(t *testing.T, c *wechatpay.Client) error {
		_, err := c.ModifyUserCard(t.Context(), wechatpay.ModifyUserCardRequest{CardRef: mockRef(), Level: "1"})
		return err
	}
	get := func(t *testing.T, c *wechatpay.Client) error {
		_, err := c.GetUserCard(t.Context(), mockRef())
		return err
	}
	for name, tc := range map[string]struct {
		options mockserver.Options
		call    func(t *testing.T, c *wechatpay.Client) error
		kind    wechatpay.Kind
	}{
		"openid that is none":              {mockserver.Options{InvalidOpenIDs: []string{"oSample"}}, importOf(mockRef()), wechatpay.KindOpenIDInvalid},
		"no permission":                    {mockserver.Options{NoPermission: true}, importOf(mockRef()), wechatpay.KindNoAuth},
		"import by phone, no permission":   {mockserver.Options{ImportByPhoneNotOpen: true}, byPhone, wechatpay.KindNoAuth},
		"import by openid beside it":       {mockserver.Options{ImportByPhoneNotOpen: true}, importOf(mockRef()), ""},
		"import by phone, not online":      {mockserver.Options{ImportByPhoneNotOpen: true, NotOpenAnswer: mockserver.ErrorAnswer{Status: 404, Code: "NOT_FOUND", Message: "接口未上线"}}, byPhone, wechatpay.KindNotOpen},
		"no such card":                     {mockserver.Options{}, get, wechatpay.KindNotFound},
		"no such card, the other code":     {mockserver.Options{NotFoundCode: "NOT_FOUND"}, get, wechatpay.KindNotFound},
		"another edition's place for keys": {mockserver.Options{ModifyKeys: mockserver.KeysInBody}, modify, wechatpay.KindUndefinedField},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := mockClient(t, tc.options)
			wantKind(t, tc.call(t, client), tc.kind)
		})
	}
}

func TestPictureTemplateAndEcho(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mockserver.Options{
		"modify_time": {PicturesMustBeUploaded: true},
		"update_time": {PicturesMustBeUploaded: true, TemplateTimeName: mockserver.TemplateUpdateTime, OmitEmptyData: true, OmitFalse: true, RequireMemberInformation: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := mockClient(t, options)
			echo, err := client.Echo(t.Context())
			if err != nil || echo.EncryptionVerified == nil || !*echo.EncryptionVerified || echo.KeyID != server.Credentials().PublicKeyID || echo.Host != "127.0.0.1" || echo.RequestID == "" {
				t.Errorf("echo: %+v and %v", echo, err)
			}
			var picture bytes.Buffer
			if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 716, 320))); err != nil {
				t.Fatal(err)
			}
			uploaded, err := client.UploadImage(t.Context(), wechatpay.UploadImageRequest{Filename: "会员卡.png", Content: picture.Bytes()})
			if err != nil {
				t.Fatal(err)
			}
			yes, price := true, int64(9900)
			jump := &wechatpay.JumpInformation{JumpAppID: "wx1", JumpPath: "pages/index"}
			request := wechatpay.CreateCardTemplateRequest{
				CardTemplateFixedSettings: wechatpay.CardTemplateFixedSettings{
					BrandID: mockserver.DefaultBrandID, OutRequestNo: "1004-1", AppID: mockserver.DefaultAppID, CardType: wechatpay.CardTypeNormal,
					CodeMode: wechatpay.CodeModeMerchant, CodeType: wechatpay.CodeTypeMiniProgram, InitLevel: "普通", LegalAgreement: "协议",
				},
				CardTemplateSettings: wechatpay.CardTemplateSettings{
					CardTitle: "会员卡", CardColor: "#10AD61", CardPictureURL: uploaded.URL, CodeJumpInformation: jump, Benefits: "积分抵现",
					NotifyURL: "https://merchant.example.com/notify", NeedPinned: &yes, NeedDisplayLevel: &yes, ServicePhone: "4001234567",
					ValidDateInformation: &wechatpay.ValidDateInformation{Type: wechatpay.ValidDateFixTerm, AvailableDayAfterReceive: 10958},
					MemberInformation:    jump, PointsInformation: jump, BalanceInformation: jump,
					PurchaseInformation: &wechatpay.PurchaseInformation{Price: &price, JumpAppID: "wx1", JumpPath: "pages/buy"},
					UserInformation: &wechatpay.TemplateUserInformation{
						CommonFields: []string{"USER_FORM_FLAG_NAME"},
						CustomFields: []wechatpay.TemplateCustomField{{Type: wechatpay.CustomFieldRadio, Name: "运动", Values: []string{"游泳"}}},
					},
				},
			}
			created, err := client.CreateCardTemplate(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			if created.State != wechatpay.CardTemplateStateEffective || created.OutRequestNo != "1004-1" || *created.PurchaseInformation.Price != price || created.ModifyTime == "" || len(created.Unread) != 0 {
				t.Errorf("created %+v", created)
			}
			modified, err := client.ModifyCardTemplate(t.Context(), wechatpay.ModifyCardTemplateRequest{
				BrandID: mockserver.DefaultBrandID, CardID: created.CardID, CardTemplateSettings: request.CardTemplateSettings,
			})
			if err != nil || modified.CardID != created.CardID {
				t.Errorf("modify: %+v and %v", modified, err)
			}
			if _, err := client.InvalidateCardTemplate(t.Context(), mockserver.DefaultBrandID, created.CardID); err != nil {
				t.Error(err)
			}
			var found []string
			for template, err := range client.ListCardTemplates(t.Context(), wechatpay.ListCardTemplatesRequest{BrandID: mockserver.DefaultBrandID, State: wechatpay.CardTemplateStateInvalid}) {
				if err != nil {
					t.Fatal(err)
				}
				if template.OutRequestNo == "1004-1" {
					found = append(found, template.CardID)
				}
			}
			if len(found) != 1 || found[0] != created.CardID {
				t.Errorf("listed %v", found)
			}
			for template, err := range client.ListCardTemplates(t.Context(), wechatpay.ListCardTemplatesRequest{BrandID: "9999"}) {
				t.Errorf("another brand lists %v and %v", template, err)
			}
		})
	}
}
