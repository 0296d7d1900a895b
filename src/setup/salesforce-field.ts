/** A custom field as metadata. Pure. */
import type { WantedField, WantedKind } from './wanted-records.ts';
import type { XmlNode } from './xml-text.ts';

const lengths = { key: 80, text: 255, longText: 32_768, userId: 18 };

/** `home` is the object as the setup knows it: Activity for tasks and events. */
export function customFieldXml(field: WantedField, home: string): XmlNode {
  const { name, isKey, facts } = field;
  const description = isKey
    ? 'The call this record belongs to. Written by Toritsugi; it keeps one call from being written twice.'
    : `Written by Toritsugi${facts.length === 0 ? '' : ` (${facts.join(', ')})`}.`;
  const about = { fullName: name, description, label: labelOf(name), required: false };
  return { fields: Object.entries({ ...about, ...typeOf(field, home) }).map(([key, value]) => ({ [key]: value })) };
}

/** Fields of an activity can be neither unique nor long nor point at another object. */
function typeOf({ kind, isKey, choices }: WantedField, home: string): XmlNode {
  const isActivity = home === 'Activity';
  if (isKey) {
    const unique = isActivity ? {} : { unique: true, caseSensitive: true };
    return { externalId: true, length: lengths.key, type: 'Text', ...unique };
  }
  if (kind === 'longText') {
    return isActivity ? { type: 'TextArea' } : { length: lengths.longText, type: 'LongTextArea', visibleLines: 5 };
  }
  if (kind === 'user') return { length: lengths.userId, type: 'Text' };
  return kind === 'choice' ? picklist(choices) : plainTypes[kind];
}

const plainTypes: Readonly<Record<Exclude<WantedKind, 'longText' | 'user' | 'choice'>, XmlNode>> = {
  text: { length: lengths.text, type: 'Text' },
  integer: { precision: 18, scale: 0, type: 'Number' },
  number: { precision: 18, scale: 2, type: 'Number' },
  date: { type: 'Date' },
  time: { type: 'Time' },
  dateTime: { type: 'DateTime' },
};

function picklist(choices: readonly string[]): XmlNode {
  const values = choices.map((choice) => ({ value: [{ fullName: choice }, { default: false }, { label: choice }] }));
  return {
    type: 'Picklist',
    valueSet: [{ restricted: false }, { valueSetDefinition: [{ sorted: false }, ...values] }],
  };
}

/** `Toritsugi_Call_Id__c` → `Toritsugi Call Id`; a label has at most 40 characters. */
function labelOf(name: string): string {
  return name.replace(/__c$/i, '').replaceAll('_', ' ').slice(0, 40);
}
