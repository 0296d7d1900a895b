/** What a phone of the sandbox, or somebody outside, does when it is called. */
export type PhoneRule =
  | { readonly answersAfterMs: number; readonly hangsUpAfterMs?: number }
  /** Rings until it is given up. */
  | 'noAnswer'
  | 'busy'
  | 'declines'
  /** No phone is signed on there: it cannot even be called. */
  | 'unregistered'
  /** There is no such number. */
  | 'unallocated';

export interface PhoneRules {
  /** By extension (`1002`) or outside number. */
  of(number: string): PhoneRule;
  set(number: string, rule: PhoneRule): void;
}

export interface PhoneOwner {
  readonly extension: string;
  readonly name: string;
}

/** The phones of the recorded PBX. */
export const phoneOwners: readonly PhoneOwner[] = [
  { extension: '1001', name: 'Sato Ichiro' },
  { extension: '1002', name: 'Suzuki Hanako' },
  { extension: '1003', name: 'Takahashi Jiro' },
  { extension: '1004', name: 'Tanaka Yoko' },
  { extension: '1005', name: 'Ito Makoto' },
  { extension: '1006', name: 'Watanabe Aya' },
  { extension: '1007', name: 'Nakamura Ken' },
  { extension: '1008', name: 'Kobayashi Mai' },
  { extension: '1009', name: 'Kato Shin' },
  { extension: '1010', name: 'Yoshida Rie' },
];

const byDefault: Readonly<Record<string, PhoneRule>> = {
  '09011110001': { answersAfterMs: 3_000 },
  '09011110002': 'noAnswer',
  '09011110003': 'busy',
  '0399990000': 'unallocated',
};

const agentAnswers: PhoneRule = { answersAfterMs: 3_000 };
const outsideAnswers: PhoneRule = { answersAfterMs: 2_000 };

export function createPhoneRules(rules: Readonly<Record<string, PhoneRule>>): PhoneRules {
  const known = new Map(Object.entries({ ...byDefault, ...rules }));
  return {
    of: (number) => known.get(number) ?? (isExtension(number) ? agentAnswers : outsideAnswers),
    set: (number, rule) => void known.set(number, rule),
  };
}

export function isExtension(number: string): boolean {
  return phoneOwners.some(({ extension }) => extension === number);
}
