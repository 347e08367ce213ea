// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestDecodeRosterHandsOutMembersByCode(t *testing.T) {
	t.Parallel()

	got, err := run(t.Context(), newDecodeRoster(),
		types.StringValue("编号,phone_number,level\nVIP-1,+86 138 0013 8000,钻石会员\nVIP-2,,\n"), numberColumn())
	if err != nil {
		t.Fatal(err)
	}
	object := func(code, phone, level types.String, line int64) attr.Value {
		null := types.StringNull()
		return types.ObjectValueMust(memberType().AttrTypes, map[string]attr.Value{
			"user_card_code": code, "phone_number": phone, "openid": null, "level": level, "card_color": null,
			"card_picture_url": null, "pickup_time": null, "attach": null, "line": types.Int64Value(line),
		})
	}
	want := types.MapValueMust(memberType(), map[string]attr.Value{
		"VIP-1": object(types.StringValue("VIP-1"), types.StringValue("13800138000"), types.StringValue("钻石会员"), 2),
		"VIP-2": object(types.StringValue("VIP-2"), types.StringNull(), types.StringNull(), 3),
	})
	requireSameValue(t, got, want)
}

// requireSameValue compares what Terraform gets.
func requireSameValue(t *testing.T, got, want attr.Value) {
	t.Helper()
	gotValue, err := got.ToTerraformValue(t.Context())
	requireNil(t, err)
	wantValue, err := want.ToTerraformValue(t.Context())
	requireNil(t, err)
	if !gotValue.Equal(wantValue) {
		t.Errorf("got %s\nwant %s", gotValue, wantValue)
	}
}

func TestErrorsNameTheArgumentAtFault(t *testing.T) {
	t.Parallel()

	none := types.MapValueMust(types.StringType, nil)
	for _, test := range []struct {
		name      string
		function  function.Function
		arguments []attr.Value
		argument  int64
		says      string
	}{
		{"text", newDecodeRoster(), []attr.Value{types.StringValue("user_card_code,level\n,x"), none}, 0, "line 2: user_card_code is empty"},
		{"columns", newDecodeRoster(), []attr.Value{types.StringValue("user_card_code"), numberColumn()}, 1, `no column "编号"`},
		{"no attribute in columns", newDecodeRoster(), []attr.Value{types.StringValue("user_card_code,姓名"), types.MapValueMust(types.StringType, map[string]attr.Value{"姓名": types.StringValue("name")})}, 1, "is not an attribute"},
		{"no base64", newDecodeRosterFile(), []attr.Value{types.StringValue("user_card_code\nVIP-1"), none}, 0, "line 1: the argument is not base64"},
		{"a file", newDecodeRosterFile(), []attr.Value{types.StringValue(base64.StdEncoding.EncodeToString([]byte("%PDF-1.7"))), none}, 0, "line 1: the file is a PDF"},
		{"columns of a file", newDecodeRosterFile(), []attr.Value{types.StringValue(base64.StdEncoding.EncodeToString([]byte("user_card_code\n"))), numberColumn()}, 1, `no column "编号"`},
		{"text and columns", newDecodeRoster(), []attr.Value{types.StringValue("user_card_code,level\n,x"), numberColumn()}, 0, `no column "编号"`},
		{"phone number", newNormalizePhone(), []attr.Value{types.StringValue("13800138000/13800138001")}, 0, "the phone number 138****8001 contains something other than digits"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t.Context(), test.function, test.arguments...)
			if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != test.argument || !strings.Contains(err.Text, test.says) {
				t.Errorf("error is %+v; want %q at argument %d", err, test.says, test.argument)
			}
		})
	}
}

// Null says what "" says: the column is not needed.
func TestColumnsMayBeNull(t *testing.T) {
	t.Parallel()

	columns := types.MapValueMust(types.StringType, map[string]attr.Value{"姓名": types.StringNull(), "部门": types.StringValue("")})
	got, err := run(t.Context(), newDecodeRoster(), types.StringValue("user_card_code,姓名,部门\nVIP-1,张三,销售\n"), columns)
	if err != nil || len(got.(memberMap)) != 1 || got.(memberMap)[0] != (member{userCardCode: "VIP-1", line: 2}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDecodeRosterWaitsForColumnsThatAreUnknown(t *testing.T) {
	t.Parallel()

	got, err := run(t.Context(), newDecodeRoster(), types.StringValue("卡号\nVIP-1"),
		types.MapValueMust(types.StringType, map[string]attr.Value{"卡号": types.StringUnknown()}))
	if err != nil || !got.IsUnknown() {
		t.Errorf("got %v, %v; want an unknown map", got, err)
	}
}

func TestPhoneFunctions(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		function function.Function
		in, want types.String
	}{
		{newNormalizePhone(), types.StringValue("+86 138-0013-8000"), types.StringValue("13800138000")},
		{newNormalizePhone(), types.StringValue("00852 9123 4567"), types.StringValue("+85291234567")},
		{newMaskPhone(), types.StringValue("13800138000"), types.StringValue("138****8000")},
		{newMaskPhone(), types.StringValue("张三"), types.StringValue("****")},
		{newMaskPhone(), types.StringValue(""), types.StringValue("")},
		{newMaskPhone(), types.StringNull(), types.StringNull()},
	} {
		got, err := run(t.Context(), test.function, test.in)
		if err != nil || !got.Equal(test.want) {
			t.Errorf("%T(%s) = %v, %v; want %s", test.function, test.in, got, err, test.want)
		}
	}
}

// A panic is an error of the function that says nothing of the arguments.
func TestAPanicIsAnError(t *testing.T) {
	t.Parallel()

	_, err := run(t.Context(), recovering{panicking{}}, types.StringValue("13800138000"))
	if err == nil || !strings.Contains(err.Text, "the provider has a bug: mask_phone stopped in the middle") || strings.Contains(err.Text, "13800138000") {
		t.Errorf("error is %+v", err)
	}
	for _, newFunction := range Functions() {
		if _, isRecovering := newFunction().(recovering); !isRecovering {
			t.Errorf("%T does not recover from a panic", newFunction())
		}
	}
}

type panicking struct{ maskPhone }

func (panicking) Run(_ context.Context, req function.RunRequest, _ *function.RunResponse) {
	panic(fmt.Sprint(req.Arguments))
}

// run calls f as the framework does.
func run(ctx context.Context, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	var definition function.DefinitionResponse
	f.Definition(ctx, function.DefinitionRequest{}, &definition)
	result, err := definition.Definition.Return.NewResultData(ctx)
	if err != nil {
		return nil, err
	}
	response := function.RunResponse{Result: result}
	f.Run(ctx, function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &response)
	return response.Result.Value(), response.Error
}

// numberColumn is an argument columns for a header that means nothing by itself.
func numberColumn() types.Map {
	return types.MapValueMust(types.StringType, map[string]attr.Value{"编号": types.StringValue(userCardCode)})
}
