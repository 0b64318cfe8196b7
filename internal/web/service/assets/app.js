// The front page: documents are dropped, watched while they are read, looked at, and taken away. It uses the API of
// the service and nothing else.
import "./words.js";
import { h, notice } from "../shared/dom.js";
import { t, language, switchLanguage, speak } from "../shared/words.js";
import { showReading } from "./reading.js";

const main = document.getElementById("main");
const docs = new Map(); // job by id, in the order in which they were sent
const streams = new Map();
let reading = null, list = null, shownAt = 0;

// ask is a request of the API; what it refuses is thrown with its code.
export async function ask(path, options = {}) {
  let r;
  try { r = await fetch(path, options); } catch { throw Object.assign(new Error(t("offline")), { code: "offline" }); }
  if (r.ok) return r;
  let p = {};
  try { p = await r.json(); } catch { /* not of this service */ }
  throw Object.assign(new Error(p.detail || r.statusText), { code: p.code, status: r.status });
}

const remember = () => sessionStorage.setItem("jobs", JSON.stringify([...docs.keys()].filter(id => !id.startsWith("sending"))));

function take(job) {
  docs.set(job.id, job);
  remember();
  draw();
}

// follow keeps a job up to date until it ends.
function follow(id) {
  if (streams.has(id)) return;
  const s = new EventSource(`v1/jobs/${id}/events`);
  streams.set(id, s);
  const end = () => { s.close(); streams.delete(id); };
  for (const name of ["queued", "running", "done", "failed"]) s.addEventListener(name, e => {
    take(JSON.parse(e.data));
    if (name === "done" || name === "failed") end();
  });
  s.addEventListener("gone", () => { end(); drop(id); });
  // A stream that breaks off is opened anew by the browser, unless the service refuses it.
  s.addEventListener("error", () => { if (s.readyState === EventSource.CLOSED) { end(); refresh(id); } });
}

async function refresh(id) {
  try {
    const job = await (await ask(`v1/jobs/${id}`)).json();
    take(job);
    if (job.state === "queued" || job.state === "running") setTimeout(() => follow(id), 2000);
  } catch (e) {
    if (e.status === 404) drop(id); else notice(e.message);
  }
}

function drop(id) {
  docs.delete(id);
  remember();
  draw();
}

// turns has files sent a few at a time.
const turns = { free: 3, waiting: [] };
async function turn() {
  if (turns.free > 0) { turns.free--; return; }
  await new Promise(go => turns.waiting.push(go));
}
const over = () => { const next = turns.waiting.shift(); if (next) next(); else turns.free++; };

let sent = 0;
async function send(file) {
  const place = `sending${++sent}`;
  docs.set(place, { id: place, name: file.name, state: "sending" });
  draw();
  await turn();
  try {
    const q = new URLSearchParams({ name: file.name, keep: document.getElementById("keep")?.value || "3600", any: "true" });
    if (document.getElementById("tables-only")?.checked) q.set("tables_only", "true");
    for (;;) {
      try {
        const job = await (await ask(`v1/jobs?${q}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file })).json();
        docs.delete(place);
        take(job);
        follow(job.id);
        return;
      } catch (e) {
        if (e.status !== 429) throw e;
        await new Promise(go => setTimeout(go, 3000)); // the queue is full: it is tried again
      }
    }
  } catch (e) {
    docs.set(place, { id: place, name: file.name, state: "failed", problem: { code: e.code, detail: e.message } });
    draw();
  } finally { over(); }
}

async function remove(id) {
  if (!id.startsWith("sending")) {
    try { await ask(`v1/jobs/${id}`, { method: "DELETE" }); } catch (e) { if (e.status !== 404) { notice(e.message); return; } }
    streams.get(id)?.close();
    streams.delete(id);
    notice(t("removed"));
  }
  drop(id);
}

const clock = time => new Date(time).toLocaleString(language() === "en" ? "en-GB" : "zh-CN", { dateStyle: "short", timeStyle: "short" });

// line draws one document.
function line(job) {
  const tag = (kind, text) => h("span", { class: `tag ${kind}` }, text);
  const say = {
    sending: () => [t("sending")], queued: () => [t("waiting")],
    running: () => [job.of ? t("readingPage", job.page, job.of) : t("reading")],
    done: () => [tag(job.outcome === "complete" ? "good" : job.outcome === "partial" ? "warn" : "bad", t({ complete: "complete", partial: "partialStatus" }[job.outcome] || job.outcome)), job.review ? tag("warn", t("toReview", job.review)) : tag("good", t("toReviewNone"))],
    failed: () => [tag("bad", t("notDone"))],
  }[job.state]();
  const name = job.state === "done" ? h("a", { class: "name", href: `#/${job.id}`, title: job.name }, job.name) : h("span", { class: "name", title: job.name }, job.name);
  return h("li", { class: "doc" },
    h("div", {}, name, job.problem ? h("small", { class: "why" }, t("problems")[job.problem.code] || job.problem.detail) : null, job.expires ? h("small", {}, t("until", clock(job.expires))) : null),
    h("div", { role: "status" }, job.state === "running" ? h("progress", { max: job.of || 1, value: job.of ? job.page - 1 : undefined, "aria-label": t("reading") }) : null, " ", say),
    h("button", { type: "button", "aria-label": `${t("remove")}: ${job.name}`, onclick: () => remove(job.id) }, t("remove")));
}

function draw() {
  if (!list) return;
  const at = document.activeElement?.getAttribute("aria-label");
  list.replaceChildren(...[...docs.values()].reverse().map(line));
  if (at) [...list.querySelectorAll("[aria-label]")].find(e => e.getAttribute("aria-label") === at)?.focus();
}

function showFront() {
  const input = h("input", { type: "file", id: "files", multiple: true, "aria-label": t("drop") });
  const zone = h("label", { class: "drop" }, h("b", {}, t("drop")), h("span", {}, t("dropMore")), input);
  const all = files => { for (const f of files) send(f); };
  input.addEventListener("change", () => { all(input.files); input.value = ""; });
  for (const on of ["dragenter", "dragover"]) zone.addEventListener(on, e => { e.preventDefault(); zone.classList.add("over"); });
  for (const off of ["dragleave", "drop"]) zone.addEventListener(off, e => { e.preventDefault(); zone.classList.remove("over"); });
  zone.addEventListener("drop", e => all(e.dataTransfer.files));
  const kept = sessionStorage.getItem("keep") || "3600";
  const keep = h("select", { id: "keep", onchange: () => sessionStorage.setItem("keep", keep.value) }, [[600, t("minutes", 10)], [3600, t("hours", 1)], [86400, t("days", 1)]].map(([s, w]) => h("option", { value: String(s), selected: String(s) === kept }, w)));
  list = h("ul", { class: "docs" });
  main.replaceChildren(h("div", { class: "front" }, zone,
    h("div", { class: "options" }, h("label", {}, h("input", { type: "checkbox", id: "tables-only" }), " ", t("tablesOnly")), h("label", {}, t("keep"), " ", keep)),
    list, h("p", { class: "note" }, t("nothingKept"))));
  draw();
}

async function show() {
  const at = ++shownAt;
  reading?.close();
  reading = null;
  speak();
  const where = document.getElementById("where");
  const m = /^#\/([A-Za-z0-9]+)$/.exec(location.hash);
  where.textContent = "";
  if (!m) { showFront(); return; }
  list = null;
  try {
    const r = await showReading(main, m[1]);
    if (at !== shownAt) { r.close(); return; }
    reading = r;
    where.textContent = r.job.name;
  } catch (e) {
    notice(e.status === 404 ? t("goneJob") : e.message);
    location.hash = "#/";
  }
}

// A document dropped beside the zone does not take the page's place.
for (const on of ["dragover", "drop"]) addEventListener(on, e => e.preventDefault());
document.getElementById("lang").addEventListener("click", () => { switchLanguage(); show(); });
addEventListener("hashchange", show);
show();
for (const id of JSON.parse(sessionStorage.getItem("jobs") || "[]")) refresh(id);
