// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Where pictures are uploaded: see [Options.UploadPath].
const (
	marketingUploadPath = "/v3/marketing/favor/media/image-upload"
	// cardMemberUpload follows the prefix of the mode.
	cardMemberUpload = "/media/image-upload"
)

// Limits of an upload.
const (
	limitFilename = 128
	limitDigest   = 256
	// maxPictureSize is "2M" of the product's own error table (official page 4023146634).
	maxPictureSize = 2 << 20
	// maxUploadBody is more than maxPictureSize, so that a picture that is too large
	// gets the error that says so.
	maxUploadBody = 8 << 20
)

// The messages of the upload (official page 4023146634), to the letter.
const (
	messagePictureEmpty  = "上传的图片内容为空"
	messagePictureLarge  = "上传的图片大小大于2M"
	messagePictureFormat = "图片格式无效"
	messagePictureName   = "文件名错误"
	messagePictureDigest = "图片摘要错误"
	messagePicturePixels = "图片尺寸不能超过5000*5000"
)

// uploadedFile is the file part of an upload.
type uploadedFile struct {
	contentType string
	content     []byte
}

// findUploadRoute matches the paths of uploads. The id of the route is the path:
// the name of the digest depends on it.
func (m *mode) findUploadRoute(method, escapedPath string) (route, bool) {
	switch escapedPath {
	case marketingUploadPath, m.prefix + cardMemberUpload:
		return route{operation: OperationUploadImage, id: escapedPath}, method == http.MethodPost
	}
	return route{}, false
}

// serves returns false for an upload path that the options do not offer.
func (s *Server) serves(rt route) bool {
	switch {
	case rt.operation != OperationUploadImage || rt.mode == s.modes.brand:
		return true
	case rt.id == marketingUploadPath:
		return s.options.UploadPath != UploadCardMember
	}
	return s.options.UploadPath != UploadMarketing
}

// splitUpload splits a multipart body into the part meta, byte for byte, which is
// what the Authorization header signs, and the file.
func splitUpload(contentType string, body []byte) (meta []byte, file *uploadedFile, apiErr *apiError) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, nil, refuseRules("the Content-Type header is not multipart/form-data with a boundary")
	}
	reader := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, refuseRules("the body is not well-formed multipart/form-data")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, refuseRules("the body is not well-formed multipart/form-data")
		}
		partType, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		switch name := part.FormName(); {
		case name == "meta" && meta == nil:
			if err != nil || partType != "application/json" {
				return nil, nil, refuseRules("the Content-Type of the part meta is not application/json")
			}
			meta = content
		case name == "file" && file == nil:
			if part.FileName() == "" {
				return nil, nil, refuseRules("the part file has no filename")
			}
			file = &uploadedFile{contentType: partType, content: content}
		default:
			return nil, nil, refuseRules("the body has a part that is neither meta nor file, or one twice")
		}
	}
	if len(meta) == 0 || file == nil {
		return meta, nil, refuseRules("the body has not the parts meta and file")
	}
	return meta, file, nil
}

// uploadMetaFields returns the fields of the part meta. The name of the digest
// depends on the path: on the wrong path it is an undefined field.
func uploadMetaFields(path string) []field {
	digest := "sha256"
	if path != marketingUploadPath {
		digest = "file_digest"
	}
	return []field{
		{name: "filename", required: true},
		{name: digest, required: true, limit: limitDigest},
	}
}

func (s *Server) uploadImage(c *call, now time.Time) outcome {
	sent := c.text("file_digest") + c.text("sha256")
	sum := sha256.Sum256(c.file.content)
	digest := hex.EncodeToString(sum[:])
	picture := Picture{
		Path: c.id, Filename: c.text("filename"), ContentType: c.file.contentType, SHA256: digest,
		Size: len(c.file.content), At: now,
	}
	var ok bool
	picture.Format, picture.Width, picture.Height, ok = measure(c.file.content)
	switch {
	case !s.isPictureName(picture.Filename):
		return failed(refuseBusiness(messagePictureName))
	case picture.Size == 0:
		return failed(&apiError{status: http.StatusBadRequest, code: codeParam, message: messagePictureEmpty})
	case picture.Size > maxPictureSize:
		return failed(refuseBusiness(messagePictureLarge))
	case !strings.EqualFold(sent, digest):
		return failed(refuseBusiness(messagePictureDigest))
	case !ok || !slices.Contains(pictureTypes(), picture.ContentType):
		return failed(refuseBusiness(messagePictureFormat))
	case picture.Width > maxPictureSide || picture.Height > maxPictureSide:
		return failed(refuseBusiness(messagePicturePixels))
	}
	picture.URL = "https://wxpaylogo.qpic.cn/wxpaylogo/" + rand.Text() + "/0"
	if s.options.SamePictureSameURL {
		if at := slices.IndexFunc(s.pictures, func(p Picture) bool { return p.SHA256 == digest }); at >= 0 {
			picture.URL = s.pictures[at].URL
		}
	}
	kept := picture
	return outcome{picture: &picture, store: func() { s.pictures = append(s.pictures, kept) }}
}

func (s *Server) isPictureName(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 || utf8.RuneCountInString(name) > limitFilename {
		return false
	}
	switch strings.ToLower(name[dot+1:]) {
	case "jpg", "png", "bmp":
		return true
	case "jpeg":
		return !s.options.RefuseJPEGNames
	}
	return false
}
