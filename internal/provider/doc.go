// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the provider block: its schema, its environment variables, their
// checks, and the client that is built from them. It registers the resources, data sources,
// list resources, actions and functions of the other packages.
//
// It must not know what a member card is, and it makes no call to WeChat Pay: configuring
// the provider needs no network.
package provider
