// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const (
	uploads     = "/v3/marketing/favor/media/image-upload"
	cardUploads = "/v3/brand/partner/card-member/media/image-upload"
)

func samplePNG(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sampleJPEG(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sampleBMP is the header of a bitmap whose rows go from top to bottom.
func sampleBMP(width, height byte) []byte {
	b := make([]byte, 54)
	copy(b, "BM")
	b[18] = width
	b[22], b[23], b[24], b[25] = -height, 0xff, 0xff, 0xff
	return b
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// part is one of a multipart body.
type part struct {
	disposition, contentType string
	content                  []byte
}

const boundary = "boundary-of-the-test"

// multipartBody is written by hand, as any other tool would.
func multipartBody(parts ...part) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: " + p.disposition + "\r\n")
		if p.contentType != "" {
			b.WriteString("Content-Type: " + p.contentType + "\r\n")
		}
		b.WriteString("\r\n")
		b.Write(p.content)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes()
}

func metaPart(meta []byte) part { return part{`form-data; name="meta"`, "application/json", meta} }

func filePart(content []byte) part {
	return part{`form-data; name="file"; filename="card.png"`, "image/png", content}
}

func pngMeta(content []byte) body { return body{"filename": "card.png", "sha256": digestOf(content)} }

// uploadRequest is signed over meta only.
func (m *merchant) uploadRequest(target string, meta []byte, parts ...part) *http.Request {
	m.t.Helper()
	r := m.request(http.MethodPost, target, multipartBody(parts...))
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("Authorization", m.authorization(m.identity(), http.MethodPost, target, meta))
	return r
}

func (m *merchant) upload(target string, meta body, content []byte) reply {
	m.t.Helper()
	encoded := m.encode(meta)
	return m.do(m.uploadRequest(target, encoded, metaPart(encoded), filePart(content)))
}

func (m *merchant) mustUpload(content []byte) string {
	m.t.Helper()
	got := m.upload(uploads, pngMeta(content), content)
	if got.status != http.StatusOK || got.text("media_url") == "" {
		m.t.Fatalf("upload: %d %s", got.status, got.raw)
	}
	return got.text("media_url")
}

func TestUploadAnswersAURL(t *testing.T) {
	for name, tc := range map[string]struct {
		content                       []byte
		filename, contentType, format string
		width, height                 int
	}{
		"PNG":               {samplePNG(t, 716, 320), "card.png", "image/png", "png", 716, 320},
		"JPEG":              {sampleJPEG(t, 8, 4), "会员卡.JPG", "image/jpeg", "jpeg", 8, 4},
		"JPEG, long name":   {sampleJPEG(t, 8, 4), strings.Repeat("长", 123) + ".jpeg", "image/jpg", "jpeg", 8, 4},
		"BMP":               {sampleBMP(7, 5), "card.bmp", "image/bmp", "bmp", 7, 5},
		"largest in pixels": {samplePNG(t, 5000, 5000), "card.png", "image/png", "png", 5000, 5000},
		"largest in bytes":  {append(samplePNG(t, 4, 3), make([]byte, 2<<20-len(samplePNG(t, 4, 3)))...), "card.png", "image/png", "png", 4, 3},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			meta := m.encode(body{"filename": tc.filename, "sha256": strings.ToUpper(digestOf(tc.content))})
			file := part{`form-data; name="file"; filename="` + tc.filename + `"`, tc.contentType, tc.content}
			got := m.do(m.uploadRequest(uploads, meta, metaPart(meta), file))
			url := got.text("media_url")
			if got.status != http.StatusOK || len(got.json) != 1 || !strings.HasPrefix(url, "https://wxpaylogo.qpic.cn/") || len(url) > 256 {
				t.Fatalf("%d %s", got.status, got.raw)
			}
			want := mockserver.Picture{
				URL: url, Path: uploads, Filename: tc.filename, ContentType: tc.contentType, Format: tc.format,
				SHA256: digestOf(tc.content), Size: len(tc.content), Width: tc.width, Height: tc.height, At: noon(),
			}
			if pictures := m.server.Pictures(); len(pictures) != 1 || pictures[0] != want {
				t.Errorf("pictures: %+v", pictures)
			}
			last := m.last()
			if last.Operation != mockserver.OperationUploadImage || !bytes.Equal(last.Body, meta) || last.Plain["filename"] != tc.filename || !last.WorkDone {
				t.Errorf("recorded %+v", last)
			}
		})
	}
}

func TestUploadIsSignedOverMetaOnly(t *testing.T) {
	m := start(t, mockserver.Options{})
	content := samplePNG(t, 4, 3)
	meta := m.encode(pngMeta(content))
	spaced := bytes.ReplaceAll(meta, []byte(`,`), []byte(`, `))
	whole := multipartBody(metaPart(meta), filePart(content))
	for name, signedBody := range map[string][]byte{
		"the whole body": whole, "nothing": nil, "meta spelt otherwise": spaced, "the file": content,
	} {
		r := m.uploadRequest(uploads, signedBody, metaPart(meta), filePart(content))
		got, err := m.try(r)
		if err != nil || got.status != http.StatusUnauthorized || got.text("code") != "SIGN_ERROR" {
			t.Errorf("%s: %d %s %v", name, got.status, got.raw, err)
		}
	}
	// What is sent is signed byte for byte, however it is spelt.
	if got := m.do(m.uploadRequest(uploads, spaced, metaPart(spaced), filePart(content))); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestUploadIsChecked(t *testing.T) {
	m := start(t, mockserver.Options{})
	good := samplePNG(t, 4, 3)
	large := append(samplePNG(t, 4, 3), make([]byte, 2<<20)...)
	wide, high := samplePNG(t, 5001, 1), samplePNG(t, 1, 5001)
	gif := []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")
	other := digestOf([]byte("other"))
	for name, tc := range map[string]struct {
		meta          body
		content       []byte
		code, message string
	}{
		"empty":               {pngMeta(nil), nil, "PARAM_ERROR", "上传的图片内容为空"},
		"too large":           {pngMeta(large), large, "INVALID_REQUEST", "上传的图片大小大于2M"},
		"no picture":          {pngMeta([]byte("text")), []byte("text"), "INVALID_REQUEST", "图片格式无效"},
		"a GIF":               {pngMeta(gif), gif, "INVALID_REQUEST", "图片格式无效"},
		"another digest":      {body{"filename": "card.png", "sha256": other}, good, "INVALID_REQUEST", "图片摘要错误"},
		"half a digest":       {body{"filename": "card.png", "sha256": digestOf(good)[:32]}, good, "INVALID_REQUEST", "图片摘要错误"},
		"too wide":            {pngMeta(wide), wide, "INVALID_REQUEST", "图片尺寸不能超过5000*5000"},
		"too high":            {pngMeta(high), high, "INVALID_REQUEST", "图片尺寸不能超过5000*5000"},
		"name without an end": {body{"filename": "card", "sha256": digestOf(good)}, good, "INVALID_REQUEST", "文件名错误"},
		"name of an end only": {body{"filename": ".png", "sha256": digestOf(good)}, good, "INVALID_REQUEST", "文件名错误"},
		"name of another end": {body{"filename": "card.gif", "sha256": digestOf(good)}, good, "INVALID_REQUEST", "文件名错误"},
		"name too long":       {body{"filename": strings.Repeat("长", 125) + ".png", "sha256": digestOf(good)}, good, "INVALID_REQUEST", "文件名错误"},
	} {
		t.Run(name, func(t *testing.T) {
			wantRefused(t, m.upload(uploads, tc.meta, tc.content), http.StatusBadRequest, tc.code, tc.message)
		})
	}
	for field, meta := range map[string]body{
		"filename":    {"sha256": digestOf(good)},
		"sha256":      {"filename": "card.png"},
		"file_digest": {"filename": "card.png", "sha256": digestOf(good), "file_digest": digestOf(good)},
		"brand_id":    {"filename": "card.png", "sha256": digestOf(good), "brand_id": brand},
	} {
		wantParameter(t, m.upload(uploads, meta, good), "/body/"+field)
	}
	if pictures := m.server.Pictures(); len(pictures) != 0 {
		t.Errorf("kept %+v", pictures)
	}
}

func TestUploadsFormIsChecked(t *testing.T) {
	m := start(t, mockserver.Options{})
	content := samplePNG(t, 4, 3)
	meta := m.encode(pngMeta(content))
	good := []part{metaPart(meta), filePart(content)}
	disposition := func(p part, d string) part { p.disposition = d; return p }
	kind := func(p part, k string) part { p.contentType = k; return p }
	for name, parts := range map[string][]part{
		"no meta":             {filePart(content)},
		"no file":             {metaPart(meta)},
		"meta twice":          {metaPart(meta), metaPart(meta), filePart(content)},
		"file twice":          {metaPart(meta), filePart(content), filePart(content)},
		"another part":        {metaPart(meta), filePart(content), disposition(metaPart(meta), `form-data; name="more"`)},
		"meta as text":        {kind(metaPart(meta), "text/plain"), filePart(content)},
		"meta without a type": {kind(metaPart(meta), ""), filePart(content)},
		"file without a name": {metaPart(meta), disposition(filePart(content), `form-data; name="file"`)},
		"file of no name":     {metaPart(meta), disposition(filePart(content), `form-data; filename="card.png"`)},
	} {
		got := m.do(m.uploadRequest(uploads, meta, parts...))
		if got.status != http.StatusBadRequest || got.text("code") != "INVALID_REQUEST" {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	wantRefused(t, m.do(m.uploadRequest(uploads, meta, metaPart(meta), kind(filePart(content), "application/octet-stream"))),
		http.StatusBadRequest, "INVALID_REQUEST", "图片格式无效")
	for _, header := range []string{"", "application/json", "multipart/form-data", "multipart/form-data; boundary=another", "multipart/mixed; boundary=" + boundary} {
		r := m.uploadRequest(uploads, meta, good...)
		r.Header.Set("Content-Type", header)
		if got := m.do(r); got.status != http.StatusBadRequest || got.text("code") != "INVALID_REQUEST" {
			t.Errorf("Content-Type %q: %d %s", header, got.status, got.raw)
		}
	}
	huge := m.uploadRequest(uploads, meta, metaPart(meta), filePart(make([]byte, 9<<20)))
	if got, err := m.try(huge); err == nil && got.status != http.StatusBadRequest {
		t.Errorf("9 MB: %d %s", got.status, got.raw)
	}
	if got := m.do(m.uploadRequest(uploads, meta, good[1], good[0])); got.status != http.StatusOK {
		t.Errorf("the file first: %d %s", got.status, got.raw)
	}
}

func TestUploadPathsAndTheirDigests(t *testing.T) {
	content := samplePNG(t, 4, 3)
	marketing := pngMeta(content)
	card := body{"filename": "card.png", "file_digest": digestOf(content)}
	for name, tc := range map[string]struct {
		path                     mockserver.UploadPath
		marketing, card, swapped int
	}{
		"marketing":   {mockserver.UploadMarketing, 200, 404, 404},
		"card member": {mockserver.UploadCardMember, 404, 200, 400},
		"both":        {mockserver.UploadBoth, 200, 200, 400},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{UploadPath: tc.path})
			for _, upload := range []struct {
				target string
				meta   body
				want   int
			}{{uploads, marketing, tc.marketing}, {cardUploads, card, tc.card}, {cardUploads, marketing, tc.swapped}} {
				if got := m.upload(upload.target, upload.meta, content); got.status != upload.want {
					t.Errorf("%s: %d %s, want %d", upload.target, got.status, got.raw, upload.want)
				}
			}
		})
	}
	m := start(t, mockserver.Options{})
	wantRefused(t, m.call(http.MethodGet, uploads, nil), http.StatusNotFound, "NOT_FOUND", "")
}

func TestSameBytesUploadedAgain(t *testing.T) {
	for name, sameURL := range map[string]bool{"another URL": false, "the same URL": true} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{SamePictureSameURL: sameURL})
			content := samplePNG(t, 4, 3)
			first, again := m.mustUpload(content), m.mustUpload(content)
			if other := m.mustUpload(samplePNG(t, 5, 3)); (first == again) != sameURL || other == first {
				t.Errorf("%s, %s, %s", first, again, other)
			}
		})
	}
}

func TestNamesThatEndInJPEGMayBeRefused(t *testing.T) {
	m := start(t, mockserver.Options{RefuseJPEGNames: true})
	content := sampleJPEG(t, 4, 3)
	wantRefused(t, m.upload(uploads, body{"filename": "card.jpeg", "sha256": digestOf(content)}, content), http.StatusBadRequest, "INVALID_REQUEST", "文件名错误")
	if got := m.upload(uploads, body{"filename": "card.jpg", "sha256": digestOf(content)}, content); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestAdministrationOfPictures(t *testing.T) {
	m := start(t, mockserver.Options{})
	url := m.mustUpload(samplePNG(t, 4, 3))
	var raw json.RawMessage
	m.admin(http.MethodGet, "pictures", "", &raw)
	var pictures []mockserver.Picture
	if err := json.Unmarshal(raw, &pictures); err != nil || len(pictures) != 1 || pictures[0].URL != url || pictures[0].Width != 4 {
		t.Errorf("%s", raw)
	}
	m.admin(http.MethodPost, "reset", "", nil)
	if m.admin(http.MethodGet, "pictures", "", &raw); string(raw) != "[]" {
		t.Errorf("after the reset: %s", raw)
	}
}
