// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package roster is the provider's functions: decoding a roster of members out of the
// text of a spreadsheet, normalising a phone number, masking one.
//
// Decoding itself is plain Go on plain values (decode.go and what it calls); the files
// named after a function translate between that and Terraform. Nothing here calls
// WeChat Pay or knows how. What a value may look like is checked by the rules of the resource
// that sends it, package rules, so that an error names the line. Only package phonenumber knows
// phone numbers.
//
// No error of this package shows a cell of a roster, but for phone numbers in their
// masked form: rows are named by their lines.
package roster
