/** The customer of a call has left the CRM before the call was logged: converted, merged with another, deleted. */
import { createLiveLookup } from '../callers/live-lookup.ts';
import type { ReadOptions } from '../callers/phone-number.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { Log } from '../observability/log.ts';
import type { OwedRecord } from '../write-back/owed-record.ts';
import type { Crms } from './crms.ts';

export interface GoneCustomerDeps {
  readonly crms: Pick<Crms, 'callerConnectors'>;
  readonly ledger: Pick<Ledger, 'find' | 'setMatch'>;
  readonly numbers: ReadOptions;
  readonly now: () => number;
  readonly log: Log;
}

/** A CRM that refuses a whole batch would otherwise be asked as often, while phones ring. */
const MOST_AT_ONCE = 5;
const SYSTEM = 'toritsugi';

/**
 * For the drainer: asks the CRM itself who has the number now, and gives the call to whom it names; to nobody when that is nobody or
 * several. True when the call's customer was another one than it is now, so that the log is worth another try.
 */
export function createGoneCustomer({ crms, ledger, numbers, now, log }: GoneCustomerDeps) {
  const lookUp = createLiveLookup({ numbers, mostAtOnce: MOST_AT_ONCE }, { now, log });
  return async ({ connector, callId }: Pick<OwedRecord, 'connector' | 'callId'>): Promise<boolean> => {
    const call = await ledger.find(callId);
    const known = call?.matches.find((match) => match.connector === connector);
    const number = call?.customer?.number ?? null;
    const crm = crms.callerConnectors().find(({ name }) => name === connector);
    if (known === undefined || number === null || crm === undefined) return false;
    const found = await lookUp(crm, number);
    // Still there: something else is gone, and a customer whom somebody chose stays.
    if (found === null || found.some(({ object, id }) => object === known.object && id === known.id)) return false;
    const [only] = found.length === 1 ? found : [];
    const record = only === undefined ? null : { object: only.object, id: only.id, name: only.name };
    await ledger.setMatch(callId, { connector, record, by: SYSTEM, at: now() });
    log('info', 'a call’s customer is gone from the CRM', { connector, callId, isFoundAgain: record !== null });
    return true;
  };
}
