// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"log"
	"testing"
)

// net/http prints bytes of answers to the standard logger.
func TestStandardLoggerIsSilent(t *testing.T) {
	before := log.Writer()
	t.Cleanup(func() { log.SetOutput(before) })
	prepare()
	if log.Writer() != io.Discard {
		t.Error("what net/http prints would reach Terraform's log")
	}
}
