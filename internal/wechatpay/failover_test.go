// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

const (
	mainHost   = "api.mch.weixin.qq.com"
	backupHost = "api2.mch.weixin.qq.com"
)

func withBackup(c *Config) { c.BackupEndpoint = BackupEndpoint }

// down fails connections to one host.
func down(host string, err error) func(int, string) error {
	return func(_ int, to string) error {
		if to == host {
			return err
		}
		return nil
	}
}

func hostsOf(s *service) (list []string) {
	for _, r := range s.all() {
		list = append(list, r.host)
	}
	return list
}

func TestUnreachableHostIsReplacedForAMinute(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, cause := range map[string]error{
		"refused": &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"DNS":     &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: mainHost, IsNotFound: true}},
		"TLS":     x509.UnknownAuthorityError{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log events
				s := newService(t, replies(done()))
				s.refuse = down(mainHost, cause)
				client := newTestClient(t, s, withBackup, func(c *Config) { c.MaxRetries, c.Log = 0, log.log })
				begun := time.Now()
				if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begun); took > 250*time.Millisecond {
					t.Errorf("took %v: not at once", took)
				}
				if got := len(log.named("WeChat Pay failover")); got != 1 {
					t.Errorf("%d failover events", got)
				}
				s.refuse = nil
				time.Sleep(time.Minute - time.Second)
				if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
					t.Fatal(err)
				}
				got := hostsOf(s)
				if len(got) != 4 || got[0] != mainHost || got[1] != backupHost || got[2] != backupHost || got[3] != mainHost {
					t.Errorf("went to %v", got)
				}
			})
		})
	}
}

func TestReadsFailOverToo(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		s.refuse = down(mainHost, syscall.ECONNREFUSED)
		if _, err := newTestClient(t, s, withBackup).GetUserCard(t.Context(), cardRef()); err != nil || s.count() != 2 {
			t.Errorf("%d requests: %v", s.count(), err)
		}
	})
}

func TestNoFailoverAfterARequestWasSent(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{err: errReset}, reply{status: 503}, reply{hold: time.Hour}, done()))
		if _, err := newTestClient(t, s, withBackup).ImportByPhone(t.Context(), importRequest()); err != nil {
			t.Fatal(err)
		}
		for _, host := range hostsOf(s) {
			if host != mainHost {
				t.Errorf("went to %v", hostsOf(s))
			}
		}
	})
}

// A kept connection that turns out to be closed says nothing about the host.
func TestFailureOnAReusedConnectionCausesNoFailover(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		n := 0
		client := newTestClient(t, transportFunc(func(req *http.Request) (*http.Response, error) {
			if n++; n == 1 {
				trace := httptrace.ContextClientTrace(req.Context())
				trace.GetConn(req.URL.Host)
				trace.GotConn(httptrace.GotConnInfo{Reused: true})
				return nil, syscall.EPIPE
			}
			return s.RoundTrip(req)
		}), withBackup)
		if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
			t.Fatal(err)
		}
		if got := hostsOf(s); len(got) != 1 || got[0] != mainHost {
			t.Errorf("went to %v", got)
		}
	})
}

// Of a read only the trace tells whether it was sent.
func TestReadOverATransportWithoutTraceIsUnknown(t *testing.T) {
	t.Parallel()
	var hosts []string
	client := newTestClient(t, transportFunc(func(req *http.Request) (*http.Response, error) {
		hosts = append(hosts, req.URL.Host)
		return nil, syscall.ECONNRESET
	}), withBackup, func(c *Config) { c.MaxRetries = 0 })
	_, err := client.GetUserCard(t.Context(), cardRef())
	wantError(t, err, KindTransport, true)
	if len(hosts) != 1 || hosts[0] != mainHost {
		t.Errorf("went to %v", hosts)
	}
}

func TestUnreachableHostsLeaveNoUnknownOutcome(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		s.refuse = func(int, string) error { return &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED} }
		client := newTestClient(t, s, withBackup, func(c *Config) { c.MaxRetries = 2 })
		_, err := client.ImportByPhone(t.Context(), importRequest())
		wantError(t, err, KindTransport, false)
		var transport *TransportError
		if !errors.As(err, &transport) || transport.Reason != ReasonRefused || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got %v", err)
		}
		// Three tries, each at both.
		if got := s.count(); got != 6 {
			t.Errorf("went to %v", hostsOf(s))
		}
		for i, host := range hostsOf(s) {
			if want := []string{mainHost, backupHost}[i%2]; host != want {
				t.Errorf("attempt %d went to %s, want %s", i, host, want)
			}
		}
		// A known refusal after that stays known.
		s.refuse, s.respond = nil, replies(refused(400, "INVALID_REQUEST", "该手机号已被导入过"))
		_, err = client.ImportByPhone(t.Context(), importRequest())
		wantError(t, err, KindPhoneImported, false)
	})
}

func TestAllCallersShareTheFailover(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		s.refuse = func(_ int, host string) error {
			// By the time it is known that the host is down, everybody is waiting.
			time.Sleep(100 * time.Millisecond)
			return down(mainHost, syscall.ECONNREFUSED)(0, host)
		}
		client := newTestClient(t, s, withBackup)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		mains := 0
		for _, host := range hostsOf(s) {
			if host == mainHost {
				mains++
			}
		}
		if mains != 1 {
			t.Errorf("%d attempts at the host that is down", mains)
		}
	})
}

// The classification must hold on the standard library's transport, not only on a fake of it.
func TestFailoverOverRealConnections(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = discardLogger()
	t.Cleanup(untrusted.Close)
	backup := overHTTP(t, s)
	for name, tc := range map[string]struct {
		main   string
		reason TransportReason
	}{
		"refused": {nobody.URL, ReasonRefused},
		"TLS":     {untrusted.URL, ReasonTLS},
		"DNS":     {"https://host.invalid", ReasonNameResolution},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := func(c *Config) { c.Endpoint, c.MaxRetries, c.RequestsPerSecond = tc.main, 0, 1000 }
			noBackup := newTestClient(t, nil, change)
			_, err := noBackup.ImportByPhone(t.Context(), importRequest())
			wantError(t, err, KindTransport, false)
			var transport *TransportError
			if !errors.As(err, &transport) || transport.Reason != tc.reason {
				t.Errorf("got %v, want %q", err, tc.reason)
			}
			_, err = noBackup.GetUserCard(t.Context(), cardRef())
			wantError(t, err, KindTransport, false)

			client := newTestClient(t, nil, change, func(c *Config) { c.BackupEndpoint = backup })
			if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
				t.Error(err)
			}
			if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
				t.Error(err)
			}
		})
	}
}
