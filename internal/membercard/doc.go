// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package membercard is all that Terraform knows of WeChat Pay member cards: the
// resource and its list, the data sources, the action, their models, the mapping to
// and from the types of package wechatpay, and the decision of what to do with a card
// that already exists.
//
// It meets no HTTP: everything that goes over the wire is package wechatpay's.
package membercard
