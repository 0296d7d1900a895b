/**
 * What an org needs for a mapping, as a package of the Metadata API: the custom fields the mapping writes, and a permission set for the
 * hub's user. It only adds; page layouts are not in it, because deploying a layout replaces the one that is there. Pure.
 */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { customFields, homeOf, type WantedCustomField } from './salesforce-custom-fields.ts';
import { customFieldXml } from './salesforce-field.ts';
import { permissionSetName, permissionSetXml } from './salesforce-permission-set.ts';
import { xmlDocument } from './xml-text.ts';

/** File names below the folder that is deployed, and what is in them. */
export function salesforcePackage(mapping: Mapping, apiVersion: string): ReadonlyMap<string, string> {
  const fields = customFields(mapping);
  const objects = [...new Set(fields.map(({ object }) => homeOf(object)))];
  return new Map([
    ['package.xml', packageXml(fields, apiVersion)],
    ...objects.map((object): [string, string] => {
      const own = fields.filter((one) => homeOf(one.object) === object);
      return [
        `objects/${object}.object`,
        xmlDocument(
          'CustomObject',
          own.map(({ field }) => customFieldXml(field, object)),
        ),
      ];
    }),
    [`permissionsets/${permissionSetName}.permissionset`, permissionSetXml(mapping, fields)],
  ]);
}

function packageXml(fields: readonly WantedCustomField[], apiVersion: string): string {
  const members = fields.map(({ object, field }) => ({ members: `${homeOf(object)}.${field.name}` }));
  return xmlDocument('Package', [
    ...(members.length === 0 ? [] : [{ types: [...members, { name: 'CustomField' }] }]),
    { types: [{ members: permissionSetName }, { name: 'PermissionSet' }] },
    { version: apiVersion },
  ]);
}
