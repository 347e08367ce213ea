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

// FaultKind is a way to go wrong.
type FaultKind string

// The ways to go wrong. Each may come before the work or, with
// [Fault.AfterWork], after it. Where an answer is needed to spoil and the work
// is not to be done, it is the answer that the work would have given.
const (
	// FaultStatus answers with Status: a signed JSON error when Code is set
	// (500 SYSTEM_ERROR when nothing is), the raw unsigned Body when it is set
	// (text/html unless ContentType says otherwise), otherwise nothing.
	FaultStatus FaultKind = "status"
	// FaultAccepted answers 202, signed: accepted, not done, ask again.
	FaultAccepted FaultKind = "accepted"
	// FaultNoContent answers 204, signed.
	FaultNoContent FaultKind = "no-content"
	// FaultHang never answers: it ends when the client goes or the server closes.
	FaultHang FaultKind = "hang"
	// FaultDelay waits for Delay before the work, or after it, and then
	// answers as usual.
	FaultDelay FaultKind = "delay"
	// FaultCutConnection resets the connection without an answer.
	FaultCutConnection FaultKind = "cut-connection"
	// FaultBadSignature signs something else.
	FaultBadSignature FaultKind = "bad-signature"
	// FaultMissingSignature leaves Wechatpay-Signature out.
	FaultMissingSignature FaultKind = "missing-signature"
	// FaultOldTimestamp signs at a time ten minutes ago.
	FaultOldTimestamp FaultKind = "old-timestamp"
	// FaultFutureTimestamp signs at a time ten minutes ahead.
	FaultFutureTimestamp FaultKind = "future-timestamp"
	// FaultProbeSignature is WeChat Pay's own test of those who do not verify:
	// a signature that begins with WECHATPAY/SIGNTEST/.
	FaultProbeSignature FaultKind = "probe-signature"
	// FaultWrongSerial names a key that nobody has.
	FaultWrongSerial FaultKind = "wrong-serial"
	// FaultTruncated announces the whole body, sends half and cuts.
	FaultTruncated FaultKind = "truncated"
	// FaultHugeBody pads the answer with spaces to 2 MiB, rightly signed.
	FaultHugeBody FaultKind = "huge-body"
	// FaultMalformedJSON answers 200 with half a JSON text, or Body, rightly signed.
	FaultMalformedJSON FaultKind = "malformed-json"
	// FaultOtherShape answers 200 with JSON of another shape, or Body, rightly signed.
	FaultOtherShape FaultKind = "other-shape"
	// FaultSlowDrip sends the body a byte at a time, Delay apart (20 ms when
	// zero), until it ends or the client gives up.
	FaultSlowDrip FaultKind = "slow-drip"
	// FaultRedirect answers Status (307 when zero) with Location.
	FaultRedirect FaultKind = "redirect"
	// FaultOtherCard answers with another card's code and openid, or another
	// template's id, rightly signed.
	FaultOtherCard FaultKind = "other-card"
)

func faultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultAccepted, FaultNoContent, FaultHang, FaultDelay, FaultCutConnection,
		FaultBadSignature, FaultMissingSignature, FaultOldTimestamp, FaultFutureTimestamp, FaultProbeSignature,
		FaultWrongSerial, FaultTruncated, FaultHugeBody, FaultMalformedJSON, FaultOtherShape, FaultSlowDrip,
		FaultRedirect, FaultOtherCard,
	}
}

// Fault makes requests that pass authorization and rate go wrong. Of several,
// the first injected that matches and is not used up hits.
type Fault struct {
	// Operation and UserCardCode say which requests match; empty: any.
	Operation    Operation
	UserCardCode string
	// Skip is how many matching requests pass first.
	Skip int
	// Count is how many matching requests are hit; 0 is one, negative for ever.
	Count int
	// Probability, when not zero, hits a matching request by chance only, drawn
	// from Seed: the same seed gives the same draws.
	Probability float64
	Seed        uint64
	// AfterWork does the work first, and then fails: the caller does not learn of it.
	AfterWork bool
	// Kind is FaultStatus when empty.
	Kind FaultKind

	// Status, Code, Message and Detail are the error's.
	Status  int
	Code    string
	Message string
	Detail  map[string]any
	// Header is added to the answer's, over what is there: Retry-After for instance.
	Header http.Header
	// Body and ContentType are a raw answer.
	Body        []byte
	ContentType string
	// Delay is waited, in real time, before the fault acts, whatever its kind.
	Delay time.Duration
	// Location is where a redirect leads.
	Location string
}

func (f Fault) validate() error {
	if !slices.Contains(faultKinds(), f.Kind) {
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
	if f.Skip < 0 || f.Delay < 0 {
		return fmt.Errorf("a negative skip or delay")
	}
	return nil
}

// faults are those in force, in the order in which they were injected.
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

// Inject puts a fault in force. It panics for one that makes no sense: that is
// a mistake in a test.
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
	//nolint:gosec // chance that can be repeated is the point.
	s.faults.list = append(s.faults.list, &activeFault{Fault: f, chance: rand.New(rand.NewPCG(f.Seed, 0))})
	return nil
}

// ClearFaults ends all faults; requests already hit stay so.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// pick is the fault that hits a request; nil for none.
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
