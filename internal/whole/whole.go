// Package whole puts files in their place whole or not at all: nobody ever finds half a result, and what
// stood under the name before stays until the new file is complete.
package whole

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Write writes data to a file, so that it stays when the power fails. It is written under another name in
// the folder temp, which must be of the same file system; where temp is "", in the file's own folder, which must
// exist. With a temp, the folder of name is made where there is none.
func Write(name string, data []byte, temp string) error {
	pattern := "out-"
	if temp == "" {
		temp, pattern = filepath.Dir(name), "."+filepath.Base(name)+".*"
	}
	f, err := os.CreateTemp(temp, pattern)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = Move(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// Move gives a file another name on the same file system and waits until that is on the disk. The folder of
// the new name is made where there is none.
func Move(from, to string) error {
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // some file systems cannot sync a folder, and say so
	return d.Close()
}

// Make lets make write a file of which the name is given, which does not exist yet, and puts it in its place.
// Whatever else make leaves beside it, such as a database's journal, is removed.
func Make(name string, make func(temp string) error) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: name a file in it", name)
	}
	dir, err := os.MkdirTemp(filepath.Dir(name), ".nianbao-")
	if err != nil {
		return err
	}
	temp := filepath.Join(dir, "out")
	if err = make(temp); err == nil {
		err = os.Rename(temp, name)
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// Stream is Make for what is written from the first byte to the last.
func Stream(name string, write func(io.Writer) error) error {
	return Make(name, func(temp string) error {
		f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		b := bufio.NewWriter(f)
		err = write(b)
		return errors.Join(err, b.Flush(), f.Close())
	})
}
