// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file turns an error of the client into what people read: what happened, what to do,
// WeChat Pay's own words with the request id. Nothing personal comes in: package wechatpay
// has masked it.

// CallContext tells what an error of a call is about, in the terms of one resource.
type CallContext struct {
	// Doing completes "… failed": "importing the member".
	Doing string
	// Attributes are the attributes of the request's fields, by the names that
	// wechatpay.Error.Field has. For a nested field without an entry the field around it counts;
	// an error about any other field is at Attribute.
	Attributes map[string]path.Path
	// Attribute is where errors are shown that WeChat Pay names no known field for. Empty: nowhere.
	Attribute path.Path
	// Kinds say what errors mean that are particular to the object or the call. The detail
	// completes "importing the member failed: ".
	Kinds map[wechatpay.Kind]Diagnostic
	// IfUnknown says what to do after an attempt that may have been carried out although no
	// answer said so. Empty for calls that change nothing.
	IfUnknown string
}

// With returns c with other meanings of some kinds.
func (c CallContext) With(kinds map[wechatpay.Kind]Diagnostic) CallContext {
	merged := maps.Clone(c.Kinds)
	if merged == nil {
		merged = map[wechatpay.Kind]Diagnostic{}
	}
	maps.Copy(merged, kinds)
	c.Kinds = merged
	return c
}

// Explain says what an error of the call means and what to do.
func (c CallContext) Explain(err error) Diagnostic {
	var e *wechatpay.Error
	if !errors.As(err, &e) {
		return Diagnostic{Summary: Capitalize(c.Doing) + " failed", Detail: Capitalize(err.Error()) + "."}
	}
	d := c.explainKind(e)
	if d.isGeneral() && !concernsRun(e) {
		d.Attribute = c.attributeOf(e.Field)
	}
	if e.OutcomeUnknown && c.IfUnknown != "" {
		d.Detail += "\n\nAn attempt may have been carried out although no valid answer came. " + c.IfUnknown
	}
	d.Detail += APIErrorDetails(e)
	return d
}

// attributeOf is the attribute of a field of the request.
func (c CallContext) attributeOf(field string) path.Path {
	for field != "" {
		if attribute, ok := c.Attributes[field]; ok {
			return attribute
		}
		end := strings.LastIndexAny(field, ".[")
		if end < 0 {
			break
		}
		field = field[:end]
	}
	return c.Attribute
}

// concernsRun reports whether an error has its cause in the provider's configuration or the
// connection, and not in one resource.
func concernsRun(e *wechatpay.Error) bool {
	switch e.Kind {
	case wechatpay.KindSign, wechatpay.KindPermission, wechatpay.KindNoAuth, wechatpay.KindNotOpen, wechatpay.KindSignature,
		wechatpay.KindTransport, wechatpay.KindRedirect, wechatpay.KindOtherBrand:
		return true
	}
	return false
}

// RunCause names the cause of an error that concerns the whole run, so that it is reported in
// full once. It is empty for errors of one resource.
func RunCause(err error) string {
	e, ok := errors.AsType[*wechatpay.Error](err)
	if !ok || !concernsRun(e) {
		return ""
	}
	switch e.Kind {
	case wechatpay.KindPermission, wechatpay.KindNoAuth, wechatpay.KindNotOpen:
		return string(e.Kind) + " " + string(e.Operation)
	}
	return string(e.Kind)
}

// UnknownOutcomeNote says, where it is so, that a request may have been carried out although
// no valid answer came.
func UnknownOutcomeNote(err error) string {
	if e, ok := errors.AsType[*wechatpay.Error](err); ok && e.OutcomeUnknown {
		return " Its request may have been carried out although no valid answer came: the next apply finds out."
	}
	return ""
}

// APIErrorDetails is the paragraph with WeChat Pay's own words, the status and the request id.
func APIErrorDetails(e *wechatpay.Error) string {
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

// caller is the merchant that called, in the words of its mode.
type caller struct {
	// kind is what WeChat Pay counts requests for, and gives permissions to.
	kind string
	// identity is the attribute that says who calls, keys those of WeChat Pay's own key, and
	// platform is where a person compares them.
	identity, keys, platform string
	// toAuthorise and toCheck are what a permission takes besides WeChat Pay's own.
	toAuthorise, toCheck string
	// mixedUp is said of a signature that was refused.
	mixedUp string
}

func callerOf(e *wechatpay.Error) caller {
	if e.Mode == wechatpay.ModeBrand {
		return caller{
			kind: "brand", identity: "brand_id", keys: "public_key_id and public_key", platform: "brand platform (品牌经营平台)",
			mixedUp: " In brand mode they are those of the brand API certificate: a service provider's merchant API certificate is not accepted.",
		}
	}
	return caller{
		kind: "merchant number", identity: "mchid", keys: "public_key_id and public_key, or platform_certificate,", platform: "merchant platform",
		toAuthorise: ", and have the brand authorise the service provider",
		toCheck:     ", and check that the brand has authorised the service provider",
		mixedUp:     " If the certificate is that of a brand, set merchant_mode = \"brand\".",
	}
}

func (c CallContext) explainKind(e *wechatpay.Error) Diagnostic {
	failed := Capitalize(c.Doing) + " failed"
	who := callerOf(e)
	retried := ""
	if e.Attempts > 1 {
		retried = ", also after retries"
	}
	cause := ""
	if e.Err != nil {
		cause = " (" + e.Err.Error() + ")"
	}
	if isWordless(e) {
		return Diagnostic{Summary: "The request was refused without WeChat Pay's words",
			Detail: failed + ": the answer has no message of WeChat Pay, so that something in between may have sent it. Check endpoint, and whether there is a proxy or a firewall on the way."}
	}
	if d, ok := c.Kinds[e.Kind]; ok {
		d.Detail = failed + ": " + d.Detail
		return d
	}
	switch e.Kind {
	case wechatpay.KindParameter:
		return Diagnostic{Summary: "WeChat Pay refused a value",
			Detail: failed + " because of a parameter. Correct the attribute that WeChat Pay names."}
	case wechatpay.KindTimeFormat:
		return Diagnostic{Summary: "WeChat Pay refused a time",
			Detail: failed + ": a time is not in RFC 3339 as WeChat Pay reads it. Write it like 2015-05-20T13:29:35+08:00."}
	case wechatpay.KindUndefinedField:
		return Diagnostic{Summary: "WeChat Pay does not know a field of the request",
			Detail: failed + ": the request has a field that WeChat Pay's page of this call does not define, or not in that place. The API may have changed: please report it with this text."}
	case wechatpay.KindRequest:
		return Diagnostic{Summary: "WeChat Pay refused the request",
			Detail: failed + ": WeChat Pay did not accept the request. Its own words say why."}
	case wechatpay.KindNotFound:
		return Diagnostic{Summary: "WeChat Pay does not know the object",
			Detail: failed + ": there is no such object. Check the ids."}
	case wechatpay.KindSign:
		return Diagnostic{Summary: "WeChat Pay did not accept the signature",
			Detail: failed + fmt.Sprintf(". Check that %s, certificate_serial_no and private_key belong together, that the certificate has not been replaced in the %s, and that this machine's clock is right to 5 minutes.%s", who.identity, who.platform, who.mixedUp)}
	case wechatpay.KindNoAuth:
		return Diagnostic{Summary: "The merchant has no permission for the product",
			Detail: failed + fmt.Sprintf(": the member card product (商家名片会员) is not open for this %[1]s. Ask WeChat Pay's operations staff (the 运营 contact of your %[1]s) to open it%[2]s. Until then no call of the product works.", who.kind, who.toAuthorise)}
	case wechatpay.KindPermission:
		return Diagnostic{Summary: "The merchant has no permission for this call",
			Detail: failed + fmt.Sprintf(": the %[1]s may not make this call. Ask WeChat Pay's operations staff (the 运营 contact of your %[1]s) to open the member card product (商家名片会员) for it%[2]s.", who.kind, who.toCheck)}
	case wechatpay.KindNotOpen:
		return Diagnostic{Summary: "WeChat Pay has not opened this call yet",
			Detail: failed + ": WeChat Pay answers that this call is not open."}
	case wechatpay.KindNotOffered:
		return Diagnostic{Summary: "This merchant mode has no such call",
			Detail: failed + ": merchant_mode does not offer this call. Nothing was sent."}
	case wechatpay.KindOtherBrand:
		return Diagnostic{Summary: "Another brand than the provider's",
			Detail: failed + cause + ". In brand mode the provider has the credentials of one brand only. Nothing was sent. " +
				"Use a provider alias with the credentials of the other brand, or take the object out of this state (terraform state rm)."}
	case wechatpay.KindRate:
		return Diagnostic{Summary: "WeChat Pay's rate limit was exceeded",
			Detail: failed + retried + ". All processes of one " + who.kind + " share 5 requests a second: let no other pipeline run at the same time, lower requests_per_second, or raise max_retries."}
	case wechatpay.KindSystem:
		return Diagnostic{Summary: "WeChat Pay has a problem",
			Detail: failed + " on WeChat Pay's side" + retried + ". Apply again later; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindAccepted:
		return Diagnostic{Summary: "WeChat Pay has not finished",
			Detail: Capitalize(c.Doing) + " was accepted but not finished" + retried + ". Apply again later."}
	case wechatpay.KindRedirect:
		return Diagnostic{Summary: "The endpoint answered with a redirect",
			Detail: fmt.Sprintf("%s, because the endpoint redirects %s. A signed request is never sent on. Check endpoint, and whether there is a proxy or a captive portal on the way.", failed, redirectTarget(e))}
	case wechatpay.KindSignature:
		return Diagnostic{Summary: "The answer's signature is not WeChat Pay's",
			Detail: failed + ": an answer came, but its signature did not verify" + cause + ". Nothing of it was used. " + verificationAdvice(e, who)}
	case wechatpay.KindAnswer:
		return Diagnostic{Summary: "WeChat Pay's answer could not be used",
			Detail: failed + ": the answer does not say what was done" + cause + ". Apply again; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindTransport:
		return Diagnostic{Summary: "WeChat Pay could not be reached",
			Detail: failed + ": " + missingAnswer(e) + cause + ". Check the network, the proxy settings and endpoint, then apply again."}
	case wechatpay.KindCanceled:
		return Diagnostic{Summary: Capitalize(c.Doing) + " was stopped",
			Detail: failed + " because " + stopReason(e)}
	case wechatpay.KindEncrypt:
		return Diagnostic{Summary: "A value could not be encrypted",
			Detail: failed + cause + ". A value may have at most 214 bytes of UTF-8 with a WeChat Pay key of 2048 bits."}
	default:
		return Diagnostic{Summary: "WeChat Pay refused the request", Detail: failed + ". WeChat Pay's own words say why."}
	}
}

// redirectTarget is where a redirect leads to. Many name a path of the same host, or nothing.
func redirectTarget(e *wechatpay.Error) string {
	if e.RedirectHost == "" {
		return "without naming another host"
	}
	return fmt.Sprintf("to the host %q", e.RedirectHost)
}

// isWordless reports whether a refusal has neither code nor message: WeChat Pay's have both.
func isWordless(e *wechatpay.Error) bool {
	refusal := e.Kind == wechatpay.KindRefused || e.Kind == wechatpay.KindPermission || e.Kind == wechatpay.KindSign
	return refusal && e.StatusCode != 0 && e.Code == "" && e.Message == ""
}

// stopReason says what ended a call before its answer, and what to do.
func stopReason(e *wechatpay.Error) string {
	if errors.Is(e, context.DeadlineExceeded) {
		return "its time was up. Apply again. If it stays, raise the resource's timeouts: the wait for the rate limit counts."
	}
	return "the run was interrupted. Apply again."
}

// verificationAdvice is what to do about an answer that did not verify, by the reason.
func verificationAdvice(e *wechatpay.Error, who caller) string {
	if invalid, ok := errors.AsType[*wechatpay.ValidationError](e); ok {
		switch invalid.Reason {
		case wechatpay.ReasonClock:
			return "Set this machine's clock right, and apply again."
		case wechatpay.ReasonSignatureProbe:
			return "WeChat Pay sends such answers now and then to test that callers verify: apply again."
		case wechatpay.ReasonUnknownSerial:
			return fmt.Sprintf("WeChat Pay may have changed its key: compare %s with the %s.", who.keys, who.platform)
		}
	}
	return fmt.Sprintf("Check %s and whether something on the way changes answers.", who.keys)
}

// missingAnswer says how much of an answer came.
func missingAnswer(e *wechatpay.Error) string {
	if e.StatusCode != 0 {
		return "the answer was cut off"
	}
	return "no answer came"
}
