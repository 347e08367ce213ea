// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server is a running mock of WeChat Pay on loopback. Its methods may be called
// from several goroutines.
type Server struct {
	options     Options
	keys        *Keys
	credentials Credentials
	brand       BrandCredentials
	listener    net.Listener
	http        *http.Server
	admin       http.Handler

	// closing is closed when the server closes. lifeMu prevents a handler from
	// starting while Close waits for the running ones.
	closing  chan struct{}
	lifeMu   sync.Mutex
	closed   bool
	serveErr error
	// running counts the handlers and the goroutine that accepts connections.
	running sync.WaitGroup

	nonces   nonces
	modes    modes
	faults   faults
	requests requestLog
	logMu    sync.Mutex

	mu        sync.Mutex
	cards     map[cardKey]Card
	templates map[string]Template
	// origins are those of the templates; created counts the templates that
	// there ever were.
	origins  map[string]origin
	created  int
	pictures []Picture
	unbound  map[string]bool
	// invalidOpenIDs are the openids that import-by-openid refuses.
	invalidOpenIDs map[string]bool
}

// adminPrefix is the path of the administration on the same listener as the API.
const adminPrefix = "/_mock/"

// Start listens and serves in the background until [Server.Close].
func Start(options Options) (*Server, error) {
	options.setDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		options: options, keys: options.Keys, closing: make(chan struct{}),
		requests: requestLog{keep: options.KeepRequests, changed: make(chan struct{})},
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", options.Addr)
	if err != nil {
		return nil, err
	}
	s.listener = listener
	// A web page that is open in a browser on this machine must not be able to
	// use the administration.
	s.admin = http.NewCrossOriginProtection().Handler(loopbackHost(http.StripPrefix(strings.TrimSuffix(adminPrefix, "/"), s.adminHandler())))
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: 10 * time.Second,
		// Faults cut connections on purpose: net/http would log each one to stderr.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s.running.Go(func() {
		// Serve always returns an error: ErrServerClosed after Close.
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.serveErr = err
		}
	})
	return s, nil
}

// loopbackHost refuses a request whose Host header is not a loopback name. A
// web page could otherwise point its own domain name at this machine (DNS
// rebinding) and read everything.
func loopbackHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if checkLoopback(net.JoinHostPort(strings.Trim(host, "[]"), "0")) != nil {
			http.Error(w, "the administration can only be used from this machine", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) prepare() error {
	if s.keys == nil {
		keys, err := GenerateKeys()
		if err != nil {
			return err
		}
		s.keys = keys
	}
	if err := s.keys.validate(); err != nil {
		return err
	}
	var err error
	if s.credentials, err = s.keys.credentials(); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if s.brand, err = s.keys.brandCredentials(s.options.BrandID); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	s.modes = s.newModes()
	return s.resetState()
}

// Close stops the server. It ends faults that keep connections open, closes
// every connection and waits for the handlers. Further calls do nothing.
func (s *Server) Close() error {
	s.lifeMu.Lock()
	first := !s.closed
	s.closed = true
	s.lifeMu.Unlock()
	if !first {
		return nil
	}
	close(s.closing)
	err := s.http.Close()
	s.running.Wait()
	return errors.Join(err, s.serveErr)
}

// begin registers a handler in running. It returns false when the server is
// closed already.
func (s *Server) begin() bool {
	s.lifeMu.Lock()
	defer s.lifeMu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	return true
}

// URL returns the address of the API, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// AdminURL returns the address of the administration, with a slash at the end.
// See the package comment.
func (s *Server) AdminURL() string { return s.URL() + adminPrefix }

// Credentials returns what a service provider configures to talk to this server.
func (s *Server) Credentials() Credentials { return s.credentials }

// BrandCredentials returns what the brand [Options.BrandID] configures to call
// this server for itself. Both kinds of credentials work at the same time.
func (s *Server) BrandCredentials() BrandCredentials { return s.brand }
