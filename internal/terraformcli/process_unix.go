// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package terraformcli

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// interruptOnCancel stops cmd by one interrupt when its context ends. It runs in a process
// group of its own: Ctrl-C on a terminal reaches every process of the foreground group, and
// together with ours Terraform would count two and drop everything at once.
func interruptOnCancel(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
}

// killGroup kills what a killed command may have left of its process group: the provider.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		killProcess(cmd.Process)
	}
}

// killProcess kills a process that leads a process group, and the group.
func killProcess(process *os.Process) { _ = syscall.Kill(-process.Pid, syscall.SIGKILL) }

// PeakMemory returns the most memory in bytes that the larger of an ended command and the
// processes that it waited for held, 0 where it is not known.
func PeakMemory(state *os.ProcessState) int64 {
	usage, isKnown := state.SysUsage().(*syscall.Rusage)
	if !isKnown {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) //nolint:unconvert // 32 bits on some systems; in bytes here, in kilobytes elsewhere
	}
	return int64(usage.Maxrss) * 1024 //nolint:unconvert // 32 bits on some systems
}
