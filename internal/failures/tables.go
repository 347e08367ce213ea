// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package failures

import "slices"

// Table is what comes of the faults of one call.
type Table struct {
	Call Call
	// Title and Intro are the call's chapter in the guide.
	Title, Intro string
	Rows         []Row
}

// Tables are all tables, in the order of the guide.
func Tables() []Table { return slices.Concat(MemberTables(), TemplateTables(), PictureTables()) }

// MemberTables are those of the calls that are about members.
func MemberTables() []Table {
	return []Table{
		importByPhone, importByOpenID, attach, modify, invalidate, refresh, lookUp, card, cards, template,
	}
}

// TemplateTables are those of the calls of the resource of card templates.
func TemplateTables() []Table {
	return []Table{listTemplates, createTemplate, refreshTemplate, modifyTemplate, invalidateTemplate}
}

// PictureTables are those of the calls of the resource of pictures.
func PictureTables() []Table { return []Table{uploadImage} }

// Outcomes without a diagnostic.
var (
	// allWell: the member is imported or changed as planned.
	allWell = Outcome{Stored: Imported, Held: CardPlanned, NextStored: Imported, NextHeld: CardPlanned}
	// ended: the card is invalidated as planned.
	ended = Outcome{Stored: NoMember, Held: CardInvalid, NextStored: NoMember, NextHeld: CardInvalid}
	// unchanged: there was nothing to change.
	unchanged = Outcome{Stored: MemberBefore, Held: CardBefore, NextStored: MemberBefore, NextHeld: CardBefore}
	// The same of templates and pictures.
	templateMade      = Outcome{Stored: TemplateStored, Held: TemplateAsPlanned, NextStored: TemplateStored, NextHeld: TemplateAsPlanned}
	templateUnchanged = Outcome{Stored: TemplateBefore, Held: TemplateAsItWas, NextStored: TemplateBefore, NextHeld: TemplateAsItWas}
	templateEnded     = Outcome{Stored: NoTemplateStored, Held: TemplateInvalid, NextStored: NoTemplateStored, NextHeld: TemplateInvalid}
	uploaded          = Outcome{Stored: PictureStored, Held: OnePicture, NextStored: PictureStored, NextHeld: OnePicture}
	uploadedTwice     = Outcome{Stored: PictureStored, Held: SeveralPictures, NextStored: PictureStored, NextHeld: SeveralPictures}
)

// The summaries of diagnostics, and what they may begin with.
const (
	incomplete  = "The member is there, but not complete: "
	notLookedUp = "The card template could not be looked up: "

	unreachable       = "WeChat Pay could not be reached"
	notFinished       = "WeChat Pay has not finished"
	unusable          = "WeChat Pay's answer could not be used"
	unverified        = "The answer's signature is not WeChat Pay's"
	redirected        = "The endpoint answered with a redirect"
	cutOff            = "WeChat Pay's answer was cut off"
	systemError       = "WeChat Pay reported a system error"
	gatewayError      = "WeChat Pay or a gateway reported a system error"
	rateExceeded      = "WeChat Pay's rate limit was exceeded"
	noProduct         = "The merchant has no permission for the product"
	noPermission      = "The merchant has no permission for this call"
	signRefused       = "WeChat Pay did not accept the signature"
	refused           = "WeChat Pay refused the request"
	notByWeChatPay    = "The request was refused, probably not by WeChat Pay"
	unproven          = "The member exists already, through a connection that is not proven"
	valueRefused      = "WeChat Pay refused a value"
	timeRefused       = "WeChat Pay refused a time"
	unknownField      = "WeChat Pay does not know a field of the request"
	notOfBrand        = "The card template is not of this brand"
	noWeChat          = "The phone number has no WeChat account"
	phoneImported     = "The phone number was imported before"
	phoneOrCodeExists = "The phone number or the card code exists"
	noSuchCard        = "WeChat Pay knows no such card"
	noSuchTemplate    = "WeChat Pay knows no such brand or card template"
	noSuchUser        = "WeChat Pay knows no such brand or user"
	noTemplate        = "WeChat Pay knows no such card template"
	adoptedUnverified = "The member was adopted unverified"
	noCardUnderCode   = "This user has no card under this code"
	waiting           = "The user has opened a card that waits for confirmation"
	openIDUnknown     = "WeChat Pay does not know the openid"
	phoneNotOpen      = "Importing by phone number is not open"
	notOpen           = "WeChat Pay has not opened this call yet"
	noUploads         = "The merchant may not upload pictures"
	noSuchUpload      = "WeChat Pay does not know the upload of pictures"
	templateGone      = "The card template does not exist any more"
	cardGone          = "The member's card does not exist any more"
)
