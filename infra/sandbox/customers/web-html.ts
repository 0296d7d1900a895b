/** How the web pages of this sandbox are written. Pure. */
import { document as documentOf, Html, html, type Page } from '../html-page.ts';

export { type Html, html, type Page } from '../html-page.ts';

/** A Japanese label with its English beside it. */
export function labelled({ label, english }: { readonly label: string; readonly english: string }): Html {
  return html`${label} <small lang="en">${english}</small>`;
}

const STYLE = new Html(`
body{margin:0;font:14px/1.5 "Hiragino Sans","Noto Sans JP","Noto Sans CJK JP",Meiryo,sans-serif;background:#f4f6f8;color:#25303b}
header{background:#2f6f5e;padding:10px 20px;font-weight:bold}header a{color:#fff;text-decoration:none}header small{color:#d6ebe4}
main{margin:16px 20px;background:#fff;border:1px solid #dde3e8;border-radius:6px;padding:16px;overflow-x:auto}
h1{font-size:18px;margin:0 0 12px}small{color:#667;font-weight:normal;font-size:11px}
table{border-collapse:collapse;width:100%}th{background:#eef2f5;text-align:left;font-size:12px}
th,td{border:1px solid #dde3e8;padding:6px 10px;vertical-align:top;overflow-wrap:anywhere}
.list td{white-space:nowrap;max-width:260px;overflow:hidden;text-overflow:ellipsis}.list tbody tr:hover{background:#eef7f4}
a{color:#2f6f5e}dl{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:0 20px}
dt{font-size:12px;color:#556;margin-top:12px}
dd{margin:2px 0 0;padding:4px 8px;border:1px solid #dde3e8;min-height:1.5em;white-space:pre-wrap;overflow-wrap:anywhere}
nav{margin-bottom:12px}p.note{color:#667;font-size:12px}`);

const HEADING = html`顧客台帳サンドボックス <small lang="en">customer service sandbox of Toritsugi</small>`;

export function document(page: Page): string {
  return documentOf(page, { style: STYLE, heading: HEADING });
}
