// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

const (
	// MaxFilename is the length of a picture's file name, in characters.
	MaxFilename = 128
	// maxMediaURL is the length of a card_picture_url.
	maxMediaURL = 256
)

// mediaURLPattern matches a URL that can be a card_picture_url.
var mediaURLPattern = regexp.MustCompile(`^https?://[!-~]+$`)

// UploadImageRequest is a picture to upload.
type UploadImageRequest struct {
	// Filename has 1 to 128 characters, with an extension of a picture. It must not have a quotation
	// mark, a backslash or a control character.
	Filename string
	// Content is the bytes of a JPEG or PNG file. WeChat Pay takes at most 2 MB and 5000×5000 pixels;
	// a card wants less than 1 MB.
	Content []byte
}

// UploadedImage is what WeChat Pay answers to an upload.
type UploadedImage struct {
	// URL is the picture's URL, for CardPictureURL. It is valid permanently.
	URL string
}

// UploadImage implements API.
func (c *Client) UploadImage(ctx context.Context, req UploadImageRequest) (*UploadedImage, error) {
	cl, _, err := c.newCall(OperationUploadImage, CardRef{})
	if err != nil {
		return nil, err
	}
	if field, err := cl.setUpload(req, c.routes[OperationUploadImage].digest); err != nil {
		return nil, &Error{Operation: cl.operation, Kind: KindParameter, Field: field, Err: err}
	}
	var image *UploadedImage
	cl.read = func(body []byte) *answerError {
		f, err := parseFields(body)
		if err != nil {
			return &answerError{err: err, retryable: true}
		}
		mediaURL := f.text("media_url")
		if len(mediaURL) > maxMediaURL || !mediaURLPattern.MatchString(mediaURL) {
			return &answerError{err: errors.New("the answer has no media_url that is a URL of at most 256 characters")}
		}
		image = &UploadedImage{URL: mediaURL}
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return image, nil
}

// IsFilename reports whether a name can be a picture's file name, apart from its ending: 1 to 128
// printable characters without quotation marks and backslashes. A space is printable, other
// blanks are not.
func IsFilename(name string) bool {
	n := utf8.RuneCountInString(name)
	return n > 0 && n <= MaxFilename && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return r == '"' || r == '\\' || !unicode.IsPrint(r) })
}

// setUpload puts the picture into the call, with the digest under the name that the route has.
// Its error is about the field that it returns.
func (cl *call) setUpload(req UploadImageRequest, digestName string) (field string, err error) {
	if !IsFilename(req.Filename) {
		return "filename", fmt.Errorf("filename must have 1 to %d printable characters without quotation marks and backslashes", MaxFilename)
	}
	contentType := http.DetectContentType(req.Content)
	if contentType != "image/jpeg" && contentType != consts.ImagePNG {
		return "file", errors.New("the file is not a JPEG or PNG picture")
	}
	digest := sha256.Sum256(req.Content)
	meta, err := json.Marshal(map[string]string{"filename": req.Filename, digestName: hex.EncodeToString(digest[:])})
	if err != nil {
		return "filename", errors.New("filename could not be written as JSON")
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := errors.Join(
		core.CreateFormField(form, "meta", consts.ApplicationJSON, meta),
		core.CreateFormFile(form, req.Filename, contentType, req.Content),
		form.Close(),
	); err != nil {
		return "file", errors.New("the picture could not be written as multipart/form-data")
	}
	cl.body, cl.signedMeta, cl.contentType = body.Bytes(), string(meta), form.FormDataContentType()
	return "", nil
}
