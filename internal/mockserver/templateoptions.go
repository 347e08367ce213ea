// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

// OutRequestNo says what the creation of a template does when its out_request_no
// was used before in the brand. The documentation only says that it is to be
// unique.
type OutRequestNo int

const (
	// OutRequestNoIdempotent answers the template that the number made, as it
	// is now, and makes none. A request that differs is refused.
	OutRequestNoIdempotent OutRequestNo = iota
	// OutRequestNoIgnored makes another template with the same number.
	OutRequestNoIgnored
	// OutRequestNoRefused refuses the number, whatever comes with it.
	OutRequestNoRefused
)

// TemplateTimeName says how answers call the time of a template's last change:
// the first edition of the official pages and the later ones differ.
type TemplateTimeName int

const (
	// TemplateModifyTime is modify_time, the name of the later editions.
	TemplateModifyTime TemplateTimeName = iota
	// TemplateUpdateTime is update_time, the name of the first edition.
	TemplateUpdateTime
)

// InvalidTemplateCards says what the cards of a template become when it is made
// invalid. The documentation does not.
type InvalidTemplateCards int

const (
	// InvalidTemplateKeepsCards leaves them as they are.
	InvalidTemplateKeepsCards InvalidTemplateCards = iota
	// InvalidTemplateEndsCards makes them INVALID.
	InvalidTemplateEndsCards
)

// InvalidTemplateImport says what an import under an invalid template comes to.
// The documentation does not.
type InvalidTemplateImport int

const (
	// InvalidTemplateRefused answers 会员卡模版已失效, words of this server.
	InvalidTemplateRefused InvalidTemplateImport = iota
	// InvalidTemplateNotOfBrand answers 会员卡模版ID不属于该品牌, the only
	// documented message about a template that cannot be used.
	InvalidTemplateNotOfBrand
	// InvalidTemplateAccepted imports the card.
	InvalidTemplateAccepted
)

// UploadPath says where a service provider uploads pictures for cards. The
// official pages for service providers only name the upload; a brand's page
// (4015680641) has a path of its own, which is not affected.
type UploadPath int

const (
	// UploadMarketing is the upload for marketing calls,
	// /v3/marketing/favor/media/image-upload, whose digest is sha256.
	UploadMarketing UploadPath = iota
	// UploadCardMember is the counterpart of the brand's own path,
	// /v3/brand/partner/card-member/media/image-upload, whose digest is
	// file_digest.
	UploadCardMember
	// UploadBoth has both paths.
	UploadBoth
)
