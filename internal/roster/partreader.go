// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/xml"
	"errors"
	"io"
)

// This file bounds what a workbook may cost. A workbook of a few kilobytes can unpack to
// gigabytes, and XML of a few megabytes can take gigabytes of memory.

// limits are what may still be read of a workbook, over all its parts.
type limits struct {
	bytes    int // unpacked
	elements int
}

// defaultLimits are ten times what 50,000 members need: 25 MB and 800,000 elements.
func defaultLimits() limits { return limits{bytes: 256 << 20, elements: 10_000_000} }

const (
	// maxToken is how many bytes an element's tag or a text may have. A cell has 32,767
	// characters at most.
	maxToken = 1 << 20
	// maxDepth is how deep elements may be nested. A sheet needs seven levels.
	maxDepth = 100
)

var (
	errTooLarge  = errors.New("the workbook is too large")
	errMalformed = errors.New("the workbook is not as ECMA-376 has it")
)

// partReader reads the XML of one part of a workbook within the workbook's limits.
type partReader struct {
	decoder   *xml.Decoder
	from      io.ReadCloser
	left      *limits
	depth     int
	tokenLeft int // bytes
}

// open returns a reader of the named part. The caller closes it.
func (w *workbook) open(part string) (*partReader, error) {
	file := w.parts[part]
	if file == nil {
		return nil, errMalformed
	}
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	p := &partReader{from: content, left: &w.left}
	p.decoder = xml.NewDecoder(p)
	return p, nil
}

func (p *partReader) close() { _ = p.from.Close() }

// Read implements io.Reader for the decoder. It fails at a limit, where io.LimitReader seems to
// end: a part that is cut off must not pass for a whole one.
func (p *partReader) Read(b []byte) (int, error) {
	most := min(p.left.bytes, p.tokenLeft)
	if most <= 0 {
		return 0, errTooLarge
	}
	n, err := p.from.Read(b[:min(len(b), most)])
	p.left.bytes -= n
	p.tokenLeft -= n
	return n, err
}

// token returns the next token, io.EOF at the end.
func (p *partReader) token() (xml.Token, error) {
	p.tokenLeft = maxToken
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.StartElement:
		p.depth++
		p.left.elements--
		if p.left.elements < 0 || p.depth > maxDepth {
			return nil, errTooLarge
		}
	case xml.EndElement:
		p.depth--
	}
	return token, nil
}

// skip reads the element that has just begun to its end.
func (p *partReader) skip() error {
	for depth := p.depth; p.depth >= depth; {
		if _, err := p.token(); err != nil {
			return err
		}
	}
	return nil
}
