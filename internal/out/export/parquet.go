package export

import (
	"fmt"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"github.com/nianbao/nianbao/report"
)

// Parquet writes a table with a column of its own type for each: text, 64-bit integers and doubles,
// all of them optional. Doubles hold the numbers of reports to the last digit as long as those have no
// more than fifteen; the long form has them as text too.
func (s *Set) Parquet(w io.Writer, shape Shape) error {
	columns := s.columns(shape)
	p := &parquetWriter{columns: columns, w: parquet.NewGenericWriter[any](w, schemaOf(columns), parquet.Compression(&parquet.Snappy))}
	return s.rows(shape, p)
}

// schemaOf keeps the order of the columns, for which the library wants a struct.
func schemaOf(columns []column) *parquet.Schema {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		t := reflect.TypeFor[float64]()
		switch c.kind {
		case textual:
			t = reflect.TypeFor[string]()
		case integer:
			t = reflect.TypeFor[int64]()
		}
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("C%d", i), Type: reflect.PointerTo(t), Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s"`, c.key)),
		}
	}
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
}

type parquetWriter struct {
	columns []column
	w       *parquet.GenericWriter[any]
	rows    []parquet.Row
}

// batchRows are handed to the library at once.
const batchRows = 512

func (p *parquetWriter) row(values []any) error {
	row := make(parquet.Row, len(values))
	for i, v := range values {
		switch x := v.(type) {
		case nil:
			row[i] = parquet.NullValue().Level(0, 0, i)
			continue
		case report.Number:
			if p.columns[i].kind == textual {
				v = x.String()
			} else {
				v = x.InexactFloat64()
			}
		case string:
			if p.columns[i].kind != textual { // a text where the form has a number
				row[i] = parquet.NullValue().Level(0, 0, i)
				continue
			}
		}
		row[i] = parquet.ValueOf(v).Level(0, 1, i)
	}
	p.rows = append(p.rows, row)
	if len(p.rows) < batchRows {
		return nil
	}
	return p.flush()
}

func (p *parquetWriter) flush() error {
	_, err := p.w.WriteRows(p.rows)
	p.rows = p.rows[:0]
	return err
}

func (p *parquetWriter) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.w.Close()
}
