import { FAULT_KINDS, type Fault } from './faults.ts';

/** Reads `serverError:2,stall,refuseField=Subject:1`. @throws Error that names every kind there is. */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, kind = '', field, times] = /^([A-Za-z]+)(?:=([A-Za-z0-9_]+))?(?::(\d+))?$/.exec(part) ?? [];
      return checkFault(
        { kind, ...(field === undefined ? {} : { field }), ...(times === undefined ? {} : { times: Number(times) }) },
        part,
      );
    });
}

/** Makes a fault of what somebody sent to the admin address. @throws Error that says what is wrong. */
export function checkFault(sent: unknown, shown: string = JSON.stringify(sent) ?? ''): Fault {
  const { kind, times, after, on, field, record } = (typeof sent === 'object' && sent !== null ? sent : {}) as Record<
    string,
    unknown
  >;
  const known = FAULT_KINDS.find((each) => each === kind);
  if (known === undefined) {
    throw new Error(`"${shown}" is no fault; use one of ${FAULT_KINDS.join(', ')}, for example serverError:2`);
  }
  return {
    kind: known,
    ...(typeof times === 'number' ? { times } : {}),
    ...(typeof after === 'number' ? { after } : {}),
    ...(typeof on === 'string' ? { on } : {}),
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof record === 'string' ? { record } : {}),
  };
}
