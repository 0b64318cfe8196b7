package service

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// cookie holds the token in browsers.
const cookie = "nianbao"

// policy lets pages load what is the service's own, and pictures that a script made of its answers.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guarded lets in who asks under a name of this machine, comes from no other site and has the token.
func (s *Service) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w) // recorders of tests have no deadlines
		_ = control.SetWriteDeadline(time.Time{})
		if r.ContentLength != 0 { // who reads the body sets its own; else it is read away when all is said
			_ = control.SetReadDeadline(time.Now().Add(s.Limits.Grace))
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // without any, browsers hide the origin of the form that takes the token
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !s.ours(r.Host) {
			s.refuse(w, problem(http.StatusMisdirectedRequest, "host", "this service is not known under the name "+strings.ToValidUTF8(r.Host, "")+": use its address, or have the name allowed (--host)"))
			return
		}
		if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host && o != "https://"+r.Host {
			s.refuse(w, problem(http.StatusForbidden, "origin", "a page of another site may not ask: call the service from a program of your own"))
			return
		}
		if s.Token != "" && !s.free(r) && !s.shows(w, r) {
			return
		}
		next.ServeHTTP(&sender{ResponseWriter: w}, r)
	})
}

// free says that a request needs no token: those of who watches whether the service is well, the files of the page,
// and the form that takes the token.
func (s *Service) free(r *http.Request) bool {
	p := r.URL.Path
	return p == "/healthz" || p == "/readyz" || p == "/enter" || strings.HasPrefix(p, "/page/") || strings.HasPrefix(p, "/shared/")
}

// shows says that a request has the token: in its header, in a cookie, or in the address, from where it goes into a
// cookie, so that it is not seen and kept. Where it has none, it was answered.
func (s *Service) shows(w http.ResponseWriter, r *http.Request) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && s.is(bearer) {
		return true
	}
	if c, err := r.Cookie(cookie); err == nil && s.is(c.Value) {
		return true
	}
	if t := r.URL.Query().Get("token"); t != "" && r.Method == http.MethodGet && s.is(t) {
		rest := url.URL{Path: r.URL.Path}
		s.let(w, r, rest.RequestURI())
		return false
	}
	if r.Method == http.MethodGet && (r.URL.Path == "/" || r.URL.Path == "/desk/") {
		s.askToken(w)
		return false
	}
	s.refuse(w, problem(http.StatusUnauthorized, "token", "the token is missing or wrong: send it as Authorization: Bearer TOKEN; a browser opens the address with ?token=TOKEN once"))
	return false
}

func (s *Service) is(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.Token)) == 1
}

// ours says that a host is a name of this machine. A page of another site that has its own name lead here (DNS
// rebinding) shows that name; an address in figures it cannot show.
func (s *Service) ours(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if ip := net.ParseIP(strings.Trim(name, "[]")); ip != nil {
		return s.Open || ip.IsLoopback()
	}
	return name == "localhost" || slices.Contains(s.Hosts, name)
}
