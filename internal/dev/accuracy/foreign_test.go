package accuracy_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/accuracy"
	"github.com/nianbao/nianbao/stages"
)

// TestForeigners: scans of others are measured by kind, by what their truth says.
func TestForeigners(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, c := context.Background(), &stages.Converter{Open: (&extract.Opener{}).Open}
	if _, err := accuracy.Foreigners(ctx, c, []string{dir}, nil); err == nil {
		t.Error("a folder without truth is taken")
	}
	put("a.txt", "甲县2023年政府信息公开工作年度报告\n|第二十条第（五）项|||\n|信息内容|本年处理决定数量|||\n|行政许可|12|||\n|第二十条第（六）项|||\n|信息内容|本年处理决定数量|||\n|行政处罚|3|||\n|行政强制|0|||\n")
	for name, printed := range map[string]string{"a": "12", "b": "13"} {
		put(name+".json", `{"cells":{"/tables/proactive_disclosure/licensing/decisions":"`+printed+`","/tables/proactive_disclosure/penalty/decisions":"3"},"broken":[],"kind":"`+name+`","scan":"a.txt"}`)
	}
	put("other.json", `{"pages": 3}`)
	got, err := accuracy.Foreigners(ctx, c, []string{dir}, nil)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, right := range []int{2, 1} {
		if s := accuracy.Sum(got[i].Outcomes); s.Reports != 1 || s.Cells != 2 || s.Right != right {
			t.Errorf("%s: %+v", got[i].Kind, s)
		}
	}
	if md := string(accuracy.Measurement{Foreign: got}.Markdown()); !strings.Contains(md, "| **all** | 2 | 75.00 % of 4 | 1 |") {
		t.Errorf("%s", md)
	}
}
