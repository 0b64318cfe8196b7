package accuracy_test

import (
	"context"
	"os"
	"runtime"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/accuracy"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/stages"
)

// No level may fall behind the record, and no silent error may appear.
func TestScansAgainstTheRecord(t *testing.T) {
	engine, err := tesseract.Open("")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer engine.Close()
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := &stages.Converter{Open: opener.Open, Recognizer: engine, TablesOnly: true}
	record, err := accuracy.ReadRecord("record.json")
	if err != nil {
		t.Fatal(err)
	}
	outcomes := accuracy.Scans(context.Background(), c, race.Few(accuracy.ShortCases(), 2), runtime.NumCPU(), nil)
	for _, o := range outcomes {
		if o.Err != nil {
			t.Error(o.Err)
		}
		for _, e := range o.Errors {
			t.Log(e)
		}
	}
	if race.On {
		return // the record is of all cases
	}
	for _, loss := range record.Losses(accuracy.Short, accuracy.ByLevel(outcomes)) {
		t.Error(loss)
	}
}
