// Package nianbao is the root of the module: the map of its rooms.
//
// nianbao turns annual disclosure reports of Chinese public bodies (政府信息公开工作年度报告) into JSON.
// Data flows one way:
//
//	extract → tables (scans: raster, tables, ocr) → normalize → check → report
//
//	layout      what is on a page, and where: the tree that every stage shares
//	diag        warnings, and errors that a user can act upon
//	form        the official blanks as data: labels, fields, equations
//	report      the output: its types, its JSON, its schema
//	extract     a file becomes a document; one package a format below it
//	raster      a scanned page laid flat: rulings, crops, seals
//	tables      rulings become cells, words fill them, page breaks are joined
//	reading     the networks that read one line of a cell
//	ocr         which parts of a scan are read, and by whom; ocr/tesseract is the only cgo
//	normalize   cells become the fields of a form, text becomes figures
//	statement   the quantities that prose states
//	check       equations, repair with evidence, verdicts, review
//	convert     the order of the stages
//	markup      tables of any document as CSV, Markdown, HTML
//	worker      a child process that converts one document after the other and may be killed
//	batch       folders of reports, with a ledger, a quarantine and shards
//	series      reports of one issuer compared over the years
//	export      reports as CSV, XLSX, SQLite, Parquet or JSON lines
//	digest      one page of HTML about a whole batch
//	cmd/nianbao the program
//
// TestImports holds who may import whom; docs/design.md follows one number from pixel to JSON.
package nianbao
