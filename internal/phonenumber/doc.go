// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package phonenumber knows how WeChat Pay wants a phone number written, how people
// write one, and how much of one may be shown.
//
// It knows nothing of Terraform and nothing of the API's calls: text in, text out.
// No error of this package contains a phone number in any form but masked.
package phonenumber
