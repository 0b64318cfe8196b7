package nianbao_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/report"
)

func Example() {
	c, err := nianbao.New(nianbao.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	res, err := c.Convert(context.Background(), nianbao.File("testdata/reports/county_2021form.docx"))
	if err != nil {
		log.Fatal(err)
	}
	total, _ := res.Report.Tables.Value("/tables/requests/received/total")
	fmt.Println(res.Report.Meta.Title, total.Number, len(res.Report.Review))
	// Output: 高店市人民政府2023年政府信息公开工作年度报告 84 0
}

func ExampleApply() {
	c, err := nianbao.New(nianbao.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	res, err := c.Convert(context.Background(), nianbao.File("testdata/reports/county_2021form.docx"))
	if err != nil {
		log.Fatal(err)
	}
	const path = "/tables/requests/received/total"
	checked, err := nianbao.Apply(res.Report, []report.Patch{{Path: path, Note: "blank on paper"}})
	if err != nil {
		log.Fatal(err)
	}
	lines, err := nianbao.Explain(checked, path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(lines[0])
	fmt.Println(lines[len(lines)-1])
	// Output:
	// /tables/requests/received/total = null
	// note: blank on paper
}

// A program that embeds the library has the isolation of the command: a file that makes a C library
// crash costs itself alone. It calls WorkerMain first thing in main.
func ExampleWorkerMain() {
	nianbao.WorkerMain()
	c, err := nianbao.New(nianbao.Options{Isolate: &nianbao.Isolation{Processes: 2, Limits: nianbao.Limits{Memory: 1 << 30}}})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	_, err = c.Convert(context.Background(), nianbao.Bytes("empty.zip", []byte("PK\x05\x06"+strings.Repeat("\x00", 18))))
	fmt.Println(errors.Is(err, nianbao.ErrFormat))
	// Output: true
}

// A cell's picture is drawn from the original, also for a report that was converted long ago.
func ExampleResult_Crop() {
	ctx := context.Background()
	c, err := nianbao.New(nianbao.Options{TablesOnly: true})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	original := nianbao.File("testdata/reports/city_2021form.pdf")
	res, err := c.Convert(ctx, original)
	if err != nil {
		log.Fatal(err)
	}
	img, err := c.Reopen(res.Report, original).Crop(ctx, "/tables/requests/received/total")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(img.Bounds().Dx() > 0, img.Bounds().Dy() > 0)
	// Output: true true
}
