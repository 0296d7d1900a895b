/** The little XML that metadata consists of: elements with text or with elements. Pure. */

export type XmlNode = { readonly [element: string]: string | boolean | number | readonly XmlNode[] };

const metadata = 'http://soap.sforce.com/2006/04/metadata';

export function xmlDocument(root: string, children: readonly XmlNode[]): string {
  const inner = children.map((child) => element(child, 1)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${metadata}">\n${inner}</${root}>\n`;
}

function element(node: XmlNode, depth: number): string {
  const indent = '    '.repeat(depth);
  return Object.entries(node)
    .map(([name, value]) =>
      typeof value === 'object'
        ? `${indent}<${name}>\n${value.map((child) => element(child, depth + 1)).join('')}${indent}</${name}>\n`
        : `${indent}<${name}>${escaped(String(value))}</${name}>\n`,
    )
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
