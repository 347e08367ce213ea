// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package phonenumber normalizes, validates and masks phone numbers: how WeChat Pay wants
// one written, how people write one, and how much of one may be shown.
//
// It must not know Terraform or the API's calls: text in, text out. An error of this package
// shows a phone number only in its masked form.
package phonenumber
