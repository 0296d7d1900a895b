/** How the web pages of this sandbox are written. Pure. */
import { document as documentOf, Html, html, type Page } from '../html-page.ts';
import { englishOf } from './web-labels.ts';

export { type Html, html, type Page } from '../html-page.ts';

/** A Japanese label with its English beside it. */
export function labelled(label: string): Html {
  const english = englishOf(label);
  return english === null ? html`${label}` : html`${label} <small lang="en">${english}</small>`;
}

const STYLE = new Html(`
body{margin:0;font:14px/1.5 "Hiragino Sans","Noto Sans JP","Noto Sans CJK JP",Meiryo,sans-serif;background:#f5f5f5;color:#333}
header{background:#ffbf00;padding:10px 20px;font-weight:bold}header a{color:#333;text-decoration:none}
main{margin:16px 20px;background:#fff;border:1px solid #e3e7e8;padding:16px;overflow-x:auto}
h1{font-size:18px;margin:0 0 12px}small{color:#767676;font-weight:normal;font-size:11px}
table{border-collapse:collapse;width:100%}th{background:#f2f2f2;text-align:left;font-size:12px}
th,td{border:1px solid #e3e7e8;padding:6px 10px;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}
.list th,.list td{white-space:nowrap;max-width:260px;overflow:hidden;text-overflow:ellipsis}
.list tbody tr:hover{background:#f0f8fc}a{color:#3498db}dl{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:0 20px}
dt{font-size:12px;color:#555;margin-top:12px}
dd{margin:2px 0 0;padding:4px 8px;border:1px solid #e3e7e8;min-height:1.5em;white-space:pre-wrap;overflow-wrap:anywhere}
nav{margin-bottom:12px}p.note{color:#767676;font-size:12px}`);

const HEADING = html`kintone サンドボックス <small lang="en">kintone sandbox of Toritsugi</small>`;

export function document(page: Page): string {
  return documentOf(page, { style: STYLE, heading: HEADING });
}
