//go:build !unix

package folder

// lostMount is what a network mount without its server says; elsewhere nothing tells it from other errors.
var lostMount []error
