// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/itchyny/gojq/cli"
)

// review.sh runs the command jq, which not every machine has. Under the name of jq this program is
// one: a link with that name, in a folder that comes first on PATH, serves.
const jqName = "jq"

// calledAsJQ reports whether the program was started under the name of jq.
func calledAsJQ() bool { return filepath.Base(os.Args[0]) == jqName }

// runJQ is jq, with the arguments and files of this process. It returns the exit code.
func runJQ() int { return cli.Run() }

// linkJQ makes the link in folder, and returns environ with that folder first on PATH.
func linkJQ(folder string, environ []string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(self, filepath.Join(folder, jqName)); err != nil {
		return nil, err
	}
	path := folder + string(os.PathListSeparator) + os.Getenv("PATH")
	return append(slices.Clone(environ), "PATH="+path), nil
}
