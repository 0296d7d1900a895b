import type { InBothLanguages } from '../connector.ts';

/** How the settings of a service are called: those of a named one have its name in front, and no service has another's. Pure. */
export const PLAIN_NAME = 'http';

export interface SettingNames {
  /** The connector's name. */
  readonly service: string;
  /** `HTTP_TOKEN` as an admin writes it: `ORDERS_HTTP_TOKEN`. */
  of(key: string): string;
  /** The same for every setting that a text for people names. */
  inText(text: string): string;
  inBoth(words: InBothLanguages): InBothLanguages;
  /** The values by their plain keys. */
  plain(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

export function settingNames(service: string): SettingNames {
  const prefix = service === PLAIN_NAME ? '' : `${service.toUpperCase()}_`;
  const inText = (text: string) => text.replace(/(?<![A-Z_])HTTP_[A-Z]+(?:_[A-Z]+)*/gu, (key) => prefix + key);
  return {
    service,
    of: (key) => prefix + key,
    inText,
    inBoth: ({ en, ja }) => ({ en: inText(en), ja: inText(ja) }),
    plain: (settings) =>
      Object.fromEntries(
        Object.entries(settings).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
      ),
  };
}
