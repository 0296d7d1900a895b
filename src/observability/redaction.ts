const secretKeys = /secret|password|token|authorization|assertion|api_?key|cookie|private_?key/iu;
/** Seven digits and more, with whatever people write between them: a telephone number until shown otherwise. */
const phoneLike = /\+?\d(?:[\s()-]?\d){6,}/gu;
const keepWhole = /^(?:callId|id|uniqueid|linkedId|at|startedAt|endedAt|durationMs|version)$/u;

/** Keeps the last four digits. */
export function maskNumbers(text: string): string {
  return text.replace(phoneLike, (number) => {
    const digits = number.replace(/\D/gu, '');
    return `…${digits.slice(-4)}`;
  });
}

/** What may be written to a log: no secret, no full phone number, nothing endless. */
export function redact(value: unknown, key = '', depth = 0): unknown {
  if (secretKeys.test(key)) return '[secret]';
  if (typeof value === 'string') return keepWhole.test(key) ? value.slice(0, 200) : maskNumbers(value.slice(0, 2000));
  if (value === null || typeof value !== 'object') return value;
  if (depth >= 4) return '[deep]';
  if (value instanceof Error)
    return { name: value.name, message: maskNumbers(value.message.slice(0, 2000)), ...causeOf(value, depth) };
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, '', depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([name, item]) => [name, redact(item, name, depth + 1)]),
  );
}

function causeOf(error: Error, depth: number): { cause?: unknown } {
  return error.cause === undefined ? {} : { cause: redact(error.cause, 'cause', depth + 1) };
}
