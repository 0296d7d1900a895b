/** HTML by template literal, for the pages of the sandboxes: whatever is put in is escaped, unless it is HTML already. Pure. */

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

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** For lists in which records arrive while one looks on. */
  readonly refreshSeconds?: number;
}

/** How the pages of one sandbox look: they must not be taken for another's. */
export interface PageLook {
  readonly style: Html;
  readonly heading: Html;
}

export function document({ title, body, refreshSeconds }: Page, { style, heading }: PageLook): string {
  const refresh = refreshSeconds === undefined ? html`` : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
${refresh}<style>${style}</style></head>
<body><header><a href="/">${heading}</a></header>
<main>${body}</main></body></html>`.text;
}
