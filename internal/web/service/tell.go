package service

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Webhook is where ends of jobs are told. It is the server's own setting: no request can name one.
type Webhook struct {
	URL string
	// Secret signs what is told, as Standard Webhooks has it.
	Secret string
}

// ending is one telling, in River's queue. It names the job, and says nothing of its document.
type ending struct {
	ID      string `json:"id"`
	State   State  `json:"state"`
	Outcome string `json:"outcome,omitempty"`
	Review  int    `json:"review"`
	Code    string `json:"code,omitempty"`
}

// Kind is how River knows it.
func (ending) Kind() string { return "tell" }

const (
	tellQueue = "tell"
	// tellTries is how often an end is told that nobody takes: the last time is two hours after the first.
	tellTries = 12
	// tellTime is how long the receiver may take.
	tellTime = 10 * time.Second
)

// teaching asks nobody else than it is told to: it follows no redirection.
var teaching = &http.Client{Timeout: tellTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// announce has an end told, if somebody is to be told.
func (j *jobs) announce(ctx context.Context, tx *sql.Tx, r *record) error {
	if j.service.Webhook.URL == "" {
		return nil
	}
	e := ending{ID: r.ID, State: r.State, Outcome: r.Outcome, Review: r.Review}
	if r.Problem != nil {
		e.Code = r.Problem.Code
	}
	_, err := j.client.InsertTx(ctx, tx, e, &river.InsertOpts{Queue: tellQueue, MaxAttempts: tellTries})
	return err
}

// tell is River's: it tells one end.
func (j *jobs) tell(ctx context.Context, job *river.Job[ending]) error {
	hook := j.service.Webhook
	if hook.URL == "" {
		return nil // the service was started anew without one
	}
	body, err := json.Marshal(job.Args)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	at := strconv.FormatInt(j.service.Now().Unix(), 10)
	q.Header.Set("Content-Type", typeJSON)
	q.Header.Set("User-Agent", "nianbao")
	q.Header.Set("webhook-id", job.Args.ID)
	q.Header.Set("webhook-timestamp", at)
	q.Header.Set("webhook-signature", signature(hook.Secret, job.Args.ID, at, body))
	r, err := teaching.Do(q)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }() // it is not read on
	const enough = 64 << 10
	_, _ = io.CopyN(io.Discard, r.Body, enough) // so that the connection can be used again
	if r.StatusCode < 200 || r.StatusCode > 299 {
		return fmt.Errorf("the webhook answered %s", r.Status)
	}
	return nil
}

// signature is that of Standard Webhooks (standardwebhooks.com): version 1, HMAC-SHA256 of id, time and body.
func signature(secret, id, at string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%s.%s.%s", id, at, body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// NextRetry is soon at first, and then later and later: after 1, 2, 4 … seconds, at most half an hour.
func (retrying) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(30*time.Minute, time.Duration(math.Pow(2, float64(len(job.Errors))))*time.Second)
	return time.Now().Add(wait)
}
