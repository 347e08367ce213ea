// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// EchoResult is what a verified answer to Echo shows about the connection.
type EchoResult struct {
	// Host is the name of the host that answered.
	Host string
	// KeyID is the id of the WeChat Pay public key (PUB_KEY_ID_…), or the serial number of the
	// platform certificate, that signed the answer.
	KeyID string
	// EncryptionVerified is true when the answer contains the text that was sent encrypted. WeChat
	// Pay then could decrypt it, and, where the answer has it encrypted, this client too. It is false
	// when the answer does not contain it: the shape of the answer is not documented. It is nil in
	// brand mode, which has no echo.
	EncryptionVerified *bool
	// ClockOffset is how far WeChat Pay's clock is ahead of this machine's, in whole seconds. It is
	// negative when it is behind.
	ClockOffset time.Duration
	// RequestID is the Request-ID of the answer, empty when it had none.
	RequestID string
}

type wireEcho struct {
	EchoMessage          string `json:"echo_message"`
	EncryptedEchoMessage string `json:"encrypted_echo_message"`
}

// Echo implements API.
func (c *Client) Echo(ctx context.Context) (*EchoResult, error) {
	if _, offered := c.routes[OperationEcho]; !offered {
		return c.readAsEcho(ctx)
	}
	cl, _, err := c.newCall(OperationEcho, CardRef{})
	if err != nil {
		return nil, err
	}
	message, secret := rand.Text(), rand.Text()
	s := c.encrypter(ctx, cl)
	// notify_url is left out: with it, WeChat Pay would call it.
	if err := s.body(cl, wireEcho{EchoMessage: message, EncryptedEchoMessage: s.encrypt("encrypted_echo_message", Personal(secret))}); err != nil {
		return nil, err
	}
	var result *EchoResult
	cl.read = func(body []byte) *answerError {
		f, err := parseFields(body)
		if err != nil {
			// The shape is not documented: an answer that verifies and is no JSON proves as much.
			f = fields{}
		}
		if echoed, ok := f.values["echo_message"]; ok {
			var text string
			if json.Unmarshal(echoed, &text) != nil || text != message {
				return &answerError{err: errors.New("the answer's echo_message is not the one that was sent")}
			}
		}
		verified := c.contains(ctx, f, secret)
		result = c.echoResult(cl)
		result.EncryptionVerified = &verified
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return result, nil
}

// readAsEcho reads one card template in the place of an echo, in a mode that has none. Any
// verified answer will do.
func (c *Client) readAsEcho(ctx context.Context) (*EchoResult, error) {
	cl, _, err := c.newCall(OperationListTemplates, CardRef{})
	if err != nil {
		return nil, err
	}
	cl.query.Set("offset", "0")
	cl.query.Set("limit", "1")
	var result *EchoResult
	cl.read = func([]byte) *answerError {
		result = c.echoResult(cl)
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return result, nil
}

// echoResult says what the headers of the call's verified answer show.
func (c *Client) echoResult(cl *call) *EchoResult {
	a := cl.answered
	result := &EchoResult{
		KeyID:     clean(a.header.Get(consts.WechatPaySerial), maxSerialRunes),
		RequestID: a.requestID(&cl.masker),
	}
	// The answer's time is in whole seconds, so ours is too. It was read when the answer was verified.
	if seconds, err := strconv.ParseInt(strings.TrimSpace(a.header.Get(consts.WechatPayTimestamp)), 10, 64); err == nil {
		result.ClockOffset = time.Unix(seconds, 0).Sub(c.cfg.Now().Truncate(time.Second))
	}
	if endpoint, err := url.Parse(a.endpoint); err == nil {
		result.Host = endpoint.Hostname()
	}
	return result
}

// contains reports whether a field of the answer is the text, or decrypts to it.
func (c *Client) contains(ctx context.Context, f fields, text string) bool {
	for name, raw := range f.values {
		var value string
		if json.Unmarshal(raw, &value) != nil || value == "" {
			continue
		}
		if value == text {
			return true
		}
		if decrypted, err := c.cipher.decrypt(ctx, name, value); err == nil && decrypted.Reveal() == text {
			return true
		}
	}
	return false
}
