/** HTML by template literal: whatever is put in is escaped, unless it is HTML already. Pure. */

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
<body><header><a href="/">顧客台帳サンドボックス <small lang="en">customer service sandbox of Toritsugi</small></a></header>
<main>${page.body}</main></body></html>`.text;
}
