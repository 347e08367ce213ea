// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

func (s *Server) adminPutTemplate(r *http.Request) (any, error) {
	var t Template
	if err := readStrict(r.Body, &t); err != nil {
		return nil, err
	}
	return nil, s.setTemplate(t)
}

func (s *Server) adminGetTemplate(r *http.Request) (any, error) {
	t, ok := s.Template(r.PathValue("card"))
	if !ok {
		return nil, errNoTemplate
	}
	return t, nil
}

// adminChangeTemplate changes the members that are sent, and no other.
func (s *Server) adminChangeTemplate(r *http.Request) (any, error) {
	if _, err := s.adminGetTemplate(r); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var changeErr error
	err = s.ChangeTemplate(r.PathValue("card"), func(t *Template) {
		changed := t.clone()
		if changeErr = readStrict(bytes.NewReader(body), &changed); changeErr == nil {
			*t = changed
		}
	})
	if err := errors.Join(changeErr, err); err != nil {
		return nil, err
	}
	return s.adminGetTemplate(r)
}

func (s *Server) adminDeleteTemplate(r *http.Request) (any, error) {
	if !s.DeleteTemplate(r.PathValue("card")) {
		return nil, errNoTemplate
	}
	return nil, nil
}

func (s *Server) adminSetTemplateState(r *http.Request) (any, error) {
	if _, err := s.adminGetTemplate(r); err != nil {
		return nil, err
	}
	var sent struct {
		State string `json:"state"`
	}
	if err := readStrict(r.Body, &sent); err != nil {
		return nil, err
	}
	if err := s.SetTemplateState(r.PathValue("card"), sent.State); err != nil {
		return nil, err
	}
	return s.adminGetTemplate(r)
}
