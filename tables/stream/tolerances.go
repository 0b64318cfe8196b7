package stream

// Distances, in heights of a character unless said otherwise.
const (
	// wordGap is the least white between texts of two columns, figureGap that between two figures: the blank of a typewriter is 0.6 wide.
	wordGap, figureGap = 0.9, 0.5
	// roomLeft is the least white that a line leaves, beside the next word, which broke for another reason than want of room.
	roomLeft = 1
	// itemGap is the most white between the dot of a list and its item.
	itemGap = 2.5
	// columnGap is the least white between two columns of a table.
	columnGap = 0.4
	// cutGap is the least white between words of one text that stand in two columns, headGap that which parts them in any case if it is
	// wider than a page's blanks by wideBlank times.
	cutGap, headGap, wideBlank = 0.2, 0.6, 1.3
	// sameEdge is how far apart the edges of one column's texts may stand.
	sameEdge = 0.6
	// overEdge is how far a text must reach over a column's edge to stand in both.
	overEdge = 0.3
	// rowStep is the most white between two lines of a table that no ruling parts, ruledStep that between lines that rulings hold together.
	rowStep, ruledStep = 2.2, 6
	// groupStep is how much more white than between its rows stands between groups of a table whose rows are set apart.
	groupStep = 2
	// otherStep is the white over the header of another table under one of leastBefore rows.
	otherStep = 1.2
	// rowChange is how much more white than between its lines stands between the paragraphs of a cell.
	rowChange = 0.3
	// wrapStep is the most white between two lines of one cell, ruledWrap that where rulings part the rows.
	wrapStep, ruledWrap = 0.5, 1.2
	// proseWidth is the least width of a line of prose, proseStep the most white between two of its lines.
	proseWidth, proseStep = 14, 1.8
	// stepChange is how much the white between the lines of a paragraph may change, firstIndent how far its first line is set in or out.
	stepChange, firstIndent = 0.35, 4
	// wordyWidth is the mean width from which the texts of a column are sentences.
	wordyWidth = 16
	// ruleReach is how far a table's ruling may end beside its texts.
	ruleReach = 3
	// panelHeight is the least height of a wall that parts a page; two lines of one height differ by sameHeight at most.
	panelHeight, sameHeight = 10, 0.15
	// longCell is the most height that the last cell of a table may have over the ruling that ends it.
	longCell = 12
)

// Counts.
const (
	// leastRows lines with texts in several columns make a table.
	leastRows = 2
	// leastProse lines make a paragraph, surelyProse one beside which a table's cells would not go on.
	leastProse, surelyProse = 3, 6
	// leastLetters a line of prose has on average.
	leastLetters = 10
	// leastRuled level rulings part a table's rows.
	leastRuled = 4
	// leastStacked level rulings of one length, one over another, are of one table.
	leastStacked = 3
	leastBefore  = 4
	// leastItem bytes of text behind a disc are an item's.
	leastItem = 8
	// leastDashes in a row are a ruling that a typewriter made, leastDots lead from a label to a figure.
	leastDashes, leastDots = 8, 4
	// leastScale figures that stand alone in their lines are the scale of a chart, if scaleShare of the lines are such.
	leastScale = 3
	// leastDense rows of figures without a label are a table, if denseShare of its grid is filled.
	leastDense = 4
	// maxLoose lines in one column may stand between two rows.
	maxLoose = 5
	// maxHead is the most lines of a header over the first row.
	maxHead = 6
	// maxLines is the most lines of a page that is looked at: it bounds the work.
	maxLines = 600
	// maxRules is the most rulings of a page that are looked at, each way.
	maxRules = 400
)

// Shares.
const (
	// ruleShare of a table's width must be ruled for a ruling to be its.
	ruleShare = 0.6
	// crossShare is the most share of a table's lines whose texts may run over the white between two columns.
	crossShare = 0.08
	// fullShare is the least share of the grid that must be filled.
	fullShare = 0.4
	// alignedShare of the lines on two sides of a wall stand at one height, if they are of one table.
	alignedShare = 0.6
	// raggedShare of a paragraph's width is less than its full lines have.
	raggedShare = 0.75
	denseShare  = 0.8
	scaleShare  = 0.2
	// centred is how far from the middle of its columns, in parts of their width, a title may stand.
	centred = 0.1
)
