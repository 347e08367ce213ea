// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// stopWithin is how long an interrupted Terraform may take to finish what it has begun, the
// call that a provider does not abandon included, before it is killed.
const stopWithin = time.Minute

// Workspace is a folder with a configuration and its state. Its commands run one at a time.
type Workspace struct {
	cli       *CLI
	dir, logs string
	env       map[string]string
	output    io.Writer
	trace     bool
	commands  int
	running   atomic.Pointer[os.Process]
}

// Result is what one command left.
type Result struct {
	// Args are the command's arguments.
	Args []string
	// ExitCode is the command's exit code, -1 if it was killed or did not start.
	ExitCode int
	// Stdout and Stderr are what the command printed, without colour.
	Stdout, Stderr string
	// TracePath is the file with the TRACE log of Terraform and the provider, if it was on.
	TracePath string
	// Duration is the command's wall time.
	Duration time.Duration
	// Processor is the processor time of the command and of the provider that it waited for.
	Processor time.Duration
	// Memory is the most memory in bytes that the larger of the command and the provider held,
	// 0 where the system does not say.
	Memory int64
}

// ExitError is a command that failed.
type ExitError struct{ Result *Result }

func (e *ExitError) Error() string {
	return fmt.Sprintf("terraform %s: exit code %d\n%s",
		strings.Join(e.Result.Args, " "), e.Result.ExitCode, strings.TrimSpace(e.Result.Stderr))
}

// Dir is where the configuration and the state lie.
func (w *Workspace) Dir() string { return w.dir }

// Setenv sets a variable for the commands that follow.
func (w *Workspace) Setenv(name, value string) { w.env[name] = value }

// Environ is the environment that the workspace's commands run in, for a program that runs
// Terraform itself.
func (w *Workspace) Environ() []string { return environment(os.Environ(), w.env) }

// ShowOutput has the standard output and error of the commands that follow copied to output
// while they run; nil stops it.
func (w *Workspace) ShowOutput(output io.Writer) { w.output = output }

// Trace has the commands that follow write a TRACE log.
func (w *Workspace) Trace(on bool) { w.trace = on }

// WriteFile writes a file of the configuration.
func (w *Workspace) WriteFile(name, content string) error {
	return os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600)
}

// CopyFrom copies a configuration into the workspace, without what a Terraform that somebody
// ran in it has left there: hidden files and folders, states and plans.
func (w *Workspace) CopyFrom(configuration fs.FS) error {
	return fs.WalkDir(configuration, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case entry.IsDir() && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir():
			return os.Mkdir(filepath.Join(w.dir, name), 0o700)
		case isLeftover(entry.Name()):
			return nil
		}
		content, err := fs.ReadFile(configuration, name)
		if err != nil {
			return err
		}
		return w.WriteFile(name, string(content))
	})
}

func isLeftover(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, ".tfstate") || strings.HasSuffix(name, ".tfplan")
}

// Init runs `terraform init`.
func (w *Workspace) Init(ctx context.Context, args ...string) (*Result, error) {
	return w.Run(ctx, append([]string{"init", "-input=false", "-no-color"}, args...)...)
}

// Validate runs `terraform validate`.
func (w *Workspace) Validate(ctx context.Context) (*Result, error) {
	return w.Run(ctx, "validate", "-no-color")
}

// Plan runs `terraform plan` and reports whether there is anything to change.
func (w *Workspace) Plan(ctx context.Context, args ...string) (changes bool, _ *Result, _ error) {
	result, err := w.Run(ctx, append([]string{"plan", "-input=false", "-no-color", "-detailed-exitcode"}, args...)...)
	if exit, ok := errors.AsType[*ExitError](err); ok && exit.Result.ExitCode == 2 {
		return true, result, nil
	}
	return false, result, err
}

// Apply runs `terraform apply` without asking. args may end with a plan's file.
func (w *Workspace) Apply(ctx context.Context, args ...string) (*Result, error) {
	return w.Run(ctx, append([]string{"apply", "-input=false", "-no-color", "-auto-approve"}, args...)...)
}

// Destroy runs `terraform destroy` without asking.
func (w *Workspace) Destroy(ctx context.Context, args ...string) (*Result, error) {
	return w.Run(ctx, append([]string{"destroy", "-input=false", "-no-color", "-auto-approve"}, args...)...)
}

// State is what `terraform show -json` says of the state.
func (w *Workspace) State(ctx context.Context) (*tfjson.State, error) {
	var state tfjson.State
	if err := w.json(ctx, &state, "show", "-json"); err != nil {
		return nil, err
	}
	return &state, nil
}

// SavedPlan is what `terraform show -json` says of a plan that was saved with -out.
func (w *Workspace) SavedPlan(ctx context.Context, file string) (*tfjson.Plan, error) {
	var plan tfjson.Plan
	if err := w.json(ctx, &plan, "show", "-json", file); err != nil {
		return nil, err
	}
	return &plan, nil
}

// json runs a command whose output is for machines: it is never shown.
func (w *Workspace) json(ctx context.Context, into any, args ...string) error {
	output := w.output
	w.output = nil
	defer func() { w.output = output }()
	result, err := w.Run(ctx, args...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(result.Stdout), into); err != nil {
		return fmt.Errorf("terraform %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// Run runs one command in the workspace's folder. When ctx ends, Terraform is interrupted the
// way Ctrl-C does it, and killed only if it does not stop within a minute. An exit code other
// than 0 is an *ExitError; the result is returned with it.
func (w *Workspace) Run(ctx context.Context, args ...string) (*Result, error) {
	w.commands++
	result := &Result{Args: args}

	variables := maps.Clone(w.env)
	if w.trace {
		result.TracePath = filepath.Join(w.logs, fmt.Sprintf("%02d-%s.trace", w.commands, args[0]))
		variables["TF_LOG"], variables["TF_LOG_PATH"] = "TRACE", result.TracePath
	}

	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, w.cli.terraform, args...) //nolint:gosec // running what the caller asks for is the purpose
	cmd.Dir = w.dir
	cmd.Env = environment(os.Environ(), variables)
	cmd.Stdout, cmd.Stderr = io.Writer(&stdout), io.Writer(&stderr)
	if w.output != nil {
		shown := &lockedWriter{to: w.output}
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, shown), io.MultiWriter(&stderr, shown)
	}
	cmd.WaitDelay = stopWithin
	interruptOnCancel(cmd)

	started := time.Now()
	err := cmd.Start()
	if err == nil {
		w.running.Store(cmd.Process)
		err = cmd.Wait()
		w.running.Store(nil)
	}
	result.Duration = time.Since(started)
	result.Stdout, result.Stderr = stdout.String(), stderr.String()
	result.ExitCode = cmd.ProcessState.ExitCode()
	if cmd.ProcessState != nil { // nil when it did not even start
		result.Processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		result.Memory = PeakMemory(cmd.ProcessState)
	}

	err = asExitError(err, result)
	if ctx.Err() != nil {
		killGroup(cmd)
		err = errors.Join(context.Cause(ctx), err)
	}
	return result, err
}

// Kill kills the running command and its provider, as `kill -9` or a machine that goes away
// does. It may be called while Run is running, which returns an *ExitError with the code -1.
func (w *Workspace) Kill() {
	if process := w.running.Load(); process != nil {
		killProcess(process)
	}
}

// lockedWriter takes standard output and error, which are copied at the same time.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

func asExitError(err error, result *Result) error {
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return &ExitError{Result: result}
	}
	return err
}
