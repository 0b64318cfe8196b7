// What the desk says, in Chinese and in English. Every key is in both.
const zh = {
  title: "年报核对台", name: "核对人", language: "English", loading: "正在打开…", search: "按单位、年份、题名、文件名查找", sort: "排序", byNeed: "最需核对的在前", byName: "按名称",
  all: "全部", review: "待核对", sums: "勾稽不符", partial: "不完整", failed: "未转换", done: "已核对完", today: n => `今日已答 ${n} 项`, found: n => `共 ${n} 份`, empty: "没有符合条件的报告",
  left: (n, of) => `剩 ${n}，共 ${of}`, leftShort: "待核对", failedSums: n => `${n} 式不符`, toReview: n => `${n} 项待核对`, nothing: "无需核对", again: "重新转换", retrying: "正在转换…", stillFailed: m => `仍未成功：${m}`,
  complete: "完整", partialStatus: "有缺漏", no_numbers: "未取得数字", not_a_report: "不是年报", unknownIssuer: "（单位未知）", year: y => `${y} 年`, form: f => ({ local: "地方表式", narrative: "文字报告" }[f] || `${f} 年表式`),
  stands: "现值", blank: "空白", confirm: "确认", other: "其他数字", otherText: "改为", save: "保存", isBlank: "原件空白", cannotTell: "看不清，下一项", undo: "撤销", previous: "上一项", next: "下一项", help: "按键",
  asPrinted: "原文如此", looked: "已看过，原件如此", noValue: "此处没有可填的单个数字", page: n => `第 ${n} 页`, zoomIn: "放大", zoomOut: "缩小", fit: "适合宽度", original: "原件", tables: "官方表式", pages: "原件页面", values: "各项数值", source: "原文表格",
  moved: "原件已不在原处，无法显示", changed: "原件已被改动，与转换时不同", noPages: "此格式没有页面", noCrop: "没有图片", loadingPage: "正在绘制页面…",
  allDone: "本份已核对完", allSkipped: "其余各项均已跳过", nextReport: "下一份", toList: "回到清单", nothingLeft: "没有其他待核对的报告了", unused: "先前的答复对不上",
  conflict: (who, v) => `${who || "另一位"}刚刚已把此项定为 ${v}；请看后再答`, saved: v => `已保存：${v}`, undone: "已撤销", failedSave: m => `没有保存：${m}`, offline: "与程序的连接断了，答复没有保存；请确认 nianbao review 仍在运行",
  notNumber: "请输入数字，例如 12 或 7730.28", notYear: "请输入年份，例如 2019", nothingToUndo: "没有可撤销的答复", sealed: "有印章或笔迹压在上面", repairedFrom: v => `程序把“${v}”更正为现值`, secondRead: v => `另一识别器读作“${v}”`, note: v => `旁注：${v}`,
  titleField: "报告题名", issuerField: "发布单位", yearField: "报告年份", otherFields: "其他数值", equations: "勾稽关系", by: (who, when) => `${who}　${when}`, close: "关闭",
  reasons: { low_confidence: "读得不够确定", repaired: "程序更正过，请过目", conflict: "勾稽不符，读数存疑", printed_inconsistency: "原文本身勾稽不符", missing: "未读出", text_disagrees: "与正文说法不一", unit: "单位与表头不同", answer_unused: "先前的答复对不上这份结果" },
  verdicts: { proven: "两式以上印证", supported: "一式印证", read: "仅读出", repaired: "已更正", conflict: "不符", missing: "缺", confirmed: "已核对" },
  keys: [["Enter", "确认现值（原文勾稽不符时即“原文如此”）"], ["1 2 3", "取第几个读法"], ["n", "输入其他数字"], ["b", "原件空白"], ["s", "看不清，先跳过"], ["u", "撤销上一次答复"], ["← →", "上一项、下一项（在表格中：左右上下移动）"], ["+ −", "放大、缩小"], ["Esc", "回到清单"]],
};
const en = {
  title: "nianbao review", name: "Your name", language: "中文", loading: "Opening…", search: "Find by issuer, year, title or file", sort: "Order", byNeed: "Most in need of eyes first", byName: "By name",
  all: "All", review: "To review", sums: "Sums fail", partial: "Incomplete", failed: "No result", done: "Done", today: n => `${n} answered today`, found: n => `${n} reports`, empty: "No report is like that",
  left: (n, of) => `${n} left of ${of}`, leftShort: "left", failedSums: n => `${n} sums fail`, toReview: n => `${n} to review`, nothing: "Nothing to review", again: "Convert again", retrying: "Converting…", stillFailed: m => `Still no result: ${m}`,
  complete: "Complete", partialStatus: "Incomplete", no_numbers: "No numbers", not_a_report: "Not a report", unknownIssuer: "(issuer unknown)", year: y => `${y}`, form: f => ({ local: "Local form", narrative: "Narrative" }[f] || `Form of ${f}`),
  stands: "Stands", blank: "blank", confirm: "Confirm", other: "Another number", otherText: "Change to", save: "Save", isBlank: "Blank on paper", cannotTell: "I can't tell", undo: "Undo", previous: "Previous", next: "Next", help: "Keys",
  asPrinted: "Printed so", looked: "Seen, it is so", noValue: "There is no single number to fill in here", page: n => `Page ${n}`, zoomIn: "Larger", zoomOut: "Smaller", fit: "Fit width", original: "Original", tables: "Official table", pages: "Pages of the original", values: "Values", source: "Tables of the source",
  moved: "The original is no longer where it was", changed: "The original has changed since it was converted", noPages: "This format has no pages", noCrop: "No picture", loadingPage: "Drawing the page…",
  allDone: "This report is done", allSkipped: "The rest was skipped", nextReport: "Next report", toList: "Back to the list", nothingLeft: "No other report has anything to review", unused: "An earlier answer does not fit",
  conflict: (who, v) => `${who || "Somebody else"} has just answered this with ${v}; look again`, saved: v => `Saved: ${v}`, undone: "Taken back", failedSave: m => `Not saved: ${m}`, offline: "The connection to the program is lost, the answer was not saved; is nianbao review still running?",
  notNumber: "A number is expected, such as 12 or 7730.28", notYear: "A year is expected, such as 2019", nothingToUndo: "There is no answer to take back", sealed: "a seal or a pen touches it", repairedFrom: v => `“${v}” was read and corrected`, secondRead: v => `another reader saw “${v}”`, note: v => `beside it: ${v}`,
  titleField: "Title of the report", issuerField: "Issuer", yearField: "Year", otherFields: "Other values", equations: "Equations", by: (who, when) => `${who}, ${when}`, close: "Close",
  reasons: { low_confidence: "Not read surely", repaired: "Corrected by the program: look at it", conflict: "A sum fails and the reading is doubtful", printed_inconsistency: "The print itself does not add up", missing: "Not read", text_disagrees: "The prose says otherwise", unit: "Another unit than the header's", answer_unused: "An earlier answer does not fit this result" },
  verdicts: { proven: "two sums hold", supported: "one sum holds", read: "only read", repaired: "corrected", conflict: "fails", missing: "missing", confirmed: "confirmed" },
  keys: [["Enter", "confirm what stands (where the print does not add up: printed so)"], ["1 2 3", "take another reading"], ["n", "type another number"], ["b", "blank on paper"], ["s", "I can't tell, later"], ["u", "take the last answer back"], ["← →", "previous, next (in the table: to the next cell)"], ["+ −", "larger, smaller"], ["Esc", "back to the list"]],
};

// extend adds the words of another page, which may say some things otherwise.
export function extend(more) {
  Object.assign(zh, more.zh);
  Object.assign(en, more.en);
}

let lang = localStorage.getItem("lang") === "en" ? "en" : "zh";

// t gives a text; functions take their numbers and names.
export function t(key, ...args) {
  const w = (lang === "en" ? en : zh)[key];
  return typeof w === "function" ? w(...args) : w;
}

export function language() { return lang; }

export function switchLanguage() {
  lang = lang === "en" ? "zh" : "en";
  localStorage.setItem("lang", lang);
}

// speak puts what stands around a view into the language.
export function speak() {
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  document.title = t("title");
  for (const e of document.querySelectorAll("[data-word]")) e.textContent = t(e.dataset.word);
  document.getElementById("lang").textContent = t("language");
}
