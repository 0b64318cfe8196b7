package worker

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

// FuzzReadFrame: what was read is written as it came, and what is too long or cut is an error.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("R\x00\x00\x00\x00\x00\x00\x00\x02{}P\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x00\x02"))
	f.Add([]byte("R\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		const limit = 1 << 10
		r := bytes.NewReader(in)
		var back bytes.Buffer
		for {
			at := len(in) - r.Len()
			fr, err := readFrame(r, limit)
			if err != nil {
				if fr.long != errors.Is(err, errTooLong) || !fr.long && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("frame %+v, error %v", fr, err)
				}
				if r.Len() > 0 && !fr.long {
					t.Errorf("%d bytes are left behind %v", r.Len(), err)
				}
				if !bytes.Equal(back.Bytes(), in[:at]) {
					t.Errorf("%q was read as %q", in[:at], back.Bytes())
				}
				return
			}
			if len(fr.data) > limit {
				t.Fatalf("%d bytes in a frame", len(fr.data))
			}
			if err := writeFrame(&back, fr.kind, fr.data); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzServe: whatever a parent says, each job gets one answer, and no document holds more than was sent.
func FuzzServe(f *testing.F) {
	// A script of frames: the kind, how long the data are, the data.
	head := `{"name":"a","parts":["x","y"]}`
	job := "J" + string(rune(len(head))) + head
	f.Add([]byte(job+"D\x03abcD\x01dE\x00E\x00"+job+"E\x00E\x00"), false)
	f.Add([]byte(job+"D\x03abcA\x00"+job+"D\x01aE\x00E\x00"), true)
	f.Add([]byte("J\x02{}J\x04nullJ\x01{"), false)
	f.Fuzz(func(t *testing.T, script []byte, cut bool) {
		var in bytes.Buffer
		sent := 0
		for len(script) >= 2 {
			n := min(int(script[1]), len(script)-2)
			if script[0] == frameData {
				sent += n
			}
			if err := writeFrame(&in, script[0], script[2:2+n]); err != nil {
				t.Fatal(err)
			}
			script = script[2+n:]
		}
		if cut && in.Len() > 0 {
			in.Truncate(in.Len() - 1)
		}
		var out bytes.Buffer
		calls, got := 0, 0
		err := Serve(context.Background(), &in, &out, func(_ context.Context, doc Document, page func(n, of int)) ([]byte, error) {
			calls++
			for _, p := range doc.Pages {
				got += len(p.Data)
			}
			page(calls, len(doc.Pages))
			return []byte(doc.Name), nil
		})
		if err == nil && in.Len() > 0 {
			t.Errorf("%d bytes unread, and no error", in.Len())
		}
		if got > sent {
			t.Errorf("%d bytes in documents, %d were sent", got, sent)
		}
		kinds := map[byte]int{}
		for out.Len() > 0 {
			fr, err := readFrame(&out, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := fr.page(); fr.kind == framePage && n != kinds[framePage]+1 {
				t.Errorf("page %d after %d", n, kinds[framePage])
			}
			kinds[fr.kind]++
		}
		if kinds[frameReady] != 1 || kinds[frameResult] != calls || kinds[framePage] != calls {
			t.Errorf("%d jobs were done, said %v", calls, kinds)
		}
	})
}
