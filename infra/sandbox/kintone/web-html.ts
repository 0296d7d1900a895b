/** HTML by template literal: whatever is put in is escaped, unless it is HTML already. Pure. */
import { englishOf } from './web-labels.ts';

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.map((string, index) => string + written(pieces[index])).join(''));
}

function written(piece: Piece | undefined): string {
  if (piece === undefined) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map((each) => each.text).join('');
  return String(piece).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}

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

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** For lists in which records arrive while one looks on. */
  readonly refreshSeconds?: number;
}

export function document(page: Page): string {
  const refresh = page.refreshSeconds === undefined ? html`` : html`<meta http-equiv="refresh" content="${page.refreshSeconds}">`;
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${page.title}</title>
${refresh}<style>${STYLE}</style></head>
<body><header><a href="/">kintone サンドボックス <small lang="en">kintone sandbox of Toritsugi</small></a></header>
<main>${page.body}</main></body></html>`.text;
}
