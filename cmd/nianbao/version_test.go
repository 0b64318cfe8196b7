package main

import (
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	out, errs, status := inProcess(t, "", "version")
	if status != exitOK || errs != "" {
		t.Fatalf("exit status %d: %s", status, errs)
	}
	for _, want := range []string{"nianbao ", "go ", "klippa-app/go-pdfium", "tetratelabs/wazero", "tesseract"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestVersionLicenses(t *testing.T) {
	out, errs, status := inProcess(t, "", "version", "--licenses")
	if status != exitOK || errs != "" {
		t.Fatalf("exit status %d: %s", status, errs)
	}
	for _, want := range []string{"github.com/spf13/cobra", "FreeType", "Apache License", "Redistribution and use in source and binary forms"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
}
