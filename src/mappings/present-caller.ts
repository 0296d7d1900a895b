import type { CallerRecord, CallerSource, FieldValue } from '../../connectors/connector.ts';
import type { MatchedRecord } from '../callers/caller-match.ts';
import { localParts } from './local-time.ts';
import type { Locale } from './locale.ts';
import type { Mapping, MappingCaller } from './mapping-schema.ts';
import type { TransformName } from './transforms/transforms.ts';
import type { WritingStyle } from './writing-style.ts';

/** How the CRMs call a record's own id. */
const ownId = new Set(['Id', '$id']);

export function isOwnId(field: string): boolean {
  return ownId.has(field);
}

/** Where the connector is to look for callers, and which fields it brings along for the card and the links. */
export function callerSources(mapping: Mapping): readonly CallerSource[] {
  return mapping.callers.map(({ object, phones, name, card, link, owner = [] }) => {
    const wanted = [...card.map(({ from }) => from), ...Object.values(link), ...[owner].flat()];
    const known = (field: string) => isOwnId(field) || field === name || phones.includes(field);
    return { object, phones, name, fields: [...new Set(wanted)].filter((field) => !known(field)) };
  });
}

function fieldOf(caller: MappingCaller, record: CallerRecord, field: string): FieldValue {
  if (isOwnId(field)) return record.id;
  if (field === caller.name) return record.name;
  return record.values[field] ?? record.phones.find((phone) => phone.field === field)?.value ?? null;
}

const yesNo: Readonly<Record<Locale, readonly [string, string]>> = { ja: ['いいえ', 'はい'], en: ['No', 'Yes'] };

function dateText(text: string, withTime: boolean, timeZone: string): string {
  const parts = localParts(text, timeZone);
  if (parts === null) return text;
  const day = `${parts.year}/${parts.month}/${parts.day}`;
  return withTime ? `${day} ${parts.hour}:${parts.minute}` : day;
}

function numberText(value: string | number, digits: number, locale: Locale): string {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return String(value);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(number);
}

function written(value: NonNullable<FieldValue>, as: TransformName | undefined, { locale, timeZone }: WritingStyle): string {
  if (Array.isArray(value)) return value.join(locale === 'ja' ? '、' : ', ');
  if (typeof value === 'boolean') return yesNo[locale][value ? 1 : 0];
  const plain = value as string | number;
  if (as === 'integer') return numberText(plain, 0, locale);
  if (as === 'number') return numberText(plain, 3, locale);
  if (as === 'date') return dateText(String(plain), false, timeZone);
  if (as === 'dateTime') return dateText(String(plain), true, timeZone);
  if (as === 'time') return dateText(String(plain), true, timeZone).slice(-5);
  return String(plain);
}

function cardOf(caller: MappingCaller, record: CallerRecord, style: WritingStyle): MatchedRecord['card'] {
  return caller.card.flatMap(({ label, from, as }) => {
    const value = fieldOf(caller, record, from);
    if (value === null || value === '') return [];
    const words = typeof label === 'string' ? { label } : { label: label[style.locale], labels: label };
    return [{ ...words, value: written(value, as, style) }];
  });
}

function idText(value: FieldValue): string | null {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

/** The ids a call log needs: the mapping's links of this record; those the record does not hold are null. */
export function linksOfRecord({ callers }: Mapping, record: CallerRecord): MatchedRecord['link'] {
  const caller = callers.find(({ object }) => object === record.object);
  if (caller === undefined) return {};
  return Object.fromEntries(Object.entries(caller.link).map(([name, field]) => [name, idText(fieldOf(caller, record, field))]));
}

/** A field of users may hold several of them. */
function ownersOf(caller: MappingCaller, record: CallerRecord): Pick<MatchedRecord, 'owners'> {
  if (caller.owner === undefined) return {};
  const value = fieldOf(caller, record, caller.owner);
  return { owners: (Array.isArray(value) ? value : [value]).flatMap((user) => idText(user) ?? []) };
}

/** A CRM's record as the operator sees it, and with the ids the call log needs. Empty fields have no line on the card. */
export function presentCaller(mapping: Mapping, record: CallerRecord, url: string, style: WritingStyle): MatchedRecord {
  const { connector, callers } = mapping;
  const caller = callers.find(({ object }) => object === record.object);
  const { object, id, name } = record;
  const card = caller === undefined ? [] : cardOf(caller, record, style);
  const owners = caller === undefined ? {} : ownersOf(caller, record);
  return { connector, object, id, name, url, card, link: linksOfRecord(mapping, record), ...owners };
}
