package white

// evidence is what speaks for a table.
type evidence struct {
	rows     int // of figures
	wide     int // of them, those with several figures or labels, or with a line beside them
	labelled int // of them, those with a label
	headed   int // of them, those under a header that names every column
	figures  int
	bands    int // headers between the rows
}

// evidence counts what speaks for a table; head says that its own header names every column.
func (t *table) evidence(head bool) (e evidence) {
	for i := t.body; i < t.end; i++ {
		l := &t.lines[i]
		if l.banner {
			if len(l.parts) > 1 && i+1 < t.end {
				head = t.names(l, &t.lines[i+1])
				e.bands++
			}
			continue
		}
		if !l.valued() {
			continue
		}
		e.rows++
		e.figures += l.figures
		beside := i > 0 && t.lines[i-1].box.Y1 > l.box.Y0 || i+1 < len(t.lines) && t.lines[i+1].box.Y0 < l.box.Y1
		if l.figures > 1 || len(l.parts) >= leastColumns || beside {
			e.wide++
		}
		if len(l.label()) > 0 {
			e.labelled++
		}
		if head {
			e.headed++
		}
	}
	return e
}

// enough says that the rows are no chance.
func (t *table) enough() bool {
	head := t.body > t.top && t.names(&t.lines[t.body-1], &t.lines[t.body])
	e, columns := t.evidence(head), len(t.labels)+len(t.columns)
	switch {
	case e.labelled == 0:
		// The one table without labels before its figures has a header over each of them, and none over
		// blanks: its headers are alike, so that a place alone tells them apart.
		return e.rows == 1 && e.figures >= leastWide && t.blanks == 0 && t.named() == len(t.columns)
	case 2*e.labelled < e.rows:
		return false
	case e.rows >= leastRows && e.wide >= leastRows && columns >= leastColumns:
		return true
	case e.labelled == e.rows && e.figures >= leastFigures && len(t.columns) >= leastWide:
		return true
	case head && columns >= leastColumns && e.figures >= leastRows && e.labelled == e.rows:
		return true
	}
	return e.headed == e.rows && e.rows >= leastRows && e.bands > 0
}

// torn says that a table without a header goes on what stands close above in its columns: rows that could
// not be told, so that a column may lack all of its figures here.
func (t *table) torn() bool {
	if t.top < t.body {
		return false
	}
	for i := t.body - 1; i >= 0; i-- {
		l, under := &t.lines[i], &t.lines[i+1]
		if under.box.Y0-l.box.Y1 > t.step && !t.ruled(l.box.Y1, under.box.Y0) {
			break
		}
		if l.end() > t.columns[0].from {
			return true
		}
	}
	return false
}

// tail is where the table ends when the last row's label goes on below its figures.
func (t table) tail() int {
	edge := t.before(t.columns)
	for ; t.end < len(t.lines); t.end++ {
		l, above := &t.lines[t.end], &t.lines[t.end-1]
		if l.valued() || l.numbered || len(l.parts) > 1 || l.box.Y0-above.box.Y1 > tailStep*t.em || l.end() > edge ||
			t.ruled(above.box.Y1, l.box.Y0) {
			break
		}
	}
	return t.end
}
