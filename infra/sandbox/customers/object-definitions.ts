/** What the service keeps, as data: checked by it, and told at `/schema/<object>`. */

export type FieldKind =
  | 'text'
  | 'longText'
  | 'phone'
  | 'email'
  | 'integer'
  | 'choice'
  | 'date'
  | 'dateTime'
  | 'user'
  | 'reference';

export interface FieldDefinition {
  /** A dot stands for an object inside the record: `company.name`. */
  readonly name: string;
  readonly label: string;
  readonly english: string;
  readonly kind: FieldKind;
  /** Characters. */
  readonly maxLength?: number;
  readonly required?: true;
  /** Two records cannot share a value; `PUT …/by-<name>/<value>` writes by it. */
  readonly unique?: true;
  readonly choices?: readonly string[];
  /** For references: the object. */
  readonly target?: string;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly english: string;
  readonly fields: readonly FieldDefinition[];
  /** Fields that a list can be searched by, by the parameter's name; a value matches exactly, as it is written. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export const customers: ObjectDefinition = {
  name: 'customers',
  label: '顧客',
  english: 'Customers',
  filters: { phone: ['phone', 'mobile'] },
  fields: [
    { name: 'name', label: '氏名', english: 'Name', kind: 'text', maxLength: 80, required: true },
    { name: 'kana', label: 'フリガナ', english: 'Reading', kind: 'text', maxLength: 80 },
    { name: 'phone', label: '電話番号', english: 'Phone', kind: 'phone', maxLength: 40 },
    { name: 'mobile', label: '携帯電話', english: 'Mobile', kind: 'phone', maxLength: 40 },
    { name: 'email', label: 'メール', english: 'E-mail', kind: 'email', maxLength: 120 },
    { name: 'company.name', label: '会社', english: 'Company', kind: 'text', maxLength: 120 },
    { name: 'rank', label: 'ランク', english: 'Rank', kind: 'choice', choices: ['A', 'B', 'C'] },
    { name: 'last_order_on', label: '最終注文日', english: 'Last order', kind: 'date' },
    { name: 'owner', label: '担当', english: 'Owner', kind: 'user', maxLength: 60 },
    { name: 'notes', label: '備考', english: 'Remarks', kind: 'longText', maxLength: 4000 },
  ],
};

export const calls: ObjectDefinition = {
  name: 'calls',
  label: '通話履歴',
  english: 'Calls',
  filters: { reference: ['reference'], customer_id: ['customer_id'] },
  fields: [
    { name: 'reference', label: '通話ID', english: 'Call id', kind: 'text', maxLength: 120, unique: true },
    { name: 'title', label: '件名', english: 'Title', kind: 'text', maxLength: 200 },
    { name: 'customer_id', label: '顧客', english: 'Customer', kind: 'reference', target: 'customers' },
    { name: 'direction', label: '方向', english: 'Direction', kind: 'choice', choices: ['inbound', 'outbound'] },
    { name: 'phone', label: '電話番号', english: 'Phone', kind: 'phone', maxLength: 40 },
    { name: 'extension', label: '内線', english: 'Extension', kind: 'text', maxLength: 20 },
    { name: 'started_at', label: '開始', english: 'Began', kind: 'dateTime' },
    { name: 'ended_at', label: '終了', english: 'Ended', kind: 'dateTime' },
    { name: 'seconds', label: '通話秒数', english: 'Seconds', kind: 'integer' },
    { name: 'result', label: '結果', english: 'Result', kind: 'choice', choices: ['answered', 'missed', 'busy', 'failed'] },
    { name: 'outcome', label: '対応結果', english: 'Outcome', kind: 'text', maxLength: 80 },
    { name: 'notes', label: 'メモ', english: 'Notes', kind: 'longText', maxLength: 4000 },
  ],
};

export const objectDefinitions: readonly ObjectDefinition[] = [customers, calls];

/** What `/schema/<object>` answers. */
export function schemaBody(object: ObjectDefinition): object {
  const fields = object.fields.map((field) => ({
    name: field.name,
    label: field.label,
    type: field.kind,
    max_length: field.maxLength ?? null,
    required: field.required === true,
    unique: field.unique === true,
    ...(field.choices === undefined ? {} : { choices: field.choices }),
    ...(field.target === undefined ? {} : { references: field.target }),
    read_only: false,
  }));
  const stamps = ['created_at', 'updated_at'].map((name) => ({ name, label: name, type: 'dateTime', read_only: true }));
  return { name: object.name, label: object.label, fields: [...fields, ...stamps] };
}
