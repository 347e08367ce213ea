// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"fmt"
	"os"
	"path/filepath"
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

// InstallIntoMirror puts a built provider into a filesystem mirror in its unpacked layout,
// dir/host/namespace/type/version/os_arch/terraform-provider-type_vversion, for Terraform
// and for OpenTofu, and returns the folders that it made.
// https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
func InstallIntoMirror(dir string, address Address, t Target, binary string) ([]string, error) {
	var made []string
	for _, a := range address.aliases() {
		folder := filepath.Join(dir, a.Host, a.Namespace, a.Type, t.Version, t.String())
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a mirror is shared
			return nil, err
		}
		if err := replaceFile(binary, filepath.Join(folder, t.Binary(address))); err != nil {
			return nil, err
		}
		made = append(made, folder)
	}
	return made, nil
}

// replaceFile puts a copy of an executable at file in one step: a provider that is being run
// from there is not written into.
func replaceFile(source, file string) error {
	content, err := os.ReadFile(source) //nolint:gosec // the caller's own file
	if err != nil {
		return err
	}
	temporary := file + ".new"
	if err := os.WriteFile(temporary, content, 0o755); err != nil { //nolint:gosec // an executable
		return err
	}
	return os.Rename(temporary, file)
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
