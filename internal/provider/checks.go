// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// This file says what each value must look like. A check returns the value as it is
// used, or a message that says what would be right. The message never repeats the value.

const (
	maxSerial = 40

	// minRequestsPerSecond prevents a run that never ends because of a typing mistake;
	// maxRequestsPerSecond is far beyond what WeChat Pay grants, for tests against a mock.
	minRequestsPerSecond = 0.1
	maxRequestsPerSecond = 1000

	maxMaxRetries = 10

	minRequestTimeout = 100 * time.Millisecond
	maxRequestTimeout = 5 * time.Minute
)

var (
	mchIDPattern       = regexp.MustCompile(`^[0-9]{1,32}$`)
	serialPattern      = regexp.MustCompile(`^[0-9A-Fa-f]{1,40}$`)
	publicKeyIDPattern = regexp.MustCompile(`^PUB_KEY_ID_[0-9A-Za-z_-]{1,117}$`)
	// bytePairsPattern is a serial number as pairs of digits, as in 51:57:F0.
	bytePairsPattern = regexp.MustCompile(`^[0-9A-Fa-f]{2}(?:[: -][0-9A-Fa-f]{2})+$`)
	// decimalPattern is longer than any hexadecimal serial number.
	decimalPattern = regexp.MustCompile(`^[0-9]{41,60}$`)
)

func checkMchID(text string) (string, string) {
	if !mchIDPattern.MatchString(text) {
		return "", "A merchant number has 1 to 32 digits and nothing else."
	}
	return text, ""
}

// checkSerial returns the serial number as WeChat Pay prints it: upper case, no separators.
// It reads what `openssl x509 -serial` and `-text`, and certificate viewers, print.
func checkSerial(text string) (string, string) {
	serial := text
	for _, prefix := range []string{"serial=", "serial:", "0x"} {
		if len(serial) > len(prefix) && strings.EqualFold(serial[:len(prefix)], prefix) {
			serial = serial[len(prefix):]
		}
	}
	if bytePairsPattern.MatchString(serial) {
		serial = strings.NewReplacer(":", "", " ", "", "-", "").Replace(serial)
	}
	for len(serial) > maxSerial && strings.HasPrefix(serial, "0") {
		serial = serial[1:]
	}
	switch {
	case serialPattern.MatchString(serial):
		return strings.ToUpper(serial), ""
	case strings.Contains(text, "-----BEGIN"):
		return "", "It is a certificate or a key. Its serial number belongs here: " + printSerial + "."
	case strings.HasPrefix(text, "PUB_KEY_ID_"):
		return "", "It is the ID of the WeChat Pay public key, which belongs in public_key_id (" + variable("public_key_id") + "). " +
			"The serial number of your API certificate belongs here: " + printSerial + "."
	case decimalPattern.MatchString(serial):
		return "", "It is the serial number in decimal. It is needed in hexadecimal: " + printSerial + "."
	default:
		return "", "A certificate's serial number has 1 to 40 hexadecimal digits (0-9, A-F). Print it: " + printSerial + "."
	}
}

func checkPublicKeyID(text string) (string, string) {
	switch {
	case publicKeyIDPattern.MatchString(text):
		return text, ""
	case strings.Contains(text, "-----BEGIN"):
		return "", "It is the key itself, which belongs in public_key (" + variable("public_key") + "). Its ID belongs here; it begins with PUB_KEY_ID_."
	default:
		return "", "The ID of a WeChat Pay public key begins with PUB_KEY_ID_, followed by letters and digits. " +
			"It is not the serial number of a certificate. WeChat Pay shows it beside the key."
	}
}

// checkBrandID has the rule of a resource's own brand_id.
func checkBrandID(text string) (string, string) {
	rule := framework.BrandID()
	if rule.Mistake(text) != "" {
		return "", "A brand's ID is " + rule.Accepted() + "."
	}
	return text, ""
}

// checkEndpoint returns scheme and host in lower case.
func checkEndpoint(text string) (string, string) {
	const right = "It must be https:// with a host and perhaps a port, such as https://api.mch.weixin.qq.com, and nothing after it."
	if i := strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return "", fmt.Sprintf("The URL contains the character U+%04X, which is not ASCII. Some characters only look like Latin letters or punctuation: "+
			"type the URL instead of copying it. %s", r, right)
	}
	text = strings.TrimSuffix(text, "/")
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" {
		return "", "The value is not a URL with a host. " + right
	}
	if u.User != nil {
		return "", "The URL carries a user name or password, which WeChat Pay does not take. " + right
	}
	if u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#") {
		return "", "The URL has a path, a query or a fragment after the host. " + right
	}
	if strings.HasSuffix(u.Host, ":") || !portInRange(u.Port()) {
		return "", "The URL's port is not a number from 1 to 65535. " + right
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
	case u.Scheme == "http":
		return "", "http:// is accepted for loopback addresses (localhost, 127.0.0.1, ::1) only. " + right
	default:
		return "", "The URL's scheme is not https. " + right
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), ""
}

func portInRange(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1 && n <= 65535
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// sameEndpoint compares two endpoints that passed checkEndpoint.
func sameEndpoint(a, b string) bool {
	withPort := func(endpoint string) string {
		u, err := url.Parse(endpoint)
		switch {
		case err != nil || u.Port() != "":
			return endpoint
		case u.Scheme == "http":
			return endpoint + ":80"
		default:
			return endpoint + ":443"
		}
	}
	return withPort(a) == withPort(b)
}

func checkRequestsPerSecond(text string) (float64, string) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= minRequestsPerSecond && n <= maxRequestsPerSecond) {
		return 0, fmt.Sprintf("It must be a number from %g to %d.", minRequestsPerSecond, maxRequestsPerSecond)
	}
	return n, ""
}

func checkMaxRetries(text string) (int, string) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxMaxRetries {
		return 0, fmt.Sprintf("It must be a whole number from 0 (never try again) to %d.", maxMaxRetries)
	}
	return n, ""
}

func checkRequestTimeout(text string) (time.Duration, string) {
	d, err := time.ParseDuration(text)
	if err != nil || d < minRequestTimeout || d > maxRequestTimeout {
		return 0, "It must be a duration from 100ms to 5m, a number with a unit such as 30s or 1m30s."
	}
	return d, ""
}

func checkRefreshInterval(text string) (time.Duration, string) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, "It must be a duration of 0s or more, a number with a unit such as 15m or 24h."
	}
	return d, ""
}

func checkBool(text string) (bool, string) {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, "It must be true or false."
	}
	return b, ""
}
