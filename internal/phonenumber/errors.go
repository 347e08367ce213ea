// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import "errors"

// Kind says what is wrong with a text that should be a phone number.
type Kind string

// The kinds of errors.
const (
	// KindEmpty: there is no text, or nothing but spaces and invisible characters.
	KindEmpty Kind = "empty"
	// KindSpreadsheet: a spreadsheet took the number for a quantity and wrote it as
	// 1.38E+10 or with a decimal point. Digits may be lost, so nothing is guessed.
	KindSpreadsheet Kind = "written as a quantity by a spreadsheet"
	// KindNotPhoneNumber: the text is not one phone number, however it is written.
	KindNotPhoneNumber Kind = "not a phone number"
	// KindNotPossible: the form is that of a phone number of another country, but no
	// number of that country is that long, or there is no such country code.
	KindNotPossible Kind = "not possible"
	// KindNotNormalized: it is a phone number, but not in the form that WeChat Pay takes.
	// Normalize returns that form. Only Validate returns this kind.
	KindNotNormalized Kind = "not normalized"
)

// ErrNotNormalized is matched, by errors.Is, by every Error of KindNotNormalized: the
// caller can then name the function that normalizes a number for its users.
var ErrNotNormalized = errors.New("the phone number is not written as WeChat Pay takes it")

// Error is the one error that Normalize and Validate return. Its text is a clause
// without a capital or a full stop, and is safe to print.
type Error struct {
	Kind Kind
	// Masked is the text as Mask shows it; "" when the text was empty.
	Masked string

	// detail says what is wrong. It is always a constant of this package, never input.
	detail string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Kind == KindEmpty {
		return "the phone number is empty"
	}
	return "the phone number " + e.Masked + " " + e.detail
}

// Is reports whether target is ErrNotNormalized and e of that kind.
func (e *Error) Is(target error) bool {
	return target == ErrNotNormalized && e.Kind == KindNotNormalized
}

func newError(kind Kind, text, detail string) *Error {
	return &Error{Kind: kind, Masked: Mask(text), detail: detail}
}
