// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package image_test

import (
	"fmt"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// Bytes that are not known while planning and turn out to be the same are not uploaded again. A
// replacement that somebody asks for uploads them again.
func TestAccSameBytesAreUploadedOnce(t *testing.T) {
	t.Parallel()
	s, w := acctest.Workspace(t, mockserver.Options{})
	if err := w.WriteFile("card.png", string(pngBytes(t, 716, 320, 1))); err != nil {
		t.Fatal(err)
	}
	apply := func(version, uploads int, args ...string) {
		t.Helper()
		config := fmt.Sprintf(`%s
resource "terraform_data" "picture" {
  input            = filebase64("card.png")
  triggers_replace = %d
}

resource "wechatpay_image" "card" {
  content_base64 = terraform_data.picture.output
}
`, s.CLI.Address().RequiredProviders(), version)
		if err := w.WriteFile("main.tf", config); err != nil {
			t.Fatal(err)
		}
		if version == 1 && len(args) == 0 {
			if _, err := w.Init(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if result, err := w.Apply(t.Context(), args...); err != nil {
			t.Fatalf("%v\n%s", err, result.Stderr)
		}
		if n := len(s.Mock.Pictures()); n != uploads {
			t.Errorf("version %d, %v: WeChat Pay has %d pictures, want %d", version, args, n, uploads)
		}
	}
	apply(1, 1)
	apply(2, 1)
	apply(2, 2, "-replace=wechatpay_image.card")
}
