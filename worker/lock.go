package worker

// Rooms are what a child that is locked in may still use of the machine. What is not there is passed over.
type Rooms struct {
	Read  []string // files, and folders with all below them, that may be read
	Write []string // folders in which it may do as it likes
	Run   []string // programs that may be started, or folders of such; they are to be read, too
	// Sockets are folders in which a program may make sockets that it listens at: LibreOffice, in /tmp and nowhere else,
	// and does not start without. With none, there are no sockets at all; nothing can be connected to in either case.
	Sockets []string
}

// Lock is one way in which a child is locked in.
type Lock struct {
	Name string `json:"name"`
	Held bool   `json:"held"`
	// Means says what it keeps out, or why it does not hold.
	Means string `json:"means"`
}
