package service

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClients runs every program of docs/clients.md as it stands, against a service with a token.
func TestClients(t *testing.T) {
	s := newService(t, func(o *Options) { o.Token = token })
	address, _ := listening(t, s)
	text, err := os.ReadFile("../../../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	document := filepath.Join(dir, "报告 1.docx")
	if err := os.WriteFile(document, docx(1), 0o644); err != nil {
		t.Fatal(err)
	}
	issuer := broken(1).Issuer
	how := map[string][]string{"sh": {"sh"}, "python": {"python3"}, "go": {"go", "run"}}
	ran := 0
	for i, block := range blocks(string(text)) {
		command, ok := how[block.language]
		if !ok {
			continue
		}
		name := filepath.Join(dir, []string{"a", "b", "c", "d", "e", "f"}[i]+"."+block.language)
		if err := os.WriteFile(name, []byte(block.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := exec.LookPath(command[0]); err != nil {
			t.Logf("no %s here", command[0])
			continue
		}
		if block.language == "sh" {
			if _, err := exec.LookPath("curl"); err != nil {
				t.Log("no curl here")
				continue
			}
		}
		if strings.Contains(block.text, "import requests") && exec.Command("python3", "-c", "import requests").Run() != nil {
			t.Log("no requests here: pip install requests")
			continue
		}
		cmd := exec.Command(command[0], append(command[1:], name, document)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "NIANBAO_URL=http://"+address, "NIANBAO_TOKEN="+token, "PYTHONIOENCODING=utf-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		ran++
		if strings.Contains(block.text, "def genuine") {
			continue // it is a part of a program
		}
		if !strings.Contains(string(out), issuer) {
			t.Errorf("%s prints %s", name, out)
		}
	}
	if ran < 2 {
		t.Skipf("only %d of the programs could be run here", ran)
	}
	for _, made := range []string{"report.json", "report.xlsx", "report.csv"} {
		if info, err := os.Stat(filepath.Join(dir, made)); err == nil && info.Size() < 1000 {
			t.Errorf("%s has %d bytes", made, info.Size())
		}
	}
	leftNothing(t, s, "报告")
}

// block is a program in a document.
type block struct{ language, text string }

func blocks(text string) (out []block) {
	parts := strings.Split("\n"+text, "\n```")
	for i := 1; i < len(parts); i += 2 {
		language, body, _ := strings.Cut(parts[i], "\n")
		out = append(out, block{language, body + "\n"})
	}
	return out
}
