// The official tables as the form prints them: merged headers, labels, and each value in its verdict's colour.
import { h } from "./dom.js";
import { t } from "./words.js";

const pathOf = (table, row, col) => "/tables/" + table.key + (row.key ? "/" + row.key : "") + (col.key ? "/" + col.key : "");

// valueAt gives the value at a JSON pointer of the report; undefined where there is no such path.
export function valueAt(report, path) {
  let v = report;
  for (const k of path.split("/").slice(1)) {
    if (v === null || typeof v !== "object") return undefined;
    v = v[k.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return v;
}

export const shown = v => v === null || v === undefined || v === "" ? t("blank") : String(v);

// labels gives for each path of the tables its row's and its column's label, with the groups around them.
export function labels(tables) {
  const out = new Map();
  for (const table of tables) {
    for (const row of table.rows) {
      for (const col of table.columns) {
        out.set(pathOf(table, row, col), [...(row.groups || []), row.label, ...(col.groups || []), col.label].filter(Boolean).join(" › "));
      }
    }
  }
  return out;
}

const meta = { "/report/title": "titleField", "/report/issuer": "issuerField", "/report/year": "yearField" };
export const isMeta = path => path in meta;

// labelOf is what a person calls a path: view.labels has those of the tables.
export function labelOf(view, path) {
  if (meta[path]) return t(meta[path]);
  const known = view.labels.get(path);
  if (known) return known;
  const table = view.tables.find(x => "/tables/" + x.key === path);
  if (table) return table.title;
  const part = [...view.labels].find(([p]) => p.startsWith(path + "/"));
  return part ? part[1].split(" › ").slice(0, -1).join(" › ") : path.replace(/^\/tables\//, "");
}

// scopeLabel says of which row or column a sum is.
function scopeLabel(view, k) {
  for (const table of view.tables) {
    const line = [...table.rows, ...table.columns].find(x => x.key && x.key === k.scope);
    if (line && k.cells[0]?.startsWith(`/tables/${table.key}/`)) return line.label;
  }
  return "";
}

// sumOf draws an equation: in words, and with what stands on both sides.
export function sumOf(view, k) {
  const words = view.relations.find(r => r.rule === k.rule)?.words || k.rule;
  const sign = { pass: k.relation, fail: k.relation === "=" ? "≠" : ">", unknown: "?" }[k.status];
  return h("li", { class: k.status, title: k.rule }, [words, scopeLabel(view, k)].filter(Boolean).join("，"), "：", `${k.left ?? "—"} ${sign} ${k.right ?? "—"}`);
}

// official draws all tables. at is called with a path that is pointed at, or null; pick with one that is chosen.
export function official(view, { at, pick }) {
  const marks = new Map((view.report.cells || []).map(c => [c.path, c]));
  const cells = new Map();
  const cell = path => {
    const v = valueAt(view.report, path);
    const c = marks.get(path);
    const td = h("td", { class: c?.verdict || "", "data-path": path },
      h("button", { type: "button", "aria-label": `${path}: ${shown(v)}`, title: c ? t("verdicts")[c.verdict] : "", onclick: () => pick(path), onfocus: () => at(path), onblur: () => at(null) }, v === null || v === undefined ? "" : String(v)));
    td.addEventListener("mouseenter", () => at(path));
    td.addEventListener("mouseleave", () => at(null));
    cells.set(path, td);
    return td;
  };
  const blocks = [];
  for (const table of view.tables) {
    if (valueAt(view.report, "/tables/" + table.key) === null) continue;
    blocks.push(h("section", { class: "official" }, h("h3", {}, table.title), table.bands ? bands(table, cell) : grid(table, table.rows, table.columns, cell)));
  }
  const known = new Set(cells.keys());
  const rest = (view.report.cells || []).filter(c => c.path.startsWith("/tables/") && !known.has(c.path));
  if (rest.length) {
    blocks.push(h("section", { class: "official" }, h("h3", {}, t("otherFields")), h("table", {}, h("tbody", {}, rest.map(c => h("tr", {}, h("th", { scope: "row" }, localLabel(view.report, c.path)), cell(c.path)))))));
  }
  return { element: h("div", {}, blocks), cells };
}

// localLabel is the label of a row of a local form, else the path's last part.
function localLabel(report, path) {
  const m = /^\/tables\/local\/(\d+)\//.exec(path);
  return (m && report.tables.local?.[m[1]]?.label) || path.replace(/^\/tables\//, "");
}

// bands draws a stack of small tables: each run of rows with the same columns and group has its own header.
function bands(table, cell) {
  const out = [];
  for (let i = 0; i < table.rows.length;) {
    const key = r => JSON.stringify([r.groups || [], r.columns || []]);
    let j = i;
    while (j < table.rows.length && key(table.rows[j]) === key(table.rows[i])) j++;
    const rows = table.rows.slice(i, j).map(r => ({ ...r, groups: [] }));
    const keys = rows[0].columns;
    const columns = keys?.length ? table.columns.filter(c => keys.includes(c.key)) : table.columns;
    const title = (table.rows[i].groups || []).join(" ");
    out.push(title ? h("p", {}, title) : null, grid({ ...table, corner: table.corner }, rows, columns, cell));
    i = j;
  }
  return out;
}

// grid draws a table: header cells span the columns of their group, label cells the rows of theirs.
function grid(table, rows, columns, cell) {
  const above = Math.max(0, ...columns.map(c => (c.groups || []).length)), beside = Math.max(0, ...rows.map(r => (r.groups || []).length));
  const labelled = rows.some(r => r.label), named = columns.some(c => c.label);
  const head = [];
  for (let level = 0; named && level <= above; level++) {
    const tr = h("tr");
    if (level === 0 && labelled) tr.append(h(table.corner ? "th" : "td", { class: "corner", colspan: beside + 1, rowspan: above + 1 }, table.corner || ""));
    for (let i = 0; i < columns.length;) {
      const c = columns[i], groups = c.groups || [];
      if (level < groups.length) {
        let j = i;
        const same = d => JSON.stringify((d.groups || []).slice(0, level + 1)) === JSON.stringify(groups.slice(0, level + 1));
        while (j < columns.length && same(columns[j])) j++;
        tr.append(h("th", { colspan: j - i, scope: "colgroup" }, groups[level]));
        i = j;
        continue;
      }
      if (level === groups.length) tr.append(h("th", { rowspan: above + 1 - level, scope: "col" }, c.label));
      i++;
    }
    head.push(tr);
  }
  const body = rows.map((r, n) => {
    const tr = h("tr"), groups = r.groups || [];
    if (labelled) {
      for (let level = 0; level < groups.length; level++) {
        const same = d => d && JSON.stringify((d.groups || []).slice(0, level + 1)) === JSON.stringify(groups.slice(0, level + 1));
        if (same(rows[n - 1])) continue;
        let m = n;
        while (same(rows[m])) m++;
        tr.append(h("th", { rowspan: m - n, scope: "rowgroup" }, groups[level]));
      }
      tr.append(h("th", { colspan: beside + 1 - groups.length, scope: "row" }, r.label));
    }
    for (const c of columns) {
      const none = r.heading || r.columns?.length && !r.columns.includes(c.key);
      tr.append(none ? h("td", { class: "none" }) : cell(pathOf(table, r, c)));
    }
    return tr;
  });
  return h("table", {}, h("thead", {}, head), h("tbody", {}, body));
}

export function legend() {
  return h("span", { class: "key" }, ["proven", "supported", "read", "repaired", "conflict", "missing", "confirmed"].map(v => h("i", { class: v }, t("verdicts")[v])));
}
