// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"time"
)

// mchID is the one merchant number that may sign requests.
const mchID = "1900000109"

// The identities that the mock has unless told otherwise.
const (
	DefaultBrandID = "1004"
	DefaultAppID   = "wx8888888888888888"
)

// The codes that different official pages give for HTTP 429.
const (
	RateLimitExceeded = "RATELIMIT_EXCEEDED"
	RateLimited       = "RATE_LIMITED"
	FrequencyLimited  = "FREQUENCY_LIMITED"
)

// PhoneScope says within what a phone number can be imported once. The
// documentation does not.
type PhoneScope int

const (
	// PhonePerTemplate allows a phone number one card under each template.
	PhonePerTemplate PhoneScope = iota
	// PhonePerBrand allows a phone number one card in the whole brand.
	PhonePerBrand
)

// ExistsMessage says which of the two documented messages refuses an import
// because the phone number or the code is taken.
type ExistsMessage int

const (
	// ExistsByCause answers 该手机号或会员卡code已存在 when the code is taken
	// and 该手机号已被导入过 when only the phone number is.
	ExistsByCause ExistsMessage = iota
	// ExistsAlwaysImported answers 该手机号已被导入过 to both.
	ExistsAlwaysImported
	// ExistsAlwaysPhoneOrCode answers 该手机号或会员卡code已存在 to both.
	ExistsAlwaysPhoneOrCode
)

// UserInformationUpdate says what a modify call does to the user information
// that it does not name. The documentation does not.
type UserInformationUpdate int

const (
	// UserInformationMerged keeps the fields that the call does not name.
	UserInformationMerged UserInformationUpdate = iota
	// UserInformationReplaced drops the fields that the call does not name.
	UserInformationReplaced
)

// TimePrecision says how times are spelt in answers. The official page gives a
// format without milliseconds and an example with them.
type TimePrecision int

const (
	// TimeAsGiven spells whole seconds without milliseconds and other times
	// with them.
	TimeAsGiven TimePrecision = iota
	// TimeSeconds never spells milliseconds: they are lost.
	TimeSeconds
	// TimeMilliseconds always spells them.
	TimeMilliseconds
)

// Options are the settings of a [Server]. The zero value is a usable one.
type Options struct {
	// Addr is the loopback address to listen on; "127.0.0.1:0" by default.
	// Any other kind of address is refused.
	Addr string
	// Now is the clock of every check and of every time in an answer;
	// [time.Now] by default.
	Now func() time.Time
	// BrandID is the brand of the default templates; [DefaultBrandID] by default.
	BrandID string
	// AppID is the AppID under which openids are made; [DefaultAppID] by default.
	AppID string
	// RequestsPerSecond is how many requests are accepted in any second; the
	// others are refused by 429. Below one it means one request in
	// 1/RequestsPerSecond seconds; zero means no limit. WeChat Pay documents 5.
	RequestsPerSecond float64
	// RateCode is the code that comes with 429; [RateLimitExceeded] by default.
	RateCode string
	// Templates are the card templates; [DefaultTemplates] of BrandID by default.
	Templates []Template
	// Cards exist from the start, as if somebody else had made them.
	Cards []Card
	// UnboundPhones are the phone numbers that have no WeChat account.
	UnboundPhones []string
	// Keys are the key pairs of both sides; generated when nil.
	Keys *Keys
	// SignWithPlatformCertificate makes the platform certificate sign the
	// answers; the WeChat Pay public key does otherwise. Requests may be
	// encrypted with either.
	SignWithPlatformCertificate bool

	// PhoneScope is where a phone number is unique; per template by default.
	PhoneScope PhoneScope
	// InvalidCardFreesPhone lets the phone number of an INVALID card be
	// imported again under another code; otherwise it cannot.
	InvalidCardFreesPhone bool
	// ExistsMessage chooses the message of an import that meets an existing card.
	ExistsMessage ExistsMessage
	// FullWidthCommas writes the commas in messages full-width.
	FullWidthCommas bool
	// OmitPhone leaves phone_number out of every answer.
	OmitPhone bool
	// OmitUserInformation leaves user_information out of every answer.
	OmitUserInformation bool
	// UserInformationUpdate is how a modify call treats user_information.
	UserInformationUpdate UserInformationUpdate
	// EmptyTextClears makes an empty text in a modify call clear the field;
	// otherwise it is refused as a wrong parameter.
	EmptyTextClears bool
	// FillFromTemplate puts the template's card_color, card_picture_url and
	// level into an imported card that was given none.
	FillFromTemplate bool
	// FillValidDate adds the begin and end that follow from pickup_time to
	// the valid_date_information of a FIX_TERM card's answers.
	FillValidDate bool
	// ReverseLists answers user_information in the other order than it came:
	// the documentation promises none.
	ReverseLists bool
	// PickupTimeForFixTermOnly ignores the pickup_time of a card of another
	// validity; otherwise it is kept, and must be before now all the same.
	PickupTimeForFixTermOnly bool
	// TimePrecision is how the times in answers are spelt.
	TimePrecision TimePrecision
	// TimeZone is the zone of the times in answers; +08:00 by default.
	TimeZone *time.Location

	// Log receives one line a request: method, operation, status, code and
	// Request-ID. No personal data and no bodies. Nil: no log.
	Log io.Writer
	// KeepRequests is how many requests are remembered, the latest; zero: all.
	KeepRequests int
}

func (o *Options) setDefaults() {
	setDefault(&o.Addr, "127.0.0.1:0")
	setDefault(&o.BrandID, DefaultBrandID)
	setDefault(&o.AppID, DefaultAppID)
	setDefault(&o.RateCode, RateLimitExceeded)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TimeZone == nil {
		o.TimeZone = chinaTime()
	}
	if o.Templates == nil {
		o.Templates = DefaultTemplates(o.BrandID)
	}
}

func setDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func chinaTime() *time.Location {
	return time.FixedZone("UTC+8", 8*60*60)
}

func (o *Options) validate() error {
	if err := checkLoopback(o.Addr); err != nil {
		return err
	}
	if o.RequestsPerSecond < 0 || math.IsNaN(o.RequestsPerSecond) || math.IsInf(o.RequestsPerSecond, 0) {
		return fmt.Errorf("requests per second: %v is not zero or a positive number", o.RequestsPerSecond)
	}
	if o.KeepRequests < 0 {
		return errors.New("requests to keep: a negative number")
	}
	return nil
}

// checkLoopback refuses an address that others could reach: the mock decrypts
// whatever it is sent and lists it to anybody.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: %w", addr, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("address %q is not a loopback address", addr)
	}
	return nil
}
