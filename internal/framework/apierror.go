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
// WeChat Pay's message with the request id. Nothing personal comes in: package wechatpay
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
	// Whole is as Kinds, but a detail stands by itself: nothing is put before it.
	Whole map[wechatpay.Kind]Diagnostic
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
		d.Detail += "\nIt may have been carried out. " + c.IfUnknown
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
	case wechatpay.KindTransport:
		if isCutOff(e) {
			return string(e.Kind) + " cut off"
		}
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

// APIErrorDetails is the line with WeChat Pay's message, the status and the request id. It begins
// with a line end.
func APIErrorDetails(e *wechatpay.Error) string { return detailsLine(messageOf(e), factsOf(e)) }

// APIErrorCause is APIErrorDetails that says the cause, where WeChat Pay gave no message.
func APIErrorCause(e *wechatpay.Error) string {
	message := messageOf(e)
	if cause := causeOf(e); message == "" && cause != "" {
		message = Capitalize(cause) + "."
	}
	return detailsLine(message, factsOf(e))
}

func detailsLine(message, facts string) string {
	switch {
	case message == "" && facts == "":
		return ""
	case message == "":
		return "\n" + facts
	case facts == "":
		return "\n" + message
	}
	return fmt.Sprintf("\n%s (%s)", message, facts)
}

func messageOf(e *wechatpay.Error) string {
	if e.Message == "" {
		return ""
	}
	message := "WeChat Pay says: " + e.Message
	if e.Issue != "" {
		message += ": " + e.Issue
	}
	return message
}

// causeOf says in words why there is no answer, or none that can be used; "" where there is one.
func causeOf(e *wechatpay.Error) string {
	if e.Kind == wechatpay.KindTransport {
		return missingAnswer(e)
	}
	if invalid, ok := errors.AsType[*wechatpay.ValidationError](e); ok && invalid.Reason == wechatpay.ReasonSignatureProbe {
		return "WeChat Pay sent a test answer with a wrong signature"
	}
	switch {
	case e.Kind == wechatpay.KindCanceled:
		return ""
	case e.Err != nil:
		return e.Err.Error()
	case e.Kind == wechatpay.KindSignature:
		return "the answer's signature did not verify"
	case e.Kind == wechatpay.KindAnswer:
		return "the answer does not say what was done"
	}
	return ""
}

func factsOf(e *wechatpay.Error) string {
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
	return strings.Join(facts, ", ")
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
	because := ""
	if cause := causeOf(e); cause != "" {
		because = ": " + cause
	}
	if isRefusedElsewhere(e) {
		return Diagnostic{Summary: "The request was refused, probably not by WeChat Pay",
			Detail: failed + ": the answer has no message of WeChat Pay, so that something in between may have sent it. Check endpoint, and whether there is a proxy or a firewall on the way."}
	}
	if d, ok := c.Whole[e.Kind]; ok {
		return d
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
		return refusedRequest(failed, e)
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
			Detail: failed + because + ". In brand mode the provider has the credentials of one brand only. Nothing was sent. " +
				"Use a provider alias with the credentials of the other brand, or take the object out of this state (terraform state rm)."}
	case wechatpay.KindRate:
		return Diagnostic{Summary: "WeChat Pay's rate limit was exceeded",
			Detail: failed + retried + ". All processes of one " + who.kind + " share 5 requests a second: let no other pipeline run at the same time, lower requests_per_second, or raise max_retries."}
	case wechatpay.KindSystem:
		if isWithoutMessage(e) {
			return Diagnostic{Summary: "WeChat Pay or a gateway reported a system error",
				Detail: failed + " at WeChat Pay or on the way there" + retried + ". Apply again later; if it stays, check endpoint and the proxy, or give the request id to WeChat Pay's support."}
		}
		return Diagnostic{Summary: "WeChat Pay reported a system error",
			Detail: failed + " on WeChat Pay's side" + retried + ". Apply again later; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindAccepted:
		return Diagnostic{Summary: "WeChat Pay has not finished",
			Detail: Capitalize(c.Doing) + " was accepted but not finished" + retried + ". Apply again later."}
	case wechatpay.KindRedirect:
		return Diagnostic{Summary: "The endpoint answered with a redirect",
			Detail: fmt.Sprintf("%s, because the endpoint redirects %s. A signed request is never sent on. Check endpoint, and whether there is a proxy or a captive portal on the way.", failed, redirectTarget(e))}
	case wechatpay.KindSignature:
		return Diagnostic{Summary: "The answer's signature is not WeChat Pay's",
			Detail: failed + because + ". Nothing of it was used. " + verificationAdvice(e, who)}
	case wechatpay.KindAnswer:
		return Diagnostic{Summary: "WeChat Pay's answer could not be used",
			Detail: failed + because + ". Apply again; if it stays, give the request id to WeChat Pay's support."}
	case wechatpay.KindTransport:
		d := Diagnostic{Summary: "WeChat Pay could not be reached",
			Detail: failed + because + ". Check the network, the proxy settings and endpoint, then apply again."}
		if isCutOff(e) {
			d.Summary = "WeChat Pay's answer was cut off"
		}
		return d
	case wechatpay.KindCanceled:
		return Diagnostic{Summary: Capitalize(c.Doing) + " was stopped",
			Detail: failed + " because " + stopReason(e)}
	case wechatpay.KindEncrypt:
		return Diagnostic{Summary: "A value could not be encrypted",
			Detail: failed + because + ". A value may have at most 214 bytes of UTF-8 with a WeChat Pay key of 2048 bits."}
	default:
		return refusedRequest(failed, e)
	}
}

// refusedRequest is said of a refusal that is not known here.
func refusedRequest(failed string, e *wechatpay.Error) Diagnostic {
	if messageOf(e) == "" {
		return Diagnostic{Summary: "WeChat Pay refused the request", Detail: failed + "."}
	}
	return Diagnostic{Summary: "WeChat Pay refused the request", Detail: failed + ". The reason is in WeChat Pay's message below."}
}

// redirectTarget is where a redirect leads to. Many name a path of the same host, or nothing.
func redirectTarget(e *wechatpay.Error) string {
	if e.RedirectHost == "" {
		return "without naming another host"
	}
	return fmt.Sprintf("to the host %q", e.RedirectHost)
}

// isRefusedElsewhere reports whether a refusal has neither code nor message: WeChat Pay's have both.
func isRefusedElsewhere(e *wechatpay.Error) bool {
	refusal := e.Kind == wechatpay.KindRefused || e.Kind == wechatpay.KindPermission || e.Kind == wechatpay.KindSign
	return refusal && e.StatusCode != 0 && isWithoutMessage(e)
}

func isWithoutMessage(e *wechatpay.Error) bool { return e.Code == "" && e.Message == "" }

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
			return "Apply again."
		case wechatpay.ReasonUnknownSerial:
			return fmt.Sprintf("WeChat Pay may have changed its key: compare %s with the %s.", who.keys, who.platform)
		}
	}
	return fmt.Sprintf("Check %s and whether something on the way changes answers.", who.keys)
}

// isCutOff reports whether the answer began and did not end.
func isCutOff(e *wechatpay.Error) bool { return e.StatusCode != 0 }

// missingAnswer says why there is no whole answer.
func missingAnswer(e *wechatpay.Error) string {
	failure, ok := errors.AsType[*wechatpay.TransportError](e)
	late := ok && failure.Reason == wechatpay.ReasonTimeout
	switch {
	case isCutOff(e) && late:
		return "only a part of WeChat Pay's answer came in time"
	case isCutOff(e):
		return "only a part of WeChat Pay's answer came"
	case late:
		return "WeChat Pay did not answer in time"
	case ok:
		return failure.Error()
	}
	return "no answer came"
}
