// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// FaultKind is the kind of a fault: what goes wrong with a request.
type FaultKind string

// The kinds of faults. Each hits before the call is processed or, with
// [Fault.AfterWork], after it. A kind that changes an answer changes the one
// that processing the call gives, or would have given.
const (
	// FaultStatus answers with Status: a signed JSON error when Code is set
	// (500 SYSTEM_ERROR when nothing is), the raw unsigned Body when it is set
	// (text/html unless ContentType says otherwise), otherwise nothing.
	FaultStatus FaultKind = "status"
	// FaultAccepted answers 202, signed: accepted, not done, ask again.
	FaultAccepted FaultKind = "accepted"
	// FaultNoContent answers 204, signed.
	FaultNoContent FaultKind = "no-content"
	// FaultHang never answers. It ends when the client disconnects or the server
	// closes.
	FaultHang FaultKind = "hang"
	// FaultDelay waits for Delay before or after processing, and then answers as
	// usual.
	FaultDelay FaultKind = "delay"
	// FaultCutConnection resets the connection without an answer.
	FaultCutConnection FaultKind = "cut-connection"
	// FaultBadSignature signs something other than the body.
	FaultBadSignature FaultKind = "bad-signature"
	// FaultMissingSignature leaves Wechatpay-Signature out.
	FaultMissingSignature FaultKind = "missing-signature"
	// FaultOldTimestamp signs at a time ten minutes ago.
	FaultOldTimestamp FaultKind = "old-timestamp"
	// FaultFutureTimestamp signs at a time ten minutes ahead.
	FaultFutureTimestamp FaultKind = "future-timestamp"
	// FaultProbeSignature answers with a signature that begins with
	// WECHATPAY/SIGNTEST/, as WeChat Pay does now and then to test that callers
	// verify signatures.
	FaultProbeSignature FaultKind = "probe-signature"
	// FaultWrongSerial names a key that does not exist in Wechatpay-Serial.
	FaultWrongSerial FaultKind = "wrong-serial"
	// FaultTruncated announces the whole body, sends half of it and cuts the
	// connection.
	FaultTruncated FaultKind = "truncated"
	// FaultHugeBody pads the answer with spaces to 2 MiB, correctly signed.
	FaultHugeBody FaultKind = "huge-body"
	// FaultMalformedJSON answers 200 with half a JSON text, or Body, correctly signed.
	FaultMalformedJSON FaultKind = "malformed-json"
	// FaultOtherShape answers 200 with JSON of another shape, or Body, correctly signed.
	FaultOtherShape FaultKind = "other-shape"
	// FaultSlowDrip sends the body one byte at a time, Delay apart (20 ms when
	// zero), until it ends or the client disconnects.
	FaultSlowDrip FaultKind = "slow-drip"
	// FaultRedirect answers Status (307 when zero) with Location.
	FaultRedirect FaultKind = "redirect"
	// FaultOtherCard answers with another card's code and openid, or another
	// template's id, correctly signed.
	FaultOtherCard FaultKind = "other-card"
	// FaultOtherKey signs correctly, but with the key that does not sign otherwise:
	// the platform certificate's instead of the WeChat Pay public key, or the
	// other way round. A caller that knows only one of them cannot verify it.
	FaultOtherKey FaultKind = "other-key"
	// FaultNoSignatureHeaders leaves out all five Wechatpay- headers, as a relay
	// may that passes on only the headers that it knows.
	FaultNoSignatureHeaders FaultKind = "no-signature-headers"
	// FaultRewritten indents the JSON after it was signed, as a relay may that
	// parses bodies: the same values, but the signature does not verify.
	FaultRewritten FaultKind = "rewritten"
	// FaultIDsOnly leaves out of a card everything but brand_id, card_id,
	// user_card_code and openid, correctly signed.
	FaultIDsOnly FaultKind = "ids-only"
	// FaultChangedFields replaces the fields of an answer by Fields, correctly
	// signed. Examples: a phone_number that cannot be decrypted, user_information
	// of another shape, an openid that is too long, EFFECTIVE after invalidate.
	FaultChangedFields FaultKind = "changed-fields"
	// FaultStrayBytes sends Body (or a text with a phone number) after the end of
	// the answer on the same connection.
	FaultStrayBytes FaultKind = "stray-bytes"
)

// Signing says how an error answer of [FaultStatus] with a Code is signed.
type Signing string

// The ways to sign an error answer.
const (
	// SignedCorrectly is the default.
	SignedCorrectly Signing = ""
	// SignedWrongly has a signature of something other than the body.
	SignedWrongly Signing = "wrong"
	// NotSigned has no signature headers.
	NotSigned Signing = "none"
)

// faultMeanings says what each kind does, for the page of the administration.
func faultMeanings() []struct {
	kind FaultKind
	does string
} {
	return []struct {
		kind FaultKind
		does string
	}{
		{FaultStatus, "answers status with a signed error (code, message, detail), or with body, unsigned"},
		{FaultAccepted, "answers 202: accepted, not done"},
		{FaultNoContent, "answers 204"},
		{FaultHang, "never answers"},
		{FaultDelay, "waits for delay, then answers as usual"},
		{FaultCutConnection, "resets the connection without an answer"},
		{FaultBadSignature, "answers with a signature that does not verify"},
		{FaultMissingSignature, "answers without Wechatpay-Signature"},
		{FaultOldTimestamp, "signs at a time ten minutes ago"},
		{FaultFutureTimestamp, "signs at a time ten minutes ahead"},
		{FaultProbeSignature, "answers with a signature that begins with WECHATPAY/SIGNTEST/"},
		{FaultWrongSerial, "names a key that does not exist"},
		{FaultTruncated, "sends half of the body, then cuts the connection"},
		{FaultHugeBody, "pads the answer to 2 MiB"},
		{FaultMalformedJSON, "answers half a JSON text, or body"},
		{FaultOtherShape, "answers JSON of another shape, or body"},
		{FaultSlowDrip, "sends one byte at a time, delay apart"},
		{FaultRedirect, "answers status (307) with location"},
		{FaultOtherCard, "answers another card or template"},
		{FaultOtherKey, "signs with the key of WeChat Pay that does not sign otherwise"},
		{FaultNoSignatureHeaders, "answers without any Wechatpay- header, as through a relay"},
		{FaultRewritten, "indents the JSON after it was signed, as a relay may"},
		{FaultIDsOnly, "leaves out everything but the ids and the openid"},
		{FaultChangedFields, "replaces fields of the answer by fields; null removes one"},
		{FaultStrayBytes, "sends bytes after the end of the answer"},
	}
}

func isFaultKind(kind FaultKind) bool {
	for _, meaning := range faultMeanings() {
		if meaning.kind == kind {
			return true
		}
	}
	return false
}

// Fault makes requests fail that passed authorization and rate limit. Of
// several faults, the first injected one that matches and is not used up hits.
type Fault struct {
	// Operation and UserCardCode say which requests match; empty: any.
	Operation    Operation
	UserCardCode string
	// Skip is how many matching requests pass first.
	Skip int
	// Count is how many matching requests are hit. Zero means one, a negative
	// number all.
	Count int
	// Probability, when not zero, is the chance that a matching request is hit.
	// The same Seed gives the same sequence of hits.
	Probability float64
	Seed        uint64
	// AfterWork processes the call first, so that a card is stored, and fails
	// afterwards: the caller does not learn that it was processed.
	AfterWork bool
	// Kind is FaultStatus when empty.
	Kind FaultKind

	// Status, Code, Message and Detail describe the error answer of FaultStatus.
	Status  int
	Code    string
	Message string
	Detail  map[string]any
	// Signing says how that error answer is signed.
	Signing Signing
	// Fields are the new values of FaultChangedFields by the fields' names; nil
	// removes a field. A name that a list does not have itself applies to every
	// element of its data.
	Fields map[string]any
	// Header is set on the answer, replacing what is there: Retry-After for
	// example.
	Header http.Header
	// Body and ContentType are a raw answer.
	Body        []byte
	ContentType string
	// Delay is how long to wait, in real time, before the fault acts, whatever
	// its kind.
	Delay time.Duration
	// Location is the target of FaultRedirect.
	Location string
}

func (f Fault) validate() error {
	if !isFaultKind(f.Kind) {
		return fmt.Errorf("%q is not a kind of fault", f.Kind)
	}
	if f.Operation != "" && !slices.Contains(operations(), f.Operation) {
		return fmt.Errorf("%q is not a call", f.Operation)
	}
	if f.Probability < 0 || f.Probability > 1 {
		return fmt.Errorf("a probability of %v is not between 0 and 1", f.Probability)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("%d is not a final HTTP status", f.Status)
	}
	if !slices.Contains([]Signing{SignedCorrectly, SignedWrongly, NotSigned}, f.Signing) {
		return fmt.Errorf("%q is not a way to sign", f.Signing)
	}
	if f.Kind == FaultChangedFields && len(f.Fields) == 0 {
		return fmt.Errorf("%s needs fields", f.Kind)
	}
	if f.Skip < 0 || f.Delay < 0 {
		return fmt.Errorf("a negative skip or delay")
	}
	return nil
}

// faults are the active faults, in the order in which they were injected.
type faults struct {
	mu   sync.Mutex
	list []*activeFault
}

type activeFault struct {
	Fault
	skipped, hits int
	chance        *rand.Rand
}

func (a *activeFault) usedUp() bool { return a.Count >= 0 && a.hits >= max(a.Count, 1) }

// Inject activates a fault. It panics for an invalid one, which is a mistake in
// a test.
func (s *Server) Inject(f Fault) {
	if err := s.inject(f); err != nil {
		panic("mockserver: " + err.Error())
	}
}

func (s *Server) inject(f Fault) error {
	if f.Kind == "" {
		f.Kind = FaultStatus
	}
	if err := f.validate(); err != nil {
		return err
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	//nolint:gosec // The draws must be repeatable, not secret.
	s.faults.list = append(s.faults.list, &activeFault{Fault: f, chance: rand.New(rand.NewPCG(f.Seed, 0))})
	return nil
}

// ClearFaults removes all faults. A request that was hit already stays hit.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// pick returns the fault that hits a request, nil for none.
func (f *faults) pick(operation Operation, code string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.list {
		if a.usedUp() || a.Operation != "" && a.Operation != operation || a.UserCardCode != "" && a.UserCardCode != code {
			continue
		}
		if a.skipped < a.Skip {
			a.skipped++
			continue
		}
		if a.Probability > 0 && a.chance.Float64() >= a.Probability {
			continue
		}
		a.hits++
		hit := a.Fault
		return &hit
	}
	return nil
}
