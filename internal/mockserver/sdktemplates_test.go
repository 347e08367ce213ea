// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/fileuploader"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// toServer sends every request to the mock, whatever host it is for: the SDK's
// uploader has WeChat Pay's host built in.
type toServer struct {
	server *mockserver.Server
	next   http.RoundTripper
}

func (s toServer) RoundTrip(r *http.Request) (*http.Response, error) {
	target, err := url.Parse(s.server.URL())
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
	return s.next.RoundTrip(r)
}

// sdkTemplate has the fields that the test looks at.
type sdkTemplate struct {
	CardID       string `json:"card_id"`
	OutRequestNo string `json:"out_request_no"`
	CardTitle    string `json:"card_title"`
	State        string `json:"state"`
}

func TestOfficialSDKUploadsAPictureAndMakesATemplate(t *testing.T) {
	// The SDK reads the real clock.
	m := start(t, none(mockserver.Options{Now: time.Now, PicturesMustBeUploaded: true}))
	client := sdkClient(t, m.server, option.WithHTTPClient(&http.Client{Transport: toServer{m.server, m.client.Transport}}))
	content := samplePNG(t, 716, 320)

	uploader := fileuploader.MarketingImageUploader{Client: client}
	uploaded, _, err := uploader.Upload(t.Context(), bytes.NewReader(content), "card.png", "image/png")
	if err != nil {
		t.Fatal(err)
	}
	if pictures := m.server.Pictures(); len(pictures) != 1 || pictures[0].URL != *uploaded.MediaUrl || pictures[0].SHA256 != digestOf(content) {
		t.Errorf("answered %s, pictures %+v", *uploaded.MediaUrl, pictures)
	}

	call := func(method, path string, query url.Values, payload any) sdkTemplate {
		t.Helper()
		result, err := client.Request(t.Context(), method, m.server.URL()+path, nil, query, payload, "application/json")
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		var answer sdkTemplate
		if err := core.UnMarshalResponse(result.Response, &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	b := templateBody("sdk-1")
	b["card_picture_url"] = *uploaded.MediaUrl
	made := call(http.MethodPost, templates, nil, b)
	if made.CardID == "" || made.OutRequestNo != "sdk-1" || made.State != "CARD_EFFECTIVE" {
		t.Errorf("made %+v", made)
	}
	path := templates + "/" + made.CardID
	if read := call(http.MethodGet, path, url.Values{"brand_id": {brand}}, nil); read != made {
		t.Errorf("read %+v", read)
	}
	if changed := call(http.MethodPatch, path, nil, body{"brand_id": brand, "card_title": "白金会员卡"}); changed.CardTitle != "白金会员卡" {
		t.Errorf("changed %+v", changed)
	}
	result, err := client.Get(t.Context(), m.server.URL()+templates+"?brand_id="+brand+"&offset=0&limit=20")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Data []sdkTemplate `json:"data"`
	}
	if err := core.UnMarshalResponse(result.Response, &list); err != nil || len(list.Data) != 1 || list.Data[0].CardID != made.CardID {
		t.Errorf("listed %+v, %v", list, err)
	}
	if ended := call(http.MethodPost, path+"/invalidate", nil, body{"brand_id": brand}); ended.State != "CARD_INVALID" {
		t.Errorf("invalidated %+v", ended)
	}
}

// The SDK's own Upload with another meta, as the card-member path takes it.
func TestOfficialSDKUploadsWithFileDigest(t *testing.T) {
	m := start(t, mockserver.Options{Now: time.Now, UploadPath: mockserver.UploadCardMember})
	client := sdkClient(t, m.server)
	content := sampleJPEG(t, 8, 4)
	meta := fmt.Sprintf(`{"filename":"card.jpg","file_digest":"%s"}`, digestOf(content))
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	if err := errors.Join(
		core.CreateFormField(writer, "meta", "application/json", []byte(meta)),
		core.CreateFormFile(writer, "card.jpg", "image/jpeg", content), writer.Close(),
	); err != nil {
		t.Fatal(err)
	}
	upload := func(meta string) error {
		_, err := client.Upload(t.Context(), m.server.URL()+cardUploads, meta, form.String(), writer.FormDataContentType())
		return err
	}
	if err := upload(meta); err != nil {
		t.Error(err)
	}
	var refused *core.APIError
	if err := upload(form.String()); !errors.As(err, &refused) || refused.Code != "SIGN_ERROR" {
		t.Errorf("signed over the whole body: %v", err)
	}
}
