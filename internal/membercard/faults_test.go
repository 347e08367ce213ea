// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// fault is a row of the matrix: one way to go wrong, and what the design says of it.
type fault struct {
	name string
	// worked: WeChat Pay carries the call out all the same, and the answer does not say so.
	worked bool
	// again: the provider tries again.
	again bool
	// unknown: the provider cannot know whether the call was carried out.
	unknown bool
	// says is the diagnostic's summary.
	says summary
	// huge: answers are too large to be read, refusals too.
	huge bool
	// pause is how long the fault asks to wait.
	pause time.Duration
	now   func() time.Time

	// One of these makes it happen: WeChat Pay itself, or the line to it.
	mock func(site) mockserver.Fault
	line breakage
}

// summary is what a diagnostic begins with.
type summary string

const (
	saysUnreachable        summary = "WeChat Pay could not be reached"
	saysNotFinished        summary = "WeChat Pay has not finished"
	saysUnusable           summary = "WeChat Pay's answer could not be used"
	saysUnverified         summary = "The answer's signature is not WeChat Pay's"
	saysRedirect           summary = "The endpoint answered with a redirect"
	saysProblem            summary = "WeChat Pay has a problem"
	saysRate               summary = "WeChat Pay's rate limit was exceeded"
	saysNotAllowed         summary = "The merchant has no permission for the product"
	saysSignatureRefused   summary = "WeChat Pay did not accept the signature"
	saysRequestRefused     summary = "WeChat Pay refused the request"
	saysWordless           summary = "The request was refused without WeChat Pay's words"
	saysUnproven           summary = "The member exists already, through a connection that is not proven"
	saysValueRefused       summary = "WeChat Pay refused a value"
	saysTemplateNotOfBrand summary = "The card template is not of this brand"
	saysNoWeChatAccount    summary = "The phone number has no WeChat account"
	saysPhoneImported      summary = "The phone number was imported before"
	saysPhoneOrCodeExists  summary = "The phone number or the card code exists"
	saysNoSuchCard         summary = "WeChat Pay knows no such card"
	saysNoSuchTemplate     summary = "WeChat Pay knows no such brand or card template"
	saysNoSuchUser         summary = "WeChat Pay knows no such brand or user"
)

// exists reports whether the fault is WeChat Pay saying that the member exists.
func (f fault) exists() bool { return f.says == saysPhoneImported || f.says == saysPhoneOrCodeExists }

// concernsRun reports whether it is about credentials or the connection.
func (s summary) concernsRun() bool {
	switch s {
	case saysUnreachable, saysUnverified, saysRedirect, saysNotAllowed, saysSignatureRefused:
		return true
	}
	return false
}

// about is the attribute that an error is about, at a site whose block has it.
func (f fault) about(s site) string {
	phone := "phone_number"
	switch s {
	case siteCard, siteCards:
		phone = "openid"
	case siteTemplate:
		phone = "card_id"
	}
	switch {
	case f.says == saysValueRefused:
	case s == siteCards && !f.says.concernsRun() && f.name != "403 with HTML":
		return "openid"
	case s == siteTemplate:
		return ""
	}
	switch f.says {
	case saysTemplateNotOfBrand:
		return map[bool]string{true: "openid", false: "card_id"}[s == siteCards]
	case saysNoWeChatAccount, saysPhoneImported:
		return phone
	case saysPhoneOrCodeExists:
		switch s {
		case siteCards:
			return "openid"
		case siteTemplate:
			return "card_id"
		}
		return "user_card_code"
	case saysNoSuchCard:
		switch s {
		case siteCard:
			return "user_card_code"
		case siteCards:
			return "openid"
		case siteImport:
			return "card_id"
		}
	case saysValueRefused:
		_, attribute := s.field()
		return attribute
	}
	return ""
}

// field is one that the site's call sends, as WeChat Pay names it, and its attribute.
func (s site) field() (pointer, attribute string) {
	switch s {
	case siteImport, siteModify, siteAttach:
		return "/body/level", "level"
	case siteInvalidate:
		return "/body/invalid_reason", "invalidate_reason"
	case siteTemplate, siteLookUp:
		return "/query/brand_id", "brand_id"
	default:
		return "/query/openid", "openid"
	}
}

// faults are the rows, in the order in which the guide tells of them.
func faults() []fault {
	var all []fault
	add := func(list ...fault) { all = append(all, list...) }

	// On the way there: nothing reached WeChat Pay.
	add(
		fault{name: "the host's name cannot be resolved", again: true, says: saysUnreachable,
			line: failsToConnect(&net.DNSError{Err: "no such host", Name: "api.mch.weixin.qq.com", IsNotFound: true})},
		fault{name: "the connection is refused", again: true, says: saysUnreachable,
			line: failsToConnect(os.NewSyscallError("connect", syscall.ECONNREFUSED))},
		fault{name: "the connection is reset before the request is sent", again: true, says: saysUnreachable,
			line: resets()},
	)

	// The answer gets lost, or is none: the call may have been carried out or not. Both are tried.
	lost := func(name string, says summary, again bool, broken mockserver.Fault) {
		for _, worked := range []bool{false, true} {
			when := map[bool]string{false: "before", true: "after"}[worked]
			add(fault{name: name + ", " + when + " the work", worked: worked, again: again, unknown: true, says: says, huge: broken.Kind == mockserver.FaultHugeBody,
				mock: func(s site) mockserver.Fault {
					f := broken
					f.AfterWork = worked
					if body := otherThanAsked(s); f.Kind == mockserver.FaultOtherCard && body != "" {
						f.Kind, f.Body = mockserver.FaultOtherShape, []byte(body)
					}
					return f
				}})
		}
	}
	lost("the connection is cut", saysUnreachable, true, mockserver.Fault{Kind: mockserver.FaultCutConnection})
	add(
		fault{name: "no answer in time, before the work", again: true, unknown: true, says: saysUnreachable, line: loses(false)},
		fault{name: "no answer in time, after the work", worked: true, again: true, unknown: true, says: saysUnreachable, line: loses(true)},
		fault{name: "the answer comes too slowly", worked: true, again: true, unknown: true, says: saysUnreachable, line: drips()},
	)
	lost("202", saysNotFinished, true, mockserver.Fault{Kind: mockserver.FaultAccepted})
	lost("204", saysUnusable, true, mockserver.Fault{Kind: mockserver.FaultNoContent})
	lost("500 SYSTEM_ERROR", saysProblem, true, mockserver.Fault{Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常,请稍后重试"})
	lost("502 with HTML", saysProblem, true, mockserver.Fault{Status: 502, Body: []byte("<html><h1>502 Bad Gateway</h1></html>")})
	lost("503", saysProblem, true, mockserver.Fault{Status: 503, Code: "SERVICE_UNAVAILABLE", Message: "服务不可用"})
	lost("504 with nothing", saysProblem, true, mockserver.Fault{Status: 504})
	lost("malformed JSON", saysUnusable, true, mockserver.Fault{Kind: mockserver.FaultMalformedJSON})
	lost("JSON of another shape", saysUnusable, true, mockserver.Fault{Kind: mockserver.FaultOtherShape})
	lost("a truncated answer", saysUnreachable, true, mockserver.Fault{Kind: mockserver.FaultTruncated})
	lost("an answer of more than 1 MiB", saysUnusable, true, mockserver.Fault{Kind: mockserver.FaultHugeBody})
	lost("a wrong signature", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultBadSignature})
	lost("no signature", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultMissingSignature})
	lost("a signature of ten minutes ago", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultOldTimestamp})
	lost("a signature of ten minutes ahead", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultFutureTimestamp})
	lost("a probing signature", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultProbeSignature})
	lost("a signature by an unknown key", saysUnverified, true, mockserver.Fault{Kind: mockserver.FaultWrongSerial})
	// Asking again would not make another card's answer this card's.
	lost("an answer about another card", saysUnusable, false, mockserver.Fault{Kind: mockserver.FaultOtherCard})

	// WeChat Pay says no, or something in between does: final, but for 429.
	says := func(name string, says summary, broken mockserver.Fault) {
		add(fault{name: name, says: says, mock: func(site) mockserver.Fault { return broken }})
	}
	business := func(says_ summary, message string) {
		says("400 "+message, says_, mockserver.Fault{Status: 400, Code: "INVALID_REQUEST", Message: message})
	}
	says("302", saysRedirect, mockserver.Fault{Kind: mockserver.FaultRedirect, Status: 302})
	says("307", saysRedirect, mockserver.Fault{Kind: mockserver.FaultRedirect, Status: 307})
	business(saysTemplateNotOfBrand, "会员卡模版ID不属于该品牌")
	business(saysPhoneImported, "该手机号已被导入过")
	business(saysNoWeChatAccount, "手机号未绑定微信号，无法导入")
	business(saysPhoneOrCodeExists, "该手机号或会员卡code已存在")
	business(saysRequestRefused, "HTTP 请求不符合微信支付 APIv3 接口规则")
	add(fault{name: "400 PARAM_ERROR", says: saysValueRefused, mock: func(s site) mockserver.Fault {
		pointer, _ := s.field()
		return mockserver.Fault{Status: 400, Code: "PARAM_ERROR", Message: "参数错误",
			Detail: map[string]any{"field": pointer, "value": samplePhone, "issue": "值" + samplePhone + "不符合要求", "location": "body"}}
	}})
	says("401 SIGN_ERROR", saysSignatureRefused, mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"})
	says("403 NO_AUTH", saysNotAllowed, mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "商户号无权限"})
	says("404 RESOURCE_NOT_EXISTS", saysNoSuchCard, mockserver.Fault{Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "资源不存在"})
	says("403 with HTML", saysWordless, mockserver.Fault{Status: 403, Body: []byte("<html><h1>403 Forbidden</h1></html>")})
	says("404 with HTML", saysWordless, mockserver.Fault{Status: 404, Body: []byte("<html><h1>404 Not Found</h1></html>")})
	tooMany := mockserver.Fault{Status: 429, Code: mockserver.RateLimitExceeded, Message: "请求频率超过限制"}
	const pause = 5 * time.Millisecond
	now := time.Now().Truncate(time.Second).Add(time.Second - pause)
	later := tooMany
	later.Header = http.Header{"Retry-After": {now.Add(pause).UTC().Format(http.TimeFormat)}}
	add(
		fault{name: "429", again: true, says: saysRate, mock: func(site) mockserver.Fault { return tooMany }},
		fault{name: "429 with Retry-After", again: true, says: saysRate, pause: pause, now: func() time.Time { return now },
			mock: func(site) mockserver.Fault { return later }},
	)
	return all
}

// otherThanAsked is an answer about another template or another user's card; empty where the
// mock makes one itself.
func otherThanAsked(s site) string {
	switch s {
	case siteTemplate, siteLookUp:
		return `{"card_id":"another","brand_id":"` + mockserver.DefaultBrandID + `","card_type":"NORMAL","state":"CARD_EFFECTIVE"}`
	case siteCards:
		return `{"total_count":1,"offset":0,"limit":20,"data":[{"card_id":"` + mockserver.TemplatePermanent + `","brand_id":"` + mockserver.DefaultBrandID +
			`","user_card_code":"OTHER","openid":"oAnotherUser","card_type":"NORMAL","user_card_state":"EFFECTIVE"}]}`
	default:
		return ""
	}
}

// inject makes the fault happen to the site's calls: to the next one, or to all.
func (f fault) inject(m *mockserver.Server, l *line, s site, lasts bool) {
	count := 1
	if lasts {
		count = -1
	}
	if f.line != nil {
		l.snap(s.operation(), count, f.line)
		return
	}
	broken := f.mock(s)
	broken.Operation, broken.Count = s.operation(), count
	m.Inject(broken)
}

// breakage is what becomes of a request on a broken line; well is the line as it should be.
type breakage func(well http.RoundTripper, req *http.Request) (*http.Response, error)

// line is the way to WeChat Pay. It counts the requests that are handed to it, those that
// never arrive too. It breaks without waiting, so that tests need not.
type line struct {
	well *http.Transport

	mu     sync.Mutex
	counts map[mockserver.Operation]int
	broken breakage
	hits   mockserver.Operation
	left   int
}

func newLine() *line {
	return &line{well: &http.Transport{}, counts: map[mockserver.Operation]int{}}
}

func (l *line) close() { l.well.CloseIdleConnections() }

// snap breaks the line for the next count requests of a call, negative: for all.
func (l *line) snap(operation mockserver.Operation, count int, how breakage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hits, l.left, l.broken = operation, count, how
}

func (l *line) mend() { l.snap("", 0, nil) }

func (l *line) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.counts)
}

func (l *line) tried() map[mockserver.Operation]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.counts)
}

// RoundTrip implements http.RoundTripper.
func (l *line) RoundTrip(req *http.Request) (*http.Response, error) {
	operation := operationOf(req)
	l.mu.Lock()
	l.counts[operation]++
	broken := l.broken
	if operation != l.hits || l.left == 0 {
		broken = nil
	} else {
		l.left--
	}
	l.mu.Unlock()
	if broken != nil {
		return broken(l.well, req)
	}
	return l.well.RoundTrip(req)
}

// failsToConnect is a host that no connection can be made to.
func failsToConnect(err error) breakage {
	return dials(func() (net.Conn, error) { return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err} })
}

// resets is a connection that ends before anything was written.
func resets() breakage {
	return dials(func() (net.Conn, error) {
		near, far := net.Pipe()
		return &brokenPipe{Conn: near, far: far}, nil
	})
}

func dials(dial func() (net.Conn, error)) breakage {
	return func(_ http.RoundTripper, req *http.Request) (*http.Response, error) {
		transport := &http.Transport{
			DisableKeepAlives: true,
			DialContext:       func(context.Context, string, string) (net.Conn, error) { return dial() },
		}
		return transport.RoundTrip(req)
	}
}

type brokenPipe struct {
	net.Conn
	far net.Conn
}

func (p *brokenPipe) Write([]byte) (int, error) {
	return 0, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.ECONNRESET)}
}

func (p *brokenPipe) Close() error { return errors.Join(p.Conn.Close(), p.far.Close()) }

// loses is an attempt whose time runs out: the request gets lost, or its answer.
func loses(answer bool) breakage {
	return func(well http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !answer {
			_, err := io.Copy(io.Discard, req.Body)
			return nil, errors.Join(err, context.DeadlineExceeded)
		}
		resp, err := well.RoundTrip(req)
		if err != nil {
			return nil, fmt.Errorf("the mock did not answer: %w", err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return nil, errors.Join(err, resp.Body.Close(), context.DeadlineExceeded)
	}
}

// drips is an answer of which only the beginning comes in time.
func drips() breakage {
	return func(well http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := well.RoundTrip(req)
		if err != nil {
			return nil, fmt.Errorf("the mock did not answer: %w", err)
		}
		whole, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), timedOut{}))
		return resp, nil
	}
}

type timedOut struct{}

func (timedOut) Read([]byte) (int, error) { return 0, context.DeadlineExceeded }
