// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

// What can be chosen at the start is a field of [Options] in this file; for card
// templates and pictures see also templateoptions.go. In short:
//
//   - who calls: Keys, BrandID, SignWithPlatformCertificate; a brand calls the same
//     server with [Server.BrandCredentials] and needs no option;
//   - what is open: ImportByPhoneNotOpen, NoPermission, with NotOpenAnswer;
//   - where ids go: ModifyKeys, InvalidateKeys, ModifyTakesPickupTime;
//   - who has a card already: PhoneScope, ExistsMessage, InvalidCardFreesPhone,
//     InvalidCardBlocksOpenID, UnboundPhones, InvalidOpenIDs;
//   - how answers look: NotFoundCode, RateCode, TemplateTimeName, TimePrecision,
//     OmitPhone, OmitUserInformation, OmitEmptyData, ReverseLists, FillValidDate.
//
// What goes wrong while it runs is a [Fault], injected by [Server.Inject]: see
// faults.go for every kind. A user card that waits for confirmation is a [Card]
// with [StateUnactivated], from [Options].Cards or [Server.PutCard]. The errors of
// the product's own table are [ProductErrors], for [Fault.Status], Code and Message.

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"time"
)

// mchID is the merchant number of the service provider. No other may sign requests.
const mchID = "1900000109"

// The default brand and AppID.
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

// The codes that official pages give for a card or template that does not exist.
const (
	ResourceNotExists = codeNotExists
	NotFound          = codeNotFound
)

// PhoneScope says where a phone number can be imported only once. The
// documentation does not say.
type PhoneScope int

const (
	// PhonePerTemplate allows one card for a phone number under each template.
	PhonePerTemplate PhoneScope = iota
	// PhonePerBrand allows one card for a phone number in the whole brand.
	PhonePerBrand
)

// ExistsMessage says which message refuses an import when the code, the phone
// number or the user already has a card. The documentation has four messages,
// and does not say when each comes. A user whose card waits for confirmation
// always gets 用户已有待激活的会员卡.
type ExistsMessage int

const (
	// ExistsByCause answers an import by phone 该手机号或会员卡code已存在 when the
	// code is in use, 该手机号已被导入过 when only the phone number is, and
	// 用户已有已生效的会员卡 when the user was imported by openid without a phone
	// number. An import by openid gets 用户已有已生效的会员卡 when the user has a
	// card, whatever its code.
	ExistsByCause ExistsMessage = iota
	// ExistsAlwaysImported answers 该手机号已被导入过 in all cases.
	ExistsAlwaysImported
	// ExistsAlwaysPhoneOrCode answers 该手机号或会员卡code已存在 in all cases.
	ExistsAlwaysPhoneOrCode
	// ExistsAlwaysUser answers 用户已有已生效的会员卡 in all cases.
	ExistsAlwaysUser
)

// UserInformationUpdate says what a modify call does to the user information
// that it does not name. The documentation does not say.
type UserInformationUpdate int

const (
	// UserInformationMerged keeps the fields that the call does not name.
	UserInformationMerged UserInformationUpdate = iota
	// UserInformationReplaced removes the fields that the call does not name.
	UserInformationReplaced
)

// TimePrecision says how times are written in answers. The official page gives
// a format without milliseconds and an example with them.
type TimePrecision int

const (
	// TimeAsGiven writes whole seconds without milliseconds and other times with
	// them.
	TimeAsGiven TimePrecision = iota
	// TimeSeconds never writes milliseconds: they are lost.
	TimeSeconds
	// TimeMilliseconds always writes milliseconds.
	TimeMilliseconds
)

// Options are the settings of a [Server]. The zero value is usable.
type Options struct {
	// Addr is the loopback address to listen on; "127.0.0.1:0" by default.
	// Start refuses any other address.
	Addr string
	// Now is the clock for every check and every time in an answer; [time.Now]
	// by default.
	Now func() time.Time
	// BrandID is the brand of the default templates; [DefaultBrandID] by default.
	BrandID string
	// AppID is the AppID under which openids are made; [DefaultAppID] by default.
	AppID string
	// RequestsPerSecond is how many requests are accepted in any second; more
	// are refused with 429. A number below one means one request every
	// 1/RequestsPerSecond seconds; zero means no limit. WeChat Pay documents 5.
	RequestsPerSecond float64
	// RateCode is the code that comes with 429; [RateLimitExceeded] by default.
	RateCode string
	// Templates are the card templates; [DefaultTemplates] of BrandID by default.
	Templates []Template
	// Cards exist from the start, as if somebody else had imported them.
	Cards []Card
	// UnboundPhones are the phone numbers that no WeChat account is bound to.
	UnboundPhones []string
	// InvalidOpenIDs are openids that import-by-openid refuses with OpenID 无效, as
	// it refuses one that cannot be an openid.
	InvalidOpenIDs []string
	// Keys are the key pairs of both sides; generated when nil.
	Keys *Keys
	// SignWithPlatformCertificate makes the platform certificate sign the
	// answers; the WeChat Pay public key does otherwise. Requests may be
	// encrypted with either.
	SignWithPlatformCertificate bool

	// PhoneScope is where a phone number, and a user, is unique; per template by
	// default.
	PhoneScope PhoneScope
	// InvalidCardFreesPhone lets an import by phone use the phone number and the
	// code of an INVALID card again; otherwise it is refused.
	InvalidCardFreesPhone bool
	// InvalidCardBlocksOpenID refuses an import by openid of a user, or under a
	// code, that has an INVALID card. Otherwise both can be imported again, as
	// WeChat Pay advises (official page 4023146634).
	InvalidCardBlocksOpenID bool
	// NoPermission answers NotOpenAnswer to every call of the product, as to a
	// merchant that has not been granted the permission.
	NoPermission bool
	// ImportByPhoneNotOpen answers NotOpenAnswer to import-by-phone, which WeChat
	// Pay's guides call not online yet.
	ImportByPhoneNotOpen bool
	// NotOpenAnswer is what a call that is not open answers; [NoAuth] by default.
	// What WeChat Pay really answers is not documented.
	NotOpenAnswer ErrorAnswer
	// NotFoundCode is the code that answers 404 when a card or template does not
	// exist; [ResourceNotExists] by default.
	NotFoundCode string
	// ExistsMessage is the message when code, phone number or user has a card.
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
	// FillFromTemplate gives an imported card the template's card_color,
	// card_picture_url and level where the import has none.
	FillFromTemplate bool
	// FillValidDate adds begin and end, computed from pickup_time, to the
	// valid_date_information of a FIX_TERM card in answers.
	FillValidDate bool
	// ReverseLists answers the lists of user_information in reverse order: the
	// documentation promises no order.
	ReverseLists bool
	// PickupTimeForFixTermOnly ignores pickup_time unless the validity is
	// FIX_TERM. Otherwise it is stored and must be before now for every type.
	PickupTimeForFixTermOnly bool
	// ModifyKeys says where a modify call has card_id.
	ModifyKeys KeyPlace
	// InvalidateKeys says where an invalidate call has brand_id and card_id.
	InvalidateKeys KeyPlace
	// ModifyTakesPickupTime lets a modify call change pickup_time, as only the
	// first edition of its page did. Otherwise it is an undefined field.
	ModifyTakesPickupTime bool
	// The settings of card templates: see templateoptions.go.

	// OutRequestNo is what happens when an out_request_no is used again.
	OutRequestNo OutRequestNo
	// TemplateTimeName is the name of the time of a template's last change.
	TemplateTimeName TemplateTimeName
	// RequireMemberInformation makes member_information a required field of
	// the creation of a template.
	RequireMemberInformation bool
	// PicturesMustBeUploaded refuses a template whose card_picture_url was not
	// returned by an upload to this server.
	PicturesMustBeUploaded bool
	// FirstEditionModify lets a modify call change init_level and legal_agreement
	// of a template, as only the first edition of its page did. Otherwise they are
	// undefined fields.
	FirstEditionModify bool
	// TemplateObjectsMerged makes a change of a template keep the fields of an
	// object that it does not name; otherwise the object is replaced.
	TemplateObjectsMerged bool
	// FixedValidType refuses a change of the type of a template's validity.
	FixedValidType bool
	// ModifyInvalidTemplate lets an invalid template be changed; otherwise that
	// is refused.
	ModifyInvalidTemplate bool
	// InvalidateTemplateTwice answers the invalidation of an invalid template
	// with the template; otherwise it is refused.
	InvalidateTemplateTwice bool
	// InvalidTemplateCards is what happens to the cards of an invalidated template.
	InvalidTemplateCards InvalidTemplateCards
	// InvalidTemplateImport is how an import under an invalid template is answered.
	InvalidTemplateImport InvalidTemplateImport
	// NewestTemplatesFirst lists the newest template first, otherwise the oldest:
	// the documentation promises no order.
	NewestTemplatesFirst bool
	// OmitEmptyData leaves data out of a list that is empty, of templates or of a
	// user's cards.
	OmitEmptyData bool
	// OmitFalse leaves need_pinned and need_display_level out of a template's
	// answers when they are false.
	OmitFalse bool
	// SurplusValidDate answers every field of a template's validity whatever
	// its type, as the official examples do.
	SurplusValidDate bool

	// UploadPath is which paths a service provider can upload pictures to.
	UploadPath UploadPath
	// SamePictureSameURL returns the URL of the first upload when the same bytes
	// are uploaded again; otherwise a new one.
	SamePictureSameURL bool
	// RefuseJPEGNames refuses a file name that ends in .jpeg: the official page
	// of the marketing upload names JPG, BMP and PNG.
	RefuseJPEGNames bool

	// TimePrecision is how times are written in answers.
	TimePrecision TimePrecision
	// TimeZone is the zone of the times in answers; +08:00 by default.
	TimeZone *time.Location

	// Log receives one line per request: method, operation, status, code and
	// Request-ID. No personal data and no bodies. Nil: no log.
	Log io.Writer
	// KeepRequests is how many of the latest requests are kept in the log; zero
	// means all.
	KeepRequests int
}

func (o *Options) setDefaults() {
	setDefault(&o.Addr, "127.0.0.1:0")
	setDefault(&o.BrandID, DefaultBrandID)
	setDefault(&o.AppID, DefaultAppID)
	setDefault(&o.RateCode, RateLimitExceeded)
	setDefault(&o.NotFoundCode, ResourceNotExists)
	if o.NotOpenAnswer == (ErrorAnswer{}) {
		o.NotOpenAnswer = NoAuth()
	}
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
	if e := o.NotOpenAnswer; e.Status < 400 || e.Status > 599 || e.Code == "" {
		return errors.New("the answer of a call that is not open: it needs an HTTP status of an error and a code")
	}
	if o.KeepRequests < 0 {
		return errors.New("requests to keep: a negative number")
	}
	return nil
}

// checkLoopback refuses an address that other machines could reach: the mock
// decrypts personal data and shows it without a password.
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
