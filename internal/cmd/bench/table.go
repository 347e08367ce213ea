// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
)

// table prints rows as they are found, since a run takes minutes.
type table struct{ output io.Writer }

func newTable(output io.Writer, title string, columns ...string) table {
	fmt.Fprintf(output, "\n%s\n\n", title)
	t := table{output}
	t.row(columns[0], columns[1:]...)
	return t
}

func (t table) row(name string, values ...string) {
	fmt.Fprintf(t.output, "%-24s", name)
	for _, value := range values {
		fmt.Fprintf(t.output, "%20s", value)
	}
	fmt.Fprintln(t.output)
}

func (t table) note(text string) { fmt.Fprintf(t.output, "\n%s\n", text) }

func inSeconds(c cost) string {
	return fmt.Sprintf("%.2f / %.2f s", c.wall.Seconds(), c.processor.Seconds())
}

func inMegabytes(c cost) string { return fmt.Sprintf("%d MB", c.memory/1_000_000) }

func inMilliseconds(c cost) string {
	return fmt.Sprintf("%.1f / %.1f ms", c.wall.Seconds()*1000, c.processor.Seconds()*1000)
}

func times(a, b cost) string {
	if b.wall <= 0 || b.processor <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f / %.2f", a.wall.Seconds()/b.wall.Seconds(), a.processor.Seconds()/b.processor.Seconds())
}
