// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// texts is every way in which an error may come to be printed, at every depth.
func texts(err error) (list []string) {
	for err != nil {
		list = append(list, err.Error(), fmt.Sprintf("%v %+v %#v %q", err, err, err, err))
		if text, jsonErr := json.Marshal(err); jsonErr == nil {
			list = append(list, string(text))
		}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				list = append(list, texts(e)...)
			}
		}
		err = errors.Unwrap(err)
	}
	return list
}

// Everything that the other side may do is done to a client that logs everything, and what
// comes out is searched for everything that went in.
func TestNothingPersonalOrSecretIsShown(t *testing.T) {
	t.Parallel()
	testKeys()
	const (
		name, address, sport = "张三丰", "北京市东城区长安街1号", "铁人三项"
		found                = "李四光" // in an answer
		foundPhone           = "13800138999"
	)
	secrets := []string{testPhone, "138-0013-8000", name, address, sport, found, foundPhone, testOpenID, merchantKey().D.String(), "WECHATPAY2-SHA256", "signature="}
	// An error repeats what was submitted, and a phone number whether or not it was.
	echo := func(r *received) string {
		text := testPhone + " 138-0013-8000 "
		if r.method == http.MethodGet {
			return text + r.uri
		}
		if !strings.Contains(r.uri, "/user-cards") {
			// No name was submitted: none can be told from other words.
			return text + string(r.body)
		}
		return text + name + address + sport + string(r.body)
	}
	foundForm := map[string]any{"common_field_list": []any{map[string]any{"name": "USER_FORM_FLAG_NAME", "value": encryptFor(&merchantKey().PublicKey, found)}}}
	full := cardJSON(map[string]any{"phone_number": encryptFor(&merchantKey().PublicKey, foundPhone), "user_information": foundForm})
	answers := map[string]func(r *received) reply{
		"done":     func(*received) reply { return reply{body: full} },
		"unsigned": func(*received) reply { return reply{body: full, unsigned: true} },
		"forged":   func(*received) reply { return reply{body: full, key: otherKey()} },
		"serial":   func(*received) reply { return reply{body: full, serial: testPhone} },
		"cut":      func(*received) reply { return reply{body: full[:len(full)/2], cut: errReset} },
		"broken":   func(*received) reply { return reply{body: full[:len(full)/2]} },
		"another":  func(*received) reply { return reply{body: strings.Replace(full, testCode, testPhone, 1)} },
		"encrypted for another": func(*received) reply {
			return reply{body: cardJSON(map[string]any{"phone_number": encryptFor(&otherKey().PublicKey, testPhone)})}
		},
		"not encrypted": func(*received) reply { return reply{body: cardJSON(map[string]any{"phone_number": testPhone})} },
		"type":          func(*received) reply { return reply{body: cardJSON(map[string]any{"phone_number": 13800138000})} },
		"reset":         func(*received) reply { return reply{err: errReset} },
		"other":         func(*received) reply { return reply{err: &wrapped{errors.New(testPhone + name)}} },
		"time-out":      func(*received) reply { return reply{hold: time.Hour} },
		"html":          func(r *received) reply { return reply{status: 502, body: "<html>" + echo(r)} },
		"redirect": func(*received) reply {
			return reply{status: 302, header: http.Header{"Location": {"https://" + testPhone + ".example/?q=" + testPhone + "&openid=" + testOpenID}}}
		},
		"request id": func(*received) reply {
			return reply{status: 400, header: http.Header{"Request-Id": {testPhone + name}}, body: "{}"}
		},
		"request id that is one": func(*received) reply {
			return reply{status: 400, header: http.Header{"Request-Id": {"id-" + testPhone + "-x"}}, body: "{}"}
		},
	}
	for _, status := range []int{400, 401, 403, 404, 429, 500} {
		answers[fmt.Sprint(status)] = func(r *received) reply {
			text, err := json.Marshal(map[string]any{
				"code": testPhone, "message": echo(r),
				"detail": map[string]any{"field": "/body/" + testPhone, "value": testPhone + name, "issue": echo(r), "location": testPhone},
			})
			if err != nil {
				panic(err)
			}
			return reply{status: status, body: string(text)}
		}
	}
	for answer, respond := range answers {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log events
				s := newService(t, func(_ int, r *received) reply { return respond(r) })
				s.refuse = func(n int, _ string) error {
					if n == 1 {
						return &wrapped{io.ErrUnexpectedEOF}
					}
					return nil
				}
				client := newTestClient(t, s, withBackup, func(c *Config) { c.MaxRetries, c.Log = 1, log.log })
				info := &UserInformation{
					CommonFields: []CommonField{{"USER_FORM_FLAG_NAME", name}, {"USER_FORM_FLAG_ADDRESS", address}},
					CustomFields: []CustomField{{"运动", []Personal{sport}}},
				}
				req := importRequest()
				req.UserInformation = info
				var out []string
				card, err := client.ImportByPhone(t.Context(), req)
				out = append(out, texts(err)...)
				req.OpenID = testOpenID
				byOpenID, err := client.ImportByOpenID(t.Context(), req)
				out = append(out, texts(err)...)
				if byOpenID != nil {
					byOpenID.OpenID = ""
					out = append(out, fmt.Sprintf("%v %+v %#v", byOpenID, byOpenID, byOpenID))
				}
				req.OpenID = ""
				for _, call := range templateCalls() {
					_, err := call(t.Context(), client)
					out = append(out, texts(err)...)
				}
				_, err = client.UploadImage(t.Context(), UploadImageRequest{Filename: "card.png", Content: testPNG()})
				out = append(out, texts(err)...)
				_, err = client.Echo(t.Context())
				out = append(out, texts(err)...)
				_, err = client.ModifyUserCard(t.Context(), ModifyUserCardRequest{CardRef: cardRef(), PhoneNumber: testPhone, UserInformation: info})
				out = append(out, texts(err)...)
				_, err = client.GetUserCard(t.Context(), cardRef())
				out = append(out, texts(err)...)
				for _, err := range client.ListUserCards(t.Context(), ListUserCardsRequest{BrandID: testBrand, OpenID: testOpenID}) {
					out = append(out, texts(err)...)
				}
				if card != nil {
					// The openid is a card's name and meant to be shown; the rest of it is not.
					card.OpenID = ""
					out = append(out, fmt.Sprintf("%v %+v %#v %v %+v %#v", card, card, card, req, req, req))
				}
				// After a 401 nothing more is sent.
				if n := len(log.named("WeChat Pay attempt")); n < 3 && (answer != "401" || n == 0) {
					t.Error("no events")
				}
				out = append(out, log.String())
				wanted := append([]string(nil), secrets...)
				for _, r := range s.all() {
					for _, secret := range []string{r.header.Get("Authorization"), r.nonce, r.phone()} {
						if secret != "" {
							wanted = append(wanted, secret)
						}
					}
				}
				for _, text := range out {
					for _, secret := range wanted {
						if strings.Contains(text, secret) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(secret))) {
							t.Errorf("%.20q came out in %.300q", secret, text)
						}
					}
				}
			})
		})
	}
}

func TestEventsAreComplete(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		var log events
		s := newService(t, replies(refused(500, "SYSTEM_ERROR", "系统异常"), done()))
		if _, err := newTestClient(t, s, func(c *Config) { c.Log = log.log }).ImportByPhone(t.Context(), importRequest()); err != nil {
			t.Fatal(err)
		}
		attempts, waits := log.named("WeChat Pay attempt"), log.named("WeChat Pay wait")
		if len(attempts) != 2 || len(waits) == 0 || waits[0].fields["why"] != "system" {
			t.Fatalf("got %v", &log)
		}
		for name, want := range map[string]any{"operation": "import-by-phone", "attempt": 1, "status": 500, "code": "SYSTEM_ERROR", "outcome": "unknown", "request_id": "08F78BB3AF0610D302187F20A9B5A4E03", "endpoint": MainEndpoint, "duration_ms": int64(0)} {
			if got := attempts[0].fields[name]; got != want {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
		if last := attempts[1].fields; last["outcome"] != "done" || last["attempt"] != 2 || last["status"] != 200 {
			t.Errorf("got %v", last)
		}
	})
}
