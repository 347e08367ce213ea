// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package failures is a table of facts: what comes of each fault of each call. The tests of
// membercard, cardtemplate and image hold the provider to every row, and the guide for users is generated from
// it. It has no rules, and knows neither the provider nor the mock.
package failures

// Call is a place in the provider that makes a call.
type Call string

// The calls.
const (
	ImportByPhone  Call = "import by phone"
	ImportByOpenID Call = "import by openid"
	Attach         Call = "attach"     // the modify call that follows an import, for attach
	Modify         Call = "modify"     // changing a member
	Invalidate     Call = "invalidate" // destroying a member whose policy is invalidate
	Refresh        Call = "refresh"    // reading a member's card before planning
	LookUp         Call = "look-up"    // looking a card template up while planning
	Card           Call = "card"       // data source of a card
	Cards          Call = "cards"      // data source of a user's cards
	Template       Call = "template"   // data source of a card template

	ListTemplates      Call = "list of templates"   // before a template is created
	CreateTemplate     Call = "create template"     // after the list
	RefreshTemplate    Call = "refresh template"    // reading a template before planning
	ModifyTemplate     Call = "modify template"     // changing a template
	InvalidateTemplate Call = "invalidate template" // destroying a template whose policy is invalidate
	UploadImage        Call = "upload"              // uploading a picture
)

// Writes reports whether the call changes anything at WeChat Pay.
func (c Call) Writes() bool {
	switch c {
	case ImportByPhone, ImportByOpenID, Attach, Modify, Invalidate, CreateTemplate, ModifyTemplate, InvalidateTemplate, UploadImage:
		return true
	}
	return false
}

// Fault is one way to go wrong, as people read it.
type Fault string

// Stored is what Terraform holds of the member, the template or the picture.
type Stored string

// What Terraform can hold. Data sources and plans hold nothing: Stored is empty there.
const (
	NoMember          Stored = "no member"
	Imported          Stored = "the member, with its openid"
	Adopted           Stored = "the member, adopted, with its openid"
	AdoptedUnverified Stored = "the member, adopted unverified, without an openid"
	MemberBefore      Stored = "the member as it was"

	NoTemplateStored  Stored = "no template"
	TemplateWithoutID Stored = "the template, without card_id"
	TemplateBefore    Stored = "the template as it was"
	TemplateStored    Stored = "the template as planned"
	NoPicture         Stored = "no picture"
	PictureStored     Stored = "the picture, with its URL"
)

// Held is what WeChat Pay holds of the member or the template, and how many pictures.
type Held string

// What WeChat Pay can hold.
const (
	NoCard      Held = "no card"
	CardBefore  Held = "the card as it was"
	CardPlanned Held = "the card as planned"
	CardInvalid Held = "the invalidated card"

	NoTemplateHeld    Held = "no template"
	TemplateAsItWas   Held = "the template as it was"
	TemplateAsPlanned Held = "the template as planned"
	TemplateInvalid   Held = "the invalidated template"
	NoPictureHeld     Held = "no picture"
	OnePicture        Held = "the picture"
	SeveralPictures   Held = "the picture, more than once"
)

// Row says what comes of faults of one call. The faults of a row come to the same.
type Row struct {
	Faults []Fault
	// Tries is how many requests of this call are sent while the fault lasts and max_retries is 1.
	Tries int
	// Once is what comes of a fault that hits only the first request. It is zero where that one
	// is not followed by another try.
	Once Outcome
	// Lasts is what comes of a fault that does not end.
	Lasts Outcome
	// Advice is what to do about a fault that lasts.
	Advice string
}

// Outcome is what comes of a fault.
type Outcome struct {
	// Error or Warning is the summary of the only diagnostic, At its attribute; nothing is said
	// where both are empty.
	Error, Warning string
	At             string
	// Unknown is whether the diagnostic says that the call may have been carried out.
	Unknown bool
	// Reads, Lookups and Lists count the requests that follow: readings of the card, of the
	// template (by which the client finds out whether answers verify), and of the user's cards.
	Reads, Lookups, Lists int
	// Stored and Held are what both sides hold then.
	Stored Stored
	Held   Held
	// NextStored and NextHeld are what they hold after the next apply, when the fault is over.
	NextStored Stored
	NextHeld   Held
}
