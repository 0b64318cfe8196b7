package service

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/nianbao/nianbao/internal/web/desk"
)

//go:embed assets
var assets embed.FS

// front registers the page for people. Its files say nothing of any document: they need no token.
func (s *Service) front() error {
	own, err := fs.Sub(assets, "assets")
	if err != nil {
		return err
	}
	index, err := fs.ReadFile(own, "index.html")
	if err != nil {
		return err
	}
	s.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { respond(w, typeHTML, index) })
	s.mux.Handle("GET /page/", http.StripPrefix("/page/", only(http.FileServerFS(own))))
	s.mux.Handle("GET /shared/", http.StripPrefix("/shared/", only(http.FileServerFS(desk.Assets()))))
	s.mux.HandleFunc("POST /enter", s.enter)
	if s.Desk != nil {
		s.mux.Handle("/desk/", http.StripPrefix("/desk", s.Desk))
	}
	return nil
}

// only serves files that have a name, and lists no folders.
func only(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || strings.HasSuffix(r.URL.Path, "/") || strings.HasSuffix(r.URL.Path, ".html") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
}

// longestForm is how large the form with the token may be, in bytes.
const longestForm = 4 << 10

// enter takes the token that somebody typed into the form.
func (s *Service) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if s.Token != "" && !s.is(r.PostFormValue("token")) {
		s.askToken(w)
		return
	}
	s.let(w, r, "/")
}

// let puts the token into a cookie, and leads on.
func (s *Service) let(w http.ResponseWriter, r *http.Request, to string) {
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: s.Token, Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// askToken answers a browser that has no token with a form for it.
func (s *Service) askToken(w http.ResponseWriter) {
	form, err := assets.ReadFile("assets/enter.html")
	if err != nil {
		panic(err) // it is embedded
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = bytes.NewReader(form).WriteTo(w) // nobody listens any more
}
