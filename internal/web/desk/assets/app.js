// Which of the two views is shown, and what stands around them.
import { notice } from "./dom.js";
import { t, switchLanguage, speak } from "./words.js";
import { showList } from "./list.js";
import { showDesk } from "./desk.js";

const main = document.getElementById("main"), who = document.getElementById("who");
let desk = null, shownAt = 0;

who.value = localStorage.getItem("who") || "";
who.addEventListener("change", () => localStorage.setItem("who", who.value.trim()));

function setToday(x) {
  document.getElementById("today").textContent = x.today ? t("today", x.today) : "";
  if (x.who && !who.value) who.placeholder = x.who;
}

async function show() {
  const at = ++shownAt;
  desk?.close();
  desk = null;
  speak();
  const where = document.getElementById("where");
  const m = /^#\/r\/(.+)$/.exec(location.hash);
  try {
    if (!m) { where.textContent = ""; await showList(main, setToday); return; }
    const output = decodeURIComponent(m[1]);
    where.textContent = output.replace(/\.json$/, "");
    const d = await showDesk(main, output, setToday);
    if (at !== shownAt) { d.close(); return; }
    desk = d;
    where.textContent = [d.view.report.report.title || d.view.item.issuer, output.replace(/\.json$/, "")].filter(Boolean).join("　");
  } catch (e) {
    notice(e.code === "offline" ? t("offline") : e.message);
  }
}

document.getElementById("lang").addEventListener("click", () => { switchLanguage(); show(); });
addEventListener("hashchange", show);
show();
