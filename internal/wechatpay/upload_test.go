// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"testing/synctest"
)

const testMediaURL = "https://wxpaylogo.qpic.cn/wxpaylogo/PiajxSqBRaEIPAeia7Imvtsry/0"

func testPNG() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 2))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func testJPEG() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 2)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func uploaded() reply { return reply{body: `{"media_url":"` + testMediaURL + `"}`} }

func TestUploadSendsMetaAndFile(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		routes           routes
		content          []byte
		filename         string
		uri, digest, typ string
	}{
		"service provider, PNG": {serviceProviderRoutes(), testPNG(), "card.png", "/v3/marketing/favor/media/image-upload", "sha256", "image/png"},
		"brand, JPEG":           {brandRoutes(), testJPEG(), "会员 卡<1>.jpg", "/brand/card-member/media/image-upload", "file_digest", "image/jpeg"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(uploaded()))
			c := newTestClient(t, nil, func(c *Config) { c.Endpoint = overHTTP(t, s) })
			c.routes = tc.routes
			got, err := c.UploadImage(t.Context(), UploadImageRequest{Filename: tc.filename, Content: tc.content})
			if err != nil || got.URL != testMediaURL {
				t.Fatalf("got %+v and %v", got, err)
			}
			r := s.all()[0]
			if r.method != "POST" || r.uri != tc.uri || !r.signedOK || r.header.Get("Accept") != "application/json" {
				t.Errorf("got %s %s (signed %t) with %v", r.method, r.uri, r.signedOK, r.header)
			}
			kind, parameters, err := mime.ParseMediaType(r.header.Get("Content-Type"))
			if err != nil || kind != "multipart/form-data" {
				t.Fatalf("Content-Type %q", r.header.Get("Content-Type"))
			}
			form := multipart.NewReader(bytes.NewReader(r.body), parameters["boundary"])
			part := func() (*multipart.Part, []byte) {
				p, err := form.NextRawPart()
				if err != nil {
					t.Fatal(err)
				}
				content, err := io.ReadAll(p)
				if err != nil {
					t.Fatal(err)
				}
				return p, content
			}
			meta, text := part()
			var fields map[string]string
			sum := sha256.Sum256(tc.content)
			if err := json.Unmarshal(text, &fields); err != nil || meta.FormName() != "meta" || meta.Header.Get("Content-Type") != "application/json" ||
				len(fields) != 2 || fields["filename"] != tc.filename || fields[tc.digest] != hex.EncodeToString(sum[:]) {
				t.Errorf("meta %s with %v (%v)", text, meta.Header, err)
			}
			file, content := part()
			if file.FormName() != "file" || file.FileName() != tc.filename || file.Header.Get("Content-Type") != tc.typ || !bytes.Equal(content, tc.content) {
				t.Errorf("file with %v", file.Header)
			}
			if _, err := form.NextRawPart(); err != io.EOF {
				t.Errorf("there is a third part (%v)", err)
			}
		})
	}
}

func TestUploadIsRepeatedWithAFreshSignature(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(refused(500, "SYSTEM_ERROR", "系统繁忙"), reply{err: errReset}, uploaded()))
		if _, err := newTestClient(t, s).UploadImage(t.Context(), UploadImageRequest{Filename: "card.png", Content: testPNG()}); err != nil {
			t.Fatal(err)
		}
		nonces := map[string]bool{}
		for _, r := range s.all() {
			if nonces[r.nonce] = true; !r.signedOK || !bytes.Equal(r.body, s.all()[0].body) {
				t.Errorf("an attempt is not signed, or has another body")
			}
		}
		if len(nonces) != 3 {
			t.Errorf("%d nonces in %d requests", len(nonces), s.count())
		}
	})
}

func TestUploadThatCannotSucceedIsNotSent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		filename string
		content  []byte
		field    string
	}{
		"no name":            {"", testPNG(), "filename"},
		"long name":          {strings.Repeat("名", 129), testPNG(), "filename"},
		"quotation mark":     {`a".png`, testPNG(), "filename"},
		"backslash":          {`a\.png`, testPNG(), "filename"},
		"header in the name": {"a.png\r\nContent-Type: text/html", testPNG(), "filename"},
		"no UTF-8":           {"a\xff.png", testPNG(), "filename"},
		"empty":              {"card.png", nil, "file"},
		"GIF":                {"card.png", []byte("GIF89a...."), "file"},
		"text":               {"card.png", []byte("<svg/>"), "file"},
	} {
		s := newService(t, replies(uploaded()))
		_, err := newTestClient(t, s).UploadImage(t.Context(), UploadImageRequest{Filename: tc.filename, Content: tc.content})
		if e := wantError(t, err, KindParameter, false); e.Field != tc.field || s.count() != 0 {
			t.Errorf("%s: %d requests: %v", name, s.count(), e)
		}
	}
	s := newService(t, replies(uploaded()))
	if _, err := newTestClient(t, s).UploadImage(t.Context(), UploadImageRequest{Filename: strings.Repeat("名", 128), Content: testPNG()}); err != nil {
		t.Error(err)
	}
}

func TestUploadedURLMustBeUsable(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"media_url":null}`, `{"media_url":""}`, `{"media_url":1}`, `{"media_url":"/a"}`, `{"media_url":"javascript:x"}`,
		`{"media_url":"https://a b"}`, `{"media_url":"https://a\nb"}`, `{"media_url":"https://a/` + strings.Repeat("x", 250) + `"}`,
	} {
		s := newService(t, replies(reply{body: body}))
		_, err := newTestClient(t, s).UploadImage(t.Context(), UploadImageRequest{Filename: "card.png", Content: testPNG()})
		wantError(t, err, KindAnswer, true)
		if s.count() != 1 {
			t.Errorf("%s: %d requests", body, s.count())
		}
	}
}
