// One report: its page, its tables, and one question after the other.
import { h, api, q, notice } from "./dom.js";
import { t, language } from "./words.js";
import { official, labels, labelOf, isMeta, sumOf, valueAt, shown } from "./table.js";
import { pagePane, sideBySide } from "./page.js";
import { nextReport, skipped } from "./list.js";

export async function showDesk(main, output, setToday) {
  const view = await api(`api/report?${q({ o: output })}`);
  return new Desk(main, view, setToday);
}

class Desk {
  constructor(main, view, setToday) {
    this.main = main;
    this.setToday = setToday;
    this.passed = new Set(); // paths that somebody could not tell
    this.busy = false;
    this.pointing = { at: path => this.at(path), pick: path => this.pick(path) };
    this.take(view);
    this.of = this.questions().length;
    this.ask = h("section", { class: "ask", "aria-live": "polite", "aria-label": t("review") });
    this.page = pagePane(view, this.doubtful(), this.pointing);
    this.tableView = h("div", { class: "view", tabIndex: 0, role: "group", "aria-label": t("values") });
    this.element = sideBySide(this.ask, this.page, this.tableView);
    main.replaceChildren(this.element);
    this.drawTable();
    this.key = e => this.onKey(e);
    addEventListener("keydown", this.key);
    const first = this.questions()[0];
    if (first) this.turn(first); else this.finish();
  }

  close() {
    removeEventListener("keydown", this.key);
    this.page.close();
  }

  take(view) {
    this.view = view;
    view.labels = labels(view.tables);
    const o = view.item.output;
    view.addresses = { page: n => `api/page?${q({ o, n })}`, source: `api/source?${q({ o })}` };
    this.setToday(view);
  }

  // questions are the paths of the review, each once, in its order; those that were passed come last.
  questions() {
    const all = [...new Set(this.view.report.review.map(r => r.path))];
    return [...all.filter(p => !this.passed.has(p)), ...all.filter(p => this.passed.has(p))];
  }
  open() { return this.questions().filter(p => !this.passed.has(p)); }
  doubtful() { return new Set(this.view.report.review.map(r => r.path)); }
  cell(path) { return this.view.report.cells.find(c => c.path === path); }

  drawTable() {
    const { element, cells } = official(this.view, this.pointing);
    this.cells = cells;
    const top = this.tableView.scrollTop;
    this.tableView.replaceChildren(element);
    this.tableView.scrollTop = top;
    const bad = new Set(this.view.report.checks.filter(c => c.status === "fail").flatMap(c => c.cells));
    const doubt = this.doubtful();
    for (const [path, td] of cells) {
      td.classList.toggle("doubt", doubt.has(path));
      td.classList.toggle("bad", bad.has(path));
      td.classList.toggle("now", path === this.path);
    }
    this.stop(this.path);
    this.page.doubt(doubt);
  }

  // stop makes one cell of the tables the one that Tab comes to; the arrows go on from there.
  stop(path) {
    const all = [...this.cells.values()];
    const one = this.cells.get(path) || all[0];
    for (const td of all) td.firstChild.tabIndex = td === one ? 0 : -1;
  }

  // at lights a cell in both panes.
  at(path) {
    for (const [p, td] of this.cells) td.classList.toggle("at", p === path);
    this.page.light(path);
  }
  pick(path) { this.turn(path); }

  turn(path) {
    this.path = path;
    for (const [p, td] of this.cells) td.classList.toggle("now", p === path);
    this.stop(path);
    this.cells.get(path)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.page.go(path);
    this.drawQuestion();
  }

  // readings are other readings of the cell, best first, as values.
  readings() {
    const c = this.cell(this.path), now = valueAt(this.view.report, this.path);
    if (!c || isMeta(this.path)) return [];
    const out = [];
    const add = raw => {
      const text = String(raw ?? "").replace(/[,，\s]/g, "");
      const v = /^[-+]?\d+(\.\d+)?$/.test(text) ? text.replace(/^\+/, "") : ["", "/", "-", "—", "无"].includes(text) ? null : undefined;
      if (v !== undefined && !out.includes(v) && !(v === null ? now === null : String(now) === v)) out.push(v);
    };
    add(c.repair?.from);
    for (const x of [...(c.candidates || [])].sort((a, b) => Math.max(b.probability, b.again || 0) - Math.max(a.probability, a.again || 0))) add(x.raw);
    add(c.second);
    if (c.verdict !== "confirmed") add(c.raw);
    return out.slice(0, 3);
  }

  drawQuestion() {
    const path = this.path, c = this.cell(path), now = valueAt(this.view.report, path), bare = now !== null && typeof now === "object" || now === undefined;
    const why = this.view.report.review.filter(r => r.path === path), reasons = why.map(r => t("reasons")[r.reason] || r.reason);
    const printed = why.some(r => r.reason === "printed_inconsistency");
    const text = path === "/report/title" || path === "/report/issuer";
    const notes = [c?.seal && t("sealed"), c?.repair && t("repairedFrom", c.repair.from), c?.second && c.second !== c.raw && t("secondRead", c.second), c?.note && t("note", c.note)].filter(Boolean);
    const last = [...this.view.history].reverse().find(e => e.path === path && !e.undo);
    if (c?.verdict === "confirmed" && last) notes.push(t("by", last.who || "", (last.when || "").replace("T", " ").slice(0, 16)));
    const crop = h("div", { class: "crop" });
    if (c?.page && c.box) {
      const img = h("img", { alt: `${labelOf(this.view, path)}: ${c.raw}`, src: `api/crop?${q({ o: this.view.item.output, path })}` });
      img.addEventListener("error", () => { crop.textContent = t("noCrop"); });
      crop.append(img);
    } else if (c?.raw) crop.append(h("span", { class: "value" }, c.raw));
    const choices = h("div", { class: "choices" });
    const button = (key, text, act, main) => h("button", { type: "button", class: main ? "main" : "", onclick: act }, h("kbd", {}, key), " ", text);
    if (bare) {
      choices.append(h("span", {}, t("noValue")), button("Enter", t("looked"), () => this.say(null), true));
    } else {
      choices.append(h("span", {}, t("stands"), " ", h("span", { class: "value" }, shown(now))), button("Enter", printed ? t("asPrinted") : t("confirm"), () => this.confirm(), true));
      this.readings().forEach((v, i) => choices.append(button(String(i + 1), shown(v), () => this.say(v))));
      this.field = h("input", { class: text ? "long" : "", inputMode: text ? "text" : "decimal", "aria-label": t(text ? "otherText" : "other"), placeholder: t(text ? "otherText" : "other"), value: text && now ? now : "", autocomplete: "off" });
      choices.append(h("form", { onsubmit: e => { e.preventDefault(); this.typed(); } }, this.field, h("button", { type: "submit" }, t("save"))), button("b", t("isBlank"), () => this.say(null)));
    }
    choices.append(button("s", t("cannotTell"), () => this.pass()), button("u", t("undo"), () => this.undo()), button("←", t("previous"), () => this.step(-1)), button("→", t("next"), () => this.step(1)), h("button", { type: "button", onclick: () => this.help() }, t("help")));
    const sums = this.view.report.checks.filter(k => k.cells.includes(path));
    const n = this.open().length;
    this.ask.replaceChildren(crop, h("div", { class: "what" }, h("h2", {}, labelOf(this.view, path)), reasons.length ? h("p", { class: "why" }, reasons.join("；"), why[0].detail && language() === "en" ? `: ${why[0].detail}` : "") : null, notes.length ? h("p", {}, notes.join("；")) : null, choices, sums.length ? h("ul", { class: "sums", "aria-label": t("equations") }, sums.map(k => sumOf(this.view, k))) : null),
      h("div", { class: "left", role: "status" }, h("b", {}, String(n)), t("left", n, Math.max(this.of, n))));
    if (!bare && (now === null || now === undefined) && !text && !this.readings().length) this.field.focus();
    else if (!this.ask.contains(document.activeElement) && document.activeElement?.tagName !== "INPUT") this.main.focus({ preventScroll: true });
    this.prefetch();
  }

  prefetch() {
    const next = this.open().find(p => p !== this.path), c = next && this.cell(next);
    if (c?.page) {
      new Image().src = `api/crop?${q({ o: this.view.item.output, path: next })}`;
      new Image().src = this.view.addresses.page(c.page);
    }
  }

  confirm() {
    const v = valueAt(this.view.report, this.path);
    const printed = this.view.report.review.some(r => r.path === this.path && r.reason === "printed_inconsistency");
    this.say(v ?? null, printed ? "原文如此" : "");
  }

  typed() {
    const text = this.field.value.trim();
    if (this.path === "/report/title" || this.path === "/report/issuer") { this.say(text || null); return; }
    const plain = text.replace(/[,，\s]/g, "").replace(/[０-９．－]/g, x => String.fromCharCode(x.charCodeAt(0) - 0xfee0));
    if (plain === "") { this.confirm(); return; }
    if (this.path === "/report/year" ? !/^\d{4}$/.test(plain) : !/^-?\d+(\.\d+)?$/.test(plain)) { notice(t(this.path === "/report/year" ? "notYear" : "notNumber")); return; }
    this.say(plain);
  }

  // say keeps an answer. Numbers are sent as they were typed: a floating point number would lose digits.
  async say(value, note = "") {
    const text = this.path === "/report/title" || this.path === "/report/issuer";
    const path = this.path;
    const done = await this.send({ path, value: text || value === null ? value : new Exact(String(value)), note });
    if (!done) return;
    notice(t("saved", shown(value)));
    this.advance(path);
  }

  advance(path) {
    const open = this.open();
    const next = open.find(p => p !== path) || open[0];
    if (next) this.turn(next); else this.finish();
  }

  async undo() {
    const who = document.getElementById("who").value.trim();
    const gone = new Set(this.view.history.map(e => e.undo).filter(Boolean));
    const mine = [...this.view.history].reverse().find(e => !e.undo && !gone.has(e.n) && (!who || e.who === who));
    if (!mine) { notice(t("nothingToUndo")); return; }
    if (await this.send({ path: mine.path, value: null, note: "", undo: mine.n })) {
      notice(t("undone"));
      this.passed.delete(mine.path);
      this.turn(mine.path);
    }
  }

  async send(answer) {
    if (this.busy) return false;
    this.busy = true;
    try {
      const body = { o: this.view.item.output, seen: this.view.history.length, who: document.getElementById("who").value.trim(), answers: [answer] };
      this.take(await api("api/answer", body));
      this.drawTable();
      return true;
    } catch (e) {
      if (e.code === "conflict") {
        this.take(e.view);
        this.drawTable();
        const other = [...e.view.history].reverse().find(x => x.path === answer.path);
        notice(t("conflict", other?.who, shown(valueAt(e.view.report, answer.path))));
        this.turn(answer.path);
      } else notice(e.code === "offline" ? t("offline") : t("failedSave", e.message));
      return false;
    } finally { this.busy = false; }
  }

  pass() {
    this.passed.add(this.path);
    this.advance(this.path);
  }

  step(by) {
    const all = this.questions();
    if (!all.length) return;
    const at = all.indexOf(this.path);
    this.turn(all[at < 0 ? 0 : (at + by + all.length) % all.length]);
  }

  finish() {
    this.path = null;
    for (const td of this.cells.values()) td.classList.remove("now");
    this.page.go(null);
    const rest = this.questions().length;
    if (rest) skipped.add(this.view.item.output);
    const go = h("button", { type: "button", class: "main", onclick: () => this.next() }, h("kbd", {}, "Enter"), " ", t("nextReport"));
    this.ask.replaceChildren(h("div", { class: "what done" }, h("h2", {}, t(rest ? "allSkipped" : "allDone")), h("p", {}, this.view.report.report.title || ""),
      h("div", { class: "choices" }, go, h("button", { type: "button", onclick: () => { location.hash = "#/"; } }, t("toList")), h("button", { type: "button", onclick: () => this.undo() }, h("kbd", {}, "u"), " ", t("undo")))));
    go.focus();
  }

  async next() {
    try {
      const o = await nextReport(this.view.item.output);
      if (o) location.hash = `#/r/${encodeURIComponent(o)}`;
      else { notice(t("nothingLeft")); location.hash = "#/"; }
    } catch (e) { notice(e.code === "offline" ? t("offline") : e.message); }
  }

  help() {
    const d = h("dialog", { "aria-label": t("help") }, h("table", {}, h("tbody", {}, t("keys").map(([k, w]) => h("tr", {}, h("td", {}, k.split(" ").map(x => h("kbd", {}, x))), h("td", {}, w))))), h("button", { type: "button", onclick: () => d.close() }, t("close")));
    d.addEventListener("close", () => d.remove());
    document.body.append(d);
    d.showModal();
  }

  onKey(e) {
    if (e.ctrlKey || e.altKey || e.metaKey || document.querySelector("dialog[open]")) return;
    const typing = e.target.tagName === "INPUT" || e.target.tagName === "SELECT";
    if (typing) {
      if (e.key === "Escape") { e.target.blur(); e.preventDefault(); }
      return;
    }
    const act = this.path === null
      ? { Enter: () => this.next(), u: () => this.undo(), Escape: () => { location.hash = "#/"; } }[e.key]
      : { Enter: () => this.enter(), 1: () => this.choose(0), 2: () => this.choose(1), 3: () => this.choose(2), n: () => this.field?.focus(), b: () => this.blank(), s: () => this.pass(), u: () => this.undo(),
        ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), "+": () => this.page.zoom(1.25), "=": () => this.page.zoom(1.25), "-": () => this.page.zoom(0.8), Escape: () => { location.hash = "#/"; } }[e.key];
    // Enter on a button is that button's.
    if (e.target.closest?.(".official td") && e.key.startsWith("Arrow")) { move(e.target, e.key); e.preventDefault(); return; }
    if (!act || e.key === "Enter" && e.target.tagName === "BUTTON" || e.key === "Enter" && e.target.tagName === "A") return;
    e.preventDefault();
    act();
  }

  enter() {
    const now = valueAt(this.view.report, this.path);
    if (now === undefined || now !== null && typeof now === "object") this.say(null); else this.confirm();
  }
  choose(i) {
    const all = this.readings();
    if (i < all.length) this.say(all[i]);
  }
  blank() {
    if (!isMeta(this.path)) this.say(null);
  }
}

// move goes from one cell of the official tables to the next in a direction.
function move(from, key) {
  const all = [...document.querySelectorAll(".official td button")], at = all.indexOf(from), a = from.getBoundingClientRect();
  let to = all[at + (key === "ArrowRight" ? 1 : -1)];
  if (key === "ArrowUp" || key === "ArrowDown") {
    const down = key === "ArrowDown";
    const beyond = all.filter(b => (down ? b.getBoundingClientRect().top >= a.bottom - 2 : b.getBoundingClientRect().bottom <= a.top + 2));
    const far = b => { const r = b.getBoundingClientRect(); return Math.abs(r.top - a.top) * 10 + Math.abs(r.left + r.width / 2 - a.left - a.width / 2); };
    to = beyond.sort((x, y) => far(x) - far(y))[0];
  }
  to?.focus();
}

// Exact is a number that is written into JSON with the digits that were typed.
class Exact {
  constructor(text) { this.text = text.replace(/^(-?)0+(?=\d)/, "$1"); }
  toJSON() { return JSON.rawJSON ? JSON.rawJSON(this.text) : Number(this.text); }
}
