//go:build unix

package queue

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/servers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/worker"
)

// TestForgotten kills the database when it has taken the end of a document and not yet written it to the disk, since
// commits of workers are not waited for. River then notes the end of the job alone, and the document once waited forever.
func TestForgotten(t *testing.T) {
	db := servers.Database(t, "wal_writer_delay=10s")
	for range 10 { // what another connection waits for takes the end to the disk with it
		if forgets(t, db) {
			return
		}
	}
	t.Error("the end is never forgotten")
}

// forgets says whether the database forgot the end of a document; there is a result in any case.
func forgets(t *testing.T, db *servers.Server) (forgotten bool) {
	t.Helper()
	q := fresh(t, db)
	q.silence = Silence // else the job is given back before River ends it
	in, out := t.TempDir(), t.TempDir()
	files := map[string]string{"a.txt": "甲"}
	put(t, in, files)
	submit(t, q, in, out, "1")
	if _, err := q.pool.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	times := 0
	w := work(1, "1")
	w.Notify = func(e batch.Event) {
		if e.Kind != batch.Converted {
			return
		}
		if times++; times > 1 {
			return
		}
		db.Kill()
		if err := db.Start(); err != nil {
			t.Error(err)
		}
		var state batch.State
		if err := connect(t, q.pool.Config().ConnString()).ask(t.Context(), &state, "SELECT state FROM nianbao_document"); err != nil {
			t.Error(err)
		}
		forgotten = state == Queued
	}
	drain(t, q, w)
	same(t, tree(t, out), byBatch(t, files, "1"))
	want := 1
	if forgotten {
		want = 2
	}
	if times != want {
		t.Errorf("converted %d times, want %d", times, want)
	}
	return forgotten
}

// TestNobodyTakesIt leaves the job of a document in states in which River would leave it, too: for ever, or for hours.
// No worker is elected that wakes what waits.
func TestNobodyTakesIt(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	for _, c := range []struct{ reason, do string }{
		{"ended by River alone", "UPDATE river_job SET state = 'completed', finalized_at = now()"},
		{"given up by River", "UPDATE river_job SET state = 'discarded', finalized_at = now()"},
		{"cancelled by somebody in River's UI", "UPDATE river_job SET state = 'cancelled', finalized_at = now()"},
		{"deleted by somebody in River's UI", "DELETE FROM river_job"},
		{"to be woken by a worker that is gone", "UPDATE river_job SET state = 'scheduled'"},
		{"to be tried again by a worker that is gone", "UPDATE river_job SET state = 'retryable'"},
		{"put off by a worker whose clock is fast", "UPDATE river_job SET scheduled_at = now() + '1 hour'"},
		{"put off for long by a worker whose clock is fast", "UPDATE river_job SET state = 'scheduled', scheduled_at = now() + '1 hour'"},
		{"put back by a worker of another version", "UPDATE river_job SET queue = 'a-version'"},
		{"put back by a worker of another version, for later", "UPDATE river_job SET queue = 'z-version', state = 'scheduled'"},
		{"converted by a worker of which nothing is known", "UPDATE river_job SET state = 'running', attempted_at = now(), attempted_by = '{gone}'"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel() // it is waited for workers' signs of life
			q := fresh(t, db)
			in, out := t.TempDir(), t.TempDir()
			files := map[string]string{"a.txt": "甲"}
			put(t, in, files)
			submit(t, q, in, out, "1")
			for _, do := range []string{"INSERT INTO river_leader (leader_id, elected_at, expires_at) VALUES ('gone', now(), now() + '1 hour')", c.do} {
				if tag, err := q.pool.Exec(t.Context(), do); err != nil || tag.RowsAffected() != 1 {
					t.Fatal(tag, err)
				}
			}
			drain(t, q, work(1, "1"))
			same(t, tree(t, out), byBatch(t, files, "1"))
		})
	}
}

// TestCut cuts the connections of a worker at each moment of a job.
func TestCut(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	const all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
	other := connect(t, db.URL)
	// A trigger that cuts the connection which does something, the first times that it is done.
	const trigger = `CREATE SEQUENCE cuts; CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF nextval('cuts') <= 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END IF; RETURN NULL; END $$; `
	for i, c := range []struct{ reason, when, moment string }{
		{reason: "a job is taken", when: "CREATE TRIGGER c AFTER UPDATE ON river_job FOR EACH ROW WHEN (new.state = 'running') EXECUTE FUNCTION cut()"},
		{reason: "the end of a job is noted", when: "CREATE TRIGGER c AFTER UPDATE ON river_job FOR EACH ROW WHEN (new.state = 'completed') EXECUTE FUNCTION cut()"},
		{reason: "the end of a document is noted", when: "CREATE TRIGGER c AFTER UPDATE ON nianbao_document FOR EACH ROW WHEN (new.state = 'done') EXECUTE FUNCTION cut()"},
		{reason: "all of it is committed", when: `CREATE CONSTRAINT TRIGGER c AFTER UPDATE ON nianbao_document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
			WHEN (new.state = 'done') EXECUTE FUNCTION cut()`},
		{reason: "a job is put off", when: `CREATE TRIGGER c AFTER UPDATE ON river_job FOR EACH ROW WHEN (new.metadata ? 'snoozes') EXECUTE FUNCTION cut();
			CREATE TRIGGER d AFTER UPDATE ON nianbao_document FOR EACH ROW WHEN (new.state = 'done') EXECUTE FUNCTION cut()`},
		{reason: "a sign of life is given", when: "CREATE TRIGGER c AFTER UPDATE ON nianbao_worker FOR EACH ROW EXECUTE FUNCTION cut()"},
		{reason: "a document is being converted", moment: "do"},
		{reason: "the end has been committed", moment: "done"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			t.Parallel()
			name := "cut" + strconv.Itoa(i)
			q := connect(t, db.URL+"?search_path="+name+"&application_name="+name)
			in, out := t.TempDir(), t.TempDir()
			files := map[string]string{}
			for _, name := range []string{"甲", "乙", "丙", "丁", "戊"} {
				files[name+".txt"] = name
			}
			put(t, in, files)
			submit(t, q, in, out, "1")
			if c.when != "" {
				if _, err := q.pool.Exec(t.Context(), trigger+c.when); err != nil {
					t.Fatal(err)
				}
			}
			var mu sync.Mutex
			cuts := 0
			cut := func(moment string) {
				mu.Lock()
				defer mu.Unlock()
				if moment != c.moment || cuts == 3 {
					return
				}
				cuts++
				if _, err := other.pool.Exec(t.Context(), all, name); err != nil {
					t.Error(err)
				}
			}
			w := work(2, "1")
			w.Make = func(context.Context, Options) (batch.Identity, func(string) batch.Converter, error) {
				return identity("1"), func(string) batch.Converter { return cutting{converter{"1"}, cut} }, nil
			}
			w.Notify = func(e batch.Event) {
				if e.Kind == batch.Converted {
					cut("done")
				}
			}
			drain(t, q, w)
			same(t, tree(t, out), byBatch(t, files, "1"))
			if c.when != "" {
				if err := q.ask(t.Context(), &cuts, "SELECT last_value FROM cuts"); err != nil {
					t.Error(err)
				}
			}
			if cuts < 3 {
				t.Errorf("cut %d times, want 3", cuts)
			}
		})
	}
}

// cutting tells of the moments of a conversion.
type cutting struct {
	converter
	at func(moment string)
}

func (c cutting) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	c.at("do")
	return c.converter.Do(ctx, job, page)
}
