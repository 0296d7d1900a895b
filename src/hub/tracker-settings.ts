import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { TrackerSettings } from '../calls/tracker.ts';
import { defaultNumbering, isOutsideNumber, type Numbering } from '../telephony/numbering.ts';

export interface NumberedPbx {
  readonly name: string;
  readonly numbering: Numbering;
}

/** How the numbers of these PBXs are read. `region`: ISO 3166 country whose national numbers they are. */
export function trackerSettings(pbxs: readonly NumberedPbx[], region: string): TrackerSettings {
  const numberings = new Map(pbxs.map(({ name, numbering }) => [name, numbering]));
  const readings = new Map<string, ReadOptions>(
    pbxs.map(({ name, numbering }) => [name, { region, trunkPrefix: numbering.outsidePrefix }]),
  );
  const read = (raw: string, pbx: string) => readNumber(raw, readings.get(pbx) ?? { region });
  return {
    pbx: pbxs[0]?.name ?? '',
    toE164(raw, pbx) {
      const number = read(raw, pbx);
      return number.kind === 'number' ? number.e164 : null;
    },
    isWithheld: (raw, pbx) => read(raw, pbx).kind === 'withheld',
    isOutsideNumber: (dialled, pbx) => isOutsideNumber(numberings.get(pbx) ?? defaultNumbering, dialled),
  };
}
