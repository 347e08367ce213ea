// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	stdimage "image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// The limits of a picture for a card. WeChat Pay's upload takes twice the bytes; a card does not.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
const (
	maxBytes        = 1<<20 - 1
	maxSide         = 5000
	suggestedWidth  = 716
	suggestedHeight = 320
)

// The formats that a card takes.
const (
	formatJPEG = "jpeg"
	formatPNG  = "png"
)

// extensions are the endings that WeChat Pay documents for file names.
var extensions = map[string]string{formatJPEG: ".jpg", formatPNG: ".png"}

// picture is a picture that was read and checked.
type picture struct {
	content       []byte
	sha256        string
	format        string
	width, height int
}

// readSource reads a picture from a file. Relative paths start at Terraform's working directory.
func readSource(source string) (*picture, error) {
	info, err := os.Stat(source)
	if err != nil {
		return nil, fileError(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := os.Open(filepath.Clean(source))
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, fileError(err)
	}
	return newPicture(content)
}

// unavailableError is about a picture whose bytes are not there: it says nothing about them.
type unavailableError struct{ error }

// fileError drops the path from an error: the message says source.
func fileError(err error) error {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		err = pathError.Err
	}
	return unavailableError{err}
}

// readBase64 reads a picture from base64 text.
func readBase64(text string) (*picture, error) {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("it is not base64; filebase64(\"picture.png\") makes it of a file")
	}
	return newPicture(content)
}

// newPicture checks that content is a picture that a card can have.
func newPicture(content []byte) (*picture, error) {
	if len(content) == 0 {
		return nil, errors.New("it is empty")
	}
	if len(content) > maxBytes {
		return nil, errors.New("it has 1 MiB or more, and a card's picture must be smaller")
	}
	if bytes.HasPrefix(content, []byte("version https://git-lfs")) {
		return nil, unavailableError{errors.New("it is a Git LFS pointer and not the picture: run git lfs pull")}
	}
	p := &picture{content: content}
	var config stdimage.Config
	var err error
	switch {
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		p.format = formatPNG
		config, err = png.DecodeConfig(bytes.NewReader(content))
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		p.format = formatJPEG
		config, err = jpeg.DecodeConfig(bytes.NewReader(content))
	default:
		return nil, fmt.Errorf("it is %s, not a JPEG or PNG picture", describe(content))
	}
	if err != nil {
		return nil, fmt.Errorf("it begins like a %s picture and cannot be decoded: the file is damaged", p.format)
	}
	p.width, p.height = config.Width, config.Height
	if p.width > maxSide || p.height > maxSide {
		return nil, fmt.Errorf("it has %d×%d pixels, and WeChat Pay takes at most %d×%d", p.width, p.height, maxSide, maxSide)
	}
	sum := sha256.Sum256(content)
	p.sha256 = hex.EncodeToString(sum[:])
	return p, nil
}

// describe names what people take for a picture that a card can have.
func describe(content []byte) string {
	for _, kind := range []struct{ prefix, name string }{
		{"GIF8", "a GIF"}, {"BM", "a BMP"}, {"RIFF", "a WebP"}, {"<svg", "an SVG"}, {"<?xml", "an SVG or other XML"}, {"%PDF", "a PDF"},
		{"II*\x00", "a TIFF"}, {"MM\x00*", "a TIFF"}, {"<!DOCTYPE", "an HTML page"}, {"<html", "an HTML page"},
	} {
		if bytes.HasPrefix(content, []byte(kind.prefix)) {
			return kind.name
		}
	}
	if len(content) > 12 && bytes.HasPrefix(content[4:], []byte("ftyp")) {
		return "a HEIC, AVIF or video file"
	}
	return "something else"
}

// isSuggestedSize reports whether the picture has the size that WeChat Pay suggests for a card.
func (p *picture) isSuggestedSize() bool {
	return p.width == suggestedWidth && p.height == suggestedHeight
}

// filename is the default file name: that of the source, with the documented ending, where
// WeChat Pay takes it.
func (p *picture) filename(source string) string {
	base := filepath.Base(source)
	if name := strings.TrimSuffix(base, filepath.Ext(base)) + extensions[p.format]; source != "" && isFilename(name, p.format) {
		return name
	}
	return "picture" + extensions[p.format]
}

// isFilename reports whether WeChat Pay takes a file name for a picture of a format.
func isFilename(name, format string) bool {
	extension := extensions[format]
	return wechatpay.IsFilename(name) && strings.EqualFold(filepath.Ext(name), extension) && !strings.EqualFold(name, extension) &&
		!strings.ContainsFunc(name, func(r rune) bool { return r == '/' || r > 0xFFFF })
}
