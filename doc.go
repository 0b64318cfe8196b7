// Package nianbao is the root of the module: the map of its rooms.
//
// nianbao turns annual disclosure reports of Chinese public bodies (政府信息公开工作年度报告) into JSON.
// Data flows one way: extract → tables (scans: ocr) → normalize → check → report. The rooms, in the
// order of a number's way, bottom up:
//
//	layout     what is on a page, and where: the tree that all stages share; layout/diag: warnings and errors
//	form       the official blanks as data: labels, fields, equations
//	report     the output: its types, its JSON, its schema
//	worker     a child process that converts and may be killed
//	extract    a file becomes a document; one reader a format below it, and the codecs
//	ocr        pixels become cells; raster, reading and tesseract below it
//	tables     rulings and white space become cells, joined over pages
//	normalize  cells become the fields of a form, prose becomes sections and quantities (normalize/statement)
//	check      equations, repair with evidence, verdicts, review
//	nianbao    this package: the order of the stages
//	internal   what stands on the library: run (batch, series), out (export, digest, markup), dev (how it is made and measured)
//	cmd        the program: flags and printing
//
// TestImports holds who may import whom; docs/design.md follows one number from pixel to JSON.
package nianbao
