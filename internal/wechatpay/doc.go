// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package wechatpay is the API side of the provider: it signs, encrypts, sends,
// verifies and parses WeChat Pay's brand member card calls, retries what may be
// retried, keeps to the documented rate, and returns typed values and typed errors.
//
// It knows nothing of Terraform: no type of a plugin library occurs here.
// Facts of the API come from the official pages that each call names.
//
// # The SDK
//
// The official wechatpay-go signs, encrypts and verifies. The rest of it was tried and is not
// relied on:
//
//   - Its options take no validator of one's own, and its error says nothing of the reason. The
//     client is made by core.NewClientWithDialSettings, with a validator that has one typed error
//     for each reason.
//   - It fills the exported fields of its error from the error's body, which nobody signed, so a
//     body with "statusCode" or "Header" rewrites what the caller sees. Status and headers are
//     taken from HTTP, and the headers are cloned before the SDK sees them. The error's text
//     prints detail.value: it reaches nobody.
//   - It follows redirects with the signed body, reads bodies without end, and sets Accept and
//     User-Agent itself. RoundTripper and CheckRedirect of this package put that right.
//   - A signed 204 fails to parse, and an error while the body is read hides context.Canceled. An
//     attempt is classified by what the RoundTripper saw (classify.go), not by the SDK's error.
//   - EncryptRequest encrypts in place, so that a second try would encrypt the ciphertext.
//     Requests are encrypted once, into structures of their own (wire.go).
//   - WithWechatPayAutoAuthCipher calls the network when it is made and starts a goroutine that
//     nobody ends. Users give platform certificates instead.
//   - LoadPrivateKey takes PKCS#8 only, and a nil public key panics. keys.go reads keys, and says
//     what is wrong with one.
package wechatpay
