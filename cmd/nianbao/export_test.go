package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportAndReport(t *testing.T) {
	in, out := cabinet(t), t.TempDir()
	if _, stderr, status := inProcess(t, "", "batch", in, "-o", out, "-q"); status != exitFailed {
		t.Fatalf("status %d: %s", status, stderr)
	}
	csv, stderr, status := inProcess(t, "", "export", out, "--to", "csv", "--shape", "wide", "--bom")
	if status != exitOK || !strings.HasPrefix(csv, "\ufeffissuer,year,") || strings.Count(csv, "\r\n") != 4 {
		t.Errorf("csv: status %d, %.80q, %s", status, csv, stderr)
	}
	for format, magic := range map[string]string{"xlsx": "PK", "sqlite": "SQLite format 3", "parquet": "PAR1", "jsonl": "{\"issuer\":"} {
		name := filepath.Join(t.TempDir(), "a."+format)
		_, stderr, status := inProcess(t, "", "export", out, "--to", format, "-o", name)
		b, err := os.ReadFile(name)
		if status != exitOK || err != nil || !bytes.HasPrefix(b, []byte(magic)) {
			t.Errorf("%s: status %d, %v, %.20q, %s", format, status, err, b, stderr)
		}
	}
	if _, stderr, status := inProcess(t, "", "report", out); status != exitOK {
		t.Errorf("report: status %d, %s", status, stderr)
	}
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	for _, want := range []string{"勾稽不符清单", "cut.docx", "文件损坏", "空文件"} {
		if err != nil || !strings.Contains(string(page), want) {
			t.Errorf("%q is not on the page: %v", want, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(out, ".nianbao-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}

	tests := []struct {
		reason string
		args   []string
		want   int
	}{
		{"no format", []string{out}, exitUsage},
		{"an unknown one", []string{out, "--to", "doc"}, exitUsage},
		{"a workbook on a terminal", []string{out, "--to", "xlsx"}, exitUsage},
		{"a shape of a workbook", []string{out, "--to", "xlsx", "--shape", "wide", "-o", "x"}, exitUsage},
		{"a byte order mark in JSON", []string{out, "--to", "jsonl", "--bom"}, exitUsage},
		{"no reports", []string{t.TempDir(), "--to", "csv"}, exitFailed},
		{"no such folder", []string{filepath.Join(out, "none"), "--to", "csv"}, exitFailed},
		{"no report", []string{filepath.Join(out, "settings.json"), "--to", "csv"}, exitFailed},
	}
	for _, tt := range tests {
		if _, stderr, got := inProcess(t, "", append([]string{"export"}, tt.args...)...); got != tt.want {
			t.Errorf("%s: status %d, want %d: %s", tt.reason, got, tt.want, stderr)
		}
	}
}
