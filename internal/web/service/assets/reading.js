// One document that was read: its page beside its tables, its sums, what a person must look at, and the ways to take
// it away.
import { h, notice } from "../shared/dom.js";
import { t, language } from "../shared/words.js";
import { official, labels, labelOf, sumOf } from "../shared/table.js";
import { pagePane, sideBySide } from "../shared/page.js";
import { ask } from "./app.js";

let forms = null; // those of the service, asked for once

export async function showReading(main, id) {
  const json = path => ask(path, { headers: { Accept: "application/json" } }).then(r => r.json());
  const [job, report] = await Promise.all([json(`v1/jobs/${id}`), json(`v1/jobs/${id}/result`)]);
  forms ??= await json("v1/forms");
  return new Reading(main, job, report);
}

class Reading {
  constructor(main, job, report) {
    this.job = job;
    const at = `v1/jobs/${job.id}`;
    const tables = Object.keys(report.tables).map(key => forms.find(f => f.name === report.forms[key])?.tables.find(x => x.key === key)).filter(Boolean);
    this.view = {
      report, tables, labels: labels(tables), relations: tables.flatMap(x => (x.equations || []).filter(e => e.words)),
      addresses: { page: n => `${at}/pages/${n}.png`, source: `${at}/source` },
    };
    this.doubtful = new Set(report.review.map(r => r.path));
    this.pointing = { at: path => this.at(path), pick: path => this.pick(path) };
    this.top = h("section", { class: "ask", "aria-live": "polite", "aria-label": t("review") });
    this.page = pagePane(this.view, this.doubtful, this.pointing);
    this.tableView = h("div", { class: "view", tabIndex: 0, role: "group", "aria-label": t("values") });
    this.element = sideBySide(this.top, this.page, this.tableView);
    main.replaceChildren(this.element);
    const { element, cells } = official(this.view, this.pointing);
    this.cells = cells;
    this.tableView.append(element);
    const bad = new Set(report.checks.filter(c => c.status === "fail").flatMap(c => c.cells));
    for (const [path, td] of cells) {
      td.classList.toggle("doubt", this.doubtful.has(path));
      td.classList.toggle("bad", bad.has(path));
    }
    this.pick(report.review[0]?.path ?? null);
  }

  close() { this.page.close(); }

  // at lights a cell in both panes.
  at(path) {
    for (const [p, td] of this.cells) td.classList.toggle("at", p === path);
    this.page.light(path);
  }

  pick(path) {
    this.path = path;
    for (const [p, td] of this.cells) td.classList.toggle("now", p === path);
    this.cells.get(path)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.page.go(path);
    this.drawTop();
  }

  drawTop() {
    const { report } = this.view, count = s => report.checks.filter(c => c.status === s).length;
    const sums = report.checks.filter(k => this.path ? k.cells.includes(this.path) : k.status === "fail");
    const take = (name, type, query = "") => h("button", { type: "button", onclick: () => this.take(name, type, query) }, name);
    const asked = [...new Map(report.review.map(r => [r.path, r])).values()];
    const c = report.cells.find(x => x.path === this.path);
    this.top.replaceChildren(
      h("div", { class: "what" }, h("h2", {}, report.report.title || this.job.name),
        h("p", {}, t(report.status === "partial" ? "partialStatus" : report.status), "　", t("holds", count("pass"), count("fail")), report.source.parts > 1 ? `　${t("others")}` : ""),
        this.path ? h("p", {}, h("b", {}, labelOf(this.view, this.path)), c ? `　${t("verdicts")[c.verdict]}` : "") : null,
        sums.length ? h("ul", { class: "sums", "aria-label": t("equations") }, sums.map(k => sumOf(this.view, k))) : null,
        asked.length ? h("ul", { class: "review", "aria-label": t("review") }, asked.map(r => h("li", {}, h("button", { type: "button", "aria-current": String(r.path === this.path), title: language() === "en" ? r.detail || "" : "", onclick: () => this.pick(r.path) }, labelOf(this.view, r.path), "　", t("reasons")[r.reason] || r.reason)))) : h("p", {}, t("toReviewNone"))),
      h("div", { class: "taking" }, h("div", { class: "tools take", role: "group", "aria-label": t("take") }, t("take"), take("JSON", "application/json"), take("CSV", "text/csv", "?bom=true&labels=true"), take("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))));
  }

  // take has the browser keep the report as a file.
  async take(name, type, query) {
    try {
      const r = await ask(`v1/jobs/${this.job.id}/result${query}`, { headers: { Accept: type } });
      const url = URL.createObjectURL(await r.blob());
      const a = h("a", { href: url, download: `${this.job.name.replace(/\.[^.]*$/, "")}.${name.toLowerCase()}` });
      document.body.append(a);
      a.click();
      a.remove();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    } catch (e) { notice(e.status === 404 ? t("goneJob") : e.message); }
  }
}
