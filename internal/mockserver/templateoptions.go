// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

// OutRequestNo says what happens when a template is created with an
// out_request_no that was used before in the brand. The documentation only says
// that it must be unique.
type OutRequestNo int

const (
	// OutRequestNoIdempotent creates nothing and answers with the first template,
	// as it is now. A request whose other fields differ is refused.
	OutRequestNoIdempotent OutRequestNo = iota
	// OutRequestNoIgnored creates another template with the same number.
	OutRequestNoIgnored
	// OutRequestNoRefused refuses the request.
	OutRequestNoRefused
)

// TemplateTimeName says which name the time of a template's last change has in
// answers. The editions of the official pages differ.
type TemplateTimeName int

const (
	// TemplateModifyTime is modify_time, the name of the later editions.
	TemplateModifyTime TemplateTimeName = iota
	// TemplateUpdateTime is update_time, the name of the first edition.
	TemplateUpdateTime
)

// InvalidTemplateCards says what happens to the cards of a template that is
// invalidated. The documentation does not say.
type InvalidTemplateCards int

const (
	// InvalidTemplateKeepsCards leaves them as they are.
	InvalidTemplateKeepsCards InvalidTemplateCards = iota
	// InvalidTemplateEndsCards makes them INVALID.
	InvalidTemplateEndsCards
)

// InvalidTemplateImport says how an import under an invalid template is
// answered. The documentation does not say.
type InvalidTemplateImport int

const (
	// InvalidTemplateRefused answers 会员卡模版已失效, a message of the mock's own.
	InvalidTemplateRefused InvalidTemplateImport = iota
	// InvalidTemplateNotOfBrand answers 会员卡模版ID不属于该品牌, the only
	// documented message about a template that cannot be used.
	InvalidTemplateNotOfBrand
	// InvalidTemplateAccepted imports the card.
	InvalidTemplateAccepted
)

// UploadPath says which paths a service provider can upload pictures to. The
// official pages for service providers name the upload, but its path could not be
// read. A brand has a documented path of its own (4015680641), which this option
// does not change.
type UploadPath int

const (
	// UploadMarketing is the upload for marketing calls,
	// /v3/marketing/favor/media/image-upload, whose digest is sha256.
	UploadMarketing UploadPath = iota
	// UploadCardMember is the counterpart of the brand's own path,
	// /v3/brand/partner/card-member/media/image-upload, whose digest is
	// file_digest.
	UploadCardMember
	// UploadBoth offers both paths.
	UploadBoth
)
