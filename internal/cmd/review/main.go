// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Review runs the review of examples/pull-request on a real plan against the mock. Its tests prove
// what the review promises.
package main

import "os"

func main() {
	if calledAsJQ() {
		os.Exit(runJQ())
	}
}
