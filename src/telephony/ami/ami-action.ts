/** An action as the hub means it. `ActionID` is never given here: the client makes its own. */
export interface AmiAction {
  readonly name: string;
  /** Headers in order; one may repeat (`Variable`). */
  readonly headers?: readonly (readonly [header: string, value: string])[];
}

/** The action cannot be sent without Asterisk misreading it: the caller of `act` has to change it. Nothing was sent. */
export class AmiActionRefused extends Error {
  override readonly name = 'AmiActionRefused';
}

/** Asterisk reads a line into 1,024 bytes, its CR LF included, and takes 128 headers. */
const maxLineBytes = 1_024;
const maxHeaders = 128;

const actionName = /^[A-Za-z][A-Za-z0-9]*$/;
const headerName = /^[A-Za-z][A-Za-z0-9-]*$/;

/**
 * The header lines of an action, ready to be joined. A line break or NUL inside a value, which would begin a header or an action
 * of its own, becomes a space.
 * @throws AmiActionRefused when Asterisk would refuse or split it.
 */
export function actionLines(action: AmiAction, actionId: string): readonly (readonly [header: string, value: string])[] {
  if (!actionName.test(action.name)) throw new AmiActionRefused(`"${printable(action.name)}" is no name of an AMI action.`);
  const lines: (readonly [string, string])[] = [
    ['Action', action.name],
    ['ActionID', withoutLineBreaks(actionId)],
  ];
  for (const [header, value] of action.headers ?? []) lines.push(checkedLine(action.name, header, value));
  if (lines.length > maxHeaders) {
    throw new AmiActionRefused(`${action.name} has ${lines.length} headers; Asterisk takes ${maxHeaders}. Send fewer variables.`);
  }
  return lines;
}

/** The action as it goes on the wire; always exactly one action. To be written as UTF-8. */
export function serialiseAction(action: AmiAction, actionId: string): string {
  const lines = actionLines(action, actionId).map(([header, value]) => `${header}: ${value}\r\n`);
  return `${lines.join('')}\r\n`;
}

/** For values that somebody outside the hub chose: what follows a line break would be read as a header of its own. */
export function withoutLineBreaks(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ');
}

function checkedLine(action: string, header: string, rawValue: string): readonly [string, string] {
  if (!headerName.test(header)) throw new AmiActionRefused(`"${printable(header)}" is no name of an AMI header (${action}).`);
  const lowered = header.toLowerCase();
  if (lowered === 'action' || lowered === 'actionid') throw new AmiActionRefused(`${header} is set by the client (${action}).`);
  const value = withoutLineBreaks(rawValue);
  if (lowered === 'variable' && value.includes(',')) {
    throw new AmiActionRefused(
      `A variable of ${action} contains a comma, at which Asterisk would split it. Pass a token instead.`,
    );
  }
  if (Buffer.byteLength(header) + 2 + Buffer.byteLength(value) + 2 > maxLineBytes) {
    throw new AmiActionRefused(
      `The header ${header} of ${action} is longer than the ${maxLineBytes} bytes Asterisk reads in a line.`,
    );
  }
  return [header, value];
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
