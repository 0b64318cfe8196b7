package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestInStep holds the embedded list to what the program links.
func TestInStep(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../notices.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("notices.json is not what the program is made of: run go generate ./internal/dev/notices")
	}
}

// TestSystems: the list is made for every system that releases are built for.
func TestSystems(t *testing.T) {
	script, err := os.ReadFile("../../../../scripts/dist.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, targets, ok := strings.Cut(string(script), "\nfor target in ")
	targets, _, _ = strings.Cut(targets, ";")
	if !ok || targets == "" {
		t.Fatal("dist.sh names no targets")
	}
	for _, target := range strings.Fields(targets) {
		if system, _, _ := strings.Cut(target, "-"); !slices.Contains(systems, system) {
			t.Errorf("nobody asks what is linked for %s", system)
		}
	}
}

func TestIdentify(t *testing.T) {
	const (
		bsd = "Redistribution and use in source and binary forms, with or without\nmodification, are permitted. Redistributions in binary\nform must reproduce the above copyright notice."
		mpl = "Mozilla Public License Version 2.0\n===\n the GNU General Public License \nThis Source Code Form is \"Incompatible With Secondary Licenses\", as\ndefined by the Mozilla Public License, v. 2.0."
		mit = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the \"Software\") ... WITHOUT WARRANTY OF ANY KIND"
	)
	for _, c := range []struct {
		reason, text, want string
	}{
		{"words broken over lines", "Apache License\n  Version 2.0, January\n2004", "Apache-2.0"},
		{"an exception is part of the name", "Apache License Version 2.0, January 2004\nLLVM Exceptions", "Apache-2.0 WITH LLVM-exception"},
		{"MIT", mit, "MIT"},
		{"two clauses", bsd, "BSD-2-Clause"},
		{"the third clause", bsd + " Neither the name of X nor the names of its contributors may be used to endorse", "BSD-3-Clause"},
		{"copyleft of single files", mpl, "MPL-2.0"},
		{"a licence that speaks of it", "See the " + mpl, ""},
		{"a choice of two", "/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-only */\nUnless otherwise", "BSD-3-Clause"},
		{"copyleft is refused", "GNU General\nPublic License version 3", ""},
		{"a licence that only begins as MIT", mit[:120] + " for evaluation only", ""},
		{"no licence", "All rights reserved.", ""},
	} {
		got, err := identify(c.text)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q, %v; want %q", c.reason, got, err, c.want)
		}
	}
}
