import type { InBothLanguages } from '../../connectors/connector.ts';
import type { Finding } from '../telephony/check-finding.ts';

const marks = { fine: 'ok  ', warning: 'WARN', unchecked: '?   ', failure: 'FAIL' } as const;

/** A finding in a terminal, ending with a line break. */
export function findingLine({ name, verdict, detail, remedy }: Finding, language: keyof InBothLanguages): string {
  const toDo = remedy === null ? '' : `\n        → ${remedy[language]}`;
  return `${marks[verdict]}  ${name[language]}: ${detail[language]}${toDo}\n`;
}
