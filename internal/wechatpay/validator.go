// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"crypto/rsa"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

const (
	// maxClockSkew is how far an answer's time may be from ours.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4013059017
	maxClockSkew = 5 * time.Minute
	// probePrefix begins the signatures by which WeChat Pay tests that callers verify.
	probePrefix = "WECHATPAY/SIGNTEST/"
)

// ValidationReason says why an answer was not believed.
type ValidationReason string

// The reasons for which an answer is not believed.
const (
	// ReasonMissingHeader: a header of the signature is absent or cannot be read.
	ReasonMissingHeader ValidationReason = "missing header"
	// ReasonClock: the answer's time is more than five minutes from ours.
	ReasonClock ValidationReason = "clock"
	// ReasonUnknownSerial: the answer names a key that was not configured.
	ReasonUnknownSerial ValidationReason = "unknown serial"
	// ReasonBadSignature: the signature does not belong to the answer.
	ReasonBadSignature ValidationReason = "bad signature"
	// ReasonSignatureProbe: WeChat Pay signed wrongly on purpose, to test that callers verify.
	ReasonSignatureProbe ValidationReason = "signature probe"
)

// ValidationError is the cause of a KindSignature: an answer that was not believed.
type ValidationError struct {
	Reason ValidationReason
	// Header is the header of a ReasonMissingHeader.
	Header string
	// Serial is the key that the answer named, bounded and printable; it is not authenticated.
	Serial string
	// Skew is how far the answer's time is behind ours (negative: ahead), for a ReasonClock.
	Skew time.Duration
}

// Error implements error.
func (e *ValidationError) Error() string {
	switch e.Reason {
	case ReasonMissingHeader:
		return fmt.Sprintf("the answer's %s header is missing or cannot be read", e.Header)
	case ReasonClock:
		skew, side := e.Skew, "behind"
		if skew < 0 {
			// The most negative one has no positive: it stays as far off as can be said.
			skew, side = max(-skew, -(skew+1)), "ahead of"
		}
		return fmt.Sprintf("the answer's time is %s %s this machine's; at most %s is accepted", skew, side, maxClockSkew)
	case ReasonUnknownSerial:
		return fmt.Sprintf("the answer was signed with key %q, which is not configured", e.Serial)
	case ReasonSignatureProbe:
		return "the answer's signature is one of WeChat Pay's deliberate wrong ones (WECHATPAY/SIGNTEST/)"
	default:
		return fmt.Sprintf("the answer's signature does not fit its content (key %q)", e.Serial)
	}
}

// key is one of WeChat Pay's keys: its public key or a platform certificate's.
type key struct {
	serial string
	// hex is true for platform certificates, whose serials are compared as numbers.
	hex      bool
	verifier auth.Verifier
}

func newKey(serial string, hex bool, public *rsa.PublicKey) key {
	return key{serial: serial, hex: hex, verifier: verifiers.NewSHA256WithRSAPubkeyVerifier(serial, *public)}
}

func (k key) named(serial string) bool {
	if k.hex {
		return strings.EqualFold(strings.TrimLeft(k.serial, "0"), strings.TrimLeft(serial, "0"))
	}
	return k.serial == serial
}

// validator believes an answer when one of WeChat Pay's keys signed it less than five
// minutes ago. The SDK's own validators tell no reasons apart and use no other clock than the system's.
type validator struct {
	// keys holds the encrypting key first.
	keys []key
	now  func() time.Time
}

var _ auth.Validator = (*validator)(nil)

// GetAcceptSerial names the key that encrypts; the SDK sends it as Wechatpay-Serial.
func (v *validator) GetAcceptSerial(context.Context) (string, error) { return v.keys[0].serial, nil }

// Validate implements auth.Validator; it leaves the body readable.
func (v *validator) Validate(ctx context.Context, response *http.Response) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return v.check(ctx, response.Header, body)
}

func (v *validator) check(ctx context.Context, header http.Header, body []byte) error {
	values := make(map[string]string, 4)
	for _, name := range []string{consts.WechatPayTimestamp, consts.WechatPayNonce, consts.WechatPaySignature, consts.WechatPaySerial} {
		if values[name] = strings.TrimSpace(header.Get(name)); values[name] == "" {
			return &ValidationError{Reason: ReasonMissingHeader, Header: name}
		}
	}
	timestamp, serial, signature := values[consts.WechatPayTimestamp], values[consts.WechatPaySerial], values[consts.WechatPaySignature]
	if strings.HasPrefix(signature, probePrefix) {
		return &ValidationError{Reason: ReasonSignatureProbe, Serial: clean(serial, maxSerialRunes)}
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return &ValidationError{Reason: ReasonMissingHeader, Header: consts.WechatPayTimestamp}
	}
	// The answer's time is in whole seconds, so ours is too: 300.4 seconds are not more than five minutes.
	if skew := v.now().Truncate(time.Second).Sub(time.Unix(seconds, 0)); skew > maxClockSkew || skew < -maxClockSkew {
		return &ValidationError{Reason: ReasonClock, Serial: clean(serial, maxSerialRunes), Skew: skew}
	}
	for _, k := range v.keys {
		if !k.named(serial) {
			continue
		}
		message := timestamp + "\n" + values[consts.WechatPayNonce] + "\n" + string(body) + "\n"
		if err := k.verifier.Verify(ctx, k.serial, message, signature); err != nil {
			return &ValidationError{Reason: ReasonBadSignature, Serial: k.serial}
		}
		return nil
	}
	return &ValidationError{Reason: ReasonUnknownSerial, Serial: clean(serial, maxSerialRunes)}
}
