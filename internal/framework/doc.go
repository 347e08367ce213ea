// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package framework is what the resources, data sources, lists and actions of any object share
// on top of terraform-plugin-framework: values, times, rules for texts and numbers, plan
// modifiers, diagnostics and private state.
//
// It knows no card and no call: what is particular to an object, its package hands in.
package framework
