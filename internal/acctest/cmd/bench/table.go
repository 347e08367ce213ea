// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"time"
)

// table prints rows as they are found, since a run takes minutes.
type table struct{ output io.Writer }

func newTable(output io.Writer, title string, columns ...string) table {
	fmt.Fprintf(output, "\n%s\n\n", title)
	t := table{output}
	t.row(columns[0], columns[1:]...)
	return t
}

func (t table) row(name string, cells ...string) {
	fmt.Fprintf(t.output, "%-24s", name)
	for _, cell := range cells {
		fmt.Fprintf(t.output, "%18s", cell)
	}
	fmt.Fprintln(t.output)
}

func (t table) note(text string) { fmt.Fprintf(t.output, "\n%s\n", text) }

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func times(a, b time.Duration) string {
	if b <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds())
}
