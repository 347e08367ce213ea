// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// comparison counts the members about which roster, states and WeChat Pay disagree.
type comparison struct {
	// lost: without a card at WeChat Pay, or without a place in the state.
	lost int
	// duplicated: imported more than once, or more than once in the states.
	duplicated int
	// different: something that the state says is not what WeChat Pay holds.
	different int
	// unverified: in the state without an openid.
	unverified int
	// forgotten: those of them of whom Terraform was told before it was killed.
	forgotten int
}

func (s *soak) compare(ctx context.Context) (*comparison, error) {
	cards := map[string][]mockserver.Card{}
	for _, card := range s.sandbox.Mock.Cards() {
		cards[card.UserCardCode] = append(cards[card.UserCardCode], card)
	}
	imported := map[string]int{}
	for _, r := range s.sandbox.Mock.Requests() {
		if (r.Operation == mockserver.OperationImportByPhone || r.Operation == mockserver.OperationImportByOpenID) && r.WorkDone {
			imported[r.UserCardCode]++
		}
	}
	c := &comparison{}
	members := 0
	for _, m := range s.modules {
		instances, err := m.instances(ctx)
		if err != nil {
			return nil, err
		}
		for _, wanted := range m.roster {
			members++
			c.add(wanted, instances[wanted.code], cards[wanted.code], imported[wanted.code], m.told[wanted.code])
			delete(instances, wanted.code)
		}
		c.duplicated += len(instances)
	}
	c.duplicated += max(0, len(s.sandbox.Mock.Cards())-members)
	return c, nil
}

func (c *comparison) add(wanted *member, instances []instance, cards []mockserver.Card, imported int, told bool) {
	if len(instances) == 0 || len(cards) == 0 {
		c.lost++
		return
	}
	if len(instances) > 1 || len(cards) > 1 || imported > 1 {
		c.duplicated++
	}
	i, card := instances[0], cards[0]
	switch {
	case card.PhoneNumber != wanted.PhoneNumber || i.phone != wanted.PhoneNumber:
		c.different++
	case i.openID == "":
		c.unverified++
		if told {
			c.forgotten++
		}
		if !i.adopted {
			c.different++
		}
	case i.openID != card.OpenID || i.level != card.Level || i.attach != card.Attach || card.Attach != wanted.Attach || i.cardState != card.State:
		c.different++
	}
}

// search looks for secrets and phone numbers in everything that Terraform prints and logs.
type search struct {
	key []string

	mu       sync.Mutex
	searched int64
	phones   int
	// long are the beginnings of long runs of base64, as ciphertexts and signatures are.
	long map[string]int
	// sent are the beginnings of what must not be among them.
	sent map[string]bool
}

const beginning = 48

var (
	// phonePattern is any of the roster's phone numbers.
	phonePattern  = regexp.MustCompile(`138[ -]?00(?:1[4-9]|2[0-2])[ -]?[0-9]{4}`)
	base64Pattern = regexp.MustCompile(`[A-Za-z0-9+/]{60,}`)
)

func newSearch(privateKey string) *search {
	s := &search{long: map[string]int{}, sent: map[string]bool{}}
	for line := range strings.Lines(privateKey) {
		if line = strings.TrimSpace(line); len(line) > beginning && !strings.HasPrefix(line, "-----") {
			s.key = append(s.key, line[:beginning])
		}
	}
	return s
}

// add searches what a command printed and logged, and removes its log.
func (s *search) add(result *terraformcli.Result) error {
	log, err := os.ReadFile(result.TracePath)
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	for _, text := range [][]byte{[]byte(result.Stdout), []byte(result.Stderr), log} {
		s.text(text)
	}
	return os.Remove(result.TracePath)
}

func (s *search) text(text []byte) {
	phones := len(phonePattern.FindAllIndex(text, -1))
	runs := base64Pattern.FindAll(text, -1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.searched += int64(len(text))
	s.phones += phones
	for _, run := range runs {
		for i := 0; i+beginning <= len(run) && i < 16; i++ {
			s.long[string(run[i:i+beginning])]++
		}
	}
}

// ciphertexts takes in what the mock was sent.
func (s *search) ciphertexts(requests []mockserver.Request) {
	for _, r := range requests {
		for _, secret := range append(base64Pattern.FindAll(r.Body, -1), base64Pattern.FindAll([]byte(r.Header.Get("Authorization")), -1)...) {
			s.sent[string(secret[:beginning])] = true
		}
	}
	for _, line := range s.key {
		s.sent[line] = true
	}
}

// result counts what leaked. It first proves that the search would find it.
func (s *search) result() (leaked int, searched int64, _ error) {
	if len(s.sent) < 2 {
		return 0, 0, errors.New("no ciphertexts were recorded, so that none could be found")
	}
	proof := newSearch("")
	proof.sent = s.sent
	var planted bytes.Buffer
	_ = json.NewEncoder(&planted).Encode(map[string]any{"phone": fmt.Sprint(firstPhone + 1), "key": s.key[0] + strings.Repeat("A", 16)})
	proof.text(planted.Bytes())
	if found := proof.count(); found != 2 {
		return 0, 0, fmt.Errorf("of 2 secrets that were planted the search found %d", found)
	}
	return s.count(), s.searched, nil
}

func (s *search) count() int {
	n := s.phones
	for run, times := range s.long {
		if s.sent[run] {
			n += times
		}
	}
	return n
}
