// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/xuri/excelize/v2"
)

// What a roster may cost.

func TestWorkbooksAreBounded(t *testing.T) {
	t.Parallel()

	const begin = `<worksheet><sheetData><row><c t="str"><v>user_card_code</v></c></row>`
	const end = `</sheetData></worksheet>`
	enough := limits{bytes: 1 << 20, elements: 10_000}
	for name, test := range map[string]struct {
		sheet  string
		within limits
		says   string
	}{
		"within":                    {begin + strings.Repeat(`<row><c/></row>`, 100) + end, enough, ""},
		"bytes":                     {begin + strings.Repeat(" ", 2<<20) + end, enough, "too large"},
		"elements":                  {begin + "<row>" + strings.Repeat("<c/>", 10_000) + "</row>" + end, enough, "too large"},
		"elements that are skipped": {begin + "<row><x>" + strings.Repeat("<c/>", 10_000) + "</x></row>" + end, enough, "too large"},
		"attributes of an element":  {begin + "<row " + strings.Repeat(`a="" `, 300_000) + ">" + "</row>" + end, limits{bytes: 8 << 20, elements: 10_000}, "too large"},
		"depth":                     {begin + strings.Repeat("<x>", 200), enough, "too large"},
		"rows that Excel has not":   {begin + `<row r="1048577"><c t="str"><v>a</v></c></row>` + end, enough, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDecoder(nil)
			sheet, fault := openWorkbook(rawWorkbook(t, test.sheet), test.within)
			if fault != "" {
				t.Fatal(fault)
			}
			members, err := d.decode(sheet)
			if test.says == "" {
				if err != nil || len(members) > 0 {
					t.Errorf("%v, %v", members, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v; want %q", err, test.says)
			}
		})
	}
	if _, fault := openWorkbook(rawWorkbook(t, begin+end), limits{bytes: 100, elements: 100}); !strings.Contains(fault, "the workbook is too large") {
		t.Errorf("a workbook whose other parts are too large: %q", fault)
	}
}

func TestRowsAreBounded(t *testing.T) {
	t.Parallel()

	for rows, want := range map[int]string{5: "", 6: "line 7: the roster has more than 5 rows"} {
		var text, sheet strings.Builder
		text.WriteString("user_card_code\n")
		sheet.WriteString(`<worksheet><sheetData><row><c t="str"><v>user_card_code</v></c></row>`)
		for i := range rows {
			fmt.Fprintf(&text, "VIP-%d\n", i)
			fmt.Fprintf(&sheet, `<row><c t="str"><v>VIP-%d</v></c></row>`, i)
		}
		sheet.WriteString(`</sheetData></worksheet>`)
		fromWorkbook, fault := openWorkbook(rawWorkbook(t, sheet.String()), defaultLimits())
		if fault != "" {
			t.Fatal(fault)
		}
		for name, rowsOf := range map[string]table{
			"text": textTable(text.String(), newDecoder(nil).mapping.isKnown), "workbook": fromWorkbook,
		} {
			d := newDecoder(nil)
			d.maxRows = 5
			members, err := d.decode(rowsOf)
			switch {
			case want == "" && (err != nil || len(members) != rows):
				t.Errorf("%s of %d rows: %d members, %v", name, rows, len(members), err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%s of %d rows: %v; want %q", name, rows, err, want)
			}
		}
	}
}

// bigRoster is the argument of a function that decodes a roster of so many members with seven
// attributes each.
type bigRoster struct {
	decode  function.Function
	content string
}

func bigText(rows int) bigRoster {
	var text strings.Builder
	text.WriteString("\ufeff会员卡号,手机号,openid,会员等级,card_color,card_picture_url,附加信息\r\n")
	for i := range rows {
		fmt.Fprintf(&text, "VIP-%05d,+86 138-%04d-%04d,oUpF8uMuAJO_M2pxb1Q9z%07d,钻石会员,#63B359,https://wxpaylogo.qpic.cn/wxpaylogo/%d/0,\"第 %d 行, 备注\"\r\n", i, i/10000, i%10000, i, i, i)
	}
	return bigRoster{newDecodeRoster(), text.String()}
}

func bigWorkbook(t testing.TB, rows int) bigRoster {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	write := func(line int, cells ...any) {
		if err := w.SetRow("A"+strconv.Itoa(line), cells); err != nil {
			t.Fatal(err)
		}
	}
	write(1, "会员卡号", "手机号", "openid", "会员等级", "card_color", "card_picture_url", "附加信息")
	for i := range rows {
		write(i+2, fmt.Sprintf("VIP-%05d", i), int64(13800000000)+int64(i), fmt.Sprintf("oUpF8uMuAJO_M2pxb1Q9z%07d", i), "钻石会员", "#63B359", fmt.Sprintf("https://wxpaylogo.qpic.cn/wxpaylogo/%d/0", i), fmt.Sprintf("第 %d 行, 备注", i))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	content, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return bigRoster{newDecodeRosterFile(), base64.StdEncoding.EncodeToString(content.Bytes())}
}

// answer runs the function as the framework does, to the message that Terraform gets.
func (r bigRoster) answer(t testing.TB) {
	t.Helper()
	value, funcErr := run(t.Context(), r.decode, types.StringValue(r.content), types.MapValueMust(types.StringType, map[string]attr.Value{}))
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	converted, err := value.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tfprotov6.NewDynamicValue(value.Type(t.Context()).TerraformType(t.Context()), converted); err != nil {
		t.Fatal(err)
	}
}

// What a roster of 50,000 rows costs, garbage included: under the provider's own limit
// (GOMEMLIMIT) memory is at most 300 MB then. Not parallel, because it measures the process.
func TestARosterOfFiftyThousandRowsCostsLessThan300MB(t *testing.T) {
	if testing.Short() {
		t.Skip("decodes 100,000 members")
	}
	const rows = 50_000
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(200 << 20))
	for name, big := range map[string]bigRoster{"text": bigText(rows), "workbook": bigWorkbook(t, rows)} {
		peak := measurePeak(func() { big.answer(t) })
		if peak > 300_000_000 {
			t.Errorf("%s takes %d MB", name, peak/1_000_000)
		}
	}
}

// measurePeak returns the most memory that the process held while work ran, over what it held
// before.
func measurePeak(work func()) uint64 {
	held := func() uint64 {
		samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		metrics.Read(samples)
		return samples[0].Value.Uint64() - samples[1].Value.Uint64()
	}
	runtime.GC()
	debug.FreeOSMemory()
	before, peak := held(), uint64(0)
	done := make(chan struct{})
	var sampler sync.WaitGroup
	sampler.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				peak = max(peak, held())
			}
		}
	})
	work()
	close(done)
	sampler.Wait()
	return max(peak, held()) - before
}

// BenchmarkDecodeRoster measures rosters from the function's argument to the message that
// Terraform gets.
func BenchmarkDecodeRoster(b *testing.B) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(200 << 20)) // the provider's own
	for _, rows := range []int{5_000, 50_000} {
		for name, big := range map[string]func() bigRoster{
			"text": func() bigRoster { return bigText(rows) }, "xlsx": func() bigRoster { return bigWorkbook(b, rows) },
		} {
			b.Run(fmt.Sprintf("%s/rows=%d", name, rows), func(b *testing.B) {
				roster := big()
				peak := measurePeak(func() { roster.answer(b) })
				for b.Loop() {
					roster.answer(b)
				}
				b.ReportMetric(float64(peak)/1_000_000, "peak-MB")
			})
		}
	}
}
