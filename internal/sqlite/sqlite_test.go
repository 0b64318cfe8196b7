package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/internal/sqlite"
)

// TestOpen: a file is found by whatever name it has, and options reach the driver.
func TestOpen(t *testing.T) {
	for _, name := range []string{"a.db", "a b.db", "100%.db", "第#1?.db"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name)
			db, err := sqlite.Open(file, "_pragma=busy_timeout(1234)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE t (x INTEGER)"); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
			var wait int
			if err := db.QueryRow("PRAGMA busy_timeout").Scan(&wait); err != nil || wait != 1234 {
				t.Errorf("the option is %d, %v", wait, err)
			}
			only, err := sqlite.Open(file, "mode=ro")
			if err != nil {
				t.Fatal(err)
			}
			defer only.Close()
			if _, err := only.Exec("INSERT INTO t VALUES (1)"); err == nil {
				t.Error("what is opened to be read is written")
			}
		})
	}
}
