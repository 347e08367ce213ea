// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"image/png"
	"time"
)

// maxPictureSide is the largest width and height in pixels (official page 4023146634).
const maxPictureSide = 5000

// Picture is a picture that was uploaded. Its bytes are not kept.
type Picture struct {
	// URL is what the upload answered: it leads nowhere.
	URL string `json:"url"`
	// Path is the path of the call.
	Path     string `json:"path"`
	Filename string `json:"filename"`
	// ContentType is the one that was sent, Format what the bytes are: jpeg, png or bmp.
	ContentType string `json:"content_type"`
	Format      string `json:"format"`
	// SHA256 is hexadecimal, lower case; Size is in bytes, Width and Height in pixels.
	SHA256 string    `json:"sha256"`
	Size   int       `json:"size"`
	Width  int       `json:"width"`
	Height int       `json:"height"`
	At     time.Time `json:"at"`
}

// Pictures are the pictures that were uploaded since the start or the last
// reset, in that order.
func (s *Server) Pictures() []Picture {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Picture{}, s.pictures...)
}

func pictureTypes() []string {
	return []string{"image/jpeg", "image/jpg", "image/png", "image/bmp"}
}

// measure reads what kind of picture the bytes are, and its size in pixels.
func measure(content []byte) (format string, width, height int, ok bool) {
	if c, err := jpeg.DecodeConfig(bytes.NewReader(content)); err == nil {
		return "jpeg", c.Width, c.Height, true
	}
	if c, err := png.DecodeConfig(bytes.NewReader(content)); err == nil {
		return "png", c.Width, c.Height, true
	}
	return measureBMP(content)
}

// measureBMP reads the header of a Windows bitmap, which the standard library
// does not know: two letters, and from byte 18 on width and height, the latter
// negative when the rows go from top to bottom.
func measureBMP(content []byte) (format string, width, height int, ok bool) {
	const header = 26
	if len(content) < header || string(content[:2]) != "BM" {
		return "", 0, 0, false
	}
	side := func(at int) int {
		n := int64(int32(binary.LittleEndian.Uint32(content[at:]))) //nolint:gosec // A signed number is stored there.
		return int(max(n, -n))
	}
	width, height = side(18), side(22)
	return "bmp", width, height, width > 0 && height > 0
}
