// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"strings"
)

// adminPage is what GET of the administration's address answers: what this is,
// and everything that it can do, as text for curl and for browsers.
func (s *Server) adminPage() string {
	var b strings.Builder
	fmt.Fprintf(&b, `This is a mock of WeChat Pay's member card API. It is not WeChat Pay: nothing here is real.

It serves %s for the service provider %s,
and %s for the brand %s itself.
What it answers is signed and encrypted, and what it is sent must be.
This administration is not: it shows everything decrypted, to this machine only.

Card templates to import members under:

`, s.URL()+s.modes.serviceProvider.prefix, s.credentials.MchID, s.URL()+s.modes.brand.prefix, s.options.BrandID)
	for _, t := range s.Templates() {
		fmt.Fprintf(&b, "  %-32s brand %s, %s, %s\n", t.CardID, t.BrandID, t.ValidDate.Type, t.State)
	}
	b.WriteString(startFlags)
	fmt.Fprintf(&b, "\nCalls, all under %s, with JSON bodies:\n\n", s.AdminURL())
	for _, call := range s.adminCalls() {
		method, path, _ := strings.Cut(call.pattern, " ")
		fmt.Fprintf(&b, "  %-6s %-34s %s\n", method, strings.TrimPrefix(path, "/"), call.does)
		if call.example != "" {
			fmt.Fprintf(&b, "  %41s %s\n", "", call.example)
		}
	}
	fmt.Fprintf(&b, `
In {brand}, {card} and {code} go brand_id, card_id and user_card_code, a slash as %%2F.

Faults: POST faults takes kind and

  operation       only this call: %s
  user_card_code  only requests for this card
  skip, count     let so many pass first, then hit so many (1 by default, -1: all)
  probability     hit by chance, from 0 to 1; the same seed hits the same requests
  after_work      do what was asked first, so that only the answer is lost
  delay           wait first, as in "1.5s"
  status, code, message, detail, signing (wrong, none), header, body, content_type, fields, location

Kinds of faults:

`, strings.Join(operationNames(), ", "))
	for _, meaning := range faultMeanings() {
		fmt.Fprintf(&b, "  %-21s %s\n", meaning.kind, meaning.does)
	}
	fmt.Fprintf(&b, `
For example, lose the answer of the next import after the card was made:

  curl -d '{"kind": "cut-connection", "operation": "import-by-phone", "after_work": true}' %sfaults
`, s.AdminURL())
	return b.String()
}

// startFlags lists the flags of wechatpay-mock: what cannot be changed while it runs.
const startFlags = `
Flags of wechatpay-mock, for what is chosen when it starts (-h says more):

  -data FILE            begin with the card templates, cards and phone numbers without WeChat of a JSON file
  -no-import-by-phone   answer that import by phone number is not open
  -no-permission        answer that the merchant has no permission for member cards
  -mode brand           print the environment of a brand that calls for itself
  -brand ID             another brand
  -rate 5               refuse a sixth request within a second
  -log                  print a line for each request
  -addr, -keys, -env-file   where it listens, and where keys and environment are written
`

func operationNames() []string {
	var names []string
	for _, operation := range operations() {
		names = append(names, string(operation))
	}
	return names
}
