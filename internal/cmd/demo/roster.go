// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
)

// member is one line of the roster.
type member struct{ code, phone, level string }

// readRoster reads the example's CSV by itself: what arrived at WeChat Pay is not to be
// compared with what the provider made of the file.
func readRoster(file string) ([]member, error) {
	f, err := os.Open(file) //nolint:gosec // the example's own file
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"user_card_code", "phone_number", "level"}) {
		return nil, fmt.Errorf("%s does not begin with user_card_code,phone_number,level", file)
	}
	var roster []member
	for _, row := range rows[1:] {
		roster = append(roster, member{code: row[0], phone: row[1], level: row[2]})
	}
	return roster, nil
}
