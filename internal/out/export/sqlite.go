package export

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/internal/sqlite"
	"github.com/nianbao/nianbao/report"
)

// SQLite writes a new database of that name, which must not exist: cells (the long form), reports (the
// wide form), checks, reviews, warnings and series. Numbers are integers and doubles; value_text has
// them as printed.
func (s *Set) SQLite(name string) error {
	db, err := sqlite.Open(name, "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-32768)")
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err == nil {
		if err = s.fill(tx); err == nil {
			err = tx.Commit()
		}
	}
	return errors.Join(err, db.Close())
}

var (
	checkColumns = []column{
		{"report", "", textual}, {"issuer", "", textual}, {"year", "", integer}, {"rule", "", textual}, {"scope", "", textual},
		{"severity", "", textual}, {"status", "", textual}, {"relation", "", textual}, {"left", "", number}, {"right", "", number}, {"cells", "", textual},
	}
	reviewColumns = []column{
		{"report", "", textual}, {"issuer", "", textual}, {"year", "", integer}, {"path", "", textual}, {"reason", "", textual}, {"detail", "", textual},
	}
	warningColumns = []column{
		{"report", "", textual}, {"issuer", "", textual}, {"year", "", integer}, {"code", "", textual}, {"message", "", textual}, {"page", "", integer},
	}
	seriesColumns = []column{
		{"rule", "", textual}, {"severity", "", textual}, {"issuer", "", textual}, {"years", "", textual}, {"scope", "", textual},
		{"left", "", number}, {"right", "", number}, {"reports", "", textual}, {"equation", "", textual},
	}
)

func (s *Set) fill(tx *sql.Tx) error {
	tables := map[string]*insert{}
	for _, t := range []struct {
		name    string
		columns []column
	}{
		{"reports", s.wideColumns()}, {"cells", longColumns}, {"checks", checkColumns}, {"reviews", reviewColumns},
		{"warnings", warningColumns}, {"series", seriesColumns},
	} {
		i, err := newInsert(tx, t.name, t.columns)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		tables[t.name] = i
	}
	err := s.Each(func(name string, r *report.Report) error {
		if err := tables["reports"].row(s.wideRow(name, r)); err != nil {
			return err
		}
		for _, f := range s.Figures(name, r) {
			if err := tables["cells"].row(f.row()); err != nil {
				return err
			}
		}
		who := []any{name, r.Meta.Issuer, integerOf(r.Meta.Year)}
		for _, c := range r.Checks {
			cells, err := json.Marshal(c.Cells)
			if err != nil {
				return err
			}
			if err := tables["checks"].row(append(who[:3:3], c.Rule, c.Scope, c.Severity, string(c.Status), c.Relation, numberOf(c.Left), numberOf(c.Right), string(cells))); err != nil {
				return err
			}
		}
		for _, v := range r.Review {
			if err := tables["reviews"].row(append(who[:3:3], v.Path, string(v.Reason), v.Detail)); err != nil {
				return err
			}
		}
		for _, w := range r.Warnings {
			if err := tables["warnings"].row(append(who[:3:3], string(w.Code), w.Message, integerOf(w.Page))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range s.Series.Findings {
		if err := tables["series"].row([]any{
			f.Rule, f.Severity, f.Issuer, years(f.Years), f.Scope, numberOf(f.Left), numberOf(f.Right), strings.Join(f.Reports, "\n"), s.Explain(f),
		}); err != nil {
			return err
		}
	}
	for _, i := range tables {
		if err := i.close(); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`CREATE INDEX cells_path ON cells (path, year); CREATE INDEX cells_report ON cells (report);`)
	return err
}

func years(ys []int) string {
	var s []string
	for _, y := range ys {
		s = append(s, fmt.Sprint(y))
	}
	return strings.Join(s, "-")
}

func numberOf(n *report.Number) any {
	if n == nil {
		return nil
	}
	return *n
}

const (
	// insertRows are put into a table at a time: a call costs as much as a row. With 16 the export takes a tenth longer.
	insertRows = 64
	// insertArgs bounds the values of a call: SQLite takes 32,766.
	insertArgs = 30_000
)

// insert adds rows to a table.
type insert struct {
	one, many   *sql.Stmt
	width, rows int
	args        []any // of the rows that wait
}

func newInsert(tx *sql.Tx, name string, columns []column) (*insert, error) {
	var defs []string
	for _, c := range columns {
		t := map[kind]string{textual: "TEXT", integer: "INTEGER", number: "NUMERIC", real: "REAL"}[c.kind]
		defs = append(defs, `"`+c.key+`" `+t)
	}
	if _, err := tx.Exec(`CREATE TABLE "` + name + `" (` + strings.Join(defs, ", ") + ")"); err != nil {
		return nil, err
	}
	row := ",(?" + strings.Repeat(",?", len(columns)-1) + ")"
	rows := func(n int) (*sql.Stmt, error) {
		return tx.Prepare(`INSERT INTO "` + name + `" VALUES ` + strings.Repeat(row, n)[1:])
	}
	one, err := rows(1)
	if err != nil {
		return nil, err
	}
	n := min(insertRows, max(1, insertArgs/len(columns)))
	many, err := rows(n)
	return &insert{one: one, many: many, width: len(columns), rows: n}, err
}

func (i *insert) row(values []any) error {
	for _, v := range values {
		if n, ok := v.(report.Number); ok {
			v = n.InexactFloat64()
			if n.IsInteger() && n.BigInt().IsInt64() {
				v = n.IntPart()
			}
		}
		i.args = append(i.args, v)
	}
	if len(i.args) < i.rows*i.width {
		return nil
	}
	_, err := i.many.Exec(i.args...)
	i.args = i.args[:0]
	return err
}

// close writes the rows that wait.
func (i *insert) close() error {
	for row := range slices.Chunk(i.args, i.width) {
		if _, err := i.one.Exec(row...); err != nil {
			return err
		}
	}
	return errors.Join(i.one.Close(), i.many.Close())
}
