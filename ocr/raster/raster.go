// Package raster reads the pixels of scanned pages: how a page lies, where its rulings are, and what
// ink there is in a cell.
//
// Flatten takes a picture and gives a Sheet. It goes
//
//	picture → grey without seals → ink → traced lines → bend → flat ink → rulings → which way is up
//
// on a copy reduced to about 150 dots per inch. The page itself is never drawn flat: a Sheet keeps the
// grey pixels as they came and a map from the flat page to them, so that a cell is sampled once, from
// the source, when it is asked for. Only pictures beyond 12 million pixels are reduced.
//
// Two coordinate systems meet here, both with the origin at the top left and y down. Flat coordinates
// are those of Rulings and of all that is found from them: rulings run along the axes. Source
// coordinates are those of the page that the picture is on; Onto leads there. A pixel covers the unit square
// from its coordinates on.
//
// The tolerances are in inches, or in shares of a character's height. Scans claim any resolution, so
// it is taken from the page: the shorter side is that of A4.
package raster
