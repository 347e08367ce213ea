// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// sdkCard marks the encrypted field with the tag of WeChat Pay's SDK.
type sdkCard struct {
	BrandID      *string `json:"brand_id,omitempty"`
	CardID       *string `json:"card_id,omitempty"`
	UserCardCode *string `json:"user_card_code,omitempty"`
	OpenID       *string `json:"openid,omitempty"`
	PhoneNumber  *string `json:"phone_number,omitempty" encryption:"EM_APIV3"`
}

// sdkClient is set up as the SDK's README does for the public key.
func sdkClient(t *testing.T, server *mockserver.Server, more ...core.ClientOption) *core.Client {
	t.Helper()
	credentials := server.Credentials()
	private, err := utils.LoadPrivateKey(credentials.PrivateKeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	public, err := utils.LoadPublicKey(credentials.PublicKeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	client, err := core.NewClient(t.Context(), append(more, option.WithWechatPayPublicKeyAuthCipher(
		credentials.MchID, credentials.CertificateSerialNo, private, credentials.PublicKeyID, public))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestOfficialSDKTalksToTheMock(t *testing.T) {
	// The SDK reads the real clock.
	m := start(t, mockserver.Options{Now: time.Now})
	client := sdkClient(t, m.server)
	request := sdkCard{
		BrandID: core.String(brand), CardID: core.String(mockserver.TemplatePermanent),
		UserCardCode: core.String("1001"), PhoneNumber: core.String(phone),
	}
	serial, err := client.EncryptRequest(t.Context(), &request)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Wechatpay-Serial": {serial}}
	result, err := client.Request(t.Context(), http.MethodPost, m.server.URL()+byPhone, header, nil, request, "application/json")
	if err != nil {
		t.Fatal(err)
	}
	var imported sdkCard
	if err := core.UnMarshalResponse(result.Response, &imported); err != nil {
		t.Fatal(err)
	}
	if err := client.DecryptResponse(t.Context(), &imported); err != nil {
		t.Fatal(err)
	}
	if *imported.PhoneNumber != phone || *imported.OpenID != m.server.OpenID(phone) {
		t.Errorf("imported %s of %s", *imported.PhoneNumber, *imported.OpenID)
	}

	query := url.Values{"brand_id": {brand}, "card_id": {mockserver.TemplatePermanent}, "openid": {*imported.OpenID}}
	result, err = client.Get(t.Context(), m.server.URL()+userCards+"/1001?"+query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = result.Response.Body.Close() }()
	raw, err := io.ReadAll(result.Response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var read sdkCard
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	private, err := utils.LoadPrivateKey(m.server.Credentials().PrivateKeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := utils.DecryptOAEP(*read.PhoneNumber, private); err != nil || plain != phone {
		t.Errorf("read %q, %v", plain, err)
	}

	_, err = client.Request(t.Context(), http.MethodPost, m.server.URL()+byPhone, header, nil, request, "application/json")
	var refused *core.APIError
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusBadRequest || refused.Message != "该手机号或会员卡code已存在" {
		t.Errorf("the second import: %v", err)
	}
}

func TestOfficialSDKRefusesForgedAnswers(t *testing.T) {
	for _, kind := range []mockserver.FaultKind{
		mockserver.FaultBadSignature, mockserver.FaultMissingSignature, mockserver.FaultProbeSignature,
		mockserver.FaultOldTimestamp, mockserver.FaultFutureTimestamp, mockserver.FaultWrongSerial,
	} {
		t.Run(string(kind), func(t *testing.T) {
			m := start(t, mockserver.Options{Now: time.Now})
			card := mockserver.Card{BrandID: brand, CardID: mockserver.TemplatePermanent, UserCardCode: "1001", OpenID: "oSample"}
			if err := m.server.PutCard(card); err != nil {
				t.Fatal(err)
			}
			client := sdkClient(t, m.server)
			if _, err := client.Get(t.Context(), m.server.URL()+cardTarget("1001", "oSample")); err != nil {
				t.Fatal(err)
			}
			m.server.Inject(mockserver.Fault{Kind: kind})
			if _, err := client.Get(t.Context(), m.server.URL()+cardTarget("1001", "oSample")); err == nil {
				t.Error("the SDK accepted the answer")
			}
		})
	}
}
