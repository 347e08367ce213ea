// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ValidateConfig implements resource.ResourceWithValidateConfig: what the attributes say of one
// another. What is unknown is checked while planning.
func (r *templateResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	defer framework.RecoverPanic("validating the configuration", &resp.Diagnostics)
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	validity.Validate(config.ValidDateInformation, &resp.Diagnostics)
	framework.ValidateTimeouts(config.Timeouts, &resp.Diagnostics)
	validateCode(&config.template, &resp.Diagnostics)
	for _, f := range fields() {
		if object, ok := f.get(&config.template).(types.Object); ok {
			validateObject(f.name, object, &resp.Diagnostics)
		}
	}
}

// validateCode checks that a code that is shown by a mini program says by which.
func validateCode(config *template, diags *diag.Diagnostics) {
	at := path.Root("code_jump_information")
	jumps := framework.Text(config.CodeType) == string(wechatpay.CodeTypeMiniProgram)
	switch {
	case !framework.Known(config.CodeType):
	case jumps && config.CodeJumpInformation.IsNull():
		framework.At(at, "The page that shows the code is missing",
			"code_type = \"JUMP_MINI_PROGRAM\" needs code_jump_information with jump_appid and jump_path.").AddError(diags)
	case !jumps && framework.Known(config.CodeJumpInformation):
		framework.Detailf(at, "code_jump_information has no effect",
			"It is the page that shows the code with code_type = \"JUMP_MINI_PROGRAM\", and code_type is %q.", framework.Text(config.CodeType)).AddWarning(diags)
	}
}

// validateObject checks that an object says something.
func validateObject(name string, object types.Object, diags *diag.Diagnostics) {
	if !framework.Known(object) {
		return
	}
	for _, value := range object.Attributes() {
		if !value.IsNull() {
			return
		}
	}
	framework.Detailf(path.Root(name), "An object is empty",
		"%s has no value. Give %s, or leave %s out.", name, strings.Join(framework.SortedKeys(object.Attributes()), " or "), name).AddError(diags)
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *templateResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer framework.RecoverPanic("planning the card template", &resp.Diagnostics)
	if r.data == nil {
		return
	}
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
			planDestroy(state, &resp.Diagnostics)
			r.claimNumber(ctx, req, resp, &state.template, numberDestroyed)
		}
		return
	}
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.planBrand(state, &plan, &config, resp) {
		return
	}
	replaced := replacedAttributes(state, &plan)
	unknown := unknownAttributes(state, &config)
	switch {
	case state == nil:
		r.planCreate(ctx, req, resp, &plan, &config)
	case len(replaced) > 0:
		planReplacement(state, replaced, &resp.Diagnostics)
	case len(unknown) > 0:
		planUnknownReplacement(state, unknown, &resp.Diagnostics)
	default:
		r.planUpdate(state, &plan, &resp.Diagnostics)
	}
	if state != nil {
		r.claimNumber(ctx, req, resp, &state.template, numberKept)
		framework.SetPrivate(ctx, resp.Private, privateReplaces, replacedFrom(state), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planBrand plans the brand, and whether another one replaces. It returns false after an error.
func (r *templateResource) planBrand(state, plan, config *model, resp *resource.ModifyPlanResponse) bool {
	stateBrand := types.StringNull()
	if state != nil {
		stateBrand = state.BrandID
	}
	brand, ok := r.data.PlannedBrand(config.BrandID, stateBrand, &resp.Diagnostics)
	if !ok {
		return false
	}
	plan.BrandID = brand
	if state != nil && !brand.Equal(state.BrandID) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("brand_id"))
	}
	return true
}

// replacedAttributes names the attributes of a plan that need another template, as far as they are known. The framework
// does not tell ModifyPlan what the attributes' own plan modifiers have decided.
func replacedAttributes(state, plan *model) []string {
	if state == nil {
		return nil
	}
	var names []string
	if framework.Known(plan.BrandID) && !plan.BrandID.Equal(state.BrandID) {
		names = append(names, "brand_id")
	}
	for _, f := range fields() {
		if f.name == "out_request_no" && state.OutRequestNo.IsNull() {
			continue // the first editions of the pages do not answer it
		}
		if f.toFixed != nil && !f.get(&plan.template).IsUnknown() && !f.get(&plan.template).Equal(f.get(&state.template)) {
			names = append(names, f.name)
		}
	}
	return names
}

// unknownAttributes names the attributes that need another template when they change, and whose
// configured values are not known while planning: Terraform takes such a value for a change.
func unknownAttributes(state, config *model) []string {
	if state == nil {
		return nil
	}
	var names []string
	if config.BrandID.IsUnknown() {
		names = append(names, "brand_id")
	}
	for _, f := range fields() {
		if f.toFixed != nil && f.get(&config.template).IsUnknown() && (f.name != "out_request_no" || !state.OutRequestNo.IsNull()) {
			names = append(names, f.name)
		}
	}
	return names
}

func (r *templateResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan, config *model) {
	r.validatePlanned(&plan.template, &resp.Diagnostics)
	if plan.NeedDisplayLevel.ValueBool() && config.InitLevel.IsNull() {
		framework.At(path.Root("init_level"), "The level of new members is missing",
			"need_display_level = true shows a level on the card, and new members need one: set init_level, 1 to 10 characters.").AddError(&resp.Diagnostics)
	}
	var old replacedTemplate
	if framework.GetPrivate(ctx, req.Private, privateReplaces, &old, &resp.Diagnostics) {
		framework.SetPrivate(ctx, resp.Private, privateReplaces, nil, &resp.Diagnostics)
		if old.refuse(plan, &resp.Diagnostics) {
			return
		}
	}
	// A number that is configured and not known yet is neither derived nor another's.
	if !config.OutRequestNo.IsUnknown() {
		r.claimNumber(ctx, req, resp, &plan.template, numberCreated)
	}
}

// claimNumber claims the template's number, as far as it is known, for this resource, and adds
// an error where another resource has it and one of both makes a template.
func (r *templateResource) claimNumber(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, t *template, use numberUse) {
	instance := framework.Instance(ctx, req.Private, resp.Private, &resp.Diagnostics)
	number := framework.Text(t.OutRequestNo)
	derived := ""
	if key := derivedKey(t); use == numberCreated && number == "" && key != "" {
		number, derived = derivedNumber(key, 1), ", derived from brand, appid and card_title"
	}
	// An invalid template hinders nobody: its derived number is passed over.
	invalid := framework.Text(t.State) == string(wechatpay.CardTemplateStateInvalid)
	if number == "" || !framework.Known(t.BrandID) || invalid {
		return
	}
	other, ok := r.registry.claim(numberKey(framework.Text(t.BrandID), number), claim{instance, use})
	switch {
	case ok:
	case use == numberDestroyed || other.use == numberDestroyed:
		framework.Detailf(path.Root("out_request_no"), "A card template is destroyed and made again",
			"One resource is destroyed, and another one is to be created with the same out_request_no (%q%s). If it is one template at a new address, write a moved block: moved { from = OLD_ADDRESS, to = NEW_ADDRESS }. "+
				"If you want another template, give it an out_request_no of its own.", number, derived).AddError(&resp.Diagnostics)
	default:
		framework.Detailf(path.Root("out_request_no"), "Two card templates have one out_request_no",
			"Another resource of this configuration has this out_request_no (%q%s) for the same brand, or would derive it. Give this one an out_request_no of its own.", number, derived).AddError(&resp.Diagnostics)
	}
}

// replacedTemplate is what the plan of a new template must know of the one that it replaces.
type replacedTemplate struct {
	Name         string `json:"name"`
	OutRequestNo string `json:"out_request_no"`
	Protected    bool   `json:"protected"`
}

func replacedFrom(state *model) replacedTemplate {
	return replacedTemplate{Name: nameOf(&state.template), OutRequestNo: framework.Text(state.OutRequestNo), Protected: isProtected(state)}
}

// refuse adds an error, and returns true, where the new template could not be made, or the old
// one may not be given up: the old one ends before the new one is made.
func (old replacedTemplate) refuse(plan *model, diags *diag.Diagnostics) bool {
	switch {
	case old.Protected:
		framework.Detailf(path.Root("deletion_policy"), "The card template is protected from being replaced",
			"The template %s has deletion_policy = \"prevent\" in the state (the default), and would be replaced: -replace names it, or an attribute that needs another template is not known while planning. "+
				"Its members would stay under the old one. Leave -replace out, or apply first what the attribute comes from (terraform apply -target=…).", old.Name).AddError(diags)
		return true
	case framework.Known(plan.OutRequestNo) && framework.Text(plan.OutRequestNo) == old.OutRequestNo:
		framework.Detailf(path.Root("out_request_no"), "The replacement needs another out_request_no",
			"The template %s has out_request_no = %q, and the template that replaces it needs a number of its own. Change out_request_no, or leave it out.", old.Name, old.OutRequestNo).AddError(diags)
		return true
	}
	return false
}

func planReplacement(state *model, names []string, diags *diag.Diagnostics) {
	if isProtected(state) {
		replacementPrevented(state, names).AddError(diags)
		return
	}
	planDestroy(state, diags)
	framework.Detailf(path.Root(names[0]), "The card template is replaced, and its members are not",
		"WeChat Pay cannot change %s of a template, so %s is replaced by another one with another card_id. Its members stay under the old one; members of this configuration that refer to card_id are imported again under the new one.",
		strings.Join(names, ", "), nameOf(&state.template)).AddWarning(diags)
}

// planUnknownReplacement warns of a replacement that Terraform plans because a value is not known. A
// protected template is refused when the new one is planned.
func planUnknownReplacement(state *model, names []string, diags *diag.Diagnostics) {
	if isProtected(state) {
		return
	}
	planDestroy(state, diags)
	framework.Detailf(path.Root(names[0]), "The card template is replaced, and its members are not",
		"%s is not known while planning, so %s is replaced by another template with another card_id, even if the value turns out to be the same. Its members stay under the old one. "+
			"To avoid it, apply first what the value comes from (terraform apply -target=…).", strings.Join(names, ", "), nameOf(&state.template)).AddWarning(diags)
}

func (r *templateResource) planUpdate(state, plan *model, diags *diag.Diagnostics) {
	if state.CardID.IsNull() {
		// A create whose outcome is unknown: the apply looks again.
		plan.CardID, plan.ID, plan.State = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		plan.CreateTime, plan.ModifyTime = types.StringUnknown(), types.StringUnknown()
		return
	}
	changed := changedSettings(&state.template, &plan.template)
	if len(changed) == 0 {
		return
	}
	plan.ModifyTime = types.StringUnknown()
	if slices.Contains(changed, validity.Attribute) {
		r.validatePlanned(&plan.template, diags)
	}
	// Members of this run are checked against the template as it will be.
	r.templates.Set(toAPI(&plan.template))
}

// validatePlanned checks what depends on the clock.
func (r *templateResource) validatePlanned(plan *template, diags *diag.Diagnostics) {
	v, ok := validity.Of(plan.ValidDateInformation)
	if !ok {
		return
	}
	if end, ok := framework.ParseInstant(framework.Text(v.End)); ok && !end.After(r.data.Now()) {
		framework.At(validity.EndPath(), "The validity has ended already",
			"valid_date_information.available_end_time is in the past: nobody could get a card of this template.").AddError(diags)
	}
}

// planDestroy refuses or warns of what destroying will do, by the policy in the state.
func planDestroy(state *model, diags *diag.Diagnostics) {
	at := path.Root("deletion_policy")
	switch {
	case isProtected(state):
		prevented(state).AddError(diags)
	case framework.Text(state.State) == string(wechatpay.CardTemplateStateInvalid):
	case deletionPolicy(state) == deletionInvalidate:
		framework.Detailf(at, "A card template will be permanently invalidated",
			"Destroying %s invalidates the template at WeChat Pay, which cannot be undone: nobody can get a card of it any more. What becomes of its members' cards is not documented.", nameOf(&state.template)).AddWarning(diags)
	default:
		framework.Detailf(path.Empty(), "A card template stays at WeChat Pay",
			"The template %s leaves the state and stays effective at WeChat Pay (deletion_policy = \"abandon\"), and so do its members' cards.", nameOf(&state.template)).AddWarning(diags)
	}
}
