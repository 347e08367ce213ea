// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// clockTolerance is how far a timestamp may be off, on either side.
	clockTolerance = 5 * time.Minute
	// nonceMemory is how long a nonce is remembered. It is at least as long as a
	// request with that nonce could be accepted.
	nonceMemory = 2 * clockTolerance
)

// authorization is a parsed Authorization header.
type authorization struct {
	// identity is mchid or brand_id.
	identity, serialNo, nonce, signature string
	timestamp                            string
}

// parseAuthorization accepts the parameters in any order. Each must be there
// exactly once, and no others.
func (m *mode) parseAuthorization(header string) (authorization, bool) {
	scheme, rest, ok := strings.Cut(header, " ")
	if !ok || scheme != m.scheme {
		return authorization{}, false
	}
	var a authorization
	targets := map[string]*string{
		m.identityName: &a.identity, "serial_no": &a.serialNo, "nonce_str": &a.nonce,
		"signature": &a.signature, "timestamp": &a.timestamp,
	}
	parameter := regexp.MustCompile(`^ *([a-z_]+)="([^"]+)" *$`)
	for part := range strings.SplitSeq(rest, ",") {
		match := parameter.FindStringSubmatch(part)
		if match == nil || targets[match[1]] == nil {
			return authorization{}, false
		}
		*targets[match[1]] = match[2]
		delete(targets, match[1])
	}
	return a, len(targets) == 0
}

// checkAuthorization returns nil when the caller's key signed exactly this
// request, the timestamp is current, and the nonce is new. target is the
// request's path and query as sent, escapes included.
func (s *Server) checkAuthorization(m *mode, header, method, target string, body []byte) *apiError {
	if header == "" {
		return refuseSignature("the Authorization header is missing")
	}
	a, ok := m.parseAuthorization(header)
	if !ok {
		return refuseSignature("the Authorization header is malformed")
	}
	now := s.options.Now()
	if issue := m.checkIdentity(a, now); issue != "" {
		return refuseSignature(issue)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(a.signature)
	if err != nil {
		return refuseSignature("the signature is not base64")
	}
	message := method + "\n" + target + "\n" + a.timestamp + "\n" + a.nonce + "\n" + string(body) + "\n"
	sum := sha256.Sum256([]byte(message))
	if rsa.VerifyPKCS1v15(m.callerKey, crypto.SHA256, sum[:], signature) != nil {
		return refuseSignature("sign not match")
	}
	// Only the nonce of a correctly signed request is remembered, so that a
	// forged request cannot use it up.
	if !s.nonces.use(a.nonce, now) {
		return refuseSignature("nonce_str was used before")
	}
	return nil
}

func (m *mode) checkIdentity(a authorization, now time.Time) (issue string) {
	if a.identity != m.identity {
		return "unknown " + m.identityName
	}
	if a.serialNo != m.serialNo {
		return "serial_no is not of a certificate of this caller"
	}
	if len(a.nonce) > 128 {
		return "nonce_str is too long"
	}
	seconds, err := strconv.ParseInt(a.timestamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != a.timestamp {
		return "timestamp is not a number of seconds"
	}
	if off := now.Sub(time.Unix(seconds, 0)); off.Abs() > clockTolerance {
		return "timestamp is more than 5 minutes off"
	}
	return ""
}
