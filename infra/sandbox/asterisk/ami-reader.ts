/** An action as it came in; header names in lower case. */
export interface ReceivedAction {
  readonly name: string;
  readonly headers: readonly (readonly [header: string, value: string])[];
}

const maxLineBytes = 1_024;
const maxHeaders = 128;

export interface AmiReaderHandlers {
  readonly onAction: (action: ReceivedAction) => void;
  /** What Asterisk has against a message that is no action. */
  readonly onRefused: (words: string) => void;
}

/** Cuts what a client sends into actions, within the limits of Asterisk's own buffer. */
export function createAmiReader({ onAction, onRefused }: AmiReaderHandlers): { hear(text: string): void } {
  let unread = '';
  let lines: string[] = [];

  function hear(text: string): void {
    const [...whole] = (unread + text).split('\n');
    unread = whole.pop() ?? '';
    for (const line of whole) hearLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (unread.length >= maxLineBytes) refuse('Failed to parse message: line too long');
  }

  function hearLine(line: string): void {
    if (line.length + 2 > maxLineBytes) refuse('Failed to parse message: line too long');
    else if (line !== '') lines.push(line);
    else if (lines.length > 0) {
      const message = lines;
      lines = [];
      if (message.length > maxHeaders) refuse('Too many lines in message or allocation failure');
      else onAction(parseAction(message));
    }
  }

  function refuse(words: string): void {
    lines = [];
    unread = '';
    onRefused(words);
  }

  return { hear };
}

function parseAction(lines: readonly string[]): ReceivedAction {
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { name: headers.find(([header]) => header === 'action')?.[1] ?? '', headers };
}
