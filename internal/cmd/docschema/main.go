// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Docschema prints the provider's schema as tfplugindocs takes it. The schema comes from a
// build of this tree through the local Terraform, so nothing is downloaded. tfplugindocs
// looks for it under the provider's short name, not under an address of our own. Empty and
// stub descriptions are refused: they are what the documentation is made of.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func main() { cmdmain.Run(run) }

func run(ctx context.Context, _ []string, output, _ io.Writer) (err error) {
	cli, err := terraformcli.New(ctx, terraformcli.Options{Address: provider.Address})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cli.Close()) }()
	w, err := cli.Workspace("schema")
	if err != nil {
		return err
	}
	if err := w.WriteFile("main.tf", cli.Address().RequiredProviders()); err != nil {
		return err
	}
	if _, err := w.Init(ctx); err != nil {
		return err
	}
	result, err := w.Run(ctx, "providers", "schema", "-json")
	if err != nil {
		return err
	}
	return rename(ctx, result.Stdout, cli.Address(), output)
}

// rename puts the schema under the provider's short name, and completes it.
func rename(ctx context.Context, text string, address terraformcli.Address, output io.Writer) error {
	var document struct {
		FormatVersion string                     `json:"format_version"`
		Schemas       map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return fmt.Errorf("the provider's schema: %w", err)
	}
	schema, ok := document.Schemas[address.String()]
	if !ok {
		return fmt.Errorf("no schema of %s in what Terraform gives", address)
	}
	schema, err := complete(ctx, schema)
	if err != nil {
		return err
	}
	if err := checkDescriptions(schema); err != nil {
		return err
	}
	document.Schemas = map[string]json.RawMessage{address.Type: schema}
	return json.NewEncoder(output).Encode(document)
}
