// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The environment is read once in a process, so only the function can be checked.
func TestProxiesComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	transport, ok := defaultTransport().(*http.Transport)
	if !ok {
		t.Fatalf("got %T", defaultTransport())
	}
	if reflect.ValueOf(transport.Proxy).Pointer() != reflect.ValueOf(http.ProxyFromEnvironment).Pointer() {
		t.Error("the environment is not asked for proxies")
	}
	if transport == http.DefaultTransport {
		t.Error("the process's own transport is changed")
	}
}

// throughProxy makes a client whose requests go through a proxy, with a password.
func throughProxy(t *testing.T, address string) *Client {
	t.Helper()
	proxy, err := url.Parse(strings.Replace(address, "http://", "http://me:hunter2@", 1))
	if err != nil {
		t.Fatal(err)
	}
	transport, ok := defaultTransport().(*http.Transport)
	if !ok {
		t.Fatalf("got %T", defaultTransport())
	}
	transport.Proxy = http.ProxyURL(proxy)
	return newTestClient(t, transport, withBackup, func(c *Config) { c.MaxRetries, c.RequestsPerSecond = 0, 1000 })
}

func TestProxyThatRefusesIsNamed(t *testing.T) {
	t.Parallel()
	var (
		mu    sync.Mutex
		asked []string
	)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		asked = append(asked, req.Method+" "+req.Host)
		mu.Unlock()
		http.Error(w, testPhone, http.StatusProxyAuthRequired)
	}))
	t.Cleanup(refusing.Close)
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()

	for name, address := range map[string]string{"refuses": refusing.URL, "is not there": nobody.URL} {
		for call, err := range map[string]error{
			"import": func() error {
				_, err := throughProxy(t, address).ImportByPhone(t.Context(), importRequest())
				return err
			}(),
			"get": func() error { _, err := throughProxy(t, address).GetUserCard(t.Context(), cardRef()); return err }(),
		} {
			// Nothing of the request went beyond the proxy.
			wantError(t, err, KindTransport, false)
			var transport *TransportError
			if !errors.As(err, &transport) || transport.Reason != ReasonProxy {
				t.Errorf("%s, %s: got %v", name, call, err)
			}
			for _, text := range texts(err) {
				if strings.Contains(text, "hunter2") || strings.Contains(text, testPhone) {
					t.Errorf("%s, %s: %s", name, call, text)
				}
			}
		}
	}
	want := []string{"CONNECT " + mainHost + ":443", "CONNECT " + backupHost + ":443"}
	if want = append(want, want...); !slices.Equal(asked, want) {
		t.Errorf("the proxy was asked for %v, want %v", asked, want)
	}
}
