// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package wechatpay is the API side of the provider: it signs, encrypts, sends,
// verifies and parses WeChat Pay's brand member card calls, retries what may be
// retried, keeps to the documented rate, and returns typed values and typed errors.
//
// It knows nothing of Terraform: no type of a plugin library occurs here.
// Facts of the API come from the official pages that each call names.
package wechatpay
