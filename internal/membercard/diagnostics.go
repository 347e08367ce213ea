// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file turns errors into what people read: what happened, what to do, WeChat Pay's own
// words with the request id. Nothing personal comes in: package wechatpay has masked it.

// problem is one error for people, and the attribute that it is about.
type problem struct {
	attribute       path.Path
	summary, detail string
}

func (p problem) addTo(diags *diag.Diagnostics) {
	if p.attribute.Equal(path.Empty()) {
		diags.AddError(p.summary, p.detail)
		return
	}
	diags.AddAttributeError(p.attribute, p.summary, p.detail)
}

func (p problem) warn(diags *diag.Diagnostics) {
	if p.attribute.Equal(path.Empty()) {
		diags.AddWarning(p.summary, p.detail)
		return
	}
	diags.AddAttributeWarning(p.attribute, p.summary, p.detail)
}

// phonePath is the attribute that the phone number is configured by.
func phonePath(m *model) path.Path {
	if m != nil && !m.PhoneNumberWOVersion.IsNull() {
		return path.Root("phone_number_wo")
	}
	return path.Root(attrPhoneNumber)
}

// explain says what an error of a call means and what to do. doing completes "… failed"
// ("importing the member"); phone is the attribute of the phone number.
func explain(err error, doing string, phone path.Path) problem {
	var e *wechatpay.Error
	if !errors.As(err, &e) {
		return problem{summary: capitalize(doing) + " failed", detail: err.Error()}
	}
	p := explainKind(e, doing, phone)
	if p.attribute.Equal(path.Empty()) {
		p.attribute = fieldPath(e.Field, phone)
	}
	if !hasAttribute(e.Operation, p.attribute) {
		p.attribute = phone
	}
	var b strings.Builder
	b.WriteString(p.detail)
	if e.OutcomeUnknown && changes(e.Operation) {
		b.WriteString("\n\nAn attempt may have been carried out although no believable answer said so.")
		if e.Operation == wechatpay.OperationImport {
			b.WriteString(" Apply again: if WeChat Pay then says that the member exists, the card is most likely this one, and on_existing decides.")
		} else {
			b.WriteString(" The next plan reads the card and shows what is left to do.")
		}
	}
	b.WriteString(ownWords(e))
	p.detail = b.String()
	return p
}

// changes reports whether a call changes anything at WeChat Pay.
func changes(operation wechatpay.Operation) bool {
	switch operation {
	case wechatpay.OperationImport, wechatpay.OperationModify, wechatpay.OperationInvalidate:
		return true
	}
	return false
}

// ownWords is the paragraph with WeChat Pay's own words.
func ownWords(e *wechatpay.Error) string {
	var b strings.Builder
	if e.Message != "" {
		fmt.Fprintf(&b, "\n\nWeChat Pay says: %s", e.Message)
		if e.Issue != "" {
			fmt.Fprintf(&b, " (%s)", e.Issue)
		}
	}
	var facts []string
	if e.StatusCode != 0 {
		facts = append(facts, strings.TrimSpace(fmt.Sprintf("HTTP %d %s", e.StatusCode, e.Code)))
	}
	if e.Field != "" {
		facts = append(facts, "field "+e.Field)
	}
	if e.RequestID != "" {
		facts = append(facts, "Request-ID "+e.RequestID)
	}
	if e.Attempts > 1 {
		facts = append(facts, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if len(facts) > 0 {
		fmt.Fprintf(&b, "\n\n%s", strings.Join(facts, ", "))
	}
	return b.String()
}

func explainKind(e *wechatpay.Error, doing string, phone path.Path) problem {
	failed, tried := capitalize(doing)+" failed", ""
	if e.Attempts > 1 {
		tried = " although it was tried again"
	}
	cause := ""
	if e.Err != nil {
		cause = " (" + e.Err.Error() + ")"
	}
	if wordless(e) {
		return problem{path.Empty(), "The request was refused, and not in WeChat Pay's words",
			failed + ": no words of WeChat Pay's could be read in the answer, so that something in between may have given it. Check endpoint, and whether a proxy or a firewall stands in between."}
	}
	switch e.Kind {
	case wechatpay.KindTemplateNotOfBrand:
		return problem{path.Root("card_id"), "The card template is not of this brand",
			capitalize(doing) + " failed because WeChat Pay knows no such template of the brand. Check card_id and brand_id, also the provider's."}
	case wechatpay.KindPhoneNoWeChat:
		return problem{phone, "The phone number has no WeChat account",
			capitalize(doing) + " failed: WeChat Pay imports members by the WeChat account that is bound to their phone number, and none is bound to this one. Ask the member for the number that WeChat knows, or leave the member out."}
	case wechatpay.KindPhoneImported:
		return problem{phone, "The phone number was imported before",
			capitalize(doing) + " failed: the phone number already has a card, perhaps under another code."}
	case wechatpay.KindPhoneOrCodeExists:
		return problem{path.Root(attrUserCardCode), "The phone number or the card code exists",
			capitalize(doing) + " failed: the phone number or the code already has a card under this template."}
	case wechatpay.KindNotFound:
		return notFound(e.Operation, failed, phone)
	case wechatpay.KindParameter, wechatpay.KindTimeFormat, wechatpay.KindUndefinedField:
		return problem{path.Empty(), "WeChat Pay refused a value",
			capitalize(doing) + " failed because of a parameter. Correct the attribute that WeChat Pay names."}
	case wechatpay.KindRequest:
		return problem{path.Empty(), "WeChat Pay refused the request",
			capitalize(doing) + " failed: WeChat Pay did not accept the request as it is. Its own words say why."}
	case wechatpay.KindSign:
		return problem{path.Empty(), "WeChat Pay did not accept the signature",
			capitalize(doing) + " failed. Check that mchid, certificate_serial_no and private_key belong together, that the certificate has not been replaced in the merchant platform, and that this machine's clock is right to 5 minutes."}
	case wechatpay.KindPermission, wechatpay.KindNoAuth:
		return problem{path.Empty(), "The merchant may not do this",
			capitalize(doing) + " failed: the merchant number has no permission for this call. Ask for the member card product to be opened for it, and check that the brand has authorised the service provider."}
	case wechatpay.KindRate:
		return problem{path.Empty(), "WeChat Pay's rate limit is exhausted",
			failed + tried + ". All processes of one merchant number share 5 requests a second: let no other pipeline run at the same time, lower requests_per_second, or raise max_retries."}
	case wechatpay.KindSystem:
		return problem{path.Empty(), "WeChat Pay has a problem",
			failed + " on WeChat Pay's side" + tried + ". Apply again later; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindAccepted:
		return problem{path.Empty(), "WeChat Pay has not finished",
			capitalize(doing) + " was accepted but not finished" + tried + ". Apply again later."}
	case wechatpay.KindRedirect:
		return problem{path.Empty(), "The endpoint answered with a redirect",
			fmt.Sprintf("%s, because the endpoint sends requests %s. A signed request is never sent on. Check endpoint, and whether a proxy or a captive portal stands in between.", failed, elsewhere(e))}
	case wechatpay.KindSignature:
		return problem{path.Empty(), "The answer's signature is not WeChat Pay's",
			failed + ": an answer came, but it did not verify" + cause + ". Nothing of it was believed. " + verificationAdvice(e)}
	case wechatpay.KindAnswer:
		return problem{path.Empty(), "WeChat Pay's answer could not be used",
			failed + ": an answer came, but not one that says what was done" + cause + ". Apply again; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindTransport:
		return problem{path.Empty(), "WeChat Pay could not be reached",
			failed + ": " + arrived(e) + cause + ". Check the network, the proxy settings and endpoint, then apply again."}
	case wechatpay.KindCanceled:
		return problem{path.Empty(), capitalize(doing) + " was stopped",
			failed + " because " + whyStopped(e)}
	case wechatpay.KindEncrypt:
		return problem{path.Empty(), "A value could not be encrypted",
			failed + cause + ". A value may have at most 214 bytes of UTF-8 with a WeChat Pay key of 2048 bits."}
	default:
		return problem{path.Empty(), "WeChat Pay refused the request",
			failed + ". WeChat Pay's own words say why."}
	}
}

// elsewhere is where a redirect leads to. Many name a path of the same host, or nothing at all.
func elsewhere(e *wechatpay.Error) string {
	if e.RedirectHost == "" {
		return "elsewhere without naming another host"
	}
	return fmt.Sprintf("to the host %q", e.RedirectHost)
}

// wordless reports whether a refusal is in nobody's words: WeChat Pay's have a code and a message.
func wordless(e *wechatpay.Error) bool {
	refusal := e.Kind == wechatpay.KindRefused || e.Kind == wechatpay.KindPermission || e.Kind == wechatpay.KindSign
	return refusal && e.StatusCode != 0 && e.Code == "" && e.Message == ""
}

// whyStopped says what ended a call before its answer, and what to do.
func whyStopped(e *wechatpay.Error) string {
	if errors.Is(e, context.DeadlineExceeded) {
		return "its time was up. Apply again, and if that stays, raise the resource's timeouts: the wait for the rate limit counts."
	}
	return "the run was interrupted. Apply again."
}

// verificationAdvice is what to do about an answer that did not verify, by the reason.
func verificationAdvice(e *wechatpay.Error) string {
	if invalid, ok := errors.AsType[*wechatpay.ValidationError](e); ok {
		switch invalid.Reason {
		case wechatpay.ReasonClock:
			return "Set this machine's clock right, and apply again."
		case wechatpay.ReasonSignatureProbe:
			return "WeChat Pay sends such answers now and then to test that callers verify: apply again."
		case wechatpay.ReasonUnknownSerial:
			return "WeChat Pay may have changed its key: compare public_key_id and public_key, or platform_certificate, with the merchant platform."
		}
	}
	return "Check public_key_id and public_key, or platform_certificate, and whether something between here and WeChat Pay changes answers."
}

// arrived says how much of an answer came.
func arrived(e *wechatpay.Error) string {
	if e.StatusCode != 0 {
		return "the answer did not come whole"
	}
	return "no answer came"
}

// notFound says what there is none of: that depends on what was asked for.
func notFound(operation wechatpay.Operation, failed string, phone path.Path) problem {
	switch operation {
	case wechatpay.OperationImport:
		return problem{path.Root("card_id"), "WeChat Pay knows no such brand or card template",
			failed + ": there is no such template of the brand. Check card_id and brand_id, also the provider's."}
	case wechatpay.OperationList:
		return problem{phone, "WeChat Pay knows no such brand or user",
			failed + ": the brand has no such user. Check openid, which must be the one under the AppID of the brand's card templates, and brand_id."}
	case wechatpay.OperationTemplate:
		return problem{path.Root("card_id"), "WeChat Pay knows no such card template",
			failed + ": there is no such template of the brand. Check card_id and brand_id, also the provider's."}
	}
	return problem{path.Empty(), "WeChat Pay knows no such card",
		failed + ": there is no card of this user under this template and code. Check brand_id, card_id, user_card_code and openid."}
}

// hasAttribute reports whether the block that makes a call can have an attribute: those that
// list cards or read a template have few.
func hasAttribute(operation wechatpay.Operation, attribute path.Path) bool {
	switch operation {
	case wechatpay.OperationList:
		return attribute.Equal(path.Empty()) || attribute.Equal(path.Root("brand_id")) || attribute.Equal(path.Root("user_card_state"))
	case wechatpay.OperationTemplate:
		return attribute.Equal(path.Empty()) || attribute.Equal(path.Root("brand_id")) || attribute.Equal(path.Root("card_id"))
	}
	return true
}

// fieldPath is the attribute of a field that WeChat Pay complains of.
func fieldPath(field string, phone path.Path) path.Path {
	first, rest, nested := strings.Cut(field, ".")
	switch first {
	case attrPhoneNumber:
		return phone
	case "brand_id", "card_id", attrUserCardCode, "openid", attrCardColor, attrCardPictureURL, attrLevel, attrAttach,
		attrPickupTime, attrUserInformation, "invalid_reason":
		if first == "invalid_reason" {
			first = "invalidate_reason"
		}
		return path.Root(first)
	case attrValidDate:
		switch {
		case nested && (rest == "type" || rest == "available_begin_time" || rest == "available_end_time" || rest == "available_day_after_receive"):
			return path.Root(attrValidDate).AtName(rest)
		default:
			return path.Root(attrValidDate)
		}
	}
	return path.Empty()
}

// recovered turns a panic into a diagnostic that names the operation and the place in the
// code, and carries no value. It is deferred by every operation.
func recovered(operation string, diags *diag.Diagnostics) {
	if r := recover(); r != nil {
		bug(operation, r).addTo(diags)
	}
}

// bug is what there is to say of a panic.
func bug(operation string, r any) problem {
	return problem{summary: "The provider has a bug", detail: fmt.Sprintf("%s stopped in the middle because of a mistake in the provider (%T%s). "+
		"Nothing of the values involved is shown here. Please report it with this text. "+
		"A call that was under way may have been carried out: the next apply finds out.", capitalize(operation), r, panicPlace())}
}

// panicPlace is the function and line that panicked, of this module alone.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		// What is above the panic is its handling.
		panicked = panicked || frame.Function == "runtime.gopanic"
		if panicked && strings.Contains(frame.Function, "terraform-provider-wechatpay/internal/") {
			name := frame.Function[strings.LastIndex(frame.Function, "/")+1:]
			return fmt.Sprintf(" in %s, line %d", name, frame.Line)
		}
		if !more {
			return ""
		}
	}
}
