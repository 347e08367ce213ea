// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// openTofuHost is where OpenTofu looks for a provider whose address names no host. A mirror
// offers the provider under both hosts, so that one configuration serves both commands.
const openTofuHost = "registry.opentofu.org"

// Address is a provider's address, cut into its parts.
type Address struct{ Host, Namespace, Type string }

// ParseAddress cuts host/namespace/type.
func ParseAddress(text string) (Address, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return Address{}, fmt.Errorf("provider address %q is not host/namespace/type", text)
	}
	return Address{parts[0], parts[1], parts[2]}, nil
}

func (a Address) String() string { return a.Host + "/" + a.Namespace + "/" + a.Type }

// Source is the address as a configuration's required_providers writes it.
func (a Address) Source() string { return a.Namespace + "/" + a.Type }

// aliases are all addresses that Source may stand for.
func (a Address) aliases() []Address {
	all := []Address{a}
	if a.Host != openTofuHost {
		all = append(all, Address{openTofuHost, a.Namespace, a.Type})
	}
	return all
}

// BuildIntoMirror builds a main package of this module for this machine into a filesystem mirror in its
// unpacked layout, dir/host/namespace/type/version/os_arch/terraform-provider-type_vversion,
// for Terraform and for OpenTofu, and returns the folders that hold it. More arguments go to
// `go build`. A provider that is running from there is replaced, not written into.
// https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
func BuildIntoMirror(ctx context.Context, dir string, address Address, mainPackage, version string, args ...string) (_ []string, err error) {
	name := "terraform-provider-" + address.Type + "_v" + version
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	built := filepath.Join(dir, name)
	if err := Build(ctx, mainPackage, version, built, args...); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(built)) }()

	var folders []string
	for _, a := range address.aliases() {
		folder := filepath.Join(dir, a.Host, a.Namespace, a.Type, version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a mirror is shared
			return nil, err
		}
		file := filepath.Join(folder, name)
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err := os.Link(built, file); err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

// InstallationConfig are the lines of a CLI configuration that make Terraform and OpenTofu
// take the provider from the mirror, and every other provider from where they would anyway.
func InstallationConfig(mirror string, address Address) string {
	var addresses []string
	for _, a := range address.aliases() {
		addresses = append(addresses, strconv.Quote(a.String()))
	}
	list := strings.Join(addresses, ", ")
	return fmt.Sprintf(`provider_installation {
  filesystem_mirror {
    path    = %s
    include = [%s]
  }
  direct {
    exclude = [%s]
  }
}
`, strconv.Quote(filepath.ToSlash(mirror)), list, list)
}

// writeConfig writes a CLI configuration for the mirror.
func writeConfig(file, mirror string, address Address) error {
	config := "disable_checkpoint = true\n\n" + InstallationConfig(mirror, address)
	return os.WriteFile(file, []byte(config), 0o600)
}

// RequiredProviders is the block by which a configuration asks for the provider.
func (a Address) RequiredProviders() string {
	return fmt.Sprintf(`terraform {
  required_providers {
    %s = {
      source = %q
    }
  }
}
`, a.Type, a.Source())
}
