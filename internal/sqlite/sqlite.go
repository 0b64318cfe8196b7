// Package sqlite opens databases in files: ledgers, exports, the jobs of a service.
package sqlite

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver, in pure Go
)

// Open opens or makes the database of a file. options are what the driver takes behind its address, such as
// "_pragma=synchronous(OFF)&mode=ro". There is one connection: SQLite lets one write at a time.
func Open(name, options string) (*sql.DB, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	at := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/"), RawQuery: options} // of C:\ on Windows, too
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
