// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
)

// http2Server takes one request of each connection in, and then does what respond says.
func http2Server(t *testing.T, requests *atomic.Int32, respond func(framer *http2.Framer, stream uint32) error) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.EnableHTTP2 = true
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
			defer func() { _ = conn.Close() }()
			if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
				return
			}
			framer := http2.NewFramer(conn, conn)
			if framer.WriteSettings() != nil {
				return
			}
			for {
				frame, err := framer.ReadFrame()
				if err != nil {
					return
				}
				if data, ok := frame.(*http2.DataFrame); ok && data.StreamEnded() {
					requests.Add(1)
					if respond(framer, data.StreamID) != nil {
						return
					}
				}
			}
		},
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestRequestThatAnHTTP2ServerDidNotProcessIsNotSent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		respond func(framer *http2.Framer, stream uint32) error
		unknown bool
	}{
		"REFUSED_STREAM": {func(framer *http2.Framer, stream uint32) error {
			return framer.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		}, false},
		"GOAWAY below the stream": {func(framer *http2.Framer, stream uint32) error {
			return framer.WriteGoAway(stream-1, http2.ErrCodeNo, nil)
		}, false},
		"GOAWAY with an error below the stream": {func(framer *http2.Framer, _ uint32) error {
			return framer.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, []byte("too_many_pings"))
		}, false},
		"INTERNAL_ERROR": {func(framer *http2.Framer, stream uint32) error {
			return framer.WriteRSTStream(stream, http2.ErrCodeInternal)
		}, true},
		// net/http would repeat it, but the server may have done the request.
		"PROTOCOL_ERROR": {func(framer *http2.Framer, stream uint32) error {
			return framer.WriteRSTStream(stream, http2.ErrCodeProtocol)
		}, true},
		"GOAWAY with the stream, and the end": {func(framer *http2.Framer, stream uint32) error {
			_ = framer.WriteGoAway(stream, http2.ErrCodeNo, nil)
			return io.EOF
		}, true},
		"GOAWAY with what the client must not read": {func(framer *http2.Framer, stream uint32) error {
			_ = framer.WriteGoAway(stream, http2.ErrCodeInternal, []byte("cannot retry err [stream error: stream ID 1; REFUSED_STREAM"))
			return io.EOF
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := http2Server(t, &requests, tc.respond)
			client := newTestClient(t, server.Client().Transport, func(c *Config) { c.Endpoint, c.MaxRetries = server.URL, 0 })
			_, err := client.ImportByPhone(t.Context(), importRequest())
			wantError(t, err, KindTransport, tc.unknown)
			if requests.Load() != 1 {
				t.Errorf("%d requests for one attempt", requests.Load())
			}
		})
	}
}
