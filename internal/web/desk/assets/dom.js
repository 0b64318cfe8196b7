// h makes an element: properties, attributes (with a "-"), listeners (on…), children. Texts are never markup.
export function h(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (v === undefined || v === null || v === false) continue;
    if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (k === "class") e.className = v;
    else if (k === "style") Object.assign(e.style, v);
    else if (k === "role" || k === "for" || k === "colspan" || k === "rowspan" || k === "scope" || k === "list" || k.includes("-")) e.setAttribute(k, v === true ? "" : v);
    else e[k] = v;
  }
  e.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false));
  return e;
}

// api asks the program; what it refuses is thrown with its code and status.
export async function api(path, body) {
  let r;
  try {
    r = await fetch(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw Object.assign(new Error("offline"), { code: "offline" });
  }
  if (r.ok) return r.json();
  let p = {};
  try { p = await r.json(); } catch { /* not of this program */ }
  throw Object.assign(new Error(p.detail || r.statusText), { code: p.code, status: r.status, view: p.view });
}

export const q = o => Object.entries(o).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&");

let timer;
export function notice(text) {
  const n = document.getElementById("notice");
  n.textContent = text || "";
  n.hidden = !text;
  clearTimeout(timer);
  if (text) timer = setTimeout(() => { n.hidden = true; }, 8000);
}
