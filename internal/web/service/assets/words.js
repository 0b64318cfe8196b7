// What the front page says beside the words of the desk, in Chinese and in English. Every key is in both.
import { extend } from "../shared/words.js";

const zh = {
  title: "年报转换", drop: "把年报拖到这里，或点此选择文件", dropMore: "扫描件、照片、PDF、OFD、Word、WPS、Excel、网页、文本；可一次选多份", tablesOnly: "只读表格（扫描件快三倍）", keep: "转换后保留",
  minutes: n => `${n} 分钟`, hours: n => `${n} 小时`, days: n => `${n} 天`, sending: "正在上传…", waiting: "排队等候", reading: "正在读取…", readingPage: (n, of) => `正在读第 ${n} 页，共 ${of} 页`, notDone: "未能转换",
  until: time => `保留至 ${time}`, remove: "删除", removed: "已从服务器删除", nothingKept: "文件只在本服务中转换，到时或删除后不留副本。",
  problems: { unsupported_format: "无法识别的文件类型：可读 PDF、OFD、Word、WPS、Excel、网页、文本和图片；压缩包请先解开", damaged: "文件已损坏，请从原处重新取得", encrypted: "文件有密码，请先去掉密码", empty: "文件是空的", too_large: "文件超过大小限制，请拆分后再传", too_many_pages: "页数超过限制，请拆分后再传", timeout: "超过时限，请拆分后再传", out_of_memory: "超过内存限制，请拆分后再传", output_too_large: "结果超过大小限制，请拆分后再传", crashed: "读取时出错，请用原软件另存或打印成 PDF 后再传", missing_program: "服务所在的机器缺少所需的程序（Tesseract 或 LibreOffice）", full: "服务正忙，请稍后再传", ending: "服务正在停止，请稍后再传", token: "口令不对，请重新打开本页" },
  take: "取走", holds: (pass, fail) => `${pass} 式相符，${fail} 式不符`, toReviewNone: "没有需要核对的项", goneJob: "这份文件已删除或已到保留期", offline: "与服务的连接断了", others: "本文件含多份报告，此处是第一份；CSV 与 XLSX 含全部",
};
const en = {
  title: "nianbao", drop: "Drop reports here, or choose files", dropMore: "Scans, photographs, PDF, OFD, Word, WPS, Excel, web pages, text; several at a time", tablesOnly: "Tables only (scans take a third of the time)", keep: "Keep for",
  minutes: n => `${n} minutes`, hours: n => n === 1 ? "an hour" : `${n} hours`, days: n => n === 1 ? "a day" : `${n} days`, sending: "Sending…", waiting: "Waiting its turn", reading: "Reading…", readingPage: (n, of) => `Reading page ${n} of ${of}`, notDone: "Not converted",
  until: time => `kept until ${time}`, remove: "Remove", removed: "Removed from the service", nothingKept: "Files are converted in this service alone; when their time is over or they are removed, nothing stays.",
  problems: { unsupported_format: "This kind of file is not read: PDF, OFD, Word, WPS, Excel, web pages, text and pictures are; unpack archives first", damaged: "The file is damaged: get it again from its source", encrypted: "The file needs a password: remove it first", empty: "The file is empty", too_large: "The file is larger than allowed: split it", too_many_pages: "The file has more pages than allowed: split it", timeout: "It took longer than allowed: split the file", out_of_memory: "It took more memory than allowed: split the file", output_too_large: "The result is larger than allowed: split the file", crashed: "The file made a reader fail: save it anew, or print it to PDF", missing_program: "The machine of the service lacks a program (Tesseract or LibreOffice)", full: "The service is busy: try again later", ending: "The service is being stopped: try again later", token: "The token is wrong: open this page anew" },
  take: "Take away", holds: (pass, fail) => `${pass} sums hold, ${fail} fail`, toReviewNone: "Nothing to look at", goneJob: "This document was removed, or its time is over", offline: "The connection to the service is lost", others: "The file holds several reports, this is the first; CSV and XLSX have all",
};

extend({ zh, en });
