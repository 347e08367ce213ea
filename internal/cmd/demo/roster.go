// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
)

// member is one line of the roster.
type member struct{ code, phone, openID, level, store string }

var header = []string{"会员卡号", "手机号", "openid", "会员等级", "门店"}

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
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		return nil, fmt.Errorf("%s does not begin with %s", file, strings.Join(header, ","))
	}
	var roster []member
	for _, row := range rows[1:] {
		roster = append(roster, member{code: row[0], phone: row[1], openID: row[2], level: row[3], store: row[4]})
	}
	return roster, nil
}
