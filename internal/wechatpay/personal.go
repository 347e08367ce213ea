// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"fmt"
	"io"
	"log/slog"
)

// Personal is a piece of personal data in the clear: a phone number, a name, an address.
// However it is printed, formatted, marshalled or logged, it shows a fixed placeholder;
// only Reveal hands out the text.
type Personal string

const personalPlaceholder = "(personal)"

// Reveal returns the text itself. Its result must reach nothing but the encryption
// of a request, a comparison, or an attribute that is marked sensitive.
func (p Personal) Reveal() string { return string(p) }

// String implements fmt.Stringer without showing the text.
func (p Personal) String() string { return personalPlaceholder }

// Format implements fmt.Formatter without showing the text, whatever the verb: of one that
// does not fit a text (%d), fmt would print the text itself beside its complaint.
func (p Personal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, personalPlaceholder) }

// LogValue implements slog.LogValuer without showing the text.
func (p Personal) LogValue() slog.Value { return slog.StringValue(personalPlaceholder) }

// MarshalText implements encoding.TextMarshaler, and thereby what encoding/json does,
// without showing the text.
func (p Personal) MarshalText() ([]byte, error) { return []byte(personalPlaceholder), nil }
