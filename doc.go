// Package nianbao turns annual disclosure reports of Chinese public bodies (政府信息公开工作年度报告) into
// data: every number with its place, its other readings, the equations that prove it, and the list of what
// a person must look at.
//
// A Converter reads scans, PDF, OFD, office files, web pages and text, in this process or, with
// Options.Isolate, in worker processes with limits. What a report holds is in package report, what a form
// is in package form.
//
// This package, report and form keep to semantic versions: within a major version nothing that is exported
// goes or changes its meaning. All other packages are the program's insides and promise nothing, although
// they can be imported; docs/design.md is their map, and TestImports holds them to it.
package nianbao
