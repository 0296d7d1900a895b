import type { VendorBudget } from '../connector.ts';
import type { HttpConfig } from './http-settings.ts';

/** What the description says of the service's limits. Pure. */
export function vendorBudget({ service: { limits } }: HttpConfig): VendorBudget {
  const { concurrent, perDay = null, dayBegins } = limits;
  const day = dayBegins === undefined ? 'rolling' : ({ beginsAtUtcHour: utcHour(dayBegins) } as const);
  return { atOnce: concurrent, perDay, countedBy: 'account', day };
}

/** `09:00+09:00` is the hour 0. */
function utcHour(text: string): number {
  const [, hour = '', sign = '+', offset = '0'] = /^(\d\d):00(?:Z|([+-])(\d\d):00)$/u.exec(text) ?? [];
  const away = Number(offset) * (sign === '-' ? -1 : 1);
  return (Number(hour) - away + 24) % 24;
}
