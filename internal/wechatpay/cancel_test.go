// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// writes are the calls that change something.
func writes() map[string]func(context.Context, *Client) error {
	return map[string]func(context.Context, *Client) error{
		"import": func(ctx context.Context, c *Client) error {
			_, err := c.ImportByPhone(ctx, importRequest())
			return err
		},
		"import by openid": func(ctx context.Context, c *Client) error {
			_, err := c.ImportByOpenID(ctx, openIDRequest())
			return err
		},
		"create a template": func(ctx context.Context, c *Client) error {
			_, err := c.CreateCardTemplate(ctx, fullTemplateRequest())
			return err
		},
		"modify a template": func(ctx context.Context, c *Client) error {
			_, err := c.ModifyCardTemplate(ctx, ModifyCardTemplateRequest{BrandID: testBrand, CardID: testCard})
			return err
		},
		"invalidate a template": func(ctx context.Context, c *Client) error {
			_, err := c.InvalidateCardTemplate(ctx, testBrand, testCard)
			return err
		},
		"upload": func(ctx context.Context, c *Client) error {
			_, err := c.UploadImage(ctx, UploadImageRequest{Filename: "card.png", Content: testPNG()})
			return err
		},
		"modify": func(ctx context.Context, c *Client) error {
			_, err := c.ModifyUserCard(ctx, ModifyUserCardRequest{CardRef: cardRef(), Level: "1"})
			return err
		},
		"invalidate": func(ctx context.Context, c *Client) error {
			_, err := c.InvalidateUserCard(ctx, InvalidateUserCardRequest{CardRef: cardRef()})
			return err
		},
	}
}

func TestWriteThatWasSentWaitsForItsAnswer(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, write := range writes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(reply{body: cardJSON(nil), hold: 20 * time.Second}))
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				begun := time.Now()
				if err := write(ctx, newTestClient(t, s)); err != nil {
					t.Errorf("the answer was there, yet: %v", err)
				}
				if took := time.Since(begun); took != 20*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestNothingIsSentAfterTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, write := range writes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(reply{status: 500, hold: 20 * time.Second}, done()))
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				e := wantError(t, write(ctx, newTestClient(t, s)), KindSystem, true)
				if s.count() != 1 || e.Attempts != 1 {
					t.Errorf("%d requests", s.count())
				}
				// An attempt that nobody answers ends by its own time.
				s = newService(t, replies(reply{hold: time.Hour}, done()))
				ctx, cancel = context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				begun := time.Now()
				e = wantError(t, write(ctx, newTestClient(t, s)), KindTransport, true)
				var transport *TransportError
				if !errors.As(e, &transport) || transport.Reason != ReasonTimeout || !errors.Is(e, context.DeadlineExceeded) {
					t.Errorf("got %v", e)
				}
				if took := time.Since(begun); took != DefaultRequestTimeout || s.count() != 1 {
					t.Errorf("%d requests, took %v", s.count(), took)
				}
			})
		})
	}
}

func TestAnswerToTheLastAttemptIsReported(t *testing.T) {
	t.Parallel()
	testKeys()
	interrupted := func(t *testing.T, answers ...reply) *Error {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s := newService(t, func(n int, r *received) reply {
			if n == len(answers)-1 {
				cancel()
			}
			return replies(answers...)(n, r)
		})
		_, err := newTestClient(t, s).ImportByPhone(ctx, importRequest())
		if s.count() != len(answers) {
			t.Errorf("%d requests", s.count())
		}
		return asError(t, err)
	}
	synctest.Test(t, func(t *testing.T) {
		// The interruption came while a later attempt was on its way: its answer says what became of it.
		exists := refused(400, "INVALID_REQUEST", "该手机号或会员卡code已存在")
		wantError(t, interrupted(t, reply{status: 500}, exists), KindPhoneOrCodeExists, true)
		// What was cut was not stopped by the interruption.
		e := wantError(t, interrupted(t, reply{body: "{", cut: io.ErrUnexpectedEOF}), KindTransport, true)
		if e.StatusCode != 200 {
			t.Errorf("got %+v", e)
		}
	})
}

func TestWriteThatWasNotSentIsAborted(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		// The connection takes ten seconds; the caller waits for one.
		s := newService(t, replies(done()))
		connecting := slow(s, 10*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, err := newTestClient(t, connecting).ImportByPhone(ctx, importRequest())
		e := wantError(t, err, KindCanceled, false)
		if time.Since(begun) != time.Second || s.count() != 0 || !errors.Is(err, context.DeadlineExceeded) || e.Attempts != 1 {
			t.Errorf("took %v, %d requests: %v", time.Since(begun), s.count(), err)
		}

		// A transport that connects all the same finds no body to send.
		deaf := &ignoringTransport{next: s, delay: 10 * time.Second}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = newTestClient(t, deaf).ImportByPhone(ctx, importRequest())
		wantError(t, err, KindCanceled, false)
		if all := s.all(); len(all) != 1 || len(all[0].body) != 0 {
			t.Error("a body was sent after the caller gave up")
		}
	})
}

func TestNothingIsSentForACanceledContext(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := newTestClient(t, s).ImportByPhone(ctx, importRequest())
		e := wantError(t, err, KindCanceled, false)
		if s.count() != 0 || e.Attempts != 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d requests: %+v", s.count(), e)
		}
	})
}

func TestReadIsCancelledAtOnce(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{hold: 20 * time.Second}))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		begun := time.Now()
		_, err := newTestClient(t, s).GetUserCard(ctx, cardRef())
		wantError(t, err, KindCanceled, true)
		if took := time.Since(begun); took != time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("took %v: %v", took, err)
		}

		// While the body is read.
		ctx, cancel = context.WithCancel(t.Context())
		defer cancel()
		s = newService(t, func(int, *received) reply {
			cancel()
			return reply{body: "{", cut: context.Canceled}
		})
		_, err = newTestClient(t, s).GetUserCard(ctx, cardRef())
		if e := wantError(t, err, KindCanceled, true); !errors.Is(e, context.Canceled) {
			t.Errorf("the cause is lost: %v", err)
		}
	})
}

func TestInterruptionEndsTheWaiting(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 503, body: `{"code":"SYSTEM_ERROR","message":"忙"}`, header: http.Header{"Retry-After": {"60"}}}))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		begun := time.Now()
		_, err := newTestClient(t, s).ImportByPhone(ctx, importRequest())
		e := wantError(t, err, KindCanceled, true)
		// The last answer is still told.
		if e.StatusCode != 503 || e.Message != "忙" || !errors.Is(err, context.Canceled) || time.Since(begun) != 5*time.Second {
			t.Errorf("after %v: %+v", time.Since(begun), e)
		}
	})
}
