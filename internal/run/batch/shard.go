package batch

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Shard is one of several parts of a batch, Index from 1 to Count. The zero Shard is the whole.
type Shard struct{ Index, Count int }

// ParseShard reads "i/n".
func ParseShard(s string) (Shard, error) {
	i, n, ok := strings.Cut(s, "/")
	index, err1 := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || index < 1 || index > count {
		return Shard{}, fmt.Errorf("shard %q: i/n with 1 <= i <= n is expected", s)
	}
	return Shard{index, count}, nil
}

// ShardFromEnv finds the shard in a scheduler's variables. count is the number of shards where the
// scheduler does not tell it (Kubernetes, GNU parallel), 0 when it is not known. from names the
// variable, and is "" when there is none.
//
// Slurm's job arrays say everything. A Kubernetes Indexed Job says only the index. GNU parallel
// numbers its jobs always, sharded or not, so that number is used only with a count.
func ShardFromEnv(getenv func(string) string, count int) (s Shard, from string, err error) {
	get := func(name string, def int) int {
		v := getenv(name)
		if v == "" || err != nil {
			return def
		}
		n, aerr := strconv.Atoi(v)
		if aerr != nil {
			err = fmt.Errorf("%s=%q is not a number", name, v)
		}
		return n
	}
	switch {
	case getenv("SLURM_ARRAY_TASK_ID") != "":
		from = "SLURM_ARRAY_TASK_ID"
		id, lo, hi, step := get(from, 0), get("SLURM_ARRAY_TASK_MIN", 1), get("SLURM_ARRAY_TASK_MAX", 0), get("SLURM_ARRAY_TASK_STEP", 1)
		s = Shard{(id-lo)/max(step, 1) + 1, get("SLURM_ARRAY_TASK_COUNT", (hi-lo)/max(step, 1)+1)}
	case getenv("JOB_COMPLETION_INDEX") != "":
		from = "JOB_COMPLETION_INDEX"
		if s = (Shard{get(from, 0) + 1, count}); count == 0 && err == nil {
			err = fmt.Errorf("%s is set, but not how many shards there are: give --shards with the Job's completions, or --shard 1/1 for no shards", from)
		}
	case getenv("PARALLEL_SEQ") != "" && count > 0:
		from = "PARALLEL_SEQ"
		s = Shard{get(from, 0), count}
	default:
		return Shard{}, "", nil
	}
	if err == nil && (s.Index < 1 || s.Index > s.Count) {
		err = fmt.Errorf("%s gives shard %d of %d", from, s.Index, s.Count)
	}
	return s, from, err
}

// suffix is part of the names of the shard's own files.
func (s Shard) suffix() string {
	if s.Count <= 1 {
		return ""
	}
	return fmt.Sprintf("-%d-of-%d", s.Index, s.Count)
}

// has says whether a document is the shard's. It goes by size, beginning and end: the same content is
// in the same shard wherever it lies, and nothing is read whole for the others.
func (s Shard) has(d *Document) (bool, error) {
	if s.Count <= 1 {
		return true, nil
	}
	const piece = 4 << 10
	h := sha256.New()
	for _, p := range d.Parts {
		fmt.Fprintf(h, "%d\x00", p.Size)
		r, err := p.open()
		if err != nil {
			return false, err
		}
		head := io.LimitReader(r, piece)
		if _, err = io.Copy(h, head); err == nil {
			if at, ok := r.(io.Seeker); ok && p.Size > 2*piece {
				if _, err = at.Seek(-piece, io.SeekEnd); err == nil {
					_, err = io.Copy(h, r)
				}
			} else {
				err = copyEnd(h, r, p.Size-piece, piece)
			}
		}
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return false, err
		}
	}
	return int(binary.BigEndian.Uint64(h.Sum(nil))%uint64(s.Count))+1 == s.Index, nil
}

// copyEnd copies what is left of a stream of known length, but of a long one only the last piece, so
// that a member of an archive goes where a file with the same content goes.
func copyEnd(w io.Writer, r io.Reader, left, piece int64) error {
	if left > piece {
		if _, err := io.CopyN(io.Discard, r, left-piece); err != nil {
			return err
		}
	}
	_, err := io.Copy(w, r)
	return err
}
