// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const testAddress = "registry.example.com/some/thing"

func TestEnvironmentDropsWhatChangesARun(t *testing.T) {
	t.Parallel()
	got := environment([]string{
		"PATH=/bin", "HOME=/home/someone", "LANG=C.UTF-8",
		"TF_CLI_CONFIG_FILE=/etc/rc", "TF_LOG=TRACE", "TF_LOG_PATH=log", "TF_CLI_ARGS=-x", "TF_CLI_ARGS_plan=-x",
		"TF_VAR_card_id=1", "TF_PLUGIN_CACHE_DIR=/cache", "TF_DATA_DIR=/data", "TF_WORKSPACE=prod",
		"TF_REATTACH_PROVIDERS={}", "TF_ACC=1", "WECHATPAY_PRIVATE_KEY=key", "WECHATPAY_MCHID=1",
	}, map[string]string{"WECHATPAY_MCHID": "2", "HOME": "/tmp/home"})
	want := []string{"PATH=/bin", "LANG=C.UTF-8", "HOME=/tmp/home", "WECHATPAY_MCHID=2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnIncompleteAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "thing", "some/thing", "host//thing", "a/b/c/d"} {
		if _, err := ParseAddress(text); err == nil {
			t.Errorf("%q is accepted as an address", text)
		}
	}
}

// The lines that people paste let both commands find the provider.
func TestMirrorIsForTerraformAndOpenTofu(t *testing.T) {
	t.Parallel()
	address, err := ParseAddress(testAddress)
	if err != nil {
		t.Fatal(err)
	}
	config := InstallationConfig("a mirror", address)
	for _, host := range []string{"registry.example.com", "registry.opentofu.org"} {
		if strings.Count(config, strconv.Quote(host+"/some/thing")) != 2 {
			t.Errorf("%s is not both included and excluded:\n%s", host, config)
		}
	}
}

// newWorkspace is a workspace of a Terraform that needs no provider but its own.
func newWorkspace(t *testing.T) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	cli, err := New(t.Context(), Options{Address: testAddress, Mirror: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cli.Close(); err != nil {
			t.Error(err)
		}
	})
	w, err := cli.Workspace("test")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestCommandsInAWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	var shown strings.Builder
	w.ShowOutput(&shown)
	must := func(_ *Result, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteFile("main.tf", `resource "terraform_data" "a" { input = "b" }`); err != nil {
		t.Fatal(err)
	}
	must(w.Init(t.Context()))
	must(w.Validate(t.Context()))
	changes, _, err := w.Plan(t.Context(), "-out=tfplan")
	if err != nil || !changes {
		t.Fatalf("the first plan: changes %t, %v", changes, err)
	}
	plan, err := w.SavedPlan(t.Context(), "tfplan")
	if err != nil || len(plan.ResourceChanges) != 1 {
		t.Fatalf("the saved plan: %v, %v", plan, err)
	}
	w.Trace(true)
	applied, err := w.Apply(t.Context(), "tfplan")
	must(applied, err)
	w.Trace(false)
	if log, err := os.ReadFile(applied.TracePath); err != nil || !strings.Contains(string(log), "[TRACE]") {
		t.Errorf("no TRACE log: %v", err)
	}
	if changes, _, err := w.Plan(t.Context()); err != nil || changes {
		t.Errorf("the second plan: changes %t, %v", changes, err)
	}
	state, err := w.State(t.Context())
	if err != nil || len(state.Values.RootModule.Resources) != 1 {
		t.Errorf("the state: %v, %v", state, err)
	}
	must(w.Destroy(t.Context()))
	if state, err := w.State(t.Context()); err != nil || state.Values != nil {
		t.Errorf("the state in the end: %v, %v", state, err)
	}
	if !strings.Contains(shown.String(), "Apply complete!") || strings.Contains(shown.String(), "format_version") {
		t.Errorf("shown: %s", shown.String())
	}
}

func TestAFailureNamesTheCommandAndItsOutput(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	if err := w.WriteFile("main.tf", `resource "terraform_data" {}`); err != nil {
		t.Fatal(err)
	}
	result, err := w.Validate(t.Context())
	exit, ok := errors.AsType[*ExitError](err)
	if !ok || exit.Result != result || result.ExitCode != 1 {
		t.Fatalf("%v, %+v", err, result)
	}
	for _, part := range []string{"terraform validate", "exit code 1", "Missing name for resource"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in %v", part, err)
		}
	}
}

func TestAnEndedContextInterruptsTerraform(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	if err := w.WriteFile("main.tf", `resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "echo begun; exec sleep 300" }
}`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	w.ShowOutput(writerFunc(func(p []byte) {
		if strings.Contains(string(p), "begun") && strings.Contains(string(p), "local-exec): begun") {
			cancel(enough)
		}
	}))
	result, err := w.Apply(ctx)
	if !errors.Is(err, enough) {
		t.Fatalf("the error is %v", err)
	}
	if !strings.Contains(result.Stdout, "Gracefully shutting down") {
		t.Errorf("Terraform was not interrupted but:\n%s\n%s", result.Stdout, result.Stderr)
	}
}

func TestAKilledTerraformIsAnErrorAndFinishesNothing(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	if err := w.WriteFile("main.tf", `resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "echo begun; exec sleep 300" }
}`); err != nil {
		t.Fatal(err)
	}
	w.Kill() // nothing runs yet
	w.ShowOutput(writerFunc(func(p []byte) {
		if strings.Contains(string(p), "local-exec): begun") {
			w.Kill()
		}
	}))
	result, err := w.Apply(t.Context())
	if exit, ok := errors.AsType[*ExitError](err); !ok || exit.Result.ExitCode != -1 {
		t.Fatalf("the error is %v", err)
	}
	if strings.Contains(result.Stdout, "Gracefully shutting down") {
		t.Errorf("Terraform was interrupted:\n%s", result.Stdout)
	}
}

// An interrupt between two commands is an error, not a panic.
func TestACommandThatDoesNotStartIsAnError(t *testing.T) {
	t.Parallel()
	w, err := (&CLI{terraform: filepath.Join(t.TempDir(), "none"), dir: t.TempDir()}).Workspace("test")
	if err != nil {
		t.Fatal(err)
	}
	result, err := w.Validate(t.Context())
	if !errors.Is(err, fs.ErrNotExist) || result.ExitCode != -1 {
		t.Errorf("%v, %+v", err, result)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if result, err = w.Validate(ctx); !errors.Is(err, context.Canceled) || result.ExitCode != -1 {
		t.Errorf("%v, %+v", err, result)
	}
}

func TestAConfigurationIsCopiedWithoutLeftovers(t *testing.T) {
	t.Parallel()
	w := &Workspace{dir: t.TempDir()}
	err := w.CopyFrom(fstest.MapFS{
		"main.tf": {Data: []byte("a")}, "module/main.tf": {Data: []byte("b")},
		".terraform/providers/x": {}, ".terraform.lock.hcl": {}, "terraform.tfstate": {}, "terraform.tfstate.backup": {}, "a.tfplan": {},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = fs.WalkDir(os.DirFS(w.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got = append(got, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"main.tf", "module/main.tf"}, got); diff != "" {
		t.Error(diff)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

func TestNoTerraformSaysHowToGetOne(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("TF_ACC_TERRAFORM_PATH", "")
	_, err := Find()
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "https://") {
		t.Errorf("the error is %v", err)
	}
	t.Setenv("TF_ACC_TERRAFORM_PATH", filepath.Join(t.TempDir(), "tofu"))
	if _, err := Find(); err == nil || !strings.Contains(err.Error(), "TF_ACC_TERRAFORM_PATH") {
		t.Errorf("the error is %v", err)
	}
}

// Commands run in a workspace's folder, where a relative path would lead nowhere.
func TestTheTerraformThatIsFoundHasAnAbsolutePath(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"terraform.exe", "terraform"} { // what Windows and others run
		if err := os.WriteFile(name, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TF_ACC_TERRAFORM_PATH", "."+string(filepath.Separator)+"terraform.exe")
	if found, err := Find(); err != nil || !filepath.IsAbs(found) {
		t.Errorf("TF_ACC_TERRAFORM_PATH: %q, %v", found, err)
	}
	t.Setenv("TF_ACC_TERRAFORM_PATH", "")
	t.Setenv("PATH", dir)
	if found, err := Find(); err != nil || !filepath.IsAbs(found) {
		t.Errorf("PATH: %q, %v", found, err)
	}
}
