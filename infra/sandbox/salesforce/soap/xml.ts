/** As much of XML as SOAP calls consist of. Pure. */

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly text: string;
  readonly isNil: boolean;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEEPEST = 50;
const TAG = /<(?:\?[^>]*\?|!--[\s\S]*?--|(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?))>/y;

interface OpenElement {
  readonly name: string;
  text: string;
  readonly isNil: boolean;
  readonly children: XmlElement[];
}

/** The outermost element. @throws Error for what is not well formed, and for a document type, which nobody needs here */
export function readXml(source: string): XmlElement {
  const root: OpenElement = { name: '', text: '', isNil: false, children: [] };
  const open: OpenElement[] = [root];
  let position = 0;
  while (position < source.length) {
    const here = open.at(-1) ?? root;
    const next = source.indexOf('<', position);
    here.text += unescapeXml(source.slice(position, next < 0 ? source.length : next));
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(source);
    if (tag === null) throw new Error('XML: not well formed');
    position = TAG.lastIndex;
    const [, closing = '', name, attributes = '', empty = ''] = tag;
    if (name === undefined) continue;
    const local = name.slice(name.indexOf(':') + 1);
    if (closing === '/') {
      if (open.length < 2 || here.name !== local) throw new Error(`XML: ${name} is closed and not open`);
      open.pop();
      continue;
    }
    const element: OpenElement = { name: local, text: '', isNil: /\bnil\s*=\s*["']true["']/.test(attributes), children: [] };
    here.children.push(element);
    if (empty === '') open.push(element);
    if (open.length > DEEPEST) throw new Error('XML: nested too deeply');
  }
  const [only] = root.children;
  if (open.length !== 1 || only === undefined) throw new Error('XML: an element is not closed');
  return only;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name ?? ''] ?? whole;
  });
}

export type XmlValue = string | number | boolean | null | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/** An array repeats its element, null is said to be nil. */
export function writeXml(name: string, value: XmlValue): string {
  if (isArray(value)) return value.map((each) => writeXml(name, each)).join('');
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const inner = Object.entries(value).map(([child, each]) => writeXml(child, each));
  return `<${name}>${inner.join('')}</${name}>`;
}

function isArray(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of a child; null when it is missing, nil or empty. */
export function childText(element: XmlElement, name: string): string | null {
  const [child] = childrenNamed(element, name);
  return child === undefined || child.isNil || child.text === '' ? null : child.text;
}
