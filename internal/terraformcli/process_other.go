// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

//go:build !unix

package terraformcli

import (
	"os"
	"os/exec"
)

// interruptOnCancel leaves cmd to be killed when its context ends: an interrupt cannot be sent
// to another process here.
func interruptOnCancel(*exec.Cmd) {}

// killGroup has nothing to do: a killed command's children are not known here.
func killGroup(*exec.Cmd) {}

// PeakMemory is not known here.
func PeakMemory(*os.ProcessState) int64 { return 0 }

// killProcess kills a process. Its children are not known here.
func killProcess(process *os.Process) { _ = process.Kill() }
