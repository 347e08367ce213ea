// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// These tests run the commands that the pages show, in a bash and in the order of the page, in a
// folder that stands for a clone. A mock of WeChat Pay runs as the page starts it.

// session is what a page takes for granted.
type session struct {
	// before are commands that lead to where the page begins.
	before string
	// after are commands that check what the page promises.
	after string
	// files says that the page's csv and terraform blocks are files that its commands work on.
	files bool
	// want are texts that the commands print.
	want []string
}

// startMock are the commands of the pages that begin with a mock.
const startMock = "go run ./internal/cmd/wechatpay-mock -env-file mock.env\nsource mock.env\n"

// gettingStarted is the walk through the guide, by the steps that it describes in words.
var gettingStarted = session{
	files: true,
	after: `cd "$CLONE/page1"
cp members.csv all.csv
sed -i.bak '/VIP-0002/d' members.csv
terraform apply
cp all.csv members.csv
terraform apply
terraform plan -detailed-exitcode`,
	want: []string{"2 added, 0 changed, 0 destroyed", "A member's card stays at WeChat Pay", "The member was adopted unverified", "VIP-0001"},
}

// whichImport checks what the guide says a reader sees where an import or the product is not open.
var whichImport = session{
	after: `go run ./internal/cmd/wechatpay-mock -no-import-by-phone -env-file closed.env
source closed.env
cd examples/roster
terraform init
terraform apply && exit 1
cd "$CLONE"
go run ./internal/cmd/wechatpay-mock -no-permission -env-file refused.env
source refused.env
cd examples/roster
terraform plan`,
	want: []string{"Error: The merchant has no permission for the product", "Warning: The card template could not be looked up: The merchant has no permission for the product"},
}

// adopting imports members that another system made.
var adopting = session{
	before: `go run ./internal/cmd/wechatpay-mock -data examples/adopting-existing-members/mock.json -env-file mock.env
source mock.env
cd examples/roster
terraform init`,
	after: `terraform apply
terraform output unverified
terraform state rm 'wechatpay_member_card_import.member["VIP-0001"]'`,
	want: []string{"Import successful!", "tolist([", "Successfully removed 1 resource instance(s)."},
}

var sessions = map[string]session{
	"docs/guides/which-import.md":                 whichImport,
	"docs/guides/which-import-zh.md":              whichImport,
	"docs/guides/getting-started.md":              gettingStarted,
	"docs/guides/getting-started-zh.md":           gettingStarted,
	"docs/guides/adopting-existing-members.md":    adopting,
	"docs/guides/adopting-existing-members-zh.md": adopting,
	"docs/guides/large-rosters.md": {
		before: startMock + "cd examples/roster\nterraform init\nterraform apply",
		after: `terraform plan -refresh=false -detailed-exitcode
terraform init -upgrade
terraform state show 'wechatpay_member_card_import.member["VIP-0001"]'
terraform state mv 'wechatpay_member_card_import.member["VIP-0001"]' wechatpay_member_card_import.moved
terraform state mv wechatpay_member_card_import.moved 'wechatpay_member_card_import.member["VIP-0001"]'
terraform destroy`,
		want: []string{"20 added", "0 added, 0 changed, 0 destroyed", "20 destroyed"},
	},
	"docs/guides/lost-state.md": {
		after: "export WECHATPAY_JOURNAL_PATH=\"$HOME/members.journal\"\n" + startMock +
			"cd examples/roster\nterraform init\nterraform apply\nrm terraform.tfstate\nterraform apply\nterraform plan -detailed-exitcode\n" +
			"terraform show -json >/dev/null\nterraform output -json >/dev/null\n" +
			"terraform state pull >errored.tfstate\nterraform state push errored.tfstate\nterraform plan -detailed-exitcode",
		want: []string{"20 added"},
	},
	"docs/guides/terraform-and-opentofu.md": {
		before: startMock + `cd examples/roster
terraform init
terraform apply
sed -i.bak s/registry.terraform.io/registry.opentofu.org/ terraform.tfstate`,
		after: "terraform plan -detailed-exitcode",
		want:  []string{"Successfully replaced provider", "No changes."},
	},
	"examples/adopting-existing-members/README.md": {want: []string{"2 to import, 1 to add, 0 to change, 0 to destroy"}},
	"examples/from-nothing/README.md":              {before: startMock + "cd examples/from-nothing", want: []string{"22 added", "No changes."}},
	"examples/mixed-roster/README.md":              {before: startMock + "cd examples/mixed-roster", want: []string{"4 to add"}},
	"examples/roster/README.md":                    {before: startMock + "cd examples/roster", want: []string{"20 to add"}},
	"examples/secrets/README.md": {
		before: startMock + "cd examples/secrets\nterraform init\ncp \"$WECHATPAY_PRIVATE_KEY_PATH\" apiclient_key.pem\n" +
			"unset WECHATPAY_PRIVATE_KEY_PATH\nexport TF_VAR_private_key=\"$(cat apiclient_key.pem)\"",
		want: []string{"3 added"},
	},
	"examples/staff-cards/README.md": {want: []string{"5 added"}},
	"examples/testing/README.md":     {before: "cd examples/testing", want: []string{"2 passed, 0 failed"}},
	"examples/xlsx-roster/README.md": {before: startMock + "cd examples/xlsx-roster", want: []string{"8 to add"}},
}

// securityPage has commands for a release.
const securityPage = ".github/SECURITY.md"

// notRun are the beginnings of commands that no test runs here, and why.
var notRun = map[string]string{
	"make demo":                             "the tests of the demo run it",
	"make test":                             "it runs this test",
	"make bench":                            "it measures for minutes",
	"make examples":                         "the workflow of every change runs it",
	"make snapshot":                         "it builds for every platform, for minutes",
	"version=1.2.3":                         "there is no release yet",
	"name=terraform-provider-wechatpay_":    "there is no release yet",
	"gh release download":                   "there is no release yet",
	"gh attestation verify":                 "there is no release yet",
	"gpg --verify":                          "there is no release yet",
	"sha256sum --check":                     "there is no release yet",
	"git lfs pull":                          "it needs a repository with LFS",
	"go env -w GOPROXY=":                    "it changes the settings of the user's Go",
	"openssl ":                              "TestTheOpenSSLCommandsOfThePagesMakeAKey runs them",
	"go run ./internal/cmd/mirror":          "it is written for PowerShell; the tests of the program run it",
	"Remove-Item ":                          "it is for PowerShell",
	"$env:WECHATPAY_":                       "it is for PowerShell",
	"set WECHATPAY_":                        "it is for the command prompt of Windows",
	"terraform state show wechatpay_member": "it is for the command prompt of Windows",
	`terraform state show 'wechatpay_member_card_import.member[\`: "it is for Windows PowerShell 5.1",
	"terraform force-unlock":                "no lock stays behind here",
	"terraform query":                       "it needs Terraform 1.14: the acceptance tests run it there",
	"terraform plan -generate-config-out":   "the plan refuses what it generates, as the page says",
	"tofu ":                                 "the nightly workflow runs the tests with OpenTofu",
	"go run github.com/wechatpay-a":         "it needs a merchant number",
	"./review.sh":                           "the tests of the review run it",
	"cat review.md":                         "the tests of the review run it",
	`export WECHATPAY_PRIVATE_KEY="$(vault`: "it needs a Vault",
	`export TF_VAR_phone_numbers="$(vault`:  "it needs a Vault",
}

// standIns are what pages leave to the reader.
var standIns = strings.NewReplacer("YOUR_CARD_TEMPLATE", "pbLatjvWOibDc5-TBnbUk1pD12o0", "DIR=/srv/terraform/mirror", `DIR="$HOME/mirror"`)

// prelude makes of the test's shell what a reader's is: the provider is built once, a mock runs in
// the background until the shell ends, and nobody has to confirm.
const prelude = `set -euo pipefail
go() {
  if [[ $1 == run && $2 == ./internal/cmd/wechatpay-mock ]]; then
    shift 2
    exec {mock}< <(exec "$PROGRAMS/wechatpay-mock" "$@" 2>&1)
    mocks+=($!)
    while read -r -u "$mock" line; do
      if [[ $line == "# administration"* ]]; then return 0; fi
    done
    return 1
  fi
  command go -C "$MODULE" "$@"
}
make() { command make -s -C "$MODULE" "$@"; }
terraform() {
  if [[ $1 == apply || $1 == destroy ]]; then set -- "$1" -auto-approve "${@:2}"; fi
  if [[ "$1 ${2-}" == "state replace-provider" ]]; then set -- state replace-provider -auto-approve "${@:3}"; fi
  command "$TERRAFORM" "$@"
}
mocks=()
trap 'for p in "${mocks[@]}"; do kill "$p"; done' EXIT
cd "$CLONE"
`

var fences = regexp.MustCompile("(?ms)^([ \t]*)```(console|csv|terraform)\n(.*?)^[ \t]*```$")

// commandsOf are the logical lines of a console block, without comments.
func commandsOf(block string) []string {
	block = strings.ReplaceAll(block, "\\\n", "\x00")
	var commands []string
	for line := range strings.Lines(block) {
		if line = strings.TrimSpace(strings.ReplaceAll(line, "\x00", "\\\n")); line != "" && !strings.HasPrefix(line, "#") {
			commands = append(commands, line)
		}
	}
	return commands
}

// scriptOf is what a page has a reader do.
func scriptOf(page string, s session) (script string, commands int) {
	var b strings.Builder
	b.WriteString(s.before + "\n")
	folders := 0
	inFolder := false
	write := func(name, content string) {
		if !inFolder {
			folders++
			fmt.Fprintf(&b, "mkdir -p \"$CLONE/page%[1]d\"\ncd \"$CLONE/page%[1]d\"\n", folders)
			inFolder = true
		}
		fmt.Fprintf(&b, "cat >%s <<'END_OF_FILE'\n%sEND_OF_FILE\n", name, content)
	}
	for _, fence := range fences.FindAllStringSubmatch(page, -1) {
		indent, language, content := fence[1], fence[2], fence[3]
		switch {
		case language == "console":
			for _, command := range commandsOf(content) {
				if notRunReason(command) != "" {
					continue
				}
				commands++
				command = standIns.Replace(command)
				fmt.Fprintf(&b, "printf '+ %%s\\n' %s\n%s\n", quote(command), command)
			}
			inFolder = false
		case !s.files || indent != "" || folders > 1 || (folders == 1 && !inFolder):
		case language == "csv":
			write("members.csv", content)
		case language == "terraform":
			write("main.tf", content)
		}
	}
	b.WriteString(s.after + "\n")
	return b.String(), commands
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func notRunReason(command string) string {
	for beginning, reason := range notRun {
		if strings.HasPrefix(command, beginning) {
			return reason
		}
	}
	return ""
}

// pages are the pages that users read, without the reference of docs, by their names relative to the module's root.
func pages(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"README*.md", securityPage, "docs/index.md", "docs/guides/*.md", "examples/README.md", "examples/*/README.md"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			found[filepath.ToSlash(name)] = strings.ReplaceAll(string(content), "\r\n", "\n")
		}
	}
	return found
}

// built has a build of the provider, as `make install` leaves it, and the mock.
var built = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "wechatpay-pages-")
	if err != nil {
		return "", err
	}
	address, err := terraformcli.ParseAddress(provider.Address)
	if err != nil {
		return "", err
	}
	if _, err := terraformcli.BuildIntoMirror(ctx, filepath.Join(dir, "plugins"), address, terraformcli.Module, terraformcli.Unreleased); err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, "programs")+string(filepath.Separator), "../wechatpay-mock").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, output)
	}
	return dir, nil
})

// link makes to a copy of the folder from that shares its files.
func link(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		return os.Link(path, filepath.Join(to, name))
	})
}

func TestTheCommandsOfEveryPageRun(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the pages' commands are for a Unix shell")
	}
	for _, program := range []string{"bash", "make", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the pages need %s", program)
		}
	}
	root, err := sandbox.ModuleFile(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	pages := pages(t, root)
	maps.DeleteFunc(pages, func(_, page string) bool { return !strings.Contains(page, "```console\n") })
	if len(pages) < 20 {
		t.Fatalf("found only %d pages with commands", len(pages))
	}
	for name := range sessions {
		if _, ok := pages[name]; !ok {
			t.Errorf("%s has no commands any more", name)
		}
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script, commands := scriptOf(page, sessions[name])
			if commands == 0 {
				t.Skip("every command of this page is run by other tests")
			}
			output := runPage(t, root, script)
			for _, want := range sessions[name].want {
				if !strings.Contains(output, want) {
					t.Errorf("want %q in:\n%s", want, output)
				}
			}
		})
	}
}

// runPage runs a script in a home and a clone of its own, and returns what it printed.
func runPage(t *testing.T, root, script string) string {
	t.Helper()
	shared, err := built()
	if err != nil {
		t.Fatal(err)
	}
	terraform, err := terraformcli.Find()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	clone := filepath.Join(home, "clone")
	if err := os.CopyFS(filepath.Join(clone, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
		t.Fatal(err)
	}
	if err := link(filepath.Join(shared, "plugins"), filepath.Join(home, ".terraform.d", "plugins")); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "bash", "-c", prelude+script)
	command.Env = append(readersEnvironment(t),
		"HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, ".cache"), "CLONE="+clone, "MODULE="+root, "PROGRAMS="+filepath.Join(shared, "programs"),
		"TERRAFORM="+terraform, "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color", "CHECKPOINT_DISABLE=1")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

// readersEnvironment is this process's without credentials and settings of Terraform. Go's folders
// stay where they are although the home is another one.
func readersEnvironment(t *testing.T) []string {
	t.Helper()
	environment := slices.DeleteFunc(os.Environ(), terraformcli.Clears)
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		environment = append(environment, name+"="+strings.TrimSpace(string(value)))
	}
	return environment
}
