// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Where the states are.
const (
	backendLocal = "local"
	backendHTTP  = "http"
	backendBoth  = "both"
)

// stateServer keeps states for Terraform's http backend.
// https://developer.hashicorp.com/terraform/language/backend/http
type stateServer struct {
	server   *http.Server
	listener net.Listener

	mu     sync.Mutex
	states map[string][]byte
}

// startStateServer starts one on a free port of loopback.
func startStateServer() (*stateServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stateServer{listener: listener, states: map[string][]byte{}}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(listener) }() // it ends with Close
	return s, nil
}

// address is the address of one root module's state.
func (s *stateServer) address(module int) string {
	return fmt.Sprintf("http://%s/%d", s.listener.Addr(), module)
}

// Close stops the server.
func (s *stateServer) Close() error { return s.server.Close() }

// ServeHTTP implements http.Handler.
func (s *stateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state, ok := s.states[r.URL.Path]; r.Method {
	case http.MethodGet:
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(state) // Terraform is gone if this fails
	case http.MethodPost:
		s.states[r.URL.Path] = body
	case http.MethodDelete:
		delete(s.states, r.URL.Path)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}
