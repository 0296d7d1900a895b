import { type FieldDefinition, type FieldKind, isPolymorphic, type ObjectDefinition } from './object-definition.ts';
import { childRelationships, type Schema } from './schema.ts';

const SOAP_TYPES: Readonly<Record<FieldKind, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  string: 'xsd:string',
  textarea: 'xsd:string',
  phone: 'xsd:string',
  email: 'xsd:string',
  url: 'xsd:string',
  picklist: 'xsd:string',
  combobox: 'xsd:string',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};

/** A long text area can be neither filtered nor sorted by. */
export function isLongText(field: FieldDefinition): boolean {
  return field.kind === 'textarea' && field.length > 255;
}

/** What the lists of changed and deleted records can be asked for. */
export function isReplicated({ name }: ObjectDefinition): boolean {
  return name !== 'Organization';
}

const DECIMALS: readonly FieldKind[] = ['double', 'currency', 'percent'];

export function isGroupable(field: FieldDefinition): boolean {
  return !isLongText(field) && field.kind !== 'datetime' && !DECIMALS.includes(field.kind);
}

/** Whether an aggregate function, be it only COUNT, takes the field. */
export function isAggregatable(field: FieldDefinition): boolean {
  return !isLongText(field) && field.kind !== 'boolean';
}

function describeField(field: FieldDefinition): object {
  const isDecimal = DECIMALS.includes(field.kind);
  const isText = !isDecimal && !['int', 'boolean', 'date', 'datetime'].includes(field.kind);
  return {
    name: field.name,
    label: field.label,
    type: field.kind,
    soapType: SOAP_TYPES[field.kind],
    length: isText ? field.length : 0,
    byteLength: isText ? field.length * 3 : 0,
    digits: field.kind === 'int' ? field.length : 0,
    precision: isDecimal ? field.length : 0,
    scale: field.scale,
    nillable: field.nillable,
    createable: field.createable,
    updateable: field.updateable,
    // A boolean or an owner left out is filled in by the service, as are fields with a default.
    defaultedOnCreate: field.defaultValue !== null || field.name === 'OwnerId' || (!field.nillable && !field.createable),
    defaultValue: field.kind === 'boolean' ? field.defaultValue : null,
    externalId: field.externalId,
    idLookup: field.externalId || field.kind === 'id' || field.kind === 'email',
    unique: field.unique,
    caseSensitive: false,
    calculated: false,
    custom: field.name.endsWith('__c'),
    filterable: !isLongText(field),
    sortable: !isLongText(field),
    groupable: isGroupable(field),
    aggregatable: isAggregatable(field),
    namePointing: isPolymorphic(field),
    polymorphicForeignKey: isPolymorphic(field),
    cascadeDelete: field.cascades,
    autoNumber: false,
    encrypted: false,
    permissionable: field.nillable && field.createable,
    deprecatedAndHidden: false,
    htmlFormatted: false,
    inlineHelpText: null,
    controllerName: null,
    dependentPicklist: false,
    extraTypeInfo: field.kind === 'textarea' ? 'plaintextarea' : null,
    calculatedFormula: null,
    nameField: field.name === 'Name',
    restrictedPicklist: field.restricted,
    picklistValues: field.choices.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: value === field.defaultValue,
      validFor: null,
    })),
    referenceTo: field.referenceTo,
    relationshipName: field.relationship,
  };
}

function outline(definition: ObjectDefinition): object {
  return {
    name: definition.name,
    label: definition.label,
    labelPlural: `${definition.label}s`,
    keyPrefix: definition.prefix,
    custom: false,
    createable: definition.writable,
    updateable: definition.writable,
    deletable: definition.writable,
    queryable: true,
    retrieveable: true,
    searchable: definition.searchable,
    replicateable: isReplicated(definition),
    layoutable: definition.writable,
    triggerable: definition.writable,
    undeletable: definition.writable,
    mergeable: definition.fields.has('MasterRecordId'),
    feedEnabled: false,
    customSetting: false,
    deprecatedAndHidden: false,
    mruEnabled: definition.writable,
    hasSubtypes: false,
    isSubtype: false,
  };
}

/** `GET /sobjects/X/describe`. */
export function describeObject(definition: ObjectDefinition, base: string, schema: Schema): object {
  const self = `${base}/sobjects/${definition.name}`;
  return {
    ...outline(definition),
    fields: [...definition.fields.values()].map(describeField),
    childRelationships: childRelationships(definition, schema).map(({ name, object, field }) => ({
      cascadeDelete: field.cascades,
      childSObject: object.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: name,
      restrictedDelete: false,
    })),
    actionOverrides: [],
    namedLayoutInfos: [],
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
        urls: { layout: `${self}/describe/layouts/012000000000000AAA` },
      },
    ],
    supportedScopes: [
      { label: 'All records', name: 'everything' },
      { label: 'My records', name: 'mine' },
    ],
    urls: { sobject: self, describe: `${self}/describe`, rowTemplate: `${self}/{ID}` },
  };
}

/** One element of `GET /sobjects`. */
export function describeBriefly(definition: ObjectDefinition, base: string): object {
  const self = `${base}/sobjects/${definition.name}`;
  return { ...outline(definition), urls: { sobject: self, describe: `${self}/describe`, rowTemplate: `${self}/{ID}` } };
}
