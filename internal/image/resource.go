// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

var (
	_ resource.ResourceWithConfigure        = (*imageResource)(nil)
	_ resource.ResourceWithConfigValidators = (*imageResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*imageResource)(nil)
)

// schemaVersion is the version of the state that this schema writes.
const schemaVersion = 0

// privateUnknown is the key of private state that says that the bytes were not known while planning.
// Terraform hands it from the plan to the destruction that is a part of a replacement.
const privateUnknown = "unknown"

// imageResource is wechatpay_image: one uploaded picture.
type imageResource struct {
	data    *providerdata.Data
	uploads *uploads
}

func newResource() resource.Resource { return &imageResource{} }

// uploads are the URLs of the pictures that this apply has uploaded, by digest: what several new
// resources have is uploaded once. It knows nothing of resources without a change, which take no
// part in an apply. It is safe for concurrent use.
type uploads struct {
	mu   sync.Mutex
	urls map[string]string
}

func newUploads() *uploads { return &uploads{urls: map[string]string{}} }

// add remembers the URL of a picture.
func (u *uploads) add(sha256, url string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.urls[sha256] = url
}

// upload returns the URL of a picture, and uploads it where it is not known. Uploads of one run
// go one after the other, so that two resources with the same bytes upload them once.
func (u *uploads) upload(sha256 string, upload func() (string, error)) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if url, ok := u.urls[sha256]; ok {
		return url, nil
	}
	url, err := upload()
	if err == nil {
		u.urls[sha256] = url
	}
	return url, err
}

// model is the resource: a configuration, a plan or a state.
type model struct {
	ID            types.String `tfsdk:"id"`
	Source        types.String `tfsdk:"source"`
	ContentBase64 types.String `tfsdk:"content_base64"`
	Filename      types.String `tfsdk:"filename"`
	SHA256        types.String `tfsdk:"sha256"`
	URL           types.String `tfsdk:"url"`
	Format        types.String `tfsdk:"format"`
	Width         types.Number `tfsdk:"width"`
	Height        types.Number `tfsdk:"height"`
	Size          types.Number `tfsdk:"size"`
}

// Metadata implements resource.Resource.
func (r *imageResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

// Schema implements resource.Resource.
func (r *imageResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	number := func(description string) schema.NumberAttribute {
		return schema.NumberAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "Uploads a picture for the background of a card or a card template; its `url` is their `card_picture_url`.\n\n" +
			"The picture is read and checked while planning: a JPEG or PNG of less than 1 MiB and at most 5000×5000 pixels; WeChat Pay suggests 716×320. " +
			"Other bytes replace the resource. The same bytes are not uploaded again, also under another path or name; two new resources of one apply upload them once. " +
			"Another address without a `moved` block, and `-replace`, upload them again. The bytes are not in the state. " +
			"WeChat Pay can neither list nor delete pictures: destroying only forgets the URL, which stays valid.\n\n" +
			"For service providers the member card pages do not say which upload they mean; the provider uses that of marketing (`/v3/marketing/favor/media/image-upload`), whose URLs have the same form. " +
			"Should WeChat Pay not accept such a URL, upload the picture by hand and give its URL instead.",
		Attributes: map[string]schema.Attribute{
			"id": text("The same as `sha256`."),
			"source": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Path of the picture's file; a relative one starts at Terraform's working directory (`${path.module}/picture.png` at the module's). Exactly one of `source` and `content_base64` must be given.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"content_base64": schema.StringAttribute{
				Optional: true, WriteOnly: true,
				MarkdownDescription: "The picture's bytes in base64, for instance from `filebase64` or another resource. It is not stored (write-only).",
			},
			"filename": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The file name that is sent to WeChat Pay, 1 to 128 characters, ending in `.jpg` or `.png` as the format does. Default: that of `source`, or `picture.jpg` or `picture.png` where it has another character than WeChat Pay takes. A change of only the name uploads nothing.",
			},
			"sha256": text("SHA-256 of the bytes, hexadecimal."),
			"url":    text("The picture's URL at WeChat Pay. It stays valid permanently."),
			"format": text("`jpeg` or `png`, by the bytes."),
			"width":  number("Width in pixels."),
			"height": number("Height in pixels."),
			"size":   number("The size of the file in bytes."),
		},
	}
}

// Configure implements resource.ResourceWithConfigure.
func (r *imageResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
	if r.data != nil {
		r.uploads = providerdata.Shared(r.data, newUploads)
	}
}

// ConfigValidators implements resource.ResourceWithConfigValidators.
func (r *imageResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{oneContent{}}
}

// oneContent demands exactly one of source and content_base64.
type oneContent struct{}

// Description implements resource.ConfigValidator.
func (oneContent) Description(context.Context) string {
	return "exactly one of source and content_base64"
}

// MarkdownDescription implements resource.ConfigValidator.
func (v oneContent) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateResource implements resource.ConfigValidator.
func (oneContent) ValidateResource(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Source.IsUnknown() || config.ContentBase64.IsUnknown() {
		return
	}
	switch {
	case config.Source.IsNull() && config.ContentBase64.IsNull():
		framework.At(path.Root("source"), "The picture is missing", "Give source, the path of a file, or content_base64, its bytes.").AddError(&resp.Diagnostics)
	case !config.Source.IsNull() && !config.ContentBase64.IsNull():
		framework.At(path.Root("source"), "The picture is given twice", "Give either source or content_base64.").AddError(&resp.Diagnostics)
	}
}

// ModifyPlan implements resource.ResourceWithModifyPlan: it reads and checks the picture.
func (r *imageResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer framework.RecoverPanic("planning the picture", &resp.Diagnostics)
	var state *model
	if !req.State.Raw.IsNull() {
		state = new(model)
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		if state != nil {
			framework.Detailf(path.Empty(), "WeChat Pay keeps the picture",
				"The picture %s leaves the state only: WeChat Pay can delete none, and its URL stays valid.", shortDigest(state)).AddWarning(&resp.Diagnostics)
		}
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	read, unknown, err := readConfigured(&config)
	unavailable, isUnavailable := errors.AsType[unavailableError](err)
	switch {
	case unknown:
		plan.setUnknown()
	case isUnavailable && state != nil && config.Source.Equal(state.Source):
		// A destroy, or a checkout without pictures, works without the file.
		diagnostic := unusable(&config, unavailable)
		diagnostic.Summary = "The picture cannot be read, and stays as it is"
		diagnostic.Detail += " WeChat Pay has the picture already, so nothing is uploaded. Whether the file has changed is not known."
		diagnostic.AddWarning(&resp.Diagnostics)
		plan.keep(state)
	case err != nil:
		unusable(&config, err).AddError(&resp.Diagnostics)
		return
	default:
		plan.setPicture(read, &config, state, &resp.Diagnostics)
	}
	if state != nil && unknown {
		framework.SetPrivate(ctx, resp.Private, privateUnknown, true, &resp.Diagnostics)
	}
	if state != nil && !plan.SHA256.Equal(state.SHA256) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("sha256"))
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// shortDigest names a picture to people.
func shortDigest(m *model) string {
	digest := framework.Text(m.SHA256)
	return fmt.Sprintf("%s (SHA-256 %s…)", framework.Text(m.Filename), digest[:min(12, len(digest))])
}

// readConfigured reads the configured picture; unknown is whether it is not known yet.
func readConfigured(config *model) (read *picture, unknown bool, err error) {
	switch {
	case config.Source.IsUnknown() || config.ContentBase64.IsUnknown():
		return nil, true, nil
	case !config.Source.IsNull():
		read, err = readSource(framework.Text(config.Source))
	default:
		read, err = readBase64(framework.Text(config.ContentBase64))
	}
	return read, false, err
}

// unusable says why the configured picture cannot be used.
func unusable(config *model, err error) framework.Diagnostic {
	if config.Source.IsNull() {
		// Terraform would print the configuration's lines, which may be the whole picture.
		return framework.Detailf(path.Empty(), "The picture cannot be used", "The picture of content_base64 cannot be used: %s.", err)
	}
	return framework.Detailf(path.Root("source"), "The picture cannot be used", "The file %q cannot be used: %s.", framework.Text(config.Source), err)
}

// setUnknown leaves open what depends on the bytes.
func (m *model) setUnknown() {
	m.ID, m.SHA256, m.URL, m.Format = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.Width, m.Height, m.Size = types.NumberUnknown(), types.NumberUnknown(), types.NumberUnknown()
}

// keep takes what depends on the bytes from the state.
func (m *model) keep(state *model) {
	m.ID, m.SHA256, m.URL, m.Format = state.ID, state.SHA256, state.URL, state.Format
	m.Width, m.Height, m.Size = state.Width, state.Height, state.Size
	if m.Filename.IsUnknown() {
		m.Filename = state.Filename
	}
}

// setPicture plans what was read. The URL of the state stays where the bytes do.
func (m *model) setPicture(p *picture, config, state *model, diags *diag.Diagnostics) {
	m.ID, m.SHA256, m.Format = types.StringValue(p.sha256), types.StringValue(p.sha256), types.StringValue(p.format)
	m.Width, m.Height, m.Size = framework.Number(int64(p.width)), framework.Number(int64(p.height)), framework.Number(int64(len(p.content)))
	m.URL = types.StringUnknown()
	if state != nil && m.SHA256.Equal(state.SHA256) {
		m.URL = state.URL
	}
	switch {
	case config.Filename.IsNull():
		m.Filename = types.StringValue(p.filename(framework.Text(config.Source)))
	case framework.Known(config.Filename):
		checkFilename(framework.Text(config.Filename), p.format, diags)
	}
	if !p.isSuggestedSize() && m.URL.IsUnknown() {
		framework.Detailf(path.Empty(), "The picture has another size than WeChat Pay suggests",
			"The picture has %d×%d pixels. WeChat Pay suggests %d×%d for a card, and shows others cut or scaled.", p.width, p.height, suggestedWidth, suggestedHeight).AddWarning(diags)
	}
}

func checkFilename(name, format string, diags *diag.Diagnostics) {
	if !isFilename(name, format) {
		framework.Detailf(path.Root("filename"), "Invalid value of filename",
			"The picture is a %s, so filename must end in %s and have 1 to %d printable characters without quotation marks, emoji, \"/\" and \"\\\". Of all blanks only the plain space is printable. (Whether WeChat Pay takes .jpeg is not documented.)", strings.ToUpper(format), extensions[format], wechatpay.MaxFilename).AddError(diags)
	}
}

// Create implements resource.Resource: it uploads the picture, unless this run knows its URL.
func (r *imageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	defer framework.RecoverPanic("uploading the picture", &resp.Diagnostics)
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.data.Ready(&resp.Diagnostics) {
		return
	}
	read, _, err := readConfigured(&config)
	if err != nil {
		unusable(&config, err).AddError(&resp.Diagnostics)
		return
	}
	if framework.Known(plan.SHA256) && framework.Text(plan.SHA256) != read.sha256 {
		framework.Detailf(path.Root("source"), "The picture has changed since the plan",
			"The picture has other bytes than when it was planned. Nothing was uploaded. Plan and apply again.").AddError(&resp.Diagnostics)
		return
	}
	plan.setPicture(read, &config, nil, &diag.Diagnostics{})
	url, err := r.uploads.upload(read.sha256, func() (string, error) {
		uploaded, err := r.data.Client.UploadImage(ctx, wechatpay.UploadImageRequest{Filename: framework.Text(plan.Filename), Content: read.content})
		if err != nil {
			return "", err
		}
		return uploaded.URL, nil
	})
	if err != nil {
		r.data.ReportError(err, explain(err), shortDigest(&plan), &resp.Diagnostics)
		return
	}
	plan.URL = types.StringValue(url)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Read implements resource.Resource. WeChat Pay cannot be asked for a picture: the state stays.
func (r *imageResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update implements resource.Resource: another path or name of the same bytes. Nothing is sent.
func (r *imageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.URL.IsUnknown() {
		plan.URL = state.URL
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Delete implements resource.Resource: it only forgets the picture. Where it is replaced because its
// bytes were not known while planning, they may turn out to be the same: then the URL serves again.
func (r *imageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	var unknown bool
	framework.GetPrivate(ctx, req.Private, privateUnknown, &unknown, &resp.Diagnostics)
	if unknown && r.uploads != nil && !resp.Diagnostics.HasError() {
		r.uploads.add(framework.Text(state.SHA256), framework.Text(state.URL))
	}
}

// explain says what an error of the upload means and what to do.
func explain(err error) framework.Diagnostic {
	refused := func(summary, detail string) framework.Diagnostic {
		return framework.Diagnostic{Summary: summary, Detail: detail}
	}
	c := framework.CallContext{
		Doing:      "uploading the picture",
		Attributes: map[string]path.Path{"filename": path.Root("filename")},
		Kinds: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindImageEmpty:      refused("WeChat Pay says that the picture is empty", "the bytes did not arrive. Apply again, and check whether something on the way changes requests."),
			wechatpay.KindImageTooLarge:   refused("WeChat Pay says that the picture is too large", "make it smaller."),
			wechatpay.KindImageFormat:     refused("WeChat Pay does not accept the picture's format", "save it again as a plain JPEG or PNG."),
			wechatpay.KindImageName:       refused("WeChat Pay does not accept the picture's file name", "set filename to a short name such as card.png."),
			wechatpay.KindImageDigest:     refused("The picture arrived with other bytes", "WeChat Pay computed another digest. Apply again, and check whether something on the way changes requests."),
			wechatpay.KindImageDimensions: refused("WeChat Pay says that the picture has too many pixels", "make it at most 5000×5000; a card suggests 716×320."),
		},
		IfUnknown: "Apply again: at worst WeChat Pay keeps one more picture that nobody uses.",
	}
	if e, ok := errors.AsType[*wechatpay.Error](err); ok && e.Mode != wechatpay.ModeBrand {
		// Which upload the member card pages for service providers mean is not documented.
		const instead = "WeChat Pay's pages do not say which upload is for service providers' member cards, and the provider uses that of marketing. " +
			"Upload the picture by hand, or ask WeChat Pay's operations staff to do it, and give its URL in card_picture_url in place of this resource."
		notAllowed := refused("The merchant may not upload pictures", instead)
		c = c.With(map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindNoAuth: notAllowed, wechatpay.KindPermission: notAllowed, wechatpay.KindNotOpen: notAllowed,
			wechatpay.KindNotFound: refused("WeChat Pay does not know the upload of pictures", instead),
		})
	}
	return c.Explain(err)
}
