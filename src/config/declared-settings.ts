import { connectorDefinitions } from '../../connectors/index.ts';
import { hubSettings } from './hub-settings.ts';
import { pbxSettings } from './pbx-settings.ts';
import type { Setting } from './setting.ts';

/** Every setting there is, in the order in which an admin meets them. */
export function declaredSettings(): readonly { readonly title: string; readonly settings: readonly Setting[] }[] {
  return [
    { title: 'Hub', settings: hubSettings },
    { title: 'PBX (for one of several alone: its name in front, OSAKA_AMI_HOST)', settings: pbxSettings },
    ...connectorDefinitions.map(({ label, settings, several }) => ({
      title: label,
      settings: several === undefined ? settings : [...settings, several.setting],
    })),
  ];
}
