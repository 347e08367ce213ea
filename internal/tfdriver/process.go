// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Process plays Terraform towards the provider, in the test's own process.
//
// Terraform starts a provider for planning and another one for applying, and so does a
// Process: the first Apply after a plan (or a read, or an import) gets a freshly configured
// provider, and so does the first Plan after an apply. Between these, calls share one, as
// the resources of one run do: what a provider remembers for a run shows. A test that plans
// the same resource twice as if in two runs calls NewRun in between.
//
// Methods stop the test where the provider breaks the protocol; what it tells its user they
// return as Diagnostics. A Process may be used by several goroutines.
type Process struct {
	t          testing.TB
	launch     Launcher
	config     map[string]any
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema

	mu     sync.Mutex
	server tfprotov6.ProviderServer
	phase  phase
	// used: the server has been asked something since it was configured.
	used bool
}

// phase is which of Terraform's two walks a provider was started for.
type phase int

const (
	planning phase = iota
	applying
)

// A Launcher starts a provider that is not configured yet.
type Launcher func() (tfprotov6.ProviderServer, error)

// New returns a Process whose providers are started by launch and configured with config:
// the attributes of the provider block, where nil stands for null and [Unknown] for unknown.
// A nil config is a missing block. A provider that refuses its configuration stops the test;
// see [Configure] for tests of that.
func New(t testing.TB, launch Launcher, config map[string]any) *Process {
	t.Helper()
	p := &Process{t: t, launch: launch, config: config}
	server := p.start()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.called("GetProviderSchema", err)
	p.stopOn("GetProviderSchema", diagnostics(schemas.Diagnostics))
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.called("GetResourceIdentitySchemas", err)
	p.stopOn("GetResourceIdentitySchemas", diagnostics(identities.Diagnostics))
	p.schemas, p.identities = schemas, identities.IdentitySchemas
	p.server = p.configured()
	return p
}

// NewRun makes the next call start with a freshly configured provider, as the next run of
// Terraform would.
func (p *Process) NewRun() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used {
		p.server = nil
	}
}

// Interrupt tells the running provider what Terraform tells it when its user presses
// Ctrl-C: the calls under way see their context end.
func (p *Process) Interrupt() {
	p.t.Helper()
	p.mu.Lock()
	server := p.server
	p.mu.Unlock()
	if server == nil {
		return
	}
	_, err := server.StopProvider(p.t.Context(), &tfprotov6.StopProviderRequest{})
	p.called("StopProvider", err)
}

// Configure returns what `terraform validate` says about a provider block and, unless that
// refuses it, what the start of a plan says.
func Configure(t testing.TB, launch Launcher, config map[string]any) (validated, configured Diagnostics) {
	t.Helper()
	p := &Process{t: t, launch: launch, config: config}
	server := p.start()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.called("GetProviderSchema", err)
	p.schemas = schemas
	return p.configure(server)
}

// DynamicValue is a value as Terraform sends it, for a test that makes calls of its own. Nil is
// null, [Unknown] unknown; attributes that values does not name are null.
func DynamicValue(t testing.TB, typ tftypes.Type, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	p := &Process{t: t}
	return p.dynamic(typ, p.value(typ, values))
}

// DataSource validates config and reads a data source. The result is nil when an error kept
// it from being read.
func (p *Process) DataSource(typeName string, config map[string]any) (map[string]any, Diagnostics) {
	p.t.Helper()
	schema, ok := p.schemas.DataSourceSchemas[typeName]
	if !ok {
		p.t.Fatalf("the provider has no data source %s", typeName)
	}
	server, typ := p.serverFor(planning), schema.ValueType()
	value := p.dynamic(typ, p.value(typ, config))
	validated, err := server.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: value})
	p.called("ValidateDataResourceConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasErrors() {
		return nil, diags
	}
	read, err := server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: value})
	p.called("ReadDataSource", err)
	diags = append(diags, diagnostics(read.Diagnostics)...)
	if diags.HasErrors() {
		return nil, diags
	}
	values, _ := fromValue(p.received(typ, read.State)).(map[string]any)
	return values, diags
}

// Function calls a provider function. An error of the function itself is returned as text,
// with the number of the argument that it is about, or -1.
func (p *Process) Function(name string, arguments ...any) (result any, message string, argument int64) {
	p.t.Helper()
	function, ok := p.schemas.Functions[name]
	if !ok {
		p.t.Fatalf("the provider has no function %s", name)
	}
	if len(arguments) != len(function.Parameters) {
		p.t.Fatalf("function %s has %d parameters, not %d", name, len(function.Parameters), len(arguments))
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, parameter := range function.Parameters {
		value, err := toValue(parameter.Type, arguments[i])
		p.called("argument "+parameter.Name, err)
		req.Arguments = append(req.Arguments, p.dynamic(parameter.Type, value))
	}
	resp, err := p.serverFor(planning).CallFunction(p.t.Context(), req)
	p.called("CallFunction", err)
	if resp.Error != nil {
		argument = -1
		if resp.Error.FunctionArgument != nil {
			argument = *resp.Error.FunctionArgument
		}
		return nil, resp.Error.Text, argument
	}
	return fromValue(p.received(function.Return.Type, resp.Result)), "", -1
}

// Resource is the resource of a type. It stops the test when there is none.
func (p *Process) Resource(typeName string) *Resource {
	p.t.Helper()
	schema, ok := p.schemas.ResourceSchemas[typeName]
	if !ok {
		p.t.Fatalf("the provider has no resource %s", typeName)
	}
	r := &Resource{p: p, ctx: p.t.Context(), typeName: typeName, schema: schema, typ: schema.ValueType()}
	if identity, ok := p.identities[typeName]; ok {
		r.identity = identity.ValueType()
	}
	return r
}

// serverFor returns the provider of a phase: a new one when the last call was of the other phase.
func (p *Process) serverFor(ph phase) tfprotov6.ProviderServer {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server == nil || p.used && p.phase != ph {
		p.server = p.configured()
	}
	p.phase, p.used = ph, true
	return p.server
}

func (p *Process) start() tfprotov6.ProviderServer {
	p.t.Helper()
	server, err := p.launch()
	p.called("the provider's start", err)
	return server
}

func (p *Process) configured() tfprotov6.ProviderServer {
	p.t.Helper()
	server := p.start()
	validated, configured := p.configure(server)
	p.stopOn("ValidateProviderConfig", validated)
	p.stopOn("ConfigureProvider", configured)
	return server
}

// terraformVersion is what the provider is told; its User-Agent carries it.
const terraformVersion = "1.11.4"

func (p *Process) configure(server tfprotov6.ProviderServer) (validated, configured Diagnostics) {
	p.t.Helper()
	typ := p.schemas.Provider.ValueType()
	block := p.config
	if block == nil {
		// Terraform sends an empty block where there is none.
		block = map[string]any{}
	}
	config := p.dynamic(typ, p.value(typ, block))
	v, err := server.ValidateProviderConfig(p.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	p.called("ValidateProviderConfig", err)
	if validated = diagnostics(v.Diagnostics); validated.HasErrors() {
		return validated, nil
	}
	c, err := server.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: terraformVersion, Config: config})
	p.called("ConfigureProvider", err)
	return validated, diagnostics(c.Diagnostics)
}

// called stops the test when a call itself failed, which no user's input may cause.
func (p *Process) called(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *Process) stopOn(what string, diags Diagnostics) {
	p.t.Helper()
	if diags.HasErrors() {
		p.t.Fatalf("%s:\n%s", what, diags)
	}
}

func (p *Process) value(typ tftypes.Type, values map[string]any) tftypes.Value {
	p.t.Helper()
	if values == nil {
		return tftypes.NewValue(typ, nil)
	}
	v, err := toValue(typ, values)
	p.called("a value of the test", err)
	return v
}

func (p *Process) dynamic(typ tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(typ, v)
	p.called("a value of the test", err)
	return &d
}

func (p *Process) received(typ tftypes.Type, d *tfprotov6.DynamicValue) tftypes.Value {
	p.t.Helper()
	if d == nil {
		return tftypes.NewValue(typ, nil)
	}
	v, err := d.Unmarshal(typ)
	p.called("a value of the provider", err)
	return v
}
