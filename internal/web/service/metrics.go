package service

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/nianbao/nianbao"
)

// The stages whose seconds are counted beside those of nianbao.Stages, which are parts of convert and layout.
const (
	stageReceive = "receive" // a document comes in
	stageConvert = "convert" // it is converted, the wait for a process included
	stageLayout  = "layout"  // its tables are taken, likewise
	stageDraw    = "draw"    // a page or a cell of it is drawn, likewise
	stageWrite   = "write"   // the answer is laid out
)

// metrics are what Prometheus is told.
type metrics struct {
	handler   http.Handler
	documents *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	cells     *prometheus.CounterVec
}

func (s *Service) openMetrics() *metrics {
	m := &metrics{
		documents: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "nianbao_documents_total", Help: "Documents by what became of them: the status of the report, or the code of the problem."}, []string{"outcome"}),
		// From a text of 10 ms to a document of many scanned pages.
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "nianbao_stage_seconds", Help: "Seconds that documents took, by stage: receive, convert, layout, draw and write; within convert and layout extract, ocr, tables, normalize and check.", Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 100, 300, 1000}}, []string{"stage"}),
		cells:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "nianbao_cells_total", Help: "Values of reports, by verdict."}, []string{"verdict"}),
	}
	queued := func() float64 {
		queued, _, _, err := s.jobs.store.count(context.Background())
		if err != nil {
			return -1 // the database is closed
		}
		return float64(queued)
	}
	depth := "Documents that wait or are worked on."
	r := prometheus.NewRegistry()
	r.MustRegister(m.documents, m.seconds, m.cells,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "nianbao_queue_depth", Help: depth, ConstLabels: prometheus.Labels{"queue": "requests"}}, func() float64 { return float64(len(s.seats)) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "nianbao_queue_depth", Help: depth, ConstLabels: prometheus.Labels{"queue": "jobs"}}, queued),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "nianbao_worker_memory_bytes", Help: "Resident memory of the worker processes and of what they started."}, func() float64 { return float64(s.Converter.Memory()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.handler = promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	return m
}

// took counts the seconds of a stage that began at a moment.
func (m *metrics) took(stage string, begun time.Time) {
	m.seconds.WithLabelValues(stage).Observe(time.Since(begun).Seconds())
}

// stages counts the seconds of the stages within a worker.
func (m *metrics) stages(times nianbao.Times) {
	for _, stage := range nianbao.Stages() {
		if d, ok := times[stage]; ok {
			m.seconds.WithLabelValues(stage).Observe(d.Seconds())
		}
	}
}

// converted counts what became of a document.
func (m *metrics) converted(res *result, p *Problem) {
	if p != nil {
		m.documents.WithLabelValues(p.Code).Inc()
		return
	}
	for _, r := range res.all {
		for _, c := range r.Cells {
			m.cells.WithLabelValues(string(c.Verdict)).Inc()
		}
	}
	m.documents.WithLabelValues(string(res.all[0].Outcome)).Inc()
}
