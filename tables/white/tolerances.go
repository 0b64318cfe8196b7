package white

// Distances, in heights of a character.
const (
	// segmentGap is the least white between texts of two columns, figureGap that between two figures.
	segmentGap, figureGap = 0.9, 0.5
	// columnGap is the least white between two columns of a table.
	columnGap = 0.4
	// rowStep is the most white between two lines of a table that no ruling parts.
	rowStep = 2.5
	// Where the first evenSteps+1 lines of a table leave the same white between them, but for evenOff, the rest may do so, too, up to evenStep.
	evenSteps, evenOff, evenStep = 3, 0.4, 5
	// bandStep is the same before a band with a header of its own.
	bandStep = 4
	// lineStep is the most white between two lines of one cell, tailStep before the last line of a table, whose
	// label alone goes on. wrapStep is that between the lines of a header's label: labels of different height
	// stand close there.
	lineStep, tailStep, wrapStep = 0.6, lineStep / 2, 0.45
	// closeGap is the least white between the labels of two columns.
	closeGap = 0.2
	// alignGap is how far apart the labels of one column may begin.
	alignGap = 0.3
	// leastWall is the least length of a vertical ruling that parts columns, outerWall how far from the texts
	// the outer ones stand at most.
	leastWall, outerWall = 1.5, 4
	// overEdge is how far a text must reach over a column's edge to stand in both.
	overEdge = 0.1
	// leastGap is the least white that an edge is drawn in.
	leastGap = 0.05
	// margin is left between the texts and the lines around the table, sideMargin at its sides.
	margin, sideMargin = 0.25, 0.5
	// headStep is the most height of a header between two rulings.
	headStep = 4 * rowStep
	// bannerWidth is the most width of a title between the rows of a table.
	bannerWidth = 16
	// cornerWidth is the most width of what names the labels of rows in a header.
	cornerWidth = 8
	// unitWidth is the most width of a unit.
	unitWidth = 3
)

// Counts.
const (
	// leastRows of figures make a table, with leastColumns. Fewer rows do where there are leastFigures
	// of them in leastWide columns behind labels, or a header over every column.
	leastRows, leastColumns = 3, 3
	leastFigures, leastWide = 6, 5
	// unitLines is how many lines above and below are looked at for units.
	unitLines = 8
	// maxLines is the most lines of a page that is looked at: it bounds the work.
	maxLines = 400
	// maxWalls is the most vertical rulings of a page that part its lines.
	maxWalls = 200
	// maxHead is the most lines of a header.
	maxHead = 12
	// maxLoose lines without figures may stand between two rows of them.
	maxLoose = 5
)

// Shares.
const (
	// ruleShare of a table's width must be ruled for a ruling to part its rows.
	ruleShare = 0.6
	// headShare of it must be ruled for a ruling to lie over the whole header.
	headShare = 0.9
	// spanning is the most share of lines whose text runs over the edge of a column of labels.
	spanning = 0.4
)
