// The original: its pages with the box of every cell, or the tables of a format that has no pages.
import { h } from "./dom.js";
import { t } from "./words.js";
import { legend } from "./table.js";

// sideBySide lays out what is asked, the page and the tables; where there is room for one only, tabs turn to the other.
export function sideBySide(ask, page, tables) {
  const tab = (name, word) => h("button", { type: "button", role: "tab", "aria-selected": String(name === "page"), onclick: e => {
    desk.className = `desk on-${name}`;
    for (const b of e.target.parentNode.children) b.setAttribute("aria-selected", String(b === e.target));
    page.resize();
  } }, t(word));
  const desk = h("div", { class: "desk on-page" }, ask, h("div", { class: "tabs", role: "tablist" }, tab("page", "original"), tab("table", "tables")), page.element,
    h("section", { class: "pane table", "aria-label": t("tables") }, h("div", { class: "tools" }, legend()), tables));
  return desk;
}

// pagePane shows one page at a time. at is called with a path that is pointed at, or null; pick with one that is chosen.
export function pagePane(view, doubtful, { at, pick }) {
  const pages = view.report.source.pages || [];
  const scroll = h("div", { class: "view", tabIndex: 0, role: "group", "aria-label": t("pages") });
  const title = h("span", { "aria-live": "polite" });
  const turn = by => show(Math.min(Math.max(page + by, 1), pages.length));
  const back = h("button", { type: "button", onclick: () => turn(-1), "aria-label": `${t("previous")}: ${t("original")}` }, "‹");
  const on = h("button", { type: "button", onclick: () => turn(1), "aria-label": `${t("next")}: ${t("original")}` }, "›");
  const tools = h("div", { class: "tools" }, back, title, on, h("span", { class: "spacer" }),
    h("button", { type: "button", onclick: () => zoom(1 / 1.25), title: t("zoomOut"), "aria-label": t("zoomOut") }, "−"),
    h("button", { type: "button", onclick: () => zoom(1.25), title: t("zoomIn"), "aria-label": t("zoomIn") }, "+"),
    h("button", { type: "button", onclick: () => { scale = 1; size(); } }, t("fit")));
  const element = h("section", { class: "pane page", "aria-label": t("original") }, tools, scroll);
  let page = 0, scale = 1, sheet = null, boxes = new Map(), current = null, lit = null;

  const size = () => { if (sheet) sheet.style.width = `${Math.max(200, (scroll.clientWidth - 24) * scale)}px`; };
  const zoom = k => {
    if (!sheet) return;
    const x = (scroll.scrollLeft + scroll.clientWidth / 2) / scroll.scrollWidth, y = (scroll.scrollTop + scroll.clientHeight / 2) / scroll.scrollHeight;
    scale = Math.min(6, Math.max(0.3, scale * k));
    size();
    scroll.scrollLeft = x * scroll.scrollWidth - scroll.clientWidth / 2;
    scroll.scrollTop = y * scroll.scrollHeight - scroll.clientHeight / 2;
  };
  scroll.addEventListener("wheel", e => { if (e.ctrlKey) { e.preventDefault(); zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15); } }, { passive: false });
  scroll.addEventListener("pointerdown", e => {
    if (!sheet || e.button !== 0 || e.target.closest("button")) return;
    const from = [e.clientX, e.clientY, scroll.scrollLeft, scroll.scrollTop];
    scroll.classList.add("drag");
    const move = m => { scroll.scrollLeft = from[2] - m.clientX + from[0]; scroll.scrollTop = from[3] - m.clientY + from[1]; };
    const end = () => { scroll.classList.remove("drag"); removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  });

  const show = n => {
    if (n === page || !pages.length) return;
    page = n;
    const p = pages.find(x => x.number === n) || pages[0];
    title.textContent = t("page", n);
    back.disabled = n <= 1;
    on.disabled = n >= pages.length;
    const turned = p.turn === 90 || p.turn === 270, wide = turned ? p.height : p.width, high = turned ? p.width : p.height;
    const img = h("img", { src: view.addresses.page(n), alt: t("page", n) });
    img.addEventListener("error", () => reason(view.addresses.page(n)));
    sheet = h("div", { class: "sheet", style: { aspectRatio: `${wide} / ${high}` } }, img);
    boxes = new Map();
    for (const c of view.report.cells) {
      if (c.page !== n || !c.box) continue;
      const [x0, y0, x1, y1] = upright(c.box, p);
      const b = h("button", { type: "button", tabIndex: -1, class: "box" + (doubtful.has(c.path) ? " doubt" : ""), "aria-label": c.path, onclick: () => pick(c.path),
        style: { left: `${x0 / wide * 100}%`, top: `${y0 / high * 100}%`, width: `${(x1 - x0) / wide * 100}%`, height: `${(y1 - y0) / high * 100}%` } });
      b.addEventListener("mouseenter", () => at(c.path));
      b.addEventListener("mouseleave", () => at(null));
      boxes.set(c.path, b);
      sheet.append(b);
    }
    scroll.replaceChildren(sheet);
    size();
    mark();
  };
  const mark = () => {
    for (const [path, b] of boxes) {
      b.classList.toggle("now", path === current);
      b.classList.toggle("at", path === lit);
    }
  };
  const reason = async url => {
    let code = "";
    try { code = (await (await fetch(url)).json()).code; } catch { /* the program is gone; the answers will say so */ }
    sheet = null;
    scroll.replaceChildren(h("p", { class: "none" }, t({ moved: "moved", changed: "changed" }[code] || "noPages")));
  };
  const center = e => {
    const a = e.getBoundingClientRect(), b = scroll.getBoundingClientRect();
    scroll.scrollBy(a.left + a.width / 2 - b.left - b.width / 2, a.top + a.height / 2 - b.top - b.height / 2);
  };

  const source = pages.length ? null : sourcePane(view, scroll, title);
  addEventListener("resize", size);
  return {
    element,
    zoom,
    // go shows the cell of a path, and its page.
    go(path) {
      current = path;
      if (source) { source.go(path); return; }
      const c = view.report.cells.find(x => x.path === path);
      show(c?.page || page || pages[0]?.number || 0);
      mark();
      const b = boxes.get(path);
      if (b) requestAnimationFrame(() => center(b));
    },
    light(path) {
      lit = path;
      if (source) source.light(path); else mark();
    },
    doubt(set) { for (const [path, b] of boxes) b.classList.toggle("doubt", set.has(path)); },
    close() { removeEventListener("resize", size); },
    resize: size,
  };
}

// upright is a box of the page on the page turned upright.
function upright([x0, y0, x1, y1], p) {
  switch (p.turn) {
    case 90: return [p.height - y1, x0, p.height - y0, x1];
    case 180: return [p.width - x1, p.height - y1, p.width - x0, p.height - y0];
    case 270: return [y0, p.width - x1, y1, p.width - x0];
  }
  return [x0, y0, x1, y1];
}

// sourcePane shows the source's own tables. Its cells have no place; the one whose row has the field's label and whose
// text is what was read is marked.
function sourcePane(view, scroll, title) {
  title.textContent = t("source");
  const holder = h("div", { class: "source" }, t("loading"));
  scroll.replaceChildren(holder);
  let ready = false, current = null;
  const plain = s => s.replace(/[\s　（）()、，,。．.：:]/g, "");
  const find = path => {
    const c = view.report.cells.find(x => x.path === path);
    const label = view.labels.get(path);
    if (!c || !label) return null;
    const own = label.split(" › ").map(plain);
    let best = null, score = 0;
    for (const tr of holder.querySelectorAll("tr")) {
      const text = plain(tr.textContent);
      const s = own.reduce((n, l) => n + (l && text.includes(l) ? l.length : 0), 0);
      const tds = [...tr.cells].filter(td => td.textContent.trim() === c.raw.trim());
      if (tds.length && s > score) { best = tds[0]; score = s; }
    }
    return best;
  };
  const mark = (cls, path) => {
    for (const e of holder.querySelectorAll("." + cls)) e.classList.remove(cls);
    const e = path && ready ? find(path) : null;
    e?.classList.add(cls);
    return e;
  };
  fetch(view.addresses.source).then(async r => {
    if (!r.ok) { holder.textContent = t({ moved: "moved", changed: "changed" }[(await r.json()).code] || "noPages"); return; }
    holder.replaceChildren(...new DOMParser().parseFromString(await r.text(), "text/html").body.childNodes);
    ready = true;
    if (current) mark("now", current)?.scrollIntoView({ block: "center" });
  }).catch(() => { holder.textContent = t("offline"); });
  return {
    go(path) { current = path; mark("now", path)?.scrollIntoView({ block: "center" }); },
    light(path) { mark("at", path); },
  };
}
