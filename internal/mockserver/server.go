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

// Server is a running WeChat Pay on loopback. Its methods may be called from
// several goroutines.
type Server struct {
	options     Options
	keys        *Keys
	credentials Credentials
	listener    net.Listener
	http        *http.Server
	admin       http.Handler

	// closing is closed when the server closes. lifeMu keeps a handler from
	// beginning once Close waits for them.
	closing  chan struct{}
	lifeMu   sync.Mutex
	closed   bool
	serveErr error
	// running counts the handlers and the accepting loop.
	running sync.WaitGroup

	nonces  nonces
	rate    *rateLimit
	faults  faults
	journal journal
	logMu   sync.Mutex

	mu        sync.Mutex
	cards     map[cardKey]Card
	templates map[string]Template
	unbound   map[string]bool
}

// adminPrefix is where the administration is, beside the API.
const adminPrefix = "/_mock/"

// Start listens and serves in the background until [Server.Close].
func Start(options Options) (*Server, error) {
	options.setDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		options: options, keys: options.Keys, closing: make(chan struct{}),
		rate:    newRateLimit(options.RequestsPerSecond),
		journal: journal{keep: options.KeepRequests, changed: make(chan struct{})},
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", options.Addr)
	if err != nil {
		return nil, err
	}
	s.listener = listener
	// A page in the browser of whoever runs the mock has no business here.
	s.admin = http.NewCrossOriginProtection().Handler(loopbackHost(http.StripPrefix(strings.TrimSuffix(adminPrefix, "/"), s.adminHandler())))
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: 10 * time.Second,
		// Faults cut connections on purpose: not worth a line on stderr each.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s.running.Go(func() {
		// Serve always fails in the end: with ErrServerClosed after Close.
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.serveErr = err
		}
	})
	return s, nil
}

// loopbackHost refuses what asks for another host than this one: a page whose own name was made to
// lead here is of the same origin to its browser, and could read everything.
func loopbackHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if checkLoopback(net.JoinHostPort(strings.Trim(host, "[]"), "0")) != nil {
			http.Error(w, "the administration is for this machine alone", http.StatusForbidden)
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
	return s.resetState()
}

// Close stops the server: it ends the faults that hold connections open, closes
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

// begin counts a handler in; false when it is too late for one.
func (s *Server) begin() bool {
	s.lifeMu.Lock()
	defer s.lifeMu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	return true
}

// URL is the address of the API, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// AdminURL is the address of the administration, with a slash at the end: see
// the comment of the package.
func (s *Server) AdminURL() string { return s.URL() + adminPrefix }

// Credentials are what a merchant configures to talk to this server.
func (s *Server) Credentials() Credentials { return s.credentials }
