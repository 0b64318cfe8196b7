// The list of all reports of the batch: paged by the server, drawn only where it is looked at.
import { h, api, q, notice } from "./dom.js";
import { t } from "./words.js";

const page = 100;
const kinds = ["", "review", "sums", "partial", "failed", "done"];
let asked = { q: "", kind: "review", sort: "need" };

export async function showList(main, setToday) {
  const height = matchMedia("(max-width:820px)").matches ? 84 : 64;
  let total = 0, pages = new Map(), shown = 0, canRetry = false;
  const search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), value: asked.q });
  const order = h("select", { "aria-label": t("sort") }, h("option", { value: "need" }, t("byNeed")), h("option", { value: "name" }, t("byName")));
  order.value = asked.sort;
  const buttons = h("div", { class: "kinds", role: "group" });
  const count = h("span", { role: "status" });
  const space = h("div", { class: "space", role: "list", "aria-label": t("all") });
  const scroll = h("div", { class: "scroll" }, space);
  main.replaceChildren(h("div", { class: "list" }, h("div", { class: "bar" }, search, buttons, order, count), scroll));

  const load = async n => {
    if (pages.has(n)) return;
    pages.set(n, []);
    const l = await api(`api/list?${q({ ...asked, offset: n * page, limit: page })}`);
    pages.set(n, l.items);
    total = l.total;
    canRetry = l.again;
    setToday(l);
    buttons.replaceChildren(...kinds.map(k => h("button", { type: "button", "aria-pressed": String(asked.kind === k), onclick: () => { asked.kind = k; start(); } }, `${t(k || "all")} ${l.counts[k || "all"] || 0}`)));
    count.textContent = t("found", total);
    draw();
  };
  const draw = () => {
    space.style.height = `${Math.max(total, 1) * height}px`;
    const first = Math.max(0, Math.floor(scroll.scrollTop / height) - 5), last = Math.min(total, Math.ceil((scroll.scrollTop + scroll.clientHeight) / height) + 5);
    const rows = [];
    for (let i = first; i < last; i++) {
      const items = pages.get(Math.floor(i / page));
      if (!items) { load(Math.floor(i / page)).catch(failed); continue; }
      if (items[i % page]) rows.push(row(items[i % page], i));
    }
    if (total === 0 && pages.get(0)?.length === 0 && shown) rows.push(h("p", { class: "none" }, t("empty")));
    const held = document.activeElement?.dataset?.at;
    space.replaceChildren(...rows);
    if (held !== undefined) space.querySelector(`[data-at="${held}"]`)?.focus({ preventScroll: true });
  };
  const row = (i, at) => {
    const place = { top: `${at * height}px` };
    const tags = [];
    if (i.state === "failed") tags.push(h("span", { class: "tag bad" }, i.reason));
    else {
      if (i.failed_sums) tags.push(h("span", { class: "tag bad" }, t("failedSums", i.failed_sums)));
      if (i.review) tags.push(h("span", { class: "tag warn" }, t("toReview", i.review)));
      if (i.status !== "complete") tags.push(h("span", { class: "tag warn" }, t(i.status === "partial" ? "partialStatus" : i.status) || i.status));
      else if (!i.review) tags.push(h("span", { class: "tag good" }, t("nothing")));
    }
    const name = [h("b", {}, i.title || i.issuer || (i.state === "failed" ? i.output.replace(/\.json$/, "") : t("unknownIssuer"))), h("small", {}, i.output.replace(/\.json$/, ""))];
    if (i.state === "failed") {
      const again = h("button", { type: "button", onclick: () => retry(i, again) }, t("again"));
      return h("div", { class: "row", role: "listitem", style: place }, h("span", {}, name), h("span", { class: "num" }), h("small", { class: "msg", title: i.message }, i.message), h("span", {}, tags, canRetry ? again : null));
    }
    return h("div", { role: "listitem" }, h("button", { class: "row", type: "button", style: place, "data-at": at, onclick: () => { location.hash = `#/r/${encodeURIComponent(i.output)}`; } },
      h("span", {}, name), h("span", { class: "num" }, i.year ? t("year", i.year) : ""), h("span", { class: "num" }, t("form", i.form)), h("span", {}, tags)));
  };
  const retry = async (i, button) => {
    button.disabled = true;
    button.textContent = t("retrying");
    try {
      const now = await api("api/again", { o: i.output });
      if (now.state === "failed") notice(t("stillFailed", now.message));
      start();
    } catch (e) { failed(e); button.disabled = false; button.textContent = t("again"); }
  };
  const failed = e => notice(e.code === "offline" ? t("offline") : e.message);
  const start = () => {
    pages = new Map();
    shown = 0;
    scroll.scrollTop = 0;
    load(0).then(() => { shown = 1; draw(); space.querySelector("button")?.focus({ preventScroll: true }); }).catch(failed);
  };
  let typed;
  search.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(() => { asked.q = search.value; pages = new Map(); shown = 0; scroll.scrollTop = 0; load(0).then(() => { shown = 1; draw(); }).catch(failed); }, 150); });
  order.addEventListener("change", () => { asked.sort = order.value; start(); });
  scroll.addEventListener("scroll", draw);
  start();
}

// nextReport is the report that most needs eyes after this one, or nothing.
export async function nextReport(output) {
  const l = await api(`api/list?${q({ q: asked.q, kind: "review", sort: "need", offset: 0, limit: 50 })}`);
  return l.items.find(i => i.output !== output && !skipped.has(i.output))?.output;
}

// skipped are reports of which somebody could not tell the rest.
export const skipped = new Set();
