// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/rsa"
	"net/http"
	"net/url"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/signers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// Client implements API. It is safe for concurrent use; all its callers share one rate limit
// and one choice of host.
type Client struct {
	cfg        Config
	core       *core.Client
	validator  *validator
	cipher     *fieldCipher
	limiter    *limiter
	hosts      *hosts
	connection *connection
	routes     routes
	// brand is the only brand that the requests can be about; empty where they name one.
	brand string
}

var _ API = (*Client)(nil)

// New makes a client. It makes no call. A part of the configuration that is missing is a
// *ConfigError; all of them are joined.
func New(cfg Config) (*Client, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	var (
		keys    []key
		encrypt *rsa.PublicKey
	)
	if cfg.PublicKey != nil {
		encrypt = cfg.PublicKey
		keys = append(keys, newKey(cfg.PublicKeyID, false, cfg.PublicKey))
	}
	if cfg.PlatformCertificate != nil {
		// complete has made sure of the type.
		public, _ := cfg.PlatformCertificate.PublicKey.(*rsa.PublicKey)
		if encrypt == nil {
			encrypt = public
		}
		keys = append(keys, newKey(CertificateSerial(cfg.PlatformCertificate), true, public))
	}

	mode, connection := cfg.mode(), newConnection()
	limiter := newLimiter(cfg.RequestsPerSecond)
	limiter.stopped = connection.stopped
	if cfg.RequestsPerSecond <= maxSharedRate {
		limiter.shared = newSharedRate(cfg.RateFolder, mode.rateKey, cfg.Endpoint)
	}
	validator := &validator{keys: keys, now: cfg.Now}
	// The SDK ignores this context: it reaches no request.
	sdk, err := core.NewClientWithDialSettings(context.Background(), &core.DialSettings{ //nolint:forbidigo // see above
		HTTPClient: newHTTPClient(cfg.Transport, cfg.UserAgent, mode, limiter),
		Signer: &signers.SHA256WithRSASigner{
			MchID:               mode.id,
			CertificateSerialNo: cfg.CertificateSerialNo,
			PrivateKey:          cfg.PrivateKey,
		},
		Validator: validator,
	})
	if err != nil {
		return nil, err
	}
	return &Client{
		cfg:        cfg,
		core:       sdk,
		validator:  validator,
		cipher:     newFieldCipher(keys[0].serial, encrypt, cfg.PrivateKey),
		limiter:    limiter,
		hosts:      &hosts{main: cfg.Endpoint, backup: cfg.BackupEndpoint, now: cfg.Now},
		connection: connection,
		routes:     mode.routes,
		brand:      mode.brand,
	}, nil
}

// MaxPlaintextBytes is how many bytes of UTF-8 one sensitive field carries under the key
// that this client encrypts with.
func (c *Client) MaxPlaintextBytes() int { return c.cipher.max }

// call is one call of the API, the same in all its attempts: path, query and body, with the
// ciphertexts in it, are made once.
type call struct {
	operation Operation
	// ref is what the call is about, as far as it has it.
	ref    CardRef
	method string
	// path is escaped.
	path  string
	query url.Values
	// body is nil for reads.
	body []byte
	// createsAnother is true when a second request could create a second object. An attempt that
	// may have been carried out is then not repeated.
	createsAnother bool
	// once is true when the call is not repeated whatever comes.
	once bool
	// masker knows the personal values that were submitted.
	masker masker
	// signedMeta and contentType are set for an upload only: the signature covers signedMeta in the
	// place of the body.
	signedMeta  string
	contentType string
	// read takes in the body of a verified answer, which answered has whole.
	read     func(body []byte) *answerError
	answered *attempt
}

// write reports whether the call changes anything. Such a call, once sent, waits for its answer.
func (cl *call) write() bool { return cl.method != http.MethodGet }

// answerError says that a verified answer cannot be used.
type answerError struct {
	err error
	// retryable is true when another attempt may get a better answer.
	retryable bool
}

// send makes one attempt at endpoint. The attempt says what was seen on the wire; the error is
// the SDK's, whose text must not be printed.
func (c *Client) send(ctx context.Context, cl *call, endpoint string) (*attempt, error) {
	a := &attempt{write: cl.write(), endpoint: endpoint}
	base := ctx
	if cl.write() {
		base = context.WithoutCancel(ctx)
	}
	base, cancel := context.WithTimeout(base, c.cfg.RequestTimeout)
	defer cancel()
	if cl.write() {
		stop := context.AfterFunc(ctx, func() {
			if a.abort() {
				cancel()
			}
		})
		defer stop()
	}
	if cl.signedMeta != "" {
		_, err := c.core.Upload(withAttempt(base, a), endpoint+cl.path, cl.signedMeta, string(cl.body), cl.contentType)
		return a, err
	}
	var body any
	if cl.body != nil {
		body = cl.body
	}
	_, err := c.core.Request(withAttempt(base, a), cl.method, endpoint+cl.path, nil, cl.query, body, consts.ApplicationJSON)
	return a, err
}
