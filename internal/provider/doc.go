// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the provider block: its schema, the environment variables behind
// it, their checks, and the one client that is built from them. It registers what the
// other packages have: resources, data sources, list resources, actions and functions.
//
// It knows nothing of member cards beyond handing them what was configured, and makes no
// call to WeChat Pay: a provider that is only planned with needs no network.
package provider
