package html

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"github.com/nianbao/nianbao/layout/diag"
)

// maxParts bounds the parts of a web archive, maxNesting archives inside archives.
const (
	maxParts   = 10_000
	maxNesting = 4
)

// IsArchive says whether data is a web archive (MHT): a mail message that holds a page.
func IsArchive(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 4096)])
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if i := bytes.IndexByte(head, ':'); i <= 0 || bytes.ContainsAny(head[:i], " \t\r\n<>{}\x00") {
		return false
	}
	return bytes.Contains(head, []byte("mime-version:")) && bytes.Contains(head, []byte("content-type:")) &&
		(bytes.Contains(head, []byte("multipart/")) || bytes.Contains(head, []byte("text/html")))
}

// archive is what a web archive holds: its first page, and the rest by address and by Content-ID.
type archive struct {
	html      []byte
	charset   string
	resources map[string][]byte
	parts     int
}

func unpack(data []byte) (*archive, error) {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	r := bufio.NewReader(bytes.NewReader(data))
	head, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: head of a web archive (%w)", diag.ErrDamaged, err)
	}
	a := &archive{resources: map[string][]byte{}}
	if err := a.add(head, r, 0); err != nil {
		return nil, err
	}
	if a.html == nil {
		return nil, fmt.Errorf("%w: a web archive without a page", diag.ErrDamaged)
	}
	return a, nil
}

func (a *archive) add(head textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil && kind == "" {
		kind = "application/octet-stream"
	}
	if a.parts++; a.parts > maxParts || depth > maxNesting {
		return fmt.Errorf("%w: too many parts in a web archive", diag.ErrTooLarge)
	}
	if strings.HasPrefix(kind, "multipart/") {
		mr := multipart.NewReader(body, params["boundary"])
		for {
			p, err := mr.NextRawPart()
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err != nil && a.html != nil {
				return nil // an archive whose end is cut still has its page
			}
			if err != nil {
				return fmt.Errorf("%w: a web archive (%w)", diag.ErrDamaged, err)
			}
			if err := a.add(p.Header, p, depth+1); err != nil {
				return err
			}
		}
	}
	var raw []byte
	switch strings.ToLower(strings.TrimSpace(head.Get("Content-Transfer-Encoding"))) {
	case "base64":
		raw, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, body))
	case "quoted-printable":
		raw, err = io.ReadAll(quotedprintable.NewReader(body))
	default:
		raw, err = io.ReadAll(body)
	}
	if err != nil && kind == "text/html" && a.html == nil {
		return fmt.Errorf("%w: page of a web archive (%w)", diag.ErrDamaged, err)
	}
	if kind == "text/html" && a.html == nil {
		a.html, a.charset = raw, params["charset"]
		if a.html == nil {
			a.html = []byte{}
		}
		return nil
	}
	if at := head.Get("Content-Location"); at != "" {
		a.resources[at] = raw
		if i := strings.LastIndexAny(at, `/\`); i >= 0 {
			if name := at[i+1:]; a.resources[name] == nil {
				a.resources[name] = raw
			}
		}
	}
	if id := strings.Trim(head.Get("Content-Id"), "<> "); id != "" {
		a.resources[id] = raw
	}
	return nil
}
