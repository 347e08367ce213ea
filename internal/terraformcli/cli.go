// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Unreleased is the version under which an installation offers the provider. Configurations
// that are run with it name no version.
const Unreleased = "0.0.1"

// Options are what an installation needs to know.
type Options struct {
	// Address is the provider's address, host/namespace/type.
	Address string
	// Terraform is the command to run. Empty: what Find finds.
	Terraform string
	// Mirror is a filesystem mirror that holds the provider already. Empty: the provider is
	// built into a mirror of the installation's own.
	Mirror string
}

// CLI is a Terraform that knows where to find the provider. It is made once and serves any
// number of workspaces, at the same time if need be. Close removes all of it.
type CLI struct {
	terraform string
	address   Address
	dir       string
	config    string
}

// New builds the provider, unless there is a mirror, and writes the CLI configuration.
func New(ctx context.Context, options Options) (_ *CLI, err error) {
	address, err := ParseAddress(options.Address)
	if err != nil {
		return nil, err
	}
	terraform := options.Terraform
	if terraform == "" {
		if terraform, err = Find(); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "terraform-provider-"+address.Type+"-")
	if err != nil {
		return nil, err
	}
	c := &CLI{terraform: terraform, address: address, dir: dir, config: filepath.Join(dir, "terraform.rc")}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()

	mirror := options.Mirror
	if mirror == "" {
		mirror = filepath.Join(dir, "mirror")
		if _, err := BuildIntoMirror(ctx, mirror, address, Module, Unreleased); err != nil {
			return nil, err
		}
	} else if mirror, err = filepath.Abs(mirror); err != nil {
		return nil, err
	}
	if err := writeConfig(c.config, mirror, address); err != nil {
		return nil, err
	}
	return c, nil
}

// Terraform is the path of the command that is run.
func (c *CLI) Terraform() string { return c.terraform }

// Address is the provider's address.
func (c *CLI) Address() Address { return c.address }

// Version is the version of the command, without a suffix for pre-releases: 1.11.4.
func (c *CLI) Version(ctx context.Context) (string, error) {
	w, err := c.Workspace("version")
	if err != nil {
		return "", err
	}
	var output struct {
		Version string `json:"terraform_version"`
	}
	err = w.json(ctx, &output, "version", "-json")
	number, _, _ := strings.Cut(output.Version, "-")
	return number, err
}

// Close removes the installation and all of its workspaces.
func (c *CLI) Close() error { return os.RemoveAll(c.dir) }

// Workspace makes an empty folder to run Terraform in. The name is for people who look
// into it while it is there.
func (c *CLI) Workspace(name string) (*Workspace, error) {
	root, err := os.MkdirTemp(c.dir, name+"-")
	if err != nil {
		return nil, fmt.Errorf("making a workspace: %w", err)
	}
	w := &Workspace{cli: c, dir: filepath.Join(root, "config"), logs: filepath.Join(root, "logs"), env: map[string]string{
		"TF_CLI_CONFIG_FILE": c.config,
		"CHECKPOINT_DISABLE": "1",
		// Nothing of the person's own ~/.terraform.d counts, and nothing is put there.
		"HOME": filepath.Join(root, "home"),
	}}
	for _, folder := range []string{w.dir, w.logs, w.env["HOME"]} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return nil, err
		}
	}
	return w, nil
}
