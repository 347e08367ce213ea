// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cardtemplate/lookup"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

var (
	_ resource.ResourceWithConfigure      = (*templateResource)(nil)
	_ resource.ResourceWithValidateConfig = (*templateResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*templateResource)(nil)
	_ resource.ResourceWithImportState    = (*templateResource)(nil)
	_ resource.ResourceWithIdentity       = (*templateResource)(nil)
)

// templateResource is wechatpay_member_card_template: one card template.
type templateResource struct {
	data *providerdata.Data
	// registry is what the templates of this run know of one another; nil while data is.
	registry *registry
	// templates are what members of this run are checked against; nil while data is.
	templates *lookup.Templates
}

func newResource() resource.Resource { return &templateResource{} }

// Metadata implements resource.Resource.
func (r *templateResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_template"
	// card_id becomes known late after a create whose outcome was unknown.
	resp.ResourceBehavior.MutableIdentity = true
}

// Configure implements resource.ResourceWithConfigure.
func (r *templateResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

func (r *templateResource) configure(given any, diags *diag.Diagnostics) {
	r.data = providerdata.From(given, diags)
	if r.data != nil {
		r.registry = providerdata.Shared(r.data, newRegistry)
		r.templates = providerdata.Shared(r.data, lookup.New)
	}
}

// The keys of private state.
const (
	// privateImported marks a state that an import has made and that was not read yet.
	privateImported = "imported"
	// privateReplaces is the template that a planned one replaces: Terraform hands the note of the
	// first plan, which has the state, to the second one, which plans the new template.
	privateReplaces = "replaces"
)

// Create implements resource.Resource. It never makes a second template: the brand's templates
// are listed before, and after a call whose outcome is unknown.
func (r *templateResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	defer framework.RecoverPanic("creating the card template", &resp.Diagnostics)
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.data.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}
	state := r.ensure(ctx, &plan, &config, &resp.Diagnostics)
	if state == nil {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	setIdentity(ctx, resp.Identity, &state.template, &resp.Diagnostics)
}

// ensure creates the planned template, or adopts the one that an earlier run has created. It
// returns nil where there is none.
func (r *templateResource) ensure(ctx context.Context, plan, config *model, diags *diag.Diagnostics) *model {
	listed, err := r.list(ctx, framework.Text(plan.BrandID))
	if err != nil {
		r.data.ReportError(err, explain(err, "looking for the card template before creating it"), nameOf(&plan.template), diags)
		return nil
	}
	number, existing := r.chooseNumber(plan, config, listed)
	plan.OutRequestNo = types.StringValue(number)
	if existing != nil {
		return r.adopt(plan, config, existing, diags)
	}
	if existing = r.withoutNumber(plan, config, listed); existing != nil {
		numberUnknown(existing).AddError(diags)
		return nil
	}

	answered, err := r.data.Client.CreateCardTemplate(ctx, toCreateRequest(&plan.template))
	if err != nil {
		answered = r.afterFailedCreate(ctx, plan, config, err, diags)
		if answered == nil && diags.HasError() {
			return nil
		}
		if answered == nil {
			return stateAfterApply(plan, nil)
		}
	}
	if isListed(listed, answered.CardID) || answered.State == wechatpay.CardTemplateStateInvalid {
		// WeChat Pay knew the number, and did not tell it in the list: no template was made.
		wanted := wantedSettings(plan, config)
		wanted.OutRequestNo = types.StringNull()
		changed := differences(wanted, templateFromAPI(answered))
		numberTaken(number, answered, changed, "WeChat Pay answered the create with it, although it was there before").AddError(diags)
		return nil
	}
	return r.owned(plan, answered, diags)
}

// chooseNumber returns the out_request_no to create the template with, or a template that is there
// already and must be adopted or refused. A number that is not configured is derived: the first one
// that no template has, after those of the templates that this run has released. An effective
// template on the way there may be what a run that was killed has left: the last one that is as
// configured is returned, and where none is, the last one. A second template is never made on a guess.
func (r *templateResource) chooseNumber(plan, config *model, listed []*wechatpay.CardTemplate) (string, *wechatpay.CardTemplate) {
	if framework.Known(plan.OutRequestNo) {
		number := framework.Text(plan.OutRequestNo)
		return number, withNumber(listed, number)
	}
	wanted := wantedSettings(plan, config)
	key := derivedKey(&plan.template)
	var found *wechatpay.CardTemplate
	agrees := false
	for n := 1 + r.registry.releasedCounter(numberKey(framework.Text(plan.BrandID), derivedNumber(key, 1))); ; n++ {
		number := derivedNumber(key, n)
		existing := withNumber(listed, number)
		switch {
		case existing == nil && found == nil:
			return number, nil
		case existing == nil:
			return found.OutRequestNo, found
		case existing.State == wechatpay.CardTemplateStateInvalid || r.registry.isReleased(resourceID(existing.BrandID, existing.CardID)):
		case len(differences(wanted, templateFromAPI(existing))) == 0:
			found, agrees = existing, true
		case !agrees:
			found = existing
		}
	}
}

// isListed reports whether a template is among those that were listed.
func isListed(listed []*wechatpay.CardTemplate, cardID string) bool {
	return slices.ContainsFunc(listed, func(t *wechatpay.CardTemplate) bool { return t.CardID == cardID })
}

// withNumber is the template with a number; of several the effective one.
func withNumber(listed []*wechatpay.CardTemplate, number string) *wechatpay.CardTemplate {
	var found *wechatpay.CardTemplate
	for _, t := range listed {
		if t.OutRequestNo == number && (found == nil || found.State == wechatpay.CardTemplateStateInvalid) {
			found = t
		}
	}
	return found
}

// withoutNumber is an effective template of the planned settings whose out_request_no WeChat Pay
// does not tell, as the first editions of the pages have it: it may be the one that an earlier run
// has created.
func (r *templateResource) withoutNumber(plan, config *model, listed []*wechatpay.CardTemplate) *wechatpay.CardTemplate {
	wanted := wantedSettings(plan, config)
	wanted.OutRequestNo = types.StringNull()
	for _, t := range listed {
		id := resourceID(t.BrandID, t.CardID)
		if t.OutRequestNo == "" && t.State != wechatpay.CardTemplateStateInvalid && !r.registry.isReleased(id) && len(differences(wanted, templateFromAPI(t))) == 0 {
			return t
		}
	}
	return nil
}

// wantedSettings is what is configured, with the defaults of what is not.
func wantedSettings(plan, config *model) *template {
	wanted := config.template
	wanted.OutRequestNo, wanted.CardType = plan.OutRequestNo, plan.CardType
	wanted.NeedPinned, wanted.NeedDisplayLevel = plan.NeedPinned, plan.NeedDisplayLevel
	return &wanted
}

// adopt adopts the template that has the planned number already, where it is what is configured.
func (r *templateResource) adopt(plan, config *model, existing *wechatpay.CardTemplate, diags *diag.Diagnostics) *model {
	changed := differences(wantedSettings(plan, config), templateFromAPI(existing))
	id := resourceID(existing.BrandID, existing.CardID)
	if len(changed) > 0 || existing.State == wechatpay.CardTemplateStateInvalid || r.registry.isOwned(id) {
		numberTaken(framework.Text(plan.OutRequestNo), existing, changed, "another resource of this run manages it").AddError(diags)
		return nil
	}
	adopted(existing).AddWarning(diags)
	return r.owned(plan, existing, diags)
}

// owned is the state of a template that was created or adopted.
func (r *templateResource) owned(plan *model, answered *wechatpay.CardTemplate, diags *diag.Diagnostics) *model {
	r.registry.own(resourceID(answered.BrandID, answered.CardID))
	r.templates.Set(answered)
	warnUnread(answered, diags)
	return stateAfterApply(plan, templateFromAPI(answered))
}

// afterFailedCreate looks a template up whose create failed. It returns the template where it is
// there after all. Where nobody knows, it adds a warning, and otherwise an error.
func (r *templateResource) afterFailedCreate(ctx context.Context, plan, config *model, err error, diags *diag.Diagnostics) *wechatpay.CardTemplate {
	e, ok := errors.AsType[*wechatpay.Error](err)
	if ok && e.OutcomeUnknown {
		listed, listErr := r.list(ctx, framework.Text(plan.BrandID))
		if listErr != nil {
			outcomeUnknown(plan, err).AddWarning(diags)
			return nil
		}
		if found := withNumber(listed, framework.Text(plan.OutRequestNo)); found != nil {
			return found
		}
		if r.withoutNumber(plan, config, listed) != nil {
			outcomeUnknown(plan, err).AddWarning(diags)
			return nil
		}
	}
	c := callContext("creating the card template")
	c.IfUnknown = "The brand's templates were listed after it, and it is not among them. Apply again: they are listed again first."
	r.data.ReportError(err, c.Explain(err), nameOf(&plan.template), diags)
	return nil
}

// list reads all templates of a brand.
func (r *templateResource) list(ctx context.Context, brandID string) ([]*wechatpay.CardTemplate, error) {
	var listed []*wechatpay.CardTemplate
	for t, err := range r.data.Client.ListCardTemplates(ctx, wechatpay.ListCardTemplatesRequest{BrandID: brandID}) {
		if err != nil {
			return nil, err
		}
		listed = append(listed, t)
	}
	return listed, nil
}

// Read implements resource.Resource.
func (r *templateResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	const doing = "reading the card template"
	defer framework.RecoverPanic(doing, &resp.Diagnostics)
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	setIdentity(ctx, resp.Identity, &state.template, &resp.Diagnostics)
	var importing bool
	framework.GetPrivate(ctx, req.Private, privateImported, &importing, &resp.Diagnostics)
	if importing && !r.data.Ready(&resp.Diagnostics) {
		return
	}
	if r.data == nil || r.data.Client == nil {
		resp.Diagnostics.AddWarning("A card template was not refreshed",
			"A part of the provider's configuration is not known while planning, so that the state is taken as it is.")
		return
	}
	if !importing && !state.CardID.IsNull() && framework.ReadWithin(ctx, req.Private, r.data.RefreshInterval, r.data.Now(), &resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}

	read, err := r.find(ctx, &state)
	ambiguous, isAmbiguous := errors.AsType[*ambiguousError](err)
	switch {
	case isAmbiguous:
		numberUnknown(ambiguous.template).AddWarning(&resp.Diagnostics)
		return
	case err == nil && read == nil:
		// A create whose outcome was unknown has made no template.
		resp.State.RemoveResource(ctx)
		return
	case wechatpay.IsNotFound(err) && importing:
		d := explain(err, doing)
		d.Summary = "There is no such card template to import"
		d.AddError(&resp.Diagnostics)
		return
	case wechatpay.IsNotFound(err):
		goneElsewhere(&state, err).AddWarning(&resp.Diagnostics)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		report := r.data.ReportWhilePlanning
		if importing {
			report = r.data.ReportError
		}
		report(err, explain(err, doing), nameOf(&state.template), &resp.Diagnostics)
		return
	}
	warnInvalid(read, &resp.Diagnostics)
	warnUnread(read, &resp.Diagnostics)
	r.templates.Set(read)
	next := stateAfterRead(&state, read)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	setIdentity(ctx, resp.Identity, &next.template, &resp.Diagnostics)
	if importing {
		framework.SetPrivate(ctx, resp.Private, privateImported, nil, &resp.Diagnostics)
	}
	if r.data.RefreshInterval > 0 {
		framework.SetReadTime(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// find reads a template by its card_id, or by its out_request_no while card_id is not known. It
// returns nil without an error where the brand certainly has no template with that number.
func (r *templateResource) find(ctx context.Context, state *model) (*wechatpay.CardTemplate, error) {
	if !state.CardID.IsNull() {
		return r.data.Client.GetCardTemplate(ctx, framework.Text(state.BrandID), framework.Text(state.CardID))
	}
	listed, err := r.list(ctx, framework.Text(state.BrandID))
	if err != nil {
		return nil, err
	}
	found := withNumber(listed, framework.Text(state.OutRequestNo))
	if found == nil {
		if candidate := r.withoutNumber(state, state, listed); candidate != nil {
			return nil, &ambiguousError{candidate}
		}
	}
	return found, nil
}

// ambiguousError is about a template that may be the one looked for: WeChat Pay does not tell its number.
type ambiguousError struct{ template *wechatpay.CardTemplate }

// Error implements error.
func (e *ambiguousError) Error() string {
	return fmt.Sprintf("the template %s may be the one that an earlier run created: it has the same settings, and WeChat Pay does not tell its out_request_no", resourceID(e.template.BrandID, e.template.CardID))
}

// Update implements resource.Resource: one modify call with what changed.
func (r *templateResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	defer framework.RecoverPanic("changing the card template", &resp.Diagnostics)
	var state, plan, config model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.data.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}
	if state.CardID.IsNull() {
		// A create whose outcome is unknown is still open.
		if next := r.ensure(ctx, &plan, &config, &resp.Diagnostics); next != nil {
			resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
			setIdentity(ctx, resp.Identity, &next.template, &resp.Diagnostics)
		}
		return
	}
	answered := &state.template
	if names := changedSettings(&state.template, &plan.template); len(names) > 0 {
		changed, err := r.data.Client.ModifyCardTemplate(ctx, toModifyRequest(&plan.template, names))
		if err != nil {
			r.data.ReportError(err, explainWrite(err, "changing the card template"), nameOf(&state.template), &resp.Diagnostics)
			framework.ClearReadTime(ctx, resp.Private, &resp.Diagnostics)
			return
		}
		warnUnread(changed, &resp.Diagnostics)
		r.templates.Set(changed)
		answered = templateFromAPI(changed)
		// What the answer shows otherwise than planned is found by the next refresh.
		framework.ClearReadTime(ctx, resp.Private, &resp.Diagnostics)
	}
	next := stateAfterApply(&plan, answered)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	setIdentity(ctx, resp.Identity, &next.template, &resp.Diagnostics)
}

// Delete implements resource.Resource, by the deletion policy in the state.
func (r *templateResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	defer framework.RecoverPanic("destroying the card template", &resp.Diagnostics)
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if isProtected(&state) {
		prevented(&state).AddError(&resp.Diagnostics)
		return
	}
	if deletionPolicy(&state) == deletionInvalidate && !r.invalidate(ctx, &state, &resp.Diagnostics) {
		return
	}
	if r.data != nil && !state.ID.IsNull() {
		r.registry.release(&state.template)
	}
}

// invalidate ends the template. It returns false after an error.
func (r *templateResource) invalidate(ctx context.Context, state *model, diags *diag.Diagnostics) bool {
	const doing = "invalidating the card template"
	if framework.Text(state.State) == string(wechatpay.CardTemplateStateInvalid) {
		return true
	}
	if !r.data.Ready(diags) {
		return false
	}
	if r.registry.isOwned(framework.Text(state.ID)) {
		framework.Detailf(path.Root("deletion_policy"), "Another resource manages this card template",
			"In this run another resource has adopted the template %s, and invalidating would end it permanently. Nothing was sent. Take this resource out of the state with terraform state rm.", nameOf(&state.template)).AddError(diags)
		return false
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, state.Timeouts.Delete, diags)
	defer cancel()
	if !ok {
		return false
	}
	if state.CardID.IsNull() {
		found, err := r.find(ctx, state)
		if err != nil {
			r.data.ReportError(err, explain(err, doing), nameOf(&state.template), diags)
			return false
		}
		if found == nil {
			return true
		}
		state.CardID = types.StringValue(found.CardID)
	}
	if err := r.invalidateTemplate(ctx, framework.Text(state.BrandID), framework.Text(state.CardID)); err != nil {
		r.data.ReportError(err, explainWrite(err, doing), nameOf(&state.template), diags)
		return false
	}
	return true
}

var errStillEffective = errors.New("WeChat Pay answered the invalidation, but the template is not CARD_INVALID. Apply again; if it stays, ask WeChat Pay's support")

// invalidateTemplate is done when the answer, or a reading after it, says CARD_INVALID, or that
// there is no such template.
func (r *templateResource) invalidateTemplate(ctx context.Context, brandID, cardID string) error {
	answered, err := r.data.Client.InvalidateCardTemplate(ctx, brandID, cardID)
	if wechatpay.IsNotFound(err) || err == nil && answered.State == wechatpay.CardTemplateStateInvalid {
		return nil
	}
	read, readErr := r.data.Client.GetCardTemplate(ctx, brandID, cardID)
	if wechatpay.IsNotFound(readErr) || readErr == nil && read.State == wechatpay.CardTemplateStateInvalid {
		return nil
	}
	return cmp.Or(err, readErr, errStillEffective)
}

// ImportState implements resource.ResourceWithImportState, by id or by identity. It makes no
// call: the reading that Terraform does next fills in the rest.
func (r *templateResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	defer framework.RecoverPanic("importing into the state", &resp.Diagnostics)
	var identity identityModel
	if req.Identity == nil || req.Identity.Raw.IsNull() {
		brandID, cardID, ok := strings.Cut(req.ID, "/")
		if !ok {
			wrongImportID("The id has no \"/\".").AddError(&resp.Diagnostics)
			return
		}
		identity = identityModel{types.StringValue(brandID), types.StringValue(cardID)}
	} else {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	brandID, cardID := framework.Text(identity.BrandID), framework.Text(identity.CardID)
	for name, value := range map[string]string{"brand_id": brandID, "card_id": cardID} {
		if !framework.IsIdentifier(value) {
			wrongImportID(fmt.Sprintf("The part %s is empty, or has a space, a \"/\" or another character that no id has.", name)).AddError(&resp.Diagnostics)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]string{"id": resourceID(brandID, cardID), "brand_id": brandID, "card_id": cardID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	setIdentity(ctx, resp.Identity, &template{BrandID: identity.BrandID, CardID: identity.CardID}, &resp.Diagnostics)
	framework.SetPrivate(ctx, resp.Private, privateImported, true, &resp.Diagnostics)
}

func wrongImportID(mistake string) framework.Diagnostic {
	return framework.Diagnostic{Summary: "The import id is not right", Detail: mistake + " An import id is brand_id/card_id."}
}

// setIdentity keeps what names the template at WeChat Pay.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, t *template, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.Set(ctx, identityModel{t.BrandID, t.CardID})...)
	}
}
