import { activityObjects } from './activity-objects.ts';
import { customerObjects } from './customer-objects.ts';
import { choice, field, flag, phone, READ_ONLY, text } from './field-builders.ts';
import { object } from './object-builder.ts';
import type { ObjectDefinition } from './object-definition.ts';

const readOnlyObject = { writable: false, searchable: false };

const userObject = object(
  { name: 'User', label: 'User', labelJa: 'ユーザー', prefix: '005' },
  [
    text('Username', 80, { nillable: false, unique: true }),
    text('LastName', 80, { nillable: false }),
    text('FirstName', 40),
    text('Name', 121, { nillable: false, ...READ_ONLY }),
    field('Email', 'email', { length: 128, nillable: false }),
    flag('IsActive'),
    choice('UserType', ['Standard', 'Guest'], { defaultValue: 'Standard', ...READ_ONLY }),
    phone('Phone'),
    phone('MobilePhone'),
    text('Extension', 40),
    text('TimeZoneSidKey', 40),
    text('LocaleSidKey', 40),
    text('LanguageLocaleKey', 40),
  ],
  readOnlyObject,
);

const group = object(
  { name: 'Group', label: 'Group', labelJa: 'グループ', prefix: '00G' },
  [
    text('Name', 40, { nillable: false }),
    text('DeveloperName', 80),
    choice('Type', ['Regular', 'Queue'], { defaultValue: 'Queue' }),
    field('Email', 'email', { length: 80 }),
  ],
  readOnlyObject,
);

const organization = object(
  { name: 'Organization', label: 'Organization', labelJa: '組織', prefix: '00D' },
  [
    text('Name', 80, { nillable: false }),
    text('InstanceName', 5),
    flag('IsSandbox'),
    field('TrialExpirationDate', 'datetime'),
    text('NamespacePrefix', 15),
    text('OrganizationType', 40),
    text('DefaultLocaleSidKey', 40),
    text('TimeZoneSidKey', 40),
  ],
  readOnlyObject,
);

/** What the sandbox org has. */
export const orgObjects: readonly ObjectDefinition[] = [...customerObjects, ...activityObjects, userObject, group, organization];
