// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// errUnsupported says that this Terraform does not have the feature that an example shows.
var errUnsupported = errors.New("not supported")

// example is one folder of examples, without its variants or with one of them. A variant is a
// file that shows another way: two imports of one address exclude each other, and a way may need
// a newer Terraform than the rest of the folder.
type example struct {
	root, folder string
	variant      string
}

func (e example) String() string {
	return filepath.ToSlash(filepath.Join("examples", e.folder, e.variant))
}

// find are the examples under root, in the order of their names.
func find(root string) ([]example, error) {
	var examples []example
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".tf" {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		if !seen[folder] {
			examples = append(examples, example{root: root, folder: folder})
			seen[folder] = true
		}
		if isVariant(entry.Name()) {
			examples = append(examples, example{root: root, folder: folder, variant: entry.Name()})
		}
		return nil
	})
	if err == nil && len(examples) == 0 {
		err = fmt.Errorf("no example in %s", root)
	}
	return examples, err
}

// isVariant reports whether a file shows another way than the rest of its folder. tfplugindocs
// shows these files by their names.
func isVariant(file string) bool {
	return strings.HasPrefix(file, "import-by-") || strings.HasPrefix(file, "action-")
}

// beforeDestroy is the first Terraform that runs actions before it destroys a resource.
const beforeDestroy = "1.16.0"

// command is the Terraform or OpenTofu that validates the examples.
type command struct {
	version  *version.Version
	openTofu bool
}

// commandOf is the command that cli runs.
func commandOf(ctx context.Context, cli *terraformcli.CLI) (command, error) {
	number, err := cli.Version(ctx)
	if err != nil {
		return command{}, err
	}
	var c command
	if c.version, err = version.NewVersion(number); err != nil {
		return command{}, err
	}
	c.openTofu, err = terraformcli.IsOpenTofu(ctx, cli.Terraform())
	return c, err
}

// unsupported says why the command cannot validate the example. It is empty when it can.
func (c command) unsupported(e example) string {
	switch {
	case e.variant == "action-before-destroy.tf":
		return c.withoutActions(beforeDestroy)
	case strings.HasPrefix(filepath.ToSlash(e.folder), "actions/"), strings.HasPrefix(filepath.ToSlash(e.folder), "list-resources/"):
		return c.withoutActions("1.14.0")
	case e.variant == "import-by-identity.tf":
		return c.olderThan("1.12.0")
	}
	return ""
}

// withoutActions says why the command does not have the actions and lists of a version of Terraform.
func (c command) withoutActions(minimum string) string {
	if c.openTofu {
		return "this needs Terraform, which has actions and lists"
	}
	return c.olderThan(minimum)
}

func (c command) olderThan(minimum string) string {
	if !c.version.LessThan(version.Must(version.NewVersion(minimum))) {
		return ""
	}
	return fmt.Sprintf("this needs version %s, and it is %s", minimum, c.version)
}

// validate runs init and validate in a copy of the example.
func (e example) validate(ctx context.Context, cli *terraformcli.CLI, terraform command) error {
	if why := terraform.unsupported(e); why != "" {
		return fmt.Errorf("%w: %s", errUnsupported, why)
	}
	w, err := cli.Workspace("example")
	if err != nil {
		return err
	}
	if err := w.CopyFrom(os.DirFS(filepath.Join(e.root, e.folder))); err != nil {
		return err
	}
	if err := e.complete(w, cli.Address()); err != nil {
		return err
	}
	if _, err := w.Init(ctx, "-backend=false"); err != nil {
		return err
	}
	_, err = w.Validate(ctx)
	return err
}

// complete removes the other variants, and asks for the provider if the example does not.
func (e example) complete(w *terraformcli.Workspace, address terraformcli.Address) error {
	files, err := filepath.Glob(filepath.Join(w.Dir(), "*.tf"))
	if err != nil {
		return err
	}
	declared := false
	for _, file := range files {
		if name := filepath.Base(file); isVariant(name) && name != e.variant {
			if err := os.Remove(file); err != nil {
				return err
			}
			continue
		}
		text, err := os.ReadFile(file) //nolint:gosec // an example
		if err != nil {
			return err
		}
		declared = declared || strings.Contains(string(text), "required_providers")
	}
	if declared {
		return nil
	}
	return w.WriteFile("required_providers.tf", address.RequiredProviders())
}
